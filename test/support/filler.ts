// Sentences with no word in common, so that stories which a test makes up are never taken for one.

const letters = 'بتثجحخدذرزسشصضطظعغفقكلمن';
const wordsOfOne = 16;
const wordsOfHeadline = 4;

/** A sentence of its own for each `name`. */
export function filler(name: string | number): string {
  return `${wordsOf(name).slice(wordsOfHeadline).join(' ')}.`;
}

/** A headline of its own for each `name`, which it contains. */
export function headline(name: string | number): string {
  return `خبر ${name} ${wordsOf(name).slice(0, wordsOfHeadline).join(' ')}`;
}

function wordsOf(name: string | number): string[] {
  const seed = Buffer.from(String(name)).reduce((sum, byte) => (sum * 31 + byte) % 900_001, 7);
  return Array.from({ length: wordsOfOne }, (_, index) => word(seed * wordsOfOne + index));
}

/** Number → a word of six consonants; different numbers make different words. */
function word(number: number): string {
  let rest = number;
  return Array.from({ length: 6 }, () => {
    const letter = letters[rest % letters.length] ?? '';
    rest = Math.floor(rest / letters.length);
    return letter;
  }).join('');
}
