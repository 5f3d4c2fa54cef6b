// Tells two items of a series, a listing or a template from two reports of one event, however alike their words are.
import { words } from '../lib/arabic.ts';
import { type Comparable, inTitle } from './comparable.ts';
import { lightStem } from './light-stem.ts';
import { termsOf } from './terms.ts';
import { isCommonArabicStem } from './word-frequency.ts';

/** Terms of more than a tenth of all articles say nothing of an event. */
export const minRarity = Math.log(10);
/** An item of fewer telling terms in title and lead is too short to be known by its words: only itself is the same. */
const minTellingTerms = 8;
/** A text is known again by that many words that stand in another; fewer are a phrase that many texts may hold. */
export const minCopiedWords = 25;
/** So much of one text stands in the other: a copy, or two fillings of one template. */
const templateShare = 0.55;
/** Titles of two reports of one event are told by each other's text at least so far. */
const minTitleFound = 0.5;
const minSlotWeight = 0.3;

/** In a headline with one of these a figure is a toll, which grows while the event stays the same. */
const tollTerms = new Set(
  termsOf(
    'قتيل جريح حصيلة ضحايا مفقود نازح معتقل مصاب عالق منقذ dead injured missing toll wounded rescued displaced arrested'
      .split(' ')
      .map((word) => lightStem(word, isCommonArabicStem)),
  ),
);

/** term → its rarity: −ln of the share of articles that hold it. */
export type Rarity = (term: number) => number;

/** Whether the two are other items for sure; `verbatim` and `copiedWords` say how much of their texts is the same. */
export function isOtherItem(
  one: Comparable,
  other: Comparable,
  { verbatim, copiedWords }: { verbatim: number; copiedWords: number },
  rarity: Rarity,
): boolean {
  if (one.exact === other.exact) return false;
  if (isShort(one, rarity) || isShort(other, rarity)) return true;
  const isSeries =
    one.titleFrame === other.titleFrame && (one.titleExact !== other.titleExact || one.leadFrame === other.leadFrame);
  if (isSeries && !titleTerms(one).some((term) => tollTerms.has(term))) return true;
  // The same text under a headline that it does not tell of: what a feed writes below each of its items.
  const isTemplate = verbatim >= templateShare && (one.feed === other.feed || copiedWords < minCopiedWords);
  return isTemplate && tellsNothingOf(one, other, rarity) && tellsNothingOf(other, one, rarity);
}

/** Countries, as their peoples and most of their capitals are read too (news-synonyms.ts); none is another word as well. */
const countryTerms = termSetOf(
  `سوريا لبنان الأردن العراق فلسطين إسرائيل مصر السودان ليبيا تونس الجزائر المغرب السعودية اليمن الكويت إيران تركيا
  أفغانستان باكستان الهند الصين اليابان كوريا إندونيسيا روسيا أوكرانيا بيلاروسيا بولندا فرنسا بريطانيا إيطاليا إسبانيا
  قبرص هولندا السويد النرويج بلجيكا سويسرا أمريكا كندا المكسيك كولومبيا البرازيل إثيوبيا إريتريا الصومال كينيا نيجيريا
  السنغال أذربيجان أرمينيا كازاخستان syria lebanon jordan iraq israel egypt sudan libya tunisia algeria morocco yemen
  kuwait iran turkey afghanistan pakistan india china japan korea russia ukraine poland germany france britain italy
  spain greece sweden canada mexico brazil ethiopia somalia kenya nigeria australia`,
);
const cityTerms = termSetOf(
  `حلب حمص إدلب السويداء اللاذقية طرطوس الحسكة القامشلي عفرين منبج تدمر النبطية بعلبك أربيل النجف كربلاء الأنبار ديالى
  دهوك الفلوجة البصرة إربد غزة رفح نابلس طولكرم أريحا حيفا يافا الإسكندرية السويس بنغازي طبرق صفاقس القيروان بنزرت جندوبة
  عدن تعز دبي أبوظبي جدة مكة الدمام أصفهان شيراز تبريز إسطنبول إزمير كابل قندهار خاركيف أوديسا مدريد برشلونة ميونخ
  بروكسل نيويورك تكساس كاليفورنيا فلوريدا شيكاغو manchester leeds liverpool birmingham glasgow edinburgh bristol dublin
  boston houston miami seattle denver atlanta toronto sydney melbourne mumbai delhi karachi lahore gaza rafah aleppo
  homs benghazi kharkiv odesa texas california florida chicago munich barcelona madrid istanbul`,
);

/**
 * Each headline names a country that the other article does not know, or each a city: alike as they may be, they tell
 * of two events. (A country and a city may well be one place.)
 */
export function isElsewhere(one: Comparable, other: Comparable): boolean {
  return [countryTerms, cityTerms].some(
    (places) => namesUnknown(places, one, other) && namesUnknown(places, other, one),
  );
}

function namesUnknown(places: ReadonlySet<number>, one: Comparable, other: Comparable): boolean {
  return titleTerms(one).some((term) => places.has(term) && !other.terms.includes(term));
}

function termSetOf(text: string): ReadonlySet<number> {
  const stems = words(text).map((word) => lightStem(word, isCommonArabicStem));
  return new Set(stems.flatMap((stem) => termsOf([stem])));
}

function isShort({ terms }: Comparable, rarity: Rarity): boolean {
  let telling = 0;
  // Nearly all have so many among their first terms.
  for (let index = 0; index < terms.length && telling < minTellingTerms; index += 1) {
    if (rarity(terms[index] as number) > minRarity) telling += 1;
  }
  return telling < minTellingTerms;
}

function titleTerms({ terms, counts }: Comparable): number[] {
  const inTitles: number[] = [];
  for (let index = 0; index < terms.length; index += 1) {
    if ((counts[index] as number) >= inTitle) inTitles.push(terms[index] as number);
  }
  return inTitles;
}

/** Most of what is only in the title of `one` is nowhere in `other`. */
function tellsNothingOf(one: Comparable, other: Comparable, rarity: Rarity): boolean {
  const otherTitle = new Set(titleTerms(other));
  const otherTerms = new Set(other.terms);
  let all = 0;
  let found = 0;
  for (const term of titleTerms(one)) {
    if (otherTitle.has(term)) continue;
    // A name made of a common word (الوحدات) tells as well as another what the item is of.
    const weight = Math.max(minSlotWeight, rarity(term) - minRarity);
    all += weight;
    if (otherTerms.has(term)) found += weight;
  }
  return all > 0 && found < minTitleFound * all;
}
