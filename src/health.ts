// What the program answers over HTTP: its health, and the updates that Telegram brings where there is a webhook.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Db } from './db/database.ts';
import type { Clock } from './lib/clock.ts';
import { deskStatus } from './status/status-store.ts';

/** The address is taken, not ours, or not to be had. */
export class HealthError extends Error {
  override name = 'HealthError';
}

/** A database that says nothing for so long is not well. */
const databaseWithinMs = 5_000;

/** How long an answer under way may take when the program stops. */
const answerGraceMs = 4_000;

interface HealthOptions {
  db: Db;
  clock: Clock;
  port: number;
  host: string;
  /** What this process is and does, for those who look. */
  describe: () => object;
  /** Whoever answers what comes to another path than /health. */
  webhook?: { path: string; answer(request: IncomingMessage, response: ServerResponse): void } | undefined;
}

/** GET /health answers 200 with the backlog and the last runs, or 503 when the database is away. */
export async function startHealth(options: HealthOptions): Promise<{ port: number; stop(): Promise<void> }> {
  const { port, host, webhook } = options;
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path === '/health') void answerHealth(options, response);
    else if (path === webhook?.path) webhook?.answer(request, response);
    else say(response, 404, { ok: false, error: 'only /health is here' });
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HealthError(
      `The health endpoint cannot listen there (${reason}): choose another HTTP_PORT or HTTP_HOST.`,
    );
  }
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async stop() {
      // What is being answered is answered to its end, unless that takes too long; nothing new comes in.
      const ended = new AbortController();
      const closed = once(server, 'close').then(() => ended.abort());
      server.close();
      server.closeIdleConnections();
      await options.clock.sleep(answerGraceMs, ended.signal);
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answerHealth({ db, clock, describe }: HealthOptions, response: ServerResponse): Promise<void> {
  const answered = new AbortController();
  try {
    const status = await Promise.race([deskStatus(db), clock.sleep(databaseWithinMs, answered.signal)]);
    if (!status) throw new Error('no answer in time');
    const { feeds, backlog, pausedMs, runs } = status;
    say(response, 200, {
      ok: true,
      ...describe(),
      feeds: { active: feeds.active, failing: feeds.failing.length },
      backlog,
      pausedMs,
      runs: Object.fromEntries(runs.map((run) => [run.stage, run.finishedAt])),
    });
  } catch {
    say(response, 503, { ok: false, ...describe(), error: 'the database does not answer' });
  } finally {
    answered.abort();
  }
}

function say(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}
