import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { approvalText, type Decided } from "../../../schema/policy/approval.ts";
import { signerOf } from "../../../schema/policy/keys.ts";
import { governance } from "../../../subgraphs/governance/index.ts";
import { asRole, useDatabases } from "../../kit/database.ts";
import { useSlice } from "../../kit/slice.ts";
import { actsOf, asSteward, devSignerOf, outcomeOf } from "../../subgraphs/governance/lifecycle/kit.ts";

// Kemensos drafts for itself, out of its own data and Dukcapil's: the hardest case for four eyes.
const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime });
const by = (id: string) => actsOf(slice, id);
const author = by("steward.kemensos");
const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const NUMBER = "PKS-2026-030";
const draft = { agreement: NUMBER, validFrom: at(0), validTo: at(100), regions: ["3510"] };
const GRANTS = [
  { selector: "Household.region", effect: "ALLOW", clause: "Ps. 1" },
  { selector: "Person.fullName", effect: "ALLOW", clause: "Ps. 2" },
];

beforeAll(async () => {
  const input = {
    number: NUMBER,
    title: "Uji empat mata",
    consumer: "KEMENSOS",
    purpose: "PROGRAM_ADMINISTRATION",
    dpiaId: "D-30",
  };
  expect(await author.create(input)).toMatchObject({ number: NUMBER });
});

/** A new version, submitted. */
async function submitted(grants: readonly object[] = GRANTS): Promise<{ agreement: string; version: number }> {
  const { number: version } = await author.draft({ ...draft, grants });
  const which = { agreement: NUMBER, version: Number(version) };
  expect(await author.submit(which)).toMatchObject({ state: "IN_REVIEW" });
  return which;
}

const approvalsOf = async (which: object) =>
  outcomeOf(
    await asSteward(slice, "auditor.bpk")(
      "query ($agreement: ID!, $version: Int!) { agreementVersion(agreement: $agreement, version: $version) { state contentSha256 approvals { steward { id } } } }",
      { ...which },
    ),
  ) as { state: string; contentSha256: string; approvals: unknown[] };

describe("T21: consent to nothing, or by oneself", () => {
  test.each([
    ["a version without a grant", [], "grants nothing"],
    [
      "a class that holds no field",
      [{ selector: "SPECIFIC", topic: "GENETIC", effect: "AGGREGATE", clause: "Ps. 1" }],
      "opens nothing",
    ],
  ])("%s is never submitted", async (_, grants, told) => {
    const { number: version } = await author.draft({ ...draft, grants });
    const which = { agreement: NUMBER, version };
    expect(await author.submit(which)).toMatchObject({ code: "BAD_USER_INPUT", detail: expect.stringContaining(told) });
    const unread = { input: { contentSha256: "f".repeat(64) } };
    expect(await by("steward.dukcapil").sign(which, "OWNER", unread)).toMatchObject({ code: "CONFLICT" });
    expect(await approvalsOf(which)).toMatchObject({ state: "DRAFT", approvals: [] });
  });

  test("the author does not approve, though the agency owns the data: another steward of it does", async () => {
    const which = await submitted();
    expect(await author.sign(which, "OWNER")).toMatchObject({ code: "FORBIDDEN", detail: expect.stringContaining("author") });
    expect(await by("steward2.kemensos").sign(which, "OWNER")).toMatchObject({ state: "IN_REVIEW" });
  });

  test("who takes a draft over becomes its author, and no longer approves it", async () => {
    const { number: version } = await author.draft({ ...draft, grants: GRANTS });
    const which = { agreement: NUMBER, version };
    expect(await by("steward2.kemensos").draft({ ...draft, version, grants: GRANTS.slice(0, 1) })).toMatchObject({
      state: "DRAFT",
    });
    expect(await author.submit(which)).toMatchObject({ state: "IN_REVIEW" });
    expect(await by("steward2.kemensos").sign(which, "OWNER")).toMatchObject({ code: "FORBIDDEN" });
    expect(await author.sign(which, "OWNER")).toMatchObject({ state: "IN_REVIEW" });
  });

  test("what was read is what is approved: another content's hash is refused", async () => {
    const which = await submitted();
    const other = { input: { contentSha256: "f".repeat(64) } };
    expect(await by("steward.dukcapil").sign(which, "OWNER", other)).toMatchObject({ code: "CONFLICT" });
    expect((await approvalsOf(which)).approvals).toEqual([]);
  });

  test("who controls nothing of it does not approve, nor accepts the duties of another agency", async () => {
    const which = await submitted();
    expect(await by("steward.bps").sign(which, "OWNER")).toMatchObject({ code: "FORBIDDEN" });
    expect(await by("dpo.dukcapil").sign(which, "DPO")).toMatchObject({ code: "FORBIDDEN" });
    expect(await by("dpo.kemensos").sign(which, "OWNER")).toMatchObject({
      code: "FORBIDDEN",
      detail: expect.stringContaining("STEWARD"),
    });
  });
});

describe("T22: a signature that is not one", () => {
  let which: { agreement: string; version: number };
  beforeAll(async () => {
    which = await submitted();
  });

  test.each<[string, Partial<Decided>]>([
    ["another content", { contentSha256: "e".repeat(64) }],
    ["another version", { version: 1 }],
    ["another agreement", { agreement: "PKS-2025-001" }],
    ["another owner", { owner: "KEMENSOS" }],
    ["another capacity", { capacity: "DPO" }],
    ["a rejection", { decision: "REJECTED" }],
  ])("over %s approves nothing", async (_, signed) => {
    const refused = await by("steward.dukcapil").sign(which, "OWNER", { signed });
    expect(refused).toMatchObject({ code: "BAD_USER_INPUT", detail: expect.stringContaining("signature") });
    expect(await approvalsOf(which)).toMatchObject({ state: "IN_REVIEW", approvals: [] });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["no signature", { signature: "" }, "signature"],
    ["an assertion for a plain key", { signature: '{"authenticatorData":"","clientDataJSON":"","signature":""}' }, "signature"],
    ["a colleague's key", { keyId: devSignerOf("steward.kemensos").keyId }, "keyId"],
    ["a key nobody has", { keyId: "none" }, "keyId"],
  ])("with %s approves nothing", async (_, input, named) => {
    const refused = await by("steward.dukcapil").sign(which, "OWNER", { input });
    expect(refused).toMatchObject({ code: "BAD_USER_INPUT", detail: expect.stringContaining(named) });
    expect((await approvalsOf(which)).approvals).toEqual([]);
  });

  test("a key that was only written into the database signs nothing", async () => {
    const forged = signerOf(randomBytes(32).toString("hex"), "steward");
    await asRole(
      databases.urls.governance.owner,
      (sql) => sql`insert into governance.steward_key (key_id, steward_id, agency_code, roles, kind, public_key, endorsement)
      values (${forged.keyId}, 'steward.dukcapil', 'DUKCAPIL', ${["STEWARD"]}, 'ED25519', ${forged.publicKey}, 'none')`,
    );
    const { contentSha256 } = await approvalsOf(which);
    const decided: Decided = { ...which, owner: "DUKCAPIL", capacity: "OWNER", decision: "APPROVED", contentSha256 };
    const { owner: _, ...sent } = decided;
    const refused = await by("steward.dukcapil").decide({
      ...sent,
      keyId: forged.keyId,
      signature: forged.sign(approvalText(decided)),
    });
    expect(refused).toMatchObject({ code: "BAD_USER_INPUT", detail: expect.stringContaining("keyId") });
  });

  test("approvals that were only written into the database put nothing in force", async () => {
    const { contentSha256 } = await approvalsOf(which);
    const rows = [
      ["DUKCAPIL", "steward.dukcapil", "OWNER"],
      ["KEMENSOS", "steward2.kemensos", "OWNER"],
      ["KEMENSOS", "dpo.kemensos", "DPO"],
    ] as const;
    await asRole(databases.urls.governance.owner, async (sql) => {
      for (const [owner, steward, capacity] of rows)
        await sql`insert into governance.approval (agreement_number, version, owner_agency, steward_id, capacity, decision, content_sha256, key_id, signature)
          values (${NUMBER}, ${which.version}, ${owner}, ${steward}, ${capacity}, 'APPROVED', ${contentSha256}, ${devSignerOf(steward).keyId}, 'forged')`;
      await sql`update governance.agreement_version set state = 'approved' where agreement_number = ${NUMBER} and version = ${which.version}`;
    });
    expect(await author.activate(which)).toMatchObject({
      code: "CONFLICT",
      detail: expect.stringContaining("lacks a good signature of DUKCAPIL as owner"),
    });
    expect(await approvalsOf(which)).toMatchObject({ state: "APPROVED" });
  });
});

test("of all who act at once none is lost, and nothing happens twice", async () => {
  const drafted = await Promise.all([author.draft({ ...draft, grants: GRANTS }), author.draft({ ...draft, grants: GRANTS })]);
  const numbers = drafted.map(({ number }) => Number(number)).sort((a, b) => a - b);
  expect(numbers[1]).toBe(Number(numbers[0]) + 1);
  const which = { agreement: NUMBER, version: Number(numbers[0]) };
  const codes = (await Promise.all([author.submit(which), author.submit(which)])).map(({ code = "DONE" }) => code);
  expect(codes.sort()).toEqual(["CONFLICT", "DONE"]);
  await Promise.all([
    by("steward.dukcapil").sign(which, "OWNER"),
    by("steward2.kemensos").sign(which, "OWNER"),
    by("dpo.kemensos").sign(which, "DPO"),
  ]);
  expect(await approvalsOf(which)).toMatchObject({ state: "APPROVED", approvals: [{}, {}, {}] });
  const revoked = await Promise.all([by("dpo.dukcapil").revoke(which), author.revoke(which)]);
  expect(revoked.map(({ code = "DONE" }) => code).sort()).toEqual(["CONFLICT", "DONE"]);
});

test("who asked to resume does not resume, though the agency is an owner too: another of its stewards does", async () => {
  const which = await submitted();
  for (const [id, capacity] of [
    ["steward.dukcapil", "OWNER"],
    ["steward2.kemensos", "OWNER"],
    ["dpo.kemensos", "DPO"],
  ] as const)
    await by(id).sign(which, capacity);
  expect(await author.activate(which)).toMatchObject({ state: "ACTIVE" });
  expect(await by("dpo.kemensos").suspend(which, "OWNER_STOP")).toMatchObject({ state: "SUSPENDED" });
  expect(await author.askToResume(which)).toMatchObject({ state: "SUSPENDED" });
  expect(await author.resume(which)).toMatchObject({ code: "FORBIDDEN" });
  expect(await by("steward2.kemensos").resume(which)).toMatchObject({ state: "ACTIVE" });
});

test("what a data protection officer stopped, only one of those resumes; nobody gives a reason that is another's", async () => {
  const which = { agreement: "PKS-2025-002", version: 1 };
  expect(await by("steward.bpjs_kesehatan").suspend(which, "OWNER_STOP")).toMatchObject({ code: "FORBIDDEN" });
  expect(await by("steward.dukcapil").suspend(which, "DPO_STOP")).toMatchObject({ code: "FORBIDDEN" });
  expect(await by("dpo.bpjs_kesehatan").suspend(which, "REVIEW_OVERDUE")).toMatchObject({ code: "BAD_USER_INPUT" });
  expect(await by("dpo.bpjs_kesehatan").suspend(which, "DPO_STOP")).toMatchObject({ state: "SUSPENDED" });
  expect(await by("steward.bpjs_kesehatan").askToResume(which)).toMatchObject({ state: "SUSPENDED" });
  expect(await by("steward.dukcapil").resume(which)).toMatchObject({ code: "FORBIDDEN" });
  expect(await by("dpo.dukcapil").resume(which)).toMatchObject({ state: "ACTIVE" });
});

describe("a stop of an owner's", () => {
  const which = (version: number) => ({ agreement: "PKS-2025-002", version });
  const consumer = by("steward.bpjs_kesehatan");
  const owner = by("steward.dukcapil");
  const grants = [{ selector: "Person.fullName", effect: "ALLOW", clause: "Ps. 1" }];

  /** A version of this agreement that Dukcapil, who alone controls what it opens, and the consumer's officer have signed. */
  async function approved(version: number) {
    const drafted = { ...which(version), validFrom: at(0), validTo: at(100), regions: ["3510"], grants };
    expect(await consumer.draft({ ...drafted, version: null })).toMatchObject({ number: version });
    expect(await consumer.submit(which(version))).toMatchObject({ state: "IN_REVIEW" });
    for (const { agency, capacity } of (await missing(version)).missingApprovals)
      await by(capacity === "DPO" ? `dpo.${agency.code.toLowerCase()}` : `steward.${agency.code.toLowerCase()}`).sign(
        which(version),
        capacity,
      );
    expect(await missing(version)).toMatchObject({ state: "APPROVED" });
  }
  const missing = async (version: number) =>
    outcomeOf(
      await asSteward(slice, "auditor.bpk")(
        "query ($agreement: ID!, $version: Int!) { agreementVersion(agreement: $agreement, version: $version) { state missingApprovals { agency { code } capacity } } }",
        which(version),
      ),
    ) as { state: string; missingApprovals: { agency: { code: string }; capacity: Decided["capacity"] }[] };

  test("is lifted by the consumer neither with a version approved before nor by revoking, but by new consent of all", async () => {
    await approved(2);
    expect(await owner.suspend(which(1), "OWNER_STOP")).toMatchObject({ state: "SUSPENDED" });
    expect(await consumer.activate(which(2), true)).toMatchObject({
      code: "CONFLICT",
      detail: expect.stringContaining("is suspended"),
    });
    expect(await consumer.revoke(which(1))).toMatchObject({ code: "FORBIDDEN", detail: expect.stringContaining("OWNER_STOP") });
    expect(await owner.revoke(which(1))).toMatchObject({ state: "REVOKED" });
    for (const supersede of [true, false])
      expect(await consumer.activate(which(2), supersede)).toMatchObject({
        code: "CONFLICT",
        detail: expect.stringContaining("approved before version 1 was stopped"),
      });
    await approved(3);
    expect(await consumer.activate(which(3))).toMatchObject({ state: "ACTIVE" });
  });
});
