// The figures and days that a text names, in one spelling: what two reports of different days differ in.
import { normalizeArabic } from '../lib/arabic.ts';

interface Figures {
  /** Numbers without unit, as written plainly: "14", "0.8", "200000"; each once, in order. */
  numbers: string[];
  /** Days that are named: "w4" (a weekday, Sunday 0), "6-5" (month and day); each once. */
  days: string[];
}

const numberWords = new Map<string, number>();
/** From 2, for "one" counts nothing; the forms of a number are separated by `/`. */
const small = [
  'اثنان/اثنين/اثنتان/اثنتين/اثنا/اثني/two ثلاثه/ثلاثة/ثلاث/three اربعه/اربعة/اربع/four خمسه/خمسة/خمس/five سته/ستة/ست/six',
  'سبعه/سبعة/سبع/seven ثمانيه/ثمانية/ثماني/ثمان/eight تسعه/تسعة/تسع/nine عشره/عشرة/عشر/ten eleven twelve/dozen',
];
for (const [index, forms] of small.join(' ').split(' ').entries()) {
  for (const form of forms.split('/')) numberWords.set(form, index + 2);
}
for (const [index, ten] of 'عشرون ثلاثون اربعون خمسون ستون سبعون ثمانون تسعون'.split(' ').entries()) {
  numberWords.set(ten, (index + 2) * 10).set(ten.replace(/ون$/, 'ين'), (index + 2) * 10);
}

const scales = new Map<string, number>([
  ...['مءه', 'مءة', 'مئه', 'مئة', 'مائة', 'مائه', 'hundred'].map((name) => [name, 100] as const),
  ...['مئتي', 'مئتين', 'مئتان', 'مائتي', 'مئتا'].map((name) => [name, 200] as const),
  ...['الف', 'الاف', 'thousand'].map((name) => [name, 1000] as const),
  ...['الفي', 'الفين', 'الفان'].map((name) => [name, 2000] as const),
  ...['مليون', 'ملايين', 'million'].map((name) => [name, 1e6] as const),
  ...['مليار', 'مليارات', 'billion'].map((name) => [name, 1e9] as const),
]);

const weekdays = new Map<string, number>();
for (const [index, names] of [
  'الاحد sunday',
  'الاثنين monday',
  'الثلاثاء tuesday',
  'الاربعاء wednesday',
  'الخميس thursday',
  'الجمعه الجمعة friday',
  'السبت saturday',
].entries()) {
  for (const name of names.split(' ')) weekdays.set(name, index);
}

const months = new Map<string, number>();
for (const [index, names] of [
  'يناير جانفي january',
  'فبراير فيفري شباط february',
  'مارس اذار march',
  'ابريل افريل نيسان april',
  'مايو ماي ايار may',
  'يونيو يونيه جوان حزيران june',
  'يوليو يوليه جويليه جويلية تموز يوليوز july',
  'اغسطس اوت غشت اب august',
  'سبتمبر شتنبر ايلول september',
  'اكتوبر october',
  'نوفمبر نونبر november',
  'ديسمبر دجنبر december',
].entries()) {
  for (const name of names.split(' ')) months.set(name, index + 1);
}

/** 1,234.5 and 1٬234٫5 are one number; a decimal comma is read as a separator of thousands only before three digits. */
function plainNumbers(text: string): string {
  return normalizeArabic(text)
    .replaceAll(/(?<=\d)[,٬،](?=\d{3}(?!\d))/g, '')
    .replaceAll(/(?<=\d)[,٫.](?=\d)/g, '·');
}

/** `words` (lib/arabic.ts) with `#` in the place of each figure and day: what two items of one series have in common. */
export function frameOf(words: readonly string[]): string {
  return words
    .map((word) => {
      const bare = word.replace(/^[وبل](?=\p{L}{3})/u, '');
      const isSlot = [word, bare].some(
        (each) => numberOf(each) !== undefined || weekdays.has(each) || months.has(each),
      );
      return isSlot ? '#' : word;
    })
    .join(' ');
}

/** Figures of the first `maxWords` words. */
export function figuresOf(text: string, maxWords: number): Figures {
  const numbers = new Set<string>();
  const days = new Set<string>();
  const all = (plainNumbers(text).match(/\d+(?:·\d+)*|\p{L}+/gu) ?? []).slice(0, maxWords);
  for (let index = 0; index < all.length; index += 1) {
    const token = all[index] ?? '';
    const weekday = weekdays.get(token) ?? weekdays.get(token.replace(/^[وبل]/, ''));
    if (weekday !== undefined) days.add(`w${weekday}`);
    let value = numberOf(token);
    if (value === undefined) {
      const scale = scales.get(token.replace(/^(?:ب|و)/, ''));
      // "a thousand", "a million" without a number before it are mostly no figures: "thousands fled".
      if (scale === undefined || ![100, 200, 2000].includes(scale)) continue;
      value = scale;
    }
    const month = months.get(all[index + 1] ?? '');
    if (month !== undefined && value >= 1 && value <= 31) {
      days.add(`${month}-${value}`);
      index += 1;
      continue;
    }
    for (let scale = scales.get(all[index + 1] ?? ''); scale !== undefined; scale = scales.get(all[index + 1] ?? '')) {
      value *= scale;
      index += 1;
    }
    numbers.add(String(Number(value.toPrecision(12))));
  }
  return { numbers: [...numbers], days: [...days] };
}

function numberOf(token: string): number | undefined {
  if (/^\d/.test(token)) {
    const [whole = '', ...rest] = token.split('·');
    return rest.length > 1 || whole.length > 12 ? undefined : Number(`${whole}.${rest[0] ?? '0'}`);
  }
  return numberWords.get(token) ?? numberWords.get(token.replace(/^[وب]/, ''));
}
