// Sends stories and broadcasts, and changes what was sent, through its own Api, without retries: the ledger decides what an answer means.
import { Api, GrammyError } from 'grammy';
import type { InlineKeyboardMarkup } from 'grammy/types';
import type {
  BroadcastLetter,
  Destination,
  Sender,
  SendOutcome,
  SentOutcome,
  SentStory,
  StoryLetter,
} from '../deliveries/sender.ts';
import type { Locales } from './i18n.ts';
import { classify, isPhotoProblem } from './outcome.ts';
import { renderStory, renderWithdrawn } from './render.ts';

/** Shorter than a delivery's claim (deliveries/send.ts), so that nobody else takes what is under way. */
const timeoutSeconds = 25;
/** Telegram lets a bot delete its message for so long (Bot API, deleteMessage). */
const deletableMs = 48 * 60 * 60 * 1000;

interface SenderOptions {
  token: string;
  apiRoot: string;
  locales: Locales;
  timeZone: string;
}

export function createSender({ token, apiRoot, locales, timeZone }: SenderOptions): Sender {
  const api = new Api(token, { apiRoot, timeoutSeconds });

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
    async sendStory(to: Destination, letter: StoryLetter, { replyTo } = {}): Promise<SendOutcome> {
      const message = renderStory(letter, { locales, language: to.language, timeZone });
      const extra = {
        ...wording(message.keyboard),
        ...(replyTo === undefined
          ? {}
          : { reply_parameters: { message_id: replyTo, allow_sending_without_reply: true } }),
      };
      const asText = async () =>
        sent(
          await api.sendMessage(to.chat, message.html, { link_preview_options: message.linkPreview, ...extra }),
          'text',
        );
      const asPhoto = async (url: string) =>
        sent(await api.sendPhoto(to.chat, url, { caption: message.captionHtml, ...extra }), 'photo');
      return withPicture(message.photoUrl, asPhoto, asText);
    },

    editStory(to: Destination, letter: StoryLetter, { hasNewPicture, ...copy }): Promise<SendOutcome> {
      const message = renderStory(letter, { locales, language: to.language, timeZone });
      const { captionHtml, html, keyboard } = message;
      const { messageId } = copy;
      const newPhoto = async (url: string) => {
        const media = { type: 'photo', media: url, caption: captionHtml, parse_mode: 'HTML' } as const;
        await api.editMessageMedia(to.chat, messageId, media, keyboard ? { reply_markup: keyboard } : {});
        return changed(messageId, 'photo');
      };
      const newCaption = async () => {
        await api.editMessageCaption(to.chat, messageId, { caption: captionHtml, ...wording(keyboard) });
        return changed(messageId, 'photo');
      };
      const asPhoto = () => withPicture(hasNewPicture ? message.photoUrl : undefined, newPhoto, newCaption);
      const asText = () => {
        const extra = { link_preview_options: message.linkPreview, ...wording(keyboard) };
        return api.editMessageText(to.chat, messageId, html, extra);
      };
      return edit(copy, asText, asPhoto);
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

    copyBroadcast(to: Destination, { fromChatId, messageIds }: BroadcastLetter): Promise<SendOutcome> {
      return attempt(async () => {
        const [first] = messageIds;
        const copies =
          first !== undefined && messageIds.length === 1
            ? [await api.copyMessage(to.chat, fromChatId, first)]
            : await api.copyMessages(to.chat, fromChatId, [...messageIds]);
        return { kind: 'sent', chatId: undefined, messageId: copies[0]?.message_id ?? 0 };
      });
    },
  };
}

function wording(keyboard?: InlineKeyboardMarkup) {
  return { parse_mode: 'HTML', ...(keyboard ? { reply_markup: keyboard } : {}) } as const;
}

function sent(message: { chat: { id: number }; message_id: number }, format: SentStory['format']): SentOutcome {
  return { kind: 'sent', chatId: message.chat.id, messageId: message.message_id, format };
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

/** With the picture at `url`; without it where there is none, or Telegram refuses it. */
async function withPicture(
  url: string | undefined,
  withIt: (url: string) => Promise<SentOutcome>,
  without: () => Promise<SentOutcome>,
): Promise<SendOutcome> {
  if (url === undefined) return attempt(without);
  try {
    return { ...(await withIt(url)), photo: 'usable' };
  } catch (error) {
    if (!(error instanceof GrammyError && isPhotoRefused(error))) return classify(error);
    const outcome = await attempt(without);
    return outcome.kind === 'sent' ? { ...outcome, photo: 'refused' } : outcome;
  }
}

async function attempt(call: () => Promise<SentOutcome>): Promise<SendOutcome> {
  try {
    return await call();
  } catch (error) {
    return classify(error);
  }
}

/** A server without photos, too, still sends text. */
function isPhotoRefused({ description }: GrammyError): boolean {
  return isPhotoProblem(description) || /method not found/i.test(description);
}
