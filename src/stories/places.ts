// Where an article says its event was: the known names of its region, and whatever follows a word such as "town of".
import { words } from '../lib/arabic.ts';
import { lightStem } from './light-stem.ts';
import { isCommonArabicStem } from './word-frequency.ts';

/** Cities and regions that are written without such a word, spelled as in news; countries and their people aside. */
const cities = `
دمشق حلب حمص حماة اللاذقية طرطوس إدلب درعا السويداء القنيطرة الرقة دير_الزور الحسكة القامشلي عفرين منبج تدمر الباب إعزاز جرابلس كوباني
بيروت طرابلس صيدا صور النبطية البقاع بعلبك عكار زحلة جونية الضاحية
بغداد البصرة الموصل أربيل السليمانية كركوك النجف كربلاء الأنبار ديالى الناصرية دهوك الفلوجة سامراء ميسان واسط بابل
عمان إربد الزرقاء العقبة المفرق الكرك معان
القدس غزة رفح خان_يونس جباليا النصيرات الخليل نابلس جنين طولكرم رام_الله أريحا حيفا يافا الجولان
القاهرة الإسكندرية الجيزة المنصورة أسوان الأقصر السويس الإسماعيلية بورسعيد سيناء العريش المنيا أسيوط سوهاج الغربية الدقهلية الشرقية
بنغازي مصراتة سبها سرت درنة زوارة طبرق
تونس صفاقس سوسة القيروان قفصة بنزرت القصرين جندوبة الكاف مدنين قابس نابل المنستير المهدية تطاوين باجة
الجزائر وهران قسنطينة عنابة تمنراست ورقلة بجاية تيزي_وزو الأغواط بشار
الرباط الدار_البيضاء مراكش فاس طنجة أكادير وجدة العيون
نواكشوط نواذيبو الخرطوم أم_درمان بورتسودان الفاشر دارفور الأبيض
صنعاء عدن تعز الحديدة مأرب حضرموت المكلا صعدة
الرياض جدة مكة الدمام تبوك أبها نجران دبي أبوظبي الشارقة الدوحة المنامة مسقط صلالة
طهران أصفهان مشهد شيراز تبريز أنقرة إسطنبول إزمير غازي_عنتاب هاتاي ديار_بكر ملاطيا
كابل قندهار قندوز هرات جلال_آباد إسلام_آباد كراتشي لاهور بيشاور نيودلهي مومباي كشمير
موسكو كييف خاركيف أوديسا لفيف باخموت باريس مرسيليا ليون لندن برلين ميونخ روما ميلانو مدريد برشلونة بروكسل أمستردام فيينا جنيف
واشنطن نيويورك تكساس كاليفورنيا فلوريدا شيكاغو هيوستن أتلانتا بكين شنغهاي طوكيو
london paris berlin madrid rome moscow kyiv kharkiv tokyo beijing texas california florida chicago gaza rafah beirut damascus aleppo
baghdad tehran istanbul ankara athens cairo tripoli tunis khartoum
`;

/** The word after one of these is a place: في بلدة كفر نوران. */
const markers = new Set(
  `مدينة بلدة قرية محافظة ولاية قضاء حي مخيم مطار ميناء مرفأ إقليم بلدية حقل سد معبر منفذ جزيرة سجن ملعب جامعة
  city town village province island district`
    .split(/\s+/)
    .map((word) => stemOf(word)),
);

/** Where in a country or a town, of no telling which. */
const parts = new Set('وسط شمال جنوب شرق غرب شمالي جنوبي شرقي غربي'.split(' ').map((word) => stemOf(word)));

const cityOf = new Map<string, { rest: string | undefined; name: string }>();
for (const city of cities.trim().split(/\s+/)) {
  const [head = '', rest] = city.split('_').map((part) => stemOf(part));
  cityOf.set(head, { rest, name: head });
}

/** The stems of the places that a text of these stems names, each once. */
export function placesOf(stems: readonly string[]): string[] {
  const places = new Set<string>();
  for (const [index, stem] of stems.entries()) {
    const city = cityOf.get(stem);
    if (city && (city.rest === undefined || city.rest === stems[index + 1])) places.add(city.name);
    const next = stems[index + 1];
    if (markers.has(stem) && next !== undefined && next.length > 2 && !isCommonArabicStem(next) && !parts.has(next))
      places.add(next);
  }
  return [...places];
}

function stemOf(word: string): string {
  return lightStem(words(word)[0] ?? '', isCommonArabicStem);
}
