// Holds the body that a page shows against the one that its JSON-LD declares, where both are there.
import { words } from '../lib/arabic.ts';
import { paragraphsOf } from './article.ts';
import type { Block } from './paragraphs.ts';

/** Shorter declared texts are summaries. */
const minDeclaredWords = 60;
/** The two are the same text when so much of what is shown is declared … */
const minSharedShare = 0.7;
/** … and this much of what is declared is shown; many publishers declare only a beginning. */
const minDeclaredShown = 0.8;
/** Less than this of the declared text shown: the page shows the text elsewhere, or not at all. */
const maxMissedShare = 0.4;

/** Blocks times declared words: comparing more would cost more than it tells. */
const maxComparisons = 5_000_000;

/** The blocks of `shown` that `articleBody` confirms, or its own paragraphs where the page shows little of it. */
export function agreedBody(shown: readonly Block[], articleBody: string | null): Block[] {
  const declared = words(articleBody ?? '');
  if (articleBody === null || declared.length < minDeclaredWords) {
    return shown.length === 0 && articleBody !== null ? blocksOf(articleBody) : [...shown];
  }
  if (shown.length * declared.length > maxComparisons) return [...shown];
  const text = ` ${declared.join(' ')} `;
  const counts = shown.map((block) => words(block.text));
  const isDeclared = counts.map((own) => own.length > 0 && text.includes(` ${own.join(' ')} `));
  const wordsWhere = (wanted: boolean) =>
    counts.reduce((sum, own, index) => sum + (isDeclared[index] === wanted ? own.length : 0), 0);
  const shared = wordsWhere(true);
  const all = shared + wordsWhere(false);
  if (shared < declared.length * maxMissedShare && declared.length > all * 1.5) return blocksOf(articleBody);
  if (shared < all * minSharedShare || shared < declared.length * minDeclaredShown) return [...shown];
  const first = isDeclared.indexOf(true);
  const last = isDeclared.lastIndexOf(true);
  // Quotations and lists are often not declared; what stands before and after the declared text is not of it.
  return shown.filter((block, index) => isDeclared[index] || (index > first && index < last && block.linked < 0.5));
}

/** Plain text with or without blank lines between its paragraphs. */
export function blocksOf(text: string): Block[] {
  const paragraphs = paragraphsOf(text.includes('\n\n') ? text : text.replaceAll('\n', '\n\n'));
  return paragraphs.map((paragraph) => ({ text: paragraph, kind: 'text', linked: 0, emphasized: 0 }));
}
