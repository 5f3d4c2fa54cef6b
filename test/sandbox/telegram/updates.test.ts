import type { Update } from 'grammy/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEmulator, type Emulator } from '../../../sandbox/telegram/emulator.ts';
import type { EmulatedUser } from '../../../sandbox/telegram/user.ts';
import { handClock, png, rawCall, type HandClock } from './support.ts';

const conflict = {
  ok: false,
  error_code: 409,
  description: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
};

let emulator: Emulator;
let clock: HandClock;
let reader: EmulatedUser;

beforeEach(async () => {
  clock = handClock();
  emulator = await startEmulator({ clock, throttlePolls: true });
  reader = emulator.createUser({ firstName: 'سلمى', languageCode: 'ar' });
});
afterEach(async () => {
  await emulator.close();
});

/** Far from the poll before, so that its offset does not slow this one. */
async function poll(params: object = {}): Promise<Update[]> {
  clock.advance(5000);
  const { body } = await rawCall(emulator, 'getUpdates', params);
  return body.result ?? [];
}

const texts = (updates: Update[]): (string | undefined)[] => updates.map((update) => update.message?.text);

describe('offsets', () => {
  test('updates stay until a larger offset confirms them', async () => {
    for (const text of ['a', 'b', 'c']) await reader.send(text);
    const all = await poll();
    expect(texts(all)).toEqual(['a', 'b', 'c']);
    const first = all[0]?.update_id ?? 0;
    expect(all.map((update) => update.update_id)).toEqual([first, first + 1, first + 2]);
    expect(texts(await poll({ offset: first + 1 }))).toEqual(['b', 'c']);
    expect(texts(await poll({ offset: 0 }))).toEqual(['b', 'c']);
    expect(texts(await poll({ limit: 1 }))).toEqual(['b']);
    expect(await poll({ offset: first + 3 })).toEqual([]);
    expect(emulator.pendingUpdates).toBe(0);
  });

  test('a negative offset keeps only the last', async () => {
    for (const text of ['a', 'b', 'c']) await reader.send(text);
    expect(texts(await poll({ offset: -1 }))).toEqual(['c']);
    expect(texts(await poll())).toEqual(['c']);
  });

  test('the same offset again within three seconds makes even a short poll wait', async () => {
    await rawCall(emulator, 'getUpdates', { offset: 7 });
    const again = rawCall(emulator, 'getUpdates', { offset: 7 });
    await emulator.waitFor(() => emulator.isPolled);
    await reader.send('a');
    expect((await again).body).toMatchObject({ result: [{ message: { text: 'a' } }] });
  });

  test('the same offset again at once brings one update only', async () => {
    for (const text of ['a', 'b']) await reader.send(text);
    expect(await poll()).toHaveLength(2);
    const { body } = await rawCall(emulator, 'getUpdates');
    expect(body.result).toHaveLength(1);
  });
});

describe('long polling', () => {
  test('a waiting poll ends with the update that comes', async () => {
    const waiting = poll({ timeout: 30 });
    await emulator.waitFor(() => emulator.isPolled);
    await reader.send('مرحبا');
    expect(texts(await waiting)).toEqual(['مرحبا']);
  });

  test('a poll ends empty when its time is over, at most fifty seconds', async () => {
    const waiting = rawCall(emulator, 'getUpdates', { timeout: 600 });
    await emulator.waitFor(() => emulator.isPolled);
    clock.advance(50_000);
    expect((await waiting).body).toEqual({ ok: true, result: [] });
  });

  test('an album comes in one piece', async () => {
    await reader.send('first');
    const [started] = await poll();
    const waiting = poll({ offset: (started?.update_id ?? 0) + 1, timeout: 30 });
    await emulator.waitFor(() => emulator.isPolled);
    await reader.sendAlbum([{ photo: png(9, 9) }, { photo: png(8, 8) }]);
    expect((await waiting).map((update) => update.message?.photo?.length)).toEqual([1, 1]);
  });

  test('a second poll ends the first with a 409, and wins', async () => {
    let begun = 0;
    emulator.on((event) => {
      if (event.type === 'poll') begun++;
    });
    const first = rawCall(emulator, 'getUpdates', { timeout: 30, offset: 1 });
    await emulator.waitFor(() => emulator.isPolled);
    const second = rawCall(emulator, 'getUpdates', { timeout: 30, offset: 2 });
    const { status, body } = await first;
    expect(status).toBe(409);
    expect(body).toEqual(conflict);

    const third = rawCall(emulator, 'getUpdates', { timeout: 30, offset: 3 });
    await emulator.waitFor(() => begun === 3);
    await reader.send('مرحبا');
    expect((await third).body).toMatchObject({ result: [{ message: { text: 'مرحبا' } }] });
    clock.advance(3000);
    expect((await second).body).toEqual(conflict);
  });
});

describe('which updates are owed', () => {
  test('by default all but chat members and reactions; an omitted list keeps the choice', async () => {
    await poll({ allowed_updates: ['callback_query'] });
    await reader.send('a');
    expect(await poll()).toEqual([]);
    await poll({ allowed_updates: [] });
    await reader.send('b');
    expect(texts(await poll())).toEqual(['b']);
  });

  test('blocking and unblocking are told by my_chat_member', async () => {
    await reader.send('/start');
    reader.block();
    reader.unblock();
    const changes = (await poll()).slice(1).map(({ my_chat_member: change }) => ({
      from: change?.from.id,
      chat: change?.chat.type,
      change: [change?.old_chat_member.status, change?.new_chat_member.status],
    }));
    expect(changes).toEqual([
      { from: reader.id, chat: 'private', change: ['member', 'kicked'] },
      { from: reader.id, chat: 'private', change: ['kicked', 'member'] },
    ]);
  });

  test('a channel tells who added the bot and with which rights', async () => {
    const channel = emulator.createChannel({ title: 'نشرة' });
    channel.addBot({ by: reader, rights: { can_post_messages: true } });
    const [update] = await poll();
    expect(update?.my_chat_member).toMatchObject({
      chat: { id: channel.id, type: 'channel', title: 'نشرة' },
      from: { id: reader.id },
      old_chat_member: { status: 'left' },
      new_chat_member: { status: 'administrator', can_post_messages: true, can_edit_messages: false },
    });
  });

  test('channel posts come without a sender, and the bot’s own do not come', async () => {
    const channel = emulator.createChannel({ title: 'نشرة' });
    channel.addBot({ by: reader });
    await channel.post('من المحرر');
    await rawCall(emulator, 'sendMessage', { chat_id: channel.id, text: 'من الآلة' });
    const updates = (await poll()).slice(1);
    expect(updates.map((update) => update.channel_post?.text)).toEqual(['من المحرر']);
    expect(updates[0]?.channel_post).not.toHaveProperty('from');
  });

  test('in a group a bot sees what addresses it, an administrator sees all', async () => {
    const group = emulator.createGroup({ title: 'غرفة الأخبار', supergroup: true });
    group.addBot({ by: reader });
    await group.post('حديث', { by: reader });
    await group.post('/help', { by: reader });
    await group.post('/help@other_bot', { by: reader });
    await group.post('@nashra_desk_bot ما الجديد؟', { by: reader });
    expect(texts((await poll()).slice(1))).toEqual(['/help', '@nashra_desk_bot ما الجديد؟']);
    group.promoteBot({ by: reader });
    await group.post('حديث', { by: reader });
    expect(texts(await poll()).at(-1)).toBe('حديث');
  });

  test('commands and hashtags of a person are marked up', async () => {
    await reader.send('/start ar_news');
    const [update] = await poll();
    expect(update?.message).toMatchObject({
      text: '/start ar_news',
      entities: [{ type: 'bot_command', offset: 0, length: 6 }],
      from: { id: reader.id, language_code: 'ar', is_bot: false },
    });
  });

  test('an edited message and a forward come as such', async () => {
    const message = await reader.send('a');
    reader.edit(message, 'b');
    const channel = emulator.createChannel({ title: 'نشرة' });
    const post = await channel.post('خبر');
    await reader.send({ forward: post });
    const [, edited, forwarded] = await poll();
    expect(edited?.edited_message).toMatchObject({ text: 'b' });
    expect(forwarded?.message).toMatchObject({
      text: 'خبر',
      forward_origin: { type: 'channel', chat: { id: channel.id } },
    });
  });

  test('a press is forgotten after 150 seconds, a message after a day', async () => {
    await reader.send('/start');
    const reply_markup = { inline_keyboard: [[{ text: 'x', callback_data: 'x' }]] };
    await rawCall(emulator, 'sendMessage', { chat_id: reader.id, text: 'a', reply_markup });
    void reader.press('x');
    expect(emulator.pendingUpdates).toBe(2);
    clock.advance(150_000);
    expect(emulator.pendingUpdates).toBe(1);
    clock.advance(86_400_000);
    expect(emulator.pendingUpdates).toBe(0);
  });
});

describe('webhooks', () => {
  test('while one is set, getUpdates is refused', async () => {
    expect((await rawCall(emulator, 'setWebhook', { url: 'https://example.com/hook' })).body).toEqual({
      ok: true,
      result: true,
      description: 'Webhook was set',
    });
    expect((await rawCall(emulator, 'getUpdates')).body).toEqual({
      ok: false,
      error_code: 409,
      description:
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    });
    expect((await rawCall(emulator, 'getWebhookInfo')).body.result).toMatchObject({ url: 'https://example.com/hook' });
    expect((await rawCall(emulator, 'deleteWebhook')).body).toMatchObject({ description: 'Webhook was deleted' });
    expect((await rawCall(emulator, 'deleteWebhook')).body).toMatchObject({
      description: 'Webhook is already deleted',
    });
  });

  test.each([
    ['http://example.com', 'bad webhook: An HTTPS URL must be provided for webhook'],
    ['https://example.com:9000', 'bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443'],
  ])('%s is refused', async (url, message) => {
    expect((await rawCall(emulator, 'setWebhook', { url })).body.description).toBe(`Bad Request: ${message}`);
  });

  test('setting one ends a waiting poll', async () => {
    const waiting = rawCall(emulator, 'getUpdates', { timeout: 30 });
    await emulator.waitFor(() => emulator.isPolled);
    await rawCall(emulator, 'setWebhook', { url: 'https://example.com/hook' });
    expect((await waiting).body.description).toBe('Conflict: terminated by setWebhook request');
  });
});
