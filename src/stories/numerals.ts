// Reads a number in figures in every way in which it may be meant: "1.250" is 1250 or 1.25.

/** No number of the news has more digits; what is longer is compared as it stands. */
const maxNumeralCharacters = 40;

/** The values of `number`, digits with points and commas, in one spelling each: "05" is "5", "3.0" is "3". */
export function readings(number: string): Set<string> {
  if (number.length > maxNumeralCharacters) return new Set([number]);
  const both = new Set<string>();
  if (/^\d{1,3}([.,])\d{3}(?:\1\d{3})*$/.test(number)) both.add(withoutZeros(number.replaceAll(/[.,]/g, '')));
  // 1,250.5 and 1.250,5
  const grouped = /^\d{1,3}(?:(?:,\d{3})+\.|(?:\.\d{3})+,)\d+$/.test(number);
  if (grouped) {
    const point = Math.max(number.lastIndexOf('.'), number.lastIndexOf(','));
    both.add(withoutZeros(`${number.slice(0, point).replaceAll(/[.,]/g, '')}.${number.slice(point + 1)}`));
  }
  if (/^\d+(?:[.,]\d+)?$/.test(number)) both.add(withoutZeros(number.replace(',', '.')));
  // 10.30.15, 2.0.1: as it is written.
  if (both.size === 0) both.add(number);
  return both;
}

/** "05" → "5", "1.250" → "1.25", "3.0" → "3". */
function withoutZeros(number: string): string {
  const whole = number.replace(/^0+(?=\d)/, '');
  return whole.includes('.') ? whole.replace(/\.?0+$/, '') : whole;
}
