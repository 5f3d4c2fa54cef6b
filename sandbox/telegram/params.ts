// The arguments of one call, as JSON or as form fields, read by name and kind.
import { badRequest } from './errors.ts';

export interface Upload {
  bytes: Uint8Array;
  name: string;
  contentType: string;
}

export class Params {
  readonly values: Readonly<Record<string, unknown>>;
  readonly uploads: ReadonlyMap<string, Upload>;

  constructor(values: Record<string, unknown>, uploads: ReadonlyMap<string, Upload> = new Map()) {
    this.values = values;
    this.uploads = uploads;
  }

  /** The same call with other values, for an object inside it. */
  with(values: Record<string, unknown>): Params {
    return new Params(values, this.uploads);
  }

  has(name: string): boolean {
    const value = this.values[name];
    return value !== undefined && value !== null && value !== '';
  }

  string(name: string): string {
    const value = this.values[name];
    if (value === undefined || value === null) return '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  integer(name: string, fallback = 0): number {
    const value = Number.parseInt(this.string(name), 10);
    return Number.isNaN(value) ? fallback : value;
  }

  boolean(name: string): boolean {
    return /^(?:true|yes|1)$/i.test(this.string(name));
  }

  /** An object or list, given as such or as a JSON string; undefined when absent, `refusal` when it does not parse. */
  json(name: string, refusal: string): unknown {
    if (!this.has(name)) return undefined;
    const value = this.values[name];
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      throw badRequest(refusal);
    }
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text under `key`, a number as its digits; an empty string when there is neither. */
export function textIn(record: Readonly<Record<string, unknown>>, key: string): string {
  const value = record[key];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** `given` without the keys that are undefined: the wire has no undefined. */
export function defined<T extends object>(given: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}
