import { describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/telegram/faults.ts';
import { lanes } from '../../src/deliveries/delivery.ts';
import { collectRound, publishRound } from '../../src/pipeline.ts';
import { useNewsdesk } from '../support/newsdesk.ts';
import { useSite } from '../support/site.ts';
import { useTellingDesk } from '../support/telling-desk.ts';

const refused = (description: string): Fault => ({ status: 400, description: `Bad Request: ${description}` });

describe('a story that is corrected', () => {
  const newsroom = useTellingDesk();
  const { desk, tell, change, deliver, copiesOf, ledger } = newsroom;

  it('is edited once in every copy, says so, and is not sent again', async () => {
    const storyId = await tell({ headline: 'افتتاح الجسر يوم الخميس' });
    desk.clock.advance(600_000);
    await change(storyId, { headline: 'افتتاح الجسر يوم الجمعة' });
    const [sent, edited] = [newsroom.calls('sendMessage'), newsroom.calls('editMessageText')];
    await deliver();

    expect(copiesOf('يوم الخميس').flat()).toEqual([]);
    expect(copiesOf('يوم الجمعة').map((copies) => copies.length)).toEqual([1, 1, 1, 1]);
    for (const [message] of copiesOf('يوم الجمعة')) {
      expect(message?.text).toContain('تحديث: 22 تشرين الثاني 2026');
      expect(message?.edit_date).toBeDefined();
    }
    expect(newsroom.calls('sendMessage')).toBe(sent);
    expect(newsroom.calls('editMessageText')).toBe(edited + 4);

    await deliver();
    expect(newsroom.calls('editMessageText')).toBe(edited + 4);
    const { copies, corrections } = await ledger(storyId);
    expect(copies.map((copy) => [copy.state, copy.storyRevision, copy.messageFormat])).toEqual(
      Array.from({ length: 4 }, () => ['sent', 2, 'text']),
    );
    expect(corrections.map(({ state, lane, messageId }) => [state, lane, messageId])).toEqual(
      Array.from({ length: 4 }, () => ['sent', lanes.correction, null]),
    );
  });

  it('shows the new words in the caption, and the new picture only when the picture is new', async () => {
    const { site } = newsroom;
    const storyId = await tell({ headline: 'رصيف جديد في الميناء', imageUrl: site.url('/harbour.jpg') });
    const photoOf = () => copiesOf('رصيف').map(([message]) => message?.photo?.at(-1)?.file_unique_id);
    const before = photoOf();

    await change(storyId, { headline: 'رصيف ثان في الميناء' });
    await deliver();
    expect(photoOf()).toEqual(before);
    await desk.db.updateTable('story').set({ imageState: 'untried' }).where('storyId', '=', storyId).execute();
    desk.clock.advance(60_000);
    await change(storyId, { headline: 'رصيف ثالث في الميناء', imageUrl: site.url('/bridge.jpg') });
    await deliver();
    expect(copiesOf('رصيف ثالث').map((copies) => copies.length)).toEqual([1, 1, 1, 1]);
    expect(photoOf().filter((id, index) => id === undefined || id === before[index])).toEqual([]);

    const media = newsroom.calls('editMessageMedia');
    desk.clock.advance(60_000);
    await change(storyId, { headline: 'رصيف رابع في الميناء' });
    await deliver();
    desk.clock.advance(60_000);
    await change(storyId, { sourceName: 'صحيفة أخرى' });
    await deliver();
    expect(copiesOf('رصيف رابع').map((copies) => copies.length)).toEqual([1, 1, 1, 1]);
    expect(newsroom.calls('editMessageMedia')).toBe(media);
  });

  it('keeps the picture that it was sent with while only its words change', async () => {
    const { site } = newsroom;
    const storyId = await tell({ headline: 'منارة قديمة', imageUrl: site.url('/harbour.jpg') });
    const media = newsroom.calls('editMessageMedia');
    desk.clock.advance(60_000);
    await change(storyId, { headline: 'منارة أقدم' });
    await deliver();
    expect(copiesOf('منارة أقدم').map((copies) => copies.length)).toEqual([1, 1, 1, 1]);
    expect(newsroom.calls('editMessageMedia')).toBe(media);
  });

  it('is edited also where it was sent as a photo before that was noted', async () => {
    const storyId = await tell({ headline: 'قبل الترقية', imageUrl: newsroom.site.url('/bridge.jpg') });
    const [copy] = (await ledger(storyId)).copies;
    await desk.db
      .updateTable('delivery')
      .set({ messageFormat: null, storyRevision: null })
      .where('subjectId', '=', copy?.subjectId as number)
      .execute();
    const media = newsroom.calls('editMessageMedia');
    await change(storyId, { headline: 'بعد الترقية' });
    await deliver();
    expect(copiesOf('بعد الترقية').map((copies) => copies.length)).toEqual([1, 1, 1, 1]);
    expect(newsroom.calls('editMessageMedia')).toBe(media);
    const { copies } = await ledger(storyId);
    expect(copies.map(({ messageFormat }) => messageFormat)).toEqual(['photo', 'photo', 'photo', 'photo']);
  });

  it('keeps the picture that Telegram has when the new one is refused', async () => {
    const { site } = newsroom;
    const storyId = await tell({ headline: 'سفينة كبيرة', imageUrl: site.url('/harbour.jpg') });
    await desk.db.updateTable('story').set({ imageState: 'untried' }).where('storyId', '=', storyId).execute();
    desk.clock.advance(60_000);
    await change(storyId, { headline: 'سفينة أكبر', imageUrl: site.url('/missing.jpg') });
    await deliver();

    for (const [message] of copiesOf('سفينة أكبر')) expect(message?.photo).toBeDefined();
    const { imageState } = await desk.db
      .selectFrom('story')
      .select('imageState')
      .where('storyId', '=', storyId)
      .executeTakeFirstOrThrow();
    expect(imageState).toBe('refused');
  });

  it('is edited once when it changes twice before the first correction went out', async () => {
    const storyId = await tell({ headline: 'المطر غدًا' });
    await change(storyId, { headline: 'المطر بعد غد' });
    await newsroom.plan();
    await change(storyId, { headline: 'المطر بعد ثلاثة أيام' });
    const edited = newsroom.calls('editMessageText');
    await deliver();

    expect(newsroom.calls('editMessageText')).toBe(edited + 4);
    expect(copiesOf('المطر بعد ثلاثة أيام').map((copies) => copies.length)).toEqual([1, 1, 1, 1]);
    const { corrections } = await ledger(storyId);
    expect(corrections.map(({ state, outcome }) => [state, outcome])).toEqual([
      ...Array.from({ length: 4 }, () => ['canceled', 'superseded']),
      ...Array.from({ length: 4 }, () => ['sent', 'sent']),
    ]);
  });

  it('is not edited again where an edit has shown the newer change already', async () => {
    const storyId = await tell({ headline: 'سعر الخبز كما هو' });
    await change(storyId, { headline: 'سعر الخبز يرتفع' });
    await newsroom.plan();
    await change(storyId, { headline: 'سعر الخبز يرتفع قليلًا' });
    await desk.send();
    const edited = newsroom.calls('editMessageText');
    await deliver();

    expect(newsroom.calls('editMessageText')).toBe(edited);
    expect(copiesOf('قليلًا').map((copies) => copies.length)).toEqual([1, 1, 1, 1]);
  });

  it('reaches whoever has it after the correction in its new form only', async () => {
    const storyId = await newsroom.insertStory({ headline: 'موعد المباراة الخامسة' });
    await newsroom.plan();
    await change(storyId, { headline: 'موعد المباراة السادسة' });
    const edited = newsroom.calls('editMessageText');
    await deliver();
    expect(copiesOf('الخامسة').flat()).toEqual([]);
    expect(copiesOf('السادسة').map((copies) => copies.length)).toEqual([1, 1, 1, 1]);
    expect(newsroom.calls('editMessageText')).toBe(edited);
  });

  it.each([
    ['message to edit not found', 'message-gone'],
    ["message can't be edited", 'rejected'],
  ])('harms nobody when Telegram says “%s”', async (words, outcome) => {
    const storyId = await tell({ headline: `نتيجة أولى ${outcome}` });
    await change(storyId, { headline: `نتيجة ثانية ${outcome}` });
    const [unlucky] = newsroom.readers;
    desk.telegram.fail({ chatId: unlucky?.chatId as number, times: 1, fault: refused(words) });
    await deliver();

    expect(copiesOf(`نتيجة ثانية ${outcome}`).map((copies) => copies.length)).toEqual([0, 1, 1, 1]);
    const { corrections } = await ledger(storyId);
    expect(corrections.filter(({ state }) => state === 'failed')).toMatchObject([{ outcome }]);
    const states = await desk.db.selectFrom('recipient').select('state').distinct().execute();
    expect(states).toEqual([{ state: 'active' }]);
  });

  it('stays as it was, and its editors are told, when Telegram refuses the correction itself', async () => {
    const storyId = await tell({ headline: 'عنوان سليم' });
    await change(storyId, { headline: 'عنوان مصحح' });
    desk.telegram.fail({ method: 'editMessageText', times: 9, fault: refused("can't parse entities: oh") });
    await deliver();
    desk.telegram.clearFaults();

    expect(copiesOf('عنوان سليم').map((copies) => copies.length)).toEqual([1, 1, 1, 1]);
    expect((await ledger(storyId)).corrections.every(({ closedAt }) => closedAt !== null)).toBe(true);
    const told = newsroom.editor.messages().filter(({ text }) => text?.includes('عنوان مصحح'));
    expect(told).toHaveLength(1);
  });

  it.each<[string, Fault]>([
    ['lost before it arrived', 'reset-before'],
    ['lost after it had worked', 'reset-after'],
    ['told to wait', { status: 429, description: 'Too Many Requests: retry after 1', parameters: { retry_after: 1 } }],
  ])('is edited all the same when an edit is %s', async (name, fault) => {
    const storyId = await tell({ headline: `قبل ${name}` });
    await change(storyId, { headline: `بعد ${name}` });
    desk.telegram.fail({ method: 'editMessageText', times: 1, fault });
    await deliver();

    expect(copiesOf(`بعد ${name}`).map((copies) => copies.length)).toEqual([1, 1, 1, 1]);
    const { corrections } = await ledger(storyId);
    expect(corrections.map(({ state }) => state)).toEqual(['sent', 'sent', 'sent', 'sent']);
  });

  it('is edited also where it was in the middle of its call while the correction was planned', async () => {
    const storyId = await newsroom.insertStory({ headline: 'الخبر كما كان' });
    await newsroom.plan();
    await newsroom.sendAnd(1, async () => {
      await change(storyId, { headline: 'الخبر كما صار' });
      await newsroom.plan();
    });
    await desk.send();

    expect(copiesOf('الخبر كما كان').flat()).toEqual([]);
    expect(copiesOf('الخبر كما صار').map((copies) => copies.length)).toEqual([1, 1, 1, 1]);
    expect((await ledger(storyId)).copies.map((copy) => copy.storyRevision)).toEqual([2, 2, 2, 2]);
  });

  it('is edited everywhere when correction and sending race each other', async () => {
    const crowd = Array.from({ length: 40 }, (_, index) =>
      desk.telegram.createUser({ firstName: `قارئ ${index}`, languageCode: 'ar' }),
    );
    for (const reader of crowd) await reader.send('/start topic_local');
    await desk.telegram.idle();
    const storyId = await newsroom.insertStory({ headline: 'سباق القوارب اليوم' });
    await newsroom.plan();
    const racing: Promise<unknown>[] = [];
    await newsroom.sendAnd(6, async (call) => {
      const corrected = change(storyId, { headline: `سباق القوارب غدًا ${call}` });
      racing.push(corrected.then(newsroom.plan));
    });
    await Promise.all(racing);
    await deliver();

    const { copies } = await ledger(storyId);
    expect(copies).toHaveLength(44);
    const texts = [...crowd, ...newsroom.readers, newsroom.channel].map(
      (chat) =>
        chat
          .messages()
          .findLast(({ text }) => text?.includes('القوارب'))
          ?.text?.split('\n')[0],
    );
    expect([...new Set(texts)]).toEqual([(await newsroom.story(storyId)).headline]);
  });
});

describe('the pace of corrections', () => {
  const newsroom = useTellingDesk({ emulator: { limits: { perSecond: 100_000 } } });
  const { desk } = newsroom;

  it("keeps Telegram's limits for edits and messages together, and lets news go first", async () => {
    const before = desk.telegram.calls().length;
    const storyIds: number[] = [];
    for (let story = 1; story <= 12; story += 1) {
      storyIds.push(await newsroom.insertStory({ headline: `سطر أول ${story}.` }));
    }
    await newsroom.deliver();
    for (const [index, storyId] of storyIds.entries()) {
      await newsroom.change(storyId, { headline: `سطر مصحح ${index + 1}.` });
    }
    await newsroom.insertStory({ headline: 'خبر بعد التصحيح' });
    await newsroom.plan();
    await desk.send();
    // The channel has had more in this minute than it may: the rest is due in the next.
    desk.clock.advance(60_000);
    await desk.send();

    expect(newsroom.copiesOf('سطر مصحح').map((copies) => copies.length)).toEqual([12, 12, 12, 12]);
    const calls = desk.telegram.calls().slice(before);
    expect(calls.filter((call) => JSON.stringify(call.answer).includes('Too Many Requests'))).toEqual([]);
    const toChannel = calls.filter((call) => String(call.params['chat_id']) === String(newsroom.channel.id));
    expect(toChannel.map((call) => call.method)).toEqual([
      ...Array.from({ length: 13 }, () => 'sendMessage'),
      ...Array.from({ length: 12 }, () => 'editMessageText'),
    ]);
  });
});

describe('a follow-up', () => {
  const newsroom = useTellingDesk();
  const { desk, tell, copiesOf } = newsroom;
  const answered = (text: string) => copiesOf(text).map(([message]) => message?.reply_to_message?.text?.split('\n')[0]);

  it('arrives as an answer to the first story, or to what the reader has of the thread, or by itself', async () => {
    const first = await tell({ headline: 'حريق في السوق' });
    const late = desk.telegram.createUser({ firstName: 'متأخرة', languageCode: 'ar' });
    await desk.says(late, '/start topic_local');
    await tell({ headline: 'إخماد الحريق', followsStoryId: first });
    expect(answered('إخماد الحريق')).toEqual(Array.from({ length: 4 }, () => 'حريق في السوق'));
    expect(copiesOf('إخماد الحريق')[0]?.[0]?.text).toMatch(/^متابعة\n/);
    expect(late.lastFromBot()).toMatchObject({ text: expect.stringContaining('إخماد الحريق') });
    expect(late.lastFromBot()?.reply_to_message).toBeUndefined();

    await tell({ headline: 'تقدير خسائر الحريق', followsStoryId: first });
    expect(answered('تقدير خسائر')).toEqual(Array.from({ length: 4 }, () => 'حريق في السوق'));
    expect(late.lastFromBot()?.reply_to_message?.text).toContain('إخماد الحريق');
  });

  it('arrives by itself where the reader has deleted the first story', async () => {
    const first = await tell({ headline: 'قطع الطريق الساحلي' });
    const [message] = copiesOf('قطع الطريق')[3] ?? [];
    if (message) newsroom.channel.deleteMessage(message);
    await tell({ headline: 'فتح الطريق الساحلي', followsStoryId: first });
    expect(answered('فتح الطريق')).toEqual([...Array.from({ length: 3 }, () => 'قطع الطريق الساحلي'), undefined]);
  });
});

describe('a story that a second source reports', () => {
  const desk = useNewsdesk();
  const [one, two] = [useSite('صحيفة الميناء'), useSite('إذاعة الساحل', 'localhost')];

  it('names it on the copies that there are, and is not pushed again', async () => {
    await desk.apply(`
topics:
  - { slug: local, name: { ar: محليات } }
feeds:
  - { url: "${one.feedUrl}", language: ar, topics: [local] }
  - { url: "${two.feedUrl}", language: ar, topics: [local] }
`);
    const reader = desk.telegram.createUser({ firstName: 'ليلى', languageCode: 'ar' });
    await desk.says(reader, '/start topic_local');
    await desk.round();
    const title = 'بلدية الميناء تفتتح مكتبة عامة جديدة في الحي الشرقي';
    const summary =
      'افتتحت بلدية الميناء صباح اليوم مكتبة عامة جديدة في الحي الشرقي تضم عشرين ألف كتاب وقاعة واسعة للأطفال. وقال رئيس البلدية إن المكتبة تفتح أبوابها كل يوم حتى التاسعة مساء.';
    one.publish({ slug: 'library', title, summary, publishedAt: desk.clock.now() });
    await desk.round();
    desk.clock.advance(600_000);
    two.publish({ slug: 'books', title, summary, publishedAt: desk.clock.now() });
    const told = () => reader.messages().filter((message) => message.text?.includes('مكتبة عامة'));
    await collectRound(desk.app.pipeline, { all: true });
    await publishRound(desk.app.pipeline);
    desk.clock.advance(3_600_000);
    await desk.round();

    expect(told()).toHaveLength(1);
    expect(told()[0]?.text).toContain('ورد أيضًا في: إذاعة الساحل');
    expect(told()[0]?.text).not.toContain('تحديث');
  });
});
