// Checks a summary that somebody else wrote against the article: nothing in it may come from elsewhere.
import { detectLanguage } from '../articles/language.ts';
import { primarySubtag } from '../articles/language-tag.ts';
import { normalizeArabic, words } from '../lib/arabic.ts';
import { codePoints, scriptOf, stripControls } from '../lib/text.ts';
import { calendarNames } from './calendar-names.ts';
import { hasItsQuantities } from './quantities.ts';
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
  if (!hasItsQuantities(summary, article)) return 'number';
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

/** What stands in quotation marks: a name, or somebody's words. One between letters is an apostrophe. */
function quotationsIn(text: string): string[] {
  const marks =
    /«([^«»]*)»|“([^“”]*)”|„([^„“]*)“|"([^"]*)"|‹([^‹›]*)›|(?<![\p{L}\p{N}])['‘]((?:[^'‘’]|(?<=\p{L})['’](?=\p{L}))*)['’]/gu;
  return [...text.matchAll(marks)].map((match) => match.slice(1).join(''));
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
 * text the capitalised ones, but for a sentence's first word where it is one that often opens sentences.
 */
function latinNamesIn(text: string, language: string): string[] {
  const latin = /\p{Script=Latin}[\p{Script=Latin}\p{M}\p{N}]*/gu;
  if (scriptOf(language) !== 'Latn') return words((text.match(latin) ?? []).join(' '));
  return splitSentences(text, language).flatMap((sentence) => {
    const found = [...sentence.matchAll(latin)].map(([word]) => word);
    const names = found.filter(
      (word, index) => /^\p{Lu}/u.test(word) && word !== 'I' && (index > 0 || !isOpeningWord(word)),
    );
    return words(names.join(' '));
  });
}

// English, French, German, Turkish: articles, pronouns, particles, and the people and things that news begins with.
const openingWords = new Set(
  words(`a an the this that these those in on at by for from of to as after before his her its their he she it they we you
    one two three several some many most more all both each another other such no not only about over under between among
    during since until while when where who what why how if although though because despite according also but and or yet
    still then there here now today yesterday last next first second new early late earlier later meanwhile however
    following amid with without against within across around near more than up nearly almost some least just once
    officials authorities police people residents workers farmers experts analysts officers protesters critics
    prices shares sales talks reports plans work government ministers lawmakers troops soldiers rescuers doctors
    le la les un une des du de dans sur en au aux ce cette ces il elle ils elles selon après avant pour par plus
    der die das ein eine im am nach vor bei mit für und es er sie bu bir ve için ile göre`),
);

function isOpeningWord(word: string): boolean {
  return openingWords.has(words(word)[0] ?? '');
}
