import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { badInput } from "./errors.ts";

const MAX_FIRST = 100;
const DEFAULT_FIRST = 20;

/** Place of a row in an ordering: its sort values, the unique one last. */
export type Position = readonly (string | number | null)[];

/** Which rows of an ordering to read: at most `limit`, behind `after` (null: from the start). */
export interface Window {
  readonly limit: number;
  readonly after: Position | null;
}

/** A connection (Relay, forward only). Nothing is read before it is asked for; rows are read once, counted only on demand. */
export interface Page<Row> {
  nodes(): Promise<readonly Row[]>;
  pageInfo(): Promise<{ readonly hasNextPage: boolean; readonly endCursor: string | null }>;
  totalCount(): Promise<number>;
}

export interface Paging {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

export interface PageSource<Row> {
  /** Field and ordering, such as `households:DECILE`: a cursor of one does not open another. */
  readonly of: string;
  readonly cursors: Cursors;
  readonly positionOf: (row: Row) => Position;
  /** Most rows of a page, where it is not 100. */
  readonly largest?: number;
  readonly rows: (window: Window) => Promise<readonly Row[]>;
  readonly count: () => Promise<number>;
}

/** One page by keyset. `first` outside 1…100 (or `largest`) and a cursor that is not ours for this list are refused, both named. */
export function pageOf<Row>({ first, after }: Paging, source: PageSource<Row>): Page<Row> {
  const size = first ?? DEFAULT_FIRST;
  const largest = source.largest ?? MAX_FIRST;
  if (size < 1 || size > largest) throw badInput(`first must be from 1 to ${largest}`);
  const position = after == null ? null : source.cursors.open(source.of, after);
  let read: Promise<readonly Row[]> | undefined;
  const rows = () => {
    // One more than asked tells whether there is a next page. drizzle's builders ask again each time they are awaited: a promise does not.
    read ??= Promise.resolve(source.rows({ limit: size + 1, after: position }));
    return read;
  };
  return {
    nodes: async () => (await rows()).slice(0, size),
    pageInfo: async () => {
      const found = await rows();
      const last = found.slice(0, size).at(-1);
      return {
        hasNextPage: found.length > size,
        endCursor: last ? source.cursors.seal(source.of, source.positionOf(last)) : null,
      };
    },
    totalCount: source.count,
  };
}

/** Turns positions into opaque text and back. `of` and the agreement are bound in: elsewhere the text is worthless. */
export interface Cursors {
  seal(of: string, position: Position): string;
  open(of: string, cursor: string): Position;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Cursors encrypted with AES-256-GCM: a sort value may be one the client must not see (policy.md T5). */
export function createCursors(key: Buffer, agreement: string): Cursors {
  const boundTo = (of: string) => Buffer.from(`${of}|${agreement}`);
  return {
    seal(of, position) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(boundTo(of));
      const text = Buffer.concat([cipher.update(JSON.stringify(position)), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), text]).toString("base64url");
    },
    open(of, cursor) {
      try {
        const bytes = Buffer.from(cursor, "base64url");
        const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
          .setAAD(boundTo(of))
          .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
        const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
        return JSON.parse(text.toString()) as Position;
      } catch {
        throw badInput("after must be a cursor of this list");
      }
    },
  };
}
