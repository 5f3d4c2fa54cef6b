// What arrived, as figures: how much of the allowance was used, the worst second, what is missing and what came twice.
import type { Arrivals } from './telegram-process.ts';

/** From the first to the last arrival. */
export function lastedMs({ at }: Pick<Arrivals, 'at'>): number {
  return at.length === 0 ? Number.NaN : Math.max(...ends(at)) - Math.min(...ends(at));
}

/** Messages a second, from the first to the last arrival: n messages have n − 1 spaces between them. */
export function perSecond(arrivals: Pick<Arrivals, 'at'>): number {
  return ((arrivals.at.length - 1) / lastedMs(arrivals)) * 1000;
}

/** The most arrivals in any second, wherever it begins. */
export function worstSecond(at: Float64Array): number {
  const sorted = at.toSorted();
  let most = 0;
  let from = 0;
  for (let to = 0; to < sorted.length; to += 1) {
    while ((sorted[from] as number) <= (sorted[to] as number) - 1000) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

export interface Owed {
  chatId: number;
  /** As in Arrivals. */
  subject: number;
}

/** How many of those that were owed never came, and how many messages came that were not owed (any more). */
export function missingAndTwice(owed: readonly Owed[], arrivals: Arrivals): { missing: number; twice: number } {
  const open = new Set(owed.map(({ chatId, subject }) => `${chatId} ${subject}`));
  let twice = 0;
  for (const [index, chatId] of arrivals.chatIds.entries()) {
    if (!open.delete(`${chatId} ${arrivals.subjects[index]}`)) twice += 1;
  }
  return { missing: open.size, twice };
}

function ends(at: Float64Array): [number, number] {
  return [at[0] as number, at[at.length - 1] as number];
}
