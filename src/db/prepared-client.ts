// A connection that lets Postgres keep what it made of a statement: most are asked again and again, and planning some of
// them takes longer than doing them.
import { Client } from 'pg';

/** Statements asked so often are kept. */
const oftenEnough = 3;
/** At most so many are kept, and so many counted: lists of values of every length are statements of their own. */
const keptAtMost = 500;
const countedAtMost = 2_000;

/** By their text: the name of those that are kept, and how often the others were asked. */
const names = new Map<string, string>();
const asked = new Map<string, number>();

function nameOf(text: string): string | undefined {
  const name = names.get(text);
  if (name !== undefined || names.size >= keptAtMost) return name;
  const times = (asked.get(text) ?? 0) + 1;
  if (times < oftenEnough) {
    if (asked.size >= countedAtMost) asked.clear();
    asked.set(text, times);
    return undefined;
  }
  asked.delete(text);
  const given = `nashra_${names.size + 1}`;
  names.set(text, given);
  return given;
}

/** Whether a kept statement became another one, for its tables were changed: it is asked anew on another connection. */
export function isOutdated(error: unknown): boolean {
  return error instanceof Error && 'routine' in error && error.routine === 'RevalidateCachedQuery';
}

export class PreparedClient extends Client {
  // As pg's own, whose many shapes TypeScript cannot hand on.
  override query = ((question: unknown, values?: unknown, done?: unknown) => {
    const isAsked = typeof question === 'string' && Array.isArray(values) && values.length > 0;
    const name = isAsked && typeof done !== 'function' ? nameOf(question) : undefined;
    if (name === undefined) return super.query(question as never, values as never, done as never);
    return this.#ask(super.query({ name, text: question as string, values: values as unknown[] }));
  }) as Client['query'];

  async #ask<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      // The pool takes another connection in place of this one.
      if (isOutdated(error)) await this.end();
      throw error;
    }
  }
}
