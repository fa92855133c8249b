import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { openPool, type Pool, type Scope, type WriteSession } from "../../../drizzle/client.ts";
import { inOneLoad } from "../../../drizzle/copy.ts";
import type { MergedRow } from "../../../subgraphs/population/individuals/assign.ts";
import {
  casePosition,
  casesById,
  decideCase,
  historyOf,
  individualOf,
  individualOfRow,
  mergeIndividuals,
  openCases,
  rowsOf,
  unmergeIndividuals,
} from "../../../subgraphs/population/individuals/data.ts";
import { type Doubt, type Publication, publish } from "../../../subgraphs/population/individuals/publish.ts";
import { asRole, failing, useDatabases } from "../../kit/database.ts";
import { budi, rina, siti } from "../../kit/people.ts";

// One individual across the programs' files, on a real database: ids, history, review, and who may see what.

const databases = useDatabases();
const { adminUrl } = inject("databases");
const KEMENSOS: Scope = {
  regions: [["0", "A"]],
  programs: null,
  decileMax: 100,
  agency: "KEMENSOS",
  officer: null,
  citizen: null,
  agreement: "PKS-2025-001",
  purpose: "PROGRAM_ADMINISTRATION",
};
const OTHER: Scope = { ...KEMENSOS, agency: "BPS" };
const AT = "2026-11-21T09:00:00.000Z";
const DEED = { by: "steward:ratna", reason: "same mother, same card", at: AT };
const ALL = { limit: 100, after: null };

let pool: Pool;
beforeAll(() => {
  pool = openPool(databases.urls.population.runtime, { max: 8 }); // two of them write
});
afterAll(() => pool.end());
beforeEach(() =>
  asRole(databases.urls.population.owner, (owner) =>
    owner.unsafe("truncate individual_event, review_case, individual_row, individual cascade"),
  ),
);

const row = (name: string, person: string | null, told: Partial<MergedRow> = {}): MergedRow => {
  const [source = "", number = ""] = name.split("/");
  return { source, row: number, agency: "KEMENSOS", digest: `digest of ${name}`, person, group: name, ...told };
};
const doubt = (name: string, person: string, weight = 2): Doubt => {
  const [source = "", number = ""] = name.split("/");
  return {
    source,
    row: number,
    person,
    weight,
    margin: 5,
    levels: Uint8Array.of(8, 7, 0),
    bits: [],
    personDigest: "as registered",
  };
};
const PERSONS = new Map([siti, budi, rina].map(({ id }) => [id, "as registered"]));

const publishing = (rows: readonly MergedRow[], told: Partial<Publication> = {}) =>
  inOneLoad(databases.urls.jobs as string, (loader) =>
    publish(loader, { rows, doubts: [], digestOfPerson: (id) => PERSONS.get(id) ?? null, by: "merge 1", at: AT, ...told }),
  );

async function reading<T>(work: (db: WriteSession["db"]) => Promise<T>, scope = KEMENSOS): Promise<T> {
  const session = pool.session(scope);
  try {
    return await work(session.db);
  } finally {
    await session.close();
  }
}
async function writing<T>(work: (db: WriteSession["db"]) => Promise<T>, scope = KEMENSOS): Promise<T> {
  const session = pool.writeSession(scope);
  try {
    const result = await work(session.db);
    await session.close();
    return result;
  } catch (error) {
    await session.rollback();
    throw error;
  }
}
const who = async (name: string, scope = KEMENSOS) => {
  const [source = "", number = ""] = name.split("/");
  return (await reading((db) => individualOfRow(db, { source, row: number }), scope)) ?? { survivor: "nobody", personId: null };
};
const idOf = async (name: string) => (await who(name)).survivor;
const decide = (id: string, decision: "SAME" | "DIFFERENT") =>
  writing((db) => decideCase(db, { case: id, decision, fresh: randomUUID(), ...DEED }));
const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => "no refusal",
    (error: { failures?: { detail?: string }[] }) => error.failures?.[0]?.detail ?? error,
  );

/** All of the tables but history, as the owner sees them. */
const state = () =>
  asRole(databases.urls.population.owner, async (owner) => [
    ...(await owner`select id, person_id, merged_into from individual order by id`),
    ...(await owner`select source, row, individual from individual_row order by source, row`),
  ]);

describe("a merge of the sources", () => {
  test("makes one individual of a person's rows and one of a provisional group's, each with its history", async () => {
    const rows = [
      row("DTKS/1", siti.id),
      row("PKH/1", siti.id),
      row("DTKS/2", null, { group: "g" }),
      row("BST/9", null, { group: "g" }),
    ];
    expect(await publishing(rows)).toMatchObject({ created: 2, joined: 4 });
    expect([await who("DTKS/1"), await who("BST/9")]).toMatchObject([{ personId: siti.id }, { personId: null }]);
    expect([await idOf("PKH/1"), await idOf("BST/9")]).toEqual([await idOf("DTKS/1"), await idOf("DTKS/2")]);
    const history = await reading(async (db) => historyOf(db, await idOf("DTKS/1")));
    expect(history.map(({ kind, source, by }) => [kind, source, by])).toEqual([
      ["CREATED", null, "merge 1"],
      ["ROW_JOINED", "DTKS", "merge 1"],
      ["ROW_JOINED", "PKH", "merge 1"],
    ]);
  });

  test("run again keeps every id and adds nothing to history", async () => {
    const rows = [row("DTKS/1", siti.id), row("DTKS/2", null, { group: "g" }), row("BST/9", null, { group: "g" })];
    await publishing(rows, { doubts: [doubt("DTKS/2", budi.id)] });
    const before = await state();
    const again = await publishing([...rows].reverse(), { doubts: [doubt("DTKS/2", budi.id)], by: "merge 2" });
    expect(again).toEqual({ created: 0, identified: 0, joined: 0, gone: 0, emptied: 0, opened: 0, superseded: 0 });
    expect(await state()).toEqual(before);
  });

  test("resolves the id of a provisional individual that turned out to be a person, and keeps rows that left their source on record", async () => {
    await publishing([row("DTKS/1", siti.id), row("DTKS/2", null), row("DTKS/3", null)]);
    const old = await idOf("DTKS/2");
    expect(await publishing([row("DTKS/1", siti.id), row("DTKS/2", siti.id)])).toMatchObject({ emptied: 1, gone: 1 });
    const [resolved] = await reading((db) => individualOf(db, [old]));
    expect(resolved).toEqual({ asked: old, survivor: await idOf("DTKS/1"), personId: siti.id });
  });

  test("touches only the sources it read", async () => {
    await publishing([row("DTKS/1", siti.id), row("PKH/1", null)]);
    expect(await publishing([row("DTKS/1", siti.id)])).toMatchObject({ gone: 0 });
    expect((await who("PKH/1")).survivor).not.toBe("nobody");
  });
});

describe("merging and taking it back", () => {
  test("a merged id resolves to its survivor, whose rows are those of both", async () => {
    await publishing([row("DTKS/1", rina.id), row("PKH/1", null)]);
    const [into, merged] = [await idOf("DTKS/1"), await idOf("PKH/1")];
    await writing((db) => mergeIndividuals(db, { into, merged, ...DEED }));
    expect(await reading((db) => individualOf(db, [merged]))).toEqual([{ asked: merged, survivor: into, personId: rina.id }]);
    expect((await reading((db) => rowsOf(db, [into]))).map(({ source }) => source)).toEqual(["DTKS", "PKH"]);
    const [event] = await reading((db) => historyOf(db, into)).then((events) => events.slice(-1));
    expect(event).toMatchObject({ kind: "MERGED", individual: merged, other: into, by: DEED.by, reason: DEED.reason });
  });

  test("who asks for nonsense is told what is wrong", async () => {
    await publishing([row("DTKS/1", rina.id), row("PKH/1", null), row("BST/1", null)]);
    const [person, a, b] = [await idOf("DTKS/1"), await idOf("PKH/1"), await idOf("BST/1")];
    const merge = (into: string, merged: string) => writing((db) => mergeIndividuals(db, { into, merged, ...DEED }));
    expect(await refusalOf(merge(a, a))).toMatch(/two individuals/);
    expect(await refusalOf(merge(a, person))).toMatch(/the register names/);
    expect(await refusalOf(merge(a, randomUUID()))).toMatch(/not merged into others/);
    const event = await merge(a, b);
    expect(await refusalOf(merge(person, b))).toMatch(/not merged into others/);
    const undo = () => writing((db) => unmergeIndividuals(db, { event, ...DEED }));
    await undo();
    expect(await refusalOf(undo())).toMatch(/undone already/);
    expect(await refusalOf(writing((db) => unmergeIndividuals(db, { event: 0n, ...DEED })))).toMatch(/must be a merge/);
  });

  test("of two merges at once that would make a circle, the later waits and is refused", async () => {
    await publishing([row("DTKS/1", null), row("PKH/1", null)]);
    const [a, b] = [await idOf("DTKS/1"), await idOf("PKH/1")];
    const first = pool.writeSession(KEMENSOS);
    await mergeIndividuals(first.db, { into: a, merged: b, ...DEED });
    const second = refusalOf(writing((db) => mergeIndividuals(db, { into: b, merged: a, ...DEED })));
    const waiting = () =>
      asRole(
        adminUrl,
        (admin) => admin`select from pg_stat_activity
        where datname = ${new URL(databases.urls.population.runtime).pathname.slice(1)} and wait_event_type = 'Lock'`,
      );
    await expect.poll(waiting).toHaveLength(1);
    await first.close();
    expect(await second).toMatch(/not merged into others/);
  });

  test("any series of merges, undone in any order, returns everything to what it was", async () => {
    const names = ["DTKS/1", "DTKS/2", "PKH/1", "PKH/2", "BST/1"];
    await publishing(names.map((name, i) => row(name, i === 0 ? siti.id : null)));
    const ids = await Promise.all(names.map(idOf));
    const before = await state();
    const pair = fc.tuple(fc.nat(names.length - 1), fc.nat(names.length - 1));
    let merged = 0;
    const undoing = fc.asyncProperty(fc.array(pair, { maxLength: 6 }), fc.infiniteStream(fc.nat()), async (series, ranks) => {
      const events: (readonly [number, bigint])[] = [];
      for (const [into, other] of series) {
        const merge = writing((db) => mergeIndividuals(db, { into: ids[into] ?? "", merged: ids[other] ?? "", ...DEED }));
        const event = await merge.catch(() => null); // a refused one changes nothing
        if (event !== null) events.push([ranks.next().value ?? 0, event]);
      }
      merged += events.length;
      for (const [, event] of events.sort(([a], [b]) => a - b)) await writing((db) => unmergeIndividuals(db, { event, ...DEED }));
      expect(await state()).toEqual(before);
    });
    await fc.assert(undoing, { numRuns: 12 });
    expect(merged).toBeGreaterThan(5);
  });

  test("what happened can be neither changed nor deleted, by who answers or who merges", async () => {
    await publishing([row("DTKS/1", siti.id)]);
    const { runtime } = databases.urls.population;
    for (const url of [runtime, databases.urls.jobs as string]) {
      expect(await failing(asRole(url, (client) => client`update individual_event set reason = 'another'`))).toBe("42501");
      expect(await failing(asRole(url, (client) => client`delete from individual_event`))).toBe("42501");
      expect(await failing(asRole(url, (client) => client`delete from individual`))).toBe("42501");
    }
  });
});

describe("the review queue", () => {
  const rows = [row("DTKS/1", siti.id), row("PKH/1", null), row("BST/1", null)];
  const doubts = [doubt("PKH/1", siti.id, 1.5), doubt("BST/1", budi.id, 3)];
  const queue = () => reading((db) => openCases(db, ALL));

  test("shows the likeliest first, page by page", async () => {
    await publishing(rows, { doubts });
    const [first] = await reading((db) => openCases(db, { limit: 1, after: null }));
    expect(first).toMatchObject({ source: "BST", row: "1", personId: budi.id, weight: 3, margin: 5, state: "OPEN" });
    const rest = await reading((db) => openCases(db, { limit: 5, after: first ? casePosition(first) : null }));
    expect(rest.map(({ source }) => source)).toEqual(["PKH"]);
    expect([...(rest[0]?.levels ?? [])]).toEqual([8, 7, 0]);
  });

  test("SAME makes the row part of the person, also of one nobody had a row of; undoing it makes it what it was", async () => {
    await publishing(rows, { doubts });
    const [bst, pkh] = await queue();
    const [ownBst, ownPkh] = [await idOf("BST/1"), await idOf("PKH/1")];
    const event = await decide(bst?.id ?? "", "SAME");
    await decide(pkh?.id ?? "", "SAME");
    expect(await who("PKH/1")).toMatchObject({ asked: ownPkh, survivor: await idOf("DTKS/1"), personId: siti.id });
    expect((await who("BST/1")).personId).toBe(budi.id);
    expect(await queue()).toEqual([]);
    await writing((db) => unmergeIndividuals(db, { event: event ?? 0n, ...DEED }));
    expect(await who("BST/1")).toEqual({ asked: ownBst, survivor: ownBst, personId: null });
  });

  test("a case is decided once, with a reason, by one of two who try at the same time", async () => {
    await publishing(rows, { doubts });
    const [first] = await queue();
    const id = first?.id ?? "";
    const unreasoned = writing((db) => decideCase(db, { case: id, decision: "SAME", fresh: randomUUID(), ...DEED, reason: " " }));
    expect(await refusalOf(unreasoned)).toMatch(/reason/);
    const outcomes = await Promise.allSettled([decide(id, "SAME"), decide(id, "DIFFERENT")]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const [decided] = await reading((db) => casesById(db, [id]));
    expect(decided).toMatchObject({ state: "DECIDED", decidedBy: DEED.by, reason: DEED.reason });
  });

  test("a human decision outranks the engine when it is run again, either way", async () => {
    await publishing(rows, { doubts });
    const [bst, pkh] = await queue();
    await decide(bst?.id ?? "", "SAME");
    await decide(pkh?.id ?? "", "DIFFERENT");
    const before = await state();
    const bolder = [row("DTKS/1", siti.id), row("PKH/1", siti.id), row("BST/1", null)];
    expect(await publishing(bolder, { doubts })).toMatchObject({ joined: 0, opened: 0, superseded: 0 });
    expect(await state()).toEqual(before);
  });

  test("until the row changes: then the decision falls, its merge is undone, and the engine is asked anew", async () => {
    await publishing(rows, { doubts });
    const [bst] = await queue();
    const own = await idOf("BST/1");
    await decide(bst?.id ?? "", "SAME");
    const changed = [row("DTKS/1", siti.id), row("PKH/1", null), row("BST/1", null, { digest: "another name" })];
    expect(await publishing(changed, { doubts, by: "merge 2" })).toMatchObject({ superseded: 1, opened: 1 });
    expect(await who("BST/1")).toMatchObject({ survivor: own, personId: null });
    const history = await reading((db) => historyOf(db, own));
    expect(history.map(({ kind, by }) => [kind, by]).slice(-2)).toEqual([
      ["MERGED", DEED.by],
      ["UNMERGED", "merge 2"],
    ]);
  });

  test("or the person changes", async () => {
    await publishing(rows, { doubts });
    const [, pkh] = await queue();
    await decide(pkh?.id ?? "", "DIFFERENT");
    const corrected = new Map(PERSONS).set(siti.id, "corrected");
    const bolder = [row("DTKS/1", siti.id), row("PKH/1", siti.id), row("BST/1", null)];
    expect(
      await publishing(bolder, { doubts: [doubts[1] as Doubt], digestOfPerson: (id) => corrected.get(id) ?? null }),
    ).toMatchObject({ superseded: 1 });
    expect((await who("PKH/1")).personId).toBe(siti.id);
  });
});

test("who decides while a merge is published waits for it, and reads meanwhile", async () => {
  const doubts = [doubt("PKH/1", siti.id)];
  const rows = [row("DTKS/1", siti.id), row("PKH/1", null)];
  await publishing(rows, { doubts });
  const [open] = await reading((db) => openCases(db, ALL));
  let decided: Promise<unknown> = Promise.resolve();
  let isDecided = false;
  await inOneLoad(databases.urls.jobs as string, async (loader) => {
    await publish(loader, { rows, doubts, digestOfPerson: (id) => PERSONS.get(id) ?? null, by: "merge 2", at: AT });
    decided = decide(open?.id ?? "", "SAME").then(() => {
      isDecided = true;
    });
    const waiting = () =>
      asRole(
        adminUrl,
        (admin) => admin`select from pg_stat_activity
        where datname = ${new URL(databases.urls.population.runtime).pathname.slice(1)} and wait_event_type = 'Lock'`,
      );
    await expect.poll(waiting).toHaveLength(1);
    expect(await reading((db) => openCases(db, ALL))).toHaveLength(1);
    expect(isDecided).toBe(false);
  });
  await decided;
  expect((await who("PKH/1")).personId).toBe(siti.id);
});

describe("agencies", () => {
  test("see and decide their own rows and cases only", async () => {
    const rows = [row("DTKS/1", siti.id), row("REGSOSEK/1", null, { agency: "BPS" })];
    await publishing(rows, { doubts: [doubt("REGSOSEK/1", siti.id)] });
    const own = await idOf("DTKS/1");
    expect(await reading((db) => openCases(db, ALL))).toEqual([]);
    expect((await who("REGSOSEK/1")).survivor).toBe("nobody");
    expect(await reading((db) => individualOf(db, [own]), OTHER)).toEqual([]);
    expect(await reading((db) => historyOf(db, own), OTHER)).toEqual([]);
    const [case_] = await reading((db) => openCases(db, ALL), OTHER);
    const id = case_?.id ?? "";
    expect(await refusalOf(decide(id, "SAME"))).toMatch(/of the queue/);
    await writing((db) => decideCase(db, { case: id, decision: "SAME", fresh: randomUUID(), ...DEED }), OTHER);
    expect(await who("REGSOSEK/1", OTHER)).toMatchObject({ survivor: own, personId: siti.id });
    expect(await reading((db) => rowsOf(db, [own]), OTHER)).toEqual([{ survivor: own, source: "REGSOSEK", row: "1" }]);
  });

  test("cannot merge an individual of which they have no row", async () => {
    await publishing([row("DTKS/1", siti.id), row("REGSOSEK/1", null, { agency: "BPS" })]);
    const foreign = (await who("REGSOSEK/1", OTHER)).survivor;
    const merge = writing(async (db) => mergeIndividuals(db, { into: await idOf("DTKS/1"), merged: foreign, ...DEED }));
    expect(await refusalOf(merge)).toMatch(/not merged into others/);
  });

  test("a question without a scope raises", async () => {
    const { runtime } = databases.urls.population;
    for (const table of ["individual_row", "review_case"])
      expect(await failing(asRole(runtime, (client) => client.unsafe(`select * from ${table}`)))).toMatch(/42704|22P02/);
  });
});
