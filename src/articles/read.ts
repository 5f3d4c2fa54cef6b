// The second stage: gives each new article its text and picture, from the feed or else from its page.
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import { forEachConcurrently } from '../lib/concurrency.ts';
import type { Fetch, HostLimiter } from '../lib/http.ts';
import { type Article, claimNewArticle, markArticleRead, releaseArticle } from './article-store.ts';
import type { ArticleText } from './article.ts';
import { cleanParagraphs } from './clean.ts';
import { extractPage } from './extract.ts';
import { fetchPage } from './fetch-page.ts';
import { detectLanguage } from './language.ts';

/** A feed's text of this many characters is the article itself, not a teaser. */
const fullTextCharacters = 600;

const articlesAtOnce = 4;
/** Longer than a page may take, with its wait for a slow host's turn. */
const claimMs = 5 * 60_000;

export interface ReadDeps {
  db: Db;
  fetch: Fetch;
  hosts: HostLimiter;
  clock: Clock;
}

/** Reads the articles that wait; a page that cannot be had never holds an article back. Returns how many were read. */
export async function readArticles(
  deps: ReadDeps,
  { signal, onRead }: { signal?: AbortSignal; onRead?: () => Promise<void> } = {},
): Promise<number> {
  let read = 0;
  const worker = async () => {
    while (!signal?.aborted) {
      const article = await claimNewArticle(deps.db, deps.clock.now(), claimMs);
      if (!article) break;
      const page = needsPage(article) ? await openPage(deps, article, signal) : undefined;
      if (signal?.aborted) {
        await releaseArticle(deps.db, article.articleId);
        break;
      }
      await markArticleRead(deps.db, article.articleId, withPage(article, page));
      read += 1;
      await onRead?.();
    }
  };
  await forEachConcurrently(
    Array.from({ length: articlesAtOnce }, () => worker),
    articlesAtOnce,
    (work) => work(),
  );
  return read;
}

function needsPage(article: Article): boolean {
  return article.url !== null && (article.body.length < fullTextCharacters || article.imageUrl === null);
}

interface OpenedPage {
  outcome: string;
  text: ArticleText | undefined;
}

async function openPage({ fetch, hosts }: ReadDeps, article: Article, signal?: AbortSignal): Promise<OpenedPage> {
  const url = article.url as string;
  const answer = await hosts.run(url, () => fetchPage(fetch, url, signal ? { signal } : {}), signal);
  if (answer.kind !== 'page') return { outcome: `${answer.kind}: ${answer.reason}`, text: undefined };
  const text = extractPage(answer.html, answer.url);
  return { outcome: text ? 'read' : 'no article found on the page', text };
}

/** What feed and page say together: the newsroom's feed decides the headline, the longer text is the body. */
function withPage(
  article: Article,
  page: OpenedPage | undefined,
): Pick<Article, 'headline' | 'kicker' | 'body' | 'language' | 'imageUrl' | 'pageOutcome'> {
  const text = page?.text;
  const headline = article.headline || text?.headline || '';
  const kicker = text?.kicker && text.kicker !== headline ? text.kicker : article.kicker;
  const pageBody = text?.body ?? '';
  const body =
    article.body.length >= fullTextCharacters || pageBody.length <= article.body.length ? article.body : pageBody;
  const paragraphs = cleanParagraphs(body.split('\n\n'), {
    headline,
    kicker,
    imageCaption: text?.imageCaption ?? null,
  });
  return {
    headline,
    kicker,
    body: paragraphs.join('\n\n'),
    language: detectLanguage(`${headline}\n${body}`, article.language),
    imageUrl: text?.imageUrl ?? article.imageUrl,
    pageOutcome: page?.outcome ?? null,
  };
}
