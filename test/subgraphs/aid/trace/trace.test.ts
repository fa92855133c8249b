import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { useSlice } from "../../../kit/slice.ts";
import { bri, citizen, dinsos, NOW, pusat, type Told, telling } from "./kit.ts";

const databases = useDatabases();
const slice = useSlice(programs, { databaseUrl: () => databases.urls.programs.runtime, now: () => Date.parse(NOW) });
const tell = telling(() => databases.urls);
beforeAll(() => asRole(databases.urls.programs.owner, (sql) => sql`insert into programs.clock_rule default values`));

const EXPLAINED =
  "{ state reasons waiting usualDays source text { indonesian english } remedy { indonesian } bring { indonesian } }";
const TRACE = `query ($person: ID!, $period: String = "2026-Q3") { paymentTrace(person: $person, program: PKH, period: $period) {
  id person { id } outcome paidOn isDrawnByAnother stoppedAt sentence { indonesian english } steps { step state office }
  exclusion ${EXPLAINED} component ${EXPLAINED} quota ${EXPLAINED} decree ${EXPLAINED} account ${EXPLAINED} treasury ${EXPLAINED} order ${EXPLAINED}
  release ${EXPLAINED} credit ${EXPLAINED} transaction ${EXPLAINED} } }`;
const trace = async (person: string, caller = pusat, period = "2026-Q3") => {
  const { data, errors } = await slice.ask(TRACE, { caller, variables: { person, period } });
  expect(errors).toEqual([]);
  return data.paymentTrace;
};
const told = async (story: Told) => trace((await tell(story)).person);

describe("the way of a payment", () => {
  test.each<[string, string, Told]>([
    ["RANK", "a decile above the program's limit", { decile: 9 }],
    ["RANK", "no decile at all", { decile: null }],
    ["EXCLUSION", "a civil servant in the family", { barred: ["CIVIL_SERVANT_OR_FORCES"] }],
    ["EXCLUSION", "suspended", { enrolled: "SUSPENDED" }],
    ["COMPONENT", "nobody the program is for", { components: [] }],
    ["QUOTA", "entitled and not selected", {}],
    ["QUOTA", "on the waiting list", { enrolled: "WAITING" }],
    ["DECREE", "enrolled, not on the list of the period", { enrolled: "ACTIVE" }],
    ["ACCOUNT", "no account", { enrolled: "ACTIVE", paid: { state: "ACCOUNT_CHECK_FAILED", failure: "ACCOUNT_NOT_FOUND" } }],
    [
      "TREASURY",
      "identity card and family card differ",
      { enrolled: "ACTIVE", paid: { state: "TREASURY_CHECK_FAILED", failure: "IDENTITY_DIFFERS" } },
    ],
    ["ORDER", "the order is being made", { enrolled: "ACTIVE", paid: { state: "ORDER_PENDING" } }],
    ["RELEASE", "ordered, not released", { enrolled: "ACTIVE", paid: { state: "ORDER_ISSUED" } }],
    ["CREDIT", "released, not credited", { enrolled: "ACTIVE", paid: { state: "FUNDS_RELEASED" } }],
    [
      "TRANSACTION",
      "not drawn",
      { enrolled: "ACTIVE", paid: { state: "NOT_TRANSACTED", failure: "NOT_COLLECTED", creditedOn: "2026-07-20" } },
    ],
  ])("stops at %s: %s", async (step, _, story) => {
    const found = await told(story);
    expect(found.stoppedAt).toBe(step);
    const own = found[step.toLowerCase()];
    if (own) {
      expect(own.text.indonesian).not.toBe("");
      expect(own.source).not.toBeNull();
    }
    expect(found.sentence.indonesian).toContain("PKH periode 2026-Q3");
  });

  test("nobody whom the delivery does not know is in the registry, and that is said of its step", async () => {
    const found = await trace(randomUUID());
    expect([found.stoppedAt, found.outcome]).toEqual(["REGISTRY", "BLOCKED"]);
    expect(found.steps.slice(1).every(({ state }: { state: string }) => state === "NOT_REACHED")).toBe(true);
  });

  test("a family without anybody matched to draw the aid is stopped at the match, asked by its other member", async () => {
    const { other } = await tell({ isMatched: false });
    expect((await trace(other)).stoppedAt).toBe("MATCH");
  });

  test("drawn money is paid, with its day, and every step is passed", async () => {
    const found = await told({ enrolled: "ACTIVE", paid: { state: "TRANSACTED", creditedOn: "2026-07-20" } });
    expect(found).toMatchObject({ outcome: "PAID", paidOn: "2026-07-20", stoppedAt: null });
    expect(found.sentence.indonesian).toBe("Bantuan PKH periode 2026-Q3 sudah masuk pada 20 Juli 2026.");
    expect(found.steps.every(({ state }: { state: string }) => state === "PASSED")).toBe(true);
  });

  test("a bank's reason of failure is explained with what to do and what to bring, from the list of reasons", async () => {
    const { account } = await told({ enrolled: "ACTIVE", paid: { state: "ACCOUNT_CHECK_FAILED", failure: "ACCOUNT_NOT_FOUND" } });
    expect(account).toMatchObject({ reasons: ["ACCOUNT_NOT_FOUND"], text: { indonesian: "Rekening tidak ditemukan" } });
    expect(account.remedy.indonesian).toMatch(/^Datang/);
    expect(account.bring.indonesian).toContain("KTP");
  });

  test("without a delivery nobody is said to be unregistered: the registry is unknown", async () => {
    const { person } = await tell();
    const state = (is: string) =>
      asRole(databases.urls.programs.owner, (sql) =>
        sql.unsafe(`update programs.target_delivery set state = '${is}' where state in ('IN_FORCE', 'SUPERSEDED')`),
      );
    await state("SUPERSEDED");
    try {
      const found = await trace(person);
      expect([found.stoppedAt, found.outcome, found.steps[0].state]).toEqual(["REGISTRY", "UNKNOWN", "UNKNOWN"]);
    } finally {
      await state("IN_FORCE");
    }
  });

  test("a period that is none is refused by name", async () => {
    const { errors } = await slice.ask(TRACE, { caller: pusat, variables: { person: randomUUID(), period: "2026-Q9" } });
    expect(errors[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", detail: expect.stringContaining("period must be") });
  });

  test("fifty persons cost the statements of one", async () => {
    const made = [];
    for (let n = 0; n < 50; n++) made.push(await tell({ enrolled: "WAITING" }));
    const many = made.map(
      ({ person }, n) =>
        `p${n}: paymentTrace(person: "${person}", program: PKH, period: "2026-Q3") { stoppedAt quota { waiting } }`,
    );
    await slice.ask(`{ ${many[0]} }`, { caller: pusat });
    const one = slice.statements;
    const { data } = await slice.ask(`{ ${many.join(" ")} }`, { caller: pusat });
    expect(Object.keys(data)).toHaveLength(50);
    expect(slice.statements).toBe(one);
  });
});

describe("who may ask", () => {
  const ACTIVE: Told = { enrolled: "ACTIVE", paid: { state: "ORDER_PENDING" } };

  test("a person asks about themself, and about nobody else", async () => {
    const [mine, theirs] = [await tell(ACTIVE), await tell(ACTIVE)];
    expect((await trace(mine.person, citizen(mine.person))).stoppedAt).toBe("ORDER");
    expect(await trace(theirs.person, citizen(mine.person))).toBeNull();
  });

  test("another member of the family is told that somebody else draws the aid, and not who", async () => {
    const { person, other, enrolmentId } = await tell(ACTIVE);
    const { data, text } = await slice.ask(TRACE, { caller: citizen(other), variables: { person: other } });
    expect(data.paymentTrace).toMatchObject({ stoppedAt: "ORDER", isDrawnByAnother: true });
    expect(data.paymentTrace.sentence.indonesian).toContain("ditarik anggota keluarga yang lain");
    expect(text).not.toContain(person);
    expect(text).not.toContain(enrolmentId);
  });

  test("the family of another regency is unknown to a social office, and so is whoever stands nowhere", async () => {
    const [here, there] = [await tell(ACTIVE), await tell({ ...ACTIVE, region: "3171011001" })];
    expect((await trace(here.person, dinsos)).stoppedAt).toBe("ORDER");
    expect(await trace(there.person, dinsos)).toBeNull();
    expect(await trace(randomUUID(), dinsos)).toBeNull();
  });

  test("a bank follows what it pays itself, and nothing another bank pays", async () => {
    const [own, others] = [await tell(ACTIVE), await tell({ ...ACTIVE, paid: { state: "ORDER_PENDING", channel: "BNI" } })];
    expect((await trace(own.person, bri)).stoppedAt).toBe("ORDER");
    expect(await trace(others.person, bri)).toBeNull();
  });

  test("an officer without a duty in programs sees nobody", async () => {
    const { person } = await tell(ACTIVE);
    expect(await trace(person, { ...pusat, officer: "nobody.kemensos" })).toBeNull();
  });

  test("the id of a trace tells no person, and opens nothing under another agreement", async () => {
    const { person } = await tell(ACTIVE);
    const { id } = await trace(person);
    expect(Buffer.from(id, "base64url").toString("latin1")).not.toContain(person);
    const representations = [{ __typename: "PaymentTrace", id }];
    const ask = (caller: typeof pusat) =>
      slice.ask(
        "query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on PaymentTrace { stoppedAt } } }",
        {
          caller,
          variables: { representations },
        },
      );
    expect((await ask(pusat)).data._entities[0].stoppedAt).toBe("ORDER");
    expect((await ask(bri)).errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
  });
});
