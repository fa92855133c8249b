import { and, asc, count, desc, eq, inArray } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { packet, packetChange } from "../../../drizzle/tables/welfare/needs.ts";
import { household, member } from "../../../drizzle/tables/welfare/welfare.ts";
import type { RegionRange } from "../../../schema/values/regionCode.ts";
import { isBehind, isInRegions, isOneOf, uuids } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";
import type { MemberRow } from "../data.ts";

export type PacketRow = typeof packet.$inferSelect;
export type PacketChangeRow = typeof packetChange.$inferSelect;

/** Living members of a village with the address of their household, by household and suffix; at most `limit`. */
export async function membersOfVillage(
  db: Db,
  village: string,
  limit: number,
): Promise<(MemberRow & { readonly address: string })[]> {
  const rows = await db
    .select({ member, address: household.address })
    .from(member)
    .innerJoin(household, eq(household.id, member.householdId))
    .where(and(eq(member.region, village), inArray(member.state, ["ACTIVE", "DORMANT"])))
    .orderBy(member.householdId, member.familyId, member.suffix)
    .limit(limit);
  return rows.map((row) => ({ ...row.member, address: row.address }));
}

/** A packet; undefined when unknown. `isWriting`: nobody else changes it until the transaction ends. */
export async function packetById(db: Db, id: string, { isWriting = false } = {}): Promise<PacketRow | undefined> {
  const found = db
    .select()
    .from(packet)
    .where(isOneOf(packet.id, uuids([id]), "uuid"));
  return (await (isWriting ? found.for("update") : found))[0];
}

/** Packets issued to an officer, newest first, at most 100. */
export const packetsOf = (db: Db, officer: string): Promise<PacketRow[]> =>
  db.select().from(packet).where(eq(packet.officer, officer)).orderBy(desc(packet.issuedAt), packet.id).limit(100);

export async function insertPacket(db: Db, row: typeof packet.$inferInsert): Promise<PacketRow | undefined> {
  return (await db.insert(packet).values(row).returning())[0];
}

/** Marks a packet as returned; a second or late return the rules of the database refuse. */
export async function markReturned(
  db: Db,
  id: string,
  set: { readonly returnHash: string; readonly returnedAt: string },
): Promise<PacketRow | undefined> {
  return (await db.update(packet).set(set).where(eq(packet.id, id)).returning())[0];
}

export const insertChanges = (db: Db, rows: (typeof packetChange.$inferInsert)[]) => db.insert(packetChange).values(rows);

/** Changes of packets in the order of the device. */
export const changesOfPackets = (db: Db, ids: readonly string[]): Promise<PacketChangeRow[]> =>
  db
    .select()
    .from(packetChange)
    .where(isOneOf(packetChange.packetId, uuids(ids), "uuid"))
    .orderBy(packetChange.packetId, packetChange.position);

/** Changes by id. Any order. */
export const changesById = (db: Db, ids: readonly string[]): Promise<PacketChangeRow[]> =>
  db
    .select()
    .from(packetChange)
    .where(isOneOf(packetChange.id, uuids(ids), "uuid"));

/** One window of the changes that wait in regions, by id. No region, no change: answered without SQL. */
export async function listWaiting(db: Db, regions: readonly RegionRange[], { limit, after }: Window): Promise<PacketChangeRow[]> {
  if (regions.length === 0) return [];
  return db
    .select()
    .from(packetChange)
    .where(and(isWaiting(regions), isBehind([packetChange.id], after)))
    .orderBy(asc(packetChange.id))
    .limit(limit);
}

export async function countWaiting(db: Db, regions: readonly RegionRange[]): Promise<number> {
  if (regions.length === 0) return 0;
  const [row] = await db.select({ n: count() }).from(packetChange).where(isWaiting(regions));
  return row?.n ?? 0;
}

const isWaiting = (regions: readonly RegionRange[]) =>
  and(eq(packetChange.state, "PENDING"), isInRegions(packetChange.region, regions));

/** Decides a change as it was read; undefined when it is another version by now. */
export async function decideChange(
  db: Db,
  { id, version }: Pick<PacketChangeRow, "id" | "version">,
  set: Pick<typeof packetChange.$inferInsert, "state" | "decidedBy" | "decidedAt" | "decisionReason">,
): Promise<PacketChangeRow | undefined> {
  return (
    await db
      .update(packetChange)
      .set(set)
      .where(and(eq(packetChange.id, id), eq(packetChange.version, version)))
      .returning()
  )[0];
}
