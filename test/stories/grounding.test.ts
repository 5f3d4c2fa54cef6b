import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../src/stories/grounding.ts';

const ar = {
  headline: 'شركة Calder تفتح مصنعًا في المدينة الصناعية',
  body: `قال مدير الشركة سامي النجار يوم الأحد 5 حزيران 2022 إن المصنع كلف 1,250,000 دولار، ويعمل فيه ٣٥٠ عاملًا.

وأضاف: «سنبدأ الإنتاج خلال شهر». وارتفع سهم الشركة 3.5 في المئة عند الساعة 10:30 في بورصة London. وقيمته 2,500.75 ليرة.`,
  language: 'ar',
  maxCharacters: 300,
};
const en = {
  headline: 'Calder opens a plant on the river',
  body: 'Calder Steel opened its plant on Monday, June 6, Sami Najjar said in London. It cost 1.2 million euros and "will run by May".',
  language: 'en',
  maxCharacters: 200,
};

describe('a summary is grounded', () => {
  it.each([
    ['Arabic digits of a Latin number', 'كلف المصنع الجديد في المدينة الصناعية ١٬٢٥٠٬٠٠٠ دولار.'],
    ['no separators', 'كلف المصنع الجديد في المدينة الصناعية 1250000 دولار.'],
    ['spaces as separators', 'كلف المصنع الجديد في المدينة الصناعية 1 250 000 دولار.'],
    ['points as separators', 'كلف المصنع الجديد في المدينة الصناعية 1.250.000 دولار.'],
    ['a number with a separator and a comma', 'بلغت قيمة المصنع الجديد 2.500,75 ليرة.'],
    ['a decimal comma', 'ارتفع سهم الشركة التي فتحت المصنع 3,5 في المئة.'],
    ['a vague word for a number of its size', 'يعمل في المصنع الجديد مئات العمال منذ افتتاحه.'],
    ['one and two in words', 'افتتحت شركة واحدة مصنعين اثنين في المدينة الصناعية.'],
    ['a number in words for one in figures', 'بدأ في المصنع ثلاثمئة وخمسون عاملًا العمل يوم الأحد.'],
    ['another scale for the same number', 'كلف المصنع الجديد في المدينة الصناعية 1.25 مليون دولار.'],
    ['another word for per cent', 'ارتفع سهم الشركة التي فتحت المصنع 3.5%.'],
    ['the same month by another name', 'قالت الشركة يوم الأحد 5 يونيو 2022 إن المصنع بدأ العمل.'],
    ['a date in figures', 'قالت الشركة في 5/2022 إن المصنع الجديد بدأ العمل.'],
    ['a Latin name of the article', 'افتتحت شركة calder مصنعًا جديدًا في المدينة الصناعية.'],
    ['a quotation of the article', 'قال المدير: "سنبدأ الانتاج خلال شهر" في المصنع الجديد.'],
    ['an Arabic title before a name, without a space', 'قال د.سامي النجار إن الشركة بدأت العمل في المصنع الجديد.'],
    ['a part of a quotation', 'قال المدير إن الشركة ستبدأ «الإنتاج خلال شهر» في المصنع الجديد.'],
  ])('with %s', (_, summary) => {
    expect(refusalOf(summary, ar)).toBeUndefined();
  });

  it.each([
    'Calder Steel opened a plant that cost 1.2 million euros.',
    'The plant opened on Monday, Sami Najjar said in London.',
    'The company may open another plant, and it will "run by May".',
    "The company's plant, at 1,200,000 euros, will 'run by May'.",
    'Officials said that the plant of the company cost €1.2m in London.',
  ])('in English: %s', (summary) => {
    expect(refusalOf(summary, en)).toBeUndefined();
  });
});

describe('a summary is refused', () => {
  it.each([
    ['number', 'كلف المصنع الجديد في المدينة الصناعية 1,250 دولار.'],
    ['number', 'يعمل في المصنع الجديد في المدينة الصناعية ٣٥١ عاملًا.'],
    ['number', 'ارتفع سهم الشركة التي فتحت المصنع 35 في المئة.'],
    ['number', 'ارتفع سهم الشركة عند الساعة 10:45 في البورصة.'],
    ['number', 'يعمل في المصنع الجديد في المدينة الصناعية ثلاثة مدراء.'],
    ['number', 'يعمل في المصنع الجديد في المدينة الصناعية ملايين العمال.'],
    ['number', 'كلف المصنع الجديد في المدينة الصناعية 1,250,000 مليون دولار.'],
    ['number', 'كلف المصنع الجديد في المدينة الصناعية مليوني دولار.'],
    ['number', 'ارتفع سهم الشركة التي فتحت المصنع 3.5 أضعاف.'],
    ['number', 'يعمل في المصنع الجديد خمسة وعشرون عاملًا من المدينة.'],
    ['quotation', 'قال المدير: ‹سنبدأ الإنتاج خلال أسبوع› في المصنع الجديد.'],
    ['quotation', "قال المدير: 'سنبدأ الإنتاج خلال أسبوع' في المصنع الجديد."],
    ['date', 'قالت الشركة يوم الاثنين إن المصنع الجديد بدأ العمل.'],
    ['date', 'قالت الشركة إن المصنع الجديد يبدأ العمل في تموز المقبل.'],
    ['name', 'افتتحت شركة Calder مصنعًا جديدًا بحضور وفد من NATO.'],
    ['quotation', 'قال المدير: «سنبدأ الإنتاج خلال أسبوع» في المصنع الجديد.'],
    ['language', 'Calder opened a new plant in the industrial city, and its shares rose.'],
    ['language', 'شرکت کالدر یک کارخانه جدید در شهر صنعتی باز کرد و سهام آن بالا رفت.'],
    ['length', `${'افتتحت الشركة مصنعًا جديدًا '.repeat(20)}.`],
    ['form', '**ملخص**: افتتحت الشركة مصنعًا جديدًا في المدينة.'],
    ['form', 'ملخص الخبر: افتتحت الشركة مصنعًا جديدًا في المدينة.'],
    ['form', 'إليكم ما جاء في الخبر: افتتحت الشركة مصنعًا جديدًا.'],
    ['form', '<think>مصنع</think> افتتحت الشركة مصنعًا جديدًا.'],
    ['form', 'افتتحت الشركة مصنعًا.\nوارتفع سهمها.'],
    ['form', 'افتتحت الشركة مصنعًا. ارتفع سهمها. فرح العمال. صفق الجميع.'],
  ])('for its %s: %s', (reason, summary) => {
    expect(refusalOf(summary, ar)).toBe(reason);
  });

  it.each([
    ['name', 'Calder opened its plant on Monday, Omar Hale said in London.'],
    ['name', 'Peter Najjar said that the plant of the company was open on Monday.'],
    ['date', 'The plant of the company was opened on Friday in London.'],
    ['number', 'The new plant of the company cost 2.1 million euros.'],
    ['number', 'The new plant of the company cost 1.2 billion euros.'],
    ['number', 'The new plant of the company has twenty workers in London.'],
    ['number', 'The new plant of the company has dozens of workers in London.'],
    ['quotation', "The company's new plant will 'run by June', they said."],
    ['name', 'Tesla opened its new plant on the river, and it will run by May.'],
    ['form', 'Here is the summary: the plant of the company was opened.'],
    ['form', '- The plant of the company was opened on Monday.'],
  ])('in English for its %s: %s', (reason, summary) => {
    expect(refusalOf(summary, en)).toBe(reason);
  });

  it.each([
    'افتتحت الشركة مصنعًا جديدًا، والتفاصيل عند @scam_channel على تيليغرام.',
    'افتتحت الشركة مصنعًا جديدًا في المدينة الصناعية، اقرأ t.me/scam.',
    'افتتحت الشركة مصنعًا جديدًا في المدينة الصناعية (evil-casino.com).',
    'افتتحت الشركة مصنعًا جديدًا في المدينة الصناعية: tg://resolve?domain=scam',
    'افتتحت الشركة مصنعًا جديدًا في المدينة الصناعية، زوروا كازينو.شبكة الآن.',
    'افتتحت الشركة مصنعًا جديدًا في المدينة الصناعية، اقرأ calder.exa\uFEFFmple/scam.',
    'افتتحت الشركة مصنعًا جديدًا في المدينة الصناعية، اقرأ calder.example.',
    'افتتحت الشركة مصنعًا جديدًا في المدينة الصناعية، اقرأ https://calder.example/new/scam.',
  ])('for an address that is not in the article: %s', (summary) => {
    const body = `${ar.body} التفاصيل في https://calder.example/new.`;
    expect(refusalOf(summary, { ...ar, body })).toBe('name');
  });

  it('in English for an address, and not for one of the article', () => {
    const found = { ...en, body: `${en.body} Tickets are sold on calder.example, and by @calder_desk (Telegram).` };
    const says = (address: string) => refusalOf(`The plant was opened; the tickets are sold on ${address}.`, found);
    expect([says('evil-casino.com'), says('@scam_channel'), says('t.me/scam')]).toEqual(['name', 'name', 'name']);
    expect([says('calder.example'), says('@calder_desk')]).toEqual([undefined, undefined]);
  });

  it('for a number that only begins or ends as a long one of the article does', () => {
    const long = `1${',234'.repeat(20)}.5`;
    const found = { ...en, body: `${en.body} The code is ${long}.` };
    const says = (number: string) => refusalOf(`The code of the new plant is ${number}.`, found);
    expect([says(long), says(`${long}6`), says('1,234')]).toEqual([undefined, 'number', 'number']);
  });

  it('in a time that grows as the article does', () => {
    const hostile = [`1${',234'.repeat(200_000)}.5`, ' 234'.repeat(200_000), 'a.'.repeat(400_000), '@'.repeat(800_000)];
    const summary = 'The plant of the company was opened in London, says evil.com.';
    for (const text of hostile) {
      expect(refusalOf(summary, { ...en, body: `${en.body} ${text}` })).toBe('name');
    }
  });

  it('in time, whatever it says', () => {
    const hostile = [
      '1 '.repeat(50_000),
      '1,'.repeat(50_000),
      '"'.repeat(50_000),
      '«'.repeat(50_000),
      'A '.repeat(50_000),
    ];
    expect(hostile.map((summary) => refusalOf(summary, { ...ar, maxCharacters: 1e6 }) !== undefined)).not.toContain(
      false,
    );
  });
});
