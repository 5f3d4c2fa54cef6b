// Updates as Telegram brings them, to any number of processes behind a load balancer: an update counts as read only when
// its handler has ended, and those of one chat are handled one after the other, wherever they arrive.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Bot } from 'grammy';
import type { Update, WebhookInfo } from 'grammy/types';
import type { KeyLocks } from '../db/key-locks.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { BotContext } from './context.ts';
import { allowedUpdates, handle, meetBot, waitAfter } from './incoming.ts';

/** Far more than Telegram's largest update. */
const maxBodyBytes = 1024 * 1024;
/** Connections that Telegram may open to all processes together (its default). */
const maxConnections = 40;
/** Updates that were handled lately: Telegram repeats one whose answer it did not get. */
const rememberedUpdates = 1_000;

/** After a start: whether Telegram, having failed for long, still waits with what it has. */
const stuckAfterMs = 3_000;
/** Longer than Telegram waits between two tries. */
const recentErrorMs = 150_000;

const secretHeader = 'x-telegram-bot-api-secret-token';

/** What Telegram proves itself with where the newsroom set nothing: known to everybody who knows the token. */
export function deriveSecret(token: string): string {
  return createHmac('sha256', token).update('nashra webhook').digest('base64url');
}

interface WebhookOptions {
  url: string;
  secret: string;
  /** Keeps updates of one chat apart, also those that other processes handle. */
  locks: KeyLocks;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}

export interface Webhook {
  /** Of the requests that are for it. */
  readonly path: string;
  /** Answers 200 when the update is handled; whatever else it answers, Telegram brings the update again. */
  answer(request: IncomingMessage, response: ServerResponse): void;
  /**
   * Tells Telegram where to bring updates, unless it knows, and until it has heard; throws a WrongTokenError. Left as it
   * is at the end: others go on, or it starts again.
   */
  announce(): Promise<void>;
}

export function createWebhook(
  bot: Bot<BotContext>,
  { url, secret, locks, clock, log, signal }: WebhookOptions,
): Webhook {
  const handled = new Set<number>();
  const underWay = new Map<number, Promise<void>>();
  const lastOf = new Map<string, Promise<void>>();
  const announcedUrl = withMark(url, secret);
  // grammY's type is of another AbortSignal; it takes the one of the platform.
  const untilStopped = signal as never;
  let isGreeted = false;
  let hasArrived = false;

  /** In the order in which they came here, and never beside another process. */
  function inTurn(key: string, work: () => Promise<void>): Promise<void> {
    const before = lastOf.get(key) ?? Promise.resolve();
    const turn = before.catch(() => {}).then(() => locks.run(key, work));
    lastOf.set(key, turn);
    const forget = () => {
      if (lastOf.get(key) === turn) lastOf.delete(key);
    };
    turn.then(forget, forget);
    return turn;
  }

  /** One that is brought again while it is being handled, or after, is not handled again. */
  function take(update: Update): Promise<void> {
    const { update_id: id } = update;
    if (handled.has(id)) return Promise.resolve();
    const known = underWay.get(id);
    if (known) return known;
    const taking = inTurn(keyOf(update), async () => {
      await handle(bot, update, log);
      handled.add(id);
      for (const oldest of handled) {
        if (handled.size <= rememberedUpdates) break;
        handled.delete(oldest);
      }
    }).finally(() => underWay.delete(id));
    underWay.set(id, taking);
    return taking;
  }

  async function serve(request: IncomingMessage): Promise<number> {
    if (request.method !== 'POST') return 405;
    if (!isSecret(request.headers[secretHeader], secret)) return 403;
    const body = await readBody(request);
    if (body === undefined) return 413;
    const update = parseUpdate(body);
    if (!update) return 400;
    // Before the bot knows its own name it cannot answer anybody.
    if (!isGreeted || signal.aborted) return 503;
    hasArrived = true;
    try {
      await take(update);
      return 200;
    } catch (error) {
      log.warn('an update could not be handled; it will come again', { updateId: update.update_id, error });
      return 503;
    }
  }

  return {
    path: new URL(url).pathname,
    answer(request, response) {
      const end = (status: number) => {
        // What was not read to its end cannot be followed by another request.
        response.writeHead(status, status === 200 && !signal.aborted ? {} : { connection: 'close' }).end();
      };
      serve(request).then(end, (error: unknown) => {
        log.debug('a request to the webhook broke', { error });
        response.destroy();
      });
    },
    async announce() {
      const stubbornly = async (work: () => Promise<void>): Promise<void> => {
        while (!signal.aborted) {
          try {
            await work();
            return;
          } catch (error) {
            if (signal.aborted) return;
            await clock.sleep(waitAfter(error, { isGreeted, log }), signal);
          }
        }
      };
      await stubbornly(async () => {
        await meetBot(bot, signal);
        isGreeted = true;
        if (!isAnnounced(await bot.api.getWebhookInfo(untilStopped))) await set();
        log.info('listening to Telegram', { bot: `@${bot.botInfo.username}`, webhook: new URL(url).host });
      });
      await clock.sleep(stuckAfterMs, signal);
      await stubbornly(async () => {
        if (!hasArrived && isStuck(await bot.api.getWebhookInfo(untilStopped))) await set();
      });
    },
  };

  /** Only where something has changed: whatever is on its way to another process would come twice. */
  function isAnnounced(info: WebhookInfo): boolean {
    return (
      info.url === announcedUrl &&
      info.max_connections === maxConnections &&
      String(info.allowed_updates?.toSorted()) === String(allowedUpdates.toSorted())
    );
  }

  /** When all processes were away, Telegram waits longer and longer; set anew, it tries at once. */
  function isStuck({ pending_update_count: pending, last_error_date: errorDate = 0 }: WebhookInfo): boolean {
    return pending > 0 && clock.now().getTime() - errorDate * 1000 < recentErrorMs;
  }

  async function set(): Promise<void> {
    await bot.api.setWebhook(
      announcedUrl,
      { secret_token: secret, allowed_updates: allowedUpdates, max_connections: maxConnections },
      untilStopped,
    );
  }
}

/** Telegram tells the URL again, but not the secret: with a mark of it, the URL changes with the secret. */
function withMark(url: string, secret: string): string {
  const marked = new URL(url);
  marked.searchParams.set('v', createHmac('sha256', secret).update('nashra mark').digest('hex').slice(0, 8));
  return marked.href;
}

/** What belongs together: a chat, and whoever writes there by other ways than a message. */
function keyOf(update: Update): string {
  const { message, callback_query: press, my_chat_member: member } = update;
  return String(message?.chat.id ?? press?.message?.chat.id ?? press?.from.id ?? member?.chat.id ?? '');
}

/** Of equal length after hashing, so that the time it takes tells nothing. */
function isSecret(given: string | string[] | undefined, secret: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest();
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(secret));
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseUpdate(body: string): Update | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const isUpdate = typeof value === 'object' && value !== null && 'update_id' in value;
    return isUpdate && typeof value.update_id === 'number' ? (value as Update) : undefined;
  } catch {
    return undefined;
  }
}
