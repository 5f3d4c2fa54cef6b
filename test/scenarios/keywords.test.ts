import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import { keywordMark, maxKeywords } from '../../src/recipients/keyword.ts';
import { encode } from '../../src/telegram/callback-data.ts';
import { buttons, useNewsdesk } from '../support/newsdesk.ts';
import { useSite } from '../support/site.ts';

describe('a reader who follows words of their own', () => {
  const desk = useNewsdesk();
  const site = useSite();
  const { says, press } = desk;
  let reader: EmulatedUser;
  let published = 0;

  beforeAll(async () => {
    await desk.apply(`
topics:
  - { slug: local, name: { ar: محليات } }
feeds:
  - { url: "${site.feedUrl}", language: ar, categories: { محليات: local } }
`);
    await desk.round();
  });
  beforeEach(() => {
    reader = desk.telegram.createUser({ firstName: 'ليلى', languageCode: 'ar' });
  });

  const publish = async (title: string, { summary = title, categories = [] as string[] } = {}) => {
    published += 1;
    site.publish({ slug: `news-${published}`, title, summary, categories, publishedAt: desk.clock.now() });
    await desk.round();
  };
  const received = (user: EmulatedUser, title: string) =>
    user.messages().filter(({ text, from }) => from?.is_bot && text?.startsWith(title)).length;
  const deliveryOf = (user: EmulatedUser, headline: string) =>
    desk.db
      .selectFrom('delivery')
      .innerJoin('recipient', 'recipient.recipientId', 'delivery.recipientId')
      .innerJoin('subject', 'subject.subjectId', 'delivery.subjectId')
      .innerJoin('story', 'story.storyId', 'subject.storyId')
      .select(['delivery.topicIds', 'delivery.keywords'])
      .where('recipient.chatId', '=', user.chatId)
      .where('story.headline', '=', headline)
      .execute();

  it('gets what has the word in any form, in headline or text, and nothing else', async () => {
    expect(await says(reader, '/keywords سوريا')).toContain('أصبحت تتابع «سوريا»');
    await publish('قافلة مساعدات لسوريا');
    await publish('مؤتمر المانحين يختتم أعماله', { summary: 'شارك في اللقاء وفد من الأردن وسوريا ولبنان.' });
    await publish('طالبات سوريات يفزن بجائزة الرياضيات');
    await publish('افتتاح جسر في المدينة');
    expect(received(reader, 'قافلة مساعدات')).toBe(1);
    expect(received(reader, 'مؤتمر المانحين')).toBe(1);
    expect(received(reader, 'طالبات سوريات')).toBe(0);
    expect(received(reader, 'افتتاح جسر')).toBe(0);
  });

  it('gets what has the phrase, and not what has its words apart', async () => {
    await says(reader, '/keywords عيد الغابات');
    await publish('استعداد واسع للاحتفال بعيد الغابات');
    await publish('سكان الغابات ينتظرون العيد');
    expect(received(reader, 'استعداد واسع')).toBe(1);
    expect(received(reader, 'سكان الغابات')).toBe(0);
  });

  it('finds a word far down in a long article', async () => {
    await says(reader, '/keywords المنارة القديمة');
    const filler = 'تستمر أعمال الصيانة في أحياء المدينة منذ أسابيع. '.repeat(60);
    await publish('جولة في أحياء الميناء', { summary: `${filler} وتنتهي الجولة عند المنارة القديمة.` });
    expect(received(reader, 'جولة في أحياء')).toBe(1);
  });

  it('gets one message where topic and words meet, and the ledger says why', async () => {
    await says(reader, '/start topic_local');
    await says(reader, '/keywords بلدية، ميزانية');
    const headline = 'البلدية تقر ميزانيتها السنوية';
    await publish(headline, { categories: ['محليات'] });
    expect(received(reader, headline)).toBe(1);
    const { topicId } = await desk.db.selectFrom('topic').select('topicId').executeTakeFirstOrThrow();
    expect(await deliveryOf(reader, headline)).toEqual([{ topicIds: [topicId], keywords: ['بلدية', 'ميزانية'] }]);

    const other = desk.telegram.createUser({ firstName: 'سامي', languageCode: 'ar' });
    await says(other, '/keywords بلدية');
    await desk.db.updateTable('story').set({ plannedAt: null }).where('headline', '=', headline).execute();
    await desk.round();
    expect(received(reader, headline)).toBe(1);
    expect(await deliveryOf(other, headline)).toEqual([{ topicIds: null, keywords: ['بلدية'] }]);
  });

  it('sees the words as buttons, and leaves one by pressing it', async () => {
    expect(await says(reader, '/keywords')).toContain('لا تتابع أي كلمة');
    expect(buttons(reader)).toEqual([]);
    await says(reader, '/keywords حلب');
    desk.clock.advance(1000);
    await says(reader, '/keywords Aleppo');
    expect(await says(reader, '/keywords')).toContain('تتابع كلمتين');
    expect(buttons(reader)).toEqual(['✕ حلب', '\u200F✕ \u2068Aleppo\u2069']);
    const shown = reader.messages().length;
    expect((await press(reader, /حلب/)).text).toContain('لم تعد تتابع «حلب»');
    expect(reader.messages()).toHaveLength(shown);
    expect(reader.lastFromBot()?.text).toContain('تتابع كلمة واحدة');
    expect(buttons(reader)).toEqual(['\u200F✕ \u2068Aleppo\u2069']);
    await publish('معرض الكتاب في حلب');
    expect(received(reader, 'معرض الكتاب')).toBe(0);
  });

  it('never loses another word to an old button', async () => {
    await says(reader, '/keywords حلب، حمص، حماة');
    await press(reader, '✕ حلب');
    await says(reader, '/keywords درعا');
    const callbackData = encode({ kind: 'keyword-remove', mark: keywordMark('حلب') });
    await desk.app.bot.api.sendMessage(reader.chatId, 'كلماتك أمس', {
      reply_markup: { inline_keyboard: [[{ text: 'من الأمس', callback_data: callbackData }]] },
    });
    expect((await press(reader, 'من الأمس')).text).toContain('لم تكن');
    expect(buttons(reader).toSorted()).toEqual(['✕ حماة', '✕ حمص', '✕ درعا']);
  });

  it('is told what was not added, and why', async () => {
    await says(reader, '/keywords سوريا');
    expect(await says(reader, '/keywords سُوريا')).toContain('من قبل');
    expect(await says(reader, '/keywords ؟!')).toContain('فليس فيها كلمة');
    expect(await says(reader, `/keywords ${'كلمة '.repeat(800)}`)).toContain('أطول مما');
    expect(await says(reader, '/keywords <b>"&\' drop table story')).toContain('«\u2068b>"&\' drop table story\u2069»');
    const tooMany = Array.from({ length: 30 }, () => 'كلمة '.repeat(20)).join('،');
    expect((await says(reader, `/keywords ${tooMany}`)).match(/أطول مما/g)).toHaveLength(maxKeywords);
    const english = desk.telegram.createUser({ firstName: 'Sam', languageCode: 'en' });
    expect(await says(english, '/keywords سوريا')).toContain('You now follow “\u2068سوريا\u2069”.');
    expect(await says(english, '/keywords central bank')).toContain('You follow 2 words');
  });

  it('has twenty words at most', async () => {
    const many = Array.from({ length: maxKeywords }, (_, index) => `كلمة ${index}`);
    expect(await says(reader, `/keywords ${many.join('،')}`)).toContain(`تتابع ${maxKeywords} كلمة`);
    expect(await says(reader, '/keywords واحدة أخرى')).toContain('لم نُضِف «واحدة أخرى»');
    expect(buttons(reader)).toHaveLength(maxKeywords);
    await says(reader, '/stop');
    await says(reader, '/keywords واحدة أخرى');
    expect(await says(reader, '/stop')).toContain('متوقفة من قبل');
  });

  it('keeps the words when they stop or block the bot, and gets nothing meanwhile', async () => {
    await says(reader, '/keywords مرفأ، وزيرة، مصرف، عمال، نادي');
    await says(reader, '/stop');
    await publish('ازدحام شديد أمام المرفأ صباح السبت');
    await says(reader, '/keywords');
    expect(buttons(reader)).toHaveLength(5);
    await publish('وزيرة البيئة تطلق حملة لتنظيف الشواطئ');
    await says(reader, '/start');
    await publish('قرض من مصرف التنمية لترميم الطرق');
    reader.block();
    await publish('عمال النسيج يعلنون إضرابًا مفتوحًا');
    reader.unblock();
    await publish('نادي القرية يفوز ببطولة السباحة للناشئين');
    const got = ['ازدحام شديد', 'وزيرة البيئة', 'قرض من مصرف', 'عمال النسيج', 'نادي القرية'];
    expect(got.map((title) => received(reader, title))).toEqual([0, 0, 1, 0, 1]);

    await says(reader, '/stop');
    await says(reader, '/keywords سفينة');
    await publish('سفينة شراعية ترسو بعد رحلة حول العالم');
    expect(received(reader, 'سفينة شراعية')).toBe(1);
  });
});
