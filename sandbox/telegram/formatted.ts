// Reads text or caption with its parse_mode or entities from a call, and holds it to Telegram's lengths.
import { codePoints, type Entity, type FormattedText } from './entity.ts';
import { badRequest } from './errors.ts';
import { cannotParse, parseHtml } from './html.ts';
import { checkLink } from './links.ts';
import { isInvisible, normalize } from './normalize.ts';
import { isRecord, textIn, type Params } from './params.ts';

const maxTextLength = 4096;
const maxCaptionLength = 1024;
const maxRawBytes = 32_768;

interface TextFields {
  parseMode: string;
  entities: unknown;
}

const fixedFields = new Set(
  'mention hashtag cashtag bot_command url email phone_number bank_card_number bold italic underline strikethrough spoiler blockquote expandable_blockquote code'.split(
    ' ',
  ),
);

/** Kinds Telegram finds by itself: given ones are ignored. */
const foundTypes = new Set('mention hashtag cashtag bot_command url email phone_number bank_card_number'.split(' '));

/** What the same text became a moment ago: news goes to many chats. */
const recent = new Map<string, FormattedText>();
const recentAtMost = 20;

export function formatText(raw: string, fields: TextFields): FormattedText {
  if (fields.entities !== undefined) return readFormatted(raw, fields);
  const key = `${fields.parseMode} ${raw}`;
  const known = recent.get(key);
  if (known) return known;
  const formatted = readFormatted(raw, fields);
  if (recent.size >= recentAtMost) recent.clear();
  recent.set(key, formatted);
  return formatted;
}

function readFormatted(raw: string, { parseMode, entities }: TextFields): FormattedText {
  if (Buffer.byteLength(raw) > maxRawBytes) throw badRequest('Text is too long');
  if (!raw.isWellFormed()) throw badRequest('Strings must be encoded in UTF-8');
  const mode = parseMode.toLowerCase();
  if (mode === 'html') return normalize(parseHtml(raw));
  // Markdown is not spoken here: the bot sends HTML or entities (a mistake must show, not slip through).
  if (mode !== '' && mode !== 'none') throw badRequest('Unsupported parse_mode');
  return normalize({ text: raw, entities: readEntities(entities) });
}

const optional = (key: string, value: string): Record<string, string> => (value === '' ? {} : { [key]: value });

function readEntities(given: unknown): Entity[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw cannotParse('Expected an Array of MessageEntity');
  return given.flatMap((value: unknown): Entity[] => {
    if (!isRecord(value)) throw cannotParse("Can't parse MessageEntity: Expected an Object");
    const { type, offset, length } = value;
    if (typeof type !== 'string') throw cannotParse('Can\'t parse MessageEntity: Can\'t find field "type"');
    if (!Number.isInteger(offset)) throw cannotParse('Can\'t parse MessageEntity: Can\'t find field "offset"');
    if (!Number.isInteger(length)) throw cannotParse('Can\'t parse MessageEntity: Can\'t find field "length"');
    const place = { offset: offset as number, length: length as number };
    if (foundTypes.has(type)) return [];
    if (fixedFields.has(type)) return [{ type: type as Entity['type'], ...place }];
    switch (type) {
      case 'pre':
        return [{ type, ...place, ...optional('language', textIn(value, 'language')) }];
      case 'text_link': {
        const link = checkLink(typeof value['url'] === 'string' ? value['url'] : '');
        return link.ok ? [{ type, ...place, url: link.url }] : [];
      }
      case 'text_mention':
        return isRecord(value['user']) ? [{ type, ...place, user: value['user'] }] : [];
      case 'custom_emoji':
        return [{ type, ...place, custom_emoji_id: textIn(value, 'custom_emoji_id') }];
      case 'date_time':
        return [
          {
            type,
            ...place,
            unix_time: Number(value['unix_time']),
            ...optional('date_time_format', textIn(value, 'date_time_format')),
          },
        ];
      default:
        throw cannotParse("Can't parse MessageEntity: Unsupported type specified");
    }
  });
}

/** The text of a message: 1–4096 code points after parsing and trimming; it may be empty only beside a preview URL. */
export function readText(params: Params, previewUrl?: string): FormattedText {
  const raw = params.string('text');
  if (raw === '' && previewUrl === undefined) throw badRequest('Message text is empty');
  const formatted = formatText(raw, {
    parseMode: params.string('parse_mode'),
    entities: params.json('entities', "Can't parse entities JSON object"),
  });
  if (isInvisible(formatted.text) && previewUrl === undefined) throw badRequest('Text must be non-empty');
  if (codePoints(formatted.text) > maxTextLength) throw badRequest('Message is too long');
  return formatted;
}

export interface CaptionFields {
  caption?: unknown;
  parse_mode?: unknown;
  caption_entities?: unknown;
}

export function readCaption({ caption, parse_mode, caption_entities }: CaptionFields): FormattedText {
  const formatted = formatText(typeof caption === 'string' ? caption : '', {
    parseMode: typeof parse_mode === 'string' ? parse_mode : '',
    entities: caption_entities,
  });
  if (codePoints(formatted.text) > maxCaptionLength) throw badRequest('Message caption is too long');
  return isInvisible(formatted.text) ? { text: '', entities: [] } : formatted;
}

export function captionOf(params: Params): FormattedText {
  return readCaption({
    caption: params.string('caption'),
    parse_mode: params.string('parse_mode'),
    caption_entities: params.json('caption_entities', "Can't parse caption entities JSON object"),
  });
}
