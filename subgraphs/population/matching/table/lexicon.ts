import { canonicalText } from "../text/canonicalText.ts";
import type { NamePool } from "../text/namePool.ts";
import { type Forms, formsFor, type LexiconKind } from "./forms.ts";
import { hashBytes } from "./hash.ts";
import { grown, shared } from "./shared.ts";

/** Distinct texts of one kind of column, in memory that threads share. Ids count from 1; 0 is "missing". */
export interface LexiconData {
  readonly kind: LexiconKind;
  /** Hash table of ids, open addressing; its length is a power of two. */
  readonly slots: Int32Array;
  /** Four numbers an entry, together in one line of the cache: HASH, START and LENGTH of its bytes, CANONICAL. */
  readonly entries: Int32Array;
  /** The texts as files have them, UTF-8. */
  readonly bytes: Uint8Array;
  readonly pool: NamePool;
  readonly numbers: Float64Array;
  /** A column of hashes for each derivation that keys use, in their order. */
  readonly derived: readonly Int32Array[];
  readonly size: number;
}

const STRIDE = 4;
const START = 1;
const LENGTH = 2;
/** Id of the same text upper-cased and folded; 0: says nothing. */
const CANONICAL = 3;

type Derive = (text: string) => string | null;
const decoder = new TextDecoder();
const encoder = new TextEncoder();
/** Longer texts are compared by their beginning. */
const MAX_CODES = 512;
/** Phonetic forms may be longer: X becomes KS. */
const MOST_WRITTEN = 2 * MAX_CODES;

/** Room of one thread for words the register does not know. */
export interface Reserve {
  readonly entries: number;
  readonly codes: number;
  /** Which thread's, counted from 0. */
  readonly place: number;
}

/** What a reserve comes to: ids and codes from here to there. */
interface Range {
  readonly first: number;
  readonly last: number;
  readonly codes: number;
  readonly lastCode: number;
}

/**
 * Grows while a register is read; `freeze` ends that. Threads then `attach` to its data: what they meet for the first time goes into their
 * own reserved range of the same arrays, so that a comparison needs no other code for it, and is forgotten at their next batch.
 */
export class Lexicon {
  readonly forms: Forms;
  #data: Mutable<LexiconData>;
  #codes = 0;
  #bytes = 0;
  #reserve: Range | null = null;
  #added = new Map<string, number>();
  #texts: string[] = [];

  constructor(kind: LexiconKind, derive: readonly Derive[], data?: LexiconData) {
    this.forms = formsFor(kind, derive);
    this.#data = data ?? emptyData(kind, derive.length);
  }

  static attach(data: LexiconData, derive: readonly Derive[], { entries, codes, place }: Reserve): Lexicon {
    const lexicon = new Lexicon(data.kind, derive, data);
    const first = data.size + place * entries;
    const code = codesOf(data) + place * codes;
    lexicon.#reserve = { first, last: first + entries, codes: code, lastCode: code + codes };
    lexicon.forget();
    return lexicon;
  }

  get data(): LexiconData {
    return this.#data;
  }

  /** Id of the canonical form of the text in these bytes; 0 for a text that says nothing. */
  idOf(bytes: Uint8Array, from: number, to: number): number {
    if (from === to) return 0;
    const { slots, entries } = this.#data;
    const hash = hashBytes(bytes, from, to);
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = slots[slot] as number;
      if (id === 0) return this.#reserve ? this.#overlay(bytes, from, to) : this.#learn(bytes, from, to, hash);
      const entry = id * STRIDE;
      if (entries[entry] === hash && this.#isText(entry, bytes, from, to)) return entries[entry + CANONICAL] as number;
    }
  }

  idOfText(text: string): number {
    const bytes = encoder.encode(text);
    return this.idOf(bytes, 0, bytes.length);
  }

  /** The canonical text behind an id. */
  textOf(id: number): string {
    if (this.#reserve && id >= this.#reserve.first) return this.#texts[id - this.#reserve.first] ?? "";
    const { bytes, entries } = this.#data;
    const from = entries[id * STRIDE + START] as number;
    return decoder.decode(bytes.slice(from, from + (entries[id * STRIDE + LENGTH] as number)));
  }

  /** Ends growth and makes room for the threads. */
  freeze(threads: number, reserve: Omit<Reserve, "place">): LexiconData {
    this.#makeRoom(this.#data.size + threads * reserve.entries, this.#codes + threads * reserve.codes);
    return this.#data;
  }

  /** Forgets what this thread added: ids above the register's are free again. */
  forget(): void {
    this.#added = new Map();
    this.#texts = [];
    if (this.#reserve) this.#codes = this.#reserve.codes;
  }

  /** Entries this thread still has room for. */
  get room(): number {
    const reserve = this.#reserve;
    if (!reserve) return Number.POSITIVE_INFINITY;
    const entries = reserve.last - reserve.first - this.#added.size;
    return Math.min(entries, Math.floor((reserve.lastCode - this.#codes) / MOST_WRITTEN));
  }

  #isText(entry: number, bytes: Uint8Array, from: number, to: number): boolean {
    const { entries, bytes: own } = this.#data;
    const length = to - from;
    if (entries[entry + LENGTH] !== length) return false;
    const start = entries[entry + START] as number;
    for (let i = 0; i < length; i += 1) if (own[start + i] !== bytes[from + i]) return false;
    return true;
  }

  #overlay(bytes: Uint8Array, from: number, to: number): number {
    const raw = decoder.decode(bytes.slice(from, to));
    const known = this.#added.get(raw);
    if (known !== undefined) return known;
    const text = canonicalText(raw);
    const id = text === raw ? this.#write(raw) : this.idOfText(text);
    this.#added.set(raw, id);
    return id;
  }

  /** Writes the forms of a new word into the thread's own range. */
  #write(text: string): number {
    const reserve = this.#reserve as Range;
    const id = reserve.first + this.#added.size;
    if (id >= reserve.last) throw new Error("more new words in a batch than a thread has room for");
    this.#texts[id - reserve.first] = text;
    return this.#writeForms(id, text);
  }

  /** The id, or 0 for a text that says nothing. */
  #writeForms(id: number, text: string): number {
    const next = this.forms.write(this.#data, id, { at: this.#codes, text: text.slice(0, MAX_CODES) });
    if (next === this.#codes) return 0;
    this.#codes = next;
    return id;
  }

  #learn(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const raw = decoder.decode(bytes.slice(from, to));
    const text = canonicalText(raw);
    const id = this.#insert(bytes.slice(from, to), hash);
    const canonical = text === raw ? this.#writeForms(id, text) : this.idOfText(text);
    this.#data.entries[id * STRIDE + CANONICAL] = canonical;
    return canonical;
  }

  #insert(raw: Uint8Array, hash: number): number {
    const id = this.#data.size;
    this.#makeRoom(id + 1, this.#codes + MOST_WRITTEN);
    this.#addBytes(raw, id);
    this.#data.entries[id * STRIDE] = hash;
    this.#data.size = id + 1;
    if (this.#data.size * 2 > this.#data.slots.length) this.#data.slots = rehashed(this.#data);
    else place(this.#data.slots, id, hash);
    return id;
  }

  #addBytes(raw: Uint8Array, id: number): void {
    const need = this.#bytes + raw.length;
    if (need > this.#data.bytes.length) this.#data.bytes = grown(this.#data.bytes, need * 2);
    this.#data.bytes.set(raw, this.#bytes);
    this.#data.entries[id * STRIDE + START] = this.#bytes;
    this.#data.entries[id * STRIDE + LENGTH] = raw.length;
    this.#bytes = need;
  }

  #makeRoom(entries: number, codes: number): void {
    const data = this.#data;
    if (codes > data.pool.codes.length) data.pool = { ...data.pool, codes: grown(data.pool.codes, Math.ceil(codes * 1.5)) };
    if (entries * STRIDE <= data.entries.length) return;
    const length = Math.ceil(entries * 1.5);
    data.entries = grown(data.entries, length * STRIDE);
    data.numbers = data.numbers.length > 0 ? grown(data.numbers, length) : data.numbers;
    data.derived = data.derived.map((column) => grown(column, length));
    const { codes: kept, ...perEntry } = data.pool;
    const larger = Object.entries(perEntry).map(([name, column]) => [name, grown(column as Int32Array, length)]);
    data.pool = { codes: kept, ...Object.fromEntries(larger) } as NamePool;
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** First code no entry of the register uses. */
function codesOf({ pool, size }: LexiconData): number {
  let end = 0;
  for (let id = size - 1; id > 0 && end === 0; id -= 1) end = (pool.start[id] as number) + (pool.length[id] as number);
  return end;
}

function place(slots: Int32Array, id: number, hash: number): void {
  const mask = slots.length - 1;
  let slot = hash & mask;
  while (slots[slot] !== 0) slot = (slot + 1) & mask;
  slots[slot] = id;
}

function rehashed({ slots, entries, size }: LexiconData): Int32Array {
  const larger = shared(Int32Array, slots.length * 4);
  for (let id = 1; id < size; id += 1) place(larger, id, entries[id * STRIDE] as number);
  return larger;
}

const ROOM = 1024;

function emptyData(kind: LexiconKind, derivations: number): LexiconData {
  return {
    kind,
    slots: shared(Int32Array, ROOM * 4),
    entries: shared(Int32Array, ROOM * STRIDE),
    bytes: shared(Uint8Array, ROOM * 16),
    pool: {
      codes: shared(Uint16Array, ROOM * 16),
      start: shared(Uint32Array, ROOM),
      length: shared(Uint16Array, ROOM),
      tokens: shared(Uint8Array, ROOM),
      skeletons: shared(Int32Array, ROOM),
      firstSkeleton: shared(Int32Array, ROOM),
      lastSkeleton: shared(Int32Array, ROOM),
    },
    numbers: shared(Float64Array, kind === "numeric" ? ROOM : 0),
    derived: Array.from({ length: derivations }, () => shared(Int32Array, ROOM)),
    size: 1,
  };
}
