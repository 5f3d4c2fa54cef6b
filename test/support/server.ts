// The Postgres that tests run on, seen from outside the workers: databases made and dropped by name.
import { Client } from 'pg';

/** `connectionString` with another database in it. A Unix socket's has no host, so that URL cannot parse it. */
export function withDatabase(connectionString: string, database: string): string {
  return connectionString.replace(/^(\w+:\/\/[^/?]*)\/?[^?]*/, `$1/${database}`);
}

/** Runs `work` on a connection of its own. */
export async function withClient<T>(connectionString: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
