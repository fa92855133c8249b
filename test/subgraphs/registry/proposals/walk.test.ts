import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drizzleOn, rawClient } from "../../../../drizzle/client.ts";
import { proposalStep } from "../../../../drizzle/tables/welfare/proposals.ts";
import { STEPS } from "../../../../subgraphs/welfare/proposals/machine.ts";
import { asRole, failing, useDatabases } from "../../../kit/database.ts";
import { HASH, PAKIS } from "./kit.ts";

type Tx = ReturnType<typeof rawClient>;
const { urls } = useDatabases();
let slice: Tx;
let jobs: Tx;
/** A determination in whose month all that is sent falls due. */
const DETERMINATION = crypto.randomUUID();
beforeAll(async () => {
  slice = rawClient(urls.welfare.runtime, { max: 1 });
  jobs = rawClient(urls.registry ?? "", { max: 1 });
  const prepared = as("pusdatin", "2026-11-30", async (tx) => {
    await tx`insert into welfare.determination (id, basis, month, state, prepared_by, prepared_at, registry_version, known_at)
      select ${DETERMINATION}, 'DTSEN', '2026-12-01', 'DRAFT', 'pusdatin.kemensos', welfare.moment(), id, welfare.moment() from welfare.registry_version where basis = 'DTSEN' limit 1`;
  });
  expect(await prepared).toBe("NO ERROR");
});
afterAll(() => Promise.all([slice.end(), jobs.end()]));

test("the database holds the same machine as the code, row for row", async () => {
  const rows = await asRole(urls.welfare.owner, (owner) => drizzleOn(owner).select().from(proposalStep));
  const told = rows.map(({ fromState, act, toState, roles, window }) => [fromState, act, toState, roles, window]);
  const order = (steps: readonly unknown[]) => steps.map((step) => JSON.stringify(step)).sort();
  expect(order(told)).toEqual(order(STEPS));
});

/** Officers by duty, then some who hold none over this village. */
const ON_DUTY: Readonly<Record<string, readonly string[]>> = {
  PROPOSER: ["operator"],
  VILLAGE_OPERATOR: ["operator"],
  VILLAGE_HEAD: ["lurah"],
  VERIFIER: ["verifikator", "verifikator2"],
  HEAD_OF_OFFICE: ["kadis"],
  REGENT: ["bupati"],
  MINISTRY: ["pusdatin"],
  EXCHANGE: ["exchange"],
};
const ANYBODY = [...new Set(Object.values(ON_DUTY).flat()), "rt", "petugas", "operator2"];
const AGENCIES: Readonly<Record<string, string>> = { exchange: "SIKS_NG", pusdatin: "KEMENSOS" };
const attendees = [{ name: "LURAH", office: "lurah" }];

/** What each act writes, to the database itself; by default its name alone. */
const DEEDS: Readonly<Record<string, (tx: Tx, id: string, paper: string) => Promise<unknown>>> = {
  async DRAFT(tx, id) {
    await tx`insert into welfare.proposal (id, region, channel, aid, basis, address) values (${id}, ${PAKIS}, 'FORMAL', '{PKH}', 'DTSEN', 'JL MAWAR 1')`;
    await tx`insert into welfare.proposal_candidate (id, proposal_id, position, relation, claimed_name) values (${id}, ${id}, 1, 'HEAD', 'PONIMAN')`;
  },
  ACCEPT: (tx, id, paper) => decide(tx, "ACCEPT", { id, paper }),
  REJECT: (tx, id, paper) => decide(tx, "REJECT", { id, paper }),
  async ATTEST(tx, id, paper) {
    await tx`insert into welfare.responsibility_statement (id, region, statement_number, signed_on, document_sha256) values (${paper}, ${PAKIS}, ${paper}, '2026-11-04', ${HASH})`;
    await tx`update welfare.proposal set act = 'ATTEST', statement_id = ${paper} where id = ${id}`;
  },
  ENDORSE: (tx, id) =>
    tx`update welfare.proposal set act = 'ENDORSE', letter_number = '1', letter_sha256 = ${HASH} where id = ${id}`,
  MATCH: (tx, id, paper) => answer(tx, { about: id, status: "MATCHED", person: paper }),
  MISMATCH: (tx, id) => answer(tx, { about: id, status: "NOT_FOUND", person: null }),
};
async function decide(tx: Tx, act: string, { id, paper }: { readonly id: string; readonly paper: string }): Promise<void> {
  await tx`insert into welfare.deliberation (id, region, kind, minutes_number, held_on, attendees, quorum, document_sha256, list_sha256)
    values (${paper}, ${PAKIS}, 'MUSKEL', ${paper}, '2026-11-04', ${tx.json(attendees)}, 1, ${HASH}, ${HASH})`;
  await tx`insert into welfare.deliberation_decision (deliberation_id, proposal_id, decision, reason) values (${paper}, ${id}, ${`${act}ED`}, 'x')`;
  await tx`update welfare.proposal set act = ${act}, reason = 'x', deliberation_id = ${paper} where id = ${id}`;
}
const answer = (tx: Tx, says: object): Promise<unknown> =>
  tx`select welfare.record_validation(${tx.json([{ ...says, reasons: [], at: "2026-11-05T03:00:00Z" }])})`;

/** Works as an officer would who speaks to the database itself, past every check of the slice; the SQLSTATE it failed with. */
const as = (who: string, day: string, work: (tx: Tx) => Promise<unknown>): Promise<unknown> =>
  failing(
    slice.begin(async (tx) => {
      const agency = AGENCIES[who] ?? "DINSOS_BANYUWANGI";
      const officer = who === "exchange" ? "{}" : `{${who}.${agency.toLowerCase()}}`;
      await tx`select set_config('hub.regions', '{0,A}', true), set_config('hub.decile_max', '100', true), set_config('hub.agency', ${`{${agency}}`}, true),
        set_config('hub.officer', ${officer}, true), set_config('hub.citizen', '{}', true), set_config('hub.now', ${`${day}T03:00:00Z`}, true)`;
      await work(tx as unknown as Tx);
    }),
  );
const attempt = (who: string, act: string, id: string): Promise<unknown> =>
  as(who, act === "SEND" ? "2026-11-20" : "2026-11-05", async (tx) => {
    const deed = DEEDS[act];
    await (deed
      ? deed(tx, id, crypto.randomUUID())
      : tx`update welfare.proposal set act = ${act}, reason = 'x' where id = ${id}`);
  });
const JOBS: Readonly<Record<string, () => Promise<unknown>>> = {
  EXPIRE: () => jobs`select welfare.expire_proposals('2026-11-01T00:00:00Z')`,
  DETERMINE: () => jobs`select welfare.determine_proposals(${DETERMINATION})`,
};

const ACTS = [...new Set(STEPS.map(([, act]) => act))];
const ENDS = new Set(["WITHDRAW", "REJECT", "REJECT_AT_CENTRE"]);
const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];

/** Officers try what is open and mostly theirs, or anything at all, until the choices are used up. */
async function walk(id: string, choices: readonly (readonly [act: number, who: number])[], isSteady: boolean): Promise<void> {
  await attempt("operator", "DRAFT", id);
  for (const [a, w] of choices) {
    const [row] = await jobs`select state from welfare.proposal where id = ${id}`;
    const open = STEPS.filter(([from, deed]) => from === row?.["state"] && !(isSteady && ENDS.has(deed)));
    const step = isSteady ? pick(open, a) : undefined;
    const act = step?.[1] ?? pick(ACTS, a) ?? "";
    const right = step && w % 4 > 0 ? step[3].flatMap((role) => ON_DUTY[role] ?? []) : [];
    await (JOBS[act]?.() ?? attempt(pick(right, w) ?? pick(ANYBODY, w) ?? "", act, id));
  }
}

test("200 random walks of officers on the database leave only legal histories, and makers are never checkers", async () => {
  const ids: string[] = [];
  const choice = fc.tuple(fc.nat(999), fc.nat(999));
  await fc.assert(
    fc.asyncProperty(fc.array(choice, { minLength: 12, maxLength: 30 }), fc.boolean(), async (choices, isSteady) => {
      const id = crypto.randomUUID();
      ids.push(id);
      await walk(id, choices, isSteady);
    }),
    { numRuns: 200, endOnFailure: true },
  );
  const [steps, proposals] = await asRole(urls.welfare.owner, async (owner) => [
    await owner`select subject_id, act, from_state, to_state from welfare.transition where subject_kind = 'PROPOSAL' order by id`,
    await owner`select * from welfare.proposal where id = any(${ids})`,
  ]);
  expect(proposals).toHaveLength(ids.length);
  const legal = new Set(STEPS.map(([from, act, to]) => `${from} ${act} ${to}`));
  for (const { act, from_state, to_state } of steps)
    if (act !== "DRAFT") expect(legal).toContain(`${from_state} ${act} ${to_state}`);
  for (const one of proposals) {
    const own = steps.filter(({ subject_id }) => subject_id === one["id"]);
    expect(own.at(-1)?.["to_state"]).toBe(one["state"]); // nothing moved without a line of history
    for (const [i, step] of own.slice(1).entries()) expect(step["from_state"]).toBe(own[i]?.["to_state"]);
    const hands = [one["proposer_officer"], one["verified_by"], one["approved_by"], one["endorsed_by"]].filter(Boolean);
    expect(new Set(hands).size).toBe(hands.length);
    if (["ENDORSED", "SENT_TO_CENTRE", "DETERMINED"].includes(one["state"])) expect(hands).toHaveLength(4);
  }
  const reached = new Set(steps.map(({ to_state }) => to_state));
  expect(reached.size).toBeGreaterThanOrEqual(10); // the walks got somewhere
}, 120_000);

test("nobody writes a state, a name or an answer past the rules, nor a row away", async () => {
  const id = crypto.randomUUID();
  await attempt("operator", "DRAFT", id);
  const trying = (statement: string) => as("operator", "2026-11-05", (tx) => tx.unsafe(statement));
  for (const column of ["state", "verified_by", "version", "number", "proposer_officer", "household_id"])
    expect(await trying(`update welfare.proposal set ${column} = default where id = '${id}'`), column).toBe("42501");
  expect(await trying("update welfare.proposal_candidate set match_status = 'MATCHED'")).toBe("42501");
  expect(await trying("delete from welfare.proposal")).toBe("42501");
  expect(await trying("update welfare.deliberation set minutes_number = 'x'")).toBe("42501");
  expect(await trying(`update welfare.proposal set act = 'SUBMIT', address = 'JL LAIN' where id = '${id}'`)).toBe("HB001");
  expect(await trying(`update welfare.proposal set act = 'SUBMIT' where id = '${id}'`)).toBe("NO ERROR");
});
