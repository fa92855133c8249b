import { beforeAll, describe, expect, test } from "vitest";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { useDatabases } from "../../../kit/database.ts";
import { useSlice } from "../../../kit/slice.ts";
import { actsOf, asSteward, outcomeOf } from "./kit.ts";

const DAY = 24 * 60 * 60 * 1000;
const NOW = Date.now();
let now = NOW;
const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime, now: () => now });
const by = (id: string) => actsOf(slice, id);
const bpjs = by("steward.bpjs_kesehatan");
const at = (days: number) => new Date(NOW + days * DAY).toISOString();

const NUMBER = "PKS-2026-020";
const first = { agreement: NUMBER, version: 1 };
const second = { agreement: NUMBER, version: 2 };
const GRANTS = [
  { selector: "PUBLIC", effect: "ALLOW", clause: "Ps. 3" },
  { selector: "Query.person", effect: "ALLOW", clause: "Ps. 4(1)" },
  { selector: "Person.fullName", effect: "MASK", mask: "initials", clause: "Ps. 4(2)" },
  { selector: "Person.id", use: "LOOKUP", effect: "ALLOW", clause: "Ps. 4(3)" },
  { selector: "Household.deciles", effect: "CLAIM", thresholds: [{ argument: "n", values: ["4"] }], clause: "Ps. 5" },
];
const draft = { agreement: NUMBER, validFrom: at(0), validTo: at(365), regions: ["35.10"], grants: GRANTS };

/** All who must sign: both controllers and the consumer's officer. */
async function signAll(which: typeof first) {
  await by("steward.dukcapil").sign(which, "OWNER");
  await by("steward.kemensos").sign(which, "OWNER");
  return by("dpo.bpjs_kesehatan").sign(which, "DPO");
}

describe("an agreement, from its first draft to its end", () => {
  beforeAll(async () => {
    const created = await bpjs.create({
      ...{ number: NUMBER, title: "Verifikasi kepesertaan", consumer: "BPJS_KESEHATAN" },
      ...{ purpose: "PBI_MEMBERSHIP", dpiaId: "DPIA-7", documentSha256: "a".repeat(64) },
    });
    expect(created).toEqual({ number: NUMBER, title: "Verifikasi kepesertaan" });
  });

  test("a partner's steward drafts it, mends the draft, and submits it to the controllers of its data", async () => {
    expect(await bpjs.draft({ ...draft, grants: [] })).toMatchObject({ number: 1, state: "DRAFT", contentSha256: null });
    expect(await bpjs.draft({ ...draft, version: 1 })).toMatchObject({ number: 1, state: "DRAFT", missingApprovals: [] });
    expect(await bpjs.submit(first)).toMatchObject({
      state: "IN_REVIEW",
      contentSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      missingApprovals: [
        { agency: { code: "DUKCAPIL" }, capacity: "OWNER" },
        { agency: { code: "KEMENSOS" }, capacity: "OWNER" },
        { agency: { code: "BPJS_KESEHATAN" }, capacity: "DPO" },
      ],
    });
    expect(await bpjs.submit(first)).toMatchObject({ code: "CONFLICT" });
    expect(await bpjs.draft({ ...draft, version: 1 })).toMatchObject({ code: "CONFLICT" });
  });

  test("it waits in the inbox of who has not signed, and of nobody else", async () => {
    const inbox = "{ stewardship { inbox { number agreement { number } } } }";
    const waiting = async (id: string) =>
      (outcomeOf(await asSteward(slice, id)(inbox)) as { inbox: { agreement: { number: string } }[] }).inbox.map(
        (one) => one.agreement.number,
      );
    expect(await waiting("steward.dukcapil")).toContain(NUMBER);
    expect(await waiting("dpo.bpjs_kesehatan")).toContain(NUMBER);
    expect(await waiting("steward.bappenas")).toEqual([]);
  });

  test("an owner rejects it with a reason: it is a draft again, and must change before it is submitted again", async () => {
    const reason = "Desil tidak diperlukan";
    const rejected = await by("steward.kemensos").sign(first, "OWNER", { input: { decision: "REJECTED", reason } });
    expect(rejected).toMatchObject({ state: "DRAFT" });
    expect(await bpjs.submit(first)).toMatchObject({ code: "CONFLICT", detail: expect.stringContaining("KEMENSOS") });
    expect(await bpjs.draft({ ...draft, version: 1, quota: 500 })).toMatchObject({ state: "DRAFT" });
    expect(await bpjs.submit(first)).toMatchObject({ state: "IN_REVIEW" });
    const { approvals } = outcomeOf(
      await asSteward(
        slice,
        "auditor.bpk",
      )(
        `{ agreementVersion(agreement: "${NUMBER}", version: 1) { approvals { owner { code } steward { id } decision reason } } }`,
      ),
    ) as { approvals: unknown[] };
    expect(approvals).toEqual([
      { owner: { code: "KEMENSOS" }, steward: { id: "steward.kemensos" }, decision: "REJECTED", reason },
    ]);
  });

  test("the author takes it back and submits it again", async () => {
    expect(await bpjs.withdraw(first)).toMatchObject({ state: "DRAFT" });
    expect(await bpjs.withdraw(first)).toMatchObject({ code: "CONFLICT" });
    expect(await bpjs.submit(first)).toMatchObject({ state: "IN_REVIEW" });
  });

  test("the last signature needed makes it approved, which is not yet in force", async () => {
    expect(await bpjs.activate(first)).toMatchObject({ code: "CONFLICT" });
    expect(await by("steward.dukcapil").sign(first, "OWNER")).toMatchObject({
      state: "IN_REVIEW",
      missingApprovals: [
        { agency: { code: "KEMENSOS" }, capacity: "OWNER" },
        { agency: { code: "BPJS_KESEHATAN" }, capacity: "DPO" },
      ],
    });
    expect(await by("steward.dukcapil").sign(first, "OWNER")).toMatchObject({ code: "CONFLICT" });
    expect(await by("steward.kemensos").sign(first, "OWNER")).toMatchObject({ state: "IN_REVIEW" });
    expect(await by("dpo.bpjs_kesehatan").sign(first, "DPO")).toMatchObject({ state: "APPROVED", missingApprovals: [] });
  });

  test("once activated it is in force, and not twice", async () => {
    expect(await bpjs.activate(first)).toMatchObject({ state: "ACTIVE" });
    expect(await bpjs.activate(first)).toMatchObject({ code: "CONFLICT" });
  });

  test("one owner stops it at once; two stewards let it go on, the second of an owner", async () => {
    expect(await by("steward.dukcapil").suspend(first, "OWNER_STOP")).toMatchObject({ state: "SUSPENDED" });
    expect(await by("steward.dukcapil").suspend(first, "OWNER_STOP")).toMatchObject({ code: "CONFLICT" });
    expect(await bpjs.resume(first)).toMatchObject({ code: "CONFLICT", detail: expect.stringContaining("askToResume") });
    expect(await by("steward.dukcapil").askToResume(first)).toMatchObject({ state: "SUSPENDED" });
    expect(await by("steward.dukcapil").askToResume(first)).toMatchObject({ state: "SUSPENDED" });
    expect(await by("steward.dukcapil").resume(first)).toMatchObject({ code: "FORBIDDEN" });
    expect(await bpjs.resume(first)).toMatchObject({ code: "FORBIDDEN", detail: expect.stringContaining("OWNER_STOP") });
    expect(await by("steward2.kemensos").resume(first)).toMatchObject({ state: "ACTIVE" });
  });

  test("a renewal takes its content over, and supersedes it", async () => {
    const renewal = { agreement: NUMBER, basedOn: 1, validFrom: at(0), validTo: at(700), quota: null };
    expect(await bpjs.draft(renewal)).toMatchObject({ number: 2, state: "DRAFT" });
    expect(await bpjs.submit(second)).toMatchObject({ state: "IN_REVIEW" });
    expect(await signAll(second)).toMatchObject({ state: "APPROVED" });
    expect(await bpjs.activate(second)).toMatchObject({ code: "CONFLICT", detail: expect.stringContaining("supersede") });
    expect(await bpjs.activate(second, true)).toMatchObject({ state: "ACTIVE" });
    const { versions } = outcomeOf(
      await asSteward(
        slice,
        "steward.kemensos",
      )(
        `{ a: agreementVersion(agreement: "${NUMBER}", version: 2) { agreement { versions { number state quota regions grants { selector effect mask thresholds { argument values } } } } } }`,
      ).then((asked) => ({ ...asked, data: asked.data && { a: asked.data.a.agreement } })),
    ) as { versions: { number: number; state: string; grants: unknown[] }[] };
    expect(versions.map(({ number, state }) => [number, state])).toEqual([
      [2, "ACTIVE"],
      [1, "SUPERSEDED"],
    ]);
    expect(versions[0]).toMatchObject({ quota: null, regions: ["3510"] });
    expect(versions[0]?.grants).toEqual(versions[1]?.grants);
    expect(versions[0]?.grants).toHaveLength(GRANTS.length);
  });

  test("it is told a month, a week and a day before that it ends, and then it has ended by the clock", async () => {
    const told = async (days: number) => {
      now = Date.parse(at(700)) - days * DAY;
      const asked = await asSteward(
        slice,
        "steward.dukcapil",
      )("{ stewardship { expiring { withinDays version { number state agreement { number } } } } }");
      now = NOW;
      const { expiring } = outcomeOf(asked) as { expiring: { withinDays: number; version: { agreement: { number: string } } }[] };
      return expiring.filter(({ version }) => version.agreement.number === NUMBER).map(({ withinDays }) => withinDays);
    };
    expect([await told(31), await told(29), await told(6), await told(0.5), await told(-1)]).toEqual([[], [30], [7], [1], []]);
    now = Date.parse(at(701));
    const state = outcomeOf(
      await asSteward(slice, "steward.dukcapil")(`{ agreementVersion(agreement: "${NUMBER}", version: 2) { state } }`),
    );
    now = NOW;
    expect(state).toEqual({ state: "EXPIRED" });
  });

  test("revoked, it never comes back", async () => {
    expect(await by("dpo.dukcapil").revoke(second)).toMatchObject({ state: "REVOKED" });
    expect(await by("dpo.dukcapil").revoke(second)).toMatchObject({ code: "CONFLICT" });
    expect(await by("dpo.dukcapil").suspend(second, "DPO_STOP")).toMatchObject({ code: "CONFLICT" });
    expect(await bpjs.activate(second)).toMatchObject({ code: "CONFLICT" });
  });

  test("all of it is on record, newest first, in pages", async () => {
    const query = `query ($after: String) { policyEvents(agreement: "${NUMBER}", first: 4, after: $after) { totalCount nodes { id kind actor version detail } pageInfo { hasNextPage endCursor } } }`;
    type Events = {
      totalCount: number;
      nodes: { id: string; kind: string; actor: string; detail: string }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    const all: Events["nodes"][number][] = [];
    let page: Events | undefined;
    do {
      page = outcomeOf(
        await asSteward(slice, "auditor.bpk")(query, { after: page?.pageInfo.endCursor ?? null }),
      ) as unknown as Events;
      all.push(...page.nodes);
    } while (page.pageInfo.hasNextPage);
    expect(all).toHaveLength(page.totalCount);
    expect(all.map(({ id }) => Number(id))).toEqual(all.map(({ id }) => Number(id)).sort((a, b) => b - a));
    const states = all.filter(({ kind }) => kind !== "note").reverse();
    expect(states.map(({ kind }) => kind)).toEqual([
      ...["drafted", "in_review", "draft", "in_review", "draft", "in_review", "approved", "active", "suspended", "active"],
      ...["drafted", "in_review", "approved", "superseded", "active", "revoked"],
    ]);
    expect(all.find(({ kind }) => kind === "note")).toMatchObject({ actor: "dpo.dukcapil", detail: "Tidak diperlukan lagi" });
  });
});
