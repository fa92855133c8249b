import { and, eq } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { evidence } from "../../../drizzle/tables/welfare/evidence.ts";
import { isOneOf, uuids } from "../../kit/data.ts";

export type EvidenceRow = typeof evidence.$inferSelect;
export type NewEvidence = Pick<EvidenceRow, "id" | "kind" | "mediaType" | "bytes" | "sha256" | "region" | "about" | "personId">;

/** Evidence by id. Any order; what is unknown or out of scope is absent. */
export const evidenceById = (db: Db, ids: readonly string[]): Promise<EvidenceRow[]> =>
  db
    .select()
    .from(evidence)
    .where(isOneOf(evidence.id, uuids(ids), "uuid"));

/** Announces evidence in the name of whoever acts; the rules of the database say who may. */
export const insertEvidence = async (db: Db, row: NewEvidence, now: Date): Promise<EvidenceRow | undefined> =>
  (
    await db
      .insert(evidence)
      .values({ ...row, announcedBy: "", announcedAt: now.toISOString() })
      .returning()
  )[0];

/** Says what came of the bytes: `refusal` null, they are stored. Undefined: somebody was faster. */
export const closeEvidence = async (db: Db, id: string, refusal: string | null): Promise<EvidenceRow | undefined> =>
  (
    await db
      .update(evidence)
      .set({ state: refusal === null ? "STORED" : "REFUSED", refusal })
      .where(and(eq(evidence.id, id), eq(evidence.state, "ANNOUNCED")))
      .returning()
  )[0];
