// Tells whether an article is of the same event as an earlier one: a streaming index over title, lead and figures.
import { type Comparable, comparable, pack, type Packed, unpack } from './comparable.ts';
import { likeness, type Likeness } from './event-likeness.ts';
import type { Fingerprint } from './fingerprint.ts';
import { isElsewhere, minCopiedWords } from './other-item.ts';
import { listedShareOf } from './terms.ts';
import { unlistedShare } from './word-frequency.ts';

// What group.ts needs of a story's likeness comes from this one file.
export { type Fingerprint, fingerprintOf } from './fingerprint.ts';

export interface IndexedArticle<Id> {
  id: Id;
  /** The story (thread) it belongs to. */
  story: Id;
  fingerprint: Fingerprint;
  publishedAt: Date;
  feed: string | number;
}

/** copy: the same text · same: the same event · follow-up: a development that the same feed reports hours later. */
export type Relation = 'new' | 'copy' | 'same' | 'follow-up';

interface Finding<Id> {
  relation: Relation;
  /** The most alike article of the story found; undefined for new. */
  nearest?: Omit<IndexedArticle<Id>, 'fingerprint'>;
  /** 0 to 1; for new, of the most alike article that was not enough. */
  similarity: number;
}

export interface StoryIndex<Id> {
  /** Adds or replaces. */
  add(article: IndexedArticle<Id>): void;
  find(article: Pick<IndexedArticle<Id>, 'fingerprint' | 'publishedAt' | 'feed'>): Finding<Id>;
  remove(id: Id): void;
  /** Forgets what is older than the window. */
  expire(now: Date): void;
  readonly size: number;
}

const hourMs = 3_600_000;
/** Between two articles of one event; a longer story lives on through its later articles. */
const windowMs = 72 * hourMs;
/** A feed's next article on a story that it reported at least that long ago is told by itself. */
const followUpAfterMs = 2 * hourMs;
/**
 * Of one event are articles that stand out: above every rival of another story by this much for each tenfold of
 * articles in the index, because among many the nearest is near by chance. Clear cases need no distance, so that a
 * story that once came apart does not keep its later articles from joining either part.
 */
const marginPerTenfold = 0.4;
const clearLogit = 1.6;
/** Two reports of one publisher within hours are of one event only when there is hardly a doubt. */
const ownLogit = clearLogit;
/** Below it, two texts are of one event only by what they have in common with everything. */
const minSameCosine = 0.24;
/** So much of the shorter text stands in the other. */
const copyShare = 0.55;
/** Nothing but a word here and there was changed: a copy, whatever figures and days say. */
const verbatimShare = 0.9;
/** Fewer words than a short sentence prove nothing. */
const minVerbatimWords = 12;
/**
 * Each article of a story also shares this much of its words with the story's first, so that a chain of developments
 * does not drift over days into another event.
 */
const minCosineWithFirst = 0.12;
/** What the words of known news weigh against the words of the indexed articles, in articles. */
const knownArticles = 4000;
/** Bounds of the work for one article: entries looked at, and articles compared in full. */
const maxPostings = 10_000;
const maxCandidates = 24;

interface Entry<Id> {
  /** Without its fingerprint, which is held in numbers. */
  article: Omit<IndexedArticle<Id>, 'fingerprint'>;
  packed: Packed;
  /** What it shares with the article that is asked for now; 0 in between. */
  shared: number;
}

interface Compared<Id> extends Likeness {
  entry: Entry<Id>;
  relation: 'copy' | 'same' | 'none';
  similarity: number;
}

export function createStoryIndex<Id extends string | number>(): StoryIndex<Id> {
  const entries = new Map<Id, Entry<Id>>();
  const stories = new Map<Id, Entry<Id>[]>();
  const postings = new Map<number, Entry<Id>[]>();

  // A term's share of all articles: of news at large, and ever more of what was read here. Only the articles that are
  // held count, so that an index rebuilt from the same fingerprints finds the same.
  const rarities = new Map<number, number>();
  // Most terms are in no list of words, and are told apart by how often they occur here.
  let unlisted: number[] = [];
  function rarity(term: number): number {
    const known = rarities.get(term);
    if (known !== undefined) return known;
    const here = postings.get(term)?.length ?? 0;
    const share = listedShareOf(term);
    const value = share === undefined ? (unlisted[here] ??= rarityOf(unlistedShare, here)) : rarityOf(share, here);
    rarities.set(term, value);
    return value;
  }
  function rarityOf(share: number, here: number): number {
    return Math.log((knownArticles + entries.size) / (share * knownArticles + here));
  }

  function remove(id: Id): void {
    const entry = entries.get(id);
    if (!entry) return;
    entries.delete(id);
    for (const term of unpack(entry.packed).terms) drop(postings, term, entry);
    drop(stories, entry.article.story, entry);
  }

  function add({ fingerprint, ...article }: IndexedArticle<Id>): void {
    remove(article.id);
    const { id, story, publishedAt, feed } = article;
    const read = comparable(fingerprint, publishedAt, feed);
    const entry = { article: { id, story, publishedAt, feed }, packed: pack(read), shared: 0 };
    entries.set(id, entry);
    for (const term of read.terms) put(postings, term, entry);
    put(stories, story, entry);
  }

  /** The articles that share most rare terms, the most frequent terms left out. */
  function candidates(asked: Comparable): Entry<Id>[] {
    const lists = [...asked.terms].flatMap((term) => {
      const list = postings.get(term);
      return list ? [{ term, list }] : [];
    });
    // Equal sizes are ordered by term, so that the sums below do not depend on the order of adding.
    lists.sort((a, b) => a.list.length - b.list.length || a.term - b.term);
    const touched: Entry<Id>[] = [];
    let seen = 0;
    for (const { term, list } of lists) {
      seen += list.length;
      if (seen > maxPostings) break;
      const weight = rarity(term) ** 2;
      for (const entry of list) {
        if (entry.shared === 0) touched.push(entry);
        entry.shared += weight;
      }
    }
    const near = touched.filter((entry) => isWithinWindow(entry, asked));
    // Numbers are sorted much faster than articles, of which only a few are wanted.
    const least =
      Float64Array.from(near, ({ shared }) => shared)
        .sort()
        .at(-maxCandidates) ?? 0;
    const best = near.filter(({ shared }) => shared >= least).toSorted((a, b) => b.shared - a.shared || byAge(a, b));
    for (const entry of touched) entry.shared = 0;
    return best.slice(0, maxCandidates);
  }

  function compare(asked: Comparable, entry: Entry<Id>): Compared<Id> {
    const other = unpack(entry.packed);
    const alike = likeness(asked, other, rarity);
    const isExact = asked.exact === other.exact;
    const isVerbatim = alike.verbatim >= verbatimShare && alike.copiedWords >= minVerbatimWords;
    const isLongCopy = !alike.isOtherDay && alike.verbatim >= copyShare && alike.copiedWords >= minCopiedWords;
    const isCopy = isExact || (!alike.isOtherItem && (isVerbatim || isLongCopy));
    // Nobody writes one event twice within hours, but many write two alike: the section's matches, the day's accidents.
    const isOwn = asked.feed === other.feed && asked.publishedAtMs - other.publishedAtMs < followUpAfterMs;
    const isNear = alike.logit >= (isOwn ? ownLogit : 0) && alike.cosine >= minSameCosine;
    const isSame = isNear && !alike.isOtherDay && !alike.isOtherItem && !isElsewhere(asked, other);
    // What is another item for sure is not alike, whatever its words.
    const likely = alike.isOtherItem ? 0 : 1 / (1 + Math.exp(-alike.logit));
    const similarity = isExact ? 1 : isCopy ? Math.max(alike.verbatim, likely) : likely;
    return { ...alike, entry, relation: isCopy ? 'copy' : isSame ? 'same' : 'none', similarity };
  }

  /** Not another day's edition of anything in the story, no mere neighbour, and not adrift from how it began. */
  function belongs(asked: Comparable, story: Id, compared: readonly Compared<Id>[]): boolean {
    const ofStory = compared.filter(({ entry }) => entry.article.story === story);
    if (ofStory.some(({ isOtherDay, logit }) => isOtherDay && logit >= 0)) return false;
    const rivals = compared.filter(({ entry, isOtherDay }) => entry.article.story !== story && !isOtherDay);
    const best = Math.max(...ofStory.map(({ logit }) => logit));
    const margin = marginPerTenfold * Math.log10(Math.max(1, entries.size));
    if (best < clearLogit && rivals.some(({ logit }) => best - logit < margin)) return false;
    const [first] = [...(stories.get(story) ?? [])].toSorted(byAge);
    return first === undefined || likeness(asked, unpack(first.packed), rarity).cosine >= minCosineWithFirst;
  }

  function find({ fingerprint, publishedAt, feed }: Pick<IndexedArticle<Id>, 'fingerprint' | 'publishedAt' | 'feed'>) {
    rarities.clear();
    unlisted = [];
    const asked = comparable(fingerprint, publishedAt, feed);
    const compared = candidates(asked).map((entry) => compare(asked, entry));
    compared.sort((a, b) => rank(b) - rank(a) || b.similarity - a.similarity || byAge(a.entry, b.entry));
    const found = compared.find(
      ({ relation, entry }) =>
        relation === 'copy' || (relation === 'same' && belongs(asked, entry.article.story, compared)),
    );
    if (!found) {
      return { relation: 'new' as const, similarity: Math.max(0, ...compared.map((each) => each.similarity)) };
    }
    const { article: nearest } = found.entry;
    // What others tell at the same time is the same development, whoever was first.
    const isTold =
      nearest.feed !== feed && Math.abs(publishedAt.getTime() - nearest.publishedAt.getTime()) < followUpAfterMs;
    const isFollowUp =
      found.relation === 'same' && !isTold && isDevelopment(stories.get(nearest.story) ?? [], feed, publishedAt);
    return {
      relation: found.relation === 'copy' ? ('copy' as const) : isFollowUp ? ('follow-up' as const) : ('same' as const),
      nearest,
      similarity: found.similarity,
    };
  }

  return {
    add,
    find,
    remove,
    expire(now) {
      for (const { article } of entries.values()) {
        if (article.publishedAt.getTime() < now.getTime() - windowMs) remove(article.id);
      }
    },
    get size() {
      return entries.size;
    },
  };
}

/** The feed told of the story before, and nothing of it in the last hours. */
function isDevelopment<Id>(story: Iterable<Entry<Id>>, feed: string | number, publishedAt: Date): boolean {
  const ages = [...story]
    .filter(({ article }) => article.feed === feed)
    .map(({ article }) => publishedAt.getTime() - article.publishedAt.getTime());
  return ages.some((ageMs) => ageMs >= followUpAfterMs) && !ages.some((ageMs) => ageMs >= 0 && ageMs < followUpAfterMs);
}

function rank<Id>({ relation }: Compared<Id>): number {
  return ['none', 'same', 'copy'].indexOf(relation);
}

function byAge<Id>({ article: a }: Entry<Id>, { article: b }: Entry<Id>): number {
  const older = a.publishedAt.getTime() - b.publishedAt.getTime();
  return older || (a.id < b.id ? -1 : 1);
}

function isWithinWindow({ article }: Entry<unknown>, asked: Comparable): boolean {
  return Math.abs(article.publishedAt.getTime() - asked.publishedAtMs) <= windowMs;
}

function put<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function drop<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key) ?? [];
  if (list.length <= 1) lists.delete(key);
  else list.splice(list.indexOf(value), 1);
}
