// Opens an article's page: fetched politely, read off the main thread, with what the newsroom says of its feed.
import type { Db } from '../db/database.ts';
import type { Fetch, HostLimiter } from '../lib/http.ts';
import { type Article, findPageSettings } from './article-store.ts';
import type { ArticleText } from './article.ts';
import { fetchPage } from './fetch-page.ts';
import type { PageReader } from './page-reader.ts';
import { isHome } from './shared-urls.ts';

export interface PageDeps {
  db: Db;
  fetch: Fetch;
  hosts: HostLimiter;
  pages: PageReader;
  /** The newsroom's, for dates that name no zone. */
  timeZone: string;
}

export type OpenedPage =
  | { kind: 'read'; text: ArticleText }
  /** The publisher says that there is nothing any more (410). */
  | { kind: 'gone' }
  /** It cannot be had, or nothing can be read on it; `reason` is what an operator is told. */
  | { kind: 'unreadable'; reason: string }
  | { kind: 'aborted' };

/** Never throws for what the world does. `article` must have a URL. */
export async function openPage(deps: PageDeps, article: Article, signal?: AbortSignal): Promise<OpenedPage> {
  const url = article.url as string;
  const answer = await deps.hosts.run(url, () => fetchPage(deps.fetch, url, signal ? { signal } : {}), signal);
  if (signal?.aborted) return { kind: 'aborted' };
  if (answer.kind === 'gone') return { kind: 'gone' };
  if (answer.kind !== 'page') return { kind: 'unreadable', reason: `${answer.kind}: ${answer.reason}` };

  const settings = await findPageSettings(deps.db, article.articleId);
  const { html, url: foundAt } = answer;
  if (isHome(foundAt) && !isHome(url)) return { kind: 'unreadable', reason: 'the page leads to the home page' };
  const page = {
    html,
    url: foundAt,
    timeZone: settings?.timeZone ?? deps.timeZone,
    keep: settings?.keepSelectors ?? [],
    drop: settings?.dropSelectors ?? [],
  };
  const outcome = await deps.pages.readPage(page, signal);
  switch (outcome.kind) {
    case 'read':
    case 'aborted':
      return outcome;
    case 'nothing-found':
      return { kind: 'unreadable', reason: 'no article found on the page' };
    case 'too-slow':
      return { kind: 'unreadable', reason: 'too-slow: the page took too long to read.' };
    case 'failed':
      return { kind: 'unreadable', reason: `failed: the page could not be read (${outcome.reason}).` };
  }
}
