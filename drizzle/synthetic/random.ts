import { createHash } from "node:crypto";

/**
 * A stream of pseudo-random numbers that depends on its key alone: the same key gives the same stream on every machine.
 * sfc32 (public domain, C. Doty-Humphrey), seeded by FNV-1a of the key in three lanes. A class, not closures: millions are made.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  readonly #key: readonly [number, number, number];

  constructor(key: string) {
    this.#a = fnv(key, 0x811c9dc5);
    this.#b = fnv(key, 0x9e3779b9);
    this.#c = fnv(key, 0x85ebca6b);
    this.#key = [this.#a, this.#b, this.#c];
    for (let i = 0; i < 12; i += 1) this.next();
  }

  /**
   * Starts the stream of (key, first, second) in this very object: counter-based, so any place of a large population is asked for
   * alone, and no key is spelled. Both are whole numbers below 2^32.
   */
  at(first: number, second = 0): this {
    const [a, b, c] = this.#key;
    this.#a = scrambled(a ^ (Math.imul(first, 0x9e3779b1) + second));
    this.#b = scrambled(b ^ (Math.imul(second, 0x85ebca77) + first));
    this.#c = scrambled(c + this.#a + first);
    this.#counter = 1;
    for (let i = 0; i < 4; i += 1) this.next();
    return this;
  }

  /** In [0, 1). */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  }

  /** Whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const value = list[Math.floor(this.next() * list.length)];
    if (value === undefined) throw new Error("nothing to pick from");
    return value;
  }

  /** As pick, with weights that need not add up to one. */
  weighted<T>(list: readonly (readonly [T, number])[]): T {
    let total = 0;
    for (const [, weight] of list) total += weight;
    let left = this.next() * total;
    for (const [value, weight] of list) {
      left -= weight;
      if (left < 0) return value;
    }
    return this.pick(list)[0];
  }
}

export const randomFrom = (...key: readonly (string | number)[]): Random => new Random(key.join("/"));

function fnv(key: string, basis: number): number {
  let hash = basis;
  for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 16777619);
  return hash | 0;
}

/** Every bit of the number in every bit of the result (the finalizer of MurmurHash3, public domain, A. Appleby). */
export function scrambled(number: number): number {
  let hash = number ^ (number >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Opaque id of a made-up row: a UUID that depends on its key alone. */
export function uuidFrom(...key: readonly (string | number)[]): string {
  const hex = createHash("md5").update(key.join("/")).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
