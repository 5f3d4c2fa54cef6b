// The calls the bot made, kept for assertions, and how many of them are under way.
import type { ResponseParameters } from './errors.ts';

export interface RecordedCall {
  method: string;
  params: Record<string, unknown>;
  at: Date;
  ok: boolean;
  /** The result, or what the error said; undefined when the connection was cut. */
  answer: unknown;
}

export type Answer =
  | { ok: true; result: unknown; description?: string }
  | { ok: false; error_code: number; description: string; parameters?: ResponseParameters };

/** `keep`: how many calls to remember; false remembers none. */
export class CallLog {
  #calls: RecordedCall[] = [];
  readonly #keep: number;
  underWay = 0;

  constructor(keep: boolean | number) {
    this.#keep = keep === true ? Number.POSITIVE_INFINITY : Number(keep);
  }

  get isKept(): boolean {
    return this.#keep > 0;
  }

  add(call: RecordedCall): void {
    if (!this.isKept) return;
    this.#calls.push(call);
    // Dropping in batches keeps a bounded log cheap.
    if (this.#calls.length > this.#keep * 2) this.#calls = this.#calls.slice(-this.#keep);
  }

  list(method?: string): RecordedCall[] {
    const recent = Number.isFinite(this.#keep) ? this.#calls.slice(-this.#keep) : this.#calls;
    return recent.filter((call) => method === undefined || call.method.toLowerCase() === method.toLowerCase());
  }

  clear(): void {
    this.#calls = [];
  }
}
