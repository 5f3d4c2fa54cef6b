// Counting, cutting, directing and cleaning text, in any script.

/** How many code points `text` has: the unit of Telegram's limits. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * `text` when it has at most `maxCodePoints`, else its beginning with "…", cut at the end of a word (inside a word only
 * when the word fills more than half of the room) and never inside a grapheme.
 */
export function clip(text: string, maxCodePoints: number): string {
  if (text.length <= maxCodePoints || codePoints(text) <= maxCodePoints) return text;
  if (maxCodePoints < 1) return '';

  let end = 0;
  let used = 0;
  let wordEnd = 0;
  let wordEndUsed = 0;
  let cutsWord = false;
  for (const { segment, index } of graphemes.segment(text)) {
    const size = codePoints(segment);
    const isSpace = segment.trim() === '';
    if (isSpace) {
      wordEnd = end;
      wordEndUsed = used;
    }
    if (used + size > maxCodePoints - 1) {
      cutsWord = !isSpace;
      break;
    }
    used += size;
    end = index + segment.length;
  }
  const cut = cutsWord && wordEndUsed * 2 >= maxCodePoints - 1 ? wordEnd : end;
  return `${text.slice(0, cut).replace(/[\s،,;؛:.…–—-]+$/u, '')}…`;
}

const rtlScripts = new Set(['Arab', 'Hebr', 'Syrc', 'Thaa', 'Nkoo', 'Adlm', 'Rohg', 'Mand', 'Samr']);

/** Whether a language (a BCP 47 tag) is written from right to left. */
export function isRtl(language: string): boolean {
  return rtlScripts.has(scriptOf(language) ?? '');
}

/** The script a language is usually written in (`ar` → `Arab`); undefined for what is no language tag. */
export function scriptOf(language: string): string | undefined {
  if (!knownScripts.has(language)) {
    // The tags are strangers'.
    if (knownScripts.size >= maxKnownScripts) knownScripts.clear();
    knownScripts.set(language, findScript(language));
  }
  return knownScripts.get(language);
}

const maxKnownScripts = 200;
const knownScripts = new Map<string, string | undefined>();

function findScript(language: string): string | undefined {
  try {
    return new Intl.Locale(language).maximize().script;
  } catch {
    return undefined;
  }
}

const rightToLeftLetter =
  /[\u200F\u061C]|(?=\p{L})[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const strongOrIsolate = /[\p{L}\u200E\u200F\u061C\u2066-\u2069]/gu;

/** The direction of the first strong character outside isolates (rule P2 of UAX #9). */
export function firstStrongDirection(text: string): 'rtl' | 'ltr' | undefined {
  let depth = 0;
  for (const [character] of text.matchAll(strongOrIsolate)) {
    if (character >= '\u2066' && character <= '\u2068') depth += 1;
    else if (character === '\u2069') depth = Math.max(0, depth - 1);
    else if (depth === 0) return rightToLeftLetter.test(character) ? 'rtl' : 'ltr';
  }
  return undefined;
}

const marks = { rtl: '\u200F', ltr: '\u200E' } as const;

/**
 * `text` with a direction mark before each line that would not take `direction` by itself, because its first strong
 * character has the other direction or because it has none. Telegram keeps these marks and removes embeddings.
 */
export function directional(text: string, direction: 'rtl' | 'ltr'): string {
  return text
    .split('\n')
    .map((line) => (line.trim() === '' || firstStrongDirection(line) === direction ? line : marks[direction] + line))
    .join('\n');
}

/** `text` as one unit in a line of the other direction (FIRST STRONG ISOLATE … POP DIRECTIONAL ISOLATE). */
export function isolate(text: string): string {
  return `\u2068${text}\u2069`;
}

/**
 * `text` without control characters (line feeds stay, tabs become spaces), byte order marks, bidi embeddings and
 * overrides (U+202A–E) and lone surrogates; U+2028 and U+2029 become line feeds.
 */
export function stripControls(text: string): string {
  return text
    .replaceAll(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replaceAll(/[\t\v\f]/g, ' ')
    .replaceAll(/(?!\n)\p{Cc}|[\u202A-\u202E\uFEFF]|\p{Surrogate}/gu, '');
}

/** `text` in one line: each run of white space is one space, none at the ends. */
export function collapseWhitespace(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
