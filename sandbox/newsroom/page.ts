// An article's page, as cluttered as the pages of real newsrooms: chooses the template and gives it what all share.
import { escapeAttribute as escape } from '../../src/lib/html.ts';
import type { PublishedArticle } from './publication.ts';
import { headlinesFromTheArchive, site } from './site.ts';
import { renderEnglishPage } from './template-english.ts';
import { renderMagazinePage } from './template-magazine.ts';
import { renderWordpressPage } from './template-wordpress.ts';

/** What every template needs besides the article; all of it is HTML or safe in HTML. */
export interface PageParts {
  /** `<title>`, description, canonical link, and the metadata that this page happens to have. */
  head: string;
  /** Links to other articles of the site, nearest first, at least eight. */
  others: readonly string[];
  readAlso: string;
  /** The paragraphs around the place of the "read also" link. */
  before: readonly string[];
  after: readonly string[];
}

const templates = { wordpress: renderWordpressPage, magazine: renderMagazinePage, english: renderEnglishPage };

/** `published`: everything that is on the site, newest first. */
export function renderPage(article: PublishedArticle, published: readonly PublishedArticle[]): string {
  const { language, topic, paragraphs } = article;
  const links = [
    ...published
      .filter((other) => other !== article && other.language === language)
      .map(({ path, headline }) => link(path, headline)),
    ...headlinesFromTheArchive(topic, language).map((headline, index) => link(`/archives/${38_211 - index}`, headline)),
  ];
  const readAlso = links.at(-1 - (article.number % 6)) ?? '';
  const middle = Math.ceil(paragraphs.length / 2);
  const html = paragraphs.map((text) => escape(text));
  return templates[article.habits.template](article, {
    head: head(article),
    others: links.filter((other) => other !== readAlso),
    readAlso,
    before: html.slice(0, middle),
    after: html.slice(middle),
  });
}

function link(path: string, headline: string): string {
  return `<a href="${escape(path)}">${escape(headline)}</a>`;
}

function head(article: PublishedArticle): string {
  const { language, headline, paragraphs, url, pictureUrl, author, publishedAt, habits, categories, tags } = article;
  const { name } = site[language];
  const description = (paragraphs[0] ?? '').slice(0, 155);
  const title = habits.titleHasSiteName ? `${headline} - ${name}` : headline;
  const meta = (key: 'name' | 'property', id: string, content: string) =>
    `<meta ${key}="${id}" content="${escape(content)}" />`;

  const lines = [
    '<meta charset="UTF-8" />',
    '<meta name="viewport" content="width=device-width, initial-scale=1" />',
    `<title>${escape(headline)} | ${name}</title>`,
    meta('name', 'description', description),
    `<link rel="canonical" href="${url}" />`,
    '<link rel="stylesheet" href="/site.css" />',
  ];
  if (habits.hasOpenGraph) {
    lines.push(
      meta('property', 'og:locale', language === 'ar' ? 'ar_AR' : 'en_GB'),
      meta('property', 'og:type', 'article'),
      meta('property', 'og:title', title),
      meta('property', 'og:description', description),
      meta('property', 'og:url', url),
      meta('property', 'og:site_name', name),
      meta('property', 'article:published_time', publishedAt.toISOString()),
      meta('property', 'article:section', categories[0] ?? ''),
      meta('name', 'author', author),
      meta('name', 'twitter:card', 'summary_large_image'),
    );
    if (pictureUrl) {
      lines.push(
        meta('property', 'og:image', pictureUrl),
        meta('property', 'og:image:width', '1000'),
        meta('property', 'og:image:height', '560'),
      );
    }
  }
  if (habits.hasJsonLd) {
    const data = {
      '@context': 'https://schema.org',
      '@graph': [
        {
          '@type': 'NewsArticle',
          headline,
          mainEntityOfPage: url,
          datePublished: publishedAt.toISOString(),
          dateModified: publishedAt.toISOString(),
          author: [{ '@type': 'Person', name: author }],
          publisher: { '@type': 'NewsMediaOrganization', name },
          ...(pictureUrl ? { image: { '@type': 'ImageObject', url: pictureUrl, width: 1000, height: 560 } } : {}),
          keywords: tags,
          inLanguage: language,
        },
        { '@type': 'WebSite', name, url: new URL('/', url).href },
      ],
    };
    // Inside a script, "<" could close it.
    lines.push(`<script type="application/ld+json">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`);
  }
  return lines.join('\n  ');
}

/** The front page: a plain list, with the feeds for whoever looks for them. */
export function renderFrontPage(published: readonly PublishedArticle[]): string {
  const items = published.map(({ path, headline, language }) => `<li lang="${language}">${link(path, headline)}</li>`);
  return `<!DOCTYPE html>
<html lang="ar" dir="rtl">
<head>
  <meta charset="UTF-8" />
  <title>${site.ar.name} - ${site.ar.motto}</title>
  <link rel="stylesheet" href="/site.css" />
  <link rel="alternate" type="application/rss+xml" title="${site.ar.name}" href="${site.ar.feedPath}" />
  <link rel="alternate" type="application/atom+xml" title="${site.en.name}" href="${site.en.feedPath}" />
  <link rel="alternate" type="application/feed+json" title="${site.ar.name}" href="/feed.json" />
</head>
<body>
  <h1>${site.ar.name}</h1>
  <ul>${items.join('\n')}</ul>
</body>
</html>
`;
}
