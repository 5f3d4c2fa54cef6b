// Sends stories and broadcasts through its own Api, without retries: the ledger decides what an answer means.
import { Api, GrammyError } from 'grammy';
import type {
  BroadcastLetter,
  Destination,
  Sender,
  SendOutcome,
  SentOutcome,
  StoryLetter,
} from '../deliveries/sender.ts';
import type { Locales } from './i18n.ts';
import { classify, isPhotoProblem } from './outcome.ts';
import { renderStory } from './render.ts';

/** Shorter than a delivery's claim (deliveries/send.ts), so that nobody else takes what is under way. */
const timeoutSeconds = 25;

interface SenderOptions {
  token: string;
  apiRoot: string;
  locales: Locales;
  timeZone: string;
}

export function createSender({ token, apiRoot, locales, timeZone }: SenderOptions): Sender {
  const api = new Api(token, { apiRoot, timeoutSeconds });

  return {
    async sendStory(to: Destination, letter: StoryLetter): Promise<SendOutcome> {
      const message = renderStory(letter, { locales, language: to.language, timeZone });
      const extra = { parse_mode: 'HTML', ...(message.keyboard ? { reply_markup: message.keyboard } : {}) } as const;
      const { photoUrl } = message;
      const asPhoto = async (url: string) =>
        sent(await api.sendPhoto(to.chat, url, { caption: message.captionHtml, ...extra }));
      const asText = async () =>
        sent(await api.sendMessage(to.chat, message.html, { link_preview_options: message.linkPreview, ...extra }));

      if (photoUrl === undefined) return attempt(asText);
      try {
        return { ...(await asPhoto(photoUrl)), photo: 'usable' };
      } catch (error) {
        if (!(error instanceof GrammyError && isPhotoRefused(error))) return classify(error);
        const outcome = await attempt(asText);
        return outcome.kind === 'sent' ? { ...outcome, photo: 'refused' } : outcome;
      }
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

function sent(message: { chat: { id: number }; message_id: number }): SentOutcome {
  return { kind: 'sent', chatId: message.chat.id, messageId: message.message_id };
}

async function attempt(call: () => Promise<SentOutcome>): Promise<SendOutcome> {
  try {
    return await call();
  } catch (error) {
    return classify(error);
  }
}

/** A server without sendPhoto, too, still sends text. */
function isPhotoRefused({ description }: GrammyError): boolean {
  return isPhotoProblem(description) || /method not found/i.test(description);
}
