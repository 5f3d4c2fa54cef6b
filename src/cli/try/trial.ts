// A trial: one part of the understanding, shown at work on something that an editor, or an evaluation, hands in.
import { CommandError } from '../context.ts';

/** What a line of --jsonl holds; a trial that is named on the command line is given the same. */
export type Fields = Readonly<Record<string, unknown>>;

export interface Trial {
  /** Throws a CommandError for fields that it cannot use. */
  answer(fields: Fields): Promise<object>;
}

export function fieldsFrom(line: string): Fields {
  let value: unknown;
  try {
    // Editors on Windows put a mark before the first line.
    value = JSON.parse(line.replace(/^\uFEFF/, ''));
  } catch {
    throw new CommandError('The line is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CommandError('The line is not a JSON object.');
  }
  return value as Fields;
}

export function textIn(fields: Fields, name: string): string {
  const value = optionalTextIn(fields, name);
  if (value === undefined) throw new CommandError(`The field "${name}" is missing.`);
  return value;
}

export function optionalTextIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new CommandError(`The field "${name}" must be a text.`);
  return value.toWellFormed();
}

export function optionalCountIn(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw new CommandError(`The field "${name}" must be a whole number above zero.`);
  }
  return value;
}

export function optionalInstantIn(fields: Fields, name: string): Date | undefined {
  const text = optionalTextIn(fields, name);
  if (text === undefined) return undefined;
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime()))
    throw new CommandError(`The field "${name}" must be a date, as ISO 8601 has it.`);
  return instant;
}

/** An identity, which may be a number too. */
export function idIn(fields: Fields, name: string): string | number {
  const value = fields[name];
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new CommandError(`The field "${name}" must be a text or a number.`);
  }
  return value;
}

/** A whole address; without one, what is relative leads nowhere. */
export function optionalAddressIn(fields: Fields, name: string): string | undefined {
  const text = optionalTextIn(fields, name);
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new CommandError(`The field "${name}" must be a whole address, with https:// or http://.`);
  }
  return url.href;
}

export function textsIn(fields: Fields, name: string): string[] {
  const value = fields[name] ?? [];
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) {
    throw new CommandError(`The field "${name}" must be a list of texts.`);
  }
  return value;
}
