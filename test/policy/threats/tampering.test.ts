import { parse } from "graphql";
import { beforeAll, describe, expect, test } from "vitest";
import { devEnvelopeSecret, ENVELOPE_HEADER, envelopeKey, seal } from "../../../schema/caller.ts";
import { sha256Hex } from "../../../schema/policy/content.ts";
import { lint } from "../../../schema/sdl/lint.ts";
import { asRole, withoutTriggers } from "../../kit/database.ts";
import { type Answered, useHub } from "../../kit/hub.ts";
import type { SliceUnderTest } from "../../kit/slice.ts";
import { actsOf, outcomeOf } from "../../subgraphs/governance/lifecycle/kit.ts";

// T12, T18, T20–T22, T24: going round the gateway, round the stewards, round the record. The whole hub, stewards with the development keys.

const hub = useHub();
const { owner } = hub.urls.governance;
const POLL = { timeout: 10_000, interval: 20 };
const codesOf = ({ errors }: Answered) => errors.map(({ extensions }) => extensions["code"]);

describe("T12 a direct call to a subgraph", () => {
  const body = JSON.stringify({
    query: "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { nik } } }",
    variables: { r: [{ __typename: "Person", id: "0003a206-275c-8e26-a455-922295c800b9" }] },
  });
  const call = async (headers: Record<string, string>) => {
    const url = hub.slices.get("population")?.url ?? "";
    const response = await fetch(url, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
    return { status: response.status, text: await response.text() };
  };

  test("T12 a direct call to a subgraph: a client's token opens nothing there, nor does an envelope of anybody but the gateway", async () => {
    const day = new Date().toISOString().slice(0, 10);
    const payload = (audience: string) =>
      JSON.stringify({
        v: 1,
        kid: day,
        aud: audience,
        exp: Date.now() + 5_000,
        jti: "1",
        bh: "",
        sx: "",
        out: "",
        int: "",
        arg: "",
      });
    const sealedBy = (subgraph: string, audience = subgraph) =>
      seal(envelopeKey(devEnvelopeSecret(subgraph), audience, day), payload(audience));
    const nothing = await call({});
    expect(nothing.status).toBe(401);
    for (const headers of [
      { authorization: `Bearer ${await hub.tokenOf("kemensos")}` },
      { [ENVELOPE_HEADER]: await hub.tokenOf("kemensos") },
      { [ENVELOPE_HEADER]: sealedBy("welfare") },
      { [ENVELOPE_HEADER]: sealedBy("welfare", "population") },
      { [ENVELOPE_HEADER]: sealedBy("population") }, // the right key over another body
    ])
      expect(await call(headers as Record<string, string>)).toEqual(nothing);
  });
});

describe("T18 a database administrator who edits policy", () => {
  const QUESTION = "{ households(first: 3) { nodes { monthlyIncome } } }";
  const dinsos = hub.as("dinsos-banyuwangi");
  const OURS = "PKS-2025-004";

  test("T18 a database administrator who edits policy: a grant written past all triggers opens nothing", async () => {
    const before = await dinsos.ask(QUESTION);
    expect([before.status, before.denied]).toEqual([200, ["Household.monthlyIncome"]]);
    await withoutTriggers(
      owner,
      (admin) => admin`update governance.grant_row set effect = 'allow', mask_fn = null where agreement_number = ${OURS}`,
    );
    const [row] = await asRole(owner, (sql) => sql`select n from governance.epoch`);
    await expect.poll(async () => await hasSeen(Number(row?.["n"])), POLL).toBe(true);
    const after = await dinsos.ask(QUESTION);
    expect([after.status, after.data, after.denied]).toEqual([200, before.data, before.denied]);
  });

  test("T18 a database administrator who edits policy: a table that was widened closes its agreement and no other", async () => {
    const [signed] = await asRole(
      owner,
      (sql) => sql`select body, sha256 from governance.decision_table where agreement_number = ${OURS}`,
    );
    const put = (body: string) =>
      withoutTriggers(
        owner,
        (admin) =>
          admin`update governance.decision_table set body = ${body}, sha256 = ${sha256Hex(body)} where agreement_number = ${OURS}`,
      );
    const wider = JSON.stringify({
      ...JSON.parse(signed?.["body"]),
      rows: { regions: [["0", "A"]], programs: null, decileMax: 100 },
    });
    await put(wider);
    await expect.poll(async () => codesOf(await dinsos.ask(QUESTION)), POLL).toEqual(["POLICY_UNAVAILABLE"]);
    expect((await hub.as("kemensos").ask(QUESTION)).status).toBe(200);
    await put(signed?.["body"]);
    await expect.poll(async () => (await dinsos.ask(QUESTION)).status, POLL).toBe(200);
  });

  /** Epochs stand in the record: the newest answer was judged under this one or a later. */
  async function hasSeen(epoch: number): Promise<boolean> {
    await dinsos.ask("{ me { client } }");
    const [row] = await asRole(owner, (sql) => sql`select body from governance.entry order by id desc limit 1`);
    return JSON.parse(row?.["body"]).epoch >= epoch;
  }
});

describe("T20 the record is down", () => {
  test("T20 the record is down: no answer without a place on record, and every answer there is has one", async () => {
    const ask = () => hub.as("kemensos").ask("{ households(first: 3) { nodes { id region { code } } } }");
    const down = await asRole(owner, (sql) =>
      sql.begin(async (tx) => {
        await tx`lock table governance.entry in access exclusive mode`;
        return Promise.all(Array.from({ length: 20 }, ask));
      }),
    );
    for (const answer of down) {
      expect([answer.status, answer.data, codesOf(answer)]).toEqual([503, null, ["AUDIT_UNAVAILABLE"]]);
      expect(answer.text).not.toMatch(/"region"|households/);
    }
    await expect.poll(async () => (await ask()).status, POLL).toBe(200);
    const { leaf } = (await ask()).governance["receipt"];
    const found = await asRole(owner, (sql) => sql`select 1 from governance.entry where encode(leaf, 'hex') = ${leaf}`);
    expect(found).toHaveLength(1);
  });

  test("T20 the record is down: statistics go on and are counted, nothing personal leaves, and nobody probes unseen", async () => {
    const planners = () => hub.as("bappenas");
    const STATISTICS = "{ registryStatistics { households byDecile { decile households isSuppressed } } }";
    const PERSONAL = "{ households(first: 3) { nodes { id region { code } } } }";
    const WITH_DENIED = "{ registryStatistics { households } households(first: 1) { nodes { id } } }";
    const whole = (await planners().ask(STATISTICS)).data;
    const answers = await asRole(owner, async (sql) => {
      await sql`revoke insert on governance.entry from hub_record`;
      try {
        const rounds = Array.from({ length: 16 }, async () => ({
          personal: [await hub.as("kemensos").ask(PERSONAL), await hub.as("kemensos").ask(PERSONAL)],
          public: [await planners().ask(STATISTICS), await planners().ask("{ me { client } }")],
          probing: [await planners().ask(WITH_DENIED)],
        }));
        return await Promise.all(rounds);
      } finally {
        await sql`grant insert on governance.entry to hub_record`;
      }
    });
    for (const { personal, probing } of answers)
      for (const answer of [...personal, ...probing]) {
        expect([answer.status, answer.data, codesOf(answer)]).toEqual([503, null, ["AUDIT_UNAVAILABLE"]]);
        expect(answer.text).not.toMatch(/"region"|registryStatistics/);
      }
    const left = answers.flatMap((round) => round.public);
    for (const { status, governance } of left)
      expect([status, governance]).toMatchObject([200, { receipt: null, unrecorded: true }]);
    for (const { public: told } of answers) expect(told[0]?.data).toEqual(whole);

    await expect.poll(async () => (await planners().ask(STATISTICS)).governance["receipt"]?.id, POLL).toBeDefined();
    const counted = async () => {
      const rows = await asRole(
        owner,
        (sql) => sql`select body, client, leaf = sha256('\\000'::bytea || convert_to(body, 'UTF8')) as is_right
        from governance.entry where body::json ->> 'status' = 'UNRECORDED'`,
      );
      expect(rows.every((row) => row["client"] === "bappenas" && row["is_right"])).toBe(true);
      return rows.reduce((sum, { body }) => sum + JSON.parse(body).unrecorded, 0);
    };
    await expect.poll(counted, POLL).toBeGreaterThanOrEqual(left.length);
  });
});

/** Acts of stewards by way of the gateway. */
const throughTheHub = {
  ask: (query: string, { variables = {}, caller }: { variables?: object; caller: { client: string } }) =>
    hub.as(caller.client).ask(query, variables),
} as unknown as SliceUnderTest;
const by = (steward: string) => actsOf(throughTheHub, steward);

describe("T21 and T22 consent that was not given", () => {
  const NUMBER = "PKS-2026-070";
  const author = by("steward.kemensos");
  const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const draft = { agreement: NUMBER, validFrom: at(0), validTo: at(100), regions: ["3510"] };
  const GRANTS = [
    { selector: "Household.region", effect: "ALLOW", clause: "Ps. 1" },
    { selector: "Person.fullName", effect: "ALLOW", clause: "Ps. 2" },
  ];
  const approvalsOf = async (which: object) =>
    outcomeOf(
      (await hub
        .as("auditor.bpk")
        .ask(
          "query ($agreement: ID!, $version: Int!) { agreementVersion(agreement: $agreement, version: $version) { state approvals { steward { id } } } }",
          { ...which },
        )) as never,
    );
  async function submitted(): Promise<{ agreement: string; version: number }> {
    const { number } = await author.draft({ ...draft, grants: GRANTS });
    const which = { agreement: NUMBER, version: Number(number) };
    expect(await author.submit(which)).toMatchObject({ state: "IN_REVIEW" });
    return which;
  }
  beforeAll(async () => {
    const input = {
      number: NUMBER,
      title: "Uji ancaman",
      consumer: "KEMENSOS",
      purpose: "PROGRAM_ADMINISTRATION",
      dpiaId: "D-70",
    };
    expect(await author.create(input)).toMatchObject({ number: NUMBER });
  });

  test.each([
    ["an empty version", []],
    ["a class without one field", [{ selector: "SPECIFIC", topic: "GENETIC", effect: "AGGREGATE", clause: "Ps. 1" }]],
  ])("T21 vacuous approval: %s is never submitted, so nobody can approve it", async (_, grants) => {
    const { number } = await author.draft({ ...draft, grants });
    const which = { agreement: NUMBER, version: Number(number) };
    expect(await author.submit(which)).toMatchObject({ code: "BAD_USER_INPUT" });
    const unread = { input: { contentSha256: "f".repeat(64) } };
    expect(await by("steward.dukcapil").sign(which, "OWNER", unread)).toMatchObject({ code: "CONFLICT" });
    expect(await approvalsOf(which)).toMatchObject({ state: "DRAFT", approvals: [] });
  });

  test("T21 vacuous approval: the author's own, one of a content nobody wrote, and one of a stranger to the data do not count", async () => {
    const which = await submitted();
    const other = { input: { contentSha256: "f".repeat(64) } };
    expect(await author.sign(which, "OWNER")).toMatchObject({ code: "FORBIDDEN" });
    expect(await by("steward.dukcapil").sign(which, "OWNER", other)).toMatchObject({ code: "CONFLICT" });
    expect(await by("steward.bps").sign(which, "OWNER")).toMatchObject({ code: "FORBIDDEN" });
    expect(await approvalsOf(which)).toMatchObject({ state: "IN_REVIEW", approvals: [] });
    expect(await author.activate(which)).toMatchObject({ code: "CONFLICT" });
  });

  test("T22 collusion and phishing: a signature over another content, version or agreement approves nothing, the right one does", async () => {
    const which = await submitted();
    for (const signed of [{ contentSha256: "e".repeat(64) }, { version: 1 }, { agreement: "PKS-2025-001" }, { capacity: "DPO" }])
      expect(await by("steward.dukcapil").sign(which, "OWNER", { signed })).toMatchObject({ code: "BAD_USER_INPUT" });
    expect(await approvalsOf(which)).toMatchObject({ approvals: [] });
    expect(await by("steward.dukcapil").sign(which, "OWNER")).toMatchObject({ state: "IN_REVIEW" });
    expect(await approvalsOf(which)).toMatchObject({ approvals: [{ steward: { id: "steward.dukcapil" } }] });
  });

  test("T22 collusion and phishing: two stewards of one agency put nothing in force, the other owners are missing by name", async () => {
    const which = await submitted();
    await by("steward2.kemensos").sign(which, "OWNER");
    await by("dpo.kemensos").sign(which, "DPO");
    expect(await author.activate(which)).toMatchObject({ code: "CONFLICT" });
    expect(await approvalsOf(which)).toMatchObject({ state: "IN_REVIEW", approvals: [{}, {}] });
  });

  test("T22 collusion and phishing: a client's credential does no steward's act, under whatever agreement it names", async () => {
    const mutation = "mutation ($a: ID!, $v: Int!) { activateVersion(agreement: $a, version: $v) { state } }";
    for (const agreement of ["PKS-2025-001", "PKS-2025-101"]) {
      const told = await hub.as("kemensos", { agreement }).ask(mutation, { a: NUMBER, v: 1 });
      expect([told.status >= 400, told.data]).toEqual([true, null]);
    }
  });
});

test("T24 non-null wipe-out: a governed field that must not be null is not published, for its denial would take its object away", async () => {
  const faults = (type: string) =>
    lint([
      {
        name: "toy",
        document: parse(
          `directive @data(class: String) on FIELD_DEFINITION type Query { "X — x." x: ${type} @data(class: GENERAL) }`,
        ),
      },
    ]).faults.join();
  expect(faults("Int!")).toContain("governed and non-null");
  expect(faults("Int")).toBe("");
  const { data, errors } = await hub.as("bpjs-kesehatan").ask("{ households(first: 3) { nodes { id monthlyIncome } } }");
  expect(data["households"].nodes).toEqual(Array(3).fill({ id: expect.any(String), monthlyIncome: null }));
  expect(errors.map(({ extensions }) => extensions["coordinate"])).toEqual(["Household.monthlyIncome"]);
});
