import { setTimeout } from "node:timers/promises";
import { type Db, drizzleOn, rawClient } from "../../../../drizzle/client.ts";
import type { DatabaseUrls } from "../../../../drizzle/cluster.ts";
import { conclude } from "../../../../drizzle/policy/seed.ts";
import { agreement, agreementVersion, grantRow } from "../../../../drizzle/tables/governance/agreement.ts";
import { DEV_POLICY_SECRET, POLICY_KEY, signerOf } from "../../../../schema/policy/keys.ts";
import { callerWith } from "../../../kit/slice.ts";

const COMPILER = { signer: signerOf(DEV_POLICY_SECRET, POLICY_KEY), origins: [] };

/** A steward, whose agency stands after the dot of the id. */
export const steward = (id: string) => {
  const agency = (id.split(".")[1] ?? "").toUpperCase();
  return { caller: callerWith({ client: id, officer: id, agency, agreement: "T-GOVERNANCE", purpose: "ACCESS_GOVERNANCE" }) };
};
/** A client of an agency, under one of its agreements. */
export const client = (id: string, agency: string, number: string) => ({
  caller: callerWith({ client: id, agency, agreement: number }),
});

/** One connection of the owner of governance's tables. */
export async function asOwner<T>(urls: DatabaseUrls, work: (sql: ReturnType<typeof rawClient>) => Promise<T>): Promise<T> {
  const sql = rawClient(urls.governance.owner, { max: 1 });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

export interface Made {
  readonly number: string;
  readonly agency?: string;
  readonly purpose?: string;
  /** What is opened, by coordinate or class. */
  readonly opens: readonly string[];
  readonly armedMinutes?: number;
  readonly reportDue?: string;
  readonly isDraft?: boolean;
}

/** An agreement with one version, in force from 2025 to 2031 unless it is left a draft. */
export async function made(urls: DatabaseUrls, wanted: Made): Promise<void> {
  const { number, agency = "KEMENSOS", purpose = "PROGRAM_ADMINISTRATION", opens, armedMinutes, reportDue, isDraft } = wanted;
  await asOwner(urls, (sql) =>
    drizzleOn(sql).transaction(async (tx) => {
      const db = tx as unknown as Db;
      const dated = reportDue === undefined ? {} : { reportDue };
      await db.insert(agreement).values({ number, title: number, consumerAgency: agency, purposeCode: purpose, ...dated });
      await db.insert(agreementVersion).values({
        ...{ agreementNumber: number, version: 1, author: `steward.${agency.toLowerCase()}` },
        ...{ validFrom: "2025-01-01T00:00:00Z", validTo: "2031-01-01T00:00:00Z" },
        rowScope: { regions: ["0"], programs: null, decileMax: null },
        ...(armedMinutes !== undefined && { armedMinutes, armedPersons: 100 }),
      });
      await db.insert(grantRow).values(
        opens.map((selector, position) => ({
          ...{ agreementNumber: number, version: 1, position, selector, effect: "allow" as const, clause: "Ps. 1" },
          selectorKind: selector.includes(".") ? ("coordinate" as const) : ("class" as const),
          use: "OUTPUT" as const,
        })),
      );
      if (!isDraft) await conclude(db, { agreement: number, version: 1, consumer: agency }, COMPILER);
    }),
  );
}

/** Two acts begun while an agreement's row is locked, both waiting for that lock before it is let go: a race, every time. */
export async function racing<T>(
  urls: DatabaseUrls,
  number: string,
  start: () => readonly [Promise<T>, Promise<T>],
): Promise<[T, T]> {
  const running = await asOwner(urls, (sql) =>
    sql.begin(async (tx) => {
      await tx`select from agreement where number = ${number} for update`;
      const [one, other] = start();
      const both = Promise.all([one, other]);
      const ended = both.then(() => true);
      while (!(await Promise.race([ended, areWaiting(urls, 2)]))) await setTimeout(10);
      return { both };
    }),
  );
  return running.both;
}

/** Whether so many sessions of the database wait for a lock; asked anew each time, for a transaction sees them as they were at first. */
const areWaiting = (urls: DatabaseUrls, sessions: number): Promise<boolean> =>
  asOwner(urls, async (sql) => {
    const [row] = await sql`select count(distinct pid)::int as n from pg_locks join pg_stat_activity using (pid)
      where not granted and datname = current_database()`;
    return row?.["n"] === sessions;
  });
