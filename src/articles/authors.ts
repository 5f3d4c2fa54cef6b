// Who wrote an article: names out of bylines, in the newsrooms' languages.
import { words } from '../lib/arabic.ts';
import { collapseWhitespace } from '../lib/text.ts';

const maxAuthors = 10;
const maxNameWords = 7;
const maxNameCharacters = 80;

/** In front of a name; matched against the text itself, hamza or none. */
const role =
  /^[\s|•\-–—:]*(?:(?:analysis|opinion|review|text|photos?|video) by|by|written by|reporting by|story by|words by|posted by|author|authors|كتب(?:ت|ه|ها)?|كتابة|الكاتب|بقلم|إعداد|اعداد|تحرير|ترجمة|تقرير|حوار|حاوره|الكاتبة|par|von|por|текст|автор)(?:\s*[:：/|\-–—]+\s*|\s+)/iu;
const labelled =
  /^[\s|•\-–—]*(?:(?:by)\s+|(?:Von|Par|Por)\s+(?=\p{Lu}\S*\s\p{Lu})|(?:كتب(?:ت|ه|ها)?|كتابة|بقلم|إعداد|اعداد|تحرير|ترجمة|تقرير|حوار)\s*[:：/|\-–—]+\s*|بقلم\s+)(?=\p{L})/iu;
/** What follows a name in the same line: a place, an office, a date. */
const afterName =
  /\s+[-–—|•/]\s*|\s*[|•\n]\s*|\s+(?:on|@|for|in)\s+|\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b.*$|\s*[،,]?\s*\d.*$/u;
const separators = /\s*(?:[,;،؛&+]|\s(?:and|و|et|und|y|ve)\s)\s*/u;
const office =
  /^(?:admin(?:istrator)?|editor|webmaster|staff|unknown|anonymous|null|undefined|user|root|.*\b(?:writer|editor|reporter|correspondent|contributor|producer|columnist|chief|staff|press writer|associated press|special to)\b.*)$/iu;

/** The names in `sources`, each once, in order; without those in `siteNames`, which are the publisher's own. */
export function authorsFrom(sources: readonly string[], siteNames: readonly string[]): string[] {
  const sites = new Set(siteNames.flatMap((name) => [key(name), key(name).replaceAll(' ', '')]));
  const authors = new Map<string, string>();
  for (const source of sources) {
    for (const name of namesIn(source)) {
      if (!sites.has(key(name)) && !authors.has(key(name))) authors.set(key(name), name);
    }
  }
  return [...authors.values()].slice(0, maxAuthors);
}

function namesIn(source: string): string[] {
  const line = collapseWhitespace(source).slice(0, 400);
  if (/^(?:https?:)?\/\//.test(line)) return [];
  return withoutRole(withoutDesk(line))
    .split(separators)
    .map((part) => collapseWhitespace(withoutRole(part).split(afterName, 1)[0] ?? '').replace(/[.:\-–—|]+$/u, ''))
    .filter(isName);
}

/** "City: Name Surname", as agencies and dailies write a correspondent's byline. */
const place = /^\p{L}+(?:[\s-]\p{L}+)?\s*[:：]\s*(?=\p{L}+\s+\p{L})/u;

/** "Desk - Name Surname": who writes for whom. */
function withoutDesk(line: string): string {
  const [desk = '', name = ''] = line.split(/\s+[-–—|/]\s+/, 2);
  const count = words(name).length;
  return words(desk).length === 1 && count >= 2 && count <= 4 ? name : line;
}

function withoutRole(text: string): string {
  return text.replace(role, '').replace(place, '');
}

function isName(text: string): boolean {
  const count = words(text).length;
  if (count === 0 || count > maxNameWords || text.length > maxNameCharacters) return false;
  // A name in one word with a mark or a capital inside is an account's.
  if (/^\S*(?:_|[a-z][A-Z])\S*$/.test(text)) return false;
  return !/[@/\\<>{}]|https?:|www\.|\.(?:com|net|org)$|\d/i.test(text) && /\p{L}{2}/u.test(text) && !office.test(text);
}

/** The byline that `line` is, without what it begins with: "By …", "كتب: …"; null for any other line. */
export function bylineIn(line: string): string | null {
  const text = collapseWhitespace(line);
  if (text.length > maxNameCharacters + 40 || !labelled.test(text)) return null;
  const rest = text.replace(labelled, '');
  // A sentence may begin like a byline: it has a verb and a stop.
  if (/[.!?؟]$/u.test(rest) || words(rest).length > maxNameWords * 2) return null;
  return namesIn(rest).length > 0 ? rest : null;
}

function key(text: string): string {
  return words(text).join(' ');
}
