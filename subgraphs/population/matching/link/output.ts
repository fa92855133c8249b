import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { CsvWriter } from "../csv/write.ts";
import type { Ids } from "./ids.ts";

/** Bytes gathered before they are written. */
const PIECE = 1024 * 1024;

/**
 * A file that stands under its name only when it is whole: written beside it, put in its place by `keep`. Writing waits for the disk, so
 * memory does not grow when the disk is slower than the engine.
 */
export class ResultFile {
  readonly #path: string;
  readonly #beside: string;
  readonly #handle: number;

  constructor(path: string) {
    this.#path = path;
    this.#beside = `${path}.${process.pid}.part`;
    mkdirSync(dirname(path), { recursive: true });
    this.#handle = openSync(this.#beside, "w", 0o600); // rows of people: for their owner only
  }

  write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#handle, bytes, done);
  }

  keep(): void {
    fsyncSync(this.#handle);
    closeSync(this.#handle);
    renameSync(this.#beside, this.#path);
  }

  discard(): void {
    closeSync(this.#handle);
    rmSync(this.#beside, { force: true });
  }
}

/** All result files of a run: all of them stand, or none. `null` in a path's place: not wanted. */
export async function withResults<Answer>(
  work: (open: (path: string | null) => ResultFile | null) => Promise<Answer>,
): Promise<Answer> {
  const files: ResultFile[] = [];
  try {
    const answer = await work((path) => {
      if (path === null) return null;
      const file = new ResultFile(path);
      files.push(file);
      return file;
    });
    for (const file of files.splice(0)) file.keep();
    return answer;
  } catch (error) {
    for (const file of files) file.discard();
    throw error;
  }
}

export const DECISIONS = ["none", "review", "link"] as const;

/** One scored pair. `a` is a row of the left file, `b` one of file `file` (0 to de-duplicate: of the left file too). */
export interface PairRow {
  readonly a: number;
  readonly file: number;
  readonly b: number;
  /** Bits. */
  readonly weight: number;
  readonly probability: number;
  /** Bits between this pair and the row's best other one; infinite when it has none: an empty field. */
  readonly margin: number;
  readonly decision: (typeof DECISIONS)[number];
  /** The pair stands in the result once cardinality is settled. */
  readonly isLinked: boolean;
  /** A level a comparison. */
  readonly levels: Uint8Array;
}

/** Rows of the files as results name them. */
export interface NamedRows {
  readonly left: { readonly path: string; readonly ids: Ids };
  readonly right: readonly { readonly path: string; readonly ids: Ids }[];
}

/** Scored pairs as CSV. Weights have 4 decimals, probabilities 6: the same results are the same bytes. */
export class PairFile {
  readonly #file: ResultFile;
  readonly #rows: NamedRows;
  readonly #writer = new CsvWriter(PIECE + 4096);

  /** `comparisons`: a column of levels each. */
  constructor(file: ResultFile, rows: NamedRows, comparisons: readonly string[]) {
    this.#file = file;
    this.#rows = rows;
    const ids = rows.right.length > 0 ? ["left_id", "right_file", "right_id"] : ["id_a", "id_b"];
    for (const name of [...ids, "weight", "probability", "margin", "decision", "linked", ...comparisons]) this.#writer.text(name);
    this.#writer.endRow();
  }

  write({ a, file, b, weight, probability, margin, decision, isLinked, levels }: PairRow): void {
    const writer = this.#writer;
    const { left, right } = this.#rows;
    const other = right[file];
    left.ids.write(a, writer);
    if (other) writer.text(other.path);
    (other ?? left).ids.write(b, writer);
    writer.fixed(weight, 4).fixed(probability, 6).fixed(margin, 4).text(decision).text(String(isLinked));
    for (const level of levels) writer.integer(level);
    writer.endRow();
    if (writer.length >= PIECE) this.#file.write(writer.take());
  }

  end(): void {
    this.#file.write(this.#writer.take());
  }
}

/**
 * Clusters as CSV: every row of every file once, left file first. `clusters`: cluster of each row, those of the right files behind the left
 * ones'. Clusters are numbered from 1 as they first appear.
 */
export function writeClusters(file: ResultFile, { left, right }: NamedRows, clusters: Int32Array): void {
  const writer = new CsvWriter(PIECE + 4096);
  const numbers = new Int32Array(clusters.length);
  let count = 0;
  let at = 0;
  writer.text("file").text("id").text("cluster_id").endRow();
  for (const { path, ids } of [left, ...right]) {
    for (let row = 0; row < ids.count; row += 1, at += 1) {
      const cluster = clusters[at] as number;
      if (numbers[cluster] === 0) numbers[cluster] = ++count;
      writer.text(path);
      ids.write(row, writer);
      writer.integer(numbers[cluster] as number).endRow();
      if (writer.length >= PIECE) file.write(writer.take());
    }
  }
  file.write(writer.take());
}

export const writeJson = (file: ResultFile, value: unknown): void =>
  file.write(Buffer.from(`${JSON.stringify(value, null, 2)}\n`));
