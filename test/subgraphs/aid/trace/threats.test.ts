import { beforeAll, expect, test } from "vitest";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { callerWith, useSlice } from "../../../kit/slice.ts";
import { bri, dinsos, NOW, pusat, type Told, telling } from "./kit.ts";

const databases = useDatabases();
const slice = useSlice(programs, { databaseUrl: () => databases.urls.programs.runtime, now: () => Date.parse(NOW) });
const tell = telling(() => databases.urls);
beforeAll(() => asRole(databases.urls.programs.owner, (sql) => sql`insert into programs.clock_rule default values`));

const kppn = callerWith({
  purpose: "PROGRAM_MANAGEMENT",
  client: "kppn.kemenkeu",
  officer: "kppn.kemenkeu",
  agency: "KEMENKEU",
  agreement: "PKS-2025-027",
});
const TRACE = `query ($person: ID!, $period: String!) { paymentTrace(person: $person, program: PKH, period: $period) {
  outcome stoppedAt sentence { indonesian english } decree { state reasons text { indonesian english } remedy { indonesian } } quota { state text { indonesian } } } }`;
const ask = async (person: string, caller: typeof pusat, period = "2026-Q3") => {
  const { data, errors } = await slice.ask(TRACE, { caller, variables: { person, period } });
  expect(errors).toEqual([]);
  return data.paymentTrace;
};

const NOT_PAID: readonly [string, Told][] = [
  ["nobody in the data of the program", { isMatched: false }],
  ["not entitled", { decile: 9 }],
  ["without a component", { components: [] }],
  ["entitled and not selected", {}],
  ["waiting", { enrolled: "WAITING" }],
  ["suspended", { enrolled: "SUSPENDED" }],
  ["enrolled, on no list", { enrolled: "ACTIVE" }],
  ["paid by another bank", { enrolled: "ACTIVE", paid: { state: "ORDER_PENDING", channel: "BNI" } }],
];

test.each(NOT_PAID)("a bank reads nothing of who is no customer of its own: %s", async (_, story) => {
  const { person, other } = await tell(story);
  for (const one of [person, other]) expect(await ask(one, bri)).toBeNull();
});

test.each<[string, Told]>([
  ...NOT_PAID.slice(0, -1),
  ["at the bank's account check", { enrolled: "ACTIVE", paid: { state: "ACCOUNT_CHECK" } }],
  ["excluded before any order", { enrolled: "ACTIVE", paid: { state: "EXCLUDED", failure: "NOT_ELIGIBLE" } }],
])("the treasury reads nothing of a payment that has not come to it: %s", async (_, story) => {
  const { person, other } = await tell(story);
  for (const one of [person, other]) expect(await ask(one, kppn)).toBeNull();
});

test("bank and treasury follow what is theirs: the bank from the list on, the treasury from its own check on", async () => {
  const paid = (state: string): Told => ({ enrolled: "ACTIVE", paid: { state } });
  const [listed, checked] = [await tell(paid("ACCOUNT_CHECK")), await tell(paid("TREASURY_CHECK"))];
  expect((await ask(listed.person, bri)).stoppedAt).toBe("ACCOUNT");
  expect((await ask(checked.person, bri)).stoppedAt).toBe("TREASURY");
  expect((await ask(checked.person, kppn)).stoppedAt).toBe("TREASURY");
});

test("of a period before the enrolment began it is said that it began later, not that there is no seat", async () => {
  const { person } = await tell({ enrolled: "ACTIVE" });
  for (const caller of [pusat, dinsos]) {
    const before = await ask(person, caller, "2024-Q4");
    expect(before).toMatchObject({ stoppedAt: "DECREE", outcome: "BLOCKED", quota: { state: "PASSED", text: null } });
    expect(before.decree).toMatchObject({
      reasons: ["BEGAN_LATER"],
      text: { indonesian: "Kepesertaan baru dimulai setelah periode ini", english: "the enrolment began only after this period" },
    });
    expect(before.sentence.indonesian).toContain("kepesertaan baru dimulai setelah periode ini");
    expect(before.sentence.indonesian).not.toContain("kuota");
  }
  expect((await ask(person, pusat)).decree).toMatchObject({ state: "UNDER_WAY", reasons: [] });
});
