import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { rawClient } from "../../../../drizzle/client.ts";
import type { DatabaseUrls } from "../../../../drizzle/cluster.ts";
import { createIntegrator } from "../../../../drizzle/record/integrate.ts";
import { signerOf } from "../../../../schema/policy/keys.ts";
import { leafHash } from "../../../../schema/record/leaf.ts";
import { noteKey } from "../../../../schema/record/note.ts";
import { subjectKey, tagsOf } from "../../../../schema/record/tags.ts";
import { devYearKeys, yearInWib } from "../../../../schema/record/yearKeys.ts";
import { asServer } from "../../../kit/database.ts";
import { callerWith, type SliceUnderTest } from "../../../kit/slice.ts";

type Json = Record<string, any>;

/** Whom an answer was about: ids by type, in the order the record keeps. */
export type Subjects = Readonly<Record<string, readonly string[]>>;

export interface Recorded {
  readonly at?: string;
  readonly subjects?: Subjects;
  /** Parts of the body that differ. */
  readonly body?: Json;
}

/** An access as the gateway puts it on record (body v 2), under the ready-made agreement of BPJS Kesehatan. */
function rowOf({ at = "2026-11-19T03:00:00.000Z", subjects = {}, body: differences = {} }: Recorded) {
  const receipt = randomUUID();
  const key = subjectKey(devYearKeys().get(yearInWib(new Date(at))) ?? "");
  const tags = Buffer.concat(Object.values(subjects).map((ids) => tagsOf(ids, key)));
  const body = {
    ...{ v: 2, at, requestId: receipt, receipt, client: "bpjs-kesehatan", agency: "BPJS_KESEHATAN", officer: null },
    ...{ agreement: "PKS-2025-002", version: 1, purpose: "PBI_MEMBERSHIP", case: null, operation: { name: "Q", mark: "m" } },
    ...{ shown: [], masked: [], denied: [], used: [], variables: null, subjects: tags.length / 16 },
    subjectTypes: Object.fromEntries(Object.entries(subjects).map(([type, ids]) => [type, ids.length])),
    tagsHash: createHash("sha256").update(tags).digest("hex"),
    ...{ sources: {}, status: "ANSWERED", epoch: 1, table: "t", ...differences },
  };
  const text = JSON.stringify(body);
  return {
    receipt,
    leaf: leafHash(text),
    row: {
      at,
      leaf: leafHash(text),
      body: text,
      request_id: receipt,
      client: body.client,
      agreement: body.agreement,
      subjects: tags,
    },
  };
}

const LOG_KEY = signerOf("l".repeat(32), "log");
export const LOG = { signer: LOG_KEY, key: noteKey(LOG_KEY, "hub.example/record", "ED25519") };

/** Puts accesses on record, in this order; answers receipt and leaf of each. */
export async function recordAll(urls: DatabaseUrls, accesses: readonly Recorded[]) {
  const rows = accesses.map(rowOf);
  await asServer(urls.record, async (sql) => {
    for (const { row } of rows) await sql`insert into governance.entry ${sql(row)}`;
  });
  return rows.map(({ receipt, leaf }) => ({ receipt, leaf: leaf.toString("hex") }));
}

/** Address of the record as the role of the log. */
export function logOf({ log }: DatabaseUrls): string {
  if (log === undefined) throw new Error("the databases name no role of the log");
  return log;
}

/** Takes all of the record into the tree: other files' transactions on the same server may hold it up for a moment. */
export async function integrateAll(urls: DatabaseUrls): Promise<void> {
  const sql = rawClient(logOf(urls), { max: 1 });
  try {
    const { integrate } = createIntegrator(sql, LOG);
    const isBehind = async () =>
      (
        await sql`select from governance.entry e where not exists (select from governance.tree_entry t where t.entry_id = e.id) limit 1`
      ).length > 0;
    while (await isBehind()) if ((await integrate()) === 0) await sleep(20);
  } finally {
    await sql.end();
  }
}

/** Asks as a data subject. */
export const asCitizen =
  (slice: SliceUnderTest, citizen: string) =>
  (query: string, variables: Json = {}) =>
    slice.ask(query, {
      variables,
      caller: callerWith({
        client: "portal-warga",
        agency: "HUB",
        citizen,
        agreement: "PKS-2025-008",
        purpose: "DATA_SUBJECT_RIGHTS",
      }),
    });

const LINE =
  "at agency { code } client agreement purpose { code legalBasis } shown masked status disclosure isOfHousehold requests receipt leaf principle { english } sentence { indonesian english }";
/** Accesses to the data of one person, who comes as the hub brings them: with the ids of their rows. */
export const ACCESSES = `query ($who: [_Any!]!, $first: Int! = 100, $after: String, $skip: Int! = 0, $from: DateTime, $to: DateTime) {
  _entities(representations: $who) { ... on Person {
    accesses(first: $first, after: $after, skip: $skip, from: $from, to: $to) { totalCount pageInfo { hasNextPage endCursor } nodes { ${LINE} } } } } }`;

type Ask = ReturnType<typeof asCitizen>;
/** The lines a person is told, newest first. */
export async function linesOf(ask: Ask, person: Json, narrowed: Json = {}): Promise<Json[]> {
  const { data, errors } = await ask(ACCESSES, { who: [{ __typename: "Person", ...person }], ...narrowed });
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return data._entities[0].accesses.nodes;
}
