// What a method of the Bot API is given, and what a table of methods looks like.
import type { Params } from '../params.ts';
import type { World } from '../world.ts';

export interface Call {
  world: World;
  params: Params;
  /** When it arrived, in milliseconds since the Unix epoch; undefined where latency is not what delayed it. */
  at?: number | undefined;
  /** Aborts when the bot hangs up. */
  signal: AbortSignal;
}

/** A result with the extra `description` a few methods answer with. */
export class Described {
  readonly result: unknown;
  readonly description: string;

  constructor(result: unknown, description: string) {
    this.result = result;
    this.description = description;
  }
}

export type Method = (call: Call) => unknown;

export type Methods = Record<string, Method>;
