// The picture that leads an article, with its caption and who made it.
import { words } from '../lib/arabic.ts';
import { collapseWhitespace } from '../lib/text.ts';
import { isInvitation, paragraph } from './clutter.ts';
import { creditElement, creditIn, creditOf } from './credit.ts';
import type { LinkedImage } from './json-ld.ts';
import type { Meta } from './meta.ts';
import { isInFrame, isUnseen, type PageElement, type PageNode, textNode } from './page-document.ts';
import type { PageElements } from './page-elements.ts';
import { isOfOtherArticle } from './other-article.ts';
import { lineIn } from './paragraphs.ts';
import { pictureOf, pictureUrl, samePicture } from './pictures.ts';

export interface LeadPicture {
  url: string | null;
  caption: string | null;
  credit: string | null;
}

const imageNames = ['og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src'];
const lessSureNames = ['parsely-image-url', 'sailthru.image.full', 'image', 'thumbnail'];

/** `images` are those of JSON-LD. */
export function findLeadPicture(
  elements: PageElements,
  pageUrl: string,
  images: readonly LinkedImage[],
  meta: Meta,
): LeadPicture {
  const linkedUrls = images.map(({ url }) => url);
  const link = elements.named('link').find((each) => each.getAttribute('rel') === 'image_src');
  const declared = [
    ...meta.all(...imageNames),
    ...linkedUrls,
    ...meta.all(...lessSureNames),
    link?.getAttribute('href'),
  ];
  const declaredUrl = declared.map((source) => pictureUrl(source, pageUrl)).find((url) => url !== null);
  const url = declaredUrl ?? shownPicture(elements, pageUrl);

  const caption = findCaption(elements, pageUrl, url);
  const linked = images.find((image) => url !== null && samePicture(pictureUrl(image.url, pageUrl), url)) ?? images[0];
  const text = caption ? captionText(caption) : (linked?.caption ?? null);
  return {
    url,
    caption: text,
    credit: (caption && creditOf(caption)) ?? (text === null ? null : creditIn(text)) ?? linked?.credit ?? null,
  };
}

/** The lead image is among the first. */
const maxImages = 150;

function shownPicture(elements: PageElements, pageUrl: string): string | null {
  const images = [...elements.named('img'), ...elements.named('amp-img')]
    .slice(0, maxImages)
    .filter((image) => !isInFrame(image) && !leadsElsewhere(image, pageUrl));
  const within = (names: readonly string[]) => images.filter((image) => names.some((name) => image.closest(name)));
  const marked = images.filter((image) => image.getAttribute('itemprop') === 'image');
  for (const image of [...within(['figure', 'picture']), ...marked, ...within(['article', 'main']), ...images]) {
    const url = pictureOf(image, pageUrl);
    if (url !== null) return url;
  }
  const backgrounds = elements.backgrounds.filter(
    ([element]) => !isInFrame(element) && !leadsElsewhere(element, pageUrl),
  );
  return backgrounds.map(([, source]) => pictureUrl(source, pageUrl)).find((url) => url !== null) ?? null;
}

const otherArticles =
  /(?:^|[\s_-])(?:related|recommend(?:ed|ations?)?|most-?read|trending|popular|sidebar|widget|avatar|author|logo|header|footer|comments?)(?:[\s_-]|$)/i;

/** A thumbnail in a list of other articles: by the list's name, or by a link to another page around the picture, not to the picture itself. */
function leadsElsewhere(image: PageElement, pageUrl: string): boolean {
  for (let holder: PageElement | null = image; holder && holder.localName !== 'body'; holder = holder.parentElement) {
    if (otherArticles.test(`${holder.getAttribute('id') ?? ''} ${holder.getAttribute('class') ?? ''}`)) return true;
  }
  if (isOfOtherArticle(image)) return true;
  const link = image.closest('a[href]');
  const target = link ? URL.parse(link.getAttribute('href') ?? '', pageUrl) : null;
  if (!target || /\.(?:jpe?g|png|webp|gif|avif)$/i.test(target.pathname)) return false;
  return target.pathname !== URL.parse(pageUrl)?.pathname;
}

/** The class of an element that holds the caption of a picture. */
const captionClass = /caption|photo-?credit|image-?credit|(?:photo|image|picture)[_-]?(?:desc|text|info|source)/i;
/** A longer one is text that a class name only seems to call a caption. */
const maxCaptionCharacters = 400;
const spelledIcon = /^(?:(?:camera|photo|image) icon\s*)+/i;

/** Whether an element holds the caption or the credit of a picture, and nothing else. */
export function isCaption(element: PageElement): boolean {
  const name = element.localName;
  if (name !== 'figcaption') {
    if (name === 'figure' || name === 'img' || name === 'video') return false;
    const names = element.getAttribute('class') ?? '';
    if (names === '' || !captionClass.test(names) || /(?:^|\s)wp-caption(?:\s|$)/.test(names)) return false;
    if (element.querySelector('img') !== null) return false;
  }
  return (element.textContent ?? '').trim().length <= maxCaptionCharacters;
}

function findCaption(elements: PageElements, pageUrl: string, url: string | null): PageElement | null {
  const captions = [...elements.named('figcaption'), ...elements.having('class').map(([element]) => element)].filter(
    (each) => isCaption(each) && !isInFrame(each) && hasWords(each),
  );
  const imagesBy = (caption: PageElement) => [
    ...((caption.closest('figure') ?? caption.parentElement)?.querySelectorAll('img, amp-img') ?? []),
  ];
  const isLead = (image: PageElement) => url !== null && samePicture(pictureOf(image, pageUrl), url);
  const ofLead = captions.find((each) => imagesBy(each).some(isLead));
  if (ofLead) return ofLead;
  // Where the page shows the lead picture without words, those of another picture are not its own.
  if (elements.named('img').some(isLead)) return iconCaption(elements);
  const ofPicture = captions.filter((each) => !isInvitation(paragraph(lineIn(each))));
  return (
    ofPicture.find((each) => imagesBy(each).length > 0) ??
    ofPicture.find(({ localName }) => localName === 'figcaption') ??
    iconCaption(elements)
  );
}

/** Without any class to know it by, the icon before it gives the caption away. */
function iconCaption(elements: PageElements): PageElement | null {
  const marked = ['p', 'div', 'span', 'small', 'em'].flatMap((name) => elements.named(name));
  return marked.find((element) => spelledIcon.test(firstText(element)) && hasWords(element)) ?? null;
}

/** The first piece of text inside an element. */
function firstText(element: PageElement): string {
  let node: PageNode | null = element.firstChild;
  while (node && node.nodeType !== textNode) node = node.firstChild ?? node.nextSibling;
  return node?.textContent?.trimStart() ?? '';
}

function hasWords(element: PageElement): boolean {
  const text = captionText(element);
  return text.length <= maxCaptionCharacters && words(text).length >= 2;
}

/** The label of a credit that has an element of its own. */
const loneLabel = /(?:credit(?:\.{3}|:)?|photo(?:graph)?:|foto:|صورة:|تصوير:)\s*$/i;

/** The caption as it is read, without a credit that has an element of its own. */
function captionText(element: PageElement): string {
  const unseen = [...element.querySelectorAll('[class]')].filter((each) => isUnseen(each)).map(lineIn);
  const line = unseen.reduce((rest, label) => rest.replace(label, ''), lineIn(element));
  const text = line.trim().replace(spelledIcon, '').trim();
  const credited = creditElement(element);
  const credit = credited ? lineIn(credited) : '';
  const rest = (credit !== '' && text.endsWith(credit) ? text.slice(0, -credit.length) : text).replace(loneLabel, '');
  const caption = collapseWhitespace(rest.replace(/[\s|/–—-]+$/u, ''));
  return words(caption).length >= 2 ? caption : text;
}
