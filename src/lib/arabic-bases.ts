// The bases of an Arabic word: what it may be without the particles, pronouns and endings that are written onto it.
import { brokenPlurals } from './arabic-plurals.ts';
import { closedWords, countedNouns, countryInYa, noFeminine, ownFirstLetter } from './arabic-words.ts';

/** Longer "words" are no words: they stay as they are. */
const maxLetters = 30;
/** Fewer letters are mostly an accident: after و ف ب ل ك; after the article; before a pronoun; before ان, ون, ين. */
const minAfterLetter = 3;
const minAfterArticle = 2;
const minBeforePronoun = 3;
const minBeforeEnding = 4;

/** ؤ ئ ء are one letter to us: its seat changes with the ending (أبناء, أبنائه, أبناؤه) and the country (مسؤول, مسئول). */
function foldHamza(normalWord: string): string {
  return normalWord.replaceAll(/[ؤء]/g, 'ئ');
}

/** The Levant writes أميركا what others write أمريكا. */
const levantineAmerica = /^([وفبلك]{0,2}(?:ال|ل)?)اميرك/;

function fold(normalWord: string): string {
  return foldHamza(normalWord).replace(levantineAmerica, '$1امريك');
}

/** Syria in both spellings; with the article it is the adjective. */
const syria = ['سورية', 'سوريه', 'سوريا'];

const singulars = new Map<string, string[]>();
for (const entry of brokenPlurals.trim().split(/[|\n]/)) {
  const [singular = '', ...plurals] = foldHamza(entry).replaceAll('أ', 'ا').split(' ');
  for (const plural of plurals) singulars.set(plural, [...(singulars.get(plural) ?? []), singular]);
}

/** The word and its rests without proclitics: و ف ب ل ك ال لل and their combinations (وال، بال، ولل …). */
function withoutProclitics(word: string, hasOwnFirstLetter: (word: string) => boolean): Set<string> {
  const bases = new Set([word]);
  let rest = word;
  const addRest = () => {
    if (rest.length >= minAfterLetter) bases.add(rest);
    if (syria.includes(rest)) bases.add('سوريا');
  };
  const addWithoutArticle = () => {
    if (rest.length < minAfterArticle + 2 || closedWords.has(rest)) return;
    if (rest.startsWith('ال')) bases.add(rest.slice(2));
    // ل before the article swallows its alef: ل + الحكومة = للحكومة, ل + الليرة = لليرة.
    if (rest.startsWith('لل'))
      bases
        .add(rest.slice(2))
        .add(`ال${rest.slice(2)}`)
        .add(`ال${rest.slice(1)}`);
  };
  addRest();
  addWithoutArticle();
  for (const letters of ['وف', 'بلك']) {
    if (!letters.includes(rest[0] ?? ' ') || hasOwnFirstLetter(rest)) continue;
    rest = rest.slice(1);
    addRest();
    addWithoutArticle();
  }
  return bases;
}

const someEnding = /(?:ات|ين|ان|ون|ت?(?:ها|هم|هن|ه|نا|كم)|ة|ا)$/;

function withOwnFirstLetter(word: string): boolean {
  return ownFirstLetter.has(word) || ownFirstLetter.has(word.replace(someEnding, ''));
}

const pronoun = /(?:ها|هما|هم|هن|كم|نا|ه)$/;

/** Without a pronoun: حكومتها → حكومة, قراراتهم → قرارات, مستواه → مستوي. */
function withoutPronoun(stem: string): string[] {
  const end = pronoun.exec(stem)?.index ?? 0;
  if (end < minBeforePronoun) return [];
  const rest = stem.slice(0, end);
  if (rest.endsWith('ت')) return [rest, `${rest.slice(0, -1)}ة`];
  if (rest.endsWith('ا')) return [`${rest.slice(0, -1)}ي`];
  return [rest];
}

/** Without the endings of number, case and gender: شركات → شركة, لاجئين → لاجئ, سياسية → سياسي. */
function withoutEnding(stem: string): string[] {
  const rest = stem.slice(0, -2);
  switch (stem.slice(-2)) {
    case 'ات':
      return withoutAt(rest);
    case 'ان':
    case 'ين':
      return rest.endsWith('ت') && rest.length >= minBeforePronoun
        ? [`${rest.slice(0, -1)}ة`, ...long(rest)]
        : long(rest);
    case 'ون':
      return long(rest);
    case 'تي':
      return rest.length >= minBeforeEnding ? [`${rest}ة`] : [];
    default:
      return withoutLetter(stem, stem.slice(0, -1));
  }
}

function long(rest: string): string[] {
  return rest.length >= minBeforeEnding || countedNouns.has(rest) ? [rest] : [];
}

function withoutAt(rest: string): string[] {
  if (rest.length < 2) return [];
  // قنوات, and منشآت without its madda.
  const singulars = [`${rest}ة`, `${rest.endsWith('و') ? rest.slice(0, -1) : rest}اة`];
  const isMasculine = rest.length >= minBeforeEnding && !/[يو]$/.test(rest) && !noFeminine.has(`${rest}ة`);
  return isMasculine ? [...singulars, rest] : singulars;
}

function withoutLetter(stem: string, rest: string): string[] {
  switch (stem.at(-1)) {
    // The indefinite accusative: قرارا, رسميا.
    case 'ا':
      return rest.length >= minBeforePronoun && !countryInYa.test(stem) ? [rest, ...(singulars.get(rest) ?? [])] : [];
    case 'ة':
      return isFeminine(stem, rest) ? [rest] : [];
    // The plural before its genitive: لاعبو المنتخب, مسؤولي الحكومة. Shorter words in ي are mostly adjectives: مركزي.
    case 'و':
      return long(rest);
    case 'ي':
      return stem.startsWith('م') && rest.length > minBeforeEnding ? [rest] : [];
    default:
      return [];
  }
}

/** Relative adjectives, participles, فعيل and فاعل have feminines: سورية, مختلفة, كبيرة, طالبة. */
function isFeminine(stem: string, rest: string): boolean {
  if (noFeminine.has(stem)) return false;
  return rest.endsWith('ي') ? rest.length >= minBeforePronoun : /^(?:م.{3,}|..ي.|.ا..)$/.test(rest);
}

/** ه at the end is often a ة whose dots were left out (غزه). */
function withTa(base: string): string | undefined {
  return base.endsWith('ه') && base.length >= minBeforePronoun ? `${base.slice(0, -1)}ة` : undefined;
}

function addInflections(stem: string, bases: Set<string>): void {
  if (closedWords.has(stem)) return;
  const ta = withTa(stem);
  if (ta !== undefined) bases.add(ta);
  for (const whole of [stem, ...withoutPronoun(stem)]) {
    bases.add(whole);
    for (const singular of singulars.get(whole) ?? []) bases.add(singular);
    for (const base of withoutEnding(whole)) bases.add(base);
  }
}

/**
 * Everything that a word may be as a proper name, itself first: names take proclitics but no pronouns (ولدمشق → دمشق).
 * `normalWord` is one of `words` (lib/arabic.ts), as everywhere in this file.
 */
export function nameBases(normalWord: string): string[] {
  if (normalWord.length > maxLetters) return [normalWord];
  const bases = withoutProclitics(fold(normalWord), withOwnFirstLetter);
  for (const base of bases) {
    const ta = withTa(base);
    if (ta !== undefined) bases.add(ta);
  }
  return [...bases];
}

/** Everything that a word may be a form of, itself first: ولحكوماتها → حكومات, حكومة. */
export function wordBases(normalWord: string): string[] {
  return inflected(normalWord, withOwnFirstLetter);
}

/** As `wordBases`, for a word whose neighbours tell as well: in "بعيد الأضحى" the ب is no part of the word. */
export function wordBasesInPhrase(normalWord: string): string[] {
  return inflected(normalWord, () => false);
}

function inflected(normalWord: string, hasOwnFirstLetter: (word: string) => boolean): string[] {
  if (normalWord.length > maxLetters) return [normalWord];
  const stems = withoutProclitics(fold(normalWord), hasOwnFirstLetter);
  const bases = new Set(stems);
  for (const stem of stems) addInflections(stem, bases);
  return [...bases];
}

/** The bases of a word inside a phrase: it may have the article and endings, but nothing that joins it to the phrase. */
export function laterBases(normalWord: string): string[] {
  if (normalWord.length > maxLetters) return [normalWord];
  const word = fold(normalWord);
  const bases = new Set([word]);
  addInflections(word, bases);
  if (word.startsWith('ال') && word.length >= minAfterArticle + 2) addInflections(word.slice(2), bases);
  return [...bases];
}

/** How a keyword's word is looked up among the bases of a name. */
export function nameKeys(normalWord: string): string[] {
  const word = fold(normalWord);
  if (syria.includes(word)) return [word, 'سوريا'];
  const ta = withTa(word);
  return ta === undefined ? [word] : [word, ta];
}

/** How a keyword's word is looked up among the bases of words: also without its article, and in the singular. */
export function wordKeys(normalWord: string): string[] {
  const word = fold(normalWord);
  const stem = word.startsWith('ال') && word.length > minAfterArticle + 2 ? word.slice(2) : word;
  const keys = new Set([...nameKeys(word), ...nameKeys(stem)]);
  for (const singular of singulars.get(stem) ?? []) keys.add(singular);
  if (isPluralOfItsSingular(stem)) for (const base of withoutEnding(stem)) keys.add(base);
  return [...keys];
}

/** صادرات are exports, صادرة is "issued": the plural of a participle is mostly a word of its own, and so is قوات. */
function isPluralOfItsSingular(stem: string): boolean {
  const rest = stem.slice(0, -2);
  if (/[وي]ن$/.test(stem)) return true;
  if (!stem.endsWith('ات') || rest.length < minAfterLetter) return false;
  return !/^(?:م.{3,}|.ا..)$/.test(rest) || noFeminine.has(`${rest}ة`);
}
