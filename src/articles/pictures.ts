// Which pictures of a page or feed can stand for the article.
import type { PageElement } from './page-document.ts';

const sitePicture =
  /(?:^|[/_.-])(?:logos?|favicon|sprites?|icons?|placeholder|avatars?|gravatar|emoji|smiley|no-?image|fallback|(?:og|opengraph|open-graph|social|share|site|fb)(?:[-_]?image)?[-_]?default|default[-_]?(?:og|share|social|image|thumb(?:nail)?))(?=[_.-]|\d|$)/i;
/** A whole name that says what a picture is for and not what it shows: every page of the site has it. */
const sharePicture =
  /^(?:(?:default|share|sharing|social|facebook|fb|twitter|og|opengraph|image|img|card|thumb|banner|header|masthead|loading|lazy)[-_]?)+(?:\d{2,4}x\d{2,4})?\.\w+$/i;
/** Folders of pictures that stand for missing ones. */
const sharedFolder = /\/(?:fallbacks?|placeholders?|default-images?|logos?)\//i;
const spacer = /^(?:pixel|blank|spacer|1x1|clear|transparent|empty)\.\w+$/i;
const trackingHost =
  /(?:doubleclick\.net|scorecardresearch\.com|google-analytics\.com|feedburner\.com|feedsportal\.com|pixel\.wp\.com|stats\.wordpress\.com|gravatar\.com|quantserve\.com)$/i;
const trackingPath = /^\/(?:tr|pixel|beacon|collect|track)\/?$/i;
/** Smaller ones are icons. */
const minPictureSide = 100;

/** The absolute http(s) URL of a picture; null for drawings (SVG), data, logos, icons and tracking pixels. */
export function pictureUrl(source: string | null | undefined, baseUrl: string): string | null {
  if (!source) return null;
  const url = URL.parse(source.trim(), baseUrl);
  if (!url || !/^https?:$/.test(url.protocol)) return null;
  const fileName = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
  if (/\.svgz?$/i.test(fileName) || sitePicture.test(fileName) || spacer.test(fileName)) return null;
  if (sharePicture.test(fileName) || sharedFolder.test(url.pathname)) return null;
  if (trackingHost.test(url.hostname) || (trackingPath.test(url.pathname) && url.search !== '')) return null;
  return url.href;
}

/** The picture an <img> shows or will show once it is scrolled to. */
export function pictureOf(image: PageElement, baseUrl: string): string | null {
  for (const side of ['width', 'height']) {
    const length = Number.parseInt(image.getAttribute(side) ?? '', 10);
    if (length < minPictureSide) return null;
  }
  const lazy = ['data-src', 'data-lazy-src', 'data-original', 'data-orig-file', 'data-url'];
  const srcset = ['data-srcset', 'data-lazy-srcset', 'srcset'].map((name) => image.getAttribute(name)).find(Boolean);
  const sources = [
    largestOf(srcset ?? null),
    ...lazy.map((name) => image.getAttribute(name)),
    image.getAttribute('src'),
    ...sourcesBeside(image),
  ];
  for (const source of sources) {
    const url = pictureUrl(source, baseUrl);
    if (url !== null) return url;
  }
  return null;
}

/** What a <picture> offers besides its <img>, which may hold only a spinner. */
function sourcesBeside(image: PageElement): (string | null)[] {
  if (image.parentElement?.localName !== 'picture') return [];
  const sources = [...image.parentElement.querySelectorAll('source')];
  return sources.map((source) => largestOf(source.getAttribute('data-srcset') ?? source.getAttribute('srcset')));
}

/** Whether two URLs are sizes of one picture: the same file name but for the size that CMSs write into it. */
export function samePicture(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return false;
  return one === other || fileKey(one) === fileKey(other);
}

function fileKey(url: string): string {
  const path = URL.parse(url)?.pathname ?? url;
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return name.replace(/(?:[-_]\d{2,4}x\d{2,4}|-scaled|-\d{2,4}w|@\dx)?\.\w{2,5}$/, '');
}

function largestOf(srcset: string | null): string | null {
  let best: string | null = null;
  let bestSize = -1;
  for (const candidate of srcset?.split(/,\s+/) ?? []) {
    const [source, size = '1'] = candidate.trim().split(/\s+/);
    if (source && Number.parseFloat(size) > bestSize) {
      best = source;
      bestSize = Number.parseFloat(size);
    }
  }
  return best;
}
