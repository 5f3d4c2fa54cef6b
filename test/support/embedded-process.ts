// Another process that uses the embedded database, for tests that end processes: takes words on stdin, answers on stdout.
import { createInterface } from 'node:readline';
import { startEmbeddedPostgres } from '../../src/db/embedded-postgres.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';

const [dataDir = ''] = process.argv.slice(2);
const server = await startEmbeddedPostgres({ dataDir, log: silentLog, clock: systemClock });
console.log('started');

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'claim') console.log(await server.claimExclusive('app'));
  if (line === 'release') break;
}
// After this nothing is left to do, so the process ends by itself; that it does is what a test looks at.
await server.release();
console.log('released');
process.stdin.destroy();
