// Which pictures of a page or feed can stand for the article.
import type { PageElement } from './page-document.ts';

const sitePicture =
  /(?:^|[/_.-])(?:logos?|favicon|sprites?|icons?|placeholder|avatars?|gravatar|emoji|smiley|no-?image|fallback|(?:og|opengraph|open-graph|social|share|site|fb)[-_]?default|default[-_]?(?:og|share|social|image|thumb(?:nail)?))(?=[_.-]|\d|$)/i;
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
  ];
  for (const source of sources) {
    const url = pictureUrl(source, baseUrl);
    if (url !== null) return url;
  }
  return null;
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
