// Tells the newsroom's people how things go. A notice that does not arrive is logged; nothing depends on it.
import { type Api, GrammyError } from 'grammy';
import { estimateSeconds } from '../deliveries/broadcast.ts';
import type { BroadcastCounts, BroadcastNotice, Desk } from '../deliveries/sender.ts';
import { findRecipientByChat } from '../recipients/recipient-store.ts';
import type { BotDeps } from './context.ts';
import { duration } from './duration.ts';
import type { Keyboard } from './topic-keyboard.ts';

type DeskDeps = Pick<BotDeps, 'db' | 'locales' | 'log' | 'ownerIds' | 'defaultLanguage'>;

interface Notice {
  text: string;
  keyboard?: Keyboard;
}

/** Writes to each of `owners` in their language. */
export async function tellOwners(
  api: Api,
  deps: DeskDeps,
  owners: readonly number[],
  notice: (language: string) => Notice | Promise<Notice>,
): Promise<void> {
  for (const owner of owners) {
    const { text, keyboard } = await notice(await editorLanguage(deps, owner));
    try {
      await api.sendMessage(owner, text, { parse_mode: 'HTML', ...(keyboard ? { reply_markup: keyboard } : {}) });
    } catch (error) {
      deps.log.warn('could not tell an owner', { owner, error });
    }
  }
}

async function editorLanguage({ db, locales, defaultLanguage }: DeskDeps, editorId: number): Promise<string> {
  const editor = await findRecipientByChat(db, editorId);
  return locales.pick(editor?.language ?? undefined, defaultLanguage);
}

export function createDesk(api: Api, deps: DeskDeps): Desk {
  const { locales, log, ownerIds } = deps;

  /** The message that shows the progress becomes the report; where it is gone, the report is a message of its own. */
  const show = async ({ editorId, progressMessageId }: BroadcastNotice, text: string, isEnd: boolean) => {
    try {
      if (progressMessageId !== null) {
        await api.editMessageText(editorId, progressMessageId, text, { parse_mode: 'HTML' });
        return true;
      }
    } catch (error) {
      if (error instanceof Error && /message is not modified/.test(error.message)) return true;
      log.warn('could not show a broadcast to its editor', { editorId, error });
      if (!isRefusal(error)) return false;
    }
    if (!isEnd) return false;
    try {
      await api.sendMessage(editorId, text, { parse_mode: 'HTML' });
      return true;
    } catch (error) {
      log.warn('could not report a broadcast to its editor', { editorId, error });
      // An editor who cannot be written to will not read it later either.
      return isRefusal(error);
    }
  };

  return {
    async broadcastProgress(broadcast, { total, open, sent, blocked, failed }: BroadcastCounts) {
      const language = await editorLanguage(deps, broadcast.editorId);
      const remaining = duration(locales, language, estimateSeconds(open));
      await show(
        broadcast,
        locales.t(language, 'broadcast-progress', { total, sent, blocked, failed, remaining }),
        false,
      );
    },
    async broadcastReport(broadcast, { total, sent, blocked, failed, unknown }, stoppedBecause) {
      const language = await editorLanguage(deps, broadcast.editorId);
      const doubt = broadcast.atMostOnce ? 'broadcast-unknown-once' : 'broadcast-unknown-again';
      const lines = [
        stoppedBecause === null
          ? locales.t(language, 'broadcast-report', { total, sent, blocked, failed, unknown })
          : locales.t(language, 'broadcast-stopped', { total, sent, unknown, reason: stoppedBecause }),
        ...(unknown > 0 ? [locales.t(language, doubt, { count: unknown })] : []),
      ];
      return show(broadcast, lines.join('\n\n'), true);
    },
    async channelLost({ title, chat }, reason) {
      await tellOwners(api, deps, ownerIds, (language) => ({
        text: locales.t(language, 'channel-disabled', { title: title ?? String(chat), reason }),
      }));
    },
    async storyRefused(headline, reason) {
      await tellOwners(api, deps, ownerIds, (language) => ({
        text: locales.t(language, 'story-refused', { headline, reason }),
      }));
    },
    async correctionRefused(headline, reason) {
      await tellOwners(api, deps, ownerIds, (language) => ({
        text: locales.t(language, 'correction-refused', { headline, reason }),
      }));
    },
  };
}

/** Telegram will say the same to the same question, as it does not when it is away or asks for patience. */
function isRefusal(error: unknown): boolean {
  return error instanceof GrammyError && error.error_code >= 400 && error.error_code < 500 && error.error_code !== 429;
}
