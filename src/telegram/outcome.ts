// Reads Telegram's refusals: what each error of a send, copy or edit means for what we do next.
import { GrammyError, HttpError } from 'grammy';
import type { SendFailure } from '../deliveries/sender.ts';
import { UnwrittenError } from '../lib/http-pool.ts';
import { redact } from '../lib/log.ts';
import { UnreadableAnswerError } from './bot-api.ts';

type Rule = [pattern: RegExp, kind: Exclude<SendFailure['kind'], 'wait' | 'moved'>];

/**
 * Descriptions, first match wins. The code says less than the text: a 403 whose text is only [A-Z0-9_] arrives as 400,
 * and one code covers a blocked bot as well as a removed channel.
 * Sources: tdlib/telegram-bot-api Client.cpp, tdlib/td, and raw MTProto names seen in public reports.
 */
const rules: readonly Rule[] = [
  [/message is not modified|MESSAGE_NOT_MODIFIED/i, 'benign'],
  [/query is too old|query ID is invalid|QUERY_ID_INVALID/i, 'benign'],

  [/sent message was immediately deleted/i, 'unknown'],

  [/bot was blocked by the user|USER_IS_BLOCKED/i, 'dead-reader'],
  [/user is deactivated|USER_DEACTIVATED/i, 'dead-reader'],
  [/can't initiate conversation/i, 'dead-reader'],
  [/can't send messages to (the )?bots?\b|USER_IS_BOT/i, 'dead-reader'],
  [/chat not found|PEER_ID_INVALID|USER_ID_INVALID/i, 'dead-reader'],

  [/bot was kicked|bot is not a member|(group|channel) chat was deleted/i, 'dead-chat'],
  [/need administrator rights in the channel|CHAT_ADMIN_REQUIRED/i, 'dead-chat'],
  [/not enough rights to send text messages|(have )?no rights to send a message/i, 'dead-chat'],
  [/no write access to the chat|CHAT_WRITE_FORBIDDEN|CHAT_RESTRICTED|CHAT_SEND_PLAIN_FORBIDDEN/i, 'dead-chat'],
  [/CHANNEL_PRIVATE|CHANNEL_INVALID|CHAT_FORBIDDEN|USER_BANNED_IN_CHANNEL/i, 'dead-chat'],
  // Text may well be allowed where photos, polls or stickers are not: only this delivery fails.
  [/not enough rights|CHAT_SEND_[A-Z]+_FORBIDDEN/i, 'rejected'],

  [/message thread not found|TOPIC_CLOSED|TOPIC_DELETED/i, 'thread-gone'],
  [/message to (edit|delete) not found/i, 'message-gone'],

  [/message text is empty|text must be non-empty|MESSAGE_EMPTY/i, 'content'],
  [/message is too long|caption is too long|text is too long|(MESSAGE|CAPTION)_TOO_LONG/i, 'content'],
  [/can't parse|unsupported parse_mode|must be encoded in UTF-8|ENTITY_[A-Z_]*INVALID/i, 'content'],
  [/\bfile\b|HTTP URL|web page content|remote file identifier|photo|IMAGE_PROCESS_FAILED/i, 'content'],
  [/WEBPAGE_|(MEDIA|EXTERNAL_URL|WC_CONVERT_URL)_[A-Z_]*INVALID|MEDIA_EMPTY|PHOTO_[A-Z_]+/i, 'content'],
  [/can't use the media|group send failed|failed to send message #/i, 'content'],
  [/BUTTON_[A-Z_]+|inline keyboard button|reply markup is too long|REPLY_MARKUP_[A-Z_]+/i, 'content'],
  [/field "inline_keyboard"/i, 'content'],
  [/message to (copy|forward) not found|no messages to (copy|forward)/i, 'content'],
  [/messages? can't be (copied|forwarded)|MESSAGE_ID_INVALID|message identifiers?/i, 'content'],

  [/^Unauthorized|^Not Found|^Misdirected Request|logged out/i, 'unauthorized'],
  [/^Conflict/i, 'retry'],
];

/** How long everyone waits when a 429 does not say. */
const unsaidRetryAfterSeconds = 30;

/**
 * What `error`, thrown by a call, means for the delivery. An unrecognised refusal is `rejected`: one delivery fails,
 * neither a whole campaign nor for ever. Anything that a call does not throw is a bug and thrown on.
 */
export function classify(error: unknown): SendFailure {
  if (error instanceof GrammyError) return classifyAnswer(error);
  const cause = error instanceof HttpError ? error.error : error;
  if (cause instanceof UnreadableAnswerError) return classifyUnreadable(cause);
  if (error instanceof HttpError) return classifyNetwork(cause);
  throw error;
}

/** Only the status speaks, and it is a proxy's as often as the Bot API's. */
function classifyUnreadable({ status, message: reason }: UnreadableAnswerError): SendFailure {
  if (status === 429) return { kind: 'wait', retryAfterMs: unsaidRetryAfterSeconds * 1000, reason };
  // The Bot API says 200 of what is sent; of what follows it only the words were lost.
  if (status < 300) return { kind: 'unknown', reason };
  const kind = kindOfCode(status);
  // Whoever refuses without the Bot API's words has not asked it.
  return { kind: kind === 'rejected' ? 'retry' : kind, reason };
}

function classifyAnswer({ error_code: code, description, parameters, method }: GrammyError): SendFailure {
  const reason = redact(description);
  if (code === 429 || parameters.retry_after !== undefined) {
    const said = parameters.retry_after ?? Number(/retry after (\d+)/i.exec(description)?.[1] ?? Number.NaN);
    const seconds = Number.isFinite(said) ? Math.max(said, 1) : unsaidRetryAfterSeconds;
    return { kind: 'wait', retryAfterMs: seconds * 1000, reason };
  }
  if (parameters.migrate_to_chat_id !== undefined) {
    return { kind: 'moved', chatId: parameters.migrate_to_chat_id, reason };
  }
  // The same words are said of a broadcast's original, without which nothing can be copied.
  if (/^(edit|delete)/.test(method) && /MESSAGE_ID_INVALID/i.test(description)) return { kind: 'message-gone', reason };
  const rule = rules.find(([pattern]) => pattern.test(description));
  return { kind: rule ? rule[1] : kindOfCode(code), reason };
}

function kindOfCode(code: number): Rule[1] {
  if (code === 401 || code === 404 || code === 421) return 'unauthorized';
  // The gateway gave up waiting (524 is Cloudflare's); whether the server behind it had sent the message, nobody knows.
  if (code === 504 || code === 524) return 'unknown';
  return code >= 500 ? 'retry' : 'rejected';
}

/** Whether Telegram refused the picture rather than the message: the same story may go out as text. */
export function isPhotoProblem(description: string): boolean {
  return photoProblems.some((pattern) => pattern.test(description)) || isPhotoForbidden(description);
}

/** Whether this chat takes no pictures at all, which says nothing about the picture. */
export function isPhotoForbidden(description: string): boolean {
  return /not enough rights to send (photos|media)|CHAT_SEND_(PHOTOS|MEDIA)_FORBIDDEN/i.test(description);
}

const photoProblems: readonly RegExp[] = [
  /wrong (file identifier|HTTP URL|remote file identifier|type of the web page content)/i,
  /failed to get HTTP URL content|WEBPAGE_(CURL_FAILED|MEDIA_EMPTY)|(WC_CONVERT|EXTERNAL)_URL_INVALID/i,
  /IMAGE_PROCESS_FAILED|PHOTO_[A-Z_]+|MEDIA_(EMPTY|INVALID)|FILE_(REFERENCE|PARTS?|ID)_[A-Z_]+/i,
  /can't use file of type|file is too big|file must be non-empty|file size (is )?(0|too)/i,
  /there is no photo in the request|photo has unsupported extension|invalid file http url/i,
];

/** Failures before a byte of the request was written: name resolution, connecting, the TLS handshake. */
const unwrittenCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

function classifyNetwork(error: unknown): SendFailure {
  const causes = chain(error);
  const first = causes.find((cause) => codeOf(cause) !== undefined) ?? causes.at(-1);
  return { kind: causes.some(isUnwritten) ? 'retry' : 'unknown', reason: network(first) };
}

/** The error and its causes, outermost first. */
function chain(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let cause = error; cause instanceof Error && !causes.includes(cause); cause = cause.cause) causes.push(cause);
  return causes;
}

function isUnwritten(error: Error): boolean {
  if (error instanceof UnwrittenError) return true;
  // Several addresses were tried: the whole failed to connect when each of them did.
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.every((each) => each instanceof Error && isUnwritten(each));
  }
  const code = codeOf(error);
  if (code === undefined) return false;
  if (unwrittenCodes.has(code) || ('syscall' in error && error.syscall === 'connect')) return true;
  // node-fetch keeps the cause's code and text but not its syscall; for several addresses the text is empty.
  return /reason: (connect E[A-Z]+\b.*)?$/s.test(error.message);
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** In words, without the address: it contains the token. */
function network(error: Error | undefined): string {
  if (error === undefined) return 'network error';
  const message = redact(error.message.replaceAll(/\bhttps?:\/\/[^\s,]+/gi, 'the Bot API'));
  const code = codeOf(error);
  return code === undefined || message.includes(code) ? message : `${code}: ${message}`;
}
