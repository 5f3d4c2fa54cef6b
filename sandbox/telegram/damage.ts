// Answers that arrive spoilt although the call counted: cut, incomplete, empty, of another shape, or byte by byte.
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../src/lib/clock.ts';

export type Damage =
  /** Half of the JSON, as if that were all of it. */
  | 'truncated'
  /** Half of the JSON, then the connection breaks. */
  | 'reset-during'
  /** JSON, but nothing that the method answers. */
  | 'wrong-shape'
  /** Nothing at all, with a 200. */
  | 'empty'
  /** Whole and right, but so long after each other come its bytes. */
  | { trickleMs: number };

export function isDamage(fault: unknown): fault is Damage {
  if (typeof fault === 'object' && fault !== null) return 'trickleMs' in fault;
  return typeof fault === 'string' && ['truncated', 'reset-during', 'wrong-shape', 'empty'].includes(fault);
}

/** Sends `text`, the right answer, with that damage. */
export async function sendDamaged(response: ServerResponse, damage: Damage, text: string, clock: Clock): Promise<void> {
  if (response.destroyed) return;
  const json = { 'Content-Type': 'application/json' };
  const half = text.slice(0, Math.floor(text.length / 2));
  if (damage === 'truncated') response.writeHead(200, json).end(half);
  else if (damage === 'empty') response.writeHead(200, json).end();
  else if (damage === 'wrong-shape') response.writeHead(200, json).end('{"ok":true,"result":["what?"]}');
  else if (damage === 'reset-during') {
    response.writeHead(200, { ...json, 'Content-Length': Buffer.byteLength(text) });
    response.write(half, () => response.destroy());
  } else await trickle(response.writeHead(200, json), Buffer.from(text), damage.trickleMs, clock);
}

async function trickle(response: ServerResponse, bytes: Buffer, everyMs: number, clock: Clock): Promise<void> {
  for (const byte of bytes) {
    if (response.destroyed) return;
    response.write(Uint8Array.of(byte));
    await clock.sleep(everyMs);
  }
  response.end();
}
