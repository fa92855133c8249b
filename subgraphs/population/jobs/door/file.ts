import type { Loader } from "../../../../drizzle/copy.ts";
import type { Caller } from "../../../../schema/caller.ts";
import { holdsNik } from "../../../../schema/errors.ts";
import { badInput } from "../../../kit/errors.ts";
import { rowChunks } from "../../matching/csv/chunks.ts";
import { readHead } from "../upload/head.ts";
import { proposeMapping, readMapping } from "../upload/mapping.ts";
import { appendChunk, CHUNK_BYTES, cancelJob, closeUpload, createJob } from "../upload/upload.ts";
import { agreedOf, type JobDoor, told, under } from "./door.ts";
import { countPersons } from "./quota.ts";

/** A job that is to be made of a file. */
export interface NewFile {
  /** Chosen by who signs for the file: a second file under one id is refused by the table, on whatever host it arrives. */
  readonly id: string;
  readonly source: string;
  readonly fileName: string;
  /** Text of a mapping; null: guessed. */
  readonly mapping: string | null;
}

export interface Stored {
  readonly id: string;
  readonly rows: number;
  readonly bytes: number;
}

const MAX_MAPPING = 4000;
const isName = (text: string, most: number): boolean =>
  text.length > 0 && text.length <= most && !/\p{Cc}/u.test(text) && !holdsNik(text);

function refuseMisnamed({ source, fileName, mapping }: NewFile): void {
  if (!/^[A-Z][A-Z0-9_]{1,31}$/.test(source)) throw badInput("source must be a name such as DTKS: capitals, digits and _");
  if (!isName(fileName, 100)) throw badInput("fileName must be at most 100 characters, without a NIK");
  if ((mapping?.length ?? 0) > MAX_MAPPING) throw badInput(`mapping must be at most ${MAX_MAPPING} characters`);
}

/**
 * Takes a file in, chunk by chunk, in constant memory, and hands it to the workers. A file that cannot be read or breaks off leaves nothing
 * to be matched: its job is cancelled. So does one with more rows than the agreement may still ask about today: QUOTA_EXCEEDED.
 */
export async function storeFile(
  door: JobDoor,
  { caller, file }: { readonly caller: Caller; readonly file: NewFile },
  content: AsyncIterable<Uint8Array>,
): Promise<Stored> {
  refuseMisnamed(file);
  const { id } = file;
  const state = { ordinal: 0, rows: 0, bytes: 0 };
  try {
    for await (const chunk of rowChunks(content, CHUNK_BYTES)) {
      const { ordinal } = state;
      await under(door, caller, async (loader) => {
        if (ordinal === 0) await openJob(loader, { caller, file }, chunk.bytes);
        await appendChunk(loader, id, { ordinal, chunk });
      });
      state.ordinal += 1;
      state.rows += chunk.rows;
      state.bytes += chunk.bytes.length;
    }
    if (state.ordinal === 0) await readHead(new Uint8Array(0)); // says what is wrong with nothing
    await under(door, caller, async (loader) => {
      await closeUpload(loader, id, state.ordinal);
      await countPersons(loader, caller, state.rows); // last: its row is every job's and question's of the agreement
    });
    return { id, rows: state.rows, bytes: state.bytes };
  } catch (error) {
    if (state.ordinal > 0) await under(door, caller, (loader) => cancelJob(loader, id)).catch(() => {});
    return told(error);
  }
}

async function openJob(
  loader: Loader,
  { caller, file }: { readonly caller: Caller; readonly file: NewFile },
  first: Uint8Array,
): Promise<void> {
  const head = await readHead(first);
  const mapping = file.mapping === null ? proposeMapping(head) : readMapping(file.mapping, head);
  await createJob(loader, { ...file, ...agreedOf(caller), mapping });
}
