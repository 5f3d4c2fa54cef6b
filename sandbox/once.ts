// `npm run demo -- --once`: the demo without a browser; what every chat received, and what was checked of it.
import type { Message } from 'grammy/types';
import { type Desk, MissingError, readerTopics, topicNamed } from './desk.ts';
import type { PublishedArticle } from './newsroom/publication.ts';
import type { EmulatedChat } from './telegram/chat-driver.ts';
import type { EmulatedUser } from './telegram/user.ts';

const broadcastText = 'مساء الخير من غرفة أخبار بريد المرفأ: نلتقي يوم الخميس في قاعة المكتبة، والدعوة عامة.';

/** Throws a MissingError for the first thing that is missing; what the chats received is printed either way. */
export async function runOnce(desk: Desk, print: (line: string) => void): Promise<void> {
  const checked: string[] = [];
  try {
    await check(desk, (what) => checked.push(what));
  } finally {
    for (const line of transcript(desk)) print(line);
    print('Checked:');
    for (const what of checked) print(`  ✓ ${what}`);
  }
}

async function check(desk: Desk, done: (what: string) => void): Promise<void> {
  const { reader, channel } = desk;
  const articles = await desk.begin();
  done('the reader sent /start and was greeted with the topics');
  const names = readerTopics.map(topicNamed);
  await desk.until('the topics that the reader pressed, shown as followed,', () => {
    const buttons = reader.messages().flatMap((message) => message.reply_markup?.inline_keyboard.flat() ?? []);
    return names.every((name) => buttons.some(({ text }) => text.startsWith('✅') && text.includes(name)));
  });
  done(`the reader pressed topics and follows them now: ${names.join('، ')}`);

  const followed = articles.filter(({ topic }) => readerTopics.some((slug) => slug === topic));
  for (const article of articles) {
    await desk.until(`the article «${article.headline}» in the channel`, () => find(channel, article.headline));
  }
  done(`the channel posted all ${articles.length} articles by itself`);
  for (const article of followed) {
    await desk.until(`the article «${article.headline}» at the reader`, () => find(reader, article.headline));
  }
  done(`the ${followed.length} of them in the reader’s topics arrived at the reader`);

  await broadcast(desk);
  done('the editor broadcast a message: preview, audience, confirmation, final report');
  for (const chat of [reader, channel]) {
    await desk.until(`the broadcast in ${nameOf(desk, chat)}`, () => find(chat, broadcastText));
  }
  done('the broadcast arrived at the reader and in the channel');

  checkCounts(desk, articles, followed);
  done('everything came once, and nothing came that nobody asked for');
}

/** What an editor does: /broadcast, the message, everyone, send. */
async function broadcast(desk: Desk): Promise<void> {
  const { editor, locales } = desk;
  const words = (key: string) => locales.plain('ar', key);
  const pressed = (text: string) => editor.press(text, undefined, { timeoutMs: 60_000 });
  const after = editor.messages().at(-1)?.message_id ?? 0;
  const answer = (what: string, start: string) =>
    desk.until(what, () =>
      editor
        .messages()
        .find((message) => message.message_id > after && isFromBot(message) && textOf(message).startsWith(start)),
    );

  await editor.send('/broadcast');
  await answer('the answer to /broadcast', firstLine(words('broadcast-ask')));
  await editor.send(broadcastText);
  await answer('the preview of the broadcast', broadcastText);
  await answer('the question for the audience', firstLine(words('broadcast-audience-question')));
  await pressed(words('broadcast-audience-everyone-label'));
  const send = words('broadcast-send-button');
  await desk.until('the button that sends the broadcast', () =>
    editor
      .lastFromBot()
      ?.reply_markup?.inline_keyboard.flat()
      .some(({ text }) => text === send),
  );
  await pressed(send);
  // The reader, the editor and the channel.
  const everyone = 3;
  const report = locales.plain('ar', 'broadcast-report', {
    total: everyone,
    sent: everyone,
    blocked: 0,
    failed: 0,
    unknown: 0,
  });
  await answer(`the final report of a broadcast to ${everyone} chats`, report.replaceAll(/<[^>]+>/g, ''));
}

function checkCounts(desk: Desk, articles: readonly PublishedArticle[], followed: readonly PublishedArticle[]): void {
  const { reader, channel } = desk;
  for (const chat of [reader, channel]) {
    for (const { headline } of articles) {
      const wanted = chat === channel || followed.some((article) => article.headline === headline) ? 1 : 0;
      const count = chat.messages().filter((message) => textOf(message).includes(headline)).length;
      if (count === wanted) continue;
      throw new MissingError(`«${headline}» is ${count} times in ${nameOf(desk, chat)}, instead of ${wanted}`);
    }
  }
}

function find(chat: EmulatedUser | EmulatedChat, text: string): Message | undefined {
  return chat.messages().find((message) => textOf(message).includes(text));
}

function nameOf(desk: Desk, chat: EmulatedUser | EmulatedChat): string {
  if (chat === desk.channel) return 'the channel';
  return chat === desk.reader ? 'the reader’s chat' : 'the editor’s chat';
}

const textOf = (message: Message): string => message.text ?? message.caption ?? '';
const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
const isFromBot = (message: Message): boolean => message.from?.is_bot === true;

function* transcript({ reader, editor, channel, timeZone }: Desk): Generator<string> {
  const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone });
  const chats = [
    { title: `${reader.user.first_name}، قارئة`, chat: reader },
    { title: `${editor.user.first_name}، محررة`, chat: editor },
    { title: `قناة ${channel.title}`, chat: channel },
  ];
  for (const { title, chat } of chats) {
    yield `━━━ ${title} ━━━`;
    for (const message of chat.messages()) {
      yield '';
      yield headLine(message, clock);
      yield* bodyLines(message);
    }
    yield '';
  }
}

function headLine(
  { from, sender_chat: sender, date, photo, edit_date: editDate }: Message,
  clock: Intl.DateTimeFormat,
) {
  const who = from?.is_bot ? 'البوت' : (from?.first_name ?? sender?.title ?? '');
  const marks = [photo && 'صورة', editDate !== undefined && 'معدّلة'].filter(Boolean);
  return `${who} ${clock.format(new Date(date * 1000))}${marks.length > 0 ? ` (${marks.join('، ')})` : ''}`;
}

function* bodyLines(message: Message): Generator<string> {
  for (const line of plain(textOf(message)).split('\n')) yield line === '' ? '' : `    ${line}`;
  for (const row of message.reply_markup?.inline_keyboard ?? []) {
    yield `    ${row.map(({ text }) => `[ ${plain(text)} ]`).join(' ')}`;
  }
}

/** Terminals draw the invisible marks of direction as boxes, or trip over them. */
function plain(text: string): string {
  return text.replaceAll(/[\u200E\u200F\u061C\u2066-\u2069]/g, '');
}
