// What "gone for good" (410) does to an article: once is noted, twice withdraws it, and of a whole site it is doubted.
import type { Db } from '../db/database.ts';
import type { Log } from '../lib/log.ts';
import { type Article, withdrawArticle, withdrawnByPublisher } from './article-store.ts';
import { listGoneUrls } from './recheck-store.ts';

/** A page has to be gone for so long. */
export const goneAgainMs = 15 * 60_000;
/** Articles are looked at for a day. */
const goneWindowMs = 24 * 60 * 60_000;
/** Of one site and within the window; more are a site that is broken, not a newsroom that takes back its articles. */
const maxGonePerHost = 3;

export interface GoneDeps {
  db: Db;
  log: Log;
}

export type GoneOutcome =
  | { kind: 'withdrawn' }
  /** To be looked at again at `again`. */
  | { kind: 'noted'; goneAt: Date; again: Date }
  /** Too much of its site is gone. */
  | { kind: 'doubted' };

/** `warned` has the hosts that the log has told of in this round. */
export async function withdrawWhenGone(
  { db, log }: GoneDeps,
  article: Article,
  now: Date,
  warned: Set<string>,
): Promise<GoneOutcome> {
  const goneAt = article.goneAt ?? now;
  const again = new Date(goneAt.getTime() + goneAgainMs);
  if (again > now) return { kind: 'noted', goneAt, again };
  const host = hostOf(article.url);
  const gone = await listGoneUrls(db, new Date(now.getTime() - goneWindowMs));
  const pages = gone.filter((url) => hostOf(url) === host).length;
  if (pages > maxGonePerHost) {
    if (!warned.has(host)) {
      log.warn('a site says of many articles that they are gone (410): none is withdrawn unless an editor does', {
        host,
        pages,
        articleId: article.articleId,
      });
    }
    warned.add(host);
    return { kind: 'doubted' };
  }
  await withdrawArticle(db, article.articleId, { because: withdrawnByPublisher, now });
  return { kind: 'withdrawn' };
}

function hostOf(url: string | null): string {
  return (url === null ? null : URL.parse(url))?.host ?? '';
}
