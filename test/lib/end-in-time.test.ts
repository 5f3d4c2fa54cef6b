import { describe, expect, it } from 'vitest';
import { endInTime } from '../../src/lib/end-in-time.ts';
import { createLog } from '../../src/lib/log.ts';
import { handClock } from '../sandbox/telegram/support.ts';

function desk() {
  const clock = handClock();
  const lines: string[] = [];
  const log = createLog({ level: 'warn', now: () => clock.now(), write: (line) => void lines.push(line) });
  return { clock, lines, options: { clock, log, withinMs: 1_000 } };
}

describe('ending in time', () => {
  it('waits for everything that ends, whatever fails', async () => {
    const { lines, options } = desk();
    const ended: string[] = [];
    const ends = [
      ['quick', async () => void ended.push('quick')],
      ['broken', () => Promise.reject(new Error('no connection'))],
      ['other', async () => void ended.push('other')],
    ] as const;
    expect(await endInTime(ends, options)).toBe(true);
    expect(ended).toEqual(['quick', 'other']);
    expect(lines.join()).toContain('no connection');
  });

  it('waits no longer than there is time for what hangs, and names it', async () => {
    const { clock, lines, options } = desk();
    const ending = endInTime(
      [
        ['quick', async () => {}],
        ['hanging', () => new Promise(() => {})],
      ],
      options,
    );
    clock.advance(1_000);
    expect(await ending).toBe(false);
    expect(lines.join()).toContain('hanging');
    expect(lines.join()).not.toContain('quick');
  });
});
