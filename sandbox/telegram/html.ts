// parse_mode HTML: from tagged text to plain text with entities, refusing in the server's words.
// Who says so: TDLib, parse_html and decode_html_entity in td/telegram/MessageEntity.cpp; byte offsets are UTF-8.
import { sortEntities, type Entity, type FormattedText } from './entity.ts';
import { badRequest, type ApiError } from './errors.ts';
import { checkLink, linkedUserId } from './links.ts';

const supportedTags = new Set(
  'a b strong i em s strike del u ins tg-spoiler tg-emoji tg-time span pre code blockquote'.split(' '),
);

const simpleTypes: Record<string, Entity['type']> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  u: 'underline',
  ins: 'underline',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
};

const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };

interface OpenTag {
  name: string;
  attributes: Map<string, string>;
  offset: number;
}

/** Entities on their way: a `code` remembers its language until a `pre` around the same text claims it. */
type Draft = Entity & { codeLanguage?: string };

const isSpace = (char: string): boolean => char === '' || ' \t\r\n\0\v'.includes(char);

export function cannotParse(message: string): ApiError {
  return badRequest(`Can't parse entities: ${message}`);
}

/** Decodes the reference at `source[at] === '&'`; undefined when it stays plain text. */
function decodeReference(source: string, at: number): { char: string; next: number } | undefined {
  const match = /&(?:#x([0-9A-Fa-f]*)|#(\d*)|([A-Za-z]*))/y;
  match.lastIndex = at;
  const [whole = '', hex, decimal, name] = match.exec(source) ?? [];
  let char: string | undefined;
  if (name !== undefined) {
    char = Object.hasOwn(named, name) ? named[name] : undefined;
  } else {
    const code = hex === undefined ? Number.parseInt(decimal ?? '', 10) : Number.parseInt(hex, 16);
    if (code > 0 && code < 0x10ffff && whole.length < 10) char = String.fromCodePoint(code);
  }
  if (char === undefined) return undefined;
  const after = at + whole.length;
  return { char, next: source[after] === ';' ? after + 1 : after };
}

export function parseHtml(source: string): FormattedText {
  const entities: Draft[] = [];
  const open: OpenTag[] = [];
  let text = '';
  let decodedSurrogate = false;
  let i = 0;

  const at = (index: number): string => source[index] ?? '';
  const byteOffset = (index: number): number => Buffer.byteLength(source.slice(0, index));
  const fail = (message: string, index: number): never => {
    throw cannotParse(`${message} at byte offset ${byteOffset(index)}`);
  };
  const skipSpaces = (): void => {
    while (i < source.length && isSpace(at(i))) i++;
  };

  const readQuoted = (): string => {
    const quote = at(i++);
    let value = '';
    while (i < source.length && at(i) !== quote) {
      const reference = at(i) === '&' ? decodeReference(source, i) : undefined;
      value += reference ? reference.char : at(i);
      i = reference ? reference.next : i + 1;
    }
    if (at(i) === quote) i++;
    return value;
  };

  const readToken = (): string => {
    const begin = i;
    while (/[A-Za-z0-9.-]/.test(at(i))) i++;
    if (!isSpace(at(i)) && at(i) !== '>') fail('Unexpected end of name token', begin);
    return source.slice(begin, i).toLowerCase();
  };

  const readStartTag = (begin: number): void => {
    while (!isSpace(at(i)) && at(i) !== '>') i++;
    if (i >= source.length) fail('Unclosed start tag', begin);
    const name = source.slice(begin + 1, i).toLowerCase();
    if (!supportedTags.has(name)) fail(`Unsupported start tag "${name}"`, begin);

    const attributes = new Map<string, string>();
    while (at(i) !== '>') {
      skipSpaces();
      if (at(i) === '>') break;
      const nameBegin = i;
      while (!isSpace(at(i)) && !'=>/"\''.includes(at(i))) i++;
      const attribute = source.slice(nameBegin, i);
      if (attribute === '') fail(`Empty attribute name in the tag "${name}"`, begin);
      skipSpaces();
      if (at(i) !== '=') {
        if (i >= source.length) fail(`Unclosed start tag "${name}"`, begin);
        attributes.set(attribute, '');
        continue;
      }
      i++;
      skipSpaces();
      if (i >= source.length) fail(`Unclosed start tag "${name}"`, begin);
      const value = at(i) === '"' || at(i) === "'" ? readQuoted() : readToken();
      if (i >= source.length) fail('Unclosed start tag', begin);
      attributes.set(attribute, value);
    }
    if (name === 'span' && attributes.get('class') !== 'tg-spoiler') {
      fail('Tag "span" must have class "tg-spoiler"', begin);
    }
    open.push({ name, attributes, offset: text.length });
  };

  const readEndTag = (begin: number): void => {
    const tag = open.at(-1);
    if (tag === undefined) return fail('Unexpected end tag', begin);
    while (!isSpace(at(i)) && at(i) !== '>') i++;
    const name = source.slice(begin + 2, i).toLowerCase();
    skipSpaces();
    if (at(i) !== '>') fail('Unclosed end tag', begin);
    if (name !== '' && name !== tag.name) {
      throw cannotParse(
        `Unmatched end tag at byte offset ${byteOffset(begin)}, expected "</${tag.name}>", found "</${name}>"`,
      );
    }
    if (text.length > tag.offset) addEntity(entities, tag, text);
    open.pop();
  };

  for (; i < source.length; i++) {
    const char = at(i);
    const reference = char === '&' ? decodeReference(source, i) : undefined;
    if (reference) {
      decodedSurrogate ||= !reference.char.isWellFormed();
      text += reference.char;
      i = reference.next - 1;
    } else if (char === '<') {
      const begin = i++;
      if (at(i) === '/') readEndTag(begin);
      else readStartTag(begin);
    } else {
      text += char;
    }
  }

  const left = open.at(-1);
  if (left) throw cannotParse(`Can't find end tag corresponding to start tag "${left.name}"`);
  if (decodedSurrogate) {
    throw cannotParse(
      'Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units',
    );
  }
  for (const entity of entities) delete entity.codeLanguage;
  const result: Entity[] = entities;
  sortEntities(result);
  return { text, entities: result };
}

function addEntity(entities: Draft[], { name, attributes, offset }: OpenTag, text: string): void {
  const place = { offset, length: text.length - offset };
  const previous = entities.at(-1);
  const sameSpan = previous?.offset === place.offset && previous.length === place.length;
  const simple = simpleTypes[name];
  if (simple) {
    entities.push({ type: simple, ...place });
    return;
  }
  switch (name) {
    case 'a':
      return addLink(entities, attributes.get('href') || text.slice(offset), place);
    case 'pre':
      if (sameSpan && previous.type === 'code' && previous.codeLanguage) {
        entities[entities.length - 1] = { type: 'pre', ...place, language: previous.codeLanguage };
      } else {
        entities.push({ type: 'pre', ...place });
      }
      return;
    case 'code': {
      const className = attributes.get('class') ?? '';
      const language = className.startsWith('language-') ? className.slice('language-'.length) : '';
      if (sameSpan && previous.type === 'pre' && previous.language === undefined && language !== '') {
        previous.language = language;
      } else {
        entities.push({ type: 'code', ...place, codeLanguage: language });
      }
      return;
    }
    case 'blockquote':
      entities.push({ type: attributes.has('expandable') ? 'expandable_blockquote' : 'blockquote', ...place });
      return;
    case 'tg-emoji': {
      const id = attributes.get('emoji-id') ?? '';
      if (!/^-?\d{1,19}$/.test(id) || Number(id) === 0) throw cannotParse('Invalid custom emoji identifier specified');
      entities.push({ type: 'custom_emoji', ...place, custom_emoji_id: id });
      return;
    }
    case 'tg-time': {
      const format = attributes.get('format') ?? '';
      // The documented shape only; TDLib's own parser may let a little more through.
      if (!/^(?:r|w?[dD]?[tT]?)$/.test(format)) throw cannotParse('Invalid date format used');
      const unix = Number(/^\d+/.exec(attributes.get('unix') ?? '')?.[0] ?? 0);
      if (unix <= 0) return;
      entities.push({
        type: 'date_time',
        ...place,
        unix_time: unix,
        ...(format === '' ? {} : { date_time_format: format }),
      });
      return;
    }
    default:
      throw new Error(`no entity is known for the tag ${name}`);
  }
}

/** A link Telegram does not take leaves its text behind, without an error. */
function addLink(entities: Draft[], href: string, place: { offset: number; length: number }): void {
  const userId = linkedUserId(href);
  if (userId !== undefined) {
    entities.push({ type: 'text_mention', ...place, user: { id: userId } });
    return;
  }
  const link = checkLink(href);
  if (link.ok) entities.push({ type: 'text_link', ...place, url: link.url });
}
