// Walks a YAML text and notes every fault with its place, so that one reading names them all.
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from 'yaml';

export interface Fault {
  /** From 1. */
  line: number;
  /** From 1. */
  column?: number;
  message: string;
}

/** Something in the text: what stands there, and where. */
export interface Place {
  node: Node | null;
  offset: number;
}

export type Reader = ReturnType<typeof readYaml>;

/** Syntax errors after which the rest of the text still reads as it was meant. */
const harmless = new Set<YAMLError['code']>(['BAD_SCALAR_START', 'MULTIPLE_DOCS']);

export function readYaml(source: string) {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const faults: Fault[] = [];

  function fault({ offset }: Pick<Place, 'offset'>, message: string): undefined {
    const { line, col } = lines.linePos(offset);
    faults.push({ line: Math.max(line, 1), column: Math.max(col, 1), message });
  }

  for (const error of document.errors) fault({ offset: error.pos[0] }, explain(error, source));
  for (const warning of document.warnings)
    fault({ offset: warning.pos[0] }, `This is not plain YAML: ${warning.message}.`);

  function place(node: unknown, offset: number): Place {
    if (!isAlias(node))
      return { node: (node ?? null) as Node | null, offset: (node as Node | null)?.range?.[0] ?? offset };
    const at = node.range?.[0] ?? offset;
    const target = node.resolve(document);
    if (!target) fault({ offset: at }, `Nothing is called "&${node.source}", so "*${node.source}" means nothing.`);
    return { node: target ?? null, offset: at };
  }

  /** Where each value may stand once: notes a fault, and returns false, at the second time. */
  function register(what: string) {
    const lineOfFirst = new Map<string | number, number>();
    return (value: string | number, at: Place): boolean => {
      const before = lineOfFirst.get(value);
      if (before === undefined) lineOfFirst.set(value, lines.linePos(at.offset).line);
      else fault(at, `${what} ${JSON.stringify(value)} is listed twice; it is on line ${before} too.`);
      return before === undefined;
    };
  }

  /** The entries of a mapping, in their order; a fault and undefined when it is something else. */
  function entries(value: Place, what: string): { key: string; keyPlace: Place; value: Place }[] | undefined {
    if (isEmpty(value)) return [];
    if (!isMap(value.node)) {
      return fault(value, `${what} must be given as "key: value", not as ${describe(value.node)}.`);
    }
    const isFirst = register('The key');
    return value.node.items.flatMap((pair) => {
      const keyPlace = place(pair.key, value.offset);
      const key = isScalar(keyPlace.node) ? tidy(scalarText(keyPlace.node)) : undefined;
      if (key === undefined)
        fault(keyPlace, `${what} has a key that is ${describe(keyPlace.node)}; a key must be text.`);
      else if (isFirst(key, keyPlace)) return [{ key, keyPlace, value: place(pair.value, keyPlace.offset) }];
      return [];
    });
  }

  function list(value: Place, what: string): Place[] {
    if (isEmpty(value)) return [];
    if (isSeq(value.node)) return value.node.items.map((item) => place(item, value.offset));
    fault(value, `${what} must be a list, not ${describe(value.node)}.`);
    return [];
  }

  /** One line of text that a database can hold, without blanks and direction marks around it. */
  function text(value: Place, what: string): string | undefined {
    if (!isScalar(value.node) || typeof value.node.value !== 'string') {
      const quoting = isScalar(value.node) && value.node.value !== null ? '; write it in quotes' : '';
      return fault(value, `${what} must be text, not ${describe(value.node)}${quoting}.`);
    }
    const content = tidy(value.node.value);
    if (content === '') return fault(value, `${what} is empty.`);
    if (!isOneLine(content)) return fault(value, `${what} must be one line, without control characters.`);
    return content;
  }

  return {
    root: place(document.contents, 0),
    fault,
    register,
    entries,
    list,
    text,
    /** Whether the text is so broken that what it says cannot be known. */
    isBroken: document.errors.some(({ code }) => !harmless.has(code)),
    /** In the order of the text. */
    faults: () => faults.toSorted((a, b) => a.line - b.line || (a.column ?? 0) - (b.column ?? 0)),
  };
}

export function isEmpty({ node }: Place): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** Without line breaks, and without what a database would refuse: control characters and halves of characters. */
export function isOneLine(text: string): boolean {
  return text.isWellFormed() && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text);
}

const leadingBlanks = /^[\s\u200e\u200f\u202a-\u202e\u2066-\u2069]+/;
const trailingBlanks = /[\s\u200e\u200f\u202a-\u202e\u2066-\u2069]+$/;

/** Copying from a right-to-left page brings invisible direction marks along. */
function tidy(text: string): string {
  return text.normalize('NFC').replace(leadingBlanks, '').replace(trailingBlanks, '');
}

function scalarText({ value, source }: { value: unknown; source?: string }): string {
  return typeof value === 'string' ? value : (source ?? String(value));
}

function describe(node: Node | null): string {
  if (isMap(node)) return 'keys and values';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'nothing';
  if (typeof node.value === 'string') return 'text';
  return `the ${typeof node.value === 'boolean' ? 'yes-or-no value' : 'number'} ${scalarText(node)}`;
}

function explain({ code, message, pos }: YAMLError, source: string): string {
  if (code === 'MULTIPLE_DOCS') return 'The file has a second part, after a line "---"; only one is read.';
  if (code === 'TAB_AS_INDENT') return 'A tab is used to indent; YAML wants spaces.';
  if (code === 'BAD_SCALAR_START') {
    const word = /^\S+/.exec(source.slice(pos[0]))?.[0] ?? '';
    return `Text that begins with ${JSON.stringify(word.slice(0, 1))} must be in quotes: ${JSON.stringify(word)}.`;
  }
  return `This is not valid YAML: ${message}.`;
}
