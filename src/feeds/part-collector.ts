// Gathers what belongs to one item (or the channel), keeping apart what stands inside elements of other meaning.

/** An address of the item itself; of several the one with the lowest rank counts. */
interface Link {
  url: string;
  rank: number;
}

/** Canonical XML, or a link that waits for its rivals. */
export type Part = string | Link;

interface Container {
  name: string;
  isForeign: boolean;
  parts: Part[];
}

/** A real item has some twenty. */
const maxParts = 1000;
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

  add(part: Part): void {
    this.#take(part, this.#containers?.at(-1)?.parts ?? this.#direct);
  }

  /** Past all containers. */
  addDirectly(part: Part): void {
    this.#take(part, this.#direct);
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
