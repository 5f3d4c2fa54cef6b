// Writes src/stories/word-frequency-table.ts: in which share of news texts a stem occurs. node eval/word-frequency.ts [DATA]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { words } from '../src/lib/arabic.ts';
import { lightStem } from '../src/stories/light-stem.ts';
import { readArchive, readGzip } from './archive.ts';
import { readFileSync } from 'node:fs';

const data = process.argv[2] ?? join(import.meta.dirname, '../../shared/data');
/** What similarity.ts compares of an article is about that long; longer texts are several. */
const wordsOfText = 70;
/** Stems of fewer texts are rare anyway, and some are names. */
const minTexts = { ar: 4, en: 6 };

function pieces(text: string, most = Infinity): string[][] {
  const all = words(text).filter((word) => !/^\p{N}/u.test(word));
  const found: string[][] = [];
  for (let start = 0; start < all.length && found.length < most; start += wordsOfText) {
    const piece = all.slice(start, start + wordsOfText);
    if (found.length === 0 || piece.length > wordsOfText / 2) found.push(piece);
  }
  return found;
}

function share(texts: readonly string[][], isKnown: (stem: string) => boolean, least: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const stem of new Set(text.map((word) => lightStem(word, isKnown)))) {
      if (stem.length > 1) counts.set(stem, (counts.get(stem) ?? 0) + 1);
    }
  }
  return new Map(
    [...counts].filter(([, count]) => count >= least).map(([stem, count]) => [stem, count / texts.length]),
  );
}

/** Words whose first letter could be a proclitic but is not: with the article they occur as well, or the rest does not. */
function lexicon(texts: readonly string[][]): Set<string> {
  const counts = new Map<string, number>();
  for (const word of texts.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
  const known = new Set<string>();
  const count = (word: string) => counts.get(word) ?? 0;
  for (const [word, times] of counts) {
    if (times < 3) continue;
    if (!/^[وفبكل]/.test(word)) known.add(lightStem(word, () => false));
    else {
      const withArticle = count(`ال${word}`) + count(`وال${word}`) + count(`بال${word}`);
      const rest = word.slice(1);
      if (withArticle > 1 || count(rest) + count(`ال${rest}`) < times / 2) known.add(lightStem(word, () => true));
    }
  }
  return known;
}

const ant = readGzip(join(data, 'ant-arabic/ant-4000.jsonl.gz')).trim().split('\n');
const easc = [...(await readArchive(join(data, 'easc/easc.tar.gz')))].filter(([path]) => /Articles.*\.txt$/.test(path));
const arabic = [
  ...ant.flatMap((line) => {
    const { title, text } = JSON.parse(line) as { title: string; text: string };
    return pieces(`${title} ${text}`, 1);
  }),
  ...easc.flatMap(([, content]) => pieces(content.toString('utf8'))),
];
const pages = JSON.parse(readFileSync(join(data, 'article-extraction/ground-truth.json'), 'utf8')) as Record<
  string,
  { articleBody: string }
>;
const english = Object.values(pages).flatMap(({ articleBody }) => pieces(articleBody));

let known: ReadonlySet<string> | ReadonlyMap<string, number> = lexicon(arabic);
for (let round = 0; round < 2; round += 1) known = share(arabic, (stem) => known.has(stem), minTexts.ar);
const tables = {
  arabic: known as Map<string, number>,
  english: share(
    english.filter((text) => /^[a-z]/.test(text[0] ?? '')),
    () => false,
    minTexts.en,
  ),
};

/** Each line: -2·log2 of the share, rounded, and the stems of that share. */
function lines(table: ReadonlyMap<string, number>): string {
  const groups = Map.groupBy(table, ([, value]) => Math.round(-2 * Math.log2(value)));
  return [...groups]
    .toSorted(([a], [b]) => a - b)
    .map(
      ([level, stems]) =>
        `${level} ${stems
          .map(([stem]) => stem)
          .toSorted()
          .join(' ')}`,
    )
    .join('\n');
}

writeFileSync(
  join(import.meta.dirname, '../src/stories/word-frequency-table.ts'),
  `// In how many news texts a stem occurs: figures counted by eval/word-frequency.ts, which says of what; no text is kept.
// Each line holds a level n and the stems that occur in about 2^(-n/2) of the texts.

/** Of ${arabic.length} pieces of ${wordsOfText} words of Arabic news and encyclopedic text (ANT, EASC). */
export const arabicTable = \`
${lines(tables.arabic)}
\`;

/** Of ${english.length} pieces of ${wordsOfText} words of English news pages. */
export const englishTable = \`
${lines(tables.english)}
\`;
`,
);
process.stdout.write(`${tables.arabic.size} Arabic stems, ${tables.english.size} English stems\n`);
