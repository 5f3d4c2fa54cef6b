// Sums up an article in one to three of its own sentences: the lead, which in news is the best summary there is.
import { paragraphsOf } from '../articles/article.ts';
import { normalizeArabic, words } from '../lib/arabic.ts';
import { codePoints } from '../lib/text.ts';
import { splitSentences } from './sentences.ts';

interface SummaryOptions {
  /** A BCP 47 tag. */
  language: string;
  /** Code points, counting a space between sentences. */
  maxCharacters?: number;
  /** A sentence that says only this is left out: the reader has it already. */
  headline?: string;
}

const maxSentences = 3;
/** A lead is near the top; what stands below is background. */
const consideredSentences = 12;

interface Candidate {
  text: string;
  position: number;
}

/**
 * One to three whole sentences of `body`, verbatim and in order; none only if the body has none. The first is given
 * even when it is longer than `maxCharacters`.
 */
export function summarize(body: string, { language, maxCharacters = 500, headline = '' }: SummaryOptions): string[] {
  const all = leadOf(body, language);
  const good = all.filter(({ text }) => isTelling(text, headline));
  const chosen: Candidate[] = [];
  let used = 0;

  for (const candidate of good) {
    const previous = chosen.at(-1);
    if (isDangling(candidate.text) && previous?.position !== candidate.position - 1) continue;
    if (chosen.some(({ text }) => sameWords(text, candidate.text))) continue;
    const size = codePoints(candidate.text) + (previous ? 1 : 0);
    if (previous && used + size > maxCharacters) break;
    chosen.push(candidate);
    used += size;
    if (chosen.length === maxSentences) break;
  }

  const fallback = good[0] ?? all.find(({ text }) => !sameWords(text, headline)) ?? all[0];
  if (chosen.length === 0 && fallback) return [fallback.text];
  return chosen.map(({ text }) => text);
}

function leadOf(body: string, language: string): Candidate[] {
  const lead: Candidate[] = [];
  for (const paragraph of paragraphsOf(body)) {
    for (const sentence of splitSentences(withoutDateline(paragraph), language)) {
      lead.push({ text: sentence, position: lead.length });
      if (lead.length === consideredSentences) return lead;
    }
  }
  return lead;
}

// "دمشق - سانا: …", "دمشق (رويترز) - …", "DAMASCUS (Reuters) — …": a place, perhaps an agency, and a dash.
const datelines = [
  /^\p{L}+(?:[ ،,]{1,2}\p{L}+){0,2}\s*\([\p{L} .]{2,20}\)\s*[-–—]+\s*/u,
  /^[\p{Script=Arabic} ،]{2,30}\s*[-–—/]\s*(?:سانا|رويترز|وكالات|الأناضول|واس|بترا|د ب أ|أ ف ب|قنا|وام|مراسلنا|خاص)\s*[-–—:/.]?\s+/u,
  /^\p{Lu}{3,}[\p{Lu} ,.]{0,30}\s*[-–—]+\s+/u,
];

function withoutDateline(paragraph: string): string {
  for (const dateline of datelines) {
    const rest = paragraph.replace(dateline, '');
    if (rest !== paragraph && /[\p{L}\p{N}]/u.test(rest)) return rest;
  }
  return paragraph;
}

/** No question, no subheading, not the headline again. */
function isTelling(sentence: string, headline: string): boolean {
  if (/[؟?][\s»”")]*$/.test(sentence)) return false;
  if (sameWords(sentence, headline)) return false;
  const ends = /(?:(?<!\.)\.|\.{3}|[!…。।۔])[\s»”’"')\]]*$/u.test(sentence);
  return ends || words(sentence).length >= 9;
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

function sameWords(one: string, other: string): boolean {
  return words(one).join(' ') === words(other).join(' ');
}
