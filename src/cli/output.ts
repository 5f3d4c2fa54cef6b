// Text for a person's terminal: aligned tables, numbers with their nouns, foreign text made harmless.

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;
const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\uff01-\uff60]|\p{Emoji_Presentation}/u;

/** Rows under their headings, each column as wide as its widest cell; control characters and line breaks are gone. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const cells = [headings, ...rows].map((row) => row.map((cell) => printable(String(cell ?? '–'))));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => displayWidth(row[column] ?? ''))));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => isolated(cell) + ' '.repeat((widths[column] ?? 0) - displayWidth(cell)))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

/** Foreign text on one line, without what a terminal would obey. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
}

/** Columns that a terminal gives to `text`. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text))
    width += /^[\p{M}\p{Cf}]+$/u.test(segment) ? 0 : wide.test(segment) ? 2 : 1;
  return width;
}

/** Text that runs right to left must not turn its neighbours around: FIRST STRONG ISOLATE … POP DIRECTIONAL ISOLATE. */
export function isolated(text: string): string {
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text;
}

/** `1 feed`, `2 feeds`. */
export function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}

/** An instant to the minute, in the newsroom's zone. */
export function localTime(instant: Date | null, timeZone: string): string {
  if (instant === null) return '–';
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(instant);
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
