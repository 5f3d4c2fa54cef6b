import type { Message } from 'grammy/types';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type Emulator, startEmulator } from '../../sandbox/telegram/emulator.ts';
import type { Destination, SentOutcome, StoryLetter } from '../../src/deliveries/sender.ts';
import { createFetch } from '../../src/lib/http.ts';
import { createFetchPicture } from '../../src/telegram/fetch-picture.ts';
import { loadLocales } from '../../src/telegram/i18n.ts';
import { createSender, type TelegramSender } from '../../src/telegram/sender.ts';
import { png } from '../sandbox/telegram/support.ts';
import { answer, type Handler, useWebServer } from '../support/web-server.ts';

const locales = await loadLocales(new URL('../../locales/', import.meta.url));
const web = useWebServer();
const ourAgent = 'Nashra/test';

const letter: StoryLetter = {
  headline: 'افتتاح مكتبة عامة في حمص',
  kicker: null,
  summary: 'افتتحت البلدية اليوم مكتبة عامة وسط المدينة.',
  language: 'ar',
  url: 'https://news.example/library',
  sourceName: 'صحيفة المدينة',
  imageUrl: null,
  imageFileId: null,
  publishedAt: new Date('2020-06-05T11:05:00Z'),
  topics: [],
  breaking: false,
  isFollowUp: false,
  alsoReportedBy: [],
  correctedAt: null,
};

let telegram: Emulator;
let sender: TelegramSender;
let to: Destination;

beforeEach(async () => {
  telegram = await startEmulator();
  sender = createSender({
    token: telegram.token,
    apiRoot: telegram.apiRoot,
    locales,
    timeZone: 'Asia/Damascus',
    fetchPicture: createFetchPicture(createFetch({ allowPrivateNetwork: true, userAgent: ourAgent })),
  });
  const reader = telegram.createUser({ firstName: 'سلمى' });
  await reader.send('/start');
  to = { chat: reader.id, kind: 'subscriber', language: 'ar' };
  onTestFinished(async () => {
    await sender.close();
    await telegram.close();
  });
});

const shown = (): Message | undefined => telegram.messages(Number(to.chat)).at(-1);
const photoIds = (): string[] => (shown()?.photo ?? []).map(({ file_id: id }) => id);
const methods = (): string[] => telegram.calls().map(({ method }) => method);

/** Only a browser, or Nashra, gets the picture: what is called hot-link protection. */
const onlyForUs =
  (bytes: Uint8Array): Handler =>
  (response, request) => {
    if (request.headers['user-agent'] === ourAgent) response.writeHead(200, { 'content-type': 'image/png' }).end(bytes);
    else response.writeHead(403).end('no hot-linking');
  };

/** A file that is larger than what Telegram loads by itself, and not than what it takes. */
function largePng(bytes: number): Uint8Array {
  return Buffer.concat([png(200, 100), Buffer.alloc(bytes)]);
}

describe('a story with a picture', () => {
  test('is loaded by Telegram once, and has a name from then on', async () => {
    const imageUrl = web.on('/library.png', answer(png(1600, 900), { 'content-type': 'image/png' }));

    const first = (await sender.sendStory(to, { ...letter, imageUrl })) as SentOutcome;
    expect(first).toMatchObject({ kind: 'sent', format: 'photo', photo: 'usable', photoFileId: photoIds().at(-1) });

    const { photoFileId: imageFileId = null } = first;
    const second = await sender.sendStory(to, { ...letter, imageUrl, imageFileId });
    expect(second).toEqual({
      kind: 'sent',
      chatId: to.chat,
      messageId: shown()?.message_id,
      format: 'photo',
      photo: 'usable',
    });
    expect(telegram.calls('sendPhoto').map(({ params }) => params['photo'])).toEqual([imageUrl, imageFileId]);
    expect(web.requests.map(({ path }) => path)).toEqual(['/library.png']);
  });

  test('is uploaded when its site does not let Telegram in', async () => {
    const picture = png(300, 200);
    const imageUrl = web.on('/guarded.png', onlyForUs(picture));

    const outcome = await sender.sendStory(to, { ...letter, imageUrl });

    expect(outcome).toMatchObject({ kind: 'sent', format: 'photo', photo: 'usable', photoFileId: photoIds().at(-1) });
    expect(telegram.fileBytes(photoIds().at(-1) ?? '')).toEqual(picture);
    expect(shown()?.caption).toContain(letter.headline);
    expect(shown()?.reply_markup?.inline_keyboard).toHaveLength(1);
  });

  test('is uploaded when it is too large for Telegram to load, and not too large for an upload', async () => {
    const bytes = largePng(6 * 1024 * 1024);
    const imageUrl = web.on('/large.png', answer(bytes, { 'content-type': 'image/png' }));

    expect(await sender.sendStory(to, { ...letter, imageUrl })).toMatchObject({ format: 'photo', photo: 'usable' });
    expect(methods()).toEqual(['sendPhoto', 'sendPhoto']);
  });

  test('is uploaded when its server calls it something else', async () => {
    const imageUrl = web.on('/picture', answer(png(300, 200), { 'content-type': 'text/plain' }));

    expect(await sender.sendStory(to, { ...letter, imageUrl })).toMatchObject({ format: 'photo', photo: 'usable' });
  });

  test.each<[name: string, handler: Handler, calls: string[]]>([
    ['a page instead', answer('<html>gone</html>', { 'content-type': 'text/html' }), ['sendPhoto', 'sendMessage']],
    ['not there', answer('not found', {}, 404), ['sendPhoto', 'sendMessage']],
    ['larger than what Telegram takes', answer(largePng(11 * 1024 * 1024)), ['sendPhoto', 'sendMessage']],
    [
      'too long and narrow',
      answer(png(2100, 100), { 'content-type': 'image/png' }),
      ['sendPhoto', 'sendPhoto', 'sendMessage'],
    ],
  ])('that is %s goes out as text with a large preview', async (_name, handler, calls) => {
    const imageUrl = web.on('/bad', handler);

    expect(await sender.sendStory(to, { ...letter, imageUrl })).toMatchObject({ format: 'text', photo: 'refused' });
    expect(methods()).toEqual(calls);
    expect(shown()?.text).toContain(letter.headline);
    expect(shown()?.link_preview_options).toMatchObject({ url: letter.url, prefer_large_media: true });
  });

  test('whose name has expired is loaded from its address once more', async () => {
    const imageUrl = web.on('/library.png', answer(png(300, 200), { 'content-type': 'image/png' }));

    const outcome = await sender.sendStory(to, { ...letter, imageUrl, imageFileId: 'AgACgone' });

    expect(outcome).toMatchObject({ format: 'photo', photo: 'usable', photoFileId: photoIds().at(-1) });
    expect(telegram.calls('sendPhoto').map(({ params }) => params['photo'])).toEqual(['AgACgone', imageUrl]);
  });

  test('goes as text to a chat that takes no pictures, which says nothing about the picture', async () => {
    telegram.fail({
      method: 'sendPhoto',
      times: 1,
      fault: { status: 400, description: 'Bad Request: not enough rights to send photos to the chat' },
    });
    const imageUrl = web.on('/library.png', answer(png(300, 200)));

    const outcome = await sender.sendStory(to, { ...letter, imageUrl });

    expect(outcome).toMatchObject({ kind: 'sent', format: 'text' });
    expect(outcome).not.toHaveProperty('photo');
    expect(web.requests).toEqual([]);
  });

  test.each([
    ['blocked', 'dead-reader', { status: 403, description: 'Forbidden: bot was blocked by the user' }],
    ['asked to wait', 'wait', { status: 429, description: 'Too Many Requests', parameters: { retry_after: 3 } }],
    ['cut off', 'unknown', 'reset-after' as const],
  ])('is not sent again, as text, by who is %s', async (_name, kind, fault) => {
    telegram.fail({ method: 'sendPhoto', times: 1, fault });

    expect((await sender.sendStory(to, { ...letter, imageUrl: web.url('/x.png') })).kind).toBe(kind);
    expect(methods()).toEqual(['sendPhoto']);
  });

  test('never makes us ask inside our own network', async () => {
    const guarded = createSender({
      token: telegram.token,
      apiRoot: telegram.apiRoot,
      locales,
      timeZone: 'UTC',
      fetchPicture: createFetchPicture(createFetch({ allowPrivateNetwork: false, userAgent: ourAgent })),
    });
    const imageUrl = web.on('/secret.png', onlyForUs(png(300, 200)));

    expect(await guarded.sendStory(to, { ...letter, imageUrl })).toMatchObject({ format: 'text', photo: 'refused' });
    expect(web.requests.filter(({ headers }) => headers['user-agent'] === ourAgent)).toEqual([]);
    await guarded.close();
  });
});

describe('a copy whose story has a new picture', () => {
  async function sentPhoto(): Promise<number> {
    const imageUrl = web.on('/old.png', answer(png(300, 200), { 'content-type': 'image/png' }));
    const outcome = await sender.sendStory(to, { ...letter, imageUrl });
    telegram.clearCalls();
    return (outcome as SentOutcome).messageId;
  }
  const change = (messageId: number) => ({ messageId, format: 'photo', hasNewPicture: true }) as const;

  test('shows it, and says by which name others get it', async () => {
    const messageId = await sentPhoto();
    const imageUrl = web.on('/new.png', answer(png(400, 200), { 'content-type': 'image/png' }));

    const first = (await sender.editStory(to, { ...letter, imageUrl }, change(messageId))) as SentOutcome;
    expect(first).toMatchObject({ kind: 'sent', photo: 'usable', photoFileId: photoIds().at(-1) });

    const other = await sentPhoto();
    const imageFileId = first.photoFileId ?? null;
    await sender.editStory(to, { ...letter, imageUrl, imageFileId }, change(other));
    expect(photoIds().at(-1)).toBe(imageFileId);
  });

  test('gets it by upload where Telegram cannot load it', async () => {
    const messageId = await sentPhoto();
    const picture = png(400, 200);
    const imageUrl = web.on('/guarded.png', onlyForUs(picture));

    const outcome = await sender.editStory(to, { ...letter, imageUrl }, change(messageId));

    expect(outcome).toMatchObject({ kind: 'sent', photo: 'usable', photoFileId: photoIds().at(-1) });
    expect(telegram.fileBytes(photoIds().at(-1) ?? '')).toEqual(picture);
  });

  test('keeps the old one, with the new words, where nobody can load it', async () => {
    const messageId = await sentPhoto();
    const before = photoIds();

    const outcome = await sender.editStory(
      to,
      { ...letter, headline: 'عنوان جديد', imageUrl: web.url('/nowhere.png') },
      change(messageId),
    );

    expect(outcome).toMatchObject({ kind: 'sent', photo: 'refused' });
    expect(photoIds()).toEqual(before);
    expect(shown()?.caption).toContain('عنوان جديد');
  });
});

describe('the paid lane', () => {
  test('is asked for where it exists, and nowhere else', async () => {
    const imageUrl = web.on('/library.png', answer(png(300, 200), { 'content-type': 'image/png' }));
    const paid = { isPaid: true };
    const text = (await sender.sendStory(to, letter, paid)) as SentOutcome;
    await sender.sendStory(to, { ...letter, imageUrl }, paid);
    await sender.sendDigest(to, { stories: [letter] }, paid);
    const fromChatId = Number(to.chat);
    await sender.copyBroadcast(to, { fromChatId, messageIds: [text.messageId] }, paid);
    await sender.copyBroadcast(to, { fromChatId, messageIds: [text.messageId, text.messageId + 1] }, paid);
    await sender.sendStory(to, letter);

    expect(telegram.calls().map(({ method, ok, params }) => [method, ok, params['allow_paid_broadcast']])).toEqual([
      ['sendMessage', true, true],
      ['sendPhoto', true, true],
      ['sendMessage', true, true],
      ['copyMessage', true, true],
      ['copyMessages', true, undefined],
      ['sendMessage', true, undefined],
    ]);
  });
});

describe('a digest', () => {
  test('arrives as one silent message without a preview', async () => {
    const outcome = await sender.sendDigest(to, { stories: [letter, { ...letter, headline: 'خبر آخر' }] });

    expect(outcome).toMatchObject({ kind: 'sent', chatId: to.chat, format: 'text' });
    expect(shown()?.text).toContain('خبر آخر');
    expect(telegram.calls('sendMessage').map(({ params }) => params)).toMatchObject([
      { disable_notification: true, link_preview_options: { is_disabled: true } },
    ]);
  });
});

test('a follow-up answers the message that began its thread, and keeps its words', async () => {
  const { messageId } = (await sender.sendStory(to, letter)) as SentOutcome;
  await sender.sendStory(to, letter, { replyTo: messageId });

  expect(shown()?.reply_to_message?.message_id).toBe(messageId);
});

test('each language has its own words of the same letter', async () => {
  await sender.sendStory({ ...to, language: 'en' }, letter);
  const english = shown()?.text;
  await sender.sendStory(to, letter);

  expect(english).toContain('5 June 2020');
  expect(shown()?.text).toContain('5 حزيران 2020');
});

test('an answer that names no message leaves it unknown what was sent', async () => {
  telegram.fail({ times: 1, fault: { status: 200, body: '{"ok":true,"result":true}' } });

  expect((await sender.sendStory(to, letter)).kind).toBe('unknown');
});
