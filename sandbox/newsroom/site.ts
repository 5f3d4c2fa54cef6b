// The invented outlet behind the sample newsroom: its names, its topics, and older headlines for the edges of its pages.
import type { Language } from './article.ts';

export const site = {
  ar: { name: 'بريد المرفأ', motto: 'أخبار الساحل كما يرويها أهله', feedPath: '/feed/' },
  en: { name: 'The Harbour Post', motto: 'The coast, in its own words', feedPath: '/en/feed' },
} as const;

export const topics = [
  {
    slug: 'local',
    name: { ar: 'محليات', en: 'Local' },
    keywords: { ar: ['مؤسسة المياه', 'قسم الجسور', 'جامعو المخلفات'] },
  },
  {
    slug: 'economy',
    name: { ar: 'اقتصاد', en: 'Economy' },
    keywords: { ar: ['غرفة التجارة', 'القمح القاسي', 'صادرات'] },
  },
  {
    slug: 'culture',
    name: { ar: 'ثقافة', en: 'Culture' },
    keywords: { ar: ['معرض الكتاب', 'مسرح الدمى', 'فسيفساء'] },
  },
  {
    slug: 'sport',
    name: { ar: 'رياضة', en: 'Sport' },
    keywords: { ar: ['كرة القدم', 'كأس الساحل', 'شطرنج'] },
  },
  {
    slug: 'science',
    name: { ar: 'علوم وتقنية', en: 'Science & tech' },
    keywords: { ar: ['كويكب', 'تلسكوب', 'أجهزة الاستشعار'] },
  },
  { slug: 'english', name: { ar: 'بالإنكليزية', en: 'In English' } },
] as const;

/** The Arabic feed's own categories that stand for a topic; it uses others besides. */
export const feedCategories: Record<string, string> = {
  محليات: 'local',
  اقتصاد: 'economy',
  ثقافة: 'culture',
  رياضة: 'sport',
  'علوم وتقنية': 'science',
};

const olderHeadlines: Record<string, readonly string[]> = {
  local: [
    'إنارة شارع الميناء القديم بمصابيح موفرة للطاقة',
    'حديقة البساتين تستعيد بحيرتها بعد تنظيف مجرى النبع',
    'كيف يحفظ أهالي تل السنديان مفاتيح بيوت جيرانهم',
    'مواعيد جديدة لسوق الخضار في حي المحطة',
  ],
  economy: [
    'تراجع أسعار الحمضيات مع ذروة الموسم في كفر النارنج',
    'ورشات النجارة تتحول إلى الأثاث القابل للطي',
    'ثلاث معاصر تتفق على شراء عبوات الزجاج معًا',
    'قروض صغيرة لمربي النحل في الجبل',
  ],
  culture: [
    'مكتبة رأس الزيتون العامة تفتح قاعة للمخطوطات',
    'خزّاف يعيد الحياة إلى فرن الفخار في وادي القصب',
    'معرض صور يستعيد وجوه الميناء قبل خمسين عامًا',
    'شاعر الحي.. قصائد على جدران السوق القديمة',
  ],
  sport: [
    'شباب الجبل يجدد عقد مدربه موسمين إضافيين',
    'فتيات مرج الحمام يحصدن أربع ميداليات في تنس الطاولة',
    'نادي الموج يفتتح مدرسة لتعليم السباحة',
    'دوري الأحياء.. البساتين يتصدر والقلعة يطارده',
  ],
  science: [
    'طلاب ثانوية المحطة يبنون محطة لرصد الطقس',
    'خريطة رقمية لآبار سهل القصب',
    'نحل الجبل يفضل الزعتر.. دراسة محلية تشرح السبب',
    'كيف تعمل أول ثلاجة شمسية في الميناء القديم',
  ],
  english: [
    'A baker, a beekeeper and a boatbuilder walk into a council meeting',
    'Why the swifts of the old station keep coming back',
    'Ten walks along the Safsaf river',
    'The last typewriter repairman of Ras al-Zaytoun',
  ],
};

/** Headlines from before this newsroom's time, those of `topic` first. */
export function headlinesFromTheArchive(topic: string, language: Language): string[] {
  const others = Object.entries(olderHeadlines)
    .filter(([slug]) => slug !== topic && (slug === 'english') === (language === 'en'))
    .map(([, headlines]) => headlines[topic.length % headlines.length] as string);
  return [...(olderHeadlines[topic] ?? []), ...others];
}
