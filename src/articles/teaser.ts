// The end of a teaser that its feed cut: a sentence without its end, and the words that ask for the rest.

/** What is longer and ends in dots is an article whose author ends so. */
const maxTeaserCharacters = 600;
/** A sentence is shorter; what is longer has no sentences. */
const maxTailCharacters = 2_000;

const label = String.raw`(?:(?:اقر[أا]|[إا]قر[أا]ي?|لقراءة|شاهد)\s+)?المزيد|متابعة القراءة|أكمل القراءة|(?:Read|Learn|See)\s+more|Continue\s+reading|Read\s+the\s+(?:full|rest)|Devamını\s+oku|Lire\s+la\s+suite|Lire\s+plus|Leer\s+más|Weiterlesen`;
/** "Read more", behind what was cut or behind a stop; what stands in the text itself is no label. */
const moreLabel = new RegExp(
  String.raw`(?:(?<=[.!?؟…»”\])])|\n)[ \t]{0,3}[[(]?(?:${label})[\])]?[ \t]{0,3}[.…:»›→←]{0,3}$`,
  'iu',
);
const cutMark = /\s{0,3}(?:\[\s{0,3}(?:…|\.{2,5})\s{0,3}\]|\(\s{0,3}(?:…|\.{3,5})\s{0,3}\))$/u;
const dots = /(?:…|\.{3,5})$/u;
const sentenceEnd = /[.!?؟۔।]["»”’')\]]{0,3}\s|[。！？]/gu;

/** The paragraphs of a feed's text without the sentence that was cut. */
export function withoutCutEnd(paragraphs: readonly string[]): string[] {
  const kept = [...paragraphs];
  const isShort = paragraphs.reduce((sum, { length }) => sum + length, 0) < maxTeaserCharacters;
  const last = kept.pop();
  if (last === undefined) return [];
  const begin = Math.max(0, last.length - maxTailCharacters);
  const tail = last.slice(begin).trimEnd();
  if (kept.length > 0 && isLabel(tail)) return isShort || endsCut(kept.at(-1) ?? '') ? withoutCutEnd(kept) : kept;
  const unlabelled = tail.replace(moreLabel, '').trimEnd();
  const isCut = cutMark.test(unlabelled) || (isShort && dots.test(unlabelled));
  if (!isCut) return unlabelled === tail ? [...paragraphs] : [...kept, last.slice(0, begin) + unlabelled];
  const whole = upToLastEnd(unlabelled);
  const text = `${last.slice(0, begin)}${whole}`.trim();
  return text === '' ? kept : [...kept, text];
}

const onlyLabel = new RegExp(String.raw`^[[(]?(?:${label})[\])]?[ \t]{0,3}[.…:»›→←]{0,3}$`, 'iu');

function isLabel(text: string): boolean {
  return text.length < 60 && onlyLabel.test(text);
}

function endsCut(text: string): boolean {
  return cutMark.test(text.slice(-20));
}

function upToLastEnd(text: string): string {
  // Three dots that stand for what was cut end no sentence.
  const withoutMark = text.replace(cutMark, '').replace(dots, '');
  let end = 0;
  for (const match of withoutMark.matchAll(sentenceEnd)) end = match.index + match[0].length;
  const isWhole = /[.!?؟۔।。！？]["»”’')\]]{0,3}$/u.test(withoutMark.trimEnd());
  return isWhole ? withoutMark.trimEnd() : withoutMark.slice(0, end).trimEnd();
}
