// The language of a text, from its letters; the feed's language decides wherever the letters leave it open.
import { scriptOf } from '../lib/text.ts';

const scripts = [
  { script: 'Arab', letter: /\p{Script=Arabic}/gu },
  { script: 'Latn', letter: /\p{Script=Latin}/gu },
  { script: 'Cyrl', letter: /\p{Script=Cyrillic}/gu },
  { script: 'Hebr', letter: /\p{Script=Hebrew}/gu },
  { script: 'Grek', letter: /\p{Script=Greek}/gu },
  { script: 'Armn', letter: /\p{Script=Armenian}/gu },
  { script: 'Syrc', letter: /\p{Script=Syriac}/gu },
  { script: 'Deva', letter: /\p{Script=Devanagari}/gu },
  { script: 'Kore', letter: /\p{Script=Hangul}/gu },
  { script: 'Jpan', letter: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu },
  { script: 'Hans', letter: /\p{Script=Han}/gu },
] as const;

const usualLanguage: Readonly<Record<string, string>> = {
  Latn: 'en',
  Cyrl: 'ru',
  Hebr: 'he',
  Grek: 'el',
  Armn: 'hy',
  Syrc: 'syr',
  Deva: 'hi',
  Kore: 'ko',
  Jpan: 'ja',
  Hans: 'zh',
};

/** Enough letters to tell; a longer text tells no more. */
const sampleCharacters = 4000;

/** The prior language stays when this share of the letters is of its script: names and quotations are often foreign. */
const priorShare = 0.4;

/**
 * The primary language subtag of `text` (`ar`, `en`, …). `prior` is the language that the feed or page declares; it
 * stays unless the letters contradict it. Without letters and without a prior: `und`.
 */
export function detectLanguage(text: string, prior: string | null): string {
  const priorSubtag = primarySubtag(prior);
  const sample = text.slice(0, sampleCharacters);
  const counts = scripts.map(({ script, letter }) => ({ script, count: sample.match(letter)?.length ?? 0 }));
  const letters = counts.reduce((sum, { count }) => sum + count, 0);
  if (letters === 0) return priorSubtag ?? 'und';

  if (priorSubtag !== null) {
    const priorScript = scriptOf(prior ?? '') ?? '';
    const ofPrior = counts.filter(({ script }) => sameScript(script, priorScript));
    if (ofPrior.reduce((sum, { count }) => sum + count, 0) >= letters * priorShare) return priorSubtag;
  }
  const most = counts.reduce((best, each) => (each.count > best.count ? each : best));
  return most.script === 'Arab' ? languageOfArabicScript(sample) : (usualLanguage[most.script] ?? 'und');
}

/** `ar-SY` → `ar`; null for what is no language tag. */
export function primarySubtag(tag: string | null): string | null {
  return /^([a-z]{2,3})(?:[-_]|$)/i.exec(tag?.trim() ?? '')?.[1]?.toLowerCase() ?? null;
}

function sameScript(script: string, priorScript: string): boolean {
  if (script === priorScript) return true;
  return script === 'Hans' && (priorScript === 'Hant' || priorScript === 'Jpan' || priorScript === 'Kore');
}

/** By the letters that only one of the languages has; Arabic where they are rare. */
function languageOfArabicScript(text: string): string {
  const share = (letters: RegExp) => (text.match(letters)?.length ?? 0) / Math.max(1, text.length);
  if (share(/[ٹڈڑںےۓ]/g) > 0.02) return 'ur';
  if (share(/[ڕڵێۆە]/g) > 0.02) return 'ckb';
  if (share(/[پچژگکی]/g) > 0.03) return 'fa';
  return 'ar';
}
