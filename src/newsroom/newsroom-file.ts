// Reads and writes the newsroom file (YAML): its topics, feeds and channels, with every fault named by its line.
import { Document, isMap, isSeq, type Scalar, visit } from 'yaml';
import { isSelector } from '../articles/selectors.ts';
import { didYouMean } from './did-you-mean.ts';
import {
  checkChat,
  checkFeedUrl,
  checkLanguage,
  checkSlug,
  checkTimeZone,
  type Newsroom,
  type NewsroomChannel,
  type NewsroomFeed,
  type NewsroomTopic,
} from './newsroom.ts';
import { type Fault, isEmpty, isOneLine, type Place, type Reader, readYaml } from './yaml-reader.ts';

export type { Fault } from './yaml-reader.ts';

interface ParseOptions {
  /** Slugs that may be named although the file does not list them: the topics that the newsroom has already. */
  knownTopics?: Iterable<string>;
  /** Whether topics that the file leaves out are about to go, so that nothing may name them. */
  prune?: boolean;
}

export type ParsedNewsroom = { newsroom: Newsroom; faults?: never } | { newsroom?: never; faults: Fault[] };

/** The newsroom that `text` describes, or everything that is wrong with it. */
export function parseNewsroomFile(
  text: string,
  { knownTopics = [], prune = false }: ParseOptions = {},
): ParsedNewsroom {
  const reader = readYaml(text);
  if (reader.isBroken) return { faults: reader.faults() };

  const newsroom = parseNewsroom(reader, (isListed) => (prune && isListed ? [] : knownTopics));
  const faults = reader.faults();
  return faults.length > 0 ? { faults } : { newsroom };
}

const maxTextLength = 200;

function parseNewsroom(reader: Reader, otherTopics: (topicsAreListed: boolean) => Iterable<string>): Newsroom {
  /** Where topics are named, to be looked up when all of them are known. */
  const references: { slug: string; at: Place }[] = [];

  /** The values of a mapping that has fixed keys; empty ones count as absent. */
  function fields(value: Place, what: string, known: readonly string[]): Map<string, Place> | undefined {
    const entries = reader.entries(value, what);
    const found = new Map<string, Place>();
    for (const entry of entries ?? []) {
      if (!known.includes(entry.key)) {
        const meant = didYouMean(entry.key, known);
        const advice = meant ? `did you mean "${meant}"?` : `it may have ${known.join(', ')}.`;
        reader.fault(entry.keyPlace, `${what} has no key "${entry.key}"; ${advice}`);
      } else if (!isEmpty(entry.value)) found.set(entry.key, entry.value);
    }
    return entries && found;
  }

  function text(at: Place, what: string): string | undefined {
    const value = reader.text(at, what);
    if (value === undefined || value.length <= maxTextLength) return value;
    return reader.fault(at, `${what} must be at most ${maxTextLength} characters long.`);
  }

  /** What stands there, when it keeps its rule. */
  function checked<T, V extends string | number>(
    at: Place,
    what: string,
    check: (value: V) => { value?: T; problem?: string },
    read: (at: Place, what: string) => V | undefined,
  ): T | undefined {
    const raw = read(at, what);
    if (raw === undefined) return undefined;
    const { value, problem } = check(raw);
    return problem === undefined ? value : reader.fault(at, `${what} ${JSON.stringify(raw)} ${problem}.`);
  }

  function missing(owner: Place, what: string, key: string): undefined {
    return reader.fault(owner, `${what} has no "${key}".`);
  }

  function topicList(at: Place | undefined, what: string): string[] {
    const isFirst = reader.register('The topic');
    return (at ? reader.list(at, what) : []).flatMap((item) => {
      const slug = topicReference(item);
      return slug !== undefined && isFirst(slug, item) ? [slug] : [];
    });
  }

  function topicReference(at: Place): string | undefined {
    const slug = reader.text(at, 'A topic named here');
    if (slug !== undefined) references.push({ slug, at });
    return slug;
  }

  function language(at: Place | undefined): string | null {
    return (at && checked(at, 'The language', checkLanguage, reader.text)) ?? null;
  }

  /** A mapping from languages to whatever `read` reads. */
  function byLanguage<T>(at: Place | undefined, what: string, read: (at: Place, what: string) => T | undefined) {
    const isFirst = reader.register('The language');
    const values: Record<string, T> = {};
    for (const { key, keyPlace, value } of (at && reader.entries(at, what)) ?? []) {
      const { value: tag, problem } = checkLanguage(key);
      const result = read(value, `${what} in "${key}"`);
      if (problem !== undefined) reader.fault(keyPlace, `The language "${key}" ${problem}.`);
      else if (!isFirst(tag, keyPlace) || result === undefined) continue;
      else values[tag] = result;
    }
    return values;
  }

  const isFirstSlug = reader.register('The topic');
  function topic(item: Place): NewsroomTopic | undefined {
    const found = fields(item, 'A topic', ['slug', 'name', 'keywords']);
    if (!found) return undefined;
    const slugPlace = found.get('slug');
    const slug = slugPlace ? checked(slugPlace, 'The slug', checkSlug, reader.text) : missing(item, 'A topic', 'slug');
    if (slug !== undefined && slugPlace) isFirstSlug(slug, slugPlace);

    const namePlace = found.get('name');
    const hasName = namePlace && !(isMap(namePlace.node) && namePlace.node.items.length === 0);
    if (!hasName) missing(namePlace ?? item, 'A topic', 'name');
    const name = byLanguage(namePlace, 'The name of a topic', text);
    const keywords = byLanguage(found.get('keywords'), 'The keywords of a topic', keywordList);
    return slug === undefined ? undefined : { slug, name, keywords };
  }

  function keywordList(at: Place, what: string): string[] {
    const isFirst = reader.register('The keyword');
    return reader.list(at, what).flatMap((item) => {
      const keyword = text(item, 'A keyword');
      return keyword !== undefined && isFirst(keyword, item) ? [keyword] : [];
    });
  }

  function categoryMap(at: Place | undefined): Record<string, string> {
    const slugs: [category: string, slug: string][] = [];
    for (const { key, keyPlace, value } of (at && reader.entries(at, 'The categories of a feed')) ?? []) {
      const slug = topicReference(value);
      if (key === '' || key.length > maxTextLength || !isOneLine(key)) {
        reader.fault(keyPlace, `A category must be one line of 1 to ${maxTextLength} characters.`);
      } else if (slug !== undefined) slugs.push([key, slug]);
    }
    return Object.fromEntries(slugs);
  }

  function selectorList(at: Place | undefined, what: string): string[] {
    const isFirst = reader.register('The selector');
    return (at ? reader.list(at, what) : []).flatMap((item) => {
      const selector = checked(item, 'The selector', checkSelector, reader.text);
      return selector !== undefined && isFirst(selector, item) ? [selector] : [];
    });
  }

  const isFirstUrl = reader.register('The feed');
  function feed(item: Place): NewsroomFeed | undefined {
    const found = fields(item, 'A feed', ['url', 'language', 'timeZone', 'keep', 'drop', 'topics', 'categories']);
    if (!found) return undefined;
    const urlPlace = found.get('url');
    const url = urlPlace ? checked(urlPlace, 'The url', checkFeedUrl, reader.text) : missing(item, 'A feed', 'url');
    if (url !== undefined && urlPlace) isFirstUrl(url, urlPlace);

    const categories = categoryMap(found.get('categories'));
    const zonePlace = found.get('timeZone');
    const rest = {
      language: language(found.get('language')),
      timeZone: (zonePlace && checked(zonePlace, 'The time zone', checkTimeZone, reader.text)) ?? null,
      keep: selectorList(found.get('keep'), 'The list "keep"'),
      drop: selectorList(found.get('drop'), 'The list "drop"'),
      topics: topicList(found.get('topics'), 'The topics of a feed'),
    };
    return url === undefined ? undefined : { url, ...rest, categories };
  }

  const isFirstChat = reader.register('The channel');
  function channel(item: Place): NewsroomChannel | undefined {
    const found = fields(item, 'A channel', ['chat', 'topics', 'language']);
    if (!found) return undefined;
    const chatPlace = found.get('chat');
    const chat = chatPlace
      ? checked(chatPlace, 'The chat', checkChat, textOrNumber)
      : missing(item, 'A channel', 'chat');
    if (chat !== undefined && chatPlace) isFirstChat(chat, chatPlace);
    const topics = topicList(found.get('topics'), 'The topics of a channel');
    if (!found.has('topics')) missing(item, 'A channel', 'topics');
    const rest = { language: language(found.get('language')), topics };
    return chat === undefined ? undefined : { chat, ...rest };
  }

  function textOrNumber(at: Place, what: string): string | number | undefined {
    const value = at.node && 'value' in at.node ? at.node.value : undefined;
    return typeof value === 'number' ? value : reader.text(at, what);
  }

  const found = fields(reader.root, 'The newsroom', ['topics', 'feeds', 'channels']);
  const read = <T>(key: string, parse: (item: Place) => T | undefined): T[] | undefined => {
    const at = found?.get(key);
    return at && reader.list(at, `The ${key}`).flatMap((item) => parse(item) ?? []);
  };
  const topics = read('topics', topic);
  const feeds = read('feeds', feed);
  const channels = read('channels', channel);

  const slugs = new Set([...(topics ?? []).map(({ slug }) => slug), ...otherTopics(topics !== undefined)]);
  for (const { slug, at } of references.filter(({ slug }) => !slugs.has(slug))) {
    const meant = didYouMean(slug, slugs);
    reader.fault(at, `There is no topic "${slug}"${meant ? `; did you mean "${meant}"?` : '.'}`);
  }
  return { ...(topics && { topics }), ...(feeds && { feeds }), ...(channels && { channels }) };
}

/** A CSS selector that pages can be searched for. */
function checkSelector(text: string) {
  return isSelector(text) ? { value: text } : { problem: 'must be a CSS selector, like .article-body or #content p' };
}

/** The file that describes `newsroom`; reading it gives the same newsroom again. */
export function formatNewsroomFile({ topics, feeds, channels }: Newsroom): string {
  const document = new Document({
    ...(topics && { topics: topics.map(({ slug, name, keywords }) => ({ slug, name, ...filled({ keywords }) })) }),
    ...(feeds && {
      feeds: feeds.map(({ url, language, timeZone, keep, drop, topics, categories }) => ({
        url,
        ...(language !== null && { language }),
        ...(timeZone !== null && { timeZone }),
        ...filled({ keep }),
        ...filled({ drop }),
        topics,
        ...filled({ categories }),
      })),
    }),
    ...(channels && {
      channels: channels.map(({ chat, topics, language }) => ({
        chat,
        topics,
        ...(language !== null && { language }),
      })),
    }),
  });
  document.commentBefore = ' The newsroom: its topics, feeds and channels. Applied with: nashra newsroom apply FILE';
  visit(document, {
    Pair(index, { key, value }, { length: depth }) {
      // Document, then the mapping of kinds: these are the kinds themselves.
      if (depth === 2) (key as Scalar).spaceBefore = index !== 0;
      else if (isSeq(value) || (isMap(value) && (key as Scalar).value === 'name')) value.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}

function filled<T extends Record<string, object>>(field: T): Partial<T> {
  return Object.values(field).every((value) => Object.keys(value).length === 0) ? {} : field;
}
