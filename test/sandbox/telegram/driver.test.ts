import { Bot, InlineKeyboard, Keyboard } from 'grammy';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEmulator, type Emulator } from '../../../sandbox/telegram/emulator.ts';
import type { EmulatorEvent } from '../../../sandbox/telegram/events.ts';
import type { EmulatedUser } from '../../../sandbox/telegram/user.ts';
import { handClock, png, rawCall, refusal } from './support.ts';

let emulator: Emulator;
let bot: Bot;
let reader: EmulatedUser;
let running: Promise<void> | undefined;

beforeEach(async () => {
  emulator = await startEmulator();
  bot = new Bot(emulator.token, { client: { apiRoot: emulator.apiRoot } });
  reader = emulator.createUser({ firstName: 'سلمى', languageCode: 'ar' });
  running = undefined;
});
afterEach(async () => {
  if (running) {
    await bot.stop();
    await running;
  }
  await emulator.close();
});

function run(): void {
  running = bot.start();
}

describe('a conversation with a running bot', () => {
  test('a person writes, waits for the answer and presses its button', async () => {
    bot.command('start', (ctx) =>
      ctx.reply('اختر مواضيعك', { reply_markup: new InlineKeyboard().text('⬜ اقتصاد', 'v1:topic:7') }),
    );
    bot.callbackQuery('v1:topic:7', async (ctx) => {
      await ctx.answerCallbackQuery({ text: 'تمت المتابعة', show_alert: true });
      await ctx.editMessageReplyMarkup({ reply_markup: new InlineKeyboard().text('✅ اقتصاد', 'v1:topic:7') });
    });
    run();
    await reader.send('/start');
    const menu = await reader.waitForMessage('اختر');
    expect(await reader.press('اقتصاد')).toEqual({ text: 'تمت المتابعة', showAlert: true });
    await emulator.idle();
    expect(reader.messages().at(-1)).toMatchObject({
      message_id: menu.message_id,
      reply_markup: { inline_keyboard: [[{ text: '✅ اقتصاد' }]] },
    });
    expect(emulator.calls('answerCallbackQuery')).toHaveLength(1);
  });

  test('a button is found by data, and on a given message', async () => {
    const pressed: (number | undefined)[] = [];
    bot.on('callback_query:data', async (ctx) => {
      pressed.push(ctx.msg?.message_id);
      await ctx.answerCallbackQuery();
    });
    run();
    await reader.send('/start');
    const reply_markup = new InlineKeyboard().text('x', 'same');
    const first = await bot.api.sendMessage(reader.chatId, 'a', { reply_markup });
    const second = await bot.api.sendMessage(reader.chatId, 'b', { reply_markup });
    await reader.press({ data: 'same' });
    await reader.press('x', first);
    expect(pressed).toEqual([second.message_id, first.message_id]);
  });

  test('the button of a deleted message asks with an inaccessible message', async () => {
    const seen: unknown[] = [];
    bot.on('callback_query', async (ctx) => {
      seen.push(ctx.callbackQuery.message);
      await ctx.answerCallbackQuery();
    });
    run();
    await reader.send('/start');
    const sent = await bot.api.sendMessage(reader.chatId, 'a', { reply_markup: new InlineKeyboard().text('x', 'x') });
    await bot.api.deleteMessage(reader.chatId, sent.message_id);
    await reader.press('x', sent);
    expect(seen).toMatchObject([{ message_id: sent.message_id, date: 0, chat: { id: reader.id } }]);
  });

  test('a link button gives its URL, a reply keyboard’s button writes its text', async () => {
    bot.hears('رجوع', (ctx) => ctx.reply('أهلا بعودتك'));
    run();
    await reader.send('/start');
    await bot.api.sendMessage(reader.chatId, 'a', { reply_markup: new InlineKeyboard().url('اقرأ', 'example.com/a') });
    expect(await reader.press('اقرأ')).toEqual({ url: 'http://example.com/a' });
    await bot.api.sendMessage(reader.chatId, 'b', { reply_markup: new Keyboard().text('رجوع') });
    await reader.press('رجوع');
    await reader.waitForMessage('أهلا بعودتك');
  });

  test('idle waits for the handlers of all updates', async () => {
    bot.on('message', async (ctx) => {
      await ctx.replyWithChatAction('typing');
      await ctx.reply('أ');
      await ctx.reply('ب');
    });
    run();
    await reader.send('1');
    await reader.send('2');
    await emulator.idle();
    expect(reader.messages().map((message) => message.text)).toEqual(['1', '2', 'أ', 'ب', 'أ', 'ب']);
  });
});

describe('what goes wrong is told plainly', () => {
  test('a missing button names those that are there', async () => {
    await reader.send('/start');
    await bot.api.sendMessage(reader.chatId, 'a', { reply_markup: new InlineKeyboard().text('نعم', 'y') });
    await expect(reader.press('لا')).rejects.toThrow('there is no button «لا»; there are «نعم»');
  });

  test('an unanswered press and a vain wait end with what there was', async () => {
    await reader.send('/start');
    await bot.api.sendMessage(reader.chatId, 'نص الرسالة', { reply_markup: new InlineKeyboard().text('نعم', 'y') });
    await expect(reader.press('نعم', undefined, { timeoutMs: 5 })).rejects.toThrow('did not answer the button «y»');
    await expect(reader.waitForMessage('غيرها', { timeoutMs: 5 })).rejects.toThrow(
      'نص الرسالة  [نعم]'.replace('  ', ' '),
    );
    await expect(emulator.waitFor(() => false, { timeoutMs: 5 })).rejects.toThrow('sendMessage ok');
    await expect(emulator.idle({ timeoutMs: 5 })).rejects.toThrow('updates not confirmed: 2');
  });

  test('an answer to a press is too late after 150 seconds', async () => {
    const clock = handClock();
    await using own = await startEmulator({ clock });
    const user = own.createUser({ firstName: 'a' });
    await user.send('/start');
    const reply_markup = { inline_keyboard: [[{ text: 'x', callback_data: 'x' }]] };
    await rawCall(own, 'sendMessage', { chat_id: user.id, text: 'a', reply_markup });
    void user.press('x');
    const { body } = await rawCall(own, 'getUpdates', { offset: -1 });
    const [update] = (body.result ?? []) as { callback_query: { id: string } }[];
    clock.advance(150_001);
    expect(await refusal(own, 'answerCallbackQuery', { callback_query_id: update?.callback_query.id })).toBe(
      'Bad Request: query is too old and response timeout expired or query ID is invalid',
    );
  });
});

describe('events for a live page', () => {
  test('messages, edits, deletions and answers are told as they happen', async () => {
    const seen: string[] = [];
    const told = (event: EmulatorEvent): void => {
      if ('message' in event) seen.push(`${event.type} ${event.chatId === reader.id} ${event.message.text ?? ''}`);
      else if (event.type === 'callback-answer') seen.push(`${event.type} ${event.text ?? ''}`);
      else if (event.type === 'chat-action') seen.push(`${event.type} ${event.action}`);
    };
    const off = emulator.on(told);
    bot.on('callback_query', (ctx) => ctx.answerCallbackQuery('تم'));
    await reader.send('مرحبا');
    const sent = await bot.api.sendMessage(reader.chatId, 'a', { reply_markup: new InlineKeyboard().text('x', 'x') });
    run();
    await reader.press('x');
    await bot.api.sendChatAction(reader.chatId, 'typing');
    await bot.api.editMessageText(reader.chatId, sent.message_id, 'b');
    await bot.api.deleteMessage(reader.chatId, sent.message_id);
    off();
    await bot.api.sendMessage(reader.chatId, 'later');
    expect(seen).toEqual([
      'message true مرحبا',
      'message true a',
      'callback-answer تم',
      'chat-action typing',
      'edit true b',
      'delete true b',
    ]);
  });
});

describe('people and chats', () => {
  test('writing opens the private chat and takes back a block', async () => {
    await reader.send('/start');
    reader.block();
    expect(reader.isBlocked).toBe(true);
    await reader.send('/start');
    expect(reader.isBlocked).toBe(false);
    await expect(bot.api.sendMessage(reader.chatId, 'a')).resolves.toMatchObject({ text: 'a' });
  });

  test('a person sends photos, captions and forwards', async () => {
    const sent = await reader.send({ photo: png(20, 10), caption: '<b>صورة</b>', html: true });
    expect(sent).toMatchObject({
      photo: [{ width: 20, height: 10 }],
      caption: 'صورة',
      caption_entities: [{ type: 'bold', offset: 0, length: 4 }],
    });
    const fileId = sent.photo?.at(-1)?.file_id ?? '';
    expect(emulator.fileBytes(fileId)).toEqual(png(20, 10));
    const again = await reader.send({ photo: fileId });
    expect(again.photo).toEqual(sent.photo);
  });

  test('a chat picked for a request_chat button is shared', async () => {
    const channel = emulator.createChannel({ title: 'نشرة' });
    const shared: unknown[] = [];
    bot.on('message:chat_shared', (ctx) => void shared.push(ctx.msg.chat_shared));
    run();
    reader.shareChat(3, channel);
    await emulator.idle();
    expect(shared).toEqual([{ request_id: 3, chat_id: channel.id, title: 'نشرة' }]);
  });

  test('members and administrators are told as they are', async () => {
    const group = emulator.createGroup({ title: 'غرفة الأخبار', supergroup: true });
    group.addMember(reader, 'creator');
    group.addBot({ by: reader });
    expect(await bot.api.getChatMember(group.id, emulator.bot.id)).toMatchObject({ status: 'member' });
    group.promoteBot({ by: reader });
    expect(await bot.api.getChatMember(group.id, emulator.bot.id)).toMatchObject({
      status: 'administrator',
      can_pin_messages: true,
      can_promote_members: false,
    });
    const admins = await bot.api.getChatAdministrators(group.id);
    expect(admins.map(({ user, status }) => [user.id, status])).toEqual([
      [reader.id, 'creator'],
      [emulator.bot.id, 'administrator'],
    ]);
    expect(await bot.api.getChatMemberCount(group.id)).toBe(2);
    group.removeMember(reader);
    expect(await bot.api.getChatMember(group.id, reader.id)).toMatchObject({ status: 'left' });
  });

  test('getChat knows a channel by name and by number', async () => {
    const channel = emulator.createChannel({ title: 'نشرة', username: 'nashra_news' });
    channel.addBot({ by: reader });
    const chat = await bot.api.getChat('@nashra_news');
    expect(chat).toMatchObject({ id: channel.id, type: 'channel', title: 'نشرة', username: 'nashra_news' });
    expect(await bot.api.getChat(channel.id)).toEqual(chat);
  });
});

describe('the commands a person sees', () => {
  const list = (name: string): { command: string; description: string }[] => [{ command: name, description: 'وصف' }];
  const seen = (user: EmulatedUser): string | undefined => user.commands()[0]?.command;

  test('the narrowest scope wins, and in it the person’s language', async () => {
    const stranger = emulator.createUser({ firstName: 'Ann' });
    await reader.send('/start');
    expect(reader.commands()).toEqual([]);
    await bot.api.setMyCommands(list('default_any'));
    expect([seen(reader), seen(stranger)]).toEqual(['default_any', 'default_any']);
    await bot.api.setMyCommands(list('default_ar'), { language_code: 'ar' });
    expect([seen(reader), seen(stranger)]).toEqual(['default_ar', 'default_any']);
    await bot.api.setMyCommands(list('private_any'), { scope: { type: 'all_private_chats' } });
    expect([seen(reader), seen(stranger)]).toEqual(['private_any', 'private_any']);
    const scope = { type: 'chat', chat_id: reader.chatId } as const;
    await bot.api.setMyCommands(list('own'), { scope });
    expect([seen(reader), seen(stranger)]).toEqual(['own', 'private_any']);
    expect(await bot.api.getMyCommands({ scope })).toEqual(list('own'));
    await bot.api.deleteMyCommands({ scope });
    expect(seen(reader)).toBe('private_any');
  });

  test('names and descriptions fall back to those without a language', async () => {
    expect((await bot.api.getMyName()).name).toBe('Nashra');
    await bot.api.setMyDescription('desk');
    await bot.api.setMyDescription('مكتب', { language_code: 'ar' });
    expect((await bot.api.getMyDescription({ language_code: 'ar' })).description).toBe('مكتب');
    expect((await bot.api.getMyDescription({ language_code: 'fr' })).description).toBe('desk');
    await bot.api.setChatMenuButton({ menu_button: { type: 'commands' } });
    expect(await bot.api.getChatMenuButton()).toEqual({ type: 'commands' });
  });
});
