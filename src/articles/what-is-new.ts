// What an entry that a feed gives is to what is known of it: new, changed, to be marked, or nothing.
import { compareMark, type EntryChange, type EntryHashes, firstMark } from './entry-mark.ts';
import type { KnownEntry } from './entry-store.ts';

type News =
  | { kind: 'nothing'; isHeldBack: boolean }
  | { kind: 'entry' }
  /** Only the mark is to be kept, so that a later change is seen. */
  | { kind: 'mark'; mark: string }
  | { kind: 'correction'; mark: string; change: EntryChange; articleId: number; isHeldBack: boolean };

/** What the feed's entry is to what is known of it. */
export function whatIsNew(known: KnownEntry | undefined, hashes: EntryHashes, now: Date): News {
  if (!known) return { kind: 'entry' };
  const { articleId, entryHash, hasWords } = known;
  // Of several sources only one may change the article's words; where there is none any more, this one takes its place.
  if (entryHash === null) {
    return hasWords ? { kind: 'nothing', isHeldBack: false } : { kind: 'mark', mark: firstMark(hashes) };
  }
  const compared = compareMark(entryHash, hashes, now);
  switch (compared.kind) {
    case 'unchanged':
    case 'too-often':
      return { kind: 'nothing', isHeldBack: compared.kind === 'too-often' };
    case 'adopted':
      return { kind: 'mark', mark: compared.mark };
    case 'changed':
      return { ...compared, kind: 'correction', articleId };
  }
}
