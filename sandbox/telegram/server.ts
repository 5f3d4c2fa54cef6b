// The HTTP face of the emulator: routes, tokens, faults, and answers in the shape of the Bot API.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readParams } from './body.ts';
import type { Answer } from './calls.ts';
import { isDamage, sendDamaged } from './damage.ts';
import { ApiError, notFound, unauthorized } from './errors.ts';
import type { Fault } from './faults.ts';
import { Described, type Method } from './methods/method.ts';
import { findMethod } from './methods/table.ts';
import type { Params } from './params.ts';
import type { World } from './world.ts';

export function createApiServer(world: World, latencyMs: number): Server {
  return createServer((request, response) => {
    handle(world, latencyMs, request, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, failure(error));
    });
  });
}

async function handle(world: World, latencyMs: number, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const file = /^\/file\/bot([^/]*)\/(.+)$/.exec(url.pathname);
  if (file) return sendFile(world, response, file[1] ?? '', decodeURIComponent(file[2] ?? ''));
  const [, token = '', name] = /^\/bot([^/]*)(?:\/([^/]*))?\/?$/.exec(url.pathname) ?? [];
  if (name === undefined || name === '') return send(response, failure(notFound()));
  const refusal = checkToken(world, decodeURIComponent(token));
  if (refusal) return send(response, failure(refusal));

  const method = findMethod(name);
  const isPoll = method?.name === 'getUpdates';
  const at = world.clock.now().getTime() + latencyMs;
  if (!isPoll) world.calls.underWay++;
  try {
    const params = await readParams(request, url.searchParams);
    if (!method) throw notFound('method not found');
    const call: Running = { world, method: method.name, run: method.run, params, response, at };
    if (latencyMs > 0 && !isPoll) await world.clock.sleep(latencyMs);
    await answer(call);
  } catch (error) {
    send(response, failure(error));
  } finally {
    if (!isPoll) {
      world.calls.underWay--;
      world.events.emit({ type: 'confirmed' });
    }
  }
}

interface Running {
  world: World;
  method: string;
  run: Method;
  params: Params;
  response: ServerResponse;
  /** When it arrived at Telegram: as long after it was sent as the way there takes, however late a timer of ours is. */
  at: number | undefined;
}

/** Runs the method, unless a fault strikes, and answers. */
async function answer(call: Running): Promise<void> {
  const { world, method, params, response } = call;
  const fault = world.faults.strike(method, chatIdsOf(world, params));
  if (fault === 'hang') {
    record(call, undefined);
    await hangUp(response);
    return;
  }
  if (fault === 'reset-before') {
    record(call, undefined);
    response.destroy();
    return;
  }
  const slowMs = fault === 'slow' ? 1000 : typeof fault === 'object' && 'slowMs' in fault ? fault.slowMs : 0;
  if (slowMs > 0) {
    await world.clock.sleep(slowMs);
    call.at = undefined;
  }
  const faulty = faultAnswer(fault);
  if (faulty) {
    record(call, faulty.answer);
    send(response, faulty.answer, faulty.body);
    return;
  }

  const result = await run(call);
  if (fault === 'reset-after') {
    record(call, undefined);
    response.destroy();
    return;
  }
  if (fault === 'hang-after') {
    record(call, undefined);
    await hangUp(response);
    return;
  }
  if (result.ok && isDamage(fault)) {
    record(call, undefined);
    await sendDamaged(response, fault, JSON.stringify(result), world.clock);
    return;
  }
  record(call, result);
  send(response, result);
}

/** Says nothing until the bot has had enough. */
async function hangUp(response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  await new Promise<void>((resolve) => void response.once('close', resolve));
}

async function run({ world, run, params, response, at }: Running): Promise<Answer> {
  try {
    const result = await run({
      world,
      params,
      at,
      // Made only for a method that asks for it: one for each call costs more than the call.
      get signal() {
        const gone = new AbortController();
        response.once('close', () => gone.abort());
        return gone.signal;
      },
    });
    if (result instanceof Described) return { ok: true, result: result.result, description: result.description };
    return { ok: true, result };
  } catch (error) {
    return failure(error);
  }
}

function faultAnswer(fault: Fault | undefined): { answer: Answer; body: string | undefined } | undefined {
  if (typeof fault !== 'object' || !('status' in fault)) return undefined;
  const { status, description = 'Internal Server Error', parameters, body } = fault;
  return { answer: { ok: false, error_code: status, description, ...(parameters ? { parameters } : {}) }, body };
}

function record({ world, method, params }: Running, result: Answer | undefined): void {
  if (!world.calls.isKept && !world.events.isHeard('call')) return;
  const answer = result?.ok === true ? result.result : result;
  const values = Object.fromEntries(Object.entries(params.values).map(([name, value]) => [name, parsedIfJson(value)]));
  for (const [name, upload] of params.uploads) values[name] ??= upload;
  const call = { method, params: values, at: world.clock.now(), ok: result?.ok ?? false, answer };
  world.calls.add(call);
  world.events.emit({ type: 'call', call });
}

/** Form fields carry objects as JSON; a test wants to see the object whichever way it came. */
function parsedIfJson(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function chatIdsOf(world: World, params: Params): string[] {
  const given = params.string('chat_id');
  const named = given.startsWith('@') ? world.chatByName(given.slice(1)) : undefined;
  return named ? [given, String(named.id)] : [given];
}

function checkToken(world: World, token: string): ApiError | undefined {
  if (token === world.token) return undefined;
  return /^\d+:[\w-]+$/.test(token) ? unauthorized() : unauthorized('invalid token specified');
}

function failure(error: unknown): Answer {
  if (!(error instanceof ApiError)) {
    // A bug of the emulator itself; its words help more than a bare 500 would.
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ok: false, error_code: 500, description: `Internal Server Error: emulator bug: ${detail}` };
  }
  const { code, message, parameters } = error;
  return { ok: false, error_code: code, description: message, ...(parameters ? { parameters } : {}) };
}

function send(response: ServerResponse, answer: Answer, body?: string): void {
  if (response.destroyed || response.headersSent) return;
  const status = answer.ok ? 200 : answer.error_code;
  const retryAfter = answer.ok ? undefined : answer.parameters?.retry_after;
  response.writeHead(status, {
    'Content-Type': body === undefined ? 'application/json' : 'text/html',
    ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
  });
  response.end(body ?? JSON.stringify(answer));
}

function sendFile(world: World, response: ServerResponse, token: string, path: string): void {
  const refusal = checkToken(world, decodeURIComponent(token));
  const file = world.files.fileAt(path);
  if (refusal || !file) return send(response, failure(refusal ?? notFound()));
  response.writeHead(200, { 'Content-Type': file.mime, 'Content-Length': file.bytes.length });
  response.end(file.bytes);
}
