// Words that newsrooms use for one another: "لقي مصرعه" and "قتل", "هزة أرضية" and "زلزال" are one term.
import { words } from '../lib/arabic.ts';
import { lightStem } from './light-stem.ts';
import { isCommonArabicStem } from './word-frequency.ts';

/** One line for each meaning; only words that in news mean little else. */
const meanings = `
قتل قتلى قتيل مقتل مصرع مصرعهم حتفه حتفهم أودى وفاة توفي ضحايا ضحية شهيد استشهد استشهاد جثة جثث وفيات أردى
جريح جرحى إصابة مصاب أصيب أصيبوا إصابات جراح
زلزال هزة زلازل هزات ارتدادات
حريق نيران النار حرائق اللهب ألسنة اشتعال اندلع التهمت التهم نشب اندلاع
إطفاء إخماد أخمد أخمدت
انفجار تفجير انفجارات انفجر فجر مفخخة انتحاري
قصف غارة غارات ضربة ضربات قذائف قذيفة صاروخ صواريخ صاروخي صاروخين استهدف استهداف استهدفت عدوان
هجوم هجمات هاجم هاجمت اقتحم اقتحام
اعتقل اعتقال أوقف توقيف إيقاف موقوف احتجاز احتجز القبض ألقت اعتقلت معتقل معتقلين موقوفين محتجز
إفراج أفرج سراح أخلي
خطف اختطاف مختطف خاطفون خطفوا
سجن حبس سجين السجن بالحبس سجناء
محكمة قضاء قضت القضاء قضائي جنايات محاكمة الدائرة قاض
حكم أدان أدين إدانة
استقالة استقال تنحى تنحي يتنحى مستقيلة استقالته
برلمان مجلس_النواب نواب نائب برلمانية نيابية نيابي
حكومة وزراء مجلس_الوزراء كابينة
لقاء اجتماع التقى مباحثات محادثات بحث يبحث يلتقي اجتمع مشاورات
اتفاق اتفاقية معاهدة مذكرة عقد توقيع وقع يوقعان
انتخابات اقتراع تصويت صوت ناخبين
ارتفع ارتفاع صعد صعود زاد زيادة قفز قفزة يصعد يرتفع ترتفع رفع ترفع مكاسب ربح يكسب
انخفض انخفاض تراجع هبط هبوط هابط خفض تخفيض تراجعت ينخفض يخسر خسر
فاز فوز انتصار تغلب هزم انتصر يفوز يهزم حسم يحسم تفوق
مباراة لقاء مواجهة قمة
تعادل تعادلا
هدف أهداف بهدفين ثنائية
زورق مركب قارب سفينة قوارب مراكب زوارق
غرق انقلب انقلاب غرقا
مهاجر مهاجرين لاجئ لاجئين نازح نازحين
فيضان فيضانات سيول سيل
إعصار عاصفة عواصف
غبار ترابية أتربة
طقس أرصاد الأجواء
اصطدام تصادم حادث_سير مرور مروري
طائرة مروحية عمودية طائرات
مسيرة_جوية درون
مطار ملاحة_جوية رحلات
شرطة أمن أمنية الدرك
جيش عسكري جنود جندي قوات
مسلح مسلحون مسلحين
إضراب أضرب يضربون أضربوا
احتجاج احتجاجا متظاهر متظاهرون تظاهرة مظاهرة مسيرة احتشد وقفة
معلم معلمون مدرس مدرسين تدريسية معلمين
طالب طلاب طلبة تلميذ تلاميذ متمدرس
امتحان امتحانات
كورونا كوفيد
مرض داء وباء
لقاح تلقيح تطعيم لقاحات
مستشفى مشفى مشافي مستشفيات
دواء أدوية علاج
تمديد تمدد إبقاء أبقى تثبيت تثبت
مصرف بنك البنك المصرف
رواتب أجور راتب أجر
بنزين وقود محروقات سولار مازوت
كهرباء تيار_كهربائي كهربائي
ذهب المعدن_الأصفر
مودع وديعة ودائع وديعته مدخرات
عاصمة
مدرسة مدارس ثانوية
منتخب المنتخب
مونديال كأس_العالم
نقيب نقابة
فنان ممثل فنانة ممثلة
جنازة تشييع شيع شيعت يشيعون
اختتم ختام
افتتاح افتتح انطلق انطلاق تدشين
أعلن كشف
هدنة وقف_إطلاق_النار
مؤشر بورصة أسهم
دولار
داعش تنظيم_الدولة
قسد سوريا_الديمقراطية
واشنطن أميركا أميركي الولايات_المتحدة أمريكا أمريكي
موسكو روسيا روسي
إسرائيل إسرائيلي الاحتلال
وفد موفد
kill dead death die fatal toll
injured wounded hurt
sink sank capsize capsized
boat ferry vessel ship
fire blaze wildfire
quake earthquake tremor
blast explosion bomb
resign quit
cut reduce lower
win beat victory defeat
arrest detain
`;

const termOf = new Map<string, string>();
const phrases = new Map<string, { rest: string; term: string }>();
for (const line of meanings.trim().split('\n')) {
  const [first = '', ...others] = line.split(' ');
  const term = `=${stemOf(first)}`;
  for (const word of [first, ...others]) {
    const [head = '', rest] = word.split('_').map((part) => stemOf(part));
    if (rest === undefined) {
      if (!termOf.has(head)) termOf.set(head, term);
    } else phrases.set(head, { rest, term });
  }
}

/** The terms of a text in order: its stems, and the names of meanings in the place of the words for them. */
export function termsOf(stems: readonly string[]): string[] {
  const terms: string[] = [];
  for (let index = 0; index < stems.length; index += 1) {
    const stem = stems[index] ?? '';
    const phrase = phrases.get(stem);
    if (phrase && phrase.rest === stems[index + 1]) {
      terms.push(phrase.term);
      index += 1;
    } else if (stem.length > 1) terms.push(termOf.get(stem) ?? stem);
  }
  return terms;
}

function stemOf(word: string): string {
  return lightStem(words(word)[0] ?? '', isCommonArabicStem);
}
