import { randomUUID } from "node:crypto";
import type { DatabaseUrls } from "../../../../drizzle/cluster.ts";
import { asRole } from "../../../kit/database.ts";
import { callerWith } from "../../../kit/slice.ts";

/** The third quarter of 2026 is over, the fourth runs. */
export const NOW = "2026-11-20T03:00:00Z";
export const PERIOD = { period: "2026-Q3", startsOn: "2026-07-01", endsOn: "2026-09-30" };
const PURPOSE = { purpose: "PROGRAM_MANAGEMENT" } as const;

export const pusat = callerWith({
  ...PURPOSE,
  client: "program.kemensos",
  officer: "program.kemensos",
  agreement: "PKS-2025-025",
});
export const dinsos = callerWith({
  ...PURPOSE,
  client: "bansos.dinsos_banyuwangi",
  officer: "bansos.dinsos_banyuwangi",
  agency: "DINSOS_BANYUWANGI",
  agreement: "PKS-2025-026",
  rows: { regions: [["3510", "3511"]], programs: null, decileMax: 100 },
});
export const bri = callerWith({
  ...PURPOSE,
  client: "penyalur.bri",
  officer: "penyalur.bri",
  agency: "BRI",
  agreement: "PKS-2025-028",
});
export const citizen = (id: string) =>
  callerWith({ client: "portal", agency: "HUB", citizen: id, purpose: "DATA_SUBJECT_RIGHTS", agreement: "PKS-2025-008" });

/** A made-up family of the delivery in force. */
export interface Told {
  readonly region?: string;
  /** Null: nobody of it is matched who could draw the aid. */
  readonly decile?: number | null;
  readonly components?: readonly string[];
  readonly barred?: readonly string[];
  readonly isMatched?: boolean;
  /** Of a program (PKH): as enrolled from 2025 on. */
  readonly enrolled?: string;
  readonly paid?: { readonly state: string; readonly failure?: string; readonly channel?: string; readonly creditedOn?: string };
}
export interface MadeUp {
  readonly familyId: string;
  /** Who draws, or would draw, the aid. */
  readonly person: string;
  /** Another member. */
  readonly other: string;
  readonly enrolmentId: string;
}

const VILLAGE = "3510161001";

type Sql = Parameters<Parameters<typeof asRole>[1]>[0];
type Whole = Required<Omit<Told, "enrolled" | "paid">>;

/** Puts families into the delivery in force, as the owner: what the registry delivered and the programs did, without its way there. */
export const telling =
  (urls: () => DatabaseUrls) =>
  async ({ enrolled, paid, ...story }: Told = {}): Promise<MadeUp> => {
    const made = { familyId: randomUUID(), person: randomUUID(), other: randomUUID(), enrolmentId: randomUUID() };
    const told: Whole = { region: VILLAGE, decile: 1, components: ["ELDERLY"], barred: [], isMatched: true, ...story };
    await asRole(urls().programs.owner, async (sql) => {
      await deliver(sql, made, told);
      if (enrolled !== undefined) await enrol(sql, made, { region: told.region, state: enrolled });
      if (paid) await pay(sql, made, { region: told.region, ...paid });
    });
    return made;
  };

async function deliver(sql: Sql, { familyId, person, other }: MadeUp, { region, decile, components, barred, isMatched }: Whole) {
  await sql.unsafe(
    `insert into programs.candidate_family (delivery, family_id, region, person_id, decile, rank, first_on, components, barred)
    values (programs.delivery_in_force(), $1, $2, $3, $4, 1, '2025-01-01', $5, $6)`,
    [familyId, region, isMatched ? person : null, decile, [...components], [...barred]],
  );
  const head = isMatched ? ["01", person, "MATCHED", [...components]] : ["01", null, "NOT_FOUND", [...components]];
  for (const [suffix, id, status, own] of [head, ["02", other, "MATCHED", []]])
    await sql.unsafe(
      `insert into programs.candidate_member (delivery, member_id, family_id, suffix, person_id, match_status, state, region, components, barred, decile, rank, first_on)
      values (programs.delivery_in_force(), $1, $2, $3, $4, $5, 'ACTIVE', $6, $7, '{}', $8, 1, '2025-01-01')`,
      [randomUUID(), familyId, suffix, id, status, region, own, decile] as never[],
    );
}

const enrol = (sql: Sql, { enrolmentId, person, familyId }: MadeUp, { region, state }: { region: string; state: string }) =>
  sql.unsafe(
    `insert into programs.enrolment (id, person_id, unit_id, program, state, region, started_on) values ($1, $2, $3, 'PKH', $4, $5, '2025-01-01')`,
    [enrolmentId, person, familyId, state, region],
  );

const pay = (sql: Sql, { enrolmentId, person }: MadeUp, told: { region: string } & NonNullable<Told["paid"]>) =>
  sql.unsafe(
    `insert into programs.payment_period (id, enrolment_id, person_id, program, region, period, starts_on, ends_on, amount, state, failure, channel, credited_on)
    values ($1, $2, $3, 'PKH', $4, $5, $6, $7, 600000, $8, $9, $10, $11)`,
    [
      ...[randomUUID(), enrolmentId, person, told.region, PERIOD.period, PERIOD.startsOn, PERIOD.endsOn],
      ...[told.state, told.failure ?? null, told.channel ?? "BRI", told.creditedOn ?? null],
    ],
  );
