// The file of a call: an upload, a file_id, or a URL Telegram loads itself.
// Who says so: telegram.md 2.3 (WEBPAGE_CURL_FAILED and its kin), the Bot API page "Sending files".
// Doubtful: the words for a file by URL that is too big (public reports: wrong file identifier/HTTP URL specified).
import { badRequest } from './errors.ts';
import { maxFileByUrlBytes, maxPhotoByUrlBytes, type MediaKind } from './files.ts';
import { sniffImage } from './images.ts';
import type { Content } from './messages.ts';
import type { Params, Upload } from './params.ts';
import type { World } from './world.ts';

export interface MediaDetails {
  width?: number;
  height?: number;
  duration?: number;
  title?: string;
  performer?: string;
}

const titles: Record<MediaKind, string> = {
  photo: 'Photo',
  video: 'Video',
  document: 'Document',
  animation: 'Animation',
  audio: 'Audio',
  voice: 'VoiceNote',
  sticker: 'Sticker',
};

/** The content for `media`, which is a file_id, a URL, or `attach://name`. */
export async function readMedia(
  world: World,
  params: Params,
  kind: MediaKind,
  media: string,
  details: MediaDetails = {},
): Promise<Content> {
  const attached = /^attach:\/\/(.+)$/.exec(media)?.[1];
  const upload = params.uploads.get(attached ?? kind);
  if (upload && (attached !== undefined || media === '')) return addUpload(world, kind, upload, details);
  if (media === '' || attached !== undefined) throw badRequest(`There is no ${kind} in the request`);

  const known = world.files.media(media);
  if (known) {
    if (known.kind !== kind && !(known.kind === 'animation' && kind === 'document')) {
      throw badRequest(`Can't use file of type ${titles[known.kind]} as ${titles[kind]}`);
    }
    return known.content;
  }
  if (/^https?:/i.test(media)) return await load(world, kind, media, details);
  if (/^[A-Za-z0-9_-]+$/.test(media)) {
    throw badRequest("Wrong remote file identifier specified: can't unserialize it. Wrong last symbol");
  }
  throw badRequest('Wrong file identifier/HTTP URL specified');
}

function addUpload(world: World, kind: MediaKind, upload: Upload, details: MediaDetails): Content {
  return world.files.add({ kind, ...details, ...upload }).content;
}

async function load(world: World, kind: MediaKind, given: string, details: MediaDetails): Promise<Content> {
  const url = URL.parse(given);
  if (!url || url.hostname === '') throw badRequest('Wrong HTTP URL specified');
  const before = world.loaded.get(`${kind} ${url.href}`);
  if (before) return before.content;

  const { bytes, type, disposition } = await download(world, url.href);
  if (bytes.length > (kind === 'photo' ? maxPhotoByUrlBytes : maxFileByUrlBytes)) {
    throw badRequest('Wrong file identifier/HTTP URL specified');
  }
  if (kind === 'photo' && (!sniffImage(bytes) || !/^(?:image\/|application\/octet-stream|$)/.test(type))) {
    throw badRequest('Wrong type of the web page content');
  }
  // By URL only these three kinds of documents are taken.
  if (kind === 'document' && !/^(?:image\/gif|application\/(?:pdf|zip))$/.test(type)) {
    throw badRequest('Wrong type of the web page content');
  }
  const name = disposition ?? url.pathname.split('/').at(-1) ?? 'file';
  const { content } = world.files.add({
    kind,
    ...details,
    bytes,
    name: name === '' ? 'file' : name,
    contentType: type,
  });
  world.loaded.set(`${kind} ${url.href}`, { kind, content });
  return content;
}

async function download(
  world: World,
  url: string,
): Promise<{ bytes: Uint8Array; type: string; disposition: string | undefined }> {
  try {
    const response = await world.fetch(url, { signal: AbortSignal.timeout(20_000) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    const disposition = /filename="?([^";]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
    return { bytes, type, disposition };
  } catch {
    throw badRequest('Failed to get HTTP URL content');
  }
}

/** An album says the server's own code, where a single message says a sentence. */
export const rawMediaCodes: Record<string, string> = {
  'Bad Request: failed to get HTTP URL content': 'WEBPAGE_CURL_FAILED',
  'Bad Request: wrong type of the web page content': 'WEBPAGE_MEDIA_EMPTY',
  'Bad Request: wrong HTTP URL specified': 'WC_CONVERT_URL_INVALID',
};

export function mediaDetails(params: Params): MediaDetails {
  const details: MediaDetails = {};
  for (const key of ['width', 'height', 'duration'] as const) {
    if (params.has(key)) details[key] = params.integer(key);
  }
  for (const key of ['title', 'performer'] as const) {
    if (params.has(key)) details[key] = params.string(key);
  }
  return details;
}
