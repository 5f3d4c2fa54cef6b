// The feeds of the sample newsroom: RSS as WordPress writes it, Atom for English, and a JSON Feed with whole texts.
import { escapeAttribute } from '../../src/lib/html.ts';
import type { PublishedArticle } from './publication.ts';
import { headlinesFromTheArchive, site } from './site.ts';

export interface FeedSource {
  origin: string;
  /** Newest first. */
  articles: readonly PublishedArticle[];
  updatedAt: Date;
  pictureBytes: (picture: string) => number;
}

export function renderRss({ origin, articles, updatedAt, pictureBytes }: FeedSource): string {
  const items = articles.map((article) => {
    const { headline, link, author, publishedAt, categories, guid, habits } = article;
    return `
	<item>
		<title>${escapeAttribute(headline)}</title>
		<link>${escapeAttribute(link)}</link>
		<dc:creator>${cdata(author)}</dc:creator>
		<pubDate>${rfc822(publishedAt)}</pubDate>
		${categories.map((category) => `<category>${cdata(category)}</category>`).join('\n\t\t')}
		<guid isPermaLink="false">${escapeAttribute(guid)}</guid>
		<description>${cdata(`<p>${escapeAttribute(excerpt(article))}</p>`)}</description>${
      habits.feedHasText
        ? `
		<content:encoded>${cdata(textWithClutter(article))}</content:encoded>`
        : ''
    }${rssPicture(article, pictureBytes)}
	</item>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
	xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:dc="http://purl.org/dc/elements/1.1/"
	xmlns:atom="http://www.w3.org/2005/Atom"
	xmlns:media="http://search.yahoo.com/mrss/"
	xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">

<channel>
	<title>${site.ar.name}</title>
	<atom:link href="${origin}${site.ar.feedPath}" rel="self" type="application/rss+xml" />
	<link>${origin}</link>
	<description>${site.ar.motto}</description>
	<lastBuildDate>${rfc822(updatedAt)}</lastBuildDate>
	<language>ar</language>
	<sy:updatePeriod>hourly</sy:updatePeriod>
	<sy:updateFrequency>1</sy:updateFrequency>${items.join('')}
</channel>
</rss>
`;
}

function rssPicture({ pictureUrl, picture, habits, caption }: PublishedArticle, bytes: FeedSource['pictureBytes']) {
  if (!pictureUrl || !picture) return '';
  if (habits.feedPicture === 'enclosure') {
    return `\n\t\t<enclosure url="${pictureUrl}" length="${bytes(picture)}" type="image/jpeg" />`;
  }
  if (habits.feedPicture === 'none') return '';
  return `
		<media:content url="${pictureUrl}" medium="image" type="image/jpeg" width="1000" height="560">
			<media:description type="plain">${escapeAttribute(caption ?? '')}</media:description>
		</media:content>`;
}

export function renderAtom({ origin, articles, updatedAt, pictureBytes }: FeedSource): string {
  const entries = articles.map((article) => {
    const { headline, link, author, publishedAt, categories, guid, habits, picture, pictureUrl } = article;
    const enclosure =
      pictureUrl && picture && habits.feedPicture !== 'none'
        ? `\n    <link rel="enclosure" type="image/jpeg" length="${pictureBytes(picture)}" href="${pictureUrl}"/>`
        : '';
    return `
  <entry>
    <id>${escapeAttribute(guid)}</id>
    <title type="html">${escapeAttribute(escapeAttribute(headline))}</title>
    <link rel="alternate" type="text/html" href="${escapeAttribute(link)}"/>${enclosure}
    <published>${publishedAt.toISOString()}</published>
    <updated>${publishedAt.toISOString()}</updated>
    <author><name>${escapeAttribute(author)}</name></author>
    ${categories.map((category) => `<category term="${escapeAttribute(category)}"/>`).join('\n    ')}
    <summary type="text">${escapeAttribute(excerpt(article))}</summary>${
      habits.feedHasText ? `\n    <content type="html">${escapeAttribute(textWithClutter(article))}</content>` : ''
    }
  </entry>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
  <id>tag:harbourpost.example,2020:feed</id>
  <title>${site.en.name}</title>
  <subtitle>${site.en.motto}</subtitle>
  <link rel="self" type="application/atom+xml" href="${origin}${site.en.feedPath}"/>
  <link rel="alternate" type="text/html" href="${origin}/en/"/>
  <updated>${updatedAt.toISOString()}</updated>${entries.join('')}
</feed>
`;
}

export function renderJsonFeed({ origin, articles }: FeedSource): string {
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title: site.ar.name,
    description: site.ar.motto,
    home_page_url: `${origin}/`,
    feed_url: `${origin}/feed.json`,
    language: 'ar',
    items: articles.map((article) => ({
      id: article.guid,
      url: article.url,
      title: article.headline,
      summary: excerpt(article),
      content_html: article.paragraphs.map((text) => `<p>${escapeAttribute(text)}</p>`).join('\n'),
      ...(article.pictureUrl ? { image: article.pictureUrl } : {}),
      date_published: article.publishedAt.toISOString(),
      authors: [{ name: article.author }],
      tags: article.categories,
      language: 'ar',
    })),
  };
  return JSON.stringify(feed, undefined, 2);
}

/** The whole text as it leaves a content management system: with the links that its plug-ins put into it. */
function textWithClutter({ paragraphs, language, topic, headline, url, pictureUrl, caption }: PublishedArticle) {
  const [older = ''] = headlinesFromTheArchive(topic, language);
  const words =
    language === 'ar'
      ? {
          also: 'اقرأ أيضًا:',
          source: `ظهرت المقالة <a href="${url}">${escapeAttribute(headline)}</a> أولًا على ${site.ar.name}.`,
        }
      : {
          also: 'Read also:',
          source: `The post <a href="${url}">${escapeAttribute(headline)}</a> appeared first on ${site.en.name}.`,
        };
  const middle = Math.ceil(paragraphs.length / 2);
  const parts = [
    ...(pictureUrl
      ? [`<figure><img src="${pictureUrl}"><figcaption>${escapeAttribute(caption ?? '')}</figcaption></figure>`]
      : []),
    ...paragraphs.slice(0, middle).map((text) => `<p>${escapeAttribute(text)}</p>`),
    `<p><strong>${words.also} <a href="${new URL('/archives/38211', url).href}">${older}</a></strong></p>`,
    ...paragraphs.slice(middle).map((text) => `<p>${escapeAttribute(text)}</p>`),
    `<p>${words.source}</p>`,
  ];
  return parts.join('\n');
}

function excerpt({ paragraphs }: PublishedArticle): string {
  const words = paragraphs.join(' ').split(' ');
  return words.length <= 55 ? words.join(' ') : `${words.slice(0, 55).join(' ')} […]`;
}

function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

function rfc822(at: Date): string {
  return at.toUTCString().replace('GMT', '+0000');
}
