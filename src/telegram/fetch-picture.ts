// Loads a picture that Telegram could not load by itself, so that it can be uploaded.
import { download } from '../lib/download.ts';
import type { Fetch } from '../lib/http.ts';
import { answerOrFailure } from '../lib/http-failure.ts';

interface Picture {
  bytes: Uint8Array;
  /** For the upload. */
  fileName: string;
}

/** The picture at `url`; undefined when it cannot be had. Never throws for what the world does. */
export type FetchPicture = (url: string) => Promise<Picture | undefined>;

/** What Telegram takes as a photo (Bot API, sendPhoto). */
const maxBytes = 10 * 1024 * 1024;
const timeoutMs = 10_000;

/** First bytes of the kinds that Telegram makes photos of; whatever the server calls them. */
const kinds: readonly [extension: string, beginning: RegExp][] = [
  ['jpg', /^\xFF\xD8\xFF/],
  ['png', /^\x89PNG\r\n/],
  ['webp', /^RIFF....WEBP/s],
  ['gif', /^GIF8[79]a/],
  ['bmp', /^BM.{4}\0{4}/s],
];

/** `fetch` is the guarded one: a picture's address is a stranger's word. */
export function createFetchPicture(fetch: Fetch): FetchPicture {
  return async (url) => {
    const headers = { accept: 'image/jpeg,image/png,image/webp,image/gif;q=0.8,image/*;q=0.5' };
    const answer = answerOrFailure(await download(fetch, url, { maxBytes, timeoutMs, headers }), undefined);
    if (answer.kind !== 'answered') return undefined;
    const beginning = Buffer.from(answer.bytes.subarray(0, 16)).toString('latin1');
    const extension = kinds.find(([, pattern]) => pattern.test(beginning))?.[0];
    return extension === undefined ? undefined : { bytes: answer.bytes, fileName: `picture.${extension}` };
  };
}
