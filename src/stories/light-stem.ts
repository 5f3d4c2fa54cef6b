// Words cut to a stem that survives inflection, so that two newsrooms' wordings of one event share terms.
import { normalizeArabic } from '../lib/arabic.ts';

const arabicWord = /^\p{Script=Arabic}/u;

/**
 * The stem of one word in its normal form (lib/arabic.ts). `isKnown` says which Arabic stems are common in news: they
 * are not cut further, so that وزير and بيان keep their first letter while بدمشق does not.
 */
export function lightStem(word: string, isKnown: (stem: string) => boolean): string {
  return arabicWord.test(word) ? arabicStem(word, isKnown) : latinStem(word);
}

/** Endings on one word: a plural or feminine one, a relation (ي) and a pronoun. */
const maxEndings = 3;
const ending = /(?<=\p{L}{3})(?:ها|هم|هن|ات|ون|ين|وا)$|(?<=\p{L}{4})ان$|(?<=\p{L}{3})[هةياتء]$/u;
const article = /^(?:[وف]?(?:[بك]?ال|لل)|لل)(?=\p{L}{2})/u;
const oneLetter = /^[وفبكل](?=\p{L}{3})/u;
/** More than can be written onto a word: what remains of a name must not depend on what stood before it. */
const maxOneLetters = 4;

function arabicStem(word: string, isKnown: (stem: string) => boolean): string {
  let stem = normalizeArabic(word).replaceAll(/[ئؤ]/g, 'ء');
  for (let count = 0; count < maxEndings; count += 1) stem = stem.replace(ending, '');
  const bare = stem.replace(article, '');
  const hasArticle = bare !== stem;
  stem = bare;
  for (let count = 0; count < maxOneLetters && !isKnown(withoutLongVowels(stem)); count += 1) {
    const rest = stem.replace(oneLetter, '');
    // Of an unknown name the letter goes in any case: its first letter is lost, but كرمانشاه and بكرمانشاه meet.
    if (rest.length < 4 && (hasArticle || !isKnown(rest))) break;
    stem = rest;
  }
  return withoutLongVowels(stem);
}

/** قتيل, قتلى → قتل; صاروخ, صواريخ → صرخ: most broken plurals differ only in long vowels. */
function withoutLongVowels(stem: string): string {
  const skeleton = stem.slice(0, 1) + stem.slice(1).replaceAll(/[اوي]/g, '');
  return skeleton.length >= 3 ? skeleton : stem;
}

function latinStem(word: string): string {
  const plain = word.replace(/(?<=\p{L}{3})(?:ies|ing|ers|ed|er|es|e|s|y)$/u, '');
  // stopped, stopping → stop
  return plain.length < word.length ? plain.replace(/([bdglmnprt])\1$/u, '$1') : plain;
}
