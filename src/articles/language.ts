// The language of a text: its script, then the signs and statistics of the languages in that script, then the feed's.
import { primarySubtag } from './language-tag.ts';
import { scriptOf } from '../lib/text.ts';
import { languageOfArabicScript } from './arabic-script.ts';
import { kurmanjiShare } from './kurmanji.ts';
import { letterStatistics } from './letter-statistics.ts';

const scripts = [
  { script: 'Arab', letter: /\p{Script=Arabic}/u },
  { script: 'Latn', letter: /\p{Script=Latin}/u },
  { script: 'Cyrl', letter: /\p{Script=Cyrillic}/u },
  { script: 'Hebr', letter: /\p{Script=Hebrew}/u },
  { script: 'Grek', letter: /\p{Script=Greek}/u },
  { script: 'Armn', letter: /\p{Script=Armenian}/u },
  { script: 'Geor', letter: /\p{Script=Georgian}/u },
  { script: 'Syrc', letter: /\p{Script=Syriac}/u },
  { script: 'Ethi', letter: /\p{Script=Ethiopic}/u },
  { script: 'Deva', letter: /\p{Script=Devanagari}/u },
  { script: 'Beng', letter: /\p{Script=Bengali}/u },
  { script: 'Thai', letter: /\p{Script=Thai}/u },
  { script: 'Kore', letter: /\p{Script=Hangul}/u },
  { script: 'Jpan', letter: /[\p{Script=Hiragana}\p{Script=Katakana}]/u },
  { script: 'Hans', letter: /\p{Script=Han}/u },
] as const;

type Script = (typeof scripts)[number]['script'];

const usualLanguage: Readonly<Record<Script, string>> = {
  Arab: 'ar',
  Latn: 'en',
  Cyrl: 'ru',
  Hebr: 'he',
  Grek: 'el',
  Armn: 'hy',
  Geor: 'ka',
  Syrc: 'syr',
  Ethi: 'am',
  Deva: 'hi',
  Beng: 'bn',
  Thai: 'th',
  Kore: 'ko',
  Jpan: 'ja',
  Hans: 'zh',
};

/** Enough letters to tell; a longer text tells no more. */
const maxSampleCharacters = 2000;

/**
 * Another script than Latin is the text's with this share of the letters: Latin names and quotations stand in Arabic
 * headlines, Arabic ones hardly in English headlines. A feed in Latin letters needs the second.
 */
const shareBesideLatin = 0.3;
const shareAgainstPrior = 0.5;

/** Languages in Latin letters that a newsroom of the region meets; they weigh more than the others that are known. */
const expected = new Set(['en', 'fr', 'tr', 'kmr', 'de', 'es', 'it']);
const expectedWeight = 1.1;

const priorWeight = 1.05;

/** With fewer words, or below this score (of at most 1), it is a guess, mostly at names: the feed's language stays. */
const minWords = 3;
const minScore = 0.45;
/** A prior that eld does not know stays unless another language is as clear as this. */
const clearScore = 0.65;

/**
 * The primary language subtag of `text` (`ar`, `ckb`, `kmr`, `en`, …). `prior` is the language that the feed or page
 * declares; it decides where the text leaves it open, and `ku` stands for ckb and kmr. Without letters and without a
 * prior: `und`.
 */
export function detectLanguage(text: string, prior: string | null): string {
  const priorSubtag = primarySubtag(prior);
  const sample = text.slice(0, maxSampleCharacters).normalize('NFKC');
  const script = mainScript(sample, scriptOf(prior ?? '') ?? null);
  if (script === undefined) return priorSubtag ?? 'und';
  const possible = priorSubtag !== null && isIn(priorSubtag, script) ? priorSubtag : null;
  if (script !== 'Arab') return byStatistics(sample, script, possible === 'ku' ? 'kmr' : possible);
  let scores: Readonly<Record<string, number>> | undefined;
  const statistics = (language: string) => {
    scores ??= letterStatistics().scoresOf(sample);
    // Their "ku" is Sorani.
    return scores[language === 'ckb' ? 'ku' : language] ?? 0;
  };
  return languageOfArabicScript(sample, possible === 'ku' ? 'ckb' : possible, statistics);
}

function mainScript(sample: string, priorScript: string | null): Script | undefined {
  const counts = countLetters(sample);
  const letters = counts.reduce((sum, { count }) => sum + count, 0);
  if (letters === 0) return undefined;
  const share = priorScript === 'Latn' ? shareAgainstPrior : shareBesideLatin;
  const others = counts.filter(({ script }) => script !== 'Latn');
  const first = others.reduce((best, each) => (each.count > best.count ? each : best));
  return first.count >= letters * share ? first.script : most(counts);
}

interface ScriptCount {
  script: Script;
  count: number;
}

function countLetters(sample: string): ScriptCount[] {
  const counts = scripts.map(({ script }) => ({ script, count: 0 }));
  for (let at = 0; at < sample.length; at += 1) {
    const code = sample.codePointAt(at) ?? 0;
    const index = code < firstAstral ? (scriptIndexes[code] || learnScript(code)) - 1 : scriptIndexOf(code);
    if (code >= firstAstral) at += 1;
    const counted = counts[index];
    if (counted) counted.count += 1;
  }
  return counts;
}

const firstAstral = 0x10000;
/** By the code of a letter: its script's place in the list, and 1 more; 0 while it was not met yet. */
const scriptIndexes = new Uint8Array(firstAstral);

function learnScript(code: number): number {
  return (scriptIndexes[code] = scriptIndexOf(code) + 1);
}

/** The last place and one more: of none of these scripts. */
function scriptIndexOf(code: number): number {
  const index = scripts.findIndex(({ letter }) => letter.test(String.fromCodePoint(code)));
  return index === -1 ? scripts.length : index;
}

function most(counts: readonly ScriptCount[]): Script {
  return counts.reduce((best, each) => (each.count > best.count ? each : best)).script;
}

/** Whether `language` may be written in `script`; Kurdish is in Arabic and in Latin letters. */
function isIn(language: string | null, script: Script): boolean {
  if (language === null) return false;
  if (language === 'ku') return script === 'Arab' || script === 'Latn';
  const own = language === 'kmr' ? 'Latn' : scriptOf(language);
  if (script === 'Hans' || script === 'Jpan')
    return own === 'Hans' || own === 'Hant' || own === 'Jpan' || own === 'Kore';
  return own === script;
}

function byStatistics(sample: string, script: Script, prior: string | null): string {
  const statistics = letterStatistics();
  const scores = new Map(
    Object.entries(statistics.scoresOf(sample)).filter(([language]) => language !== 'ku' && isIn(language, script)),
  );
  if (script === 'Latn') {
    const words = sample.toLowerCase().match(/\p{L}+/gu) ?? [];
    if (prior !== null && words.length < minWords) return prior;
    scores.set('kmr', kurmanjiScore(words));
  }

  let best = usualLanguage[script];
  let bestScore = 0;
  for (const [language, score] of scores) {
    const weighted =
      score *
      (script === 'Latn' && expected.has(language) ? expectedWeight : 1) *
      (language === prior ? priorWeight : 1);
    if (weighted > bestScore) [best, bestScore] = [language, weighted];
  }
  if (prior === null) return best;
  return bestScore >= (prior === 'kmr' || statistics.knows(prior) ? minScore : clearScore) ? best : prior;
}

/** On the scale of eld's scores, of which a sentence in its language has .6 to .8. */
function kurmanjiScore(words: readonly string[]): number {
  const share = kurmanjiShare(words);
  return share === 0 ? 0 : 0.3 + 0.9 * share;
}
