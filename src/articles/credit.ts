// Knows the credits of pictures: who made them, in their own line, in brackets, or after a label.
import { collapseWhitespace } from '../lib/text.ts';
import { normalizeArabic, words } from '../lib/arabic.ts';
import type { PageElement } from './page-document.ts';
import { lineIn } from './paragraphs.ts';

const maxCreditWords = 14;

const label =
  /^[^\p{L}©]*(?:©|(?:photo(?:graph)?|image|picture|foto|photo credit|image credit|picture credit|credit|crédits?(?: photo)?|bild|фото|المصدر|مصدر الصوره?|مصدر الصورة|الصورة|صورة|تصوير|عدسة|صورة من|credits?)(?: by| courtesy of)?\s*[:：|©]|(?:تصوير|عدسة|photo(?:graph)? by|image courtesy|photo courtesy|courtesy of)\s)/u;
const counter = /^(?:image|photo|slide|صورة|الصورة)?\s*\d{1,3} (?:of|من|\/)(?: \/)? ?\d{1,3}$/u;
const agency =
  /getty|shutterstock|istock|(?<!\p{L})(?:reuters|alamy|epa(?:-efe)?|afp|ap photo|associated press|anadolu|unsplash|pixabay|flickr|wikimedia|رويترز|اسوشيتد برس|فرانس برس|ا\.? ?ف\.? ?ب|الاناضول|غيتي|جيتي|سبوتنيك|سانا|شينخوا|اي بي ايه|وكالات)(?!\p{L})/u;

/** A line that is nothing but who made a picture, or which of a gallery it is. */
export function isCredit(text: string): boolean {
  if (text.length > 200) return false;
  const normal = collapseWhitespace(normalizeArabic(text));
  if (counter.test(normal)) return true;
  if (words(text).length > maxCreditWords || /[.!?؟]\s+\S/u.test(text)) return false;
  if (label.test(normal)) return true;
  // "Name/Agency", "Agency Images".
  return words(text).length <= 8 && agency.test(normal) && /\/|images|photo|via |©|صور/u.test(normal);
}

const finalBracket = /[([]([^()[\]]{2,80})[)\]][\s.]*$/u;
const ofPicture = /(?:photo|image|via|file|archive|handout|\/|صور|تصوير|ارشيف|عدسة)/u;

/** A whole caption, by the credit of a picture in brackets at its end: "… (Name via Agency, File)". */
export function isCreditedCaption(text: string): boolean {
  const inside = finalBracket.exec(text.slice(-120))?.[1];
  if (inside === undefined) return false;
  const normal = normalizeArabic(inside);
  return (
    ofPicture.test(normal) &&
    (agency.test(normal) || /\bap\b/.test(normal) || /^(?:photo|image|صورة|تصوير|عدسة)/u.test(normal))
  );
}

const creditClass = /credit|copyright|photographer|byline|attribution|(?:photo|image)-?(?:source|by)/i;
const maxCreditCharacters = 100;
const leadingLabel =
  /^[^\p{L}©]*(?:(?:(?:photo|image|picture) credits?|credits?|photo(?:graph)?|image|picture|source|file|foto|crédits?(?: photo)?|bild|المصدر|مصدر الصورة|صورة من|الصورة|صورة|تصوير|عدسة)\s*(?:\.{3}|[:：|])?\s*(?:by\s+|©\s*)?(?=[\p{L}©]))/iu;

/** The element inside a caption that says who made the picture. */
export function creditElement(caption: PageElement): PageElement | null {
  for (const element of caption.querySelectorAll('span, [class], small, cite')) {
    const isNamed = element.localName === 'small' || element.localName === 'cite';
    const names = element.getAttribute('class') ?? (isNamed ? 'credit' : '');
    const length = (element.textContent ?? '').trim().length;
    if (length === 0 || length > maxCreditCharacters) continue;
    if (creditClass.test(names) || isCredit(lineIn(element))) return element;
  }
  return lastPart(caption);
}

const maxNameWords = 8;

/** A name in an element of its own after the words of the caption. */
function lastPart(caption: PageElement): PageElement | null {
  const parts = [...caption.querySelectorAll('*')].filter(({ parentElement }) => parentElement === caption);
  const last = parts.at(-1);
  if (!last || last.localName !== 'span' || last.nextSibling) return null;
  const text = lineIn(last);
  const isName = /^\p{Lu}/u.test(text) && !/[.!?]$/.test(text) && words(text).length <= maxNameWords;
  return isName && words(lineIn(caption)).length > words(text).length * 2 ? last : null;
}

/** Its words, without "Photo:"; null where there is none. */
export function creditOf(caption: PageElement): string | null {
  const element = creditElement(caption);
  return element && withoutLabel(lineIn(element));
}

/** What else stands in brackets at the end of a caption. */
const noName =
  /^(?:left|right|center|centre|top|bottom|above|below|file|archive|pictured|أرشيف|أرشيفية|ارشيفية|من اليمين|من اليسار|يمين|يسار|صورة?|فيديو)$/iu;
const inBrackets = /[([]([^()[\]]{2,80})[)\]][\s.]*$/u;
const afterMark =
  /(?:©|\b(?:photo(?:graph)?|image|credit|courtesy)\b(?: by| of)?\s*[:：]|تصوير\s*[:：/]?|عدسة\s*[:：/]?|المصدر\s*[:：]|via )\s*([^.;]{2,80})[.\s)]*$/iu;

/** The credit in a caption's own words: "(Reuters)", "Photo: Name/Agency", "تصوير: …"; null where there is none. */
export function creditIn(caption: string): string | null {
  const bracketed = inBrackets.exec(caption)?.[1];
  if (bracketed !== undefined && words(bracketed).length <= 8) return withoutLabel(bracketed);
  const marked = afterMark.exec(caption)?.[1];
  if (marked !== undefined && words(marked).length <= 8) return withoutLabel(marked);
  const last = caption.split(/(?<=[.!?؟])\s+|\s+[-–—|]\s*|-\s+/u).at(-1) ?? '';
  return last !== caption && words(last).length <= 8 && agency.test(normalizeArabic(last)) ? withoutLabel(last) : null;
}

function withoutLabel(text: string): string | null {
  const name = collapseWhitespace(text.replace(leadingLabel, '').replace(/^©\s*/, '')).replace(/[.\s)\]]+$/u, '');
  const letters = name.match(/\p{L}/gu)?.length ?? 0;
  return letters >= 2 && !/^\d|\b(?:19|20)\d{2}$/.test(name) && !noName.test(name) ? name : null;
}
