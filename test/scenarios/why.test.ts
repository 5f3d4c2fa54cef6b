import type { Message } from 'grammy/types';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EmulatedChat } from '../../sandbox/telegram/chat-driver.ts';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import { planDeliveries } from '../../src/deliveries/plan.ts';
import { collectRound, publishRound } from '../../src/pipeline.ts';
import { headline } from '../support/filler.ts';
import { ownerId, useNewsdesk } from '../support/newsdesk.ts';
import { useSite } from '../support/site.ts';

describe('an editor who asks why', () => {
  const desk = useNewsdesk();
  const site = useSite();
  let editor: EmulatedUser;
  let reader: EmulatedUser;
  let channel: EmulatedChat;

  const { says } = desk;
  /** Without the marks of direction. */
  const why = async (question: string, replyTo?: Message) =>
    (await says(editor, { text: `/why ${question}`.trim(), ...(replyTo ? { replyTo } : {}) })).replaceAll(
      /[\u200e\u200f\u2066-\u2069]/g,
      '',
    );
  const link = (slug: string) => site.url(`/${slug}/`);
  const copyOf = (chat: { messages(): Message[] }, text: string) => {
    const copy = chat.messages().find((message) => (message.text ?? message.caption)?.includes(text));
    if (!copy) throw new Error('there is no such copy');
    return copy;
  };

  function write(slug: string, { category = 'محليات', publishedAt = desk.clock.now() } = {}): void {
    const title = headline(slug);
    site.publish({ slug, title, summary: `نص ${title}.`, categories: [category], publishedAt });
  }

  /** Up to the planning, and no further. */
  async function plan(): Promise<void> {
    await collectRound(desk.app.pipeline, { all: true });
    await publishRound(desk.app.pipeline);
  }

  beforeAll(async () => {
    await desk.apply(`
topics:
  - { slug: local, name: { ar: محليات, en: Local news } }
  - { slug: sport, name: { ar: رياضة, en: Sport } }
feeds:
  - { url: "${site.feedUrl}", language: ar, categories: { محليات: local, رياضة: sport } }
channels:
  - { chat: "@mina_why", topics: [local, sport], language: ar }
`);
    editor = desk.telegram.createUser({ id: ownerId, firstName: 'هبة', languageCode: 'ar' });
    reader = desk.telegram.createUser({ firstName: 'ليلى', languageCode: 'ar' });
    channel = desk.telegram.createChannel({ title: 'الميناء', username: 'mina_why' });
    channel.addBot({ by: editor });
    await says(editor, '/start topic_local');
    await says(reader, '/start topic_local');
    write('before', { publishedAt: new Date('2026-01-01T00:00:00Z') });
    await desk.round();
    write('bridge');
    write('cup', { category: 'رياضة' });
    await desk.round();
  });

  it('is told how to ask, and which chat or story is not known', async () => {
    expect(await why('')).toContain('/why @channel');
    expect(await why('12345')).toContain('لا نعرف المحادثة 12345');
    expect(await why('@nobody_here')).toContain('لا نعرف المحادثة');
    expect(await why(`${reader.chatId} https://elsewhere.example/`)).toContain('لم نجد الخبر');
    expect(await why(`${reader.chatId} 999999`)).toContain('لم نجد الخبر');
  });

  it('sees when a story was sent, as which message, and for which topic', async () => {
    const answer = await why(`${reader.chatId} ${link('bridge')}`);
    expect(answer).toContain(headline('bridge'));
    expect(answer).toContain(`ورقم رسالته هناك ${copyOf(reader, headline('bridge')).message_id}`);
    expect(answer).toContain('22 تشرين الثاني 2026');
    expect(answer).toContain('متابعة المواضيع «محليات»');
    expect(answer).toContain('دوره مع الأخبار');
  });

  it('sees the topics of both when a story was not for a reader', async () => {
    const answer = await why(`${reader.chatId} ${link('cup')}`);
    expect(answer).toContain('مواضيع الخبر «رياضة»، والمحادثة لا تتابع أيًا منها، بل تتابع «محليات»');
    expect(await why(`@mina_why ${link('cup')}`)).toContain('أُرسل في');
  });

  it('asks by answering a story that came to them, or a post that they forwarded', async () => {
    expect(await why('', copyOf(editor, headline('bridge')))).toContain('أُرسل في');
    expect(await why(`${reader.chatId}`, copyOf(editor, headline('bridge')))).toContain(`${reader.chatId}`);

    const post = copyOf(channel, headline('cup'));
    await editor.send({ forward: post });
    await desk.telegram.idle();
    const forwarded = editor.messages().findLast((message) => message.forward_origin !== undefined);
    const answer = await why('', forwarded);
    expect(answer).toContain('الميناء (@mina_why)');
    expect(answer).toContain(`ورقم رسالته هناك ${post.message_id}`);

    const greeting = editor.messages().find(({ from }) => from?.is_bot);
    expect(await why('', greeting)).toContain('لم نجد الخبر');
  });

  it('sees that what came with the first round of its feed is never sent', async () => {
    expect(await why(`${reader.chatId} ${link('before')}`)).toContain('أول جولة لمصدره');
  });

  it('sees what waits, and that it will not be sent to who has left meanwhile', async () => {
    write('waiting');
    await plan();
    expect(await why(`${reader.chatId} ${link('waiting')}`)).toContain('ينتظر الإرسال');
    await says(reader, '/stop');
    const leaving = await why(`${reader.chatId} ${link('waiting')}`);
    expect(leaving).toContain('لن يُرسل، لأن المحادثة لا تُراسَل الآن');
    expect(leaving).toContain('متوقفة بالأمر /stop');
    await desk.send();
    const left = await why(`${reader.chatId} ${link('waiting')}`);
    expect(left).toContain('لم يُرسل، لأن المحادثة لم تعد تُراسَل');
    await says(reader, '/start');
    expect(copyOf(editor, headline('waiting'))).toBeDefined();
  });

  it('sees why Telegram did not take it', async () => {
    desk.telegram.fail({
      method: 'sendMessage',
      chatId: reader.chatId,
      times: 1,
      fault: { status: 403, description: 'Forbidden: bot was blocked by the user' },
    });
    write('blocked');
    await desk.round();
    expect(await why(`${reader.chatId} ${link('blocked')}`)).toContain('Forbidden: bot was blocked by the user');
    write('later');
    await desk.round();
    expect(await why(`${reader.chatId} ${link('later')}`)).toContain('البوت محظور في المحادثة منذ');
    await says(reader, '/start');
  });

  it('sees that nobody knows whether it has arrived, and that it was sent once more', async () => {
    desk.telegram.fail({ method: 'sendMessage', chatId: reader.chatId, times: 1, fault: 'reset-after' });
    write('doubtful');
    await desk.round();
    expect(reader.messages().filter(({ text }) => text?.includes(headline('doubtful')))).toHaveLength(2);
    expect(await why(`${reader.chatId} ${link('doubtful')}`)).toContain('ربما وصل مرتين');
  });

  it('sees what was last owed to a chat, the newest first', async () => {
    const answer = await why(String(reader.chatId));
    expect(answer).toMatch(new RegExp(`خبر: ${headline('doubtful')}[^]*خبر: ${headline('bridge')}`));
    expect(answer).not.toContain(headline('cup'));
    const newcomer = desk.telegram.createUser({ firstName: 'جديد', languageCode: 'ar' });
    await says(newcomer, '/start');
    expect(await why(String(newcomer.chatId))).toContain('لم يكن لهذه المحادثة شيء بعد');
  });

  it('sees that a story was withdrawn, and taken back', async () => {
    const { withdraw, findWithdrawable } = await import('../../src/deliveries/withdrawal-store.ts');
    const { findArticleByUrl } = await import('../../src/articles/article-store.ts');
    const article = await findArticleByUrl(desk.db, link('bridge'));
    const found = await findWithdrawable(desk.db, article?.articleId as number);
    expect(found?.copies).toBe(3);
    if (found) await withdraw(desk.db, found, { because: 'test', now: desk.clock.now() });
    await planDeliveries(desk.app.pipeline);
    await desk.send();
    const answer = await why(`${reader.chatId} ${link('bridge')}`);
    expect(answer).toContain('حُذفت رسالته أو شُطبت');
    expect(answer).toContain('سُحب هذا الخبر');
  });

  it('must be an editor', async () => {
    expect(await says(reader, `/why ${reader.chatId}`)).toContain('/topics');
  });
});
