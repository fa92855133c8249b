import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { approvalText } from "../../../schema/policy/approval.ts";
import { type Answered, useHub } from "../../kit/hub.ts";
import { devSignerOf } from "../../subgraphs/governance/lifecycle/kit.ts";
import { inDays, stewardsOf } from "./stewardHub.ts";

// A partner is denied a field, asks for it, is granted it, and loses it again: everything over HTTP, by those whose it is to do.

const hub = useHub();
const { by, asked, grantsOf } = stewardsOf(hub);
const NUMBER = "PKS-2025-002";
const first = { agreement: NUMBER, version: 1 };
const second = { agreement: NUMBER, version: 2 };
const CONSUMER = "steward.bpjs_kesehatan";
const consumer = by(CONSUMER);
const POLL = { timeout: 10_000, interval: 20 };
let owner: ReturnType<typeof rawClient>;
beforeAll(() => {
  owner = rawClient(hub.urls.governance.owner, { max: 1 });
});
afterAll(() => owner?.end());

const partner = hub.as("bpjs-kesehatan", { language: "en" });
const DECILES = "{ households(first: 3) { nodes { region { code } deciles { decile } poorest: decileAtMost(n: 4) } } }";
const deciles = () => partner.ask(DECILES);
const isShown = ({ data }: Answered): boolean =>
  data?.["households"]?.nodes.some(({ poorest }: { poorest: boolean | null }) => poorest !== null) ?? false;
/** SHOWN, or why not. */
const outcome = async (): Promise<string> => {
  const answered = await deciles();
  return isShown(answered) ? "SHOWN" : answered.errors[0]?.extensions["code"];
};
const becomes = (what: string) => expect.poll(outcome, POLL).toBe(what);

let request = "";
const requestState = async (): Promise<[string, string | null]> => {
  const { data } = await partner.ask("{ accessRequests { id state closedBy } }");
  const found = data["accessRequests"].find(({ id }: { id: string }) => id === request);
  return [found.state, found.closedBy];
};

describe("access is asked for", () => {
  test("by a partner who was denied a field", async () => {
    const { data, errors, denied } = await deciles();
    expect(data["households"].nodes[0]).toMatchObject({ region: { code: expect.any(String) }, deciles: null, poorest: null });
    expect(errors.map(({ extensions }) => extensions["code"])).toEqual(["FIELD_NOT_GRANTED", "FIELD_NOT_GRANTED"]);
    expect(denied).toEqual(expect.arrayContaining(["Household.deciles", "Household.decileAtMost"]));
    const input = {
      purpose: "PBI_MEMBERSHIP",
      coordinates: ["Household.deciles"],
      regions: ["0"],
      days: 365,
      justification: "Penentuan peserta PBI",
    };
    const wish = await partner.ask("mutation ($input: RequestAccessInput!) { requestAccess(input: $input) { id state } }", {
      input,
    });
    expect(wish.data["requestAccess"]).toMatchObject({ state: "OPEN" });
    request = wish.data["requestAccess"].id;
  });

  test("its steward answers with version 2: version 1, and the field as a claim", async () => {
    const grants = await grantsOf(first);
    const claim = {
      selector: "Household.deciles",
      effect: "CLAIM",
      thresholds: [{ argument: "n", values: ["4"] }],
      clause: "Adendum 1 Ps. 2",
    };
    const draft = { agreement: NUMBER, basedOn: 1, validFrom: inDays(0), validTo: inDays(365), grants: [...grants, claim] };
    expect(await consumer.draft(draft)).toMatchObject({ number: 2, state: "DRAFT" });
    expect(await grantsOf(second)).toMatchObject([...grants, claim]);
    const answer = `mutation ($id: ID!) { answerAccessRequest(id: $id, agreement: "${NUMBER}", version: 2) { state version } }`;
    expect(await asked("steward.bps", answer, { id: request })).toMatchObject({ code: "FORBIDDEN" });
    expect(await asked(CONSUMER, answer, { id: request })).toEqual({ state: "OPEN", version: 2 });
  });

  test("what the version changes is told before anybody signs, and only that", async () => {
    const { widens, changes } = await asked(
      "steward.kemensos",
      `{ versionDiff(agreement: "${NUMBER}", from: 1, to: 2) { widens changes { kind coordinate term } } }`,
    );
    expect(widens).toBe(true);
    expect(changes.map(({ kind, coordinate, term }: Record<string, string>) => [kind, coordinate ?? term])).toEqual([
      ["WIDENED", "Household.decileAtMost"],
      ["CHANGED", "Household.deciles"],
      ["NARROWED", "Household.decileAtMost(n:)"],
      ["NARROWED", "validFrom"],
      ["NARROWED", "validTo"],
    ]);
    expect(await outcome()).toBe("FIELD_NOT_GRANTED");
  });
});

describe("what stewards do does not exist for clients", () => {
  const entries = async () =>
    Number((await owner`select count(*) as n from entry where body::json ->> 'status' = 'INTENDED'`)[0]?.["n"]);
  const told = ({ status, errors, text }: Answered, name: string) => [
    status,
    errors.map(({ message, extensions }) => [message.replaceAll(name, "…"), extensions["code"]]),
    text.includes("Did you mean"),
  ];

  test.each([
    ["submitVersion", 'agreement: "PKS-2025-002", version: 2'],
    ["decideVersion", "input: {}"],
    ["activateVersion", 'agreement: "PKS-2025-002", version: 2, supersede: true'],
    ["suspendVersion", 'agreement: "PKS-2025-002", version: 1, reason: INCIDENT, note: "x"'],
    ["revokeVersion", 'agreement: "PKS-2025-002", version: 1, reason: "x"'],
    ["submitSemesterReport", 'agreement: "PKS-2025-002"'],
    ["breakGlass", 'agreement: "PKS-2025-002", version: 1, case: "1", reason: "x"'],
    ["reidentify", 'agreement: "PKS-2025-002", pseudonyms: [], case: "1", reason: "x"'],
    ["enrolSteward", "input: {}"],
  ])("%s answers a client like a typing error, and nothing is announced", async (name, args) => {
    const before = await entries();
    const misspelt = `${name.slice(0, -1)}q`;
    const [real, typo] = [
      await partner.ask(`mutation { ${name}(${args}) { __typename } }`),
      await partner.ask(`mutation { ${misspelt}(${args}) { __typename } }`),
    ];
    expect(real.errors[0]?.extensions["code"]).toBe("GRAPHQL_VALIDATION_FAILED");
    expect(told(real, name)).toEqual(told(typo, misspelt));
    expect(await entries()).toBe(before);
  });

  test("a steward may be told what a client may not: who asks, and what their roles allow", async () => {
    const me = "{ me { steward { id roles agency { code } } permissions { mutation isAllowed } } }";
    const steward = (id: string, role: string) => ({ id, roles: [role], agency: { code: "BPJS_KESEHATAN" } });
    const may = (mutation: string, isAllowed: boolean) => expect.arrayContaining([{ mutation, isAllowed }]);
    const drafting = await asked(CONSUMER, me);
    expect(drafting).toEqual({ steward: steward(CONSUMER, "STEWARD"), permissions: may("draftVersion", true) });
    expect(drafting["permissions"]).toEqual(may("enrolSteward", false));
    expect((await asked("dpo.bpjs_kesehatan", me))["permissions"]).toEqual(may("draftVersion", false));
    expect((await asked("operator.hub", me))["permissions"]).toEqual(may("enrolSteward", true));
    const hidden = await partner.ask(me);
    expect(hidden.errors[0]?.extensions["code"]).toBe("GRAPHQL_VALIDATION_FAILED");
    const unnamed = await hub.as(CONSUMER, { agreement: NUMBER }).ask("{ me { client } }");
    expect([unnamed.status, unnamed.errors[0]?.extensions["code"]]).toEqual([403, "FORBIDDEN"]); // a person does not ask as the agency's client
  });
});

describe("access is granted", () => {
  test("once submitted it says what it says, and waits for both controllers and the consumer's officer", async () => {
    expect(await by("steward.kemensos").submit(second)).toMatchObject({ code: "FORBIDDEN" });
    const missing = ["DUKCAPIL", "KEMENSOS", "BPJS_KESEHATAN"].map((code) => ({ agency: { code } }));
    expect(await consumer.submit(second)).toMatchObject({ state: "IN_REVIEW", missingApprovals: missing });
    expect(await consumer.submit(second)).toMatchObject({ code: "CONFLICT" });
    expect(await consumer.activate(second, true)).toMatchObject({ code: "CONFLICT" });
  });

  test("not by its author, not over another content, not with another's key", async () => {
    expect(await consumer.sign(second, "OWNER")).toMatchObject({ code: "FORBIDDEN", detail: expect.stringContaining("author") });
    const kemensos = by("steward.kemensos");
    const other = { contentSha256: "f".repeat(64) };
    expect(await kemensos.sign(second, "OWNER", { input: other })).toMatchObject({ code: "CONFLICT" });
    expect(await kemensos.sign(second, "OWNER", { signed: other })).toMatchObject({ code: "BAD_USER_INPUT" });
    const { keyId } = devSignerOf("steward.dukcapil");
    expect(await kemensos.sign(second, "OWNER", { input: { keyId } })).toMatchObject({ code: "BAD_USER_INPUT" });
    expect(await by("steward.bps").sign(second, "OWNER")).toMatchObject({ code: "FORBIDDEN" });
    const { approvals } = await asked(
      "auditor.bpk",
      `{ agreementVersion(agreement: "${NUMBER}", version: 2) { approvals { steward { id } } } }`,
    );
    expect(approvals).toEqual([]);
  });

  test("by each controller with a signature over the text that the hub says to sign, and the officer's acceptance", async () => {
    const { toSign } = await asked(
      "steward.dukcapil",
      `{ agreementVersion(agreement: "${NUMBER}", version: 2) { toSign(capacity: OWNER, decision: APPROVED) { text contentSha256 } } }`,
    );
    const { contentSha256 } = toSign;
    const decided = { ...second, capacity: "OWNER" as const, decision: "APPROVED" as const, contentSha256 };
    expect(toSign.text).toBe(approvalText({ ...decided, owner: "DUKCAPIL" }));
    const { keyId, sign } = devSignerOf("steward.dukcapil");
    expect(await by("steward.dukcapil").decide({ ...decided, keyId, signature: sign(toSign.text) })).toMatchObject({
      state: "IN_REVIEW",
    });
    expect(await by("dpo.bpjs_kesehatan").sign(second, "DPO")).toMatchObject({ state: "IN_REVIEW" });
    expect(await requestState()).toEqual(["OPEN", null]);
    expect(await by("steward.kemensos").sign(second, "OWNER")).toMatchObject({ state: "APPROVED", missingApprovals: [] });
  });

  test("approved is not granted: the client is still denied", async () => {
    expect(await requestState()).toEqual(["APPROVED", null]);
    expect(await outcome()).toBe("FIELD_NOT_GRANTED");
  });

  test("activated in place of version 1 it shows the field, to the thresholds it names, without a restart", async () => {
    expect(await consumer.activate(second)).toMatchObject({ code: "CONFLICT", detail: expect.stringContaining("supersede") });
    expect(await consumer.activate(second, true)).toMatchObject({ state: "ACTIVE" });
    await becomes("SHOWN");
    expect(await requestState()).toEqual(["GRANTED", null]);
    const { errors, denied } = await deciles();
    expect(errors.map(({ extensions }) => extensions["code"])).toEqual(["FIELD_PROHIBITED"]); // the decile itself stays closed
    expect(denied).toContain("Household.deciles");
    const free = await partner.ask(DECILES.replace("n: 4", "n: 5"));
    expect(free.errors.map(({ extensions }) => extensions["code"])).toContain("USE_NOT_GRANTED");
    const { versions } = await asked(
      "auditor.bpk",
      `{ allAgreements(first: 100) { nodes { number versions { number state } } } }`,
    ).then(({ nodes }) => nodes.find(({ number }: { number: string }) => number === NUMBER));
    expect(versions).toEqual([
      { number: 2, state: "ACTIVE" },
      { number: 1, state: "SUPERSEDED" },
    ]);
  });
});

describe("access is taken away", () => {
  const SUSPEND = `mutation { suspendVersion(agreement: "${NUMBER}", version: 2, reason: OWNER_STOP, note: "Ada kejanggalan") { state suspensionReason } }`;

  test("by one steward of a controller, at once", async () => {
    expect(await by("steward.bps").suspend(second, "INCIDENT")).toMatchObject({ code: "FORBIDDEN" });
    expect(await consumer.suspend(second, "OWNER_STOP")).toMatchObject({ code: "FORBIDDEN" });
    const { data, errors } = await hub.as("steward.kemensos", { case: "INS-7/2026" }).ask(SUSPEND);
    expect([errors, data["suspendVersion"]]).toEqual([[], { state: "SUSPENDED", suspensionReason: "OWNER_STOP" }]);
    await becomes("AGREEMENT_SUSPENDED");
    const told = await deciles();
    expect([told.status, told.data]).toEqual([403, null]);
  });

  test("and given back by two, of whom none is enough alone", async () => {
    const [kemensos, colleague] = [by("steward.kemensos"), by("steward2.kemensos")];
    expect(await kemensos.resume(second)).toMatchObject({ code: "CONFLICT", detail: expect.stringContaining("askToResume") });
    expect(await kemensos.askToResume(second)).toMatchObject({ state: "SUSPENDED" });
    expect(await kemensos.resume(second)).toMatchObject({
      code: "FORBIDDEN",
      detail: expect.stringContaining("another steward"),
    });
    expect(await consumer.resume(second)).toMatchObject({ code: "FORBIDDEN", detail: expect.stringContaining("OWNER_STOP") });
    expect(await outcome()).toBe("AGREEMENT_SUSPENDED");
    expect(await colleague.resume(second)).toMatchObject({ state: "ACTIVE" });
    await becomes("SHOWN");
  });

  test("for good", async () => {
    expect(await by("steward.bps").revoke(second)).toMatchObject({ code: "FORBIDDEN" });
    expect(await by("dpo.dukcapil").revoke(second)).toMatchObject({ state: "REVOKED" });
    await becomes("AGREEMENT_EXPIRED");
    expect(await by("steward.kemensos").askToResume(second)).toMatchObject({ code: "CONFLICT" });
    expect(await consumer.activate(second, true)).toMatchObject({ code: "CONFLICT" });
    const [answer] = await asked(CONSUMER, "{ accessRequests { state closedBy } }");
    expect(answer).toEqual({ state: "CLOSED", closedBy: "REVOKED" });
  });
});

describe("all of it is on record", () => {
  type Entry = Record<string, any>;
  const entriesOf = async (): Promise<Entry[]> =>
    (await owner`select request_id as id, body from entry order by entry.id`).map(({ id, body }) => ({
      id,
      ...JSON.parse(body),
    }));

  test("every act of a steward twice, before and after, with the officer and under which agreement", async () => {
    const entries = await entriesOf();
    const intents = entries.filter(({ status, officer }) => status === "INTENDED" && officer !== null);
    expect(intents.length).toBeGreaterThan(25);
    for (const { id, officer, agency, agreement, operation } of intents) {
      const outcomes = entries.filter(({ intent }) => intent === id);
      expect(outcomes).toHaveLength(1);
      expect(outcomes[0]).toMatchObject({
        status: "ANSWERED",
        officer,
        agency,
        agreement,
        operation,
        purpose: "ACCESS_GOVERNANCE",
      });
      expect(officer.endsWith(`.${agency.toLowerCase()}`)).toBe(true);
    }
    const officers = new Set(intents.map(({ officer }) => officer));
    for (const id of [
      CONSUMER,
      "dpo.bpjs_kesehatan",
      "steward.dukcapil",
      "dpo.dukcapil",
      "steward.kemensos",
      "steward2.kemensos",
    ])
      expect(officers).toContain(id);
  });

  test("what was done apart from what governance refused to do", async () => {
    const entries = await entriesOf();
    const ends = (id: string, act: string) =>
      entries
        .filter(({ status, officer, asked = [] }) => status === "INTENDED" && officer === id && asked.includes(`Mutation.${act}`))
        .map(({ id: announced }) => entries.find(({ intent }) => intent === announced)?.["sources"].governance);
    expect(ends("steward.kemensos", "submitVersion")).toEqual(["errors"]);
    expect(ends(CONSUMER, "submitVersion")).toEqual(["ok", "errors"]);
    expect(ends("steward.kemensos", "resumeVersion")).toEqual(["errors", "errors"]);
    expect(ends("steward2.kemensos", "resumeVersion")).toEqual(["ok"]);
  });

  test("the suspension with its case, and what the client was told after it", async () => {
    const entries = await entriesOf();
    const at = entries.findIndex(({ case: number }) => number === "INS-7/2026");
    expect(entries[at]).toMatchObject({
      ...{ status: "INTENDED", client: "steward.kemensos", officer: "steward.kemensos", agency: "KEMENSOS" },
      asked: expect.arrayContaining(["Mutation.suspendVersion"]),
    });
    expect(entries[at + 1]).toMatchObject({ status: "ANSWERED", intent: entries[at]?.["id"], case: "INS-7/2026" });
    const refused = entries.slice(at).find(({ client }) => client === "bpjs-kesehatan");
    expect(refused).toMatchObject({ officer: null });
    expect(entries.slice(at).some(({ client, status }) => client === "bpjs-kesehatan" && status === "AGREEMENT_SUSPENDED")).toBe(
      true,
    );
  });

  test("and the events of the policy name who did what, in order", async () => {
    const { nodes } = await asked(
      "auditor.bpk",
      `{ policyEvents(agreement: "${NUMBER}", first: 100) { nodes { kind version actor } } }`,
    );
    const steps = nodes
      .filter(({ kind, version }: Entry) => version === 2 && kind !== "note")
      .map(({ kind, actor }: Entry) => [kind, actor]);
    expect(steps.reverse()).toEqual([
      ["drafted", CONSUMER],
      ["in_review", CONSUMER],
      ["approved", "steward.kemensos"],
      ["active", CONSUMER],
      ["suspended", "steward.kemensos"],
      ["active", "steward2.kemensos"],
      ["revoked", "dpo.dukcapil"],
    ]);
  });
});
