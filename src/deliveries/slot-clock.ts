// Tells the time of a slot, which stands on Postgres' clock, by ours: however late the answer comes, the slot stays where it is.

export interface SlotClock {
  /** When the first slot is, in the terms of `clock.now().getTime()`; in the past where the answer came too late. */
  firstAt(slots: { atMs: number; inMs: number }, asked: { askedAtMs: number; answeredAtMs: number }): number;
}

/**
 * Postgres read its clock after it was asked and before it answered: each answer says between which bounds the two
 * clocks are apart. What is held true is moved only as far as it must be, so that the quickest answers tell, and a clock
 * that was set is followed at once.
 */
export function createSlotClock(): SlotClock {
  let apartMs = Number.POSITIVE_INFINITY;
  return {
    firstAt({ atMs, inMs }, { askedAtMs, answeredAtMs }) {
      apartMs = Math.max(atMs - answeredAtMs, Math.min(atMs - askedAtMs, apartMs));
      return atMs + inMs - apartMs;
    },
  };
}
