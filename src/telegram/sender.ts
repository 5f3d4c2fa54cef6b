// Sends stories, digests and broadcasts, and changes what was sent, without retries: the ledger decides what an answer means.
import { GrammyError, InputFile } from 'grammy';
import type { InlineKeyboardMarkup, PhotoSize } from 'grammy/types';
import type {
  BroadcastLetter,
  Destination,
  DigestLetter,
  Sender,
  SendOptions,
  SendOutcome,
  SentOutcome,
  SentStory,
  StoryLetter,
} from '../deliveries/sender.ts';
import { createBotApi, UnreadableAnswerError } from './bot-api.ts';
import type { FetchPicture } from './fetch-picture.ts';
import type { Locales } from './i18n.ts';
import { classify, isPhotoForbidden, isPhotoProblem } from './outcome.ts';
import { renderDigest, renderItem } from './render-digest.ts';
import { renderStory, type RenderedStory, renderWithdrawn } from './render.ts';

/** Of one call, the wait for a connection included. */
const timeoutMs = 25_000;
/** Telegram lets a bot delete its message for so long (Bot API, deleteMessage). */
const deletableMs = 48 * 60 * 60 * 1000;

interface SenderOptions {
  token: string;
  apiRoot: string;
  locales: Locales;
  timeZone: string;
  /** Loads what Telegram cannot (fetch-picture.ts); without it such a story goes out as text. */
  fetchPicture?: FetchPicture;
  /** Calls at a time, at most. */
  connections?: number;
}

/** A sender that holds connections open until it is closed. */
export interface TelegramSender extends Sender {
  /** Waits for the calls that are under way. */
  close(): Promise<void>;
}

export function createSender(options: SenderOptions): TelegramSender {
  const { token, apiRoot, locales, timeZone, fetchPicture, connections = 128 } = options;
  const botApi = createBotApi({ token, apiRoot, connections, timeoutMs });
  const { api } = botApi;

  const stories = remember((letter: StoryLetter, language) =>
    prepare(renderStory(letter, { locales, language, timeZone })),
  );
  const itemOf = remember((letter: StoryLetter, language) => renderItem(letter, { locales, language, timeZone }));
  const digests = remember((letter: DigestLetter, language) =>
    renderDigest(letter, { locales, language, timeZone, itemOf }),
  );

  /** The picture as it may go out, in the order in which it is tried; nothing is loaded before it is needed. */
  async function* sourcesOf({ photoFileId, photoUrl }: RenderedStory): AsyncGenerator<string | InputFile> {
    if (photoFileId !== undefined) yield photoFileId;
    if (photoUrl === undefined) return;
    yield photoUrl;
    const picture = await fetchPicture?.(photoUrl);
    if (picture) yield new InputFile(picture.bytes, picture.fileName);
  }

  /** With the story's picture; without it where there is none, or Telegram refuses it however it comes. */
  async function withPicture(
    message: RenderedStory,
    withIt: (photo: string | InputFile) => Promise<WithPhoto>,
    without: () => Promise<SentOutcome>,
  ): Promise<SendOutcome> {
    let isRefused = false;
    for await (const photo of sourcesOf(message)) {
      try {
        const { outcome, sizes } = await withIt(photo);
        // What it is called is news only where it was not sent by its name.
        return { ...outcome, photo: 'usable', ...(photo === message.photoFileId ? {} : fileIdOf(sizes)) };
      } catch (error) {
        const refusal = error instanceof GrammyError ? pictureRefusal(error) : undefined;
        if (refusal === undefined) return classify(error);
        isRefused = refusal !== 'here';
        if (refusal !== 'this') break;
      }
    }
    const outcome = await attempt(without);
    return outcome.kind === 'sent' && isRefused ? { ...outcome, photo: 'refused' } : outcome;
  }

  /** No button any more, and no preview; a photo cannot be taken out of its message. */
  function strike(to: Destination, letter: StoryLetter, copy: SentStory): Promise<SendOutcome> {
    const text = renderWithdrawn(letter, { locales, language: to.language });
    const asText = () => {
      const extra = { link_preview_options: { is_disabled: true }, ...wording() };
      return api.editMessageText(to.chat, copy.messageId, text, extra);
    };
    const asPhoto = () =>
      attempt(async () => {
        await api.editMessageCaption(to.chat, copy.messageId, { caption: text, ...wording() });
        return changed(copy.messageId, 'photo');
      });
    return edit(copy, asText, asPhoto);
  }

  return {
    sendStory(to: Destination, letter: StoryLetter, options: SendOptions = {}): Promise<SendOutcome> {
      const { message, asText, asPhoto } = stories(letter, to.language);
      const extra = { ...lane(options), ...threaded(options) };
      const withIt = async (photo: string | InputFile) => {
        const answer = await api.sendPhoto(to.chat, photo, { ...asPhoto, ...extra });
        return { outcome: sent(answer, 'photo'), sizes: answer.photo };
      };
      const without = async () => sent(await api.sendMessage(to.chat, message.html, { ...asText, ...extra }), 'text');
      return withPicture(message, withIt, without);
    },

    sendDigest(to: Destination, letter: DigestLetter, options: SendOptions = {}): Promise<SendOutcome> {
      const text = digests(letter, to.language);
      const extra = { ...wording(), link_preview_options: { is_disabled: true }, disable_notification: true };
      return attempt(async () => sent(await api.sendMessage(to.chat, text, { ...extra, ...lane(options) }), 'text'));
    },

    editDigest(to: Destination, letter: DigestLetter, { messageId }): Promise<SendOutcome> {
      const text = digests(letter, to.language);
      const extra = { ...wording(), link_preview_options: { is_disabled: true } };
      return attempt(async () => {
        await api.editMessageText(to.chat, messageId, text, extra);
        return changed(messageId, 'text');
      });
    },

    editStory(to: Destination, letter: StoryLetter, { hasNewPicture, ...copy }): Promise<SendOutcome> {
      const { message, asText, asPhoto } = stories(letter, to.language);
      const { messageId } = copy;
      const newPhoto = async (photo: string | InputFile) => {
        const { caption, parse_mode, reply_markup } = asPhoto;
        const media = { type: 'photo', media: photo, caption, parse_mode } as const;
        const edited = await api.editMessageMedia(to.chat, messageId, media, reply_markup ? { reply_markup } : {});
        return { outcome: changed(messageId, 'photo'), sizes: edited === true ? undefined : edited.photo };
      };
      const newCaption = async () => {
        await api.editMessageCaption(to.chat, messageId, asPhoto);
        return changed(messageId, 'photo');
      };
      return edit(
        copy,
        () => api.editMessageText(to.chat, messageId, message.html, asText),
        () => (hasNewPicture ? withPicture(message, newPhoto, newCaption) : attempt(newCaption)),
      );
    },

    async withdrawStory(to: Destination, letter: StoryLetter, { sentAt, now, ...copy }): Promise<SendOutcome> {
      if (now.getTime() - sentAt.getTime() < deletableMs) {
        const deleted = await attempt(async () => {
          await api.deleteMessage(to.chat, copy.messageId);
          return { ...changed(copy.messageId, copy.format), isDeleted: true };
        });
        if (deleted.kind !== 'rejected') return deleted;
      }
      return strike(to, letter, copy);
    },

    copyBroadcast(to: Destination, { fromChatId, messageIds }: BroadcastLetter, options = {}): Promise<SendOutcome> {
      return attempt(async () => {
        const [first] = messageIds;
        // An album has no paid lane (Bot API, copyMessages).
        const copies =
          first !== undefined && messageIds.length === 1
            ? [await api.copyMessage(to.chat, fromChatId, first, lane(options))]
            : await api.copyMessages(to.chat, fromChatId, [...messageIds]);
        return { kind: 'sent', chatId: undefined, messageId: copies[0]?.message_id ?? 0 };
      });
    },

    close: () => botApi.close(),
  };
}

/** What `make` makes of a letter in a language is made once for all recipients, as long as the letter is in use. */
function remember<Letter extends object, Made>(make: (letter: Letter, language: string) => Made) {
  const made = new WeakMap<Letter, Map<string, Made>>();
  return (letter: Letter, language: string): Made => {
    let byLanguage = made.get(letter);
    if (!byLanguage) made.set(letter, (byLanguage = new Map()));
    let message = byLanguage.get(language);
    if (message === undefined) byLanguage.set(language, (message = make(letter, language)));
    return message;
  };
}

/** A story's message, with what goes along with its text and with its caption. */
function prepare(message: RenderedStory) {
  const { keyboard, linkPreview, captionHtml } = message;
  return {
    message,
    asText: { link_preview_options: linkPreview, ...wording(keyboard) },
    asPhoto: { caption: captionHtml, ...wording(keyboard) },
  };
}

function wording(keyboard?: InlineKeyboardMarkup) {
  return { parse_mode: 'HTML', ...(keyboard ? { reply_markup: keyboard } : {}) } as const;
}

function lane({ isPaid }: SendOptions) {
  return isPaid ? { allow_paid_broadcast: true } : {};
}

function threaded({ replyTo }: SendOptions) {
  return replyTo === undefined ? {} : { reply_parameters: { message_id: replyTo, allow_sending_without_reply: true } };
}

/** What was sent with a picture, and the picture as Telegram has it. */
interface WithPhoto {
  outcome: SentOutcome;
  sizes: PhotoSize[] | undefined;
}

/** The largest size stands for the picture in all its sizes. */
function fileIdOf(sizes: PhotoSize[] | undefined): { photoFileId?: string } {
  const largest = sizes?.toSorted((one, other) => other.width * other.height - one.width * one.height)[0];
  return largest ? { photoFileId: largest.file_id } : {};
}

/** Of what is answered in a message's place nothing is certain. */
function sent(message: { chat?: { id: number }; message_id?: number }, format: SentStory['format']): SentOutcome {
  const { chat, message_id: messageId } = message;
  // By the status it was sent; only which message it is cannot be known.
  if (typeof messageId !== 'number' || typeof chat?.id !== 'number') throw new UnreadableAnswerError(200);
  return { kind: 'sent', chatId: chat.id, messageId, format };
}

function changed(messageId: number, format: SentStory['format']): SentOutcome {
  return { kind: 'sent', chatId: undefined, messageId, format };
}

/** What was sent before its kind was noted counts as text, and may turn out to be a photo. */
async function edit(
  { messageId, format }: SentStory,
  asText: () => Promise<unknown>,
  asPhoto: () => Promise<SendOutcome>,
): Promise<SendOutcome> {
  if (format === 'photo') return asPhoto();
  try {
    await asText();
    return changed(messageId, 'text');
  } catch (error) {
    if (error instanceof GrammyError && /there is no text in the message/i.test(error.description)) return asPhoto();
    return classify(error);
  }
}

async function attempt(call: () => Promise<SentOutcome>): Promise<SendOutcome> {
  try {
    return await call();
  } catch (error) {
    return classify(error);
  }
}

/**
 * What of the picture was refused: `this` way of giving it, pictures in this chat (`here`), or pictures by this server
 * (`everywhere`). Undefined when the refusal is about something else.
 */
function pictureRefusal({ description }: GrammyError): 'this' | 'here' | 'everywhere' | undefined {
  if (isPhotoForbidden(description)) return 'here';
  if (/method not found/i.test(description)) return 'everywhere';
  return isPhotoProblem(description) ? 'this' : undefined;
}
