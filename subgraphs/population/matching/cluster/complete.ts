import { components } from "./components.ts";
import { type CannotLink, type Edges, surestFirst } from "./edges.ts";
import { Groups } from "./groups.ts";

/**
 * Agglomeration with complete-link cut: the two clusters whose weakest pair is strongest become one, as long as every pair between them is an
 * edge. So all rows of a cluster are edges of each other. Row → lowest row of its cluster; ties go to the lower rows. Within a component of
 * k rows and e edges O(e log e · k).
 */
export function complete(rows: number, edges: Edges, cannotLink: CannotLink | null = null): Int32Array {
  const groups = new Groups(rows);
  for (const part of edgesByComponent(rows, edges)) agglomerate(groups, new Links(edges, part, cannotLink));
  return groups.names();
}

/** Lists of edges, each surest first: what is not connected never meets. */
function edgesByComponent(rows: number, edges: Edges): Iterable<number[]> {
  const component = components(rows, edges);
  const parts = new Map<number, number[]>();
  for (const edge of surestFirst(edges)) {
    const name = component[edges.a[edge] as number] as number;
    const part = parts.get(name);
    if (part) part.push(edge);
    else parts.set(name, [edge]);
  }
  return parts.values();
}

interface Link {
  readonly low: number;
  readonly high: number;
  readonly weight: number;
}

/** Clusters of one component and the weakest pair between any two that may become one. */
class Links {
  readonly #of = new Map<number, Map<number, number>>();
  readonly #queue: Queue;

  constructor({ a, b, weight }: Edges, part: readonly number[], cannotLink: CannotLink | null) {
    const links: Link[] = [];
    for (const edge of part) {
      const [x, y, bits] = [a[edge] as number, b[edge] as number, weight[edge] as number];
      if (x === y || cannotLink?.(x, y) || this.#between(x, y) !== undefined) continue;
      this.#set(x, y, bits);
      links.push({ low: Math.min(x, y), high: Math.max(x, y), weight: bits });
    }
    this.#queue = new Queue(links);
  }

  /** The strongest link there still is. */
  take(): Link | undefined {
    for (;;) {
      const link = this.#queue.take();
      if (!link || this.#between(link.low, link.high) === link.weight) return link;
    }
  }

  /** `gone` becomes part of `kept`: others stay linked to it only when they were linked to both. */
  merge(kept: number, gone: number): void {
    const own = this.#of.get(kept) ?? new Map<number, number>();
    const others = this.#of.get(gone) ?? new Map<number, number>();
    for (const [other, weight] of own) {
      const weakest = Math.min(weight, others.get(other) ?? Number.NEGATIVE_INFINITY);
      this.#of.get(other)?.delete(gone);
      if (weakest === Number.NEGATIVE_INFINITY) this.#cut(kept, other);
      else if (weakest < weight) this.#relink(kept, other, weakest);
    }
    for (const other of others.keys()) this.#of.get(other)?.delete(gone);
    this.#of.delete(gone);
  }

  #relink(kept: number, other: number, weight: number): void {
    this.#set(kept, other, weight);
    this.#queue.add({ low: Math.min(kept, other), high: Math.max(kept, other), weight });
  }

  #between(x: number, y: number): number | undefined {
    return this.#of.get(x)?.get(y);
  }

  #set(x: number, y: number, weight: number): void {
    for (const [from, to] of [
      [x, y],
      [y, x],
    ] as const) {
      const links = this.#of.get(from) ?? new Map<number, number>();
      links.set(to, weight);
      this.#of.set(from, links);
    }
  }

  #cut(x: number, y: number): void {
    this.#of.get(x)?.delete(y);
    this.#of.get(y)?.delete(x);
  }
}

function agglomerate(groups: Groups, links: Links): void {
  for (let link = links.take(); link; link = links.take()) {
    groups.join(link.low, link.high);
    links.merge(link.low, link.high);
  }
}

/** A heap: strongest link first, ties by the lower cluster, then the higher. */
class Queue {
  readonly #heap: Link[];

  /** `links` are in order already. */
  constructor(links: Link[]) {
    this.#heap = links;
  }

  add(link: Link): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(link);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(link, heap[above] as Link)) break;
      heap[at] = heap[above] as Link;
      at = above;
    }
    heap[at] = link;
  }

  take(): Link | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first && last && heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(link: Link): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1] as Link, heap[below] as Link)) below += 1;
      if (!isBefore(heap[below] as Link, link)) break;
      heap[at] = heap[below] as Link;
      at = below;
    }
    heap[at] = link;
  }
}

const isBefore = (x: Link, y: Link): boolean =>
  x.weight > y.weight || (x.weight === y.weight && (x.low < y.low || (x.low === y.low && x.high < y.high)));
