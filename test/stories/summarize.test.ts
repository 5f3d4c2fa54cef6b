import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codePoints } from '../../src/lib/text.ts';
import { summarize } from '../../src/stories/summarize.ts';

const lead = 'افتتحت البلدية صباح اليوم حديقة الحي بعد تجديد ملاعبها وممراتها.';
const second = 'وزرعت فرقها مئة شجرة زيتون على أطراف الممرات.';
const third = 'وستبقى الأبواب مفتوحة حتى العاشرة ليلًا طوال الصيف.';
const fourth = 'وتخطط البلدية لحديقة ثانية قرب المدرسة.';
const ar = { language: 'ar' };

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

  it('gives a first sentence that is too long alone and whole', () => {
    expect(summarize(`${lead} ${second}`, { ...ar, maxCharacters: 10 })).toEqual([lead]);
  });

  it.each([
    ['a question', `هل تكفي حديقة واحدة لكل هذا الحي؟ ${lead}`, [lead]],
    ['the headline', `حديقة الحي تفتح أبوابها من جديد.\n\n${lead}`, [lead]],
    ['a subheading', `خطة من مرحلتين\n\n${lead}`, [lead]],
    ['a kicker that was not recognised', `بعد عامين من الانتظار..\n\n${lead}`, [lead]],
    ['a sentence that points back to what is missing', `وأضاف أن العمل انتهى قبل موعده. ${lead}`, [lead]],
    ['a repeated sentence', `${lead}\n\n${lead}\n\n${second}`, [lead, second]],
    ['a dateline', `دمشق - سانا: ${lead}`, [lead]],
    ['a dateline with an agency in brackets', `دمشق (رويترز) - ${lead}`, [lead]],
  ])('leaves out %s', (_, body, summary) => {
    expect(summarize(body, { ...ar, headline: 'حديقة الحي تفتح أبوابها من جديد' })).toEqual(summary);
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

  it('is verbatim, in order, never empty where the text has a sentence, and within its budget', () => {
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
      fc.property(fc.array(pieces), fc.integer({ min: 1, max: 300 }), (parts, maxCharacters) => {
        const body = parts.join('');
        const summary = summarize(body, { ...ar, maxCharacters });
        expect(summary.every((sentence) => body.includes(sentence))).toBe(true);
        expect(summary.length > 0).toBe(/[\p{L}\p{N}]/u.test(body));
        expect(summary.length).toBeLessThanOrEqual(3);
        if (summary.length > 1) expect(codePoints(summary.join(' '))).toBeLessThanOrEqual(maxCharacters);
      }),
      // A dateline with nothing but a picture after it once left no summary.
      { examples: [[['دمشق - سانا: ', '🚆'], 1]] },
    );
  });
});
