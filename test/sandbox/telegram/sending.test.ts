import { Bot, InlineKeyboard, InputFile, Keyboard, type Api } from 'grammy';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEmulator, type Emulator } from '../../../sandbox/telegram/emulator.ts';
import type { EmulatedUser } from '../../../sandbox/telegram/user.ts';
import { png, rawCall, refusal } from './support.ts';

let emulator: Emulator;
let api: Api;
let reader: EmulatedUser;
let editor: EmulatedUser;

beforeEach(async () => {
  emulator = await startEmulator();
  api = new Bot(emulator.token, { client: { apiRoot: emulator.apiRoot } }).api;
  reader = emulator.createUser({ firstName: 'سلمى', username: 'salma', languageCode: 'ar' });
  editor = emulator.createUser({ firstName: 'نادر' });
  await reader.send('/start');
  await editor.send('/start');
});
afterEach(async () => {
  await emulator.close();
});

describe('messages as the server writes them', () => {
  test('a private message has its sender, chat and entities', async () => {
    const message = await api.sendMessage(reader.chatId, '<b>عاجل</b> #غزة', { parse_mode: 'HTML' });
    expect(message).toMatchObject({
      from: { id: emulator.bot.id, is_bot: true, username: 'nashra_desk_bot' },
      chat: { id: reader.id, type: 'private', first_name: 'سلمى', username: 'salma' },
      text: 'عاجل #غزة',
      entities: [
        { type: 'bold', offset: 0, length: 4 },
        { type: 'hashtag', offset: 5, length: 4 },
      ],
    });
    expect(Object.keys(message).slice(0, 5)).toEqual(['message_id', 'from', 'chat', 'date', 'text']);
  });

  test('a channel post has a sender chat and no sender', async () => {
    const channel = emulator.createChannel({ title: 'نشرة', username: 'nashra_news' });
    channel.addBot({ by: editor });
    const message = await api.sendMessage('@nashra_news', 'خبر');
    expect(message).not.toHaveProperty('from');
    expect(message).toMatchObject({ message_id: 1, sender_chat: { id: channel.id, type: 'channel', title: 'نشرة' } });
  });

  test('private chats share one row of message ids, channels have their own', async () => {
    const first = await api.sendMessage(reader.chatId, 'a');
    const second = await api.sendMessage(editor.chatId, 'b');
    expect(second.message_id).toBe(first.message_id + 1);
  });

  test('only inline keyboards are returned with a message', async () => {
    const inline = await api.sendMessage(reader.chatId, 'a', {
      reply_markup: new InlineKeyboard().text('نعم', 'yes').url('الموقع', 'https://example.com'),
    });
    expect(inline.reply_markup?.inline_keyboard).toEqual([
      [
        { text: 'نعم', callback_data: 'yes' },
        { text: 'الموقع', url: 'https://example.com/' },
      ],
    ]);
    const reply = await api.sendMessage(reader.chatId, 'a', { reply_markup: new Keyboard().text('رجوع') });
    expect(reply).not.toHaveProperty('reply_markup');
    expect(reader.replyKeyboard()).toEqual([['رجوع']]);
  });

  test('preview options, protection and replies are kept', async () => {
    const first = await api.sendMessage(reader.chatId, 'a');
    const message = await api.sendMessage(reader.chatId, 'b', {
      link_preview_options: { url: 'https://example.com/x', prefer_large_media: true, show_above_text: true },
      protect_content: true,
      reply_parameters: { message_id: first.message_id },
    });
    expect(message).toMatchObject({
      link_preview_options: { url: 'https://example.com/x', prefer_large_media: true, show_above_text: true },
      has_protected_content: true,
      reply_to_message: { message_id: first.message_id, text: 'a' },
    });
  });

  test('a mention by id carries the person, and a stranger cannot be mentioned', async () => {
    const stranger = emulator.createUser({ firstName: 'غريب' });
    const link = (id: number): string => `<a href="tg://user?id=${id}">x</a>`;
    const known = await api.sendMessage(reader.chatId, link(reader.id), { parse_mode: 'HTML' });
    expect(known.entities).toEqual([{ type: 'text_mention', offset: 0, length: 1, user: reader.user }]);
    const unknown = await api.sendMessage(reader.chatId, link(stranger.id), { parse_mode: 'HTML' });
    expect(unknown).not.toHaveProperty('entities');
  });

  test('entities may be given instead of a parse mode', async () => {
    const message = await api.sendMessage(reader.chatId, 'عاجل', {
      entities: [{ type: 'bold', offset: 0, length: 4 }],
    });
    expect(message.entities).toEqual([{ type: 'bold', offset: 0, length: 4 }]);
  });
});

describe('lengths', () => {
  const family = '👨‍👩‍👧';
  test('a text may have 4096 code points after parsing, not one more', async () => {
    const longest = `<b>${'خ'.repeat(4096)}</b>`;
    expect((await api.sendMessage(reader.chatId, longest, { parse_mode: 'HTML' })).text).toHaveLength(4096);
    expect(await refusal(emulator, 'sendMessage', { chat_id: reader.chatId, text: 'خ'.repeat(4097) })).toBe(
      'Bad Request: message is too long',
    );
    expect((await api.sendMessage(reader.chatId, '😀'.repeat(4096))).text).toHaveLength(8192);
    expect((await api.sendMessage(reader.chatId, family.repeat(819))).text).toHaveLength(819 * family.length);
  });

  test('a caption may have 1024', async () => {
    const photo = new InputFile(png(10, 10));
    await api.sendPhoto(reader.chatId, photo, { caption: 'خ'.repeat(1024) });
    await expect(api.sendPhoto(reader.chatId, photo, { caption: 'خ'.repeat(1025) })).rejects.toMatchObject({
      description: 'Bad Request: message caption is too long',
    });
  });

  test('the raw text may have 32768 bytes', async () => {
    expect(await refusal(emulator, 'sendMessage', { chat_id: reader.chatId, text: 'خ'.repeat(16_385) })).toBe(
      'Bad Request: text is too long',
    );
  });
});

describe('photos', () => {
  test('an upload becomes sizes that can be sent again and downloaded', async () => {
    const bytes = png(1000, 500);
    const sent = await api.sendPhoto(reader.chatId, new InputFile(bytes, 'a.png'), {
      caption: '<i>صورة</i>',
      parse_mode: 'HTML',
      show_caption_above_media: true,
    });
    expect(sent.photo.map(({ width, height }) => [width, height])).toEqual([
      [90, 45],
      [320, 160],
      [800, 400],
      [1000, 500],
    ]);
    expect(sent).toMatchObject({
      caption: 'صورة',
      caption_entities: [{ type: 'italic', offset: 0, length: 4 }],
      show_caption_above_media: true,
    });

    const fileId = sent.photo.at(-1)?.file_id ?? '';
    const again = await api.sendPhoto(editor.chatId, fileId);
    expect(again.photo).toEqual(sent.photo);

    const file = await api.getFile(fileId);
    const path = `${emulator.apiRoot}/file/bot${emulator.token}/${file.file_path ?? ''}`;
    expect(path).toBe(emulator.fileUrl(fileId));
    const response = await fetch(path);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  test('a file of another kind is refused', async () => {
    const { document } = await api.sendDocument(reader.chatId, new InputFile(Buffer.from('%PDF'), 'a.pdf'));
    await expect(api.sendPhoto(reader.chatId, document.file_id)).rejects.toMatchObject({
      description: "Bad Request: can't use file of type Document as Photo",
    });
  });

  test('an album keeps its order and its group, and has no keyboard', async () => {
    const sent = await api.sendMediaGroup(reader.chatId, [
      { type: 'photo', media: new InputFile(png(10, 10)), caption: 'أ' },
      { type: 'photo', media: new InputFile(png(20, 20)) },
    ]);
    expect(
      new Set(
        reader
          .messages()
          .slice(-2)
          .map((message) => message.media_group_id),
      ).size,
    ).toBe(1);
    expect(sent.map((message) => message.caption)).toEqual(['أ', undefined]);
    expect(reader.messages().filter((message) => message.media_group_id !== undefined)).toHaveLength(2);
  });
});

describe('photos by URL', () => {
  const urls: [name: string, response: () => Response, description: string][] = [
    ['a missing page', () => new Response('', { status: 404 }), 'failed to get HTTP URL content'],
    [
      'a page of text',
      () => new Response('<html>', { headers: { 'content-type': 'text/html' } }),
      'wrong type of the web page content',
    ],
    [
      'text that calls itself an image',
      () => new Response('hello', { headers: { 'content-type': 'image/png' } }),
      'wrong type of the web page content',
    ],
    [
      'more than five megabytes',
      () => new Response(Buffer.concat([png(9, 9), Buffer.alloc(6e6)]), { headers: { 'content-type': 'image/png' } }),
      'wrong file identifier/HTTP URL specified',
    ],
  ];
  test.each(urls)('%s is refused', async (_, response, description) => {
    await using own = await startEmulator({ fetch: () => Promise.resolve(response()) });
    const user = own.createUser({ firstName: 'a' });
    await user.send('/start');
    const params = { chat_id: user.chatId, photo: 'https://example.com/a.png' };
    expect(await refusal(own, 'sendPhoto', params)).toBe(`Bad Request: ${description}`);
    expect(user.messages()).toHaveLength(1);
  });

  test('an album says the raw code of what failed', async () => {
    await using own = await startEmulator({ fetch: () => Promise.reject(new Error('no route')) });
    const user = own.createUser({ firstName: 'a' });
    await user.send('/start');
    const photo = await own.createUser({ firstName: 'b' }).send({ photo: png(9, 9) });
    const media = [
      { type: 'photo', media: photo.photo?.[0]?.file_id },
      { type: 'photo', media: 'https://example.com/b.png' },
    ];
    expect(await refusal(own, 'sendMediaGroup', { chat_id: user.chatId, media })).toBe(
      'Bad Request: failed to send message #2 with the error message "WEBPAGE_CURL_FAILED"',
    );
  });

  test('an image is loaded once and sent', async () => {
    const asked: string[] = [];
    await using own = await startEmulator({
      fetch: (url) => {
        asked.push(url instanceof Request ? url.url : String(url));
        return Promise.resolve(new Response(png(40, 30), { headers: { 'content-type': 'image/png' } }));
      },
    });
    const user = own.createUser({ firstName: 'a' });
    await user.send('/start');
    for (const _ of [1, 2]) {
      const { body } = await rawCall(own, 'sendPhoto', { chat_id: user.chatId, photo: 'https://example.com/a.png' });
      expect(body).toMatchObject({ ok: true, result: { photo: [{ width: 40, height: 30 }] } });
    }
    expect(asked).toEqual(['https://example.com/a.png']);
  });
});

describe('copies and forwards', () => {
  test('a copy has no origin and takes a new caption and keyboard', async () => {
    const original = await api.sendPhoto(editor.chatId, new InputFile(png(10, 10)), {
      caption: 'قديم',
      reply_markup: new InlineKeyboard().text('a', 'a'),
    });
    const same = await api.copyMessage(reader.chatId, editor.chatId, original.message_id);
    expect(Object.keys(same)).toEqual(['message_id']);
    await api.copyMessage(reader.chatId, editor.chatId, original.message_id, {
      caption: '<b>جديد</b>',
      parse_mode: 'HTML',
      reply_markup: new InlineKeyboard().text('b', 'b'),
    });
    const [first, second] = reader.messages().slice(-2);
    expect(first?.caption).toBe('قديم');
    expect(first).not.toHaveProperty('reply_markup');
    expect(first).not.toHaveProperty('forward_origin');
    expect(second).toMatchObject({ caption: 'جديد', caption_entities: [{ type: 'bold', offset: 0, length: 4 }] });
    expect(second?.reply_markup?.inline_keyboard.flat()).toEqual([{ text: 'b', callback_data: 'b' }]);
  });

  test('a forward names its origin and cannot be edited', async () => {
    const channel = emulator.createChannel({ title: 'نشرة' });
    channel.addBot({ by: editor });
    const original = await channel.post('خبر');
    const forward = await api.forwardMessage(reader.chatId, channel.id, original.message_id);
    expect(forward).toMatchObject({
      text: 'خبر',
      forward_origin: { type: 'channel', chat: { id: channel.id }, message_id: original.message_id },
      forward_from_chat: { id: channel.id },
    });
    await expect(api.editMessageText(reader.chatId, forward.message_id, 'x')).rejects.toMatchObject({
      description: "Bad Request: message can't be edited",
    });
  });

  test('a batch skips what is missing and keeps albums together', async () => {
    const album = await editor.sendAlbum([{ photo: png(9, 9), caption: 'أ' }, { photo: png(8, 8) }]);
    const ids = album.map((message) => message.message_id);
    const copies = await api.copyMessages(reader.chatId, editor.chatId, [...ids, 99_999]);
    expect(copies).toHaveLength(2);
    const groups = reader
      .messages()
      .slice(-2)
      .map((message) => message.media_group_id);
    expect(groups[0]).toBe(groups[1]);
    expect(groups[0]).not.toBe(album[0]?.media_group_id);
    expect(
      await refusal(emulator, 'copyMessages', {
        chat_id: reader.chatId,
        from_chat_id: editor.chatId,
        message_ids: ids.toReversed(),
      }),
    ).toBe('Bad Request: message identifiers must be in a strictly increasing order');
  });
});

describe('edits', () => {
  test('text and keyboard change in place, and an edit without a keyboard takes it away', async () => {
    const { message_id } = await api.sendMessage(reader.chatId, 'a', {
      reply_markup: new InlineKeyboard().text('x', 'x'),
    });
    const edited = await api.editMessageText(reader.chatId, message_id, 'b');
    expect(edited).toMatchObject({ message_id, text: 'b' });
    expect(edited).not.toHaveProperty('reply_markup');
    expect(edited).toHaveProperty('edit_date');
    await api.editMessageReplyMarkup(reader.chatId, message_id, { reply_markup: new InlineKeyboard().text('y', 'y') });
    expect(reader.messages().at(-1)).toMatchObject({ text: 'b', reply_markup: {} });
  });

  test('the same text and keyboard again is not a modification', async () => {
    const reply_markup = new InlineKeyboard().text('x', 'x');
    const { message_id } = await api.sendMessage(reader.chatId, '<b>a</b>', { parse_mode: 'HTML', reply_markup });
    await expect(
      api.editMessageText(reader.chatId, message_id, '<strong>a</strong>', { parse_mode: 'HTML', reply_markup }),
    ).rejects.toMatchObject({
      error_code: 400,
      description:
        'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    });
  });

  test('media and captions are edited by their own methods', async () => {
    const { message_id } = await api.sendPhoto(reader.chatId, new InputFile(png(10, 10)), { caption: 'أ' });
    await expect(api.editMessageText(reader.chatId, message_id, 'ب')).rejects.toMatchObject({
      description: 'Bad Request: there is no text in the message to edit',
    });
    await api.editMessageCaption(reader.chatId, message_id, { caption: 'ب' });
    expect(reader.messages().at(-1)?.caption).toBe('ب');
    await api.editMessageMedia(reader.chatId, message_id, {
      type: 'photo',
      media: new InputFile(png(30, 20)),
      caption: 'ج',
    });
    expect(reader.messages().at(-1)).toMatchObject({ caption: 'ج', photo: [{ width: 30, height: 20 }] });
  });

  test.each([
    ['another one’s message', async () => (await reader.send('hello')).message_id],
    [
      'a message with a reply keyboard',
      async () => {
        const sent = await api.sendMessage(reader.chatId, 'a', { reply_markup: new Keyboard().text('x') });
        return sent.message_id;
      },
    ],
  ])('%s cannot be edited', async (_, make) => {
    await expect(api.editMessageText(reader.chatId, await make(), 'x')).rejects.toMatchObject({
      description: "Bad Request: message can't be edited",
    });
  });

  test('a channel post is edited with the right to post or to edit', async () => {
    const channel = emulator.createChannel({ title: 'نشرة' });
    channel.addBot({ by: editor, rights: { can_post_messages: true } });
    const own = await api.sendMessage(channel.id, 'a');
    await api.editMessageText(channel.id, own.message_id, 'b');
    const theirs = await channel.post('c');
    const edit = { chat_id: channel.id, message_id: theirs.message_id, text: 'd' };
    expect(await refusal(emulator, 'editMessageText', edit)).toBe("Bad Request: message can't be edited");
    channel.promoteBot({ by: editor, rights: { can_edit_messages: true } });
    expect(await refusal(emulator, 'editMessageText', edit)).toBeUndefined();
    channel.promoteBot({ by: editor, rights: {} });
    expect(
      await refusal(emulator, 'editMessageText', { chat_id: channel.id, message_id: own.message_id, text: 'e' }),
    ).toBe("Bad Request: message can't be edited");
  });
});

describe('deletions, pins and reactions', () => {
  test('a deleted message is gone from the chat', async () => {
    const { message_id } = await api.sendMessage(reader.chatId, 'a');
    await api.deleteMessage(reader.chatId, message_id);
    expect(reader.messages().map((message) => message.message_id)).not.toContain(message_id);
    await expect(api.deleteMessage(reader.chatId, message_id)).rejects.toMatchObject({
      description: 'Bad Request: message to delete not found',
    });
    expect(await api.deleteMessages(reader.chatId, [message_id])).toBe(true);
  });

  test('a pin shows in getChat', async () => {
    const { message_id } = await api.sendMessage(reader.chatId, 'a');
    await api.pinChatMessage(reader.chatId, message_id);
    expect(await api.getChat(reader.chatId)).toMatchObject({ pinned_message: { message_id } });
    await api.unpinChatMessage(reader.chatId, message_id);
    expect(await api.getChat(reader.chatId)).not.toHaveProperty('pinned_message');
  });

  test('one reaction is kept', async () => {
    const message = await reader.send('hello');
    await api.setMessageReaction(reader.chatId, message.message_id, [{ type: 'emoji', emoji: '👍' }]);
    expect(emulator.reactions(reader.chatId, message.message_id)).toEqual(['👍']);
  });
});
