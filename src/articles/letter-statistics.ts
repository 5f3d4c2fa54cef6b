// How likely a text is in each language by its frequent letter sequences; their table takes 80 MB, when it is needed.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { eld as Eld } from 'eld/extrasmall';

interface LetterStatistics {
  /** For each language that is possible at all, more than 0 and less than 1. */
  scoresOf(text: string): Readonly<Record<string, number>>;
  /** Whether there are statistics of the language. */
  knows(language: string): boolean;
}

let loaded: LetterStatistics | undefined;

/** Loaded at the first call: most Arabic texts are told apart without, and many newsrooms have no other. */
export function letterStatistics(): LetterStatistics {
  return (loaded ??= load());
}

function load(): LetterStatistics {
  // The package is for `import` alone, which would have to be waited for; by its path it can be had at once.
  const require = createRequire(import.meta.url);
  const { eld } = require(fileURLToPath(import.meta.resolve('eld/extrasmall'))) as { eld: typeof Eld };
  const languages = new Set(Object.values(eld.info().Languages));
  return {
    // İ in lower case is i with a dot that no statistics know.
    scoresOf: (text) => eld.detect(text.replaceAll('İ', 'i')).getScores(),
    knows: (language) => languages.has(language),
  };
}
