// The health endpoint: whether the database answers, and when the last round was.
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { Db } from './db/database.ts';
import { newsroomStatus } from './status/status-store.ts';

/** The address is taken, not ours, or not to be had. */
export class HealthError extends Error {
  override name = 'HealthError';
}

interface HealthOptions {
  db: Db;
  port: number;
  host: string;
}

/** GET /health answers 200 with the backlog and the last runs, or 503 when the database is away. */
export async function startHealth({ db, port, host }: HealthOptions): Promise<{ port: number; stop(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const answer = (code: number, body: object) => {
      response.writeHead(code, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
      response.end(`${JSON.stringify(body)}\n`);
    };
    if (request.url !== '/health') {
      answer(404, { ok: false, error: 'only /health is here' });
      return;
    }
    newsroomStatus(db).then(
      ({ feeds, backlog, pausedMs, runs }) =>
        answer(200, {
          ok: true,
          feeds: { active: feeds.active, failing: feeds.failing.length },
          backlog,
          pausedMs,
          runs: Object.fromEntries(runs.map((run) => [run.stage, run.finishedAt])),
        }),
      () => answer(503, { ok: false, error: 'the database does not answer' }),
    );
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
      server.close();
      server.closeAllConnections();
      await once(server, 'close').catch(() => undefined);
    },
  };
}
