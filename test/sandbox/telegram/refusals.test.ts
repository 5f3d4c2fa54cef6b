import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEmulator, type Emulator } from '../../../sandbox/telegram/emulator.ts';
import type { EmulatedUser } from '../../../sandbox/telegram/user.ts';
import { png, rawCall, refusal } from './support.ts';

let emulator: Emulator;
let reader: EmulatedUser;
let editor: EmulatedUser;

beforeEach(async () => {
  emulator = await startEmulator();
  reader = emulator.createUser({ firstName: 'سلمى' });
  editor = emulator.createUser({ firstName: 'نادر' });
  await reader.send('/start');
  await editor.send('/start');
});
afterEach(async () => {
  await emulator.close();
});

const say = (chatId: number | string, extra: object = {}): Promise<string | undefined> =>
  refusal(emulator, 'sendMessage', { chat_id: chatId, text: 'خبر', ...extra });

describe('people', () => {
  test('a blocked bot, a deleted account, a stranger and someone only seen in a group', async () => {
    reader.block();
    expect(await say(reader.id)).toBe('Forbidden: bot was blocked by the user');
    expect((await rawCall(emulator, 'sendMessage', { chat_id: reader.id, text: 'a' })).status).toBe(403);
    reader.unblock();
    expect(await say(reader.id)).toBeUndefined();
    reader.deactivate();
    expect(await say(reader.id)).toBe('Forbidden: user is deactivated');

    const stranger = emulator.createUser({ firstName: 'غريب' });
    expect(await say(stranger.id)).toBe('Bad Request: chat not found');
    const group = emulator.createGroup({ title: 'غرفة الأخبار' });
    group.addMember(stranger);
    expect(await say(stranger.id)).toBe("Forbidden: bot can't initiate conversation with a user");
    expect(await say(emulator.bot.id)).toBe("Forbidden: the bot can't send messages to the bot");
  });

  test.each([
    ['', 'chat_id is empty'],
    ['12345', 'chat not found'],
    ['-100999', 'chat not found'],
    ['@nobody_there', 'chat not found'],
    ['salma', 'chat not found'],
  ])('the chat id "%s"', async (chatId, message) => {
    expect(await say(chatId)).toBe(`Bad Request: ${message}`);
  });
});

describe('channels and groups', () => {
  test('a channel the bot was never in, may not post in, was removed from, and that was deleted', async () => {
    const hidden = emulator.createChannel({ title: 'خاصة' });
    expect(await say(hidden.id)).toBe('Bad Request: chat not found');
    const open = emulator.createChannel({ title: 'نشرة', username: 'nashra_news' });
    expect(await say('@nashra_news')).toBe('Forbidden: bot is not a member of the channel chat');
    open.addBot({ by: editor, rights: { can_edit_messages: true } });
    expect(await say(open.id)).toBe('Bad Request: need administrator rights in the channel chat');
    open.promoteBot({ by: editor, rights: { can_post_messages: true } });
    expect(await say(open.id)).toBeUndefined();
    open.removeBot({ by: editor });
    expect(await say(open.id)).toBe('Forbidden: bot was kicked from the channel chat');
    open.addBot({ by: editor });
    open.delete();
    expect(await say(open.id)).toBe('Forbidden: the channel chat was deleted');
  });

  test('a group the bot left, was kicked from, or that moved', async () => {
    const group = emulator.createGroup({ title: 'غرفة الأخبار' });
    group.addBot({ by: editor });
    await rawCall(emulator, 'leaveChat', { chat_id: group.id });
    expect(await say(group.id)).toBe('Forbidden: bot is not a member of the group chat');
    group.addBot({ by: editor });
    group.removeBot({ by: editor });
    expect(await say(group.id)).toBe('Forbidden: bot was kicked from the group chat');
    group.addBot({ by: editor });
    const next = group.migrate();
    const { body } = await rawCall(emulator, 'sendMessage', { chat_id: group.id, text: 'a' });
    expect(body).toEqual({
      ok: false,
      error_code: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: next.id },
    });
    expect(await say(next.id)).toBeUndefined();
  });

  test('a supergroup where members may not write, or may not send photos', async () => {
    const group = emulator.createGroup({ title: 'غرفة الأخبار', supergroup: true });
    group.addBot({ by: editor });
    group.setWriteForbidden(true);
    expect(await say(group.id)).toBe('Bad Request: have no write access to the chat');
    group.setWriteForbidden('CHAT_WRITE_FORBIDDEN');
    expect(await say(group.id)).toBe('Bad Request: CHAT_WRITE_FORBIDDEN');
    group.setWriteForbidden(false);
    group.deny('text messages');
    expect(await say(group.id)).toBe('Bad Request: not enough rights to send text messages to the chat');
    group.promoteBot({ by: editor });
    expect(await say(group.id)).toBeUndefined();
  });

  test('a topic that is missing or closed', async () => {
    const forum = emulator.createGroup({ title: 'منتدى', forum: true });
    forum.addBot({ by: editor });
    const thread = forum.createTopic('اقتصاد');
    expect(await say(forum.id, { message_thread_id: thread })).toBeUndefined();
    expect(forum.messages().at(-1)).toMatchObject({ message_thread_id: thread, is_topic_message: true });
    forum.closeTopic(thread);
    expect(await say(forum.id, { message_thread_id: thread })).toBe('Bad Request: TOPIC_CLOSED');
    forum.deleteTopic(thread);
    expect(await say(forum.id, { message_thread_id: thread })).toBe('Bad Request: message thread not found');
  });

  test('pinning needs the right to it', async () => {
    const group = emulator.createGroup({ title: 'غرفة الأخبار', supergroup: true });
    group.addBot({ by: editor });
    await say(group.id);
    const message_id = group.messages().at(-1)?.message_id;
    expect(await refusal(emulator, 'pinChatMessage', { chat_id: group.id, message_id })).toBe(
      'Bad Request: not enough rights to manage pinned messages in the chat',
    );
  });
});

describe('texts and messages', () => {
  const cases: [name: string, method: string, params: object, message: string][] = [
    ['no text', 'sendMessage', {}, 'message text is empty'],
    ['a blank text', 'sendMessage', { text: ' \n\u200f ' }, 'text must be non-empty'],
    ['Markdown', 'sendMessage', { text: 'a', parse_mode: 'MarkdownV2' }, 'unsupported parse_mode'],
    [
      'wrong HTML',
      'sendMessage',
      { text: '<b>a', parse_mode: 'HTML' },
      'can\'t parse entities: Can\'t find end tag corresponding to start tag "b"',
    ],
    ['a lone surrogate', 'sendMessage', { text: 'a\ud800' }, 'strings must be encoded in UTF-8'],
    [
      'a reply to nothing',
      'sendMessage',
      { text: 'a', reply_parameters: { message_id: 99 } },
      'message to be replied not found',
    ],
    ['an edit of nothing', 'editMessageText', { text: 'a', message_id: 99 }, 'message to edit not found'],
    ['a pin of nothing', 'pinChatMessage', { message_id: 99 }, 'message to pin not found'],
    ['an unpin of nothing', 'unpinChatMessage', { message_id: 99 }, 'message to unpin not found'],
    ['a reaction to nothing', 'setMessageReaction', { message_id: 99 }, 'message to react not found'],
    [
      'too many ids',
      'deleteMessages',
      { message_ids: Array.from({ length: 101 }, (_, n) => n) },
      'too many message identifiers specified',
    ],
    ['no photo', 'sendPhoto', {}, 'there is no photo in the request'],
    ['a photo by a wrong id', 'sendPhoto', { photo: 'not a file' }, 'wrong file identifier/HTTP URL specified'],
    [
      'a photo by an id of nobody',
      'sendPhoto',
      { photo: 'AgACAgQAAx' },
      "wrong remote file identifier specified: can't unserialize it. Wrong last symbol",
    ],
    ['a photo by half a URL', 'sendPhoto', { photo: 'https://' }, 'wrong HTTP URL specified'],
    [
      'an album of one',
      'sendMediaGroup',
      { media: [{ type: 'photo', media: 'x' }] },
      'there must be at least 2 media in the album',
    ],
    [
      'an album of an animation',
      'sendMediaGroup',
      {
        media: [
          { type: 'animation', media: 'x' },
          { type: 'photo', media: 'x' },
        ],
      },
      "can't use the media of the specified type in the album",
    ],
    [
      'an answer to an old query',
      'answerCallbackQuery',
      { callback_query_id: '1' },
      'query is too old and response timeout expired or query ID is invalid',
    ],
    [
      'administrators of a private chat',
      'getChatAdministrators',
      {},
      'there are no administrators in the private chat',
    ],
  ];
  test.each(cases)('%s', async (_, method, params, message) => {
    expect(await refusal(emulator, method, { chat_id: reader.id, ...params })).toBe(`Bad Request: ${message}`);
    expect(reader.messages()).toHaveLength(1);
  });

  test('a copy and a forward of nothing', async () => {
    const params = { chat_id: reader.id, from_chat_id: editor.id, message_id: 99 };
    expect(await refusal(emulator, 'copyMessage', params)).toBe('Bad Request: message to copy not found');
    expect(await refusal(emulator, 'forwardMessage', params)).toBe('Bad Request: message to forward not found');
  });

  test('an empty text is fine beside a preview URL, and a lenient reply goes out alone', async () => {
    expect(await say(reader.id, { text: '', link_preview_options: { url: 'https://example.com' } })).toBeUndefined();
    const reply_parameters = { message_id: 99, allow_sending_without_reply: true };
    expect(await say(reader.id, { reply_parameters })).toBeUndefined();
  });

  test('what is no image cannot be a photo', async () => {
    const form = new FormData();
    form.set('chat_id', String(reader.id));
    form.set('photo', new Blob(['hello']), 'a.png');
    const response = await fetch(`${emulator.apiRoot}/bot${emulator.token}/sendPhoto`, { method: 'POST', body: form });
    expect(await response.json()).toMatchObject({ description: 'Bad Request: IMAGE_PROCESS_FAILED' });
  });

  test('a photo too long for its height is refused', async () => {
    const form = new FormData();
    form.set('chat_id', String(reader.id));
    form.set('photo', 'attach://file');
    form.set('file', new Blob([png(2100, 100)]), 'a.png');
    const response = await fetch(`${emulator.apiRoot}/bot${emulator.token}/sendPhoto`, { method: 'POST', body: form });
    expect(await response.json()).toMatchObject({ description: 'Bad Request: PHOTO_INVALID_DIMENSIONS' });
  });
});

describe('keyboards', () => {
  const button = (extra: object): object => ({ inline_keyboard: [[{ text: 'a', ...extra }]] });
  const cases: [name: string, markup: unknown, message: string][] = [
    ['not JSON', '{', "can't parse reply keyboard markup JSON object"],
    [
      'rows that are no rows',
      { inline_keyboard: [{ text: 'a' }] },
      'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ],
    [
      'a button that does nothing',
      button({}),
      "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ],
    ['empty data', button({ callback_data: '' }), 'BUTTON_DATA_INVALID'],
    ['65 bytes of data', button({ callback_data: 'أ'.repeat(32) + 'a' }), 'BUTTON_DATA_INVALID'],
    [
      'a URL without a dot',
      button({ url: 'http://localhost:3000/a' }),
      "inline keyboard button URL 'http://localhost:3000/a' is invalid: Wrong HTTP URL",
    ],
    [
      'another protocol',
      button({ url: 'ftp://example.com' }),
      "inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol",
    ],
    [
      'too many buttons',
      { inline_keyboard: Array.from({ length: 101 }, (_, n) => [{ text: 'a', callback_data: String(n) }]) },
      'reply markup is too long',
    ],
  ];
  test.each(cases)('%s', async (_, reply_markup, message) => {
    expect(await say(reader.id, { reply_markup })).toBe(`Bad Request: ${message}`);
  });

  test('64 bytes of data are fine', async () => {
    expect(await say(reader.id, { reply_markup: button({ callback_data: 'أ'.repeat(32) }) })).toBeUndefined();
  });

  test('a channel takes only inline keyboards, and no web apps', async () => {
    const channel = emulator.createChannel({ title: 'نشرة' });
    channel.addBot({ by: editor });
    expect(await say(channel.id, { reply_markup: { keyboard: [[{ text: 'a' }]] } })).toBe(
      'Bad Request: inline keyboard expected',
    );
    expect(await say(channel.id, { reply_markup: button({ web_app: { url: 'https://example.com' } }) })).toBe(
      'Bad Request: web App buttons can be used in private chats only',
    );
  });
});

describe('commands', () => {
  test.each([
    [[{ command: '', description: 'a' }], 'command must be non-empty'],
    [[{ command: 'a'.repeat(33), description: 'a' }], 'command length must not exceed 32'],
    [[{ command: 'a', description: ' ' }], 'command description must be non-empty'],
    [[{ command: 'a', description: 'a'.repeat(257) }], 'command description length must not exceed 256'],
    [[{ command: 'Start', description: 'a' }], 'BOT_COMMAND_INVALID'],
  ])('%j', async (commands, message) => {
    expect(await refusal(emulator, 'setMyCommands', { commands })).toBe(`Bad Request: ${message}`);
  });

  test('a scope needs a chat that is there, and a language of two letters', async () => {
    const commands = [{ command: 'a', description: 'a' }];
    expect(await refusal(emulator, 'setMyCommands', { commands, scope: { type: 'chat', chat_id: 5 } })).toBe(
      'Bad Request: chat not found',
    );
    expect(await refusal(emulator, 'setMyCommands', { commands, language_code: 'arabic' })).toBe(
      'Bad Request: invalid language code specified',
    );
  });
});
