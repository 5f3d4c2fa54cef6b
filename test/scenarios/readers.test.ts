import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import { filler, headline } from '../support/filler.ts';
import { buttons, ownerId, useNewsdesk } from '../support/newsdesk.ts';
import { useSite } from '../support/site.ts';

describe('a reader', () => {
  const desk = useNewsdesk();
  const site = useSite();
  let reader: EmulatedUser;

  const { says, press } = desk;
  const publish = async (slug: string) => {
    site.publish({
      slug,
      title: headline(slug),
      summary: `نص الخبر كاملًا: ${filler(slug)}`,
      categories: ['محليات'],
      publishedAt: desk.clock.now(),
    });
    await desk.round();
  };
  const news = (user: EmulatedUser) => user.messages().filter((message) => message.text?.includes('نص الخبر كاملًا'));

  beforeAll(async () => {
    await desk.apply(`
topics:
  - { slug: local, name: { ar: محليات, en: Local news } }
  - { slug: sport, name: { ar: رياضة, en: Sport } }
feeds:
  - { url: "${site.feedUrl}", language: ar, categories: { محليات: local } }
`);
    await desk.round();
  });
  beforeEach(() => {
    reader = desk.telegram.createUser({ firstName: 'ليلى', languageCode: 'ar' });
  });

  it('is greeted in the language of their Telegram, told what will come, and shown the topics', async () => {
    const arabic = await says(reader, '/start');
    expect(arabic).toContain('أهلًا');
    expect(arabic).toContain('/stop');
    expect(buttons(reader)).toEqual(['▫️ محليات', '▫️ رياضة', 'تم']);

    const english = desk.telegram.createUser({ firstName: 'Sam', languageCode: 'en-GB' });
    expect(await says(english, '/start')).toContain('each story once');
    expect(buttons(english)).toEqual(['▫️ Local news', '▫️ Sport', 'Done']);

    const other = desk.telegram.createUser({ firstName: 'Kim', languageCode: 'ko' });
    expect(await says(other, '/start')).toContain('أهلًا');
  });

  it('chooses topics in one message that is edited in place', async () => {
    await says(reader, '/start');
    const shown = reader.messages().length;
    const answer = await press(reader, 'محليات');
    expect(answer.text).toContain('محليات');
    expect(buttons(reader)).toEqual(['✅ محليات', '▫️ رياضة', 'تم']);
    await press(reader, 'محليات');
    expect(buttons(reader)).toEqual(['▫️ محليات', '▫️ رياضة', 'تم']);
    await press(reader, 'رياضة');
    await press(reader, 'تم');
    expect(reader.messages()).toHaveLength(shown);
    expect(buttons(reader)).toEqual([]);
    expect(reader.lastFromBot()?.text).toContain('موضوعًا واحدًا');
  });

  it('loses nothing when the same press arrives twice', async () => {
    await says(reader, '/start');
    const message = reader.lastFromBot();
    const data = message?.reply_markup?.inline_keyboard[0]?.[0];
    const press = { data: data && 'callback_data' in data ? data.callback_data : '' };
    await Promise.all([reader.press(press, message), reader.press(press, message)]);
    await desk.telegram.idle();
    expect(buttons(reader)[0]).toBe('✅ محليات');
  });

  it('follows a topic through its link', async () => {
    expect(await says(reader, '/start topic_local')).toContain('أصبحت تتابع');
    expect(buttons(reader)[0]).toBe('✅ محليات');
    expect(await says(reader, '/start topic_nowhere')).toContain('غير موجود');
  });

  it('really stops, and comes back as they were', async () => {
    await says(reader, '/start topic_local');
    await publish('before-stop');
    expect(news(reader)).toHaveLength(1);
    expect(await says(reader, '/stop')).toContain('/start');
    await publish('after-stop');
    expect(news(reader)).toHaveLength(1);
    expect(await says(reader, '/stop')).not.toBe('');
    expect(await says(reader, '/start')).toContain('بعودتك');
    expect(buttons(reader)[0]).toBe('✅ محليات');
    await publish('after-return');
    expect(news(reader)).toHaveLength(2);
  });

  it('is not sent what was still owed when they stopped', async () => {
    await says(reader, '/start topic_local');
    desk.telegram.fail({
      method: 'sendMessage',
      chatId: reader.chatId,
      times: 1,
      fault: { status: 500, description: 'Internal Server Error' },
    });
    site.publish({
      slug: 'owed',
      title: 'خبر مؤجل',
      summary: 'نص الخبر كاملًا.',
      categories: ['محليات'],
      publishedAt: desk.clock.now(),
    });
    const { collectRound, publishRound } = await import('../../src/pipeline.ts');
    await collectRound(desk.app.pipeline, { all: true });
    await publishRound(desk.app.pipeline);
    await says(reader, '/stop');
    await desk.send();
    expect(news(reader)).toEqual([]);
  });

  it('is not sent what was owed before they stopped either when they are back before its turn', async () => {
    await says(reader, '/start topic_local');
    site.publish({
      slug: 'owed-before',
      title: headline('owed-before'),
      summary: `نص الخبر كاملًا: ${filler('owed-before')}`,
      categories: ['محليات'],
      publishedAt: desk.clock.now(),
    });
    const { collectRound, publishRound } = await import('../../src/pipeline.ts');
    await collectRound(desk.app.pipeline, { all: true });
    await publishRound(desk.app.pipeline);
    desk.clock.advance(1_000);
    await says(reader, '/stop');
    await says(reader, '/start');
    await desk.send();
    expect(news(reader)).toEqual([]);
    await publish('owed-after');
    expect(news(reader)).toHaveLength(1);
  });

  it('is known to be there whenever they write or press something', async () => {
    await says(reader, '/start');
    const seenAt = async () =>
      (
        await desk.db
          .selectFrom('recipient')
          .select('lastActiveAt')
          .where('chatId', '=', reader.chatId)
          .executeTakeFirst()
      )?.lastActiveAt;
    const came = desk.clock.now();
    expect(await seenAt()).toEqual(came);
    desk.clock.advance(30 * 60_000);
    await press(reader, 'محليات');
    expect(await seenAt()).toEqual(came);
    desk.clock.advance(30 * 60_000);
    await press(reader, 'رياضة');
    expect(await seenAt()).toEqual(desk.clock.now());
  });

  it('who blocks the bot is paused, and comes back with everything on unblocking', async () => {
    await says(reader, '/start topic_local');
    reader.block();
    await publish('while-blocked');
    reader.unblock();
    await publish('after-unblock');
    expect(news(reader).map((message) => message.text?.split('\n')[0])).toEqual([headline('after-unblock')]);
  });

  it('who blocks the bot unseen is found out by the first message, and comes back with /start', async () => {
    await says(reader, '/start topic_local');
    desk.telegram.fail({
      method: 'sendMessage',
      chatId: reader.chatId,
      times: 1,
      fault: { status: 403, description: 'Forbidden: bot was blocked by the user' },
    });
    await publish('unseen-block');
    await publish('still-blocked');
    expect(news(reader)).toEqual([]);
    await says(reader, '/start');
    expect(buttons(reader)[0]).toBe('✅ محليات');
    await publish('seen-again');
    expect(news(reader)).toHaveLength(1);
  });

  it('changes the language, which then counts more than that of their Telegram', async () => {
    await says(reader, '/language');
    await press(reader, 'English');
    expect(await says(reader, '/topics')).toContain('topics');
    expect(buttons(reader)[0]).toBe('▫️ Local news');
  });

  it('who has stopped stays so, whatever old button is pressed, until they follow a topic again', async () => {
    await says(reader, '/start topic_local');
    await says(reader, '/language');
    await says(reader, '/stop');
    await press(reader, 'English');
    const state = async () =>
      (await desk.db.selectFrom('recipient').select('state').where('chatId', '=', reader.chatId).executeTakeFirst())
        ?.state;
    expect(await state()).toBe('stopped');
    await says(reader, '/topics');
    expect(await state()).toBe('stopped');
    await press(reader, 'Sport');
    expect(await state()).toBe('active');
  });

  it('is helped, answered when nothing is understood, and told when a button is too old', async () => {
    const help = await says(reader, '/help');
    for (const command of ['/start', '/topics', '/language', '/stop', '/help']) expect(help).toContain(command);
    expect(help).not.toContain('/broadcast');
    expect(await says(reader, 'مرحبا')).toContain('/topics');

    await desk.app.bot.api.sendMessage(reader.chatId, 'من الماضي', {
      reply_markup: { inline_keyboard: [[{ text: 'قديم', callback_data: 'v0:topic:1' }]] },
    });
    const stale = await press(reader, 'قديم');
    expect(stale).toMatchObject({ showAlert: true });
    expect(stale.text).toContain('/topics');
  });

  it('sees no command of the editors, and cannot use one', async () => {
    await says(reader, '/start');
    const readersCommands = ['start', 'topics', 'keywords', 'search', 'language', 'stop', 'help'];
    expect(reader.commands().map((entry) => entry.command)).toEqual(readersCommands);
    for (const command of ['/broadcast', '/status', '/cancel']) {
      expect(await says(reader, command)).toContain('/topics');
    }
    const owner = desk.telegram.createUser({ id: ownerId, firstName: 'هبة', languageCode: 'ar' });
    await says(owner, '/start');
    expect(owner.commands().map((entry) => entry.command)).toContain('broadcast');
    expect(await says(owner, '/help')).toContain('/broadcast');
  });
});
