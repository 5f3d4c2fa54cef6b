// Splits news text into sentences: Intl.Segmenter's, corrected where newsrooms write what its rules do not know.

// One letter and a stop that is no year mark ("1970م."): a title (د. م. أ.) or a part of an abbreviation (أ. ف. ب.).
const arabicAbbreviation = /(?:^|[\s(«"“'.،])\p{Script=Arabic}\.\s*$/u;
const latinTitle =
  /(?:^|[\s(«"“'])(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|Gen|Col|Lt|Maj|Capt|Sgt|Sen|Rep|Gov|Rev|Hon|vs|No|Fig|approx|Jan|Feb|Aug|Sept|Oct|Nov|Dec|e\.g|i\.e)\.\s*$/;
const latinInitial = /(?:^|[\s(«"“'])\p{Lu}\.\s*$/u;
const latinAbbreviation = /(?:^|[\s(«"“'])(?:\p{Lu}\.){2,}\s*$/u;
/** Words that open a sentence far more often than they follow "U.S." inside one. */
const latinOpener = /^(?:The|It|He|She|They|We|In|But|And|A|An|This|That|On|At|For|As|If|When|While|However)\b/;
/** A dash of two or more dots, as in headlines: «أولًا.. ثانيًا». Three dots may end a sentence. */
const dotDash = /(?<!\.)\.\.\s*$/;
const listNumber = /^\s*[\p{N}٠-٩]{1,3}\.\s*$/u;
/** A stop with no space after it between two words of Latin letters, which the standard takes for an abbreviation. */
const gluedLatinStop = /(?<=\s\p{Ll}[\p{Ll}’']{2,}[.!?])(?=\p{Lu}\p{Ll}+[\s,])/gu;

/** Sentences longer than this are no longer joined to what follows: by an open quotation mark, and by anything. */
const maxOpenCharacters = 700;
const maxJoinedCharacters = 2000;

const segmenters = {
  ar: new Intl.Segmenter('ar', { granularity: 'sentence' }),
  other: new Intl.Segmenter('en', { granularity: 'sentence' }),
};

/**
 * The sentences of `text` in order, each trimmed and otherwise verbatim; a line break ends a sentence. What has no
 * letter and no digit belongs to the sentence before it.
 */
export function splitSentences(text: string, language: string): string[] {
  const segmenter = language.startsWith('ar') ? segmenters.ar : segmenters.other;
  const pieces = [...segmenter.segment(text)].flatMap(({ segment }) => segment.split(gluedLatinStop));
  const sentences: string[] = [];
  let open = '';
  for (const piece of pieces) {
    if (open !== '' && !continues(open, piece)) {
      sentences.push(open);
      open = '';
    }
    open += piece;
  }
  sentences.push(open);
  return sentences.map((sentence) => sentence.trim()).filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

/** Whether `next` belongs to the sentence that `before` begins. */
function continues(sentence: string, next: string): boolean {
  if (sentence.length > maxJoinedCharacters) return false;
  const before = sentence.slice(-60);
  if (/\n\s*$/.test(before)) return false;
  if (!/[\p{L}\p{N}]/u.test(next)) return true;
  return (
    dotDash.test(before) ||
    arabicAbbreviation.test(before) ||
    latinTitle.test(before) ||
    latinInitial.test(before) ||
    (latinAbbreviation.test(before) && !latinOpener.test(next)) ||
    listNumber.test(before) ||
    (sentence.length < maxOpenCharacters && isOpen(sentence))
  );
}

/** Whether a quotation or bracket that was opened is not closed yet. */
function isOpen(text: string): boolean {
  const count = (character: string) => text.split(character).length - 1;
  return count('«') > count('»') || count('(') > count(')') || count('“') > count('”');
}
