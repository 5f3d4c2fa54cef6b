// Reads the quantities of a text, in figures and in words, so that two texts can be compared by what they count.
import { normalizeArabic } from '../lib/arabic.ts';
import { readings } from './numerals.ts';

/** No text is compared by more of its quantities. */
const maxQuantities = 5000;

function table(...rows: readonly (readonly [value: number, names: string])[]): Map<string, number> {
  return new Map(rows.flatMap(([value, names]) => names.split(' ').map((name) => [normalizeArabic(name), value])));
}

const units = table(
  [1, 'واحد واحدة one'],
  [2, 'اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي two'],
  [3, 'ثلاثة ثلاث three'],
  [4, 'أربعة أربع four'],
  [5, 'خمسة خمس five'],
  [6, 'ستة ست six'],
  [7, 'سبعة سبع seven'],
  [8, 'ثمانية ثماني ثمان eight'],
  [9, 'تسعة تسع nine'],
);
const others = table(
  [10, 'عشرة عشر ten'],
  [11, 'eleven'],
  [12, 'twelve dozen'],
  [13, 'thirteen'],
  [14, 'fourteen'],
  [15, 'fifteen'],
  [16, 'sixteen'],
  [17, 'seventeen'],
  [18, 'eighteen'],
  [19, 'nineteen'],
);
const tens = table(
  [20, 'عشرون عشرين twenty'],
  [30, 'ثلاثون ثلاثين thirty'],
  [40, 'أربعون أربعين forty'],
  [50, 'خمسون خمسين fifty'],
  [60, 'ستون ستين sixty'],
  [70, 'سبعون سبعين seventy'],
  [80, 'ثمانون ثمانين eighty'],
  [90, 'تسعون تسعين ninety'],
);
const hundreds = table(
  [100, 'مئة مائة ميه'],
  [200, 'مئتان مئتين مائتان مائتين مئتا مئتي مائتا مائتي'],
  ...(['ثلاث', 'أربع', 'خمس', 'ست', 'سبع', 'ثمان', 'تسع'] as const).map(
    (name, index) => [(index + 3) * 100, `${name}مئة ${name}مائة`] as const,
  ),
);
/** Two of a scale, in one word. */
const duals = table(
  [2e3, 'ألفان ألفين ألفا ألفي'],
  [2e6, 'مليونان مليونين مليونا مليوني'],
  [2e9, 'ملياران مليارين مليارا ملياري'],
);
const scales = table(
  [100, 'hundred مئة مائة'],
  [1e3, 'ألف ألفا آلاف thousand هزار ہزار هەزار'],
  [1e5, 'لاکھ lakh'],
  [1e6, 'مليون مليونا ملايين million mn میلیون ملین ملیۆن milyon'],
  [1e7, 'کروڑ crore'],
  [1e9, 'مليار مليارا مليارات بليون بلايين billion bn میلیارد ارب ملیار milyar milliard'],
  [1e12, 'تريليون تريليونات ترليون trillion tn trn'],
);
const plurals = table([2, 'lakhs'], [1e6, 'millions'], [1e9, 'billions milliards']);
/** More than one can say: how much that is, by its size. */
const vague = table(
  [10, 'عشرات dozens tens'],
  [100, 'مئات مائات hundreds'],
  [1e3, 'آلاف ألوف thousands'],
  [1e6, 'ملايين millions'],
  [1e9, 'مليارات billions'],
);
/** Scales that are glued to a figure: "$5m". */
const suffixes = table([1e3, 'k'], [1e6, 'm mn'], [1e9, 'b bn'], [1e12, 'tn']);
const times = new Set(['اضعاف', 'ضعف', 'ضعفا', 'times', 'fold', 'مرات']);

interface Token {
  text: string;
  isNumeral: boolean;
  /** Where it begins and ends. */
  at: number;
  end: number;
}

/** What one place of a text may count, each with its unit: "5", "5000000", "3.5%", "3×". */
interface Quantity {
  values: Set<string>;
  /** Of "hundreds" and its like, the scale. */
  vague?: number;
  /** Words for one and two are no claim. */
  isSmall: boolean;
}

/**
 * Whether all that `summary` counts is counted in `article` too: the same number with the same scale, percent or
 * "times". "Hundreds" may also stand for a number of that size.
 */
export function hasItsQuantities(summary: string, article: string): boolean {
  const found = quantitiesIn(article, true);
  const known = new Set(found.flatMap(({ values }) => [...values]));
  const sizes = [...known].map(Number).filter((size) => Number.isFinite(size) && !isYear(size));
  return quantitiesIn(summary, false).every(({ values, vague: scale, isSmall }) => {
    if (isSmall || !values.isDisjointFrom(known)) return true;
    return scale !== undefined && sizes.some((size) => size >= 2 * scale && size < 20 * scale);
  });
}

/** Of years no article counts so many. */
function isYear(size: number): boolean {
  return Number.isInteger(size) && size >= 1900 && size < 2100;
}

/** `apart`: a group of figures is also each of them, and a number before "to" or "and" has the next one's unit too. */
function quantitiesIn(text: string, apart: boolean): Quantity[] {
  const tokens = tokensOf(text);
  const quantities: Quantity[] = [];
  for (let index = 0; index < tokens.length && quantities.length < maxQuantities;) {
    const read = readQuantity(tokens, index);
    if (read === undefined) {
      index += 1;
      continue;
    }
    quantities.push(read.quantity);
    const token = tokens[index] as Token;
    if (apart && token.isNumeral) {
      const single = token.text.includes(' ') ? token.text.split(' ').flatMap((part) => [...readings(part)]) : [];
      quantities.push({ values: new Set([...single, ...rangeValues(tokens, index)]), isSmall: true });
    }
    index = read.next;
  }
  return quantities;
}

/** "5-10 million", "بين 5 و10 ملايين": the first with the second's scale. */
function rangeValues(tokens: readonly Token[], index: number): string[] {
  const [first, second, third] = tokens.slice(index, index + 3) as [Token, Token?, Token?];
  const joins = second !== undefined && !second.isNumeral && /^(?:و|الي|او|to|and|or|حتي)$/u.test(second.text);
  const other = joins ? third : second;
  if (!other?.isNumeral) return [];
  const { factor, unit } = readUnit(tokens, index + (joins ? 3 : 2), other);
  return factor === 1 && unit === '' ? [] : [...readings(first.text)].map((value) => scaled(value, factor) + unit);
}

function readQuantity(tokens: readonly Token[], index: number): { quantity: Quantity; next: number } | undefined {
  const token = tokens[index] as Token;
  if (token.isNumeral) {
    const { factor, unit, next } = readUnit(tokens, index + 1, token);
    const plain = readings(token.text.replaceAll(' ', ''));
    return {
      quantity: { values: new Set([...plain].map((value) => scaled(value, factor) + unit)), isSmall: false },
      next,
    };
  }
  const size = lookUp(vague, token.text);
  if (size !== undefined) {
    const more = tokens[index + 1];
    const scale = more && !more.isNumeral ? (lookUp(vague, more.text) ?? lookUp(scales, more.text) ?? 1) : 1;
    const of = tokens[index + 1]?.text === 'of' ? (lookUp(vague, tokens[index + 2]?.text ?? '') ?? 1) : 1;
    const all = size * scale * of;
    const next = index + (of > 1 ? 3 : scale > 1 ? 2 : 1);
    return { quantity: { values: new Set([`~${all}`]), vague: all, isSmall: false }, next };
  }
  const spelled = readSpelled(tokens, index);
  if (spelled === undefined) return undefined;
  const { factor, unit, next } = readUnit(tokens, spelled.next, undefined);
  const value = spelled.value * factor;
  return { quantity: { values: new Set([String(value) + unit]), isSmall: value <= 2 && unit === '' }, next };
}

/** The scales and the unit from `index` on; a suffix only where it is glued to `figure`. */
function readUnit(tokens: readonly Token[], index: number, figure: Token | undefined) {
  let factor = 1;
  let next = index;
  for (;;) {
    const token = tokens[next];
    if (token === undefined || token.isNumeral) break;
    const suffix = figure?.end === token.at ? suffixes.get(token.text) : undefined;
    const scale = suffix ?? scales.get(token.text) ?? plurals.get(token.text);
    if (scale === undefined || factor * scale > 1e15) break;
    factor *= scale;
    next += 1;
  }
  const [first = '', second = ''] = tokens.slice(next, next + 2).map(({ text }) => text);
  if (/^(?:[%٪]|percent|pct|بالمئة|بالمائة|بالميه|درصد|فيصد)$/u.test(first))
    return { factor, unit: '%', next: next + 1 };
  if (/^(?:في ال(?:مئة|مائة|ميه)|per cent|لە سەدا)$/u.test(`${first} ${second}`))
    return { factor, unit: '%', next: next + 2 };
  if (times.has(first)) return { factor, unit: '×', next: next + 1 };
  return { factor, unit: '', next };
}

/** A number in words, up to 999, or a scale that stands for one of it. */
function readSpelled(tokens: readonly Token[], index: number): { value: number; next: number } | undefined {
  const word = (at: number) => (tokens[at]?.isNumeral === false ? tokens[at].text : '');
  const own = word(index);
  const hundred = lookUp(hundreds, own);
  if (hundred !== undefined) {
    const rest = joined(word(index + 1)) ? readBelowHundred(word, index + 1) : undefined;
    return { value: hundred + (rest?.value ?? 0), next: rest?.next ?? index + 1 };
  }
  const below = readBelowHundred(word, index);
  if (below !== undefined) return below;
  const dual = lookUp(duals, own);
  if (dual !== undefined) return { value: dual, next: index + 1 };
  const scale = lookUp(scales, own);
  return scale === undefined || own.length < 3 ? undefined : { value: scale, next: index + 1 };
}

function readBelowHundred(word: (at: number) => string, index: number): { value: number; next: number } | undefined {
  const own = word(index);
  const following = word(index + 1);
  const ten = lookUp(tens, own);
  if (ten !== undefined) {
    const unit = /^[a-z]/.test(own) ? units.get(following) : undefined;
    return { value: ten + (unit ?? 0), next: index + (unit === undefined ? 1 : 2) };
  }
  const unit = lookUp(units, own) ?? (/^[وفبل]?(?:احد|احدي)$/u.test(own) && /^عشرة?$/u.test(following) ? 1 : undefined);
  if (unit === undefined) {
    const other = lookUp(others, own);
    return other === undefined ? undefined : { value: other, next: index + 1 };
  }
  if (/^عشرة?$/u.test(following)) return { value: unit + 10, next: index + 2 };
  const added = joined(following) ? lookUp(tens, following) : undefined;
  return { value: unit + (added ?? 0), next: index + (added === undefined ? 1 : 2) };
}

/** Behind "and", which Arabic writes as a part of the word. */
function joined(word: string): boolean {
  return word.startsWith('و') && word.length > 2;
}

/** `word` as it is, or without its article and the particles in front of it. */
function lookUp(names: ReadonlyMap<string, number>, word: string): number | undefined {
  for (const particle of ['', ...(/^[وفبلك]/u.test(word) ? [word[0] as string] : [])]) {
    const rest = word.slice(particle.length);
    const found = names.get(rest) ?? names.get(rest.replace(/^(?:ال|ل)/u, ''));
    if (found !== undefined) return found;
  }
  return undefined;
}

function tokensOf(text: string): Token[] {
  const normal = normalizeArabic(text)
    .replaceAll('٫', '.')
    .replaceAll(/[٬’'](?=\d)/g, ',');
  const found = normal.matchAll(/(?<numeral>\d+(?:[.,]\d+)*(?: \d{3}(?![\d.,]))*)|[%٪]|[\p{L}\p{M}]{1,100}/gu);
  return [...found].flatMap((match): Token[] => {
    const at = match.index;
    const numeral = match.groups?.['numeral'];
    if (numeral === undefined) return [{ text: match[0], isNumeral: false, at, end: at + match[0].length }];
    // "5 000" is one number, "12345 678" are two.
    if (!numeral.includes(' ') || /^\d{1,3}(?: \d{3})+$/.test(numeral)) {
      return [{ text: numeral, isNumeral: true, at, end: at + numeral.length }];
    }
    return [...numeral.matchAll(/\S+/g)].map(([part], index, { length }) => {
      const end = index === length - 1 ? at + numeral.length : -1;
      return { text: part, isNumeral: true, at: -1, end };
    });
  });
}

/** A figure times its scale; what is no plain number stays as it is written. */
function scaled(value: string, factor: number): string {
  if (factor === 1 || !/^\d+(?:\.\d+)?$/.test(value)) return value;
  return String(Number((Number(value) * factor).toPrecision(12)));
}
