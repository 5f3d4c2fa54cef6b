// Which of the languages in Arabic letters a text is in, by the letters and small words that only some of them have.

interface Signs {
  /** Letters that this language alone has. */
  letters?: RegExp;
  words: RegExp;
}

function anyOf(words: string): RegExp {
  return new RegExp(`(?<!\\p{L})(?:${words.replaceAll(' ', '|')})(?!\\p{L})`, 'gu');
}

/** The letters of Arabic that its neighbours write otherwise, and its article. Persian typed on an Arabic keyboard has ي and ك. */
const arabicLetters = /[ةىأإيك]/gu;
const arabicWords =
  /(?<!\p{L})(?:[وفبك]?ال\p{L}{2,}|لل\p{L}{2,}|في|من|على|إلى|عن|مع|هذا|هذه|التي|الذي|بعد|قبل|بين)(?!\p{L})/gu;

/** The letters that Arabic has not and its neighbours share. */
const neighboursLetters = /[پچژگڤیکھ]/gu;

type Scored = readonly [language: string, score: number];

const neighbours: Readonly<Record<string, Signs>> = {
  fa: { words: anyOf('از به در که را این آن می است شد شود کرد با برای های ها تا بر هم نیست بود خود پس یک') },
  ur: { letters: /[ٹڈڑںےۓہ]/gu, words: anyOf('کا کی کو کر کے نے سے میں پر اور ہے') },
  ckb: { letters: /[ەێۆڕڵ]/gu, words: anyOf('لە بە بۆ کە لەگەڵ دەکات') },
  ps: { letters: /[ښځڅټډړږۍګڼې]/gu, words: anyOf('په چې کې ته') },
  ug: { letters: /[ۇۈڭ]/gu, words: anyOf('بىلەن ۋە ئۈچۈن بىر') },
};

/** A letter of one's own says more than a small word, which may be a name's; a shared letter says least. */
const letterWeight = 3;
const wordWeight = 2;
const sharedLetterWeight = 1;
/** What the feed's language counts, and a certain answer (1) of the statistics: they decide where signs are few. */
const priorWeight = 1.5;
/** Of a single word, with nobody to ask, Arabic is the usual guess. */
const usualWeight = 0.25;
const statisticsWeight = 2;
/** So much text has one of its language's own letters, where there are any; else the feed is wrong. */
const maxCharactersWithoutOwn = 20;

/**
 * The language of `text`, which is written mostly in Arabic letters; `statistics` is how likely (0 … 1) a language is
 * by its frequent letter sequences. A `prior` that has no signs here (sd, azb …) stays.
 */
export function languageOfArabicScript(
  text: string,
  prior: string | null,
  statistics: (language: string) => number,
): string {
  if (prior !== null && prior !== 'ar' && !(prior in neighbours)) return prior;
  const shared = sharedLetterWeight * countOf(text, neighboursLetters);
  const bySigns: Scored[] = [['ar', arabicSigns(text, prior)]];
  for (const [language, { letters, words }] of Object.entries(neighbours)) {
    const own = letters ? countOf(text, letters) : 0;
    const possible = !letters || own > 0 || text.length <= maxCharactersWithoutOwn;
    const score =
      shared +
      letterWeight * own +
      wordWeight * countOf(text, words) +
      (language === prior && possible ? priorWeight : 0);
    bySigns.push([language, score]);
  }
  const [first, second] = bySigns.toSorted(([, one], [, other]) => other - one) as [Scored, Scored];
  // No answer of the statistics could change that, and they are loaded only when they are asked.
  if (first[1] - second[1] > statisticsWeight) return first[0];
  return mostOf(bySigns.map(([language, score]) => [language, score + statisticsWeight * statistics(language)]));
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function arabicSigns(text: string, prior: string | null): number {
  const usual = prior === 'ar' ? priorWeight : prior === null ? usualWeight : 0;
  return usual + sharedLetterWeight * countOf(text, arabicLetters) + wordWeight * countOf(text, arabicWords);
}

/** Of equals the first. */
function mostOf(scored: readonly Scored[]): string {
  return scored.reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}
