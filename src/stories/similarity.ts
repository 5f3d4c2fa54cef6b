// Tells whether an article is of the same event as an earlier one: a streaming index over title, lead and figures.
import { words } from '../lib/arabic.ts';
import { type Comparable, likeness, type Likeness } from './event-likeness.ts';
import { figuresOf, frameOf } from './figures.ts';
import { lightStem } from './light-stem.ts';
import { termsOf } from './news-synonyms.ts';
import { minCopiedWords } from './other-item.ts';
import { placesOf } from './places.ts';
import { routineKinds } from './routine-report.ts';
import { readShingles, shinglesOf, textHash } from './shingles.ts';
import { isCommonArabicStem, newsFrequency } from './word-frequency.ts';

/** What is compared of an article; plain JSON of at most about 1.5 KB, so that an index is rebuilt without the text. */
export interface Fingerprint {
  /** The title's terms and the lead's, separated by spaces, as often as they occur. */
  title: string;
  lead: string;
  /** Of title and lead, separated by spaces: see figures.ts. */
  numbers: string;
  days: string;
  /** Stems of places, separated by spaces: see places.ts. */
  places: string;
  routine: number[];
  /** Hashes of each three words of the lead, four characters each, without separator. */
  shingles: string;
  /** Hashes: of title and lead, of the title, and of each with its figures and days left open. */
  exact: string;
  titleExact: string;
  titleFrame: string;
  leadFrame: string;
}

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

export interface Finding<Id> {
  relation: Relation;
  /** The most alike article of the story found; undefined for new. */
  nearest?: IndexedArticle<Id>;
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
const maxTitleWords = 40;
const maxLeadWords = 60;
/**
 * Of one event are articles that stand out: above every rival of another story by this much for each tenfold of
 * articles in the index, because among many the nearest is near by chance. Clear cases need no distance, so that a
 * story that once came apart does not keep its later articles from joining either part.
 */
const marginPerTenfold = 0.4;
const clearLogit = 1.6;
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

export function fingerprintOf(article: {
  title: string;
  text: string;
  publishedAt: Date;
  language?: string;
}): Fingerprint {
  const titleWords = words(article.title.slice(0, maxTitleWords * 20)).slice(0, maxTitleWords);
  // A word of more than twenty characters on average is no text; what is cut off is never compared.
  const leadWords = words(article.text.slice(0, maxLeadWords * 20)).slice(0, maxLeadWords);
  const titleStems = stemsOf(titleWords);
  const leadStems = stemsOf(leadWords);
  const title = termsOf(titleStems);
  const lead = termsOf(leadStems);
  const { numbers, days } = figuresOf(`${article.title}\n${article.text.slice(0, maxLeadWords * 20)}`, 100);
  return {
    title: title.join(' '),
    lead: lead.join(' '),
    numbers: numbers.join(' '),
    days: days.join(' '),
    places: [...new Set([...placesOf(titleStems), ...placesOf(leadStems)])].join(' '),
    routine: routineKinds(new Set(titleStems), new Set([...titleStems, ...leadStems])),
    shingles: shinglesOf(leadWords.length < 8 ? [...titleWords, ...leadWords] : leadWords),
    exact: textHash(`${titleWords.join(' ')}\n${leadWords.join(' ')}`),
    titleExact: textHash(titleWords.join(' ')),
    titleFrame: textHash(frameOf(titleWords)),
    leadFrame: textHash(frameOf(leadWords)),
  };
}

/** Numbers are compared by themselves. */
function stemsOf(all: readonly string[]): string[] {
  return all.filter((word) => !/^\p{N}/u.test(word)).map((word) => lightStem(word, isCommonArabicStem));
}

interface Entry<Id> extends Comparable {
  article: IndexedArticle<Id>;
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
  const stories = new Map<Id, Set<Entry<Id>>>();
  const postings = new Map<string, Set<Entry<Id>>>();

  // A term's share of all articles: of news at large, and ever more of what was read here. Only the articles that are
  // held count, so that an index rebuilt from the same fingerprints finds the same.
  const rarities = new Map<string, number>();
  function rarity(term: string): number {
    const known = rarities.get(term);
    if (known !== undefined) return known;
    const value = rarityNow(term);
    rarities.set(term, value);
    return value;
  }
  function rarityNow(term: string): number {
    const here = postings.get(term)?.size ?? 0;
    return Math.log((knownArticles + entries.size) / (newsFrequency(term) * knownArticles + here));
  }

  function remove(id: Id): void {
    const entry = entries.get(id);
    if (!entry) return;
    entries.delete(id);
    for (const term of entry.terms.keys()) drop(postings, term, entry);
    drop(stories, entry.article.story, entry);
  }

  function add(article: IndexedArticle<Id>): void {
    remove(article.id);
    const entry = { article, shared: 0, ...comparable(article) };
    entries.set(article.id, entry);
    for (const term of entry.terms.keys()) put(postings, term, entry);
    put(stories, article.story, entry);
  }

  /** The articles that share most rare terms, the most frequent terms left out. */
  function candidates(asked: Comparable): Entry<Id>[] {
    const lists = [...asked.terms.keys()].flatMap((term) => {
      const list = postings.get(term);
      return list ? [{ term, list }] : [];
    });
    // Equal sizes are ordered by term, so that the sums below do not depend on the order of adding.
    lists.sort((a, b) => a.list.size - b.list.size || (a.term < b.term ? -1 : 1));
    const touched: Entry<Id>[] = [];
    let seen = 0;
    for (const { term, list } of lists) {
      seen += list.size;
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
    const alike = likeness(asked, entry, rarity);
    const isExact = asked.exact === entry.exact;
    const isVerbatim = alike.verbatim >= verbatimShare && alike.copiedWords >= minVerbatimWords;
    const isLongCopy = !alike.isOtherDay && alike.verbatim >= copyShare && alike.copiedWords >= minCopiedWords;
    const isCopy = isExact || (!alike.isOtherItem && (isVerbatim || isLongCopy));
    const isSame = !alike.isOtherDay && !alike.isOtherItem && alike.logit >= 0 && alike.cosine >= minSameCosine;
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
    return first === undefined || likeness(asked, first, rarity).cosine >= minCosineWithFirst;
  }

  function find({ fingerprint, publishedAt, feed }: Pick<IndexedArticle<Id>, 'fingerprint' | 'publishedAt' | 'feed'>) {
    rarities.clear();
    const asked = comparable({ fingerprint, publishedAt, feed });
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
    const isFollowUp = found.relation === 'same' && isDevelopment(stories.get(nearest.story) ?? [], feed, publishedAt);
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

function byAge<Id>(a: Entry<Id>, b: Entry<Id>): number {
  const older = a.publishedAt.getTime() - b.publishedAt.getTime();
  return older || (a.article.id < b.article.id ? -1 : 1);
}

function isWithinWindow(one: Comparable, other: Comparable): boolean {
  return Math.abs(one.publishedAt.getTime() - other.publishedAt.getTime()) <= windowMs;
}

function comparable({
  fingerprint,
  publishedAt,
  feed,
}: Pick<IndexedArticle<unknown>, 'fingerprint' | 'publishedAt' | 'feed'>): Comparable {
  const { exact, titleExact, titleFrame, leadFrame } = fingerprint;
  const title = split(fingerprint.title);
  const terms = new Map<string, number>();
  for (const term of [...title, ...title, ...split(fingerprint.lead)]) terms.set(term, (terms.get(term) ?? 0) + 1);
  return {
    terms,
    title: new Set(title),
    numbers: new Set(split(fingerprint.numbers)),
    days: new Set(split(fingerprint.days)),
    places: new Set(split(fingerprint.places)),
    routine: fingerprint.routine,
    shingles: readShingles(fingerprint.shingles),
    publishedAt,
    feed,
    exact,
    titleExact,
    titleFrame,
    leadFrame,
  };
}

function split(list: string): string[] {
  return list === '' ? [] : list.split(' ');
}

function put<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  if (set) set.add(value);
  else sets.set(key, new Set([value]));
}

function drop<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  set?.delete(value);
  if (set?.size === 0) sets.delete(key);
}
