import type { Pool } from "../../../drizzle/client.ts";
import { Refusal } from "../../../schema/errors.ts";
import { type Act, acting } from "../../kit/acts/acting.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { closeEvidence, type EvidenceRow, evidenceById } from "./data.ts";
import { asAnnounced, type Bytes, NotAsAnnounced, type Store } from "./store.ts";

/** What the slice keeps for bytes of evidence: where they lie, and connections of their own: bytes may take longer than a request. */
export interface Archive {
  readonly store: Store;
  readonly pool: Pool;
}

export interface Bringing {
  readonly id: string;
  readonly bytes: Bytes;
}

/**
 * Stores the bytes of evidence that the asker has announced. What is not as announced is BAD_USER_INPUT, and the evidence stays refused; bytes that
 * break off leave it announced. NOT_FOUND: it is another's; CONFLICT: it has its bytes, or was refused.
 */
export async function bring(
  archive: Archive | null,
  asking: Pick<Asking, "write" | "caller" | "now">,
  { id, bytes }: Bringing,
): Promise<EvidenceRow> {
  const { store } = given(archive);
  const act = acting(asking);
  const row = await act((one) => announcedHere(one, id));
  await store.put(row.sha256, asAnnounced(bytes, row)).catch(async (error: unknown) => {
    if (!(error instanceof NotAsAnnounced)) throw error;
    await act((one) => closeEvidence(one.db, row.id, error.message));
    throw badInput(error.message);
  });
  const stored = await act((one) => closeEvidence(one.db, row.id, null));
  if (!stored) throw brought();
  return stored;
}

/** The archive, where there is one. */
export function given(archive: Archive | null): Archive {
  if (archive === null) throw new Error("welfare keeps no evidence without HUB_EVIDENCE_URL");
  return archive;
}

/** Whoever may see evidence may not for that bring it. */
async function announcedHere({ db, caller }: Act, id: string): Promise<EvidenceRow> {
  const [row] = await evidenceById(db, [id]);
  const isOwn = row?.personId === caller.citizen && row?.announcedBy === (caller.officer ?? "CITIZEN");
  if (!row || !isOwn) throw new Refusal({ code: "NOT_FOUND" });
  if (row.state !== "ANNOUNCED") throw brought();
  return row;
}

const brought = () =>
  new Refusal({ code: "CONFLICT", detail: "this evidence has its bytes already, or was refused: announce it anew" });
