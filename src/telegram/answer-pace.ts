// Answers to people are part of the chat's and the bot's pace: each takes the very next slot before it goes.
import type { Transformer } from 'grammy';
import { nextSendAt, type PaceSettings } from '../deliveries/pace.ts';
import { noteFlood, pauseSending, takeAnswerSlot } from '../deliveries/pace-store.ts';
import { holdChat } from '../recipients/recipient-store.ts';
import type { BotDeps } from './context.ts';

/** What makes a message in a chat; edits and reactions are not counted. */
const isMessage = /^(send(?!ChatAction)|copy|forward)/;
/** What may go over the paid lane: not everything knows `allow_paid_broadcast`. */
const canBePaid = /^(send(?!Checklist)|copyMessage$)/;

const tooManyRequests = 429;

type AnswerPaceDeps = Pick<BotDeps, 'db' | 'clock' | 'log'> & { pace: PaceSettings };

/** For `bot.api`: what makes a message waits for its slot, and what is owed to the same chat waits for its second. */
export function answerPace({ db, clock, log, pace }: AnswerPaceDeps): Transformer {
  /** Milliseconds to wait, and whether the answer goes over the paid lane. */
  async function take(method: string): Promise<{ waitMs: number; isPaid: boolean }> {
    try {
      return await takeAnswerSlot(db, { pace, canBePaid: canBePaid.test(method), now: clock.now() });
    } catch (error) {
      // The database is away: whoever asked is answered all the same.
      log.warn('an answer took no slot', { error });
      return { waitMs: 0, isPaid: false };
    }
  }

  async function hold(chatId: number, afterMs: number): Promise<void> {
    const until = nextSendAt('subscriber', [new Date(clock.now().getTime() + afterMs)]);
    try {
      if (until !== null) await holdChat(db, chatId, until);
    } catch (error) {
      log.warn('an answer did not hold its chat', { error });
    }
  }

  /** Telegram means the whole bot: if deliveries went on, the next try would be refused, too. */
  async function rest(seconds: number): Promise<void> {
    try {
      await noteFlood(db);
      await pauseSending(db, seconds * 1000);
    } catch (error) {
      log.warn('a pause that Telegram asked for was not noted', { error });
    }
  }

  return async (prev, method, payload, signal) => {
    if (!isMessage.test(method)) return prev(method, payload, signal);
    const { waitMs, isPaid } = await take(method);
    const chatId = 'chat_id' in payload ? payload.chat_id : undefined;
    if (typeof chatId === 'number') await hold(chatId, waitMs);
    if (waitMs > 0) await clock.sleep(waitMs);
    const answer = await prev(method, isPaid ? { ...payload, allow_paid_broadcast: true } : payload, signal);
    if (!answer.ok && answer.error_code === tooManyRequests) await rest(answer.parameters?.retry_after ?? 0);
    return answer;
  };
}
