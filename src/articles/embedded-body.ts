// Finds an article's text in the JSON that a page carries for its own scripts, where its elements show little of it.
import { words } from '../lib/arabic.ts';
import { endsSentence } from './clutter.ts';
import { maxPageCharacters, openDocument } from './page-document.ts';
import { type Block, blocksIn } from './paragraphs.ts';

/** A page shows less when its text is in its data; below this, looking for it is worth the time. */
const minShownWords = 60;
/** The data holds the text only where it says clearly more than the page. */
const minGain = 1.5;
const minParagraphWords = 8;
const jsonType = 'application/json';
const maxScripts = 20;
const maxScriptCharacters = 2_000_000;
/** Lists in lists say the same text again. */
const maxCandidates = 3;
const maxDepth = 30;
const maxNodes = 100_000;

/** `shown`, or the longest text that is a value, or a list of values, in the page's JSON scripts. */
export function embeddedBody(shown: readonly Block[], html: string): readonly Block[] {
  const shownWords = shown.reduce((sum, { text }) => sum + words(text).length, 0);
  if (shownWords >= minShownWords) return shown;
  let best: readonly Block[] = shown;
  let bestWords = Math.max(minShownWords, shownWords * minGain);
  const candidates = textsIn(html)
    .toSorted((a, b) => lengthOf(b) - lengthOf(a))
    .slice(0, maxCandidates);
  for (const text of candidates) {
    const blocks = blocksOfText(text);
    const count = blocks.reduce((sum, block) => sum + words(block.text).length, 0);
    if (count <= bestWords) continue;
    best = blocks;
    bestWords = count;
  }
  return best;
}

/** Each text that may be the article's: a long value, or what the entries of one list say, in their order. */
function textsIn(html: string): string[][] {
  const texts: string[][] = [];
  let nodes = 0;
  // Gives the paragraphs below `value`, so that a list gathers those of its entries.
  const walk = (value: unknown, depth: number): string[] => {
    nodes += 1;
    if (depth > maxDepth || nodes > maxNodes) return [];
    if (typeof value === 'string') return isParagraph(value) ? [value] : [];
    if (typeof value !== 'object' || value === null) return [];
    // An entry says its text once: the longest of its values, not its teaser and its caption beside it.
    if (!Array.isArray(value)) return longest(Object.values(value).map((each) => walk(each, depth + 1)));
    const paragraphs = value.flatMap((each) => walk(each, depth + 1));
    if (paragraphs.length > 0) texts.push(paragraphs);
    return paragraphs;
  };
  for (const source of scriptsIn(html)) {
    const paragraphs = walk(parsed(source), 0);
    if (paragraphs.length > 0) texts.push(paragraphs);
  }
  return texts;
}

function scriptsIn(html: string): string[] {
  const sources: string[] = [];
  const page = html.slice(0, maxPageCharacters);
  for (let tried = 0, at = page.indexOf(jsonType); at !== -1 && tried < maxScripts; tried += 1) {
    const open = page.lastIndexOf('<', at);
    const start = page.indexOf('>', at) + 1;
    const end = page.indexOf('</script', at);
    if (start === 0 || end === -1) break;
    const isScript = page.startsWith('<script', open) && start <= end;
    if (isScript && end - start <= maxScriptCharacters) sources.push(page.slice(start, end));
    at = page.indexOf(jsonType, isScript ? end : at + 1);
  }
  return sources;
}

function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

function lengthOf(text: readonly string[]): number {
  return text.reduce((sum, { length }) => sum + length, 0);
}

function longest(texts: readonly string[][]): string[] {
  return texts.reduce((best, each) => (lengthOf(each) > lengthOf(best) ? each : best), []);
}

/** Written text, or HTML with paragraphs. */
function isParagraph(value: string): boolean {
  if (/<p[\s>]/i.test(value)) return true;
  return endsSentence(value.replace(/<\/\w+>\s*$/, '')) && words(value.slice(0, 1000)).length >= minParagraphWords;
}

function blocksOfText(paragraphs: readonly string[]): Block[] {
  const source = paragraphs.map((text) => (/<p[\s>]/i.test(text) ? text : `<p>${text}</p>`)).join('');
  const document = openDocument(source);
  return document ? blocksIn(document.body) : [];
}
