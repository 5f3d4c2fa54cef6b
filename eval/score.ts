// What an evaluation gives: scores with their bars, and the two halves that every tuned set is split into.

export interface Score {
  part: string;
  /** Which material; a half of it says so: "easc, held out". */
  set: string;
  measure: string;
  value: number;
  /** Null where there is nothing to reach: the score is shown for comparison. */
  bar: number | null;
  better: 'higher' | 'lower';
  /** How many cases the value is of. */
  cases: number;
}

export interface Part {
  name: string;
  /** Files or folders below the data directory; without them the part is skipped, and said to be. */
  needs: readonly string[];
  /** `dataDir` holds everything in `needs`. */
  evaluate(dataDir: string): Promise<Score[]>;
}

export type Half = 'tuned' | 'held out';

/** The half that a case belongs to, by its name alone: rules are written looking at one half only. */
export function halfOf(id: string): Half {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193) >>> 0;
  // The lowest bits of this hash alone are poor.
  return ((hash ^ (hash >>> 15)) & 1) === 0 ? 'tuned' : 'held out';
}

/** Milliseconds of CPU of this process that `work` takes: the same on a busy machine and on an idle one. */
export async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

export function f1(precision: number, recall: number): number {
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}
