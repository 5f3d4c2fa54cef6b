// Tells a full stop that ends a sentence from one that belongs to a title, an abbreviation, a number or an address.
import { normalizeArabic } from '../lib/arabic.ts';

/** Where a single full stop stands. All three are short pieces of one line. */
export interface StopContext {
  /** The sentence up to the stop, or its end. */
  before: string;
  /** What comes after the stop and the marks that close with it, without leading spaces. */
  after: string;
  /** No space between the stop and what follows. */
  glued: boolean;
  /** A BCP 47 tag. */
  language: string;
}

/** How much of a line around a stop is looked at; longer words are no abbreviations. */
export const contextCharacters = 80;

// Titles and abbreviations stand before what they belong to, so a stop after them never ends a sentence.
const latinTitle =
  /^(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Lt|Maj|Capt|Sgt|Sen|Rep|Gov|Rev|Hon|Pres|Amb|Mme|Mlle|Mgr|Sra?|Doç|Av|Sn|Yrd|Alb|vs|cf|e\.g|i\.e|z\.B)$/u;
/** These stand before a number: "No. 5", "Jan. 12". */
const beforeNumber = /^(?:No|Nos|Nr|Fig|Vol|Art|Ch|pp?|approx|ca|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)$/u;
const company = /^(?:Inc|Ltd|Co|Corp|Bros|Jr|Sr|Şti|A\.Ş|S\.A|L\.L\.C)$/u;
/** "U.S", "a.m", "أ.ف.ب", "ج.م.ع", before its last stop. */
const dotted = /^و?(?:\p{L}\p{M}*\.\s?)+\p{L}\p{M}*ـ?$/u;
const clockTime = /^[ap]\.m$/iu;
const dayOrMonth =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|EST|EDT|ET|GMT|UTC|CET|PT)/u;
/** Words that open a sentence far more often than they follow "U.S." or "Inc." inside one. */
const latinOpener =
  /^(?:The|It|Its|He|She|They|We|You|In|But|And|A|An|This|That|These|There|On|At|For|As|If|When|While|However|After|Before|His|Her|Their|No|Yes)(?![\p{L}’'])/u;
const arabicOpener = new RegExp(
  `^(?:ثم|كما|لكن|ولكن|و(?:قال|اضاف|اكد|اوضح|ذكر|اشار|لفت|تابع|نفي|اعلن|نقل)(?:ت|وا)?|وكان(?:ت)?|ولم|وقد|ومن المقرر)(?!\\p{L})`,
  'u',
);

// A letter of an alphabetical order, not a title: "فيتامين د.", "المجموعة أ."
const labelled =
  /(?:^|\s)[وفبلك]{0,2}(?:ال)?(?:فيتامين|مجموعة|فئة|فصيلة|قسم|صف|مبني|بند|فقرة|خطة|منطقة|فريق|نوع|جناح|بوابة|قاعة|باب|حرف|ملحق|نموذج|درجة|طابق|محور|كتلة|خيار|نقطة|group|vitamin|plan|class|type|section|hepatitis)\s+\p{L}$/u;

/** The network's name is a letter, and no initial where something is found on it. */
const onX = /(?:^|\s)(?:on|via|sur|علي|عبر)\s+x$/u;

/** Languages that write "3rd" as "3.". */
const writesOrdinals = /^(?:tr|az|de|da|nb|nn|no|fi|et|is|hu|cs|sk|sl|hr|bs|sr|pl|lv)(?![a-z])/i;

const ordinal = /^(?:اولا|ثانيا|ثالثا|رابعا|خامسا|سادسا|سابعا|ثامنا|تاسعا|عاشرا|first|second|third)$/u;

/** Whether a single full stop ends the sentence. */
export function stopEndsSentence({ before, after, glued, language }: StopContext): boolean {
  const trimmed = before.trimStart();
  if (isListMark(trimmed)) return false;
  const word = /[\p{L}\p{M}\p{N}ـ.’'-]+$/u.exec(before)?.[0] ?? '';
  if (writesOrdinals.test(language) && /^\p{N}{1,2}$/u.test(word) && !glued) return false;
  if (word === '') return !glued || !/^\p{N}/u.test(after);
  if (glued && !gluedStopEnds(before, word, after)) return false;

  const normal = normalizeArabic(before);
  if (isLetter(word)) {
    if (/\p{N}\s*\p{L}\p{M}*ـ?$/u.test(before) && !/^\p{N}/u.test(after)) return true;
    return labelled.test(normal) || onX.test(normal) || opensSentence(word, after);
  }
  const spaced = /(?:^|[\s(«"“'،,])(?<letters>و?(?:\p{L}\p{M}*\.\s)+\p{L}\p{M}*)$/u.exec(before)?.groups?.['letters'];
  const abbreviation = spaced ?? word;
  if (dotted.test(abbreviation)) {
    if (clockTime.test(abbreviation)) return /^\p{Lu}/u.test(after) && !dayOrMonth.test(after);
    return opensSentence(word, after);
  }
  if (latinTitle.test(word)) return false;
  if (beforeNumber.test(word)) return !/^\p{N}/u.test(after);
  if (company.test(word)) return opensSentence(word, after);
  return true;
}

/** One letter, perhaps behind "and" as in "ود. منى". */
function isLetter(word: string): boolean {
  return /^(?:و?\p{Script=Arabic}\p{M}*ـ?|\p{Lu}|\p{Script=Cyrillic})$/u.test(word) && /\p{L}/u.test(word);
}

function opensSentence(word: string, after: string): boolean {
  return /\p{Script=Arabic}/u.test(word) || /^\p{Script=Arabic}/u.test(after)
    ? arabicOpener.test(normalizeArabic(after))
    : latinOpener.test(after);
}

/** "1.", "٢.", "أولًا." at the beginning of what they count. */
function isListMark(before: string): boolean {
  return /^[([]?\p{N}{1,3}$/u.test(before) || (before.length < 10 && ordinal.test(normalizeArabic(before)));
}

/** Without a space after it: an end only between words, not in 3.5, أ.ف.ب, node.js. */
function gluedStopEnds(before: string, word: string, after: string): boolean {
  const number = /\p{N}$/u.test(word);
  if (number && /^\p{N}/u.test(after)) return false;
  if (isLetter(word) || dotted.test(word)) return false;
  if (/^\p{Script=Arabic}/u.test(after)) return true;
  if (/\p{Script=Arabic}\p{M}*$/u.test(word)) return word.length > 2;
  // Two Latin words, the first not capitalised: "over.Then it", but not "Node.Js" and "www.Example.Com".
  return /(?:^|\s)\p{Ll}[\p{Ll}’']{2,}$/u.test(before) && /^\p{Lu}\p{Ll}*(?:[\s,]|$)/u.test(after);
}
