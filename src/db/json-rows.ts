// Many rows as one parameter: for `select … from json_populate_recordset(null::table, …)`, whose text is always the same.
import { type RawBuilder, sql } from 'kysely';

/** Rows of one table with the same columns; dates, lists and objects as JSON has them. */
export function jsonRows(rows: readonly object[]): RawBuilder<unknown> {
  const named = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [inSnakeCase(name), value as unknown])),
  );
  return sql`${JSON.stringify(named, wellFormed)}::json`;
}

/** The columns of such rows, as a list for `insert` and `select`. */
export function columnsOf(rows: readonly object[]): RawBuilder<unknown> {
  return sql.join(Object.keys(rows[0] ?? {}).map((name) => sql.ref(name)));
}

function inSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Half of a character, where a text was cut, is no JSON to Postgres. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}
