// What is kept of an article to compare it with later ones: stems, figures, days, places and hashes, never the text.
import { words } from '../lib/arabic.ts';
import { figuresOf, frameOf } from './figures.ts';
import { lightStem } from './light-stem.ts';
import { placesOf } from './places.ts';
import { routineKinds } from './routine-report.ts';
import { shinglesOf, textHash } from './shingles.ts';
import { isCommonArabicStem } from './word-frequency.ts';

/** Plain JSON of at most 1.5 KB, so that an index is rebuilt without the text. Lists are separated by spaces. */
export interface Fingerprint {
  /** The title's stems and the lead's, in order, as often as they occur; numbers are compared by themselves. */
  title: string;
  lead: string;
  /** Of title and lead: see figures.ts. */
  numbers: string;
  days: string;
  /** Stems of places: see places.ts. */
  places: string;
  routine: number[];
  /** Hashes of each three words of the lead, without separator: see shingles.ts. */
  shingles: string;
  /** Hashes: of title and lead, of the title, and of each with its figures and days left open. */
  exact: string;
  titleExact: string;
  titleFrame: string;
  leadFrame: string;
}

const maxTitleWords = 40;
const maxLeadWords = 60;
/** Letters of a word on average, in texts without spaces, too: what is cut off is never compared. */
const maxLetters = 20;
/** Bytes of UTF-8; more than sixty Arabic stems take. */
const maxBytes = { title: 240, lead: 640, numbers: 80, days: 30, places: 60 };

export function fingerprintOf(article: {
  title: string;
  text: string;
  publishedAt: Date;
  language?: string;
}): Fingerprint {
  const lead = article.text.slice(0, maxLeadWords * maxLetters);
  const titleWords = words(article.title.slice(0, maxTitleWords * maxLetters)).slice(0, maxTitleWords);
  const leadWords = words(lead).slice(0, maxLeadWords);
  const titleStems = stemsOf(titleWords);
  const leadStems = stemsOf(leadWords);
  const { numbers, days } = figuresOf(`${article.title}\n${lead}`, maxTitleWords + maxLeadWords);
  const places = new Set([...placesOf(titleStems), ...placesOf(leadStems)]);
  return {
    title: joined(titleStems, maxBytes.title),
    lead: joined(leadStems, maxBytes.lead),
    numbers: joined(numbers, maxBytes.numbers),
    days: joined(days, maxBytes.days),
    places: joined([...places], maxBytes.places),
    routine: routineKinds(new Set(titleStems), new Set([...titleStems, ...leadStems])),
    // A lead of a few words is known again with its title only.
    shingles: shinglesOf(leadWords.length < 8 ? [...titleWords, ...leadWords] : leadWords),
    exact: textHash(`${titleWords.join(' ')}\n${leadWords.join(' ')}`),
    titleExact: textHash(titleWords.join(' ')),
    titleFrame: textHash(frameOf(titleWords)),
    leadFrame: textHash(frameOf(leadWords)),
  };
}

function stemsOf(all: readonly string[]): string[] {
  return all.filter((word) => !/^\p{N}/u.test(word)).map((word) => lightStem(word, isCommonArabicStem));
}

/** As many of `parts` as fit. */
function joined(parts: readonly string[], most: number): string {
  const fitting: string[] = [];
  let bytes = 0;
  for (const part of parts) {
    bytes += Buffer.byteLength(part) + 1;
    if (bytes > most + 1) break;
    fitting.push(part);
  }
  return fitting.join(' ');
}
