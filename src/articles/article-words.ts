// What an article says when its feed and its page say different things, at first and after a change of either.
import { words } from '../lib/arabic.ts';
import type { Article } from './article-store.ts';
import { type ArticleText, paragraphsOf } from './article.ts';
import { cleanParagraphs } from './clean.ts';
import { detectLanguage } from './language.ts';
import { formatPageUse, parsePageUse } from './page-use.ts';
import { samePictureOr } from './picture-key.ts';

/** A feed's text of this many characters is the article itself, not a teaser. */
const fullTextCharacters = 600;
/** A summary is made of these. */
const leadParagraphs = 2;
/** A page that shares fewer of an article's words than this tells something else: a home page, another article. */
const sameArticleShare = 0.5;

/** What an entry says, as it is stored before anything is read. */
export type EntryWords = Pick<Article, 'headline' | 'body' | 'language' | 'imageUrl' | 'authors' | 'modifiedAt'>;

export type ReadArticle = EntryWords &
  Pick<
    Article,
    | 'kicker'
    | 'section'
    | 'tags'
    | 'imageCaption'
    | 'imageCredit'
    | 'publishedAt'
    | 'publishedOffsetMinutes'
    | 'pageOutcome'
  >;

/** Whether the page has something that the feed has not given, or had it before. */
export function needsPage(article: Article): boolean {
  if (article.url === null) return false;
  const { body, imageUrl, pageOutcome } = article;
  return body.length < fullTextCharacters || imageUrl === null || isUndated(article) || isPageRead(pageOutcome);
}

/** Whether neither feed nor page said when it was published: it counts as published when it was first seen. */
function isUndated({ publishedAt, createdAt }: Article): boolean {
  return publishedAt.getTime() === createdAt.getTime();
}

function isPageRead(pageOutcome: string | null): boolean {
  return parsePageUse(pageOutcome) !== undefined;
}

/** The article with what its page says; `page` is undefined when none was opened, and has no text when it gave none. */
export function readTogether(
  article: Article,
  page: { text: ArticleText; reason?: never } | { text?: never; reason: string } | undefined,
  now: Date,
): ReadArticle {
  const text = page?.text;
  const before = parsePageUse(article.pageOutcome);
  const headline = article.headline || text?.headline || '';
  const kicker = text?.kicker && text.kicker !== headline ? text.kicker : article.kicker;
  // What an earlier reading took from the page is the feed's teaser no more, and the page says it anew.
  const isFeedsText = before === undefined || !before.text;
  const pageBody = text?.body ?? '';
  const takesPage = isFeedsText
    ? article.body.length < fullTextCharacters && pageBody.length > article.body.length
    : pageBody !== '';
  const imageUrl = samePictureOr(article.imageUrl, text?.imageUrl ?? null) ?? article.imageUrl;
  const body = cleaned(takesPage ? pageBody : article.body, { headline, kicker, text });
  return {
    ...detailsOf(article, text, now),
    headline,
    kicker,
    body,
    language: detectLanguage(`${headline}\n${body}`, article.language),
    imageUrl,
    ...publication(article, text),
    pageOutcome: text ? usedOf(headline, text, takesPage || !isFeedsText) : noted(article.pageOutcome, page?.reason),
  };
}

/** What was taken from the page before stays known when the page cannot be had again. */
function noted(before: string | null, reason: string | undefined): string | null {
  return isPageRead(before) ? before : (reason ?? null);
}

/** What a changed entry makes of an article: its words count at once, except where the page is about to say them anew. */
export function corrected(article: Article, words: EntryWords): EntryWords & Pick<Article, 'pageOutcome'> {
  const use = parsePageUse(article.pageOutcome);
  const isPagesText = use?.text === true && words.body.length < fullTextCharacters;
  const fromFeed = samePictureOr(article.imageUrl, words.imageUrl);
  return {
    headline: words.headline,
    body: isPagesText ? article.body : words.body,
    language: words.language,
    authors: words.authors.length > 0 ? words.authors : article.authors,
    modifiedAt: words.modifiedAt ?? article.modifiedAt,
    imageUrl: fromFeed ?? (use ? article.imageUrl : null),
    pageOutcome: use ? formatPageUse({ ...use, text: isPagesText }) : null,
  };
}

/**
 * What a page that was looked at again makes of a told article; undefined when nothing is learnt: the page tells
 * something else, or does not say that it was modified. Where the feed's words were told, the page's take their place
 * only when those are gone from it: feeds and pages never agree to the letter.
 */
export function rechecked(
  article: Article,
  text: ArticleText,
  now: Date,
): { words: Partial<ReadArticle>; isChanged: boolean } | undefined {
  if (!isSameArticle(article, text)) return undefined;
  const before = parsePageUse(article.pageOutcome);
  if (!isModified(article, text)) {
    // The first sight of the page: what it says now is what later changes of it are measured by.
    return before ? undefined : { words: { pageOutcome: usedOf(article.headline, text, false) }, isChanged: false };
  }
  const headline = before?.headline && !sameWords(article.headline, text.headline) ? text.headline : article.headline;
  const kicker = before && text.kicker !== headline ? (text.kicker ?? article.kicker) : article.kicker;
  const takesText = text.body !== '' && (before?.text === true || !beginsAlike(article.body, text.body));
  const body = takesText ? cleaned(text.body, { headline, kicker, text }) : article.body;
  const imageUrl = before
    ? (samePictureOr(article.imageUrl, text.imageUrl) ?? article.imageUrl)
    : (article.imageUrl ?? text.imageUrl);
  const language = detectLanguage(`${headline}\n${body}`, article.language);
  const words = { headline, kicker, body, language, imageUrl };
  return {
    words: { ...words, ...detailsOf(article, text, now), pageOutcome: usedOf(headline, text, takesText) },
    isChanged:
      headline !== article.headline ||
      kicker !== article.kicker ||
      body !== article.body ||
      imageUrl !== article.imageUrl,
  };
}

/** Whether the page says that it was changed after what we know of it. */
function isModified(
  { publishedAt, createdAt, pageOutcome, ...article }: Article,
  { modifiedAt }: ArticleText,
): boolean {
  // Whoever knows the feed's words only has them from when they were collected.
  const known = article.modifiedAt ?? (isPageRead(pageOutcome) ? publishedAt : createdAt);
  return modifiedAt !== null && modifiedAt > known;
}

function usedOf(headline: string, text: ArticleText, takesText: boolean): string {
  return formatPageUse({ headline: sameWords(headline, text.headline), text: takesText });
}

function detailsOf(article: Article, text: ArticleText | undefined, now: Date) {
  if (!text) {
    const { authors, section, tags, imageCaption, imageCredit, modifiedAt } = article;
    return { authors, section, tags, imageCaption, imageCredit, modifiedAt };
  }
  const { authors, section, tags, imageCaption, imageCredit, modifiedAt } = text;
  return {
    authors: authors.length > 0 ? authors : article.authors,
    section,
    tags,
    imageCaption,
    imageCredit,
    // A page may say that it will be changed; that must not hide a change that really comes.
    modifiedAt: modifiedAt !== null && modifiedAt <= now ? modifiedAt : article.modifiedAt,
  };
}

/** The feed says when it was published; where it does not, the page does. */
function publication(article: Article, text: ArticleText | undefined) {
  const { publishedAt, createdAt } = article;
  const fromPage = text?.publishedAt && isUndated(article) && text.publishedAt < createdAt ? text.publishedAt : null;
  return {
    publishedAt: fromPage ?? publishedAt,
    publishedOffsetMinutes: text?.publishedOffsetMinutes ?? article.publishedOffsetMinutes,
  };
}

function cleaned(
  body: string,
  { headline, kicker, text }: { headline: string; kicker: string | null; text: ArticleText | undefined },
): string {
  const known = { headline, kicker, imageCaption: text?.imageCaption ?? null };
  return cleanParagraphs(body.split('\n\n'), known).join('\n\n');
}

function sameWords(one: string, other: string): boolean {
  return words(one).join(' ') === words(other).join(' ');
}

/** Whether the first paragraphs of `known` stand in `body`, wherever. */
function beginsAlike(known: string, body: string): boolean {
  const all = words(body).join(' ');
  return paragraphsOf(known)
    .slice(0, leadParagraphs)
    .every((paragraph) => all.includes(words(paragraph).join(' ')));
}

function isSameArticle(article: Article, { headline, body }: ArticleText): boolean {
  const known = new Set(words(`${article.headline}\n${article.body}`));
  const told = new Set(words(`${headline}\n${body}`));
  const common = known.intersection(told).size;
  return common >= sameArticleShare * Math.min(known.size, told.size);
}
