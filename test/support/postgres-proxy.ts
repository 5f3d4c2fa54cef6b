// A way to Postgres that a test can break: cuts connections, refuses new ones, freezes all of them, and heals.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';

export interface PostgresProxy extends AsyncDisposable {
  /** Like the one behind it, but by this way. */
  readonly connectionString: string;
  /** Breaks every connection; new ones get through. Returns how many there were. */
  cut(): number;
  /** Breaks every connection, and every one that comes, until `heal`. */
  refuse(): void;
  /** Nothing moves in either direction any more, and nobody is told, until `heal`. */
  freeze(): void;
  heal(): void;
  close(): Promise<void>;
}

/** Where a connection string leads: a port of a host, or a Unix socket in a directory. */
function targetOf(connectionString: string): { path: string } | { host: string; port: number } {
  const [, host = '', port] = /@([^/:?]*)(?::(\d+))?\//.exec(connectionString) ?? [];
  const query = new URLSearchParams(connectionString.split('?')[1]);
  const directory = query.get('host') ?? host;
  const number = Number(port ?? query.get('port') ?? 5432);
  return directory.startsWith('/')
    ? { path: join(directory, `.s.PGSQL.${number}`) }
    : { host: directory || '127.0.0.1', port: number };
}

function through(connectionString: string, port: number): string {
  const [, user = '', database = ''] = /:\/\/([^@]*)@[^/]*\/([^?]*)/.exec(connectionString) ?? [];
  return `postgres://${user}@127.0.0.1:${port}/${database}?sslmode=disable`;
}

export async function startPostgresProxy(connectionString: string): Promise<PostgresProxy> {
  const target = targetOf(connectionString);
  const pairs = new Set<readonly [Socket, Socket]>();
  let mode: 'open' | 'refusing' | 'frozen' = 'open';

  function flow(pair: readonly [Socket, Socket]): void {
    const [inside, outside] = pair;
    inside.pipe(outside);
    outside.pipe(inside);
  }

  function hold(pair: readonly [Socket, Socket]): void {
    for (const socket of pair) socket.unpipe().pause();
  }

  const server = createServer((client) => {
    if (mode === 'refusing') {
      client.destroy();
      return;
    }
    const pair = [client, connect(target)] as const;
    pairs.add(pair);
    for (const socket of pair) {
      socket.setNoDelay();
      socket.on('error', () => {});
      socket.on('close', () => {
        pairs.delete(pair);
        for (const other of pair) other.destroy();
      });
    }
    if (mode === 'open') flow(pair);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function cut(): number {
    const { size } = pairs;
    for (const [client, server] of pairs) {
      // As a cut is for both ends; a Unix socket knows no other end than this.
      client.resetAndDestroy();
      server.destroy();
    }
    return size;
  }

  async function close(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    cut();
    await closed;
  }

  return {
    connectionString: through(connectionString, (server.address() as AddressInfo).port),
    cut,
    refuse() {
      mode = 'refusing';
      cut();
    },
    freeze() {
      mode = 'frozen';
      for (const pair of pairs) hold(pair);
    },
    heal() {
      if (mode === 'frozen') for (const pair of pairs) flow(pair);
      mode = 'open';
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
