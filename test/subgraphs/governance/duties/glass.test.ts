import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { useDatabases } from "../../../kit/database.ts";
import { codesOf, useSlice } from "../../../kit/slice.ts";
import { asOwner, client, made, racing, steward } from "./kit.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let now = 0;
const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime, now: () => now });
const [first, second, dpo] = [steward("steward.kemensos"), steward("steward2.kemensos"), steward("dpo.kemensos")];
const ownerDpo = steward("dpo.dukcapil");
type Who = typeof first;

let count = 0;
let number = "";

// each story with an armed agreement of its own, over Dukcapil's data
beforeAll(() => {
  now = Date.parse("2026-03-01T05:00:00Z");
});
beforeEach(async () => {
  now += 24 * HOUR;
  count += 1;
  number = `T-ARMED-${count}`;
  await made(databases.urls, { number, opens: ["Person.fullName"], armedMinutes: 30 });
});

const GLASS = "id state case reason requestedBy confirmedBy openedAt closesAt reviewDue reviewedBy finding";
const BREAK = `mutation ($agreement: ID!, $case: String!) { breakGlass(agreement: $agreement, version: 1, case: $case, reason: "banjir bandang") { ${GLASS} } }`;
const CONFIRM = `mutation ($id: ID!) { confirmGlass(id: $id) { ${GLASS} } }`;
const REVIEW = `mutation ($id: ID!, $finding: GlassFinding!) { reviewGlass(id: $id, finding: $finding, note: "berita acara 7") { ${GLASS} } }`;
const breakGlass = (who: Who, kase = "BNPB-1") => slice.ask(BREAK, { ...who, variables: { agreement: number, case: kase } });
const confirm = (who: Who, id: string) => slice.ask(CONFIRM, { ...who, variables: { id } });
const review = (who: Who, id: string, finding = "JUSTIFIED") => slice.ask(REVIEW, { ...who, variables: { id, finding } });
const opened = async (): Promise<string> => {
  const { id } = (await breakGlass(first)).data.breakGlass;
  await confirm(second, id);
  return id;
};
const stateOf = async () => {
  const variables = { r: [{ __typename: "Agreement", number }] };
  const query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Agreement { state suspendsOn } } }";
  return (await slice.ask(query, { ...first, variables })).data._entities[0];
};
const alertsOf = async (who: Who) => {
  const { data } = await slice.ask("{ alerts(first: 100) { kind actor version detail agreement { number } } }", who);
  return data.alerts.filter((alert: { agreement: { number: string } }) => alert.agreement.number === number);
};
const listed = async (state: string) => {
  const { data } = await slice.ask(`{ glassBreaks(state: ${state}, first: 100) { id agreement { number } } }`, ownerDpo);
  return data.glassBreaks.filter((one: { agreement: { number: string } }) => one.agreement.number === number).length;
};

test("the glass is broken by two, closes by itself, and is reviewed by a third", async () => {
  const asked = (await breakGlass(first)).data.breakGlass;
  expect(asked).toMatchObject({ state: "WAITING", requestedBy: "steward.kemensos", confirmedBy: null, openedAt: null });
  expect(await alertsOf(ownerDpo)).toEqual([]);
  expect(codesOf(await confirm(first, asked.id))).toEqual(["FORBIDDEN"]);
  now += 10 * MINUTE;
  const { data, errors } = await confirm(second, asked.id);
  expect(errors).toEqual([]);
  expect(data.confirmGlass).toMatchObject({ state: "OPEN", confirmedBy: "steward2.kemensos" });
  expect(Date.parse(data.confirmGlass.closesAt) - Date.parse(data.confirmGlass.openedAt)).toBe(30 * MINUTE);
  expect(codesOf(await review(dpo, asked.id))).toEqual(["CONFLICT"]);
  now += 30 * MINUTE - 1;
  expect(await listed("OPEN")).toBe(1);
  now += 1;
  expect([await listed("OPEN"), await listed("UNREVIEWED")]).toEqual([0, 1]);
  const reviewed = await review(ownerDpo, asked.id);
  expect(reviewed.errors).toEqual([]);
  expect(reviewed.data.reviewGlass).toMatchObject({ state: "REVIEWED", reviewedBy: "dpo.dukcapil", finding: "JUSTIFIED" });
  expect(await stateOf()).toMatchObject({ state: "ACTIVE", suspendsOn: null });
});

test("owners and both data protection officers hear of it at once, strangers never", async () => {
  await opened();
  const heard = { kind: "GLASS_OPENED", actor: "steward2.kemensos", version: 1 };
  for (const who of [dpo, ownerDpo, steward("steward.dukcapil")])
    expect(await alertsOf(who)).toEqual([
      { ...heard, agreement: { number }, detail: expect.stringContaining("case BNPB-1: banjir") },
    ]);
  expect(await alertsOf(steward("dpo.bpk"))).toEqual([]);
  expect(codesOf(await slice.ask("{ alerts { kind } }", client("kemensos", "KEMENSOS", number)))).toEqual(["FORBIDDEN"]);
});

test("nobody reviews their own opening, and nobody whom it does not concern", async () => {
  const id = await opened();
  now += HOUR;
  for (const who of [first, second, steward("dpo.bpk"), steward("steward.dukcapil")])
    expect(codesOf(await review(who, id))).toEqual(["FORBIDDEN"]);
});

test("what nobody has reviewed in 72 hours suspends the agreement by the clock, until it is reviewed", async () => {
  const id = await opened();
  now += 30 * MINUTE + 72 * HOUR - 1;
  expect(await stateOf()).toMatchObject({ state: "ACTIVE" });
  now += 1;
  expect(await stateOf()).toMatchObject({ state: "SUSPENDED" });
  expect(codesOf(await breakGlass(first, "BNPB-2"))).toEqual(["CONFLICT"]);
  await review(dpo, id);
  expect(await stateOf()).toMatchObject({ state: "ACTIVE" });
});

test("a violation suspends the version at once, as an incident", async () => {
  const id = await opened();
  now += HOUR;
  for (let times = 0; times < 2; times++) expect((await review(dpo, id, "VIOLATION")).data.reviewGlass.finding).toBe("VIOLATION");
  expect(codesOf(await review(ownerDpo, id))).toEqual(["CONFLICT"]);
  expect(await stateOf()).toMatchObject({ state: "SUSPENDED" });
  const [row] = await asOwner(
    databases.urls,
    (sql) => sql`select state, suspension_reason as reason from agreement_version where agreement_number = ${number}`,
  );
  expect(row).toEqual({ state: "suspended", reason: "INCIDENT" });
  expect((await alertsOf(ownerDpo)).map(({ kind, detail }: { kind: string; detail: string }) => [kind, detail])[0]).toEqual([
    "GLASS_REVIEWED",
    "VIOLATION: berita acara 7",
  ]);
});

describe("breaking the glass", () => {
  test("twice alike is once, and a second wish waits for the first", async () => {
    const { id } = (await breakGlass(first)).data.breakGlass;
    expect((await breakGlass(first)).data.breakGlass.id).toBe(id);
    expect(codesOf(await breakGlass(second))).toEqual(["CONFLICT"]);
    for (let times = 0; times < 2; times++) expect((await confirm(second, id)).data.confirmGlass.state).toBe("OPEN");
    expect((await alertsOf(dpo)).length).toBe(1);
  });

  test("two who ask and two who confirm at once open it once", async () => {
    const asked = await racing(databases.urls, number, () => [breakGlass(first, "A"), breakGlass(second, "B")]);
    const [done] = asked.filter((one) => one.errors.length === 0);
    expect(asked.flatMap(codesOf)).toEqual(["CONFLICT"]);
    const other = done?.data.breakGlass.requestedBy === "steward.kemensos" ? second : first;
    const confirmed = await Promise.all([1, 2, 3].map(() => confirm(other, done?.data.breakGlass.id)));
    expect(confirmed.filter((one) => one.errors.length === 0).length).toBeGreaterThan(0);
    expect((await alertsOf(dpo)).length).toBe(1);
  });

  test("waits an hour for the second steward, then lapses", async () => {
    const { id } = (await breakGlass(first)).data.breakGlass;
    now += HOUR;
    expect(await listed("LAPSED")).toBe(1);
    expect(codesOf(await confirm(second, id))).toEqual(["CONFLICT"]);
    expect((await breakGlass(first)).data.breakGlass.id).not.toBe(id);
  });

  test("is for stewards of the consumer, of an armed version in force", async () => {
    for (const who of [dpo, ownerDpo, steward("steward.dukcapil"), client("kemensos", "KEMENSOS", number)])
      expect(codesOf(await breakGlass(who))).toEqual(["FORBIDDEN"]);
    const unarmed = BREAK.replace("version: 1", "version: 9");
    expect(codesOf(await slice.ask(unarmed, { ...first, variables: { agreement: number, case: "x" } }))).toEqual([
      "BAD_USER_INPUT",
    ]);
    const { errors } = await slice.ask(BREAK, { ...first, variables: { agreement: "PKS-2025-001", case: "x" } });
    expect(errors[0]?.extensions).toMatchObject({ code: "CONFLICT", detail: "version 1 of PKS-2025-001 is not armed" });
    expect(codesOf(await breakGlass(first, "3510019001900001"))).toEqual(["BAD_USER_INPUT"]);
  });
});
