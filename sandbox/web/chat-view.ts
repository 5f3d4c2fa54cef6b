// Chats and messages as the page shows them: text as safe HTML by paragraph, each with its own direction.
import type { InlineKeyboardButton, Message, MessageEntity } from 'grammy/types';
import { firstStrongDirection } from '../../src/lib/text.ts';
import type { PublishedArticle } from '../newsroom/publication.ts';
import { renderPageHtml } from '../telegram/render-html.ts';

export interface MessageView {
  id: number;
  isOwn: boolean;
  /** Unix time in seconds. */
  date: number;
  isEdited: boolean;
  direction: 'rtl' | 'ltr';
  /** The text or caption, safe to put into the page. */
  html: string;
  photo?: { url: string; width: number; height: number };
  /** The name of a file that the page does not show. */
  file?: string;
  preview?: PreviewView;
  buttons: ButtonView[][];
}

interface PreviewView {
  url: string;
  site: string;
  title?: string;
  imageUrl?: string;
  isAboveText: boolean;
}

interface ButtonView {
  text: string;
  data?: string;
  url?: string;
}

interface ViewOptions {
  /** Whose words stand on the page's other side. */
  ownerId: number | undefined;
  /** What a link to one of the newsroom's articles can be previewed with. */
  articles: readonly PublishedArticle[];
}

export function messageView(message: Message, { ownerId, articles }: ViewOptions): MessageView {
  const text = message.text ?? message.caption ?? '';
  const entities = message.entities ?? message.caption_entities ?? [];
  const photo = message.photo?.at(-1);
  const file = fileName(message);
  const preview = previewOf(message, entities, articles);
  return {
    id: message.message_id,
    isOwn: ownerId !== undefined && message.from?.id === ownerId,
    date: message.date,
    isEdited: message.edit_date !== undefined,
    direction: firstStrongDirection(text) ?? 'rtl',
    html: paragraphsHtml(text, entities),
    ...(photo
      ? { photo: { url: `/photo/${encodeURIComponent(photo.file_id)}`, width: photo.width, height: photo.height } }
      : {}),
    ...(file === undefined ? {} : { file }),
    ...(preview ? { preview } : {}),
    buttons: (message.reply_markup?.inline_keyboard ?? []).map((row) => row.map(buttonView)),
  };
}

/**
 * A `<p>` for each line, with the direction of its first strong character. HTML's own `dir="auto"` would also look
 * inside isolates, and turn a line around that begins with a Latin name.
 */
export function paragraphsHtml(text: string, entities: readonly MessageEntity[]): string {
  return paragraphs(text, entities)
    .map(({ start, end }) => {
      const line = text.slice(start, end);
      if (line.trim() === '') return '<p class="blank"></p>';
      const own = clipEntities(entities, start, end);
      const direction = firstStrongDirection(line);
      const attributes = direction === undefined ? '' : ` dir="${direction}"`;
      // A paragraph may not hold a block.
      const tag = own.some(isBlock) ? 'div' : 'p';
      return `<${tag}${attributes}>${renderPageHtml(line, own)}</${tag}>`;
    })
    .join('');
}

interface Span {
  start: number;
  end: number;
}

/** Lines, but a quotation or a block of code stays in one piece. */
function paragraphs(text: string, entities: readonly MessageEntity[]): Span[] {
  const blocks = entities.filter(isBlock);
  const breaks = [...text.matchAll(/\n/g)]
    .map(({ index }) => index)
    .filter((index) => !blocks.some(({ offset, length }) => offset <= index && index < offset + length));
  const starts = [0, ...breaks.map((index) => index + 1)];
  return text === '' ? [] : starts.map((start, line) => ({ start, end: breaks[line] ?? text.length }));
}

const isBlock = ({ type }: MessageEntity) => /^(pre|blockquote|expandable_blockquote)$/.test(type);

function clipEntities(entities: readonly MessageEntity[], start: number, end: number): MessageEntity[] {
  return entities.flatMap((entity) => {
    const from = Math.max(entity.offset, start);
    const to = Math.min(entity.offset + entity.length, end);
    return from < to ? [{ ...entity, offset: from - start, length: to - from }] : [];
  });
}

function buttonView(button: InlineKeyboardButton): ButtonView {
  if ('url' in button) return { text: button.text, url: button.url };
  return 'callback_data' in button ? { text: button.text, data: button.callback_data } : { text: button.text };
}

function fileName(message: Message): string | undefined {
  const file = message.document ?? message.video ?? message.audio;
  return file ? (file.file_name ?? 'ملف') : undefined;
}

function previewOf(
  message: Message,
  entities: readonly MessageEntity[],
  articles: readonly PublishedArticle[],
): PreviewView | undefined {
  const options = message.link_preview_options;
  if (message.text === undefined || options?.is_disabled) return undefined;
  const url = URL.parse(options?.url ?? firstLink(message.text, entities) ?? '');
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  const article = articles.find((candidate) => URL.parse(candidate.url)?.pathname === url.pathname);
  return {
    url: url.href,
    site: article ? (article.language === 'ar' ? 'بريد المرفأ' : 'The Harbour Post') : url.host,
    ...(article ? { title: article.headline } : {}),
    ...(article?.pictureUrl === undefined ? {} : { imageUrl: article.pictureUrl }),
    isAboveText: options?.show_above_text ?? false,
  };
}

function firstLink(text: string, entities: readonly MessageEntity[]): string | undefined {
  const link = entities.find(({ type }) => type === 'url' || type === 'text_link');
  if (link?.type === 'text_link') return link.url;
  const written = link && text.slice(link.offset, link.offset + link.length);
  return written === undefined || /^[a-z]+:\/\//i.test(written) ? written : `http://${written}`;
}
