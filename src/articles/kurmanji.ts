// How much a text in Latin letters looks like Kurmanji, which the detector of languages does not know.

/** Words that no neighbouring language has, besides all words with ê, î or û. */
const sureWords = new Set(
  'ji xwe dike dikin dibe kirin kir hatin hate çima bajar welat roj rojan zarok heye dest sala'.split(' '),
);
/** Words that other languages have as well. */
const likelyWords = new Set(
  'li di bi ku ya her hat ne de da ser nav ber bo ev ew wan ket bike hemû du sed an in e re ve'.split(' '),
);

const ownLetter = /[êîû]/;
const foreignLetter = /[^a-zçêîşû]/;
const ownForm = /(?:(?:kirin|tin)(?:a|an|ê|ên)?|istan|eke|iya|xw\p{L}*|an)$/u;

const sure = 1;
const likely = 0.5;
const likelyByForm = 0.25;
/** A word with é, ı, ö … is of another language. */
const foreign = -1;

/** 0 … 1: the share of the words that are Kurmanji, those of doubt counting in part. `words` are in lower case. */
export function kurmanjiShare(words: readonly string[]): number {
  // "di … de" and "di … da" go around a noun.
  const circumposed = words.includes('di') && (words.includes('de') || words.includes('da'));
  const sum = words.reduce((total, word) => total + (circumposed && /^d[iea]$/.test(word) ? sure : evidence(word)), 0);
  return Math.max(0, sum) / Math.max(1, words.length);
}

function evidence(word: string): number {
  if (foreignLetter.test(word)) return foreign;
  if (sureWords.has(word) || ownLetter.test(word)) return sure;
  if (likelyWords.has(word)) return likely;
  return ownForm.test(word) ? likelyByForm : 0;
}
