// Gathers what belongs to one item (or the channel), keeping apart what stands inside elements of other meaning.

/** What a part says; of several of a kind the one with the lowest rank counts first. */
export type PartKind =
  | 'title'
  | 'link'
  | 'id'
  | 'date'
  | 'summary'
  /** RSS's own `<summary>`, which may be longer than the description or shorter. */
  | 'long-summary'
  | 'content'
  | 'category'
  | 'person'
  | 'enclosure'
  | 'medium'
  | 'thumbnail'
  | 'language';

export interface MediaFile {
  type: string | undefined;
  length: string | undefined;
  medium: string | undefined;
  width: number | undefined;
}

export interface Part {
  kind: PartKind;
  rank: number;
  /** A file's is its address. */
  text: string;
  file: MediaFile | undefined;
}

interface Container {
  name: string;
  isForeign: boolean;
  parts: Part[];
}

/** A real item has some twenty. */
const maxParts = 200;
/** Deeper markup is damage, or an attack: its elements are read as if they had no parents. */
const maxDepth = 32;

/**
 * Parts inside a foreign element (a picture's title) are dropped when it is closed, those inside an unknown one come
 * last; an element that is never closed was damage and takes nothing away.
 */
export class PartCollector {
  readonly #direct: Part[] = [];
  #late: Part[] | undefined;
  #containers: Container[] | undefined;
  #count = 0;

  add(kind: PartKind, text: string | undefined, rank = 0): void {
    if (text) this.#take({ kind, rank, text, file: undefined }, this.#containers?.at(-1)?.parts ?? this.#direct);
  }

  /** Past all containers: an item's pictures are its own, however deep they stand. */
  addFile(kind: PartKind, url: string, file?: MediaFile): void {
    this.#take({ kind, rank: 0, text: url, file }, this.#direct);
  }

  #take(part: Part, into: Part[]): void {
    this.#count += 1;
    if (this.#count <= maxParts) into.push(part);
  }

  open(name: string, isForeign: boolean): void {
    this.#containers ??= [];
    if (this.#containers.length < maxDepth) this.#containers.push({ name, isForeign, parts: [] });
  }

  close(name: string): void {
    const index = this.#containers?.findLastIndex((container) => container.name === name) ?? -1;
    if (!this.#containers || index === -1) return;
    const closed = this.#containers.splice(index);
    if (closed[0]?.isForeign) return;
    const foreign = this.#containers.findLast(({ isForeign }) => isForeign);
    for (const { parts } of closed) for (const part of parts) (foreign?.parts ?? (this.#late ??= [])).push(part);
  }

  /** All parts: the item's own first, then those from inside unknown elements. */
  parts(): readonly Part[] {
    if (!this.#late && !this.#containers?.length) return this.#direct;
    return [...this.#direct, ...(this.#late ?? []), ...(this.#containers ?? []).flatMap(({ parts }) => parts)];
  }
}
