import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanParagraphs } from '../../src/articles/clean.ts';

const known = {
  headline: 'حديقة الحي تفتح أبوابها من جديد',
  kicker: 'بعد عامين من الانتظار..',
  imageCaption: 'أطفال في الحديقة- أيار 2024 (البلدية)',
};
const body = [
  'افتتحت البلدية صباح اليوم حديقة الحي بعد تجديد ملاعبها وممراتها.',
  'وزرعت فرقها مئة شجرة زيتون على أطرافها.',
  'وستبقى الأبواب مفتوحة حتى العاشرة ليلًا.',
];
const [first = '', second = '', third = ''] = body;

const clean = (...paragraphs: string[]) => cleanParagraphs(paragraphs, known);

describe('what is not the text of the article goes', () => {
  it.each([
    known.headline,
    'حديقة الحيّ تفتح أبوابها من جديد!',
    known.kicker,
    known.imageCaption,
    `camera icon${known.imageCaption}`,
    'tag icon ع ع ع',
    'tag icon',
    'ع ع ع',
    'A- A A+',
    '×',
    '***',
    'اقرأ أيضًا: سوق الحي ينتقل إلى مكان أوسع',
    'إقرأ أيضا : سوق الحي.. مكان أوسع للباعة',
    'اقرأ أيضاً سوق الحي ينتقل إلى مكان أوسع',
    'اقرأ المزيد',
    'شاهد أيضًا| جولة في السوق',
    'للمزيد: سوق الحي ينتقل',
    'Read also: The market moves',
    'Read more',
    'الوسوم: حدائق، بلدية',
    'Tags: parks, city',
    'فيسبوك تويتر واتساب',
    'شارك هذا المقال عبر',
    'Share this: Facebook Twitter WhatsApp',
    'حجم الخط',
    'الخبر السابق: سوق الحي ينتقل',
    'ادعم صحيفتنا',
    'اضغط هنا للتبرع',
    'دولار واحد يصنع الكثير',
    'اشترك في نشرتنا البريدية لتصلك أخبارنا كل صباح بلا إعلانات.',
    'تابعونا على تلغرام',
    'Subscribe to our newsletter to read more stories like this one.',
    'Support our journalism',
    'اترك تعليقًا',
    'لن يتم نشر عنوان بريدك الإلكتروني. الحقول الإلزامية مشار إليها.',
    '3 تعليقات',
    'جميع الحقوق محفوظة © صحيفة الحي 2024',
    '© 2024 The Daily. All rights reserved.',
    'ظهرت المقالة حديقة الحي أولاً على صحيفة الحي.',
    'The post Park opens appeared first on The Daily.',
    'آخر تحديث: 13 أيار 2024',
  ])('%s', (clutter) => {
    expect(clean(first, clutter, second, third)).toEqual(body);
    expect(clean(clutter, ...body)).toEqual(body);
    expect(clean(...body, clutter)).toEqual(body);
  });

  it.each([
    ['related articles', ['مقالات متعلقة', 'سوق الحي ينتقل', 'هل تكفي الأشجار وحدها؟', 'قصة “الشجرة الأولى”']],
    ['a heading that reads on', ['اقرأ أيضًا:', 'سوق الحي ينتقل إلى مكان أوسع', 'مدرسة الحي.. ساحة جديدة']],
    ['English lists', ['Related stories', 'The market moves', 'Who will water the trees?']],
    ['the neighbouring article', ['الخبر التالي', 'سوق الحي ينتقل إلى مكان أوسع']],
    ['tags', ['الوسوم', 'حدائق', 'بلدية']],
    ['a box that can be closed', ['×', 'الخبر القريب منك..', 'ادعمنا', 'دولار واحد يكفي', 'اضغط هنا للمساهمة']],
  ])('%s with everything in the list', (_, list) => {
    expect(clean(...body, ...list)).toEqual(body);
    expect(clean(first, ...list, second, third)).toEqual(body);
  });

  it('the lines of an appeal before the one that asks', () => {
    const appeal = ['الصحافة المستقلة تعيش بقرائها..', 'ادعم صحيفة الحي', 'دولار واحد يكفي'];
    expect(clean(...body, ...appeal)).toEqual(body);
  });

  it.each(['(وكالات)', 'المصدر: رويترز', 'رويترز + أ ف ب', '(أ.ف.ب)', 'وكالة سانا', 'Reuters', 'Source: AFP'])(
    'the signature %s at the end',
    (signature) => {
      expect(clean(...body, signature)).toEqual(body);
    },
  );

  it('an agency in brackets after the last sentence', () => {
    expect(clean(first, `${second} (رويترز)`)).toEqual([first, second]);
    expect(clean(first, 'وزرعت فرقها مئة شجرة (الزيتون).')).toEqual([first, 'وزرعت فرقها مئة شجرة (الزيتون).']);
  });

  it('a link inside a paragraph, after its last sentence', () => {
    expect(clean(`${first} اقرأ أيضًا: سوق الحي ينتقل`)).toEqual([first]);
    expect(clean(`ع ع ع ${first}`)).toEqual([first]);
  });
});

describe('a sentence of the text is never lost', () => {
  it.each([
    'دولار واحد يساوي في السوق الموازية ضعف سعره الرسمي، بحسب تجار.',
    'ادعم الاتحاد فريقه بلاعبين جديدين قبل بداية الموسم المقبل.',
    'ساهم المزارعون في الحصاد.',
    'تبرع الأهالي بالطعام.',
    'تابعوا المباراة في المقهى.',
    'شاهد أيضًا الحاضرون فيلمًا قصيرًا عن تاريخ الحديقة وسكانها.',
    'الخبر السابق نفته الوزارة في بيان رسمي نشرته مساء الأحد.',
    'التعليقات على القرار كانت كثيرة في الحي خلال الأيام الماضية.',
    'قال رئيس البلدية: “اقرأ أيضًا ما كتبه الناس عن الحديقة”.',
    'وحقق فيسبوك أرباحًا كبيرة هذا العام.',
    'المصدر الذي تحدث إلى الصحيفة طلب عدم ذكر اسمه في الخبر.',
    'Related questions were raised by several members of the council on Monday.',
    'Subscribe was the word that most readers of the survey disliked.',
    'Share prices fell on Tuesday after the report was published.',
    'نعم.',
    'وقال: “لا”.',
    'عنوان فرعي داخل النص',
  ])('%s', (sentence) => {
    expect(clean(first, sentence, second)).toContain(sentence);
  });

  it('nor the text after a list in its middle', () => {
    const long =
      'وتقول اللجنة المشرفة على المشروع إن المرحلة المقبلة تشمل تجديد السور الشرقي وإنارة الممرات وبناء مكتبة صغيرة للأطفال قرب المدخل الرئيسي للحديقة';
    expect(clean(first, 'مقالات متعلقة', 'سوق الحي ينتقل', long, second)).toEqual([first, long, second]);
  });

  it('nor a second sentence that a caption repeats', () => {
    const caption = 'أطفال يلعبون في الحديقة الجديدة.';
    expect(cleanParagraphs([caption, first, caption], { headline: null, kicker: null, imageCaption: caption })).toEqual(
      [first, caption],
    );
  });

  it('nor a text behind a link in the same paragraph', () => {
    const paragraph = `${first} اقرأ أيضًا: سوق الحي ينتقل. ${second}`;
    expect(clean(paragraph)).toEqual([paragraph]);
  });

  it('and only whole paragraphs of the input are kept, in order, however they are mixed', () => {
    const clutter = ['مقالات متعلقة', '×', 'ادعم صحيفتنا', 'ع ع ع', 'Read more', 'فيسبوك'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...body, ...clutter), { maxLength: 12 }), (mixed) => {
        expect(clean(...mixed)).toEqual(mixed.filter((paragraph) => body.includes(paragraph)));
      }),
    );
  });
});

it('gives nothing for nothing, and cleaning twice changes nothing more', () => {
  expect(clean()).toEqual([]);
  expect(clean('', ' \n ')).toEqual([]);
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (paragraphs) => {
      const once = clean(...paragraphs);
      expect(clean(...once)).toEqual(once);
    }),
  );
});
