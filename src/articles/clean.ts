// Takes out of an article's paragraphs what belongs to the page around it, and never a sentence of the text.
import { words } from '../lib/arabic.ts';
import { collapseWhitespace, stripControls } from '../lib/text.ts';
import {
  beginsList,
  isAppeal,
  isClutter,
  isListLike,
  isProse,
  isSignature,
  type Paragraph,
  paragraph,
  speaksOfSupport,
  withoutAgency,
} from './clutter.ts';

/** What is told apart from the body, and so not again inside it. */
export interface KnownParts {
  headline: string | null;
  kicker: string | null;
  imageCaption: string | null;
}

/** Headline, kicker and caption are repeated above the text, if anywhere. */
const topParagraphs = 8;
/** Lines of an appeal before the one that asks. */
const appealOpeningLines = 3;
const maxCaptionCharacters = 400;

/** The paragraphs of the article's own text, in order. Cleaning twice changes nothing more. */
export function cleanParagraphs(paragraphs: readonly string[], known: KnownParts): string[] {
  const candidates = paragraphs
    .map((text) => paragraph(withoutReadAlso(withoutIcons(collapseWhitespace(stripControls(text))))))
    .filter(({ text }) => text !== '');
  const kept = withoutLists(withoutAppeal(withoutKnown(candidates, known)));
  return withoutSignatures(kept).map(({ text }) => text);
}

const pictureIcon = /^(?:(?:camera|photo|image) icon\s*)+/iu;

/** The caption of a picture, where only the spelled-out icon before it gives it away. */
export function captionAmong(paragraphs: readonly string[]): string | null {
  const line = paragraphs
    .slice(0, topParagraphs)
    .find((text) => pictureIcon.test(text) && text.length <= maxCaptionCharacters);
  return line?.replace(pictureIcon, '').trim() || null;
}

/** Icons that a scraper or a screen reader spells out, and the font-size widget, stuck to what follows: a photo's to its caption. */
function withoutIcons(text: string): string {
  if (pictureIcon.test(text) && text.length <= maxCaptionCharacters) return '';
  return text.replace(/^(?:(?:camera|photo|tag|video|image) icon\s*|(?:ع\s+){2,}ع(?!\p{L})\s*)+/iu, '');
}

/** "… sentence. Read also: headline" in one paragraph: cut, unless more text follows the headline. */
function withoutReadAlso(text: string): string {
  const match =
    /(?<=[.!?؟…»”)]\s)(?:[اأإ]قر[أا]|شاهد|طالع|[اأ]نظر)\s+(?:[أا]يض(?:\p{M}|ا){1,3}|المزيد|كذلك)\s*[:：]|(?<=[.!?…”)]\s)(?:Read|See) (?:also|more)\s*:/u.exec(
      text,
    );
  if (!match) return text;
  const rest = text.slice(match.index);
  return words(rest).length > 25 || /[.!?؟]\s+\S/u.test(rest) ? text : text.slice(0, match.index).trim();
}

function withoutKnown(paragraphs: readonly Paragraph[], { headline, kicker, imageCaption }: KnownParts): Paragraph[] {
  const told = new Set([headline, kicker].map((part) => key(part ?? '')).filter((part) => part !== ''));
  const captions = new Set([key(imageCaption ?? '')].filter((part) => part !== ''));
  return paragraphs.filter((each, index) => {
    const own = key(each.text);
    if (told.has(own)) return index >= topParagraphs && each.ends;
    // Only once: a caption may repeat a sentence of the text.
    return index >= topParagraphs || !captions.delete(own);
  });
}

function key(text: string): string {
  return words(text).join(' ');
}

function withoutLists(paragraphs: readonly Paragraph[]): Paragraph[] {
  const kept: Paragraph[] = [];
  let insideList = false;
  for (const each of paragraphs) {
    if (beginsList(each)) {
      insideList = true;
      continue;
    }
    if (insideList && isListLike(each)) continue;
    if (isClutter(each)) continue;
    insideList = false;
    kept.push(each);
  }
  return kept;
}

/** An appeal at the end also has lines that only speak of it; they go with the line that asks. */
function withoutAppeal(paragraphs: readonly Paragraph[]): Paragraph[] {
  const lastProse = paragraphs.findLastIndex((each) => isProse(each) && !isAppeal(each));
  const first = paragraphs.findIndex((each, index) => index > lastProse && isAppeal(each));
  if (first === -1) return [...paragraphs];
  let start = first;
  while (start > lastProse + 1 && start > first - appealOpeningLines) {
    const before = paragraphs[start - 1];
    if (!before || !isListLike(before) || !speaksOfSupport(before)) break;
    start -= 1;
  }
  return paragraphs.filter((_, index) => index < start || index > first);
}

function withoutSignatures(paragraphs: readonly Paragraph[]): Paragraph[] {
  const kept = [...paragraphs];
  while (kept.length > 1 && isSignature(kept.at(-1) as Paragraph)) kept.pop();
  const last = kept.at(-1);
  if (last) kept[kept.length - 1] = paragraph(withoutAgency(last.text));
  return kept;
}
