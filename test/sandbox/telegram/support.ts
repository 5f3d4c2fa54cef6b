// What the emulator's tests share: a clock moved by hand, small images, and a raw call.
import { crc32, deflateSync } from 'node:zlib';
import type { Clock } from '../../../src/lib/clock.ts';
import type { Emulator } from '../../../sandbox/telegram/emulator.ts';

export interface HandClock extends Clock {
  advance(ms: number): void;
}

export function handClock(start = '2026-09-01T08:00:00Z'): HandClock {
  let now = Date.parse(start);
  const sleepers = new Set<{ until: number; wake: () => void }>();
  return {
    now: () => new Date(now),
    sleep(ms, signal) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const sleeper = { until: now + ms, wake: resolve };
      if (ms <= 0 || signal?.aborted) return Promise.resolve();
      sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        sleepers.delete(sleeper);
        resolve();
      });
      return promise;
    },
    every: () => ({ stop() {} }),
    advance(ms) {
      now += ms;
      for (const sleeper of sleepers) {
        if (sleeper.until > now) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
  };
}

/** A real PNG of one grey. */
export function png(width: number, height: number): Uint8Array<ArrayBuffer> {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return new Uint8Array(
    Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(Buffer.alloc((width + 1) * height, 0x7f))),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  );
}

interface RawAnswer {
  status: number;
  headers: Headers;
  // The answer of any method: each test looks at the fields it asked for.
  body: { ok: boolean; result?: never; error_code?: number; description?: string; parameters?: object };
}

export async function rawCall(emulator: Emulator, method: string, params: object = {}): Promise<RawAnswer> {
  const response = await fetch(`${emulator.apiRoot}/bot${emulator.token}/${method}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(params),
  });
  const body = (await response.json()) as RawAnswer['body'];
  return { status: response.status, headers: response.headers, body };
}

/** The description of the refusal, or undefined when the call went through. */
export async function refusal(emulator: Emulator, method: string, params: object = {}): Promise<string | undefined> {
  return (await rawCall(emulator, method, params)).body.description;
}
