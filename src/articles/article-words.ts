// What an article says when its feed and its page say different things, at first and after a change of either.
import { sameWords, words } from '../lib/arabic.ts';
import type { Article } from './article-store.ts';
import { type ArticleText, paragraphsOf } from './article.ts';
import { cleanParagraphs } from './clean.ts';
import type { EntryChange } from './entry-mark.ts';
import { detectLanguage } from './language.ts';
import { formatPageUse, parsePageUse } from './page-use.ts';
import { samePictureOr } from './picture-key.ts';

/** A feed's text of this many characters is the article itself, not a teaser. */
const fullTextCharacters = 600;
/** A summary is made of these. */
const leadParagraphs = 2;
/** A page that shares fewer of an article's words than this tells something else: a home page, another article. */
const sameArticleShare = 0.5;
/**
 * On first sight less is known of it: a headline is often another on the page, but not in all its words; a teaser is as
 * a rule taken from the text. Long pages of any kind have half of a teaser's words: on the news pages of
 * eval/article.ts 3 % of other articles' teasers reach that, and 0.2 % this.
 */
const headlineShare = 0.5;
const teaserShare = 0.7;
/** Of a feed's text and of a page, as far as they are compared on first sight. */
const teaserCharacters = 600;
const comparedCharacters = 50_000;
/** A word of so many letters is also found with a prefix or an ending: المساعدات tells of مساعدات. */
const stemCharacters = 4;

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
    // Of these words it was told when they were stored.
    language:
      headline === article.headline && body === article.body
        ? article.language
        : detectLanguage(`${headline}\n${body}`, article.language),
    imageUrl,
    ...publication(article, text),
    pageOutcome: text ? usedOf(headline, text, takesPage || !isFeedsText) : noted(article.pageOutcome, page?.reason),
  };
}

/** What was taken from the page before stays known when the page cannot be had again. */
function noted(before: string | null, reason: string | undefined): string | null {
  return isPageRead(before) ? before : (reason ?? null);
}

/**
 * What a changed entry makes of an article: what changed in the feed counts at once, except where the page is about to
 * say it anew; what did not change there stays as a page has corrected it.
 */
export function corrected(
  article: Article,
  words: EntryWords,
  change: EntryChange,
): EntryWords & Pick<Article, 'pageOutcome' | 'completed'> {
  const use = parsePageUse(article.pageOutcome);
  const isPagesText =
    use?.text === true && (words.body.length < fullTextCharacters || beginsAlike(article.body, words.body));
  const takesText = change.text && !isPagesText;
  const takesPicture = change.picture || (change.text && article.imageUrl === null);
  return {
    headline: change.title ? words.headline : article.headline,
    body: takesText ? words.body : article.body,
    language: change.title || change.text ? words.language : article.language,
    authors: words.authors.length > 0 ? words.authors : article.authors,
    modifiedAt: words.modifiedAt ?? article.modifiedAt,
    imageUrl: takesPicture
      ? (samePictureOr(article.imageUrl, words.imageUrl) ?? (use ? article.imageUrl : null))
      : article.imageUrl,
    pageOutcome: use ? formatPageUse({ ...use, text: change.text ? isPagesText : use.text }) : null,
    completed: !change.title && !change.picture && takesText && completes(article.body, words.body),
  };
}

/** Whether `next` is `before` and what was cut off it. */
function completes(before: string, next: string): boolean {
  return words(next).join(' ').startsWith(words(before).join(' '));
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
): { words: Partial<ReadArticle & Pick<Article, 'completed'>>; isChanged: boolean } | undefined {
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
    words: {
      ...words,
      completed: false,
      ...detailsOf(article, text, now),
      pageOutcome: usedOf(headline, text, takesText),
    },
    isChanged:
      headline !== article.headline ||
      kicker !== article.kicker ||
      body !== article.body ||
      imageUrl !== article.imageUrl,
  };
}

/**
 * Whether the page that an article's address gives tells the article, and not that one has to agree to something, to
 * log in, or what else there is: enough words of the headline, or of the feed's text, stand somewhere on the page. Of
 * an article without either every page is believed.
 */
export function isArticlesPage({ headline, body, url }: Article, page: ArticleText): boolean {
  const parts = [
    { keys: tellingKeys(headline === url ? '' : headline), share: headlineShare },
    { keys: tellingKeys(body.slice(0, teaserCharacters)), share: teaserShare },
  ].filter(({ keys }) => keys.length > 0);
  if (parts.length === 0) return true;
  const pageWords = words(`${page.headline}\n${page.kicker ?? ''}\n${page.body}`.slice(0, comparedCharacters));
  const text = pageWords.join(' ');
  const known = new Set(pageWords);
  const isFound = (key: string) =>
    key.length < stemCharacters && !unspaced.test(key) ? known.has(key) : text.includes(key);
  return parts.some(({ keys, share }) => keys.filter(isFound).length >= share * keys.length);
}

/** The words that tell one text from another, each once: those of two letters are everywhere. */
function tellingKeys(text: string): string[] {
  const all = [...new Set(words(text))];
  const telling = all.filter((each) => each.length > 2 || unspaced.test(each));
  return [...new Set((telling.length > 0 ? telling : all).flatMap(pairsOf))];
}

/** Scripts that put no spaces between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

function pairsOf(word: string): string[] {
  if (word.length < 3 || !unspaced.test(word)) return [word];
  return Array.from({ length: word.length - 1 }, (_, index) => word.slice(index, index + 2));
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
