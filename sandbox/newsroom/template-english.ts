// A page of the outlet's English edition: semantic HTML, and the same clutter in the manners of another market.
import { escapeAttribute as escape } from '../../src/lib/html.ts';
import { dateText } from './article.ts';
import type { PageParts } from './page.ts';
import type { PublishedArticle } from './publication.ts';

export function renderEnglishPage(article: PublishedArticle, { head, others, readAlso, before, after }: PageParts) {
  const { headline, kicker, author, tags, publishedAt, pictureUrl, caption, categories } = article;
  return `<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
  ${head}
</head>
<body>
<a class="skip-link" href="#story">Skip to main content</a>
<header class="c-header">
  <p class="c-header__brand"><a href="/en/">The Harbour Post</a></p>
  <nav><ul><li><a href="/en/community">Community</a></li><li><a href="/en/business">Business</a></li><li><a href="/en/culture">Culture</a></li><li><a href="/en/sport">Sport</a></li><li><a href="/">العربية</a></li></ul></nav>
  <a class="c-header__subscribe" href="/en/support">Become a member</a>
</header>
<aside class="c-breaking" aria-label="Breaking news"><strong>Latest</strong> ${others.slice(0, 2).join(' | ')}</aside>
<div class="ad-slot" id="ad-top">Advertisement</div>
<main id="story">
  <article class="c-story">
    <header>
      <p class="c-story__section">${escape(categories[0] ?? '')}</p>
      ${kicker ? `<p class="c-story__kicker">${escape(kicker)}</p>` : ''}
      <h1>${escape(headline)}</h1>
      <p class="c-byline">By <a rel="author" href="/en/authors">${escape(author)}</a> · <time datetime="${publishedAt.toISOString()}">${dateText(publishedAt, 'day', 'en')}</time> · 2 min read</p>
    </header>
    ${
      pictureUrl
        ? `<figure><img src="${pictureUrl}" alt="" width="1000" height="560" /><figcaption><span>camera icon</span> ${escape(caption ?? '')}</figcaption></figure>`
        : ''
    }
    <div class="c-tools"><span>tag icon</span> <button>A-</button> <button>A</button> <button>A+</button> <ul class="c-share"><li><a href="#share">Share</a></li><li><a href="#save">Save</a></li><li><a href="#print">Print</a></li></ul></div>
    <div class="c-story__body">
      ${before.map((text) => `<p>${text}</p>`).join('\n      ')}
      <p class="c-inline-link"><em>Read also: ${readAlso}</em></p>
      ${after.map((text) => `<p>${text}</p>`).join('\n      ')}
    </div>
    <ul class="c-tags" aria-label="Topics">${tags.map((tag) => `<li><a href="/en/tag/${encodeURIComponent(tag)}">${escape(tag)}</a></li>`).join('')}</ul>
  </article>
  <section class="c-appeal"><button aria-label="Close">×</button>
    <h2>Support The Harbour Post</h2>
    <p>Small newsrooms keep an eye on small places. If this one matters to you, help us to keep the lights on.</p>
    <a href="/en/support">Click here to contribute</a>
  </section>
  <section class="c-related"><h2>Related articles</h2><ul>${others
    .slice(0, 4)
    .map((other) => `<li>${other}</li>`)
    .join('')}</ul></section>
  <section class="c-comments"><h2>Comments (2)</h2><p><b>Walid</b> I passed by yesterday with my daughter and can confirm every word of it.</p><p><b>A reader</b> More of this kind of story, please.</p></section>
</main>
<aside class="c-side"><h2>Most read</h2><ol>${others
    .slice(1, 6)
    .map((other) => `<li>${other}</li>`)
    .join('')}</ol>
  <form class="c-newsletter"><h2>The morning letter</h2><p>Seven minutes with the news of the coast, every weekday.</p><input type="email" /><button>Sign up</button></form></aside>
<footer><p>© The Harbour Post. Reproduction is welcome with a link.</p><ul><li><a href="/en/about">About us</a></li><li><a href="/en/privacy">Privacy</a></li></ul></footer>
<div class="cookie-banner"><p>We use cookies to remember your font size and to count visits.</p><button>Accept</button><button>Manage</button></div>
<script>window.analytics = window.analytics || [];</script>
</body>
</html>
`;
}
