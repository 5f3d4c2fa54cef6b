// The conversation in which an editor composes a broadcast: message, preview, audience, confirmation.
import type { Conversation } from '@grammyjs/conversations';
import { type Context, GrammyError } from 'grammy';
import { estimateSeconds } from '../deliveries/broadcast.ts';
import { insertBroadcast } from '../deliveries/broadcast-store.ts';
import { type Audience, countAudience } from '../recipients/recipient-store.ts';
import { listTopics } from '../topics/topic-store.ts';
import { topicName } from '../topics/topic.ts';
import { type BroadcastAudience, type CallbackData, decode, encode } from './callback-data.ts';
import { answerPress, type BotContext, type BotDeps, isOwner, languageOf } from './context.ts';
import { duration } from './duration.ts';
import type { Keyboard } from './topic-keyboard.ts';

type Dialogue = Conversation<BotContext>;

/** An audience with the words for it, as the editor may choose it. */
interface Choice {
  audience: BroadcastAudience;
  button: string;
  label: string;
  size: number;
}

interface Draft {
  /** The first message's id: names the draft in its buttons. */
  id: number;
  chatId: number;
  messageIds: number[];
}

/** What the conversation needs of the world; everything else it does through its own context. */
export function broadcastConversation(deps: BotDeps) {
  const { db, clock, locales, requestPublish } = deps;

  return async function broadcast(conversation: Dialogue, ctx: Context): Promise<void> {
    const language = await conversation.external((outside) => languageOf(outside, deps));
    const t = (key: string, args: Record<string, string | number> = {}) => locales.t(language, key, args);
    const say = (text: string, keyboard?: Keyboard) =>
      ctx.reply(text, { parse_mode: 'HTML', ...(keyboard ? { reply_markup: keyboard } : {}) });
    const cancelRow = (draft: Draft) => [
      button(t('broadcast-cancel-button'), { kind: 'broadcast-cancel', draft: draft.id }),
    ];

    await say(t('broadcast-ask'));
    const draft = await compose();
    if (!draft) return;
    const chosen = await chooseAudience(draft);
    if (!chosen) return;
    await confirm(draft, chosen);

    /** The message, or the album, previewed exactly as readers will see it; undefined when cancelled. */
    async function compose(): Promise<Draft | undefined> {
      for (;;) {
        const { message } = await conversation.waitFor('message', { otherwise: answerStale });
        if (message.text?.startsWith('/')) {
          await say(t('broadcast-unknown-command'));
          continue;
        }
        const draft: Draft = { id: message.message_id, chatId: message.chat.id, messageIds: [message.message_id] };
        if (message.media_group_id !== undefined && !(await collectAlbum(draft, message.media_group_id))) {
          return undefined;
        }
        await say(t('broadcast-preview-intro'));
        const refusal = await preview(draft);
        if (refusal === undefined) return draft;
        await say(t('broadcast-preview-failed', { reason: refusal }));
      }
    }

    /** An album arrives as one update a part; the editor says when it is complete. False when cancelled. */
    async function collectAlbum(draft: Draft, album: string): Promise<boolean> {
      const keyboard = () => ({
        inline_keyboard: [
          [button(t('broadcast-preview-button'), { kind: 'broadcast-preview', draft: draft.id })],
          cancelRow(draft),
        ],
      });
      const asked = await say(t('broadcast-album-collecting', { count: draft.messageIds.length }), keyboard());
      for (;;) {
        const next = await conversation.wait();
        const data = decode(next.callbackQuery?.data ?? '');
        if (next.message?.media_group_id === album) {
          draft.messageIds.push(next.message.message_id);
          await ctx.api.editMessageText(
            draft.chatId,
            asked.message_id,
            t('broadcast-album-collecting', { count: draft.messageIds.length }),
            { parse_mode: 'HTML', reply_markup: keyboard() },
          );
        } else if (data?.kind === 'broadcast-preview' && data.draft === draft.id) {
          await answerPress(next);
          draft.messageIds.sort((a, b) => a - b);
          return true;
        } else if (data?.kind === 'broadcast-cancel' && data.draft === draft.id) {
          await answerPress(next);
          await ctx.api.editMessageText(draft.chatId, asked.message_id, t('broadcast-cancelled'), {
            parse_mode: 'HTML',
          });
          return false;
        } else {
          await answerStale(next);
        }
      }
    }

    /** Undefined when Telegram made the copy, else its reason. */
    async function preview({ chatId, messageIds }: Draft): Promise<string | undefined> {
      try {
        const [first] = messageIds;
        if (messageIds.length === 1 && first !== undefined) await ctx.api.copyMessage(chatId, chatId, first);
        else await ctx.api.copyMessages(chatId, chatId, messageIds);
        return undefined;
      } catch (error) {
        if (error instanceof GrammyError) return error.description;
        throw error;
      }
    }

    async function chooseAudience(draft: Draft): Promise<{ choice: Choice; messageId: number } | undefined> {
      const choices = await conversation.external(() => listChoices(deps, language));
      const rows = choices.map((choice) => [
        button(choice.button, { kind: 'broadcast-audience', draft: draft.id, audience: choice.audience }),
      ]);
      const asked = await say(t('broadcast-audience-question'), { inline_keyboard: [...rows, cancelRow(draft)] });
      for (;;) {
        const next = await conversation.waitFor('callback_query:data', { otherwise: answerStale });
        const data = decode(next.callbackQuery.data);
        if (data?.kind === 'broadcast-cancel' && data.draft === draft.id) {
          await answerPress(next);
          await ctx.api.editMessageText(draft.chatId, asked.message_id, t('broadcast-cancelled'), {
            parse_mode: 'HTML',
          });
          return undefined;
        }
        const choice =
          data?.kind === 'broadcast-audience' && data.draft === draft.id
            ? choices.find(({ audience }) => JSON.stringify(audience) === JSON.stringify(data.audience))
            : undefined;
        if (!choice) {
          await answerStale(next);
        } else if (choice.size === 0) {
          await answerPress(next, locales.plain(language, 'broadcast-audience-empty-answer'), { alert: true });
        } else {
          await answerPress(next);
          return { choice, messageId: asked.message_id };
        }
      }
    }

    async function confirm(draft: Draft, { choice, messageId }: { choice: Choice; messageId: number }): Promise<void> {
      const edit = (text: string, keyboard?: Keyboard) =>
        ctx.api.editMessageText(draft.chatId, messageId, text, {
          parse_mode: 'HTML',
          ...(keyboard ? { reply_markup: keyboard } : {}),
        });
      let atMostOnce = false;
      const ask = () =>
        edit(
          [
            t('broadcast-confirm', {
              audience: choice.label,
              count: choice.size,
              duration: duration(locales, language, estimateSeconds(choice.size)),
            }),
            t(atMostOnce ? 'broadcast-once-on' : 'broadcast-once-off'),
            t('broadcast-confirm-question'),
          ].join('\n\n'),
          {
            inline_keyboard: [
              [button(t('broadcast-send-button'), { kind: 'broadcast-confirm', draft: draft.id })],
              [
                button(t(atMostOnce ? 'broadcast-once-on-button' : 'broadcast-once-off-button'), {
                  kind: 'broadcast-once',
                  draft: draft.id,
                  on: !atMostOnce,
                }),
              ],
              cancelRow(draft),
            ],
          },
        );
      await ask();
      for (;;) {
        const next = await conversation.waitFor('callback_query:data', { otherwise: answerStale });
        const data = decode(next.callbackQuery.data);
        if (data?.kind === 'broadcast-cancel' && data.draft === draft.id) {
          await answerPress(next);
          await edit(t('broadcast-cancelled'));
          return;
        }
        if (data?.kind === 'broadcast-once' && data.draft === draft.id) {
          await answerPress(next);
          // A second press of the same button asks for what is so already.
          if (data.on !== atMostOnce) {
            atMostOnce = data.on;
            await ask();
          }
          continue;
        }
        // Whoever presses is asked again who they are: an editor may have left since the conversation began.
        if (data?.kind !== 'broadcast-confirm' || data.draft !== draft.id || !isOwner(next, deps)) {
          await answerStale(next);
          continue;
        }
        await answerPress(next);
        await edit(
          t('broadcast-progress', {
            total: choice.size,
            sent: 0,
            blocked: 0,
            failed: 0,
            remaining: duration(locales, language, estimateSeconds(choice.size)),
          }),
        );
        await conversation.external(async () => {
          await insertBroadcast(db, {
            ...audienceOf(choice.audience),
            editorId: next.from.id,
            fromChatId: draft.chatId,
            messageIds: draft.messageIds,
            progressMessageId: messageId,
            atMostOnce,
            now: clock.now(),
          });
          await requestPublish();
        });
        return;
      }
    }

    /** Answers a button that has nothing to do with this step; a message in the middle of one is let be. */
    async function answerStale(next: Context): Promise<void> {
      if (!next.callbackQuery) return;
      await answerPress(next, locales.plain(language, 'stale-button-answer'), { alert: true });
    }
  };
}

function button(text: string, data: CallbackData) {
  return { text, callback_data: encode(data) };
}

function audienceOf(audience: BroadcastAudience): Audience {
  return audience.kind === 'topic'
    ? { audience: 'topic', topicId: audience.topicId }
    : { audience: audience.kind, topicId: null };
}

async function listChoices({ db, locales }: BotDeps, language: string): Promise<Choice[]> {
  const choices: Choice[] = [];
  for (const kind of ['everyone', 'readers'] as const) {
    const size = await sizeOf({ kind });
    choices.push({
      audience: { kind },
      size,
      button: locales.plain(language, `broadcast-audience-${kind}-button`, { count: size }),
      label: locales.plain(language, `broadcast-audience-${kind}-label`),
    });
  }
  for (const topic of await listTopics(db)) {
    const audience = { kind: 'topic', topicId: topic.topicId } as const;
    const size = await sizeOf(audience);
    const name = topicName(topic, language);
    choices.push({
      audience,
      size,
      button: locales.plain(language, 'broadcast-audience-topic-button', { topic: name, count: size }),
      label: locales.plain(language, 'broadcast-audience-topic-label', { topic: name }),
    });
  }
  return choices;

  async function sizeOf(audience: BroadcastAudience): Promise<number> {
    const { readers, channels } = await countAudience(db, audienceOf(audience));
    return readers + channels;
  }
}
