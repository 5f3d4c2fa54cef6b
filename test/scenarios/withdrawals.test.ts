import type { Message } from 'grammy/types';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/telegram/faults.ts';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import { encode } from '../../src/telegram/callback-data.ts';
import { buttons, ownerId, useNewsdesk } from '../support/newsdesk.ts';
import { useSite } from '../support/site.ts';
import { useTellingDesk } from '../support/telling-desk.ts';

const hours = (count: number) => count * 3_600_000;
const refused = (description: string): Fault => ({ status: 400, description: `Bad Request: ${description}` });

describe('a story that is withdrawn', () => {
  const newsroom = useTellingDesk();
  const { desk, tell, deliver, withdraw, copiesOf, ledger } = newsroom;

  afterEach(async () => {
    await desk.db.updateTable('recipient').set({ state: 'active' }).execute();
    desk.telegram.clearFaults();
  });

  it('is deleted everywhere while it is young', async () => {
    const storyId = await tell({ headline: 'خبر غير صحيح' });
    desk.clock.advance(hours(47));
    await withdraw(storyId);
    await deliver();
    expect(copiesOf('خبر غير صحيح').flat()).toEqual([]);
    const { copies } = await ledger(storyId);
    expect(copies.map(({ state, messageId }) => [state, messageId])).toEqual(
      Array.from({ length: 4 }, () => ['sent', null]),
    );
  });

  it('is struck when it is older than two days, as text without a preview and without its button', async () => {
    const storyId = await tell({ headline: 'خبر قديم', url: 'https://news.example/old' });
    const photoId = await tell({ headline: 'صورة قديمة', imageUrl: newsroom.site.url('/harbour.jpg') });
    desk.clock.advance(hours(49));
    await withdraw(storyId);
    await withdraw(photoId);
    const deleted = newsroom.calls('deleteMessage');
    await deliver();

    expect(newsroom.calls('deleteMessage')).toBe(deleted);
    for (const [message] of copiesOf('خبر قديم')) {
      expect(message?.text).toBe('خبر قديم\n\nسُحب هذا الخبر.');
      expect(message?.entities).toEqual([{ type: 'strikethrough', offset: 0, length: 'خبر قديم'.length }]);
      expect(message?.link_preview_options).toEqual({ is_disabled: true });
      expect(message?.reply_markup).toBeUndefined();
    }
    for (const [message] of copiesOf('صورة قديمة')) {
      expect(message?.caption).toBe('صورة قديمة\n\nسُحب هذا الخبر.');
      expect(message?.photo).toBeDefined();
    }
  });

  it('is struck where Telegram refuses to delete it, and left alone where its reader has deleted it', async () => {
    const storyId = await tell({ headline: 'خبر يُمحى' });
    const [first, second] = newsroom.readers;
    desk.telegram.fail({
      chatId: first?.chatId as number,
      times: 1,
      fault: refused("message can't be deleted for everyone"),
    });
    desk.telegram.fail({ chatId: second?.chatId as number, times: 1, fault: refused('message to delete not found') });
    await withdraw(storyId);
    await deliver();
    expect(
      copiesOf('سُحب هذا الخبر').map((copies) => copies.filter(({ text }) => text?.includes('يُمحى')).length),
    ).toEqual([1, 0, 0, 0]);
  });

  it('is struck also where it was sent as a photo before that was noted', async () => {
    const storyId = await tell({ headline: 'صورة بلا قيد', imageUrl: newsroom.site.url('/harbour.jpg') });
    const [copy] = (await ledger(storyId)).copies;
    await desk.db
      .updateTable('delivery')
      .set({ messageFormat: null })
      .where('subjectId', '=', copy?.subjectId as number)
      .execute();
    desk.clock.advance(hours(49));
    await withdraw(storyId);
    await deliver();
    expect(copiesOf('صورة بلا قيد').map(([message]) => message?.caption)).toEqual(
      Array.from({ length: 4 }, () => 'صورة بلا قيد\n\nسُحب هذا الخبر.'),
    );
  });

  it('is taken back also from a reader who has stopped, and nothing else reaches them', async () => {
    const [leaver] = newsroom.readers;
    if (!leaver) throw new Error('there is no reader');
    const young = await tell({ headline: 'خبر كاذب حديث' });
    const corrected = await tell({ headline: 'خبر يصحح' });
    await desk.says(leaver, '/stop');
    const before = leaver.messages().length;
    await newsroom.change(corrected, { headline: 'خبر صحح' });
    await newsroom.insertStory({ headline: 'خبر بعد الوداع' });
    await withdraw(young);
    await deliver();
    expect(copiesOf('خبر كاذب حديث').map((copies) => copies.length)).toEqual([0, 0, 0, 0]);
    expect(copiesOf('خبر صحح').map((copies) => copies.length)).toEqual([0, 1, 1, 1]);
    expect(copiesOf('خبر بعد الوداع').map((copies) => copies.length)).toEqual([0, 1, 1, 1]);
    expect(leaver.messages()).toHaveLength(before - 1);

    desk.clock.advance(hours(49));
    await withdraw(corrected);
    await deliver();
    expect(copiesOf('سُحب هذا الخبر')[0]?.map(({ text }) => text?.split('\n')[0])).toContain('خبر صحح');
    expect(leaver.messages()).toHaveLength(before - 1);
  });

  it('is taken back from a reader who stops while that is on its way, however often it must be tried', async () => {
    const [leaver] = newsroom.readers;
    if (!leaver) throw new Error('there is no reader');
    const storyId = await tell({ headline: 'خبر كاذب ثالث' });
    await withdraw(storyId);
    await newsroom.plan();
    await desk.says(leaver, '/stop');
    desk.telegram.fail({
      method: 'deleteMessage',
      chatId: leaver.chatId,
      times: 1,
      fault: { status: 500, description: 'Internal Server Error' },
    });
    await desk.send();
    expect(copiesOf('خبر كاذب ثالث').flat()).toEqual([]);
  });

  it('is taken back from a reader who stopped while it was sent to them', async () => {
    const storyId = await newsroom.insertStory({ headline: 'خبر كاذب رابع' });
    await newsroom.plan();
    await newsroom.sendAnd(1, async () => {
      for (const reader of newsroom.readers) await desk.says(reader, '/stop');
      await withdraw(storyId);
      await newsroom.plan();
    });
    await desk.send();
    expect(copiesOf('خبر كاذب رابع').flat()).toEqual([]);
  });

  it('is left with a reader who has blocked the bot, who cannot be reached', async () => {
    const [blocker] = newsroom.readers;
    const storyId = await tell({ headline: 'خبر عند من حظر' });
    await desk.db
      .updateTable('recipient')
      .set({ state: 'blocked' })
      .where('chatId', '=', blocker?.chatId as number)
      .execute();
    await withdraw(storyId);
    await deliver();
    expect(copiesOf('خبر عند من حظر').map((copies) => copies.length)).toEqual([1, 0, 0, 0]);
    expect((await ledger(storyId)).corrections).toHaveLength(3);
  });

  it('is never sent, neither when it was planned before nor when it is planned after', async () => {
    const planned = await newsroom.insertStory({ headline: 'خبر مخطط له' });
    await newsroom.plan();
    await desk.db.updateTable('story').set({ withdrawnAt: desk.clock.now() }).where('storyId', '=', planned).execute();
    await desk.send();
    const unplanned = await newsroom.insertStory({ headline: 'خبر لم يخطط له' });
    await withdraw(unplanned);
    await deliver();

    expect(copiesOf('خطط له').flat()).toEqual([]);
    const { copies } = await ledger(planned);
    expect(copies.map(({ state, outcome }) => [state, outcome])).toEqual(
      Array.from({ length: 4 }, () => ['canceled', 'withdrawn']),
    );
  });

  it('closes what is still owed of it', async () => {
    const storyId = await newsroom.insertStory({ headline: 'خبر لم يصل' });
    await newsroom.plan();
    await withdraw(storyId);
    await deliver();
    expect(copiesOf('خبر لم يصل').flat()).toEqual([]);
    const { copies, corrections } = await ledger(storyId);
    expect(copies.map(({ state, outcome }) => [state, outcome])).toEqual(
      Array.from({ length: 4 }, () => ['canceled', 'withdrawn']),
    );
    expect(corrections).toEqual([]);
  });

  it('is taken back also where it was in the middle of its call', async () => {
    const storyId = await newsroom.insertStory({ headline: 'خبر في الطريق' });
    await newsroom.plan();
    await newsroom.sendAnd(1, async () => {
      await withdraw(storyId);
      await newsroom.plan();
    });
    await desk.send();
    expect(copiesOf('خبر في الطريق').flat()).toEqual([]);
  });
});

describe('an editor who withdraws a story', () => {
  const desk = useNewsdesk();
  const site = useSite();
  const { says, press } = desk;
  let editor: EmulatedUser;
  let reader: EmulatedUser;

  beforeAll(async () => {
    await desk.apply(`
topics:
  - { slug: local, name: { ar: محليات } }
feeds:
  - { url: "${site.feedUrl}", language: ar, topics: [local] }
`);
    editor = desk.telegram.createUser({ id: ownerId, firstName: 'هبة', languageCode: 'ar' });
    reader = desk.telegram.createUser({ firstName: 'ليلى', languageCode: 'ar' });
    await says(editor, '/start topic_local');
    await says(reader, '/start topic_local');
    await desk.round();
  });

  const publish = async (slug: string, title: string) => {
    site.publish({ slug, title, summary: `${title}. وهذا كل ما نعرفه عن الأمر.`, publishedAt: desk.clock.now() });
    await desk.round();
  };
  const has = (user: EmulatedUser, title: string) =>
    user
      .messages()
      .some(({ text, reply_markup: keyboard }) => text?.startsWith(title) && !/اسحبه/.test(JSON.stringify(keyboard)));

  it('names it by its link, is asked once more, and it is gone everywhere', async () => {
    await publish('wrong', 'وفاة رئيس البلدية السابق');
    expect(has(reader, 'وفاة رئيس')).toBe(true);
    const question = await says(editor, `/withdraw ${site.url('/wrong/')}?utm_source=telegram`);
    expect(question).toContain('وفاة رئيس البلدية السابق');
    expect(question).toContain('وصل إلى محادثتين');
    await desk.round();
    expect(has(reader, 'وفاة رئيس')).toBe(true);

    await press(editor, 'اسحبه');
    expect(editor.lastFromBot()?.text).toContain('سُحب هذا الخبر');
    expect(buttons(editor)).toEqual([]);
    await desk.round();
    expect(has(reader, 'وفاة رئيس')).toBe(false);
    expect(await says(editor, `/withdraw ${site.url('/wrong/')}`)).toContain('سبق أن سُحب');
  });

  it('names it by answering it, and may change their mind', async () => {
    await publish('right', 'افتتاح معرض الكتاب السنوي');
    const copy = editor.messages().find(({ text }) => text?.startsWith('افتتاح معرض'));
    if (!copy) throw new Error('the editor has no copy');
    await says(editor, { text: '/withdraw', replyTo: copy });
    const question = editor.lastFromBot();
    await press(editor, 'أبقِه');
    expect(editor.lastFromBot()?.text).toContain('بقي كما هو');
    await desk.round();
    expect(has(reader, 'افتتاح معرض')).toBe(true);

    await says(editor, { text: '/withdraw', replyTo: copy });
    const data = question?.reply_markup?.inline_keyboard[0]?.[0];
    expect(data).toMatchObject({ text: 'اسحبه' });
    await Promise.all([press(editor, 'اسحبه'), press(editor, 'اسحبه')]);
    await desk.round();
    expect(has(reader, 'افتتاح معرض')).toBe(false);
  });

  it('is told how, when there is no such story', async () => {
    expect(await says(editor, '/withdraw')).toContain('رابط المقال');
    expect(await says(editor, '/withdraw https://elsewhere.example/')).toContain('لم نجد');
    expect(await says(editor, '/withdraw كلام')).toContain('لم نجد');
    const greeting = editor.messages().find(({ from }) => from?.is_bot);
    expect(await says(editor, { text: '/withdraw', replyTo: greeting as Message })).toContain('لم نجد');
  });

  it('must be an editor, also when the button is pressed', async () => {
    await publish('kept', 'انتهاء أعمال الصيانة في المحطة');
    expect(await says(reader, `/withdraw ${site.url('/kept/')}`)).toContain('/topics');
    const { articleId } = await desk.db
      .selectFrom('article')
      .select('articleId')
      .orderBy('articleId', 'desc')
      .executeTakeFirstOrThrow();
    await desk.app.bot.api.sendMessage(reader.chatId, 'زر غريب', {
      reply_markup: {
        inline_keyboard: [[{ text: 'اسحب', callback_data: encode({ kind: 'withdraw', articleId, on: true }) }]],
      },
    });
    expect(await press(reader, 'اسحب')).toMatchObject({ showAlert: true });
    await desk.round();
    expect(has(reader, 'انتهاء أعمال الصيانة')).toBe(true);
  });
});
