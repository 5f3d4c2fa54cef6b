// Message entities: their kinds, their order, and the rules by which they may stand together in one text.
// Who says so: TDLib, td/telegram/MessageEntity.cpp (type priorities, fix_entities, split_entities).
import type { MessageEntity } from 'grammy/types';

export interface Entity {
  type: MessageEntity['type'];
  offset: number;
  length: number;
  url?: string;
  user?: unknown;
  language?: string;
  custom_emoji_id?: string;
  unix_time?: number;
  date_time_format?: string;
}

export interface FormattedText {
  text: string;
  entities: Entity[];
}

const splittable = ['bold', 'italic', 'underline', 'strikethrough', 'spoiler'] as const;
type SplittableType = (typeof splittable)[number];

const priorities: Record<string, number> = {
  blockquote: 0,
  expandable_blockquote: 0,
  pre: 11,
  code: 20,
  date_time: 30,
  text_link: 49,
  bold: 90,
  italic: 91,
  underline: 92,
  strikethrough: 93,
  spoiler: 94,
  custom_emoji: 99,
};

function priority(entity: Entity): number {
  if (entity.type === 'pre' && entity.language !== undefined) return 10;
  return priorities[entity.type] ?? 50;
}

export const end = (entity: Entity): number => entity.offset + entity.length;

export function isSplittable(entity: Entity): boolean {
  return (splittable as readonly string[]).includes(entity.type);
}

function isBlockquote(entity: Entity): boolean {
  return entity.type === 'blockquote' || entity.type === 'expandable_blockquote';
}

function isPre(entity: Entity): boolean {
  return entity.type === 'pre' || entity.type === 'code';
}

/** Entities that keep their meaning over blank text: what they carry is not the text itself. */
export function hidesData(entity: Entity): boolean {
  return isPre(entity) || entity.type === 'text_link' || entity.type === 'text_mention';
}

export function sortEntities(entities: Entity[]): void {
  entities.sort((a, b) => a.offset - b.offset || b.length - a.length || priority(a) - priority(b));
}

export function withoutEmpty(entities: Entity[]): Entity[] {
  return entities.filter((entity) => entity.length > 0);
}

/** Keeps the first of every group of entities that touch the same text. */
export function withoutIntersecting(sorted: readonly Entity[]): Entity[] {
  const kept: Entity[] = [];
  let lastEnd = 0;
  for (const entity of sorted) {
    if (entity.offset < lastEnd) continue;
    lastEnd = end(entity);
    kept.push(entity);
  }
  return kept;
}

/** Drops what crosses a quote's border; what lies wholly inside a quote stays. */
export function withoutCrossingQuotes(entities: readonly Entity[], quotes: readonly Entity[]): Entity[] {
  return entities.filter((entity) => {
    const quote = quotes.find((candidate) => end(candidate) > entity.offset);
    if (quote === undefined) return true;
    const runsOut = end(quote) < end(entity);
    const runsIn = entity.offset < quote.offset && quote.offset < end(entity);
    return !runsOut && !runsIn;
  });
}

/** Found entities fill the gaps between the given ones; a given entity always wins. */
export function mergeFound(given: readonly Entity[], found: readonly Entity[]): Entity[] {
  const free = found.filter((entity) => !given.some((old) => entity.offset < end(old) && old.offset < end(entity)));
  const merged = [...given, ...free];
  sortEntities(merged);
  return merged;
}

/**
 * Cuts bold, italic, … at the borders of the other entities, joins touching runs of one kind, and lets nothing
 * into `pre` and `code`.
 */
export function splitAtBorders(runs: Entity[], others: readonly Entity[]): Entity[] {
  sortEntities(runs);
  const open = new Map<SplittableType, { begin: number; end: number }>();
  let result: Entity[] = [];
  let next = 0;

  const flush = (offset: number): void => {
    for (const type of splittable) {
      const run = open.get(type);
      if (run === undefined || run.begin >= offset) continue;
      const until = Math.min(run.end, offset);
      result.push({ type, offset: run.begin, length: until - run.begin });
      if (run.end <= offset) open.delete(type);
      else run.begin = offset;
    }
  };
  const addUntil = (offset: number): void => {
    for (let entity = runs[next]; entity !== undefined && entity.offset < offset; entity = runs[++next]) {
      const type = entity.type as SplittableType;
      const run = open.get(type);
      if (run !== undefined && entity.offset <= run.end) {
        run.end = Math.max(run.end, end(entity));
      } else {
        flush(entity.offset);
        open.set(type, { begin: entity.offset, end: end(entity) });
      }
    }
    flush(offset);
  };

  const nested: Entity[] = [];
  const moveTo = (offset: number): void => {
    for (let inner = nested.at(-1); inner !== undefined && offset >= end(inner); inner = nested.at(-1)) {
      const before = result.length;
      addUntil(end(inner));
      if (isPre(inner)) result = result.slice(0, before);
      nested.pop();
    }
    addUntil(offset);
  };
  for (const other of others) {
    moveTo(other.offset);
    nested.push(other);
  }
  moveTo(Number.POSITIVE_INFINITY);
  sortEntities(result);
  return result;
}

interface Kinds {
  runs: Entity[];
  quotes: Entity[];
  continuous: Entity[];
}

export function byKind(entities: readonly Entity[]): Kinds {
  return {
    runs: entities.filter(isSplittable),
    quotes: entities.filter(isBlockquote),
    continuous: entities.filter((entity) => !isSplittable(entity) && !isBlockquote(entity)),
  };
}

export function joinKinds({ runs, quotes, continuous }: Kinds): Entity[] {
  const others = [...continuous, ...quotes];
  sortEntities(others);
  const all = [...others, ...splitAtBorders([...runs], others)];
  sortEntities(all);
  return all;
}

/** The entities as Telegram keeps them: sorted, cut and joined, with nothing crossing. */
export function fixEntities(entities: readonly Entity[]): Entity[] {
  const sorted = [...entities];
  sortEntities(sorted);
  const { runs, quotes, continuous } = byKind(sorted);
  const keptQuotes = withoutIntersecting(quotes);
  const kept = withoutCrossingQuotes(withoutIntersecting(continuous), keptQuotes);
  return joinKinds({ runs, quotes: keptQuotes, continuous: kept });
}

/** Telegram counts code points, not UTF-16 units. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
