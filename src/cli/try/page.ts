// nashra try page: the article that is found on a web page.
import { extractPage } from '../../articles/extract.ts';
import { isSelector } from '../../articles/selectors.ts';
import { detectLanguage } from '../../articles/language.ts';
import { CommandError } from '../context.ts';
import { isolated, printable } from '../output.ts';
import { type Material, noAddress } from './material.ts';
import { type Fields, optionalAddressIn, optionalTextIn, textIn, textsIn, type Trial } from './trial.ts';

interface PageAnswer {
  headline: string;
  kicker: string | null;
  body: string;
  authors: string[];
  publishedAt: string | null;
  modifiedAt: string | null;
  image: { url: string; caption: string | null; credit: string | null } | null;
  section: string | null;
  tags: string[];
  language: string;
}

export function createPageTrial({ material, timeZone }: { material: Material; timeZone: string }): Trial {
  return {
    async answer(fields): Promise<PageAnswer> {
      const html = optionalTextIn(fields, 'html');
      const page = html === undefined ? await material.page(textIn(fields, 'file')) : { html, url: noAddress };
      const [keep, drop] = [selectorsIn(fields, 'keep'), selectorsIn(fields, 'drop')];
      const found = extractPage(page.html, optionalAddressIn(fields, 'url') ?? page.url, { timeZone, keep, drop });
      if (!found) throw new CommandError('No article was found on the page.');
      const { headline, kicker, body, authors, section, tags, imageUrl, imageCaption, imageCredit } = found;
      return {
        headline,
        kicker,
        body,
        authors,
        publishedAt: withOffset(found.publishedAt, found.publishedOffsetMinutes, timeZone),
        modifiedAt: withOffset(found.modifiedAt, found.modifiedOffsetMinutes, timeZone),
        image: imageUrl === null ? null : { url: imageUrl, caption: imageCaption, credit: imageCredit },
        section,
        tags,
        language: detectLanguage(`${headline}\n${body}`, found.language),
      };
    },
  };
}

/** As the newsroom file has them for a feed. */
function selectorsIn(fields: Fields, name: string): string[] {
  const selectors = textsIn(fields, name);
  const wrong = selectors.find((selector) => !isSelector(selector));
  if (wrong !== undefined) throw new CommandError(`${JSON.stringify(wrong)} is no CSS selector.`);
  return selectors;
}

/** ISO 8601 with the publisher's own offset, so that its local date can be read; where none was written, the zone's. */
function withOffset(instant: Date | null, offsetMinutes: number | null, timeZone: string): string | null {
  if (instant === null) return null;
  const minutes = offsetMinutes ?? zoneOffsetMinutes(instant, timeZone);
  const local = new Date(instant.getTime() + minutes * 60_000).toISOString().slice(0, 19);
  const two = (value: number) => String(Math.trunc(value)).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${local}${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
}

function zoneOffsetMinutes(instant: Date, timeZone: string): number {
  const name = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(instant)
    .find(({ type }) => type === 'timeZoneName')?.value;
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(name ?? '') ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

export function showPage(answer: PageAnswer): string {
  const { headline, kicker, body, authors, publishedAt, modifiedAt, image, section, tags, language } = answer;
  const rows: [string, string | null][] = [
    ['Kicker', kicker],
    ['Headline', headline],
    ['By', authors.join(', ')],
    ['Published', publishedAt],
    ['Changed', modifiedAt],
    ['Section', section],
    ['Tags', tags.join(', ')],
    ['Language', language],
    ['Picture', image?.url ?? null],
    ['Caption', image?.caption ?? null],
    ['Credit', image?.credit ?? null],
  ];
  const lines = rows.flatMap(([name, value]) =>
    value ? [`${`${name}:`.padEnd(11)}${isolated(printable(value))}`] : [],
  );
  return `${lines.join('\n')}\n\n${body}\n`;
}
