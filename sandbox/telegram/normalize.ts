// What Telegram does to a text and its entities before it stores them: cleaning, trimming, fixing, finding more.
// Who says so: TDLib, clean_input_string_with_entities, remove_invalid_entities and fix_formatted_text.
import { findEntities } from './detect.ts';
import {
  byKind,
  end,
  fixEntities,
  hidesData,
  isSplittable,
  joinKinds,
  mergeFound,
  sortEntities,
  splitAtBorders,
  withoutCrossingQuotes,
  withoutEmpty,
  type Entity,
  type FormattedText,
} from './entity.ts';
import { badRequest } from './errors.ts';

// CR, the separators and bidi embeddings U+2028–U+202E, and the combining lines Telegram strips.
const removed = /\r|[\u2028-\u202e]|\u0333|\u033f|\u030a/g;
const control = /[\0-\x09\x0b-\x1f]/g;
const markRun = /[\u200e\u200f]+(?=[\u200e\u200f])/g;

/** First 100 of what the user formatted; the rest is dropped without a word (MAX_USER_ENTITY_COUNT). */
const maxUserEntities = 100;

const userTypes = new Set('blockquote expandable_blockquote text_link text_mention pre code date_time'.split(' '));

export function normalize({ text, entities }: FormattedText): FormattedText {
  if (!text.isWellFormed()) throw badRequest('Strings must be encoded in UTF-8');
  checkPlaces(text, entities);

  const cleaned = clean(text, fixEntities(withoutEmpty(entities)));
  const shrunk = fixEntities(withoutBlank(cleaned.text, cleaned.entities));
  const trimmed = trim(cleaned.text, shrunk);
  const merged = addFound(trimmed.entities, findEntities(trimmed.text));
  return { text: trimmed.text, entities: limitUserEntities(withoutBlank(trimmed.text, merged)) };
}

function checkPlaces(text: string, entities: readonly Entity[]): void {
  for (const entity of entities) {
    if (entity.offset < 0 || entity.offset > 1_000_000) {
      throw badRequest(`Receive an entity with incorrect offset ${entity.offset}`);
    }
    if (entity.length < 0 || entity.length > 1_000_000) {
      throw badRequest(`Receive an entity with incorrect length ${entity.length}`);
    }
    if (entity.length === 0) continue;
    if (entity.offset > text.length) {
      throw badRequest(`Entity begins after the end of the text at UTF-16 offset ${entity.offset}`);
    }
    if (end(entity) > text.length) {
      throw badRequest(
        `Entity beginning at UTF-16 offset ${entity.offset} ends after the end of the text at UTF-16 offset ${end(entity)}`,
      );
    }
    for (const [place, verb] of [
      [entity.offset, 'begins'],
      [end(entity), 'ends'],
    ] as const) {
      const code = text.charCodeAt(place);
      if (code >= 0xdc00 && code <= 0xdfff) {
        const bytes = Buffer.byteLength(text.slice(0, place - 1));
        throw badRequest(`Entity ${verb} in a middle of a UTF-16 symbol at byte offset ${bytes}`);
      }
    }
  }
}

function clean(text: string, entities: readonly Entity[]): FormattedText {
  const gaps = [...text.matchAll(removed)].map((match) => match.index);
  const shift = (offset: number): number => offset - countBelow(gaps, offset);
  const cleaned = text
    .replaceAll(removed, '')
    .replaceAll(control, ' ')
    .replaceAll(markRun, (run) => '\u200c'.repeat(run.length));
  const moved = entities.map((entity) => {
    const offset = shift(entity.offset);
    return { ...entity, offset, length: shift(end(entity)) - offset };
  });
  return { text: cleaned, entities: withoutEmpty(moved) };
}

function countBelow(sorted: readonly number[], limit: number): number {
  let count = 0;
  while (count < sorted.length && (sorted[count] ?? limit) < limit) count++;
  return count;
}

const isBlank = (char: string | undefined): boolean => char === ' ' || char === '\n';

/** Drops entities over nothing but blanks, and lets the others begin at their first visible character. */
function withoutBlank(text: string, entities: readonly Entity[]): Entity[] {
  return entities.flatMap((entity) => {
    if (hidesData(entity)) return [entity];
    let offset = entity.offset;
    while (offset < end(entity) && isBlank(text[offset])) offset++;
    return offset === end(entity) ? [] : [{ ...entity, offset, length: end(entity) - offset }];
  });
}

function trim(text: string, entities: readonly Entity[]): FormattedText {
  let last = text.length;
  while (last > 0 && isBlank(text[last - 1])) last--;
  const clipped = entities
    .filter((entity) => entity.offset < last)
    .map((entity) => ({ ...entity, length: Math.min(end(entity), last) - entity.offset }));

  let first = 0;
  const stop = Math.min(last, ...clipped.map((entity) => entity.offset));
  while (first < stop && isBlank(text[first])) first++;
  const moved = clipped.map((entity) => ({ ...entity, offset: entity.offset - first }));
  sortEntities(moved);
  return { text: text.slice(first, last), entities: moved };
}

function addFound(entities: Entity[], found: Entity[]): Entity[] {
  if (found.length === 0) return entities;
  const { runs, quotes, continuous } = byKind(entities);
  const outside = withoutCrossingQuotes(found, quotes);
  return joinKinds({ runs, quotes, continuous: mergeFound(continuous, outside) });
}

/** Links, quotes and code count first, then bold, italic, … as the runs they were before they were cut. */
function limitUserEntities(entities: Entity[]): Entity[] {
  if (entities.length <= maxUserEntities) return entities;
  let count = 0;
  const { runs, quotes, continuous } = byKind(
    entities.filter((entity) => isSplittable(entity) || !userTypes.has(entity.type) || ++count <= maxUserEntities),
  );
  const kept = splitAtBorders(runs, []).slice(0, Math.max(0, maxUserEntities - count));
  return joinKinds({ runs: kept, quotes, continuous });
}

// What draws nothing; a text of only these is as good as empty (TDLib, is_empty_string).
const invisible = /[\s\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc\u{e0000}-\u{e007f}]/gu;

export function isInvisible(text: string): boolean {
  return text.replaceAll(invisible, '') === '';
}
