import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { words } from '../../src/lib/arabic.ts';
import {
  createKeywordMatcher,
  type KeywordKind,
  matchesKeyword,
  searchKeys,
  searchTerms,
} from '../../src/lib/keywords.ts';

type Case = [keyword: string, text: string];

function found(cases: Case[], kind?: KeywordKind): void {
  it.each(cases)('%s is found in: %s', (keyword, text) => {
    expect(matchesKeyword(text, keyword, { kind })).toBe(true);
  });
}

function notFound(cases: Case[], kind?: KeywordKind): void {
  it.each(cases)('%s is not found in: %s', (keyword, text) => {
    expect(matchesKeyword(text, keyword, { kind })).toBe(false);
  });
}

describe('a word behind particles', () => {
  found([
    ['دمشق', 'زار الوفد دمشق اليوم'],
    ['دمشق', 'الطريق لدمشق مفتوح'],
    ['دمشق', 'من حلب ودمشق'],
    ['حلب', 'فبحلب بدأت الحكاية'],
    ['يمن', 'عاد إلى اليمن'],
    ['اليمن', 'مساعدات لليمن'],
    ['اليمن', 'وباليمن أيضًا'],
    ['حكومة', 'قرار للحكومة'],
    ['حكومة', 'كالحكومة السابقة'],
    ['حكومة', 'وللحكومة رأي'],
    ['الحكومة', 'حكومة تصريف الأعمال'],
    ['الليرة', 'هبوط لليرة'],
    ['لبنان', 'رسالة للبنان'],
    ['أَنْقَرَة', 'في انقرة'],
    ['سوريا', '#سوريا_الآن'],
    ['لجنة', 'ولجنتها'],
    ['وزير', 'فوزير النقل'],
  ]);
  notFound([
    ['حلب', 'حلبة السباق'],
    ['حلب', 'الحلبي الكبير'],
    ['لب', 'كلب الحراسة'],
    ['كرة', 'صاحب الفكرة'],
    ['كرة', 'فكرته'],
    ['جنة', 'اللجنة الدستورية'],
    ['طاقة', 'بطاقة الهوية'],
    ['مال', 'كمال الدين'],
    ['ماء', 'السماء صافية'],
    ['عيد', 'مكان بعيد'],
    ['دين', 'عن والدين'],
    ['ذي', 'الذي جاء'],
    ['علي', 'على الطاولة'],
    ['علي', 'وعَلَى الأرض'],
  ]);
});

describe('a word with endings', () => {
  found([
    ['حكومة', 'وحكوماتها المتعاقبة'],
    ['مدرسة', 'مدرستي'],
    ['كتاب', 'كتابهم'],
    ['مستشفى', 'مستشفاهم والمستشفيات'],
    ['لاجئ', 'للاجئين'],
    ['لاجئون', 'عودة اللاجئين'],
    ['دولة', 'لدولتين'],
    ['عام', 'قبل عامين'],
    ['سنة', 'ثلاث سنوات'],
    ['قناة', 'القنوات'],
    ['قرار', 'قراراً جديداً'],
    ['قرار', 'قَرَارَاتُهُم'],
    ['جزء', 'أجزاؤه'],
    ['جزء', 'جزءًا'],
    ['مسؤول', 'مسئولون'],
    ['مسؤول', 'مسؤولي الحكومة'],
    ['سوري', 'السورية'],
    ['سوريا', 'وبسورية'],
    ['سورية', 'سوريا'],
    ['أمريكا', 'لأميركا'],
    ['منشأة', 'المنشآت'],
    ['لاعب', 'لاعبو المنتخب'],
    ['مدير', 'المديرة'],
    ['مدرسه', 'المدرسة'],
    ['مدرسة', 'المدرسه'],
  ]);
  notFound([
    ['علم', 'العالم العربي'],
    ['علم', 'الإعلام'],
    ['لبن', 'في لبنان'],
    ['زيت', 'الزيتون'],
    ['تمر', 'تمرين عسكري'],
    ['سوري', 'في سوريا'],
    ['سوريا', 'الليرة السورية'],
    ['طريق', 'بطريقة جديدة'],
    ['مكتب', 'المكتبة الوطنية'],
    ['مدرس', 'المدرسة'],
    ['مدرسة', 'مدرسي'],
    ['مركز', 'البنك المركزي'],
    ['مصر', 'المصرف'],
    ['بحر', 'البحرين'],
    ['مدينة', 'مدني'],
    ['صادرات', 'النشرة الصادرة'],
  ]);
});

describe('a word in its broken plural', () => {
  found([
    ['قانون', 'بقوانينها'],
    ['رئيس', 'رؤسائهم'],
    ['شركة', 'والشركات'],
    ['جندي', 'جنوده'],
    ['طفل', 'أطفالنا'],
    ['دولة', 'للدول العربية'],
    ['كتاب', 'معرض الكتب'],
    ['قوانين', 'قانون الإيجار'],
    ['سوق', 'أسواقاً'],
    ['كبرى', 'المدن الكبرى'],
  ]);
  notFound([
    ['كتاب', 'كتب على صفحته'],
    ['دولة', 'سعر الدولار'],
    ['لغز', 'أسعار الغاز'],
    ['ألم', 'عيد الأم'],
  ]);
});

describe('a name', () => {
  found(
    [
      ['دمشق', 'ولدمشق تاريخ'],
      ['غزة', 'في غزه'],
      ['غزه', 'وغزة'],
      ['علي', 'قال علي'],
      ['عبد الله', 'لعبدالله'],
      ['عبدالله', 'الملك عبد الله'],
      ['أبو ظبي', 'في أبوظبي'],
      ['NASA', 'وكالة وNASA'],
    ],
    'name',
  );
  notFound(
    [
      ['الأسد', 'أسد في الحديقة'],
      ['حسن', 'حسنها'],
      ['نفس', 'نفسه'],
      ['وسام', 'سامر'],
      ['سام', 'وسام'],
      ['علي حسن', 'علي وحسن'],
      ['طفل', 'الأطفال'],
    ],
    'name',
  );
});

describe('a phrase', () => {
  found([
    ['دير الزور', 'وصلت لدير  الزور قافلة'],
    ['البنك المركزي', 'بيان للبنك المركزي'],
    ['انتخابات رئاسية', 'للانتخابات الرئاسية'],
    ['الليرة السورية', 'ليرة سورية'],
    ['الانتخابات الرئاسية', 'انتخابات رئاسية مبكرة'],
    ['عيد الأضحى', 'تهنئة بعيد الأضحى'],
    ['كأس العالم', '#كأس_العالم'],
    ['وزير الخارجية', 'وزراء الخارجية'],
    ['علي خامنئي', 'لقاء علي خامنئي'],
  ]);
  notFound([
    ['دير الزور', 'دير الزيتون'],
    ['دير الزور', 'الزور دير'],
    ['الحرب الأهلية', 'الحرب والأهلية'],
    ['كأس العالم', 'كأس'],
  ]);
});

describe('a keyword in other letters', () => {
  found([
    ['Syria', "SYRIA's coast"],
    ['nasa', 'وكالة وNASA'],
    ['www.x.com', 'موقع وwww.x.com'],
    ['٢٠٢٤', 'في 2024'],
    ['هەولێر', 'لە هەولێر'],
  ]);
  notFound([
    ['Iran', 'Iranian food'],
    ['us', 'bus station'],
    ['', 'أي نص'],
    ['؟!', 'أي نص؟!'],
  ]);
});

it('is reported as it was given, once, with its value, in the order of the text', () => {
  const match = createKeywordMatcher([
    ['حلب', 1],
    ['Damascus', 2],
    ['أدلب', 3, 'name'],
    ['ساحل', 4],
  ]);
  expect(match('من إدلب إلى حلب، فحلب، ثم DAMASCUS')).toEqual([
    { keyword: 'أدلب', value: 3 },
    { keyword: 'حلب', value: 1 },
    { keyword: 'Damascus', value: 2 },
  ]);
  expect(match(words('بلا شيء'))).toEqual([]);
});

it('is found by every word of a search, inflected differently', () => {
  const terms = new Set(searchTerms('أقرت الحكومات قوانين جديدة للاجئين'));
  const isFound = (query: string) => searchKeys(query).every((keys) => keys.some((key) => terms.has(key)));
  expect(['قانون الحكومة', 'اللاجئون', 'قوانين'].map(isFound)).toEqual([true, true, true]);
  expect(['قانون الإيجار', 'حكم'].map(isFound)).toEqual([false, false]);
});

const letters = fc.string({
  unit: fc.constantFrom(...'اأإالوبفكلمنيىةهتسعد ءؤئـ_xک'.split(''), '\u064E'),
  maxLength: 40,
});

it('finds every word in itself, whatever its letters', () => {
  const kinds = fc.constantFrom<KeywordKind | undefined>('name', 'word', 'phrase', undefined);
  fc.assert(
    fc.property(letters, kinds, (text, kind) => {
      expect(matchesKeyword(text, text, { kind })).toBe(words(text).length > 0);
    }),
  );
});

it.each(['و'.repeat(500_000), 'وال'.repeat(100_000), 'وعلى '.repeat(100_000), '\ud800ًًً'.repeat(50_000)])(
  'reads hostile text in time (%#)',
  (text) => {
    expect(matchesKeyword(text, 'دمشق')).toBe(false);
  },
);
