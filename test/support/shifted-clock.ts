// Preloaded into a program (node --import): its calendar is off by what a file says, read again at each SIGUSR2.
import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const RealDate = Date;
const file = process.env['CLOCK_SHIFT_FILE'] ?? '';
let shiftMs = Number(readFileSync(file, 'utf8'));

class ShiftedDate extends RealDate {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(ShiftedDate.now());
    else super(...(given as [string]));
  }

  static override now(): number {
    return RealDate.now() + shiftMs;
  }
}
globalThis.Date = ShiftedDate as DateConstructor;

if (isMainThread) {
  process.on('SIGUSR2', () => {
    shiftMs = Number(readFileSync(file, 'utf8'));
    console.log(`the clock is off by ${shiftMs} ms`);
  });
}
