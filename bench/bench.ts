// What a bench is, and what it hands over: figures of one system in one case, with the bar they must reach.
export interface Measurement {
  bench: string;
  case: string;
  /** `nashra`, or the peer that was driven through the same case. */
  system: string;
  measure: string;
  /** The median of the runs. */
  value: number;
  unit: string;
  /** What `value` must reach; null where there is only something to compare. */
  bar: number | null;
  better: 'higher' | 'lower';
  runs: number;
  min: number;
  max: number;
}

export interface BenchOptions {
  /** How often each case is measured. */
  runs: number;
  /** A few small cases, to see that the bench works; its figures mean nothing. */
  quick: boolean;
  /** Of a bench that runs for as long as it is told to: for how long, and what its chances begin with. */
  minutes: number;
  seed: number | undefined;
  /** Whether this system is to be measured: `nashra`, or a peer. */
  wants: (system: string) => boolean;
  /** The same of a case. */
  wantsCase: (name: string) => boolean;
  log: (line: string) => void;
}

export interface Bench {
  name: string;
  run(options: BenchOptions): Promise<Measurement[]>;
}

/** One measurement from the figures of its runs. */
export function measurement(
  what: Pick<Measurement, 'bench' | 'case' | 'system' | 'measure' | 'unit' | 'better'> & { bar?: number | null },
  values: readonly number[],
): Measurement {
  return {
    bench: what.bench,
    case: what.case,
    system: what.system,
    measure: what.measure,
    value: rounded(median(values)),
    unit: what.unit,
    bar: what.bar ?? null,
    better: what.better,
    runs: values.length,
    min: rounded(Math.min(...values)),
    max: rounded(Math.max(...values)),
  };
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Between two values, the nearer share of both. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}

function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}
