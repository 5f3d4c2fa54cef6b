// Sums up an article in one to three of its own sentences: the lead, which in news is the best summary there is.
import { normalizeArabic, sameWords, words } from '../lib/arabic.ts';
import { codePoints } from '../lib/text.ts';
import { isBoilerplate } from './boilerplate.ts';
import { bodySentences } from './body-lines.ts';
import { mostCentral } from './centrality.ts';
import { cutSentence } from './cut-sentence.ts';
import { contextCharacters } from './full-stop.ts';
import { maxSentenceCharacters, splitSentences } from './sentences.ts';

interface SummaryOptions {
  /** A BCP 47 tag. */
  language: string;
  /** Code points, counting a space between sentences; a hard limit. As many whole sentences as fit, three at most. */
  maxCharacters?: number;
  /**
   * Code points as well, but a length to come near to instead: sentences, any number, until it is reached. The last may
   * go over it, to at most twice. For whoever compares summaries of one length.
   */
  aboutCharacters?: number;
  /** A sentence that says only this is left out: the reader has it already. */
  headline?: string;
}

const usualMaxCharacters = 500;
const maxSentences = 3;
const maxOvershoot = 2;
/** A lead is near the top; what stands below is background. */
const consideredSentences = 12;
/** A text without a sentence to begin with among these has no lead. */
const leadSentences = 5;
/** How much of a text without a lead, or of one that is asked for at length, is looked at. */
const maxReadSentences = 200;
const minSentenceWords = 4;
/** Two sentences that share this much of the shorter one's words say the same. */
const redundantShare = 0.8;

interface Candidate {
  text: string;
  position: number;
}

/**
 * Whole sentences of `body`, verbatim and in order; none where the body is only the page around a text. Where no
 * sentence near the top fits into `maxCharacters`, the first is cut behind a clause or a word and ends with "…".
 */
export function summarize(body: string, options: SummaryOptions): string[] {
  const sentences = select(body, options);
  const { aboutCharacters, maxCharacters = usualMaxCharacters } = options;
  return aboutCharacters === undefined ? sentences.map((sentence) => cutSentence(sentence, maxCharacters)) : sentences;
}

function select(body: string, options: SummaryOptions): string[] {
  const { language, headline = '', aboutCharacters } = options;
  const limit = aboutCharacters === undefined ? consideredSentences : maxReadSentences;
  const all = bodySentences(body, language, limit).map((text, position) => ({ text, position }));
  const telling = all.filter(
    ({ text, position }) =>
      isTelling(text, headline) && (aboutCharacters !== undefined || !continues(all[position - 1]?.text)),
  );
  const hasLead = telling.some(({ text, position }) => position < leadSentences && !isDangling(text));
  const chosen = hasLead ? choose(telling, options) : choose(central(body, options), options);
  if (chosen.length > 0) return chosen.map(({ text }) => text);

  const rest = all.length > 0 ? all.map(({ text }) => text) : proseless(body, language);
  const fallback = telling[0]?.text ?? rest.find((text) => !sameWords(text, headline)) ?? rest[0];
  return fallback === undefined ? [] : [fallback];
}

/** After a piece that splitSentences had to cut comes the middle of a sentence, which begins no summary. */
function continues(previous: string | undefined): boolean {
  if (previous === undefined || previous.length < maxSentenceCharacters / 2) return false;
  return !/[\p{Sentence_Terminal}…][\s»”"')\]]*$/u.test(previous.slice(-contextCharacters));
}

/** What a text of headings alone has to tell; nothing of one that is only the page around a text. */
function proseless(body: string, language: string): string[] {
  return splitSentences(body, language).filter((sentence) => !isBoilerplate(sentence));
}

/** The sentences that say most of what the whole says, in the text's order. */
function central(body: string, { language, headline = '' }: SummaryOptions): Candidate[] {
  const telling = bodySentences(body, language, maxReadSentences)
    .map((text, position) => ({ text, position }))
    .filter(({ text }) => isTelling(text, headline) && !isDangling(text));
  return mostCentral(
    telling.map(({ text }) => text),
    maxSentences,
  ).flatMap((index) => telling[index] ?? []);
}

function choose(candidates: readonly Candidate[], options: SummaryOptions): Candidate[] {
  const { aboutCharacters, maxCharacters = usualMaxCharacters } = options;
  const most = aboutCharacters === undefined ? maxCharacters : aboutCharacters * maxOvershoot;
  const count = aboutCharacters === undefined ? maxSentences : Number.POSITIVE_INFINITY;
  // A first sentence that is too long gives way to one that fits, if one stands close below it.
  const beginnings = candidates.slice(0, leadSentences).filter(({ text }) => !isDangling(text));
  const first = beginnings.find(({ text }) => codePoints(text) <= most) ?? beginnings[0];
  if (!first) return [];

  const chosen = [first];
  let used = codePoints(first.text);
  for (const candidate of candidates) {
    if (chosen.length >= count || used >= (aboutCharacters ?? most)) break;
    const previous = chosen.at(-1) as Candidate;
    if (candidate.position <= previous.position) continue;
    if (isDangling(candidate.text) && previous.position !== candidate.position - 1) continue;
    if (chosen.some(({ text }) => saysTheSame(text, candidate.text))) continue;
    const size = codePoints(candidate.text) + 1;
    if (used + size > most) {
      if (aboutCharacters === undefined) break;
      continue;
    }
    chosen.push(candidate);
    used += size;
  }
  return chosen;
}

/** No question, no quotation without its speaker, not the headline again, and not a word or two. */
function isTelling(sentence: string, headline: string): boolean {
  if (/[؟?][\s»”")]*$/.test(sentence)) return false;
  if (/^\s*(?:«[^«»]*»|“[^“”]*”|"[^"]*")[\s.!…،]*$/u.test(sentence)) return false;
  if (sameWords(sentence, headline)) return false;
  // Scripts without spaces between words count as one.
  return (
    words(sentence).length >= minSentenceWords ||
    codePoints(sentence) > 20 * minSentenceWords ||
    /[。！]$/.test(sentence)
  );
}

// Words that point back at what was said before, in their normal form.
const danglingArabic = new RegExp(
  `^(?:و(?:اضاف|تابع|اردف|استطرد|اوضح|اشار|لفت|نوه|ختم|اكد|بين|ذكر|اعتبر|شدد|قال|جاء|كان)(?:ت|وا)?|ولكن|لكن|كما|كذلك|
  بدوره|بدورها|من جهته|من جهتها|من جانبه|من جانبها|من ناحيته|و?في المقابل|بالمقابل|و?في سياق متصل|و?في السياق|
  في سياق اخر|و?الي ذلك|وعليه|لذلك)(?![\\p{L}])`.replaceAll(/\n\s*/g, ''),
  'u',
);
const danglingEnglish =
  /^(?:he|she|they|but|however|meanwhile|also|moreover|in addition|it added|for (?:his|her|their) part)\b/;

function isDangling(sentence: string): boolean {
  const normal = normalizeArabic(sentence);
  return danglingArabic.test(normal) || danglingEnglish.test(normal);
}

function saysTheSame(one: string, other: string): boolean {
  const [fewer, more] = [new Set(words(one)), new Set(words(other))].toSorted((a, b) => a.size - b.size) as [
    Set<string>,
    Set<string>,
  ];
  return fewer.intersection(more).size >= redundantShare * fewer.size;
}
