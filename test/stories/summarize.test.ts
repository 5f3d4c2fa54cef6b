import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codePoints } from '../../src/lib/text.ts';
import { summarize } from '../../src/stories/summarize.ts';

const lead = 'افتتحت البلدية صباح اليوم حديقة الحي بعد تجديد ملاعبها وممراتها.';
const second = 'وزرعت فرقها مئة شجرة زيتون على أطراف الممرات.';
const third = 'وستبقى الأبواب مفتوحة حتى العاشرة ليلًا طوال الصيف.';
const fourth = 'وتخطط البلدية لحديقة ثانية قرب المدرسة.';
const ar = { language: 'ar' };

function readFixture(name: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/summaries', name), 'utf8'));
}

describe('a summary', () => {
  it('is the first sentences, three at most', () => {
    expect(summarize(`${lead} ${second}\n\n${third}\n\n${fourth}`, ar)).toEqual([lead, second, third]);
  });

  it('stays within its budget of code points, with whole sentences', () => {
    const body = `${lead} ${second} ${third}`;
    const two = codePoints(`${lead} ${second}`);
    expect(summarize(body, { ...ar, maxCharacters: two })).toEqual([lead, second]);
    expect(summarize(body, { ...ar, maxCharacters: two - 1 })).toEqual([lead]);
  });

  it('comes near to a length that is asked for, with any number of sentences', () => {
    const body = [lead, second, third, fourth].join(' ');
    expect(summarize(body, { ...ar, aboutCharacters: codePoints(body) })).toEqual([lead, second, third, fourth]);
    expect(summarize(body, { ...ar, aboutCharacters: codePoints(lead) + 1 })).toEqual([lead, second]);
    expect(summarize(body, { ...ar, aboutCharacters: codePoints(lead) })).toEqual([lead]);
  });

  it('passes over a first sentence that is too long for one near the top that fits', () => {
    const long = `${lead.slice(0, -1)} ${'بعد عمل طويل في كل ركن منها '.repeat(20)}.`;
    expect(summarize(`${long} ${second}`, { ...ar, maxCharacters: 100 })).toEqual([second]);
  });

  it.each([
    [10, 'افتتحت…'],
    [50, 'افتتحت البلدية صباح اليوم حديقة الحي بعد تجديد…'],
    [2, 'ا…'],
  ])('cuts a sentence that is too long for its %d code points behind a word', (maxCharacters, summary) => {
    expect(summarize(lead, { ...ar, maxCharacters })).toEqual([summary]);
  });

  it('cuts a sentence that is too long behind its last clause that fits', () => {
    const clauses = 'افتتحت البلدية حديقة الحي، وزرعت فرقها مئة شجرة، ثم غادرت المكان كله';
    expect(summarize(clauses, { ...ar, maxCharacters: 60 })).toEqual([
      'افتتحت البلدية حديقة الحي، وزرعت فرقها مئة شجرة…',
    ]);
  });

  it('never begins in the middle of a sentence that has no end', () => {
    const [summary = ''] = summarize('قال الرئيس إن الأمر مهم جدا '.repeat(80), { ...ar, maxCharacters: 500 });
    expect(summary).toMatch(/^قال الرئيس .*…$/u);
    expect(codePoints(summary)).toBeLessThanOrEqual(500);
  });

  it('loses of a paragraph only the sentences that are of the page', () => {
    const told = 'وأشار د. سمير حداد إلى أن العمل يبدأ في 1/1/2027.';
    expect(summarize(`${lead} تابعونا على تلغرام. ${told} جميع الحقوق محفوظة © 2026.`, ar)).toEqual([lead, told]);
  });

  it.each([
    ['a question', `هل تكفي حديقة واحدة لكل هذا الحي؟ ${lead}`, [lead]],
    ['the headline', `حديقة الحي تفتح أبوابها من جديد.\n\n${lead}`, [lead]],
    ['a subheading', `خطة من مرحلتين\n\n${lead}`, [lead]],
    ['a kicker that was not recognised', `بعد عامين من الانتظار..\n\n${lead}`, [lead]],
    ['a sentence that points back to what is missing', `وأضاف أن العمل انتهى قبل موعده. ${lead}`, [lead]],
    ['a repeated sentence', `${lead}\n\n${lead}\n\n${second}`, [lead, second]],
    ['a quotation without its speaker', `«لم نتوقع هذا العدد من الزوار.»\n\n${lead}`, [lead]],
    ['a sentence with the same words', `${lead} ${lead.replace('صباح اليوم ', '')} ${second}`, [lead, second]],
    ['a list of links', `${lead}\n\nمقالات متعلقة\n\nالبلدية تعلن أسماء الفائزين\n\n${second}`, [lead, second]],
    ['a dateline', `دمشق - سانا: ${lead}`, [lead]],
    ['a dateline with an agency in brackets', `دمشق (رويترز) - ${lead}`, [lead]],
  ])('leaves out %s', (_, body, summary) => {
    expect(summarize(body, { ...ar, headline: 'حديقة الحي تفتح أبوابها من جديد' })).toEqual(summary);
  });

  it.each([
    'القاهرة، 5 يونيو (رويترز) - ',
    'واشنطن/ الأناضول: ',
    'غزة / سمير الحاج / الأناضول: ',
    'دبي، الإمارات العربية المتحدة (CNN)-- ',
    'الرياض - واس : ',
    'نيويورك- أ ف ب- ',
    'عنب بلدي - خاص: ',
    'بيروت - ',
  ])('leaves out the dateline %s', (dateline) => {
    expect(summarize(dateline + lead, ar)).toEqual([lead]);
  });

  it.each([
    'البلدية - التي جددت الحديقة - أعلنت فتح أبوابها للجميع.',
    'أكد رئيس البلدية، معا نستطيع، أن الحديقة للجميع.',
  ])('keeps what is no dateline: %s', (sentence) => {
    expect(summarize(sentence, ar)).toEqual([sentence]);
  });

  it('takes a line break within a paragraph of fixed width for a space, and keeps it', () => {
    const lines = [
      'افتتحت البلدية صباح اليوم حديقة الحي بعد تجديد ملاعبها',
      'وممراتها. وزرعت فرقها مئة شجرة زيتون على أطراف الممرات التي',
      'تمتد من المدرسة إلى السوق. وستبقى الأبواب مفتوحة حتى العاشرة',
      'ليلًا طوال الصيف، وتخطط البلدية لحديقة ثانية قرب المدرسة في',
      'العام المقبل.',
    ];
    const summary = summarize(lines.join('\n'), ar);
    expect(summary[0]).toBe(`${lines[0]}\nوممراتها.`);
    expect(summary).toHaveLength(3);
  });

  it('of a text without a lead is what most of it speaks about', () => {
    const questions = 'هل تكفي حديقة واحدة؟ من يرويها؟ من يحرسها؟ متى تفتح؟ كم شجرة فيها؟';
    const about = 'تروي فرق البلدية أشجار الحديقة وتحرس ملاعب الحديقة طوال الليل.';
    const aside = 'الطقس معتدل هذا الأسبوع بحسب النشرة.';
    const more = 'تفتح فرق البلدية ملاعب الحديقة صباحًا وتغلق الملاعب ليلًا.';
    const last = 'زرعت البلدية أشجار الحديقة قبل الليل بيومين.';
    expect(summarize([questions, aside, about, more, last].join(' '), ar)).toEqual([about, more, last]);
  });

  it.each(['tuned', 'held-out'])('never has a line of the page around the text: %s', (half) => {
    const byKind = readFixture(`boilerplate-${half}.json`) as Record<string, string[]>;
    const told = [lead, second, third, fourth];
    for (const line of Object.values(byKind).flat()) {
      for (const separator of ['\n', '\n\n']) {
        for (let at = 0; at <= 3; at += 1) {
          expect(summarize(told.toSpliced(at, 0, line).join(separator), ar)).toEqual(told.slice(0, 3));
        }
      }
    }
  });

  // Kickers, captions and their like stand in lines of their own.
  const apart = new Set(['kicker', 'caption', 'tags', 'signature', 'debris']);

  it.each(['tuned', 'held-out'])(
    'never has a sentence of the page that is glued to the text, nor it alone: %s',
    (half) => {
      const told = [lead, second, third];
      const kinds = Object.entries(readFixture(`boilerplate-${half}.json`) as Record<string, string[]>);
      for (const line of kinds.filter(([kind]) => !apart.has(kind)).flatMap(([, lines]) => lines)) {
        const sentence = /[.!?؟۔…]$/u.test(line) ? line : `${line}.`;
        expect([line, summarize([lead, sentence, second, third].join(' '), ar)]).toEqual([line, told]);
        expect([line, summarize(line, ar)]).toEqual([line, []]);
      }
    },
  );

  it.each([...(readFixture('news-tuned.json') as string[]), ...(readFixture('news-held-out.json') as string[])])(
    'has news about what pages speak of too: %s',
    (sentence) => {
      expect(summarize(sentence, ar)).toEqual([sentence]);
    },
  );

  it.each([
    'شارك مئات الأهالي صور الحديقة على فيسبوك بعد افتتاحها.',
    'انضم لاعبان جديدان إلى فريق الحي قبل المباراة بيومين.',
    'تبرع تاجر من المدينة بكلفة الملاعب الجديدة في الحديقة.',
    'وقالت المديرة: «نحتاج إلى دعمكم كي نكمل العمل».',
    'سجل المصرف خسائر للمرة الثانية بحسب تقريره السنوي.',
    'تابع الوزير زيارته إلى المدن الساحلية يوم الأحد.',
  ])('may have news that only sounds like an appeal: %s', (sentence) => {
    expect(summarize(sentence, ar)).toEqual([sentence]);
  });

  it.each([
    ['fa', 'شهرداری امروز پارک محله را پس از دو سال بازگشایی کرد.', 'ورود برای همه رایگان است.'],
    ['ur', 'بلدیہ نے آج محلے کا باغ دو سال بعد کھول دیا۔', 'داخلہ سب کے لیے مفت رہے گا۔'],
    ['hi', 'नगरपालिका ने आज मोहल्ले का बगीचा दो साल बाद खोल दिया।', 'प्रवेश सबके लिए मुफ्त रहेगा।'],
    ['zh', '市政府今天重新开放了社区公园。', '所有人都可以免费入园参观。'],
    ['tr', 'Belediye bugün mahalle parkını iki yıl sonra yeniden açtı.', 'Giriş herkes için ücretsiz olacak.'],
  ])('is made in %s too', (language, first, next) => {
    expect(summarize(`${first} ${next}`, { language })).toEqual([first, next]);
  });

  it('leaves out an English dateline', () => {
    const body = 'DAMASCUS (Reuters) - The park opened on Monday after two years.\n\nLONDON — Not the start.';
    expect(summarize(body, { language: 'en' })[0]).toBe('The park opened on Monday after two years.');
  });

  it('keeps a sentence that points back to the one before it', () => {
    const told = 'وأضافت أن الدخول مجاني للجميع.';
    expect(summarize(`${lead} ${told}`, ar)).toEqual([lead, told]);
  });

  it('keeps a news lead that opens with its verb', () => {
    const said = 'أكد رئيس البلدية أن الحديقة ستبقى مفتوحة كل يوم.';
    expect(summarize(said, ar)).toEqual([said]);
  });

  it.each([
    ['only a question', 'هل تكفي حديقة واحدة؟', ['هل تكفي حديقة واحدة؟']],
    ['only a dangling sentence', 'وأضاف أن العمل انتهى.', ['وأضاف أن العمل انتهى.']],
    ['only the headline', 'حديقة الحي', ['حديقة الحي']],
    ['nothing', '', []],
    ['no letters', '... ***', []],
  ])('of a text with %s', (_, body, summary) => {
    expect(summarize(body, { ...ar, headline: 'حديقة الحي' })).toEqual(summary);
  });

  it('is verbatim up to its cut, in order, never empty where the text has a sentence, and within its budget', () => {
    const pieces = fc.constantFrom(
      lead,
      second,
      third,
      'هل؟',
      'وأضاف أن.',
      'عنوان',
      '\n\n',
      ' ',
      '🚆',
      '\uD800',
      'دمشق - سانا: ',
    );
    fc.assert(
      fc.property(fc.array(pieces), fc.integer({ min: 2, max: 300 }), (parts, maxCharacters) => {
        const body = parts.join('');
        const summary = summarize(body, { ...ar, maxCharacters });
        expect(summary.every((sentence) => body.includes(sentence.replace(/…$/u, '')))).toBe(true);
        expect(summary.length > 0).toBe(/[\p{L}\p{N}]/u.test(body));
        expect(summary.length).toBeLessThanOrEqual(3);
        expect(codePoints(summary.join(' '))).toBeLessThanOrEqual(maxCharacters);
      }),
      // A dateline with nothing but a picture after it once left no summary.
      { examples: [[['دمشق - سانا: ', '🚆'], 2]] },
    );
  });
});
