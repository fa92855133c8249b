import { sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { stewardKey } from "../../../drizzle/tables/governance/governance.ts";
import type { Shape } from "../../../schema/policy/insight/diff/replay.ts";
import { isOneOf } from "../../kit/data.ts";

/** An entry of the record, as far as governance may know it. */
export interface EntryRow extends Record<string, unknown> {
  readonly agreement: string;
  readonly body: string;
}

/** The entry of a receipt (governance.entry_of); undefined: none, or not the asker's to know. */
export async function entryOf(db: Db, receipt: string): Promise<EntryRow | undefined> {
  const [row] = await db.execute<EntryRow>(sql`select agreement, body from governance.entry_of(${receipt})`);
  return row;
}

/**
 * Recorded questions under an agreement since an instant (governance.shapes_of), counted by client, document and what became of their
 * coordinates. Reads every entry of that time: seconds a million.
 */
export async function shapesOf(db: Db, agreement: string, since: Date): Promise<Shape[]> {
  const rows = await db.execute<ShapeRow>(sql`
    select client, mark, name, requests::integer as requests, shown, masked, denied, used
    from governance.shapes_of(${agreement}, ${since.toISOString()}::timestamptz)`);
  return rows.map(({ shown, masked, denied, used, ...row }) => ({
    ...row,
    ...{ shown: list(shown), masked: list(masked), denied: list(denied), used: list(used) },
  }));
}

type Lists = "shown" | "masked" | "denied" | "used";
type ShapeRow = Omit<Shape, Lists> & { readonly [List in Lists]: string | null } & Record<string, unknown>;
const list = (json: string | null): string[] => JSON.parse(json ?? "[]") as string[];

/** Keys by id, retired ones too: old approvals must still verify. Any order. */
export const keysById = (db: Db, ids: readonly string[]) =>
  db
    .select()
    .from(stewardKey)
    .where(isOneOf(stewardKey.keyId, ids, "text"))
    .orderBy(stewardKey.keyId);
