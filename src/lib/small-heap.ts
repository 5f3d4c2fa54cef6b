// Lets V8 collect garbage before the heap is several times what is in use: memory is dear on a small server.
import { setFlagsFromString } from 'node:v8';

/** So much more than what was in use after the last collection; left to itself V8 takes up to three times more. */
const growingPercent = 50;

/** Read anew at each collection, so that it may be set while the program runs; a V8 that does not know it goes on. */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${growingPercent}`);
}
