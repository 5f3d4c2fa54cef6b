// The page of an article, as a newsroom's site would have it.
import { escapeAttribute, escapeHtml } from '../../src/lib/html.ts';

export interface NewsPage {
  headline: string;
  paragraphs: readonly string[];
  image?: string;
  publishedAt?: string;
  modifiedAt?: string;
  authors?: readonly string[];
}

export function newsPage({ headline, paragraphs, image, publishedAt, modifiedAt, authors = [] }: NewsPage): string {
  const linked = {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    headline,
    datePublished: publishedAt,
    dateModified: modifiedAt,
    author: authors.map((name) => ({ '@type': 'Person', name })),
    ...(image === undefined ? {} : { image }),
  };
  return `<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>${escapeHtml(headline)}</title>
    ${image === undefined ? '' : `<meta property="og:image" content="${escapeAttribute(image)}">`}
    <script type="application/ld+json">${JSON.stringify(linked).replaceAll('<', String.raw`\u003c`)}</script></head>
    <body><nav><a href="/">الرئيسية</a></nav><article><h1>${escapeHtml(headline)}</h1>
    ${paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n')}</article></body></html>`;
}
