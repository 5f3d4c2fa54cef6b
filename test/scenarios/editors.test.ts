import { beforeAll, describe, expect, it } from 'vitest';
import type { EmulatedChat } from '../../sandbox/telegram/chat-driver.ts';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import { planDeliveries } from '../../src/deliveries/plan.ts';
import { filler, headline } from '../support/filler.ts';
import { buttons, ownerId, useNewsdesk } from '../support/newsdesk.ts';
import { useSite } from '../support/site.ts';

describe('an editor', () => {
  const desk = useNewsdesk();
  const site = useSite();
  let editor: EmulatedUser;
  let reader: EmulatedUser;
  let other: EmulatedUser;
  let channel: EmulatedChat;

  const { says, press } = desk;
  /** What the program does at once, in the process that plans and in those that send. */
  const send = async () => {
    await planDeliveries(desk.app.pipeline);
    return desk.send();
  };

  beforeAll(async () => {
    await desk.apply(`
topics:
  - { slug: local, name: { ar: محليات, en: Local news } }
  - { slug: sport, name: { ar: رياضة, en: Sport } }
feeds:
  - { url: "${site.feedUrl}", language: ar, categories: { محليات: local, رياضة: sport } }
channels:
  - { chat: "@mina_news", topics: [local], language: ar }
`);
    editor = desk.telegram.createUser({ id: ownerId, firstName: 'هبة', languageCode: 'ar' });
    reader = desk.telegram.createUser({ firstName: 'ليلى', languageCode: 'ar' });
    other = desk.telegram.createUser({ firstName: 'سامي', languageCode: 'ar' });
    channel = desk.telegram.createChannel({ title: 'أخبار الميناء', username: 'mina_news' });
    channel.addBot({ by: editor });
    await says(editor, '/start');
    await says(reader, '/start topic_local');
    await says(other, '/start topic_sport');
    await desk.round();
  });

  it('broadcasts their own words to everyone, after a preview, and is told what came of it', async () => {
    await says(editor, '/broadcast');
    const before = editor.messages().length;
    await says(editor, { text: '<b>تنبيه</b> من هيئة التحرير: نعود غدًا.', html: true });
    const preview = editor.messages()[before + 2];
    expect(preview?.text).toBe('تنبيه من هيئة التحرير: نعود غدًا.');
    expect(preview?.entities).toEqual([{ type: 'bold', offset: 0, length: 5 }]);
    expect(buttons(editor)).toEqual([
      expect.stringMatching(/الجميع.*4/),
      expect.stringMatching(/القرّاء.*3/),
      expect.stringMatching(/محليات.*1/),
      expect.stringMatching(/رياضة.*1/),
      'إلغاء',
    ]);
    await press(editor, /الجميع/);
    expect(editor.lastFromBot()?.text).toContain('ثانية');
    await press(editor, /^إرسال/);
    await send();

    for (const chat of [reader, other, channel]) {
      expect(chat.messages().at(-1)).toMatchObject({ text: preview?.text, entities: preview?.entities });
    }
    const report = editor
      .messages()
      .find((message) => message.text?.includes('اكتمل') || message.text?.includes('انتهى'));
    expect(report?.text).toMatch(/4 من 4|4.*4/);
  });

  it('broadcasts a picture to the followers of one topic only', async () => {
    const [toReader, toOther] = [reader.messages().length, other.messages().length];
    await says(editor, '/broadcast');
    await says(editor, { photo: await picture(), caption: 'صورة اليوم' });
    await press(editor, /رياضة/);
    await press(editor, /^إرسال/);
    await send();
    expect(other.messages().slice(toOther)).toMatchObject([{ caption: 'صورة اليوم', photo: expect.anything() }]);
    expect(reader.messages()).toHaveLength(toReader);
  });

  it('broadcasts an album as one', async () => {
    await says(editor, '/broadcast');
    await editor.sendAlbum([{ photo: await picture(), caption: 'أولى' }, { photo: await picture() }]);
    await desk.telegram.idle();
    await press(editor, /معاينة/);
    await press(editor, /محليات/);
    await press(editor, /^إرسال/);
    const before = reader.messages().length;
    await send();
    const album = reader.messages().slice(before);
    expect(album).toHaveLength(2);
    expect(album[0]?.media_group_id).toBeDefined();
    expect(album[1]?.media_group_id).toBe(album[0]?.media_group_id);
  });

  it('may change their mind at every step', async () => {
    const before = reader.messages().length;
    await says(editor, '/broadcast');
    expect(await says(editor, '/cancel')).toContain('لم يُرسل');
    expect(await says(editor, '/cancel')).toContain('/help');

    await says(editor, '/broadcast');
    await says(editor, 'رسالة لن تصل');
    await press(editor, 'إلغاء');
    await says(editor, '/broadcast');
    await says(editor, 'رسالة لن تصل أيضًا');
    await press(editor, /الجميع/);
    await press(editor, 'إلغاء');
    await send();
    expect(reader.messages()).toHaveLength(before);
  });

  it('may use other commands in the middle of composing', async () => {
    await says(editor, '/broadcast');
    expect(await says(editor, '/status')).toContain('القرّاء');
    expect(await says(editor, '/help')).toContain('/broadcast');
    expect(await says(editor, '/nonsense')).toContain('أمر لا نعرفه');
    await says(editor, 'ما زلنا هنا');
    expect(buttons(editor)).toContain('إلغاء');
    await says(editor, '/cancel');
  });

  it('is told how many had blocked the bot', async () => {
    const leaver = desk.telegram.createUser({ firstName: 'راحل', languageCode: 'ar' });
    await says(leaver, '/start topic_local');
    await says(editor, '/broadcast');
    await says(editor, 'هل أنتم هنا؟');
    await press(editor, /محليات/);
    const question = editor.lastFromBot()?.message_id;
    desk.telegram.fail({
      method: 'copyMessage',
      chatId: leaver.chatId,
      times: 1,
      fault: { status: 403, description: 'Forbidden: bot was blocked by the user' },
    });
    await press(editor, /^إرسال/);
    await send();
    const report = editor.messages().find((message) => message.message_id === question);
    expect(report?.text).toMatch(/1 من 2/);
    expect(report?.text).toMatch(/تعذّر.*1/);
  });

  it('may have what no answer came to sent once more, or not, and is told what is unknown then', async () => {
    const compose = async (text: string) => {
      await says(editor, '/broadcast');
      await says(editor, text);
      await press(editor, /القرّاء فقط/);
      question = editor.lastFromBot()?.message_id;
    };
    // Editors who are readers too receive the message below it.
    let question: number | undefined;
    const report = () => editor.messages().find(({ message_id: id }) => id === question)?.text;
    const received = (text: string) => reader.messages().filter((message) => message.text === text).length;
    const lose = (times: number) =>
      desk.telegram.fail({ method: 'copyMessage', chatId: reader.chatId, times, fault: 'reset-after' });

    await compose('مرة أو مرتين');
    expect(editor.lastFromBot()?.text).toContain('نعيد إرسالها مرة');
    lose(2);
    await press(editor, /^إرسال/);
    await send();
    expect(received('مرة أو مرتين')).toBe(2);
    expect(report()).toContain('لا نعرف إن وصلت: 1');
    expect(report()).toContain('مرة أو مرتين، وربما لم تصلها');

    await compose('مرة لا أكثر');
    await press(editor, '▫️ مرّة واحدة على الأكثر');
    expect(editor.lastFromBot()?.text).toContain('لا نعيد إرسالها');
    await press(editor, '✅ مرّة واحدة على الأكثر');
    await press(editor, '▫️ مرّة واحدة على الأكثر');
    lose(1);
    await press(editor, /^إرسال/);
    await send();
    expect(received('مرة لا أكثر')).toBe(1);
    expect(report()).toContain('لا نعرف إن وصلت: 1');
    expect(report()).toContain('ولم نُعِد إرسالها');
  });

  it('is told of the end again when the first time did not come through', async () => {
    await says(editor, '/broadcast');
    await says(editor, 'خبر عن البث');
    await press(editor, /رياضة/);
    await press(editor, /^إرسال/);
    desk.telegram.fail({ method: 'editMessageText', times: 9, fault: { status: 502, body: '<html>' } });
    await send();
    expect(editor.lastFromBot()?.text).not.toContain('انتهى');
    desk.telegram.clearFaults();
    await desk.send();
    expect(editor.lastFromBot()?.text).toContain('انتهى');
  });

  it('is told at once when Telegram refuses the message itself, and nobody else is bothered', async () => {
    await says(editor, '/broadcast');
    await says(editor, 'رسالة تُمحى قبل أن تصل');
    await press(editor, /الجميع/);
    const question = editor.lastFromBot()?.message_id;
    desk.telegram.fail({
      method: 'copyMessage',
      times: 1,
      fault: { status: 400, description: 'Bad Request: message to copy not found' },
    });
    const before = [reader, other, channel].map((chat) => chat.messages().length);
    await press(editor, /^إرسال/);
    await send();
    expect(editor.messages().find((message) => message.message_id === question)?.text).toContain(
      'message to copy not found',
    );
    const reached = [reader, other, channel].filter((chat, index) => chat.messages().length > (before[index] ?? 0));
    // Up to nine others were under way when the first answer came.
    const closed = await desk.db.selectFrom('delivery').select('state').where('closedAt', 'is', null).execute();
    expect(closed).toEqual([]);
    expect(reached.length).toBeLessThanOrEqual(3);
  });

  it('sees feeds, backlog and the last round', async () => {
    site.on('/page/', (response) => response.end('<!doctype html><html><body>صفحة لا خلاصة</body></html>'));
    await desk.apply(`feeds: [{ url: "${site.url('/page/')}", language: ar }]`);
    await desk.round();
    const answer = await says(editor, '/status');
    expect(answer).toContain('1 تعمل، 1 متعثرة');
    expect(answer).toContain('العنوان يعطي شيئًا غير خلاصة الأخبار');
    expect(answer).toContain('22 تشرين الثاني 2026');
  });

  it('adds the bot to a channel, is asked for its topics in private, and the channel posts by itself', async () => {
    const added = desk.telegram.createChannel({ title: 'رياضة الميناء' });
    added.addBot({ by: editor });
    await desk.telegram.idle();
    expect(editor.lastFromBot()?.text).toContain('رياضة الميناء');
    await press(editor, /رياضة/);
    expect(buttons(editor)).toContain('✅ رياضة');
    await press(editor, 'تم');

    site.publish({
      slug: 'cup',
      title: 'كأس الساحل لأهلي الميناء',
      summary: 'فاز أهلي الميناء بالكأس.',
      categories: ['رياضة'],
      publishedAt: desk.clock.now(),
    });
    await desk.round();
    expect(added.messages().map((message) => message.text?.split('\n')[0])).toEqual(['كأس الساحل لأهلي الميناء']);

    added.removeBot({ by: editor });
    await desk.telegram.idle();
    expect(editor.lastFromBot()?.text).toContain('رياضة الميناء');
    site.publish({
      slug: 'cup-2',
      title: 'بعد الكأس',
      summary: 'نص.',
      categories: ['رياضة'],
      publishedAt: desk.clock.now(),
    });
    await desk.round();
    expect(added.messages()).toHaveLength(1);
  });

  it('is told when a channel is lost, and it carries on when the bot is back', async () => {
    desk.telegram.fail({
      chatId: channel.id,
      times: 1,
      fault: { status: 400, description: 'Bad Request: CHAT_WRITE_FORBIDDEN' },
    });
    const publish = async (slug: string) => {
      site.publish({
        slug,
        title: headline(slug),
        summary: filler(slug),
        categories: ['محليات'],
        publishedAt: desk.clock.now(),
      });
      await desk.round();
    };
    await publish('lost');
    expect(editor.messages().some((message) => message.text?.includes('CHAT_WRITE_FORBIDDEN'))).toBe(true);
    await publish('still-lost');
    channel.addBot({ by: editor });
    await publish('back');
    const posted = channel.messages().map((message) => message.text?.split('\n')[0]);
    expect(posted).toContain(headline('back'));
    expect(posted).not.toContain(headline('still-lost'));
  });

  it('is the only one who can give the bot a channel', async () => {
    const strangers = desk.telegram.createChannel({ title: 'قناة غريبة' });
    strangers.addBot({ by: other });
    await desk.telegram.idle();
    const known = await desk.db.selectFrom('recipient').select('title').where('chatId', '=', strangers.id).execute();
    expect(known).toEqual([]);
  });

  it('keeps a channel whose @name somebody else has taken over', async () => {
    const mine = desk.telegram.createChannel({ title: 'قناتي', username: 'mina_moved' });
    mine.addBot({ by: editor });
    await desk.telegram.idle();
    await desk.db.updateTable('recipient').set({ username: 'mina_taken' }).where('chatId', '=', mine.id).execute();
    const theirs = desk.telegram.createChannel({ title: 'قناة منتحلة', username: 'mina_taken' });
    theirs.addBot({ by: other });
    await desk.telegram.idle();
    const known = await desk.db.selectFrom('recipient').select('chatId').where('username', '=', 'mina_taken').execute();
    expect(known).toEqual([{ chatId: mine.id }]);
  });

  it('loses the power over a broadcast with their place in the newsroom', async () => {
    const { isOwner } = await import('../../src/telegram/context.ts');
    expect(isOwner({ from: { id: other.id } } as never, { ownerIds: [ownerId] })).toBe(false);
    const before = reader.messages().length;
    await says(other, '/broadcast');
    await says(other, 'أنا لست محررًا');
    await send();
    expect(reader.messages()).toHaveLength(before);
  });
});

async function picture(): Promise<Uint8Array> {
  const { readFile } = await import('node:fs/promises');
  return readFile(new URL('../../sandbox/newsroom/pictures/harbour.jpg', import.meta.url));
}
