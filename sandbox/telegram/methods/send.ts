// The methods that send a new message: text, media, albums, polls, places, and the "typing…" note.
import type { LinkPreviewOptions } from 'grammy/types';
import { checkMember, findChat } from '../addressing.ts';
import { ApiError, badRequest } from '../errors.ts';
import { captionOf, formatText, readCaption, readText } from '../formatted.ts';
import type { MediaKind } from '../files.ts';
import { checkLink } from '../links.ts';
import { mediaDetails, rawMediaCodes, readMedia } from '../media.ts';
import { captionContent, onWire, textContent, type Content } from '../messages.ts';
import { codePoints } from '../entity.ts';
import { isRecord, type Params } from '../params.ts';
import type { Call, Method, Methods } from './method.ts';
import { post, postRecord, readTarget, rightsOf } from './target.ts';

export function readPreview(params: Params): LinkPreviewOptions | undefined {
  const given = params.json('link_preview_options', "Can't parse link preview options JSON object");
  if (!isRecord(given)) return params.boolean('disable_web_page_preview') ? { is_disabled: true } : undefined;
  const options: Record<string, unknown> = {};
  for (const key of ['is_disabled', 'prefer_small_media', 'prefer_large_media', 'show_above_text']) {
    if (given[key] === true) options[key] = true;
  }
  if (typeof given['url'] === 'string' && given['url'] !== '') {
    const link = checkLink(given['url']);
    if (link.ok) options['url'] = link.url;
  }
  return Object.keys(options).length > 0 ? options : undefined;
}

function sendMessage(call: Call): unknown {
  const { world, params } = call;
  const preview = readPreview(params);
  const text = readText(params, preview?.url);
  return post(world, readTarget(call, { kinds: ['text messages'] }), textContent(text, preview));
}

function sendMedia(kind: MediaKind): Method {
  return async (call) => {
    const { world, params } = call;
    const caption = kind === 'sticker' ? { text: '', entities: [] } : captionOf(params);
    const media = await readMedia(world, params, kind, params.string(kind), mediaDetails(params));
    const above = params.boolean('show_caption_above_media');
    const content = { ...media, ...spoiler(params.boolean('has_spoiler')), ...captionContent(caption, above) };
    return post(world, readTarget(call, { kinds: [rightsOf(content)] }), content);
  };
}

const spoiler = (has: boolean): Content => (has ? { has_media_spoiler: true } : {});

const albumKinds = ['photo', 'video', 'audio', 'document', 'animation'] as const;

export async function readInputMedia(call: Call, item: unknown): Promise<Content> {
  if (!isRecord(item)) throw badRequest("can't parse InputMedia: expected an Object");
  const kind = albumKinds.find((known) => known === item['type']);
  if (kind === undefined) throw badRequest("can't parse InputMedia: type must be one of photo, video, audio, document");
  const source = typeof item['media'] === 'string' ? item['media'] : '';
  const media = await readMedia(call.world, call.params, kind, source);
  const above = item['show_caption_above_media'] === true;
  return { ...media, ...spoiler(item['has_spoiler'] === true), ...captionContent(readCaption(item), above) };
}

async function sendMediaGroup(call: Call): Promise<unknown> {
  const { world, params } = call;
  const items = params.json('media', "Can't parse media JSON object");
  if (!Array.isArray(items)) throw badRequest('Expected an Array of InputMedia');
  if (items.length < 2) throw badRequest('There must be at least 2 media in the album');
  if (items.length > 10) throw badRequest('Too many messages to send as an album');
  const types = new Set(items.map((item: unknown) => (isRecord(item) ? item['type'] : undefined)));
  const mixable = [...types].every((type) => type === 'photo' || type === 'video');
  if (types.has('animation') || (!mixable && types.size > 1)) {
    throw badRequest("Can't use the media of the specified type in the album");
  }

  const contents: Content[] = [];
  for (const [index, item] of items.entries()) {
    try {
      contents.push(await readInputMedia(call, item));
    } catch (error) {
      const code = error instanceof ApiError ? rawMediaCodes[error.message] : undefined;
      if (code === undefined) throw error;
      throw badRequest(`Failed to send message #${index + 1} with the error message "${code}"`);
    }
  }
  const target = readTarget(call, { kinds: contents.map(rightsOf), count: contents.length, markup: {} });
  const group = { media_group_id: String(13_000_000_000_000_000n + BigInt(world.number())) };
  const grouped = { ...target, extra: { ...target.extra, ...group } };
  return contents.map((content) => onWire(postRecord(world, grouped, content)));
}

function sendPoll(call: Call): unknown {
  const { world, params } = call;
  const question = params.string('question').trim();
  if (question === '') throw badRequest('Poll question must be non-empty');
  if (codePoints(question) > 300) throw badRequest('Poll question length must not exceed 300');
  const given = params.json('options', "Can't parse options JSON object");
  if (!Array.isArray(given)) throw badRequest('Expected an Array of InputPollOption');
  const texts = given.map((option: unknown) => {
    const text = typeof option === 'string' ? option : isRecord(option) ? option['text'] : '';
    return typeof text === 'string' ? formatText(text, { parseMode: '', entities: undefined }).text : '';
  });
  if (texts.length < 1) throw badRequest('Poll must have at least 1 option');
  if (texts.length > 12) throw badRequest("Poll can't have more than 12 options");
  if (texts.includes('')) throw badRequest('Poll options must be non-empty');
  if (texts.some((text) => codePoints(text) > 100)) throw badRequest('Poll options length must not exceed 100');
  const poll = {
    id: String(world.number()),
    question,
    options: texts.map((text, index) => ({ persistent_id: String(index), text, voter_count: 0 })),
    total_voter_count: 0,
    is_closed: false,
    is_anonymous: params.string('is_anonymous') === '' || params.boolean('is_anonymous'),
    type: params.string('type') === 'quiz' ? 'quiz' : 'regular',
    allows_multiple_answers: params.boolean('allows_multiple_answers'),
  };
  return post(world, readTarget(call, { kinds: ['polls'] }), { poll } as unknown as Content);
}

function sendLocation(call: Call): unknown {
  const { world, params } = call;
  const latitude = Number.parseFloat(params.string('latitude'));
  const longitude = Number.parseFloat(params.string('longitude'));
  if (Number.isNaN(latitude)) throw badRequest('latitude is empty');
  if (Number.isNaN(longitude)) throw badRequest('longitude is empty');
  return post(world, readTarget(call, { kinds: ['text messages'] }), { location: { latitude, longitude } });
}

const chatActions = new Set(
  'typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker find_location record_video_note upload_video_note'.split(
    ' ',
  ),
);

function sendChatAction({ world, params }: Call): unknown {
  const action = params.string('action').toLowerCase();
  if (!chatActions.has(action)) throw badRequest('wrong parameter action in request');
  const chat = findChat(world, params);
  checkMember(world, chat);
  world.events.emit({ type: 'chat-action', chatId: chat.id, action });
  return true;
}

export const sendMethods: Methods = {
  sendMessage,
  sendPhoto: sendMedia('photo'),
  sendVideo: sendMedia('video'),
  sendDocument: sendMedia('document'),
  sendAnimation: sendMedia('animation'),
  sendAudio: sendMedia('audio'),
  sendVoice: sendMedia('voice'),
  sendSticker: sendMedia('sticker'),
  sendMediaGroup,
  sendPoll,
  sendLocation,
  sendChatAction,
};
