// Labels that the newsroom kept elsewhere: a file with one JSON object a line, {"title", "text", "topics": ["slug"]}.
import type { LabelledText } from './train-topic-model.ts';

interface LabelFault {
  /** From 1. */
  line: number;
  message: string;
}

export type LabelFile = { labels: LabelledText[]; faults?: undefined } | { labels?: undefined; faults: LabelFault[] };

/** Faults after these say nothing new. */
const maxFaults = 20;

/** Either every label, or what is wrong with the file, line by line; empty lines are passed over. */
export function parseLabelFile(text: string, slugs: readonly string[]): LabelFile {
  const known = new Set(slugs);
  const labels: LabelledText[] = [];
  const faults: LabelFault[] = [];
  for (const [index, content] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (content.trim() === '') continue;
    const label = parseLine(content, known);
    if (typeof label !== 'string') labels.push(label);
    else if (faults.push({ line: index + 1, message: label }) === maxFaults) break;
  }
  return faults.length > 0 ? { faults } : { labels };
}

/** The label, or what is wrong with it. */
function parseLine(content: string, known: ReadonlySet<string>): LabelledText | string {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    return `this is not JSON: ${(error as Error).message}`;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'this is not a JSON object';
  const { title, text, topics } = value as Partial<Record<string, unknown>>;
  if (typeof title !== 'string') return '"title" must be a text';
  if (typeof text !== 'string') return '"text" must be a text';
  if (!Array.isArray(topics) || !topics.every((topic) => typeof topic === 'string')) {
    return '"topics" must be a list of slugs, as in ["sport"]; [] for none';
  }
  const stranger = topics.find((topic) => !known.has(topic));
  if (stranger !== undefined) return `there is no topic ${JSON.stringify(stranger)}`;
  return { title, text, topics };
}
