// Joins the parts of one item to what an entry is made of.
import { type Maybe, type RawEntry, isPicture } from './entry-of.ts';
import { updateRank } from './element-parts.ts';
import type { Part, PartKind } from './item-parts.ts';
import { nameOfPerson } from './person.ts';

export function rawEntryOf(parts: readonly Part[], base: Maybe): RawEntry {
  const summary = firstOf(parts, 'summary');
  const longSummary = firstOf(parts, 'long-summary');
  const content = firstOf(parts, 'content');
  // Of a description and a summary (which RSS does not know) the longer one is the content, where no other is.
  const isSummaryLonger = summary !== undefined && longSummary !== undefined && longSummary.length > summary.length;
  const [shorter, longer] = isSummaryLonger ? [summary, longSummary] : [longSummary ?? summary, summary];
  const enclosures = parts.filter(({ kind }) => kind === 'enclosure');
  const media = parts.filter(({ kind }) => kind === 'medium');
  return {
    base,
    ids: textsOf(parts, 'id'),
    links: textsOf(parts, 'link'),
    title: firstOf(parts, 'title') ?? '',
    contentHtml: content ?? (longSummary === undefined ? undefined : longer),
    summaryHtml: shorter,
    categories: categoriesOf(parts),
    authors: authorsOf(parts),
    images: [
      ...widestFirst(media.filter(isImage)),
      ...widestFirst(parts.filter(({ kind }) => kind === 'thumbnail')),
      ...enclosures.filter(isImage),
    ].map(({ text }) => text),
    // RSS's own and those of Media RSS, which often are the same.
    enclosures: [...enclosures, ...media].map(({ text, file }) => ({
      url: text,
      type: file?.type,
      length: file?.length === undefined ? undefined : Number(file.length),
    })),
    dates: textsOf(parts, 'date'),
    updates: parts.filter(({ kind, rank }) => kind === 'date' && rank === updateRank).map(({ text }) => text),
  };
}

/** The first text of a kind, of the lowest rank. */
export function firstOf(parts: readonly Part[], wanted: PartKind): Maybe {
  let best: Part | undefined;
  for (const part of parts) if (part.kind === wanted && (!best || part.rank < best.rank)) best = part;
  return best?.text;
}

/** All texts of a kind, the lowest rank first. */
function textsOf(parts: readonly Part[], wanted: PartKind): string[] {
  const found = parts.filter(({ kind }) => kind === wanted);
  if (found.length > 1) found.sort((a, b) => a.rank - b.rank);
  return found.map(({ text }) => text);
}

/** Longer texts are no lists of subjects. */
const maxListCharacters = 500;

/** "Politics, economy, sport" in one element is three; with one comma it may be a name: "Arts, theatre". */
function categoriesOf(parts: readonly Part[]): string[] {
  const texts = textsOf(parts, 'category');
  const [only = ''] = texts;
  if (texts.length !== 1 || only.length > maxListCharacters) return texts;
  const pieces = only.split(/[,،;؛|]\s*/);
  return pieces.length > 2 || /[،؛|]/.test(only) ? pieces.map((piece) => piece.trim()) : texts;
}

/** Names before addresses: who has a name is not told by an address too. */
function authorsOf(parts: readonly Part[]): string[] {
  const persons = textsOf(parts, 'person');
  const names = persons.map(nameOfPerson).filter((name) => name !== '');
  return names.length > 0 ? names : persons;
}

/** The widest of those that are no icons. */
function widestFirst(pictures: readonly Part[]): Part[] {
  if (pictures.length === 0) return [];
  return pictures
    .filter(({ text, file }) => (file?.width === undefined || file.width > 50) && !isAvatar(text))
    .toSorted((a, b) => (b.file?.width ?? 0) - (a.file?.width ?? 0));
}

/** WordPress puts the author's face first among an article's pictures. */
function isAvatar(url: string): boolean {
  return /\bgravatar\.com\/avatar\//.test(url);
}

function isImage({ text, file }: Part): boolean {
  return file?.medium ? file.medium === 'image' : isPicture(text, file?.type);
}
