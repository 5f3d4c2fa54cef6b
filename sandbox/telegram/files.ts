// Files by file_id: what was uploaded or fetched once can be sent again and downloaded.
import { createHash } from 'node:crypto';
import type { Message, PhotoSize } from 'grammy/types';
import { badRequest } from './errors.ts';
import { sniffImage } from './images.ts';

export type MediaKind = 'photo' | 'video' | 'document' | 'animation' | 'audio' | 'voice' | 'sticker';

export type MediaContent = Partial<Message>;

interface StoredFile {
  id: string;
  uniqueId: string;
  path: string;
  mime: string;
  bytes: Uint8Array;
  size: number;
}

interface Media {
  kind: MediaKind;
  content: MediaContent;
}

export interface NewMedia {
  kind: MediaKind;
  bytes: Uint8Array;
  name?: string;
  contentType?: string;
  width?: number;
  height?: number;
  duration?: number;
  title?: string;
  performer?: string;
}

/** How a file_id of each kind begins on the real server, so that logs look familiar. */
const idPrefixes: Record<MediaKind, string> = {
  photo: 'AgAC',
  video: 'BAAC',
  document: 'BQAC',
  animation: 'CgAC',
  audio: 'CQAC',
  voice: 'AwAC',
  sticker: 'CAAC',
};

const folders: Record<MediaKind, string> = {
  photo: 'photos',
  video: 'videos',
  document: 'documents',
  animation: 'animations',
  audio: 'music',
  voice: 'voice',
  sticker: 'stickers',
};

const maxPhotoBytes = 10 * 1024 * 1024;
export const maxPhotoByUrlBytes = 5 * 1024 * 1024;
const maxFileBytes = 50 * 1024 * 1024;
export const maxFileByUrlBytes = 20 * 1024 * 1024;
const maxPhotoSides = 10_000;
const maxPhotoRatio = 20;
/** The boxes a photo is scaled into: s, m, x, y, w. */
const photoBoxes = [90, 320, 800, 1280, 2560];

export class FileStore {
  readonly #files = new Map<string, StoredFile>();
  readonly #byPath = new Map<string, StoredFile>();
  readonly #media = new Map<string, Media>();
  #count = 0;

  file(fileId: string): StoredFile | undefined {
    return this.#files.get(fileId);
  }

  fileAt(path: string): StoredFile | undefined {
    return this.#byPath.get(path);
  }

  media(fileId: string): Media | undefined {
    return this.#media.get(fileId);
  }

  add(media: NewMedia): Media {
    if (media.bytes.length === 0) throw badRequest('File must be non-empty');
    if (media.bytes.length > maxFileBytes) throw badRequest('File is too big');
    const content = media.kind === 'photo' ? this.#photo(media) : this.#other(media);
    return { kind: media.kind, content };
  }

  #photo({ bytes }: NewMedia): MediaContent {
    if (bytes.length > maxPhotoBytes) throw badRequest('File is too big');
    const image = sniffImage(bytes);
    if (!image) throw badRequest('IMAGE_PROCESS_FAILED');
    const { width, height } = image;
    const ratio = Math.max(width, height) / Math.min(width, height);
    if (width + height > maxPhotoSides || ratio > maxPhotoRatio) throw badRequest('PHOTO_INVALID_DIMENSIONS');

    const largest = Math.max(width, height);
    const boxes = photoBoxes.filter((_, index) => index === 0 || (photoBoxes[index - 1] ?? 0) < largest);
    const photo = boxes.map((box): PhotoSize => {
      const scale = Math.min(1, box / largest);
      const [scaledWidth, scaledHeight] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
      const size = Math.max(1, Math.round(bytes.length * scale * scale));
      const stored = this.#store('photo', bytes, image.mime, image.extension, size);
      return {
        file_id: stored.id,
        file_unique_id: stored.uniqueId,
        file_size: size,
        width: scaledWidth ?? width,
        height: scaledHeight ?? height,
      };
    });
    const media: Media = { kind: 'photo', content: { photo } };
    for (const size of photo) this.#media.set(size.file_id, media);
    return media.content;
  }

  #other(given: NewMedia): MediaContent {
    const { kind, bytes, name = 'file', contentType } = given;
    const mime = contentType && contentType !== '' ? contentType : 'application/octet-stream';
    const extension = /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1] ?? 'bin';
    const stored = this.#store(kind, bytes, mime, extension, bytes.length);
    const file = { file_id: stored.id, file_unique_id: stored.uniqueId, file_size: stored.size };
    const { width = 640, height = 360, duration = 0 } = given;
    const titles = {
      ...(given.title ? { title: given.title } : {}),
      ...(given.performer ? { performer: given.performer } : {}),
    };
    const document = { file_name: name, mime_type: mime, ...file };
    const content = {
      video: () => ({ video: { duration, width, height, file_name: name, mime_type: mime, ...file } }),
      animation: () => ({
        animation: { duration, width, height, file_name: name, mime_type: mime, ...file },
        document,
      }),
      document: () => ({ document }),
      audio: () => ({ audio: { duration, file_name: name, mime_type: mime, ...titles, ...file } }),
      voice: () => ({ voice: { duration, mime_type: mime, ...file } }),
      sticker: () => ({
        sticker: { width: 512, height: 512, is_animated: false, is_video: false, type: 'regular', ...file },
      }),
      photo: () => ({}),
    }[kind]() as MediaContent;
    this.#media.set(stored.id, { kind, content });
    return content;
  }

  #store(kind: MediaKind, bytes: Uint8Array, mime: string, extension: string, size: number): StoredFile {
    const number = this.#count++;
    const hash = createHash('sha256').update(bytes).update(`${kind} ${number}`).digest();
    const stored: StoredFile = {
      id: idPrefixes[kind] + hash.toString('base64url'),
      uniqueId: `AQAD${hash.toString('base64url').slice(0, 12)}`,
      path: `${folders[kind]}/file_${number}.${extension}`,
      mime,
      bytes,
      size,
    };
    this.#files.set(stored.id, stored);
    this.#byPath.set(stored.path, stored);
    return stored;
  }
}
