// What the bot's inline buttons carry: a typed, versioned code of at most 64 bytes.

/** Every number is a positive whole id; `on` is the state the press asks for, so that a second press changes nothing. */
export type CallbackData =
  | { kind: 'topic'; topicId: number; on: boolean }
  | { kind: 'topics-done' }
  /** A keyword may be longer than a button can carry: its mark (recipients/keyword.ts). */
  | { kind: 'keyword-remove'; mark: string }
  | { kind: 'language'; language: string }
  | { kind: 'channel-topic'; recipientId: number; topicId: number; on: boolean }
  | { kind: 'channel-done'; recipientId: number }
  | { kind: 'suggestion'; storyId: number; topicId: number; accept: boolean }
  /** The suggestions that come after this one. */
  | { kind: 'suggestions-more'; storyId: number; topicId: number }
  | { kind: 'withdraw'; articleId: number; on: boolean }
  /** A broadcast's buttons name its draft, so that an old preview's button never sends a newer draft. */
  | { kind: 'broadcast-preview'; draft: number }
  | { kind: 'broadcast-audience'; draft: number; audience: BroadcastAudience }
  /** Whether what may have arrived is not sent again. */
  | { kind: 'broadcast-once'; draft: number; on: boolean }
  | { kind: 'broadcast-confirm'; draft: number }
  | { kind: 'broadcast-cancel'; draft: number };

export type BroadcastAudience = { kind: 'everyone' } | { kind: 'readers' } | { kind: 'topic'; topicId: number };

/** Raised when a button's meaning changes: older buttons then read as stale. */
const version = 'v1';

/** Telegram's limit, in bytes of UTF-8; every part here is ASCII. */
const maxBytes = 64;

/** Throws a RangeError for an id or language that no button can carry. */
export function encode(data: CallbackData): string {
  const text = [version, ...parts(data)].join(':');
  if (text.length > maxBytes || decode(text) === undefined) {
    throw new RangeError(`A button cannot carry ${JSON.stringify(data)}`);
  }
  return text;
}

function parts(data: CallbackData): (string | number)[] {
  switch (data.kind) {
    case 'topic':
      return ['t', data.topicId, flag(data.on)];
    case 'topics-done':
      return ['td'];
    case 'keyword-remove':
      return ['k', data.mark];
    case 'language':
      return ['l', data.language];
    case 'channel-topic':
      return ['c', data.recipientId, data.topicId, flag(data.on)];
    case 'channel-done':
      return ['cd', data.recipientId];
    case 'suggestion':
      return ['s', data.storyId, data.topicId, flag(data.accept)];
    case 'suggestions-more':
      return ['sm', data.storyId, data.topicId];
    case 'withdraw':
      return ['w', data.articleId, flag(data.on)];
    case 'broadcast-preview':
      return ['bp', data.draft];
    case 'broadcast-audience':
      return ['ba', data.draft, ...audienceParts(data.audience)];
    case 'broadcast-once':
      return ['bo', data.draft, flag(data.on)];
    case 'broadcast-confirm':
      return ['bs', data.draft];
    default:
      return ['bx', data.draft];
  }
}

/** Undefined for anything that this version did not write: the button is stale. */
export function decode(text: string): CallbackData | undefined {
  const [written, tag, ...rest] = text.split(':');
  if (written !== version || tag === undefined) return undefined;
  const [a, b, c] = rest;
  switch (`${tag}/${rest.length}`) {
    case 't/2':
      return complete({ kind: 'topic', topicId: id(a), on: unflag(b) });
    case 'td/0':
      return { kind: 'topics-done' };
    case 'k/1':
      return complete({ kind: 'keyword-remove', mark: mark(a) });
    case 'l/1':
      return complete({ kind: 'language', language: languageTag(a) });
    case 'c/3':
      return complete({ kind: 'channel-topic', recipientId: id(a), topicId: id(b), on: unflag(c) });
    case 'cd/1':
      return complete({ kind: 'channel-done', recipientId: id(a) });
    case 's/3':
      return complete({ kind: 'suggestion', storyId: id(a), topicId: id(b), accept: unflag(c) });
    case 'sm/2':
      return complete({ kind: 'suggestions-more', storyId: id(a), topicId: id(b) });
    case 'w/2':
      return complete({ kind: 'withdraw', articleId: id(a), on: unflag(b) });
    case 'bp/1':
      return complete({ kind: 'broadcast-preview', draft: id(a) });
    case 'ba/2':
    case 'ba/3':
      return complete({ kind: 'broadcast-audience', draft: id(a), audience: audience(b, c) });
    case 'bo/2':
      return complete({ kind: 'broadcast-once', draft: id(a), on: unflag(b) });
    case 'bs/1':
      return complete({ kind: 'broadcast-confirm', draft: id(a) });
    case 'bx/1':
      return complete({ kind: 'broadcast-cancel', draft: id(a) });
    default:
      return undefined;
  }
}

type Undecided<T> = { [Key in keyof T]: T[Key] | undefined };

function complete<T extends CallbackData>(data: Undecided<T>): T | undefined {
  return Object.values(data).includes(undefined) ? undefined : (data as T);
}

function audienceParts(audience: BroadcastAudience): (string | number)[] {
  return audience.kind === 'topic' ? ['t', audience.topicId] : [audience.kind === 'everyone' ? 'e' : 'r'];
}

function audience(tag: string | undefined, topic: string | undefined): BroadcastAudience | undefined {
  const topicId = id(topic);
  if (tag === 't') return topicId === undefined ? undefined : { kind: 'topic', topicId };
  if (topic !== undefined) return undefined;
  if (tag === 'e') return { kind: 'everyone' };
  return tag === 'r' ? { kind: 'readers' } : undefined;
}

function id(text: string | undefined): number | undefined {
  const value = /^[1-9]\d*$/.test(text ?? '') ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

function mark(text: string | undefined): string | undefined {
  return /^[\w-]{16}$/.test(text ?? '') ? text : undefined;
}

const flag = (on: boolean) => (on ? 1 : 0);

function unflag(text: string | undefined): boolean | undefined {
  if (text === '1') return true;
  return text === '0' ? false : undefined;
}

function languageTag(text: string | undefined): string | undefined {
  return /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(text ?? '') ? text : undefined;
}
