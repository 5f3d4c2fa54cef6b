// How common a stem is in news at large, so that a fresh index already knows which words say little.
import { words } from '../lib/arabic.ts';
import { lightStem } from './light-stem.ts';
import { arabicTable, englishTable } from './word-frequency-table.ts';

const arabic = parse(arabicTable);
const english = parse(englishTable);

/**
 * Function words of languages without a table, in normal form: a few that are in almost every text. (Persian, Urdu,
 * Sorani; Turkish, Kurmanji, French, German, Spanish.)
 */
const functionWords = new Set(
  (
    'از به در را که این با است برای ان تا بر هم یا شد شده می کرد کرده خود بود شود دو یک نیز ' +
    'کے کی میں نے سے پر اور کو ہے کا ہیں گیا بھی کہ ایک جس تھا نہیں ' +
    'له بو که ئه ئهم کرد یهک لهگهڵ ' +
    'bir ve bu ile için da de olarak icin olan en cok daha sonra gore kadar ' +
    'ji li ku di bi xwe jî ev ew hat kir ' +
    'le la les des du un une et en dans pour par sur au aux est qui que a il elle avec plus pas son ses se ont ' +
    'der die das und von zu mit den im ist auf ein eine nach el los las y por con para del se su'
  )
    .split(' ')
    .map((word) => word.replaceAll('ی', 'ي').replaceAll('ک', 'ك')),
);

/**
 * Countries, capitals and offices: in a newsroom of their region they are in the news every day, in the counted texts
 * (mostly of one country) they may be rare. A floor for their share, estimated.
 */
const dailyNames = (
  'سوريا دمشق لبنان بيروت العراق بغداد الأردن عمان فلسطين غزة القدس إسرائيل مصر القاهرة السودان الخرطوم ليبيا طرابلس تونس ' +
  'الجزائر المغرب الرباط موريتانيا اليمن صنعاء السعودية الرياض الإمارات قطر الكويت البحرين إيران طهران تركيا أنقرة روسيا ' +
  'موسكو أميركا أمريكا واشنطن فرنسا باريس ألمانيا برلين بريطانيا لندن أوكرانيا الصين الأمم المتحدة الأوروبي أوروبا ' +
  'رئيس رئاسة وزير وزارة خارجية داخلية دفاع صحة تربية طاقة مالية حكومة مجلس نواب برلمان مدير هيئة ناطق متحدث مسؤول ' +
  'جمهورية محافظ قائد شرطة جيش قوات أمن محكمة قضاء جنايات بنك مركزي منظمة دولية منتخب نادي دوري بطولة كأس مباراة مدرب ' +
  'ليرة دينار جنيه ريال دولار يورو حزب جماعة نظام معارضة ريف نظير نظيره لقاء بحث سبل تعزيز تعاون ثنائي علاقات ملف ' +
  'minister ministry president prime foreign parliament police court league cup team match coach company shares stocks government'
).split(' ');
const dailyShare = 0.04;

/** In a share of texts between that of the most and the least frequent listed words. */
const functionWordShare = 0.3;
/** A stem that is in no table: rarer than the rarest listed one. */
export const unlistedShare = 0.0007;

/** The share of articles that hold `stem`, 0 to 1. */
export function newsFrequency(stem: string): number {
  return Math.max(daily.has(stem) ? dailyShare : 0, listedShare(stem));
}

function listedShare(stem: string): number {
  return arabic.get(stem) ?? english.get(stem) ?? (functionWords.has(stem) ? functionWordShare : unlistedShare);
}

const daily = new Set(dailyNames.flatMap((name) => words(name)).map((word) => lightStem(word, isCommonArabicStem)));

/** All stems whose share is not `unlistedShare`. */
export function listedStems(): Iterable<string> {
  return new Set([...arabic.keys(), ...english.keys(), ...functionWords, ...daily]);
}

export function isCommonArabicStem(stem: string): boolean {
  return arabic.has(stem);
}

function parse(table: string): Map<string, number> {
  const shares = new Map<string, number>();
  for (const line of table.trim().split('\n')) {
    const [level, ...stems] = line.split(' ');
    for (const stem of stems) shares.set(stem, 2 ** (-Number(level) / 2));
  }
  return shares;
}
