// Checks a summary that somebody else wrote against the article: nothing in it may come from elsewhere.
import { detectLanguage } from '../articles/language.ts';
import { primarySubtag } from '../articles/language-tag.ts';
import { normalizeArabic, words } from '../lib/arabic.ts';
import { codePoints, scriptOf, stripControls } from '../lib/text.ts';
import { calendarNames } from './calendar-names.ts';
import { splitSentences } from './sentences.ts';

/** Why a summary is not sent: it has what the article has not, or is not what was asked for. */
export type Refusal = 'number' | 'date' | 'name' | 'quotation' | 'language' | 'length' | 'form';

interface Grounds {
  headline: string;
  body: string;
  /** The language asked for, a BCP 47 tag. */
  language: string;
  maxCharacters: number;
}

const maxSentences = 3;

/**
 * The first reason to refuse `summary`; undefined when every number, date, address, Latin or quoted name of it is in the
 * article.
 */
export function refusalOf(summary: string, { headline, body, language, maxCharacters }: Grounds): Refusal | undefined {
  if (codePoints(summary) > maxCharacters) return 'length';
  if (!hasPlainForm(summary) || splitSentences(summary, language).length > maxSentences) return 'form';
  if (!isIn(detectLanguage(summary, null), primarySubtag(language))) return 'language';

  const article = `${headline}\n${body}`;
  const knownNumbers = numbersOf(article);
  if (numbersIn(summary).some((number) => number.isDisjointFrom(knownNumbers))) return 'number';
  if (!calendarNames(summary).isSubsetOf(calendarNames(article))) return 'date';
  const articleWords = words(article);
  if (!quotationsIn(summary).every((quotation) => occurs(words(quotation), articleWords))) return 'quotation';
  const addresses = addressesIn(summary);
  if (addresses.length > 0 && !new Set(addresses).isSubsetOf(new Set(addressesIn(article)))) return 'name';
  const known = new Set(articleWords);
  return latinNamesIn(summary, language).every((name) => known.has(name)) ? undefined : 'name';
}

/** Plain sentences: no Markdown, no list, no paragraphs, no talk about the summary. */
function hasPlainForm(summary: string): boolean {
  if (/\n|[*_`#]{2}|^[#>*•·-]\s|`|\]\(|<\/?\p{L}/u.test(summary.trim())) return false;
  return !/^[^\p{L}]*(?:(?:here (?:is|are)|sure|certainly|of course|summary|in summary|the summary|this article)(?!\p{L})|(?:ال)?(?:ملخص|خلاصة|موجز)(?: المقال| الخبر)?\s*[:：]|اليك|اليكم|فيما يلي|بالتاكيد|بالطبع)/u.test(
    normalizeArabic(summary),
  );
}

/** "ku" is what feeds call either of the two. */
function isIn(detected: string, asked: string | null): boolean {
  return detected === asked || (asked === 'ku' && (detected === 'kmr' || detected === 'ckb'));
}

/**
 * The numbers of a text, each in every way it may be meant: "1.250" is 1250 or 1.25. The parts of a date or a score
 * ("5/6/2020", "3-1") are numbers by themselves; number words are left alone.
 */
function numbersIn(text: string): Set<string>[] {
  return numerals(text).map((numeral) => readings(isSpaced(numeral) ? numeral.replaceAll(' ', '') : numeral));
}

/** Everything that numbersIn may find in a text that says the same: "1 250 000" may also be three numbers. */
function numbersOf(text: string): Set<string> {
  const apart = numerals(text).flatMap((numeral) => numeral.split(' ').map(readings));
  return new Set([...numbersIn(text), ...apart].flatMap((each) => [...each]));
}

function numerals(text: string): string[] {
  const normal = normalizeArabic(text).replaceAll('٫', '.').replaceAll(/[٬’']/g, ',');
  return (normal.match(/\d+(?:[.,]\d+)*(?: \d{3}(?![\d.,]))*/g) ?? []).flatMap((found) =>
    isSpaced(found) ? [found] : found.split(' '),
  );
}

function isSpaced(numeral: string): boolean {
  return /^\d{1,3}(?: \d{3})+$/.test(numeral);
}

/** No number of the news has more digits; what is longer is compared as it stands. */
const maxNumeralCharacters = 40;

function readings(number: string): Set<string> {
  if (number.length > maxNumeralCharacters) return new Set([number]);
  const both = new Set<string>();
  if (/^\d{1,3}([.,])\d{3}(?:\1\d{3})*$/.test(number)) both.add(withoutZeros(number.replaceAll(/[.,]/g, '')));
  // 1,250.5 and 1.250,5
  const grouped = /^\d{1,3}(?:(?:,\d{3})+\.|(?:\.\d{3})+,)\d+$/.test(number);
  if (grouped) {
    const point = Math.max(number.lastIndexOf('.'), number.lastIndexOf(','));
    both.add(withoutZeros(`${number.slice(0, point).replaceAll(/[.,]/g, '')}.${number.slice(point + 1)}`));
  }
  if (/^\d+(?:[.,]\d+)?$/.test(number)) both.add(withoutZeros(number.replace(',', '.')));
  // 10.30.15, 2.0.1: as it is written.
  if (both.size === 0) both.add(number);
  return both;
}

/** "05" → "5", "1.250" → "1.25", "3.0" → "3". */
function withoutZeros(number: string): string {
  const whole = number.replace(/^0+(?=\d)/, '');
  return whole.includes('.') ? whole.replace(/\.?0+$/, '') : whole;
}

/** What stands in quotation marks: a name, or somebody's words. */
function quotationsIn(text: string): string[] {
  return [...text.matchAll(/«([^«»]*)»|“([^“”]*)”|„([^„“]*)“|"([^"]*)"|(?<!\p{L})‘([^‘’]*)’/gu)].map((match) =>
    match.slice(1).join(''),
  );
}

/**
 * What messengers make a link of: an @name, a scheme, a host with a dot. Each with all that is written up to the next
 * space, for a longer address leads elsewhere. (A one-letter title before an Arabic name, "د.سامي", is none.)
 */
function addressesIn(text: string): string[] {
  const parts = stripControls(text).normalize('NFKC').match(/\S+/g) ?? [];
  return parts.flatMap((part) => {
    const isAddress = /@[\p{L}\p{N}_]|:\/\/|[^.]\.(?:[a-z]{2}|xn--)|[\p{L}\p{N}_-]{2}\.\p{L}{2}/iu.test(part);
    return isAddress ? (/[\p{L}\p{N}@](?:.*[\p{L}\p{N}/_])?/u.exec(part) ?? []) : [];
  });
}

function occurs(wanted: readonly string[], all: readonly string[]): boolean {
  return all.some((_, start) => wanted.every((word, offset) => all[start + offset] === word)) || wanted.length === 0;
}

/**
 * The Latin words that name something, in their normal form: every Latin word of a text in another script; in a Latin
 * text the capitalised ones, but of a sentence's first word only when a second capitalised word follows it.
 */
function latinNamesIn(text: string, language: string): string[] {
  const latin = /\p{Script=Latin}[\p{Script=Latin}\p{M}\p{N}]*/gu;
  if (scriptOf(language) !== 'Latn') return words((text.match(latin) ?? []).join(' '));
  return splitSentences(text, language).flatMap((sentence) => {
    const found = [...sentence.matchAll(latin)].map(([word]) => word);
    const isName = (word: string | undefined) => word !== undefined && /^\p{Lu}/u.test(word) && word !== 'I';
    const names = found.filter((word, index) => isName(word) && (index > 0 || isOpeningName(word, found[1])));
    return words(names.join(' '));
  });
}

const openingWords = new Set(
  words('a an the this that these those in on at by for from of to as after before his her its their'),
);

function isOpeningName(word: string, next: string | undefined): boolean {
  return next !== undefined && /^\p{Lu}/u.test(next) && !openingWords.has(words(word)[0] ?? '');
}
