// From text and entities back to HTML: Telegram's own for assertions, a browser's for the demo page.
import type { MessageEntity } from 'grammy/types';
import { end, sortEntities, type Entity } from './entity.ts';

type Tags = readonly [open: string, close: string];

/** Telegram's HTML: parsing it again gives the same text and entities. */
export function renderHtml(text: string, entities: readonly (MessageEntity | Entity)[] = []): string {
  return render(text, entities, telegramTags);
}

/** HTML for a page: links open, spoilers and tags carry a class; line breaks stay for `white-space: pre-wrap`. */
export function renderPageHtml(text: string, entities: readonly (MessageEntity | Entity)[] = []): string {
  return render(text, entities, pageTags);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function render(text: string, given: readonly Entity[], tagsOf: (entity: Entity, text: string) => Tags): string {
  const entities = [...given];
  sortEntities(entities);
  const open: { until: number; close: string }[] = [];
  let html = '';
  let written = 0;
  const writeTo = (offset: number): void => {
    html += escapeHtml(text.slice(written, offset));
    written = offset;
  };
  const closeUntil = (offset: number): void => {
    for (let last = open.at(-1); last !== undefined && last.until <= offset; last = open.at(-1)) {
      writeTo(last.until);
      html += last.close;
      open.pop();
    }
  };
  for (const entity of entities) {
    closeUntil(entity.offset);
    writeTo(entity.offset);
    const [start, close] = tagsOf(entity, text.slice(entity.offset, end(entity)));
    html += start;
    open.push({ until: end(entity), close });
  }
  closeUntil(Number.POSITIVE_INFINITY);
  writeTo(text.length);
  return html;
}

const plain: Partial<Record<Entity['type'], string>> = {
  bold: 'b',
  italic: 'i',
  underline: 'u',
  strikethrough: 's',
  spoiler: 'tg-spoiler',
  code: 'code',
  blockquote: 'blockquote',
};

function telegramTags(entity: Entity): Tags {
  const tag = plain[entity.type];
  if (tag) return [`<${tag}>`, `</${tag}>`];
  switch (entity.type) {
    case 'expandable_blockquote':
      return ['<blockquote expandable>', '</blockquote>'];
    case 'pre': {
      if (entity.language === undefined) return ['<pre>', '</pre>'];
      return [`<pre><code class="language-${escapeHtml(entity.language)}">`, '</code></pre>'];
    }
    case 'text_link':
      return [`<a href="${escapeHtml(entity.url ?? '')}">`, '</a>'];
    case 'text_mention':
      return [`<a href="tg://user?id=${(entity.user as { id: number }).id}">`, '</a>'];
    case 'custom_emoji':
      return [`<tg-emoji emoji-id="${entity.custom_emoji_id ?? ''}">`, '</tg-emoji>'];
    case 'date_time': {
      const format = entity.date_time_format === undefined ? '' : ` format="${entity.date_time_format}"`;
      return [`<tg-time unix="${entity.unix_time ?? 0}"${format}>`, '</tg-time>'];
    }
    default:
      // What Telegram finds by itself needs no tag.
      return ['', ''];
  }
}

const anchor = (href: string): Tags => [
  `<a href="${escapeHtml(href)}" target="_blank" rel="noopener noreferrer">`,
  '</a>',
];

function pageTags(entity: Entity, text: string): Tags {
  switch (entity.type) {
    case 'spoiler':
      return ['<span class="spoiler">', '</span>'];
    case 'expandable_blockquote':
      return ['<blockquote class="expandable">', '</blockquote>'];
    case 'text_link':
      return anchor(entity.url ?? '');
    case 'url':
      return anchor(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`);
    case 'email':
      return anchor(`mailto:${text}`);
    case 'mention':
    case 'hashtag':
    case 'cashtag':
    case 'bot_command':
    case 'text_mention':
      return [`<span class="${entity.type.replace('_', '-')}">`, '</span>'];
    case 'date_time':
      return [`<time data-unix="${entity.unix_time ?? 0}" data-format="${entity.date_time_format ?? ''}">`, '</time>'];
    case 'custom_emoji':
      return ['', ''];
    default:
      return telegramTags(entity);
  }
}
