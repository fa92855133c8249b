import { parseCheckpoint } from "../../../schema/record/checkpoint.ts";
import { isSignedNote, type NoteKey, parseNote } from "../../../schema/record/note.ts";
import { verifyInclusion } from "../../../schema/record/proofs.ts";
import { HASH_BYTES, TILE_WIDTH } from "../../../schema/record/tiles.ts";
import { inclusionProof } from "../../../schema/record/tree.ts";
import { byKey } from "../../kit/byKey.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { ReceiptFinding, ReceiptVerification } from "../generated.ts";
import type { Office } from "../held.ts";
import { checkpointOver, type EntryRow, entryOfReceipt, tileName, tilesByName } from "./data.ts";

/** A receipt as its holder reads it. */
export interface Disclosed extends Body {
  readonly id: string;
  readonly leaf: string;
  readonly place: Place | null;
}

/** Where an entry stands in the log. */
export interface Place {
  readonly index: number;
  readonly size: number;
  /** Root the checkpoint signs. */
  readonly root: Buffer;
  readonly checkpoint: string;
  /** Null: the tiles it takes are not there. */
  readonly proof: readonly Buffer[] | null;
}

/** What a receipt shows of the body of its entry. */
export interface Body {
  readonly at: string;
  readonly agreement: string | null;
  readonly version: number | null;
  readonly purpose: string | null;
  readonly status: string;
  readonly subjects: number;
  /** Of an INTENDED entry `asked`. */
  readonly shown: readonly string[];
  readonly masked: readonly string[];
  readonly denied: readonly string[];
}

/** Receipts with their proofs, from tiles and checkpoints as they lie in the database: a few statements a receipt, whatever the size of the log. */
export const receipts = ({ db }: Pick<Asking, "db">, { logKey }: Pick<Office, "logKey">) => {
  const tiles = byKey(
    (names: readonly string[]) => tilesByName(db, names),
    ({ level, n }) => tileName(level, n),
  );
  const read = async (level: number, n: number) => (await tiles.load(tileName(level, n)))?.hashes ?? null;
  const placeOf = async (index: number | null): Promise<Place | null> => {
    const note = index === null ? undefined : await checkpointOver(db, index);
    if (index === null || note === undefined) return null;
    const { size, root } = parseCheckpoint(note);
    return { index, size, root, checkpoint: note, proof: await inclusionProof(index, size, read).catch(noTile) };
  };
  const inTree = async (index: number): Promise<Buffer> => {
    const place = (index % TILE_WIDTH) * HASH_BYTES;
    return Buffer.from((await read(0, Math.floor(index / TILE_WIDTH))) ?? []).subarray(place, place + HASH_BYTES);
  };
  /** Whether the asker has the receipt, or may read what is under it: the id alone tells nothing. An entry rewritten with its leaf still has it in the tree. */
  const isHeld = async ({ body, leaf: kept, hash, index }: EntryRow, leaf: string): Promise<boolean> =>
    body !== null || isLeaf(kept, leaf) || isLeaf(hash, leaf) || (index !== null && isLeaf(await inTree(index), leaf));
  return {
    /** Null: none, or not the asker's to read. */
    async of(id: string): Promise<Disclosed | null> {
      const entry = await entryOfReceipt(db, id);
      if (!entry?.body) return null;
      return { ...bodyIn(entry.body), id, leaf: entry.leaf.toString("hex"), place: await placeOf(entry.index) };
    },
    async verify(id: string, leaf: string): Promise<ReceiptVerification> {
      const entry = await entryOfReceipt(db, id);
      if (!entry || !(await isHeld(entry, leaf))) return verdict("UNKNOWN", null);
      const place = await placeOf(entry.index);
      if (!isLeaf(entry.hash, leaf)) return verdict("LEAF_DIFFERS", place);
      if (!place) return verdict("NOT_INTEGRATED", null);
      return verdict(isProven(place, entry.hash, logKey) ? "PROVEN" : "NOT_PROVEN", place);
    },
  };
};

const isLeaf = (hash: Buffer, leaf: string): boolean => hash.toString("hex") === leaf.toLowerCase();

/** What a receipt shows of an entry, out of its text. */
export function bodyIn(text: string): Body {
  const body = JSON.parse(text) as Partial<Body> & { readonly asked?: readonly string[] };
  const { at = "", agreement = null, version = null, purpose = null, status = "", subjects = 0, asked = [] } = body;
  const { shown = asked, masked = [], denied = [] } = body;
  return { at, agreement, version, purpose, status, subjects, shown, masked, denied };
}

function isProven({ proof, checkpoint, ...place }: Place, leaf: Buffer, logKey: NoteKey | null): boolean {
  if (logKey && isSignedNote(parseNote(checkpoint), logKey) !== true) return false;
  return proof !== null && verifyInclusion({ ...place, proof, leaf });
}

/** A tree that lacks a tile proves nothing; any other failure is none of the tree's. */
function noTile(error: unknown): null {
  if (error instanceof Error && error.message.startsWith("tile ")) return null;
  throw error;
}

export const base64 = ({ proof }: Place): string[] | null => proof?.map((hash) => hash.toString("base64")) ?? null;

const verdict = (reason: ReceiptFinding, place: Place | null): ReceiptVerification => ({
  isOnRecord: reason !== "UNKNOWN",
  leafMatches: reason !== "UNKNOWN" && reason !== "LEAF_DIFFERS",
  isIntegrated: place !== null,
  isIncluded: reason === "PROVEN",
  index: place?.index ?? null,
  checkpoint: place?.checkpoint ?? null,
  proof: place && base64(place),
  reason,
});
