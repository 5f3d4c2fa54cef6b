// Tells the reports that a newsroom writes anew each day (rates, indices, weather, daily counts, timetables) from events.
import { words } from '../lib/arabic.ts';
import { lightStem } from './light-stem.ts';
import { isCommonArabicStem } from './word-frequency.ts';

/**
 * A line is a kind of report; its cues are separated by `/`, the words of a cue by spaces. A cue is there when all its
 * words stand in the title, or in title and lead when it has two or more words.
 */
const cues = `
سعر صرف/أسعار صرف/سعر دولار/سعر ليرة/أسعار عملات/دولار شراء مبيع/سعر يورو/exchange rate
أسعار ذهب/سعر ذهب/ذهب أوقية/عيار غرام/gold ounce/gold prices
أسعار نفط/نفط برميل/خام برنت/oil barrel/brent crude
أسعار بنزين/أسعار محروقات/سعر بنزين/صفيحة بنزين/petrol prices
بورصة مؤشر/مؤشر نقطة/أسهم نقطة/بورصة تغلق/stocks points/shares index/stocks index/nasdaq
طقس/أرصاد درجات/حالة طقس/درجات حرارة/weather forecast
كورونا إصابة/كوفيد إصابة/covid cases
حصيلة 24 ساعة/حصيلة يومية/خلال ساعات ماضية
عناوين صحف/أقوال صحف/صحف صادرة/front pages
مواعيد صلاة/مواقيت صلاة/أوقات صلاة/prayer times
حصاد أخبار/أبرز أخبار/أهم أخبار/نشرة أخبار/حصاد يوم/news roundup/morning briefing
أبراج حظك/برجك/توقعات أبراج/horoscope
مواعيد مباريات/مباريات يوم/جدول مباريات/جدول ترتيب
`;

const kinds = cues
  .trim()
  .split('\n')
  .map((line) => line.split('/').map((cue) => words(cue).map((word) => lightStem(word, isCommonArabicStem))));

/** The kinds of daily report that an article may be, as numbers that are equal for equal kinds; none for most. */
export function routineKinds(titleStems: ReadonlySet<string>, allStems: ReadonlySet<string>): number[] {
  return kinds.flatMap((kind, number) =>
    kind.some((cue) => cue.every((stem) => (cue.length > 1 ? allStems : titleStems).has(stem))) ? [number] : [],
  );
}
