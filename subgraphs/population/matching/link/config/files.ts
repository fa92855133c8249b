import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { delimiterCode, readCsv } from "../../csv/read.ts";
import { UnreadableCsv } from "../../csv/row.ts";
import { type At, fault, fieldsAt, isGiven, itemsAt, textAt } from "./shape.ts";

/** One CSV file of a linkage. */
export interface FileSpec {
  /** As the configuration writes it: results name the file so. */
  readonly path: string;
  readonly location: string;
  /** Header of the column that holds a row's id. */
  readonly id: string;
  /** Null: whichever of , ; tab and | the header uses most. */
  readonly delimiter: string | null;
  /** Texts that stand for "missing", besides the empty one. */
  readonly nulls: readonly string[];
}

/** A file and the columns it has; none when it could not be opened, which is a fault already told. */
export interface OpenedFile extends FileSpec {
  readonly place: At;
  readonly headers: readonly string[] | null;
}

/** Bytes read at a time. */
const PIECE = 1024 * 1024;

export const openFile = (location: string) => createReadStream(location, { highWaterMark: PIECE }) as AsyncIterable<Uint8Array>;

/** Reads what is said of a file, and its header; `folder` is what its path is relative to. */
export async function fileAt(at: At, folder: string): Promise<OpenedFile> {
  const fields = fieldsAt(at, ["path", "id", "delimiter", "nulls"]);
  if (!isGiven(at)) fault(at, "is missing");
  const path = isGiven(at) ? textAt(fields.path) : "";
  const file = {
    path,
    location: resolve(folder, path),
    id: isGiven(at) ? textAt(fields.id) : "",
    delimiter: isGiven(fields.delimiter) ? textAt(fields.delimiter) : null,
    nulls: itemsAt(fields.nulls).map((item) => (item.value === "" ? "" : textAt(item))),
  };
  const headers = path === "" ? null : await headersOf(file, at);
  if (headers && file.id !== "") isHeader(fields.id, file.id, headers);
  return { ...file, place: at, headers };
}

/** Whether the file has the column; tells a fault when not. */
export function isHeader(at: At, name: string, headers: readonly string[]): boolean {
  const isThere = headers.includes(name);
  if (!isThere) fault(at, `names the column “${name}”; the file has ${headers.join(", ")}`);
  return isThere;
}

async function headersOf(
  { location, delimiter }: Pick<FileSpec, "location" | "delimiter">,
  at: At,
): Promise<readonly string[] | null> {
  try {
    delimiterCode(delimiter);
    return await headerOf(location, delimiter);
  } catch (error) {
    const reasons = error instanceof UnreadableCsv ? error.faults : [reasonOf(error)];
    for (const reason of reasons) fault(at, `cannot be used: ${reason}`);
    return null;
  }
}

const reasonOf = (error: unknown): string => {
  const { code } = error as { code?: string };
  if (code === "ENOENT") return "there is no such file";
  return code === "EISDIR" ? "it is a folder" : String((error as Error).message);
};

async function headerOf(location: string, delimiter: string | null): Promise<readonly string[]> {
  const seen: (readonly string[])[] = [];
  async function* beginning() {
    for await (const piece of openFile(location)) {
      yield piece;
      if (seen.length > 0) return;
    }
  }
  const onHeader = (columns: readonly string[]) => seen.push(columns);
  await readCsv(beginning(), { delimiter, onHeader, onReject: () => {} }, () => {});
  return seen[0] ?? [];
}
