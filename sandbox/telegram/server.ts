// The HTTP face of the emulator: routes, tokens, faults, and answers in the shape of the Bot API.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readParams } from './body.ts';
import type { Answer } from './calls.ts';
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
  if (!isPoll) world.calls.underWay++;
  try {
    const params = await readParams(request, url.searchParams);
    if (!method) throw notFound('method not found');
    const call: Running = { world, method: method.name, run: method.run, params, response };
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
}

/** Runs the method, unless a fault strikes, and answers. */
async function answer(call: Running): Promise<void> {
  const { world, method, params, response } = call;
  const fault = world.faults.strike(method, chatIdsOf(world, params));
  if (fault === 'hang') {
    record(call, undefined);
    await new Promise<void>((resolve) => void response.once('close', resolve));
    return;
  }
  if (fault === 'reset-before') {
    record(call, undefined);
    response.destroy();
    return;
  }
  const slowMs = fault === 'slow' ? 1000 : typeof fault === 'object' && 'slowMs' in fault ? fault.slowMs : 0;
  if (slowMs > 0) await world.clock.sleep(slowMs);
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
  record(call, result);
  send(response, result);
}

async function run({ world, run, params, response }: Running): Promise<Answer> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const result = await run({ world, params, signal: gone.signal });
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
