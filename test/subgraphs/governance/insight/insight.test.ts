import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { SLICES } from "../../../../drizzle/client.ts";
import { stewardOf } from "../../../../drizzle/policy/readyMade.ts";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { asRole, asServer, useDatabases } from "../../../kit/database.ts";
import { COMPILER } from "../../../kit/policy.ts";
import { callerWith, useSlice } from "../../../kit/slice.ts";
import { actsOf, asSteward, outcomeOf } from "../lifecycle/kit.ts";

type Json = Record<string, any>;

const NOON = Date.parse("2026-11-20T05:00:00Z");
const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime, now: () => NOON });
const BPK = stewardOf("BPK");
const as = (id: string) => asSteward(slice, id);
const partner = (agency: string, agreement: string, query: string, variables: Json = {}) =>
  slice.ask(query, { variables, caller: callerWith({ client: agency.toLowerCase(), agency, agreement, officer: null }) });
const AGREEMENT = "PKS-2025-006";

/** An entry as the gateway writes it. */
const entry = (mark: string, at: string, lists: Json) => ({
  at,
  request_id: `r-${mark}-${at}`,
  client: "bpk",
  agreement: AGREEMENT,
  body: JSON.stringify({
    ...{ v: 1, agreement: AGREEMENT, version: 1, operation: { name: "Households", mark } },
    ...{ shown: [], masked: [], denied: [], used: [], variables: null, status: "ANSWERED", ...lists },
  }),
});

beforeAll(async () => {
  const drafted = await actsOf(slice, BPK).draft({
    ...{ agreement: AGREEMENT, basedOn: 1, validFrom: "2026-12-01T00:00:00Z", validTo: "2027-12-01T00:00:00Z", quota: 50 },
    regions: ["3510"],
    grants: [
      { selector: "PUBLIC", effect: "ALLOW", clause: "Ps. 1" },
      { selector: "Query.households", effect: "ALLOW", clause: "Ps. 2" },
      { selector: "Person.fullName", effect: "MASK", mask: "initials", clause: "Ps. 3" },
      { selector: "Person.nik", effect: "ALLOW", clause: "Ps. 4", widenReason: "Pemeriksaan BPK" },
      { selector: "Person.sex", effect: "ALLOW", clause: "Ps. 5" },
    ],
  });
  expect(drafted).toMatchObject({ number: 2, state: "DRAFT" });
  const name = { shown: ["Person.fullName", "Household.address"], masked: ["Person.nik"], used: ["HouseholdFilter.region"] };
  const rows = [
    ...["2026-11-18", "2026-11-19"].map((day) => entry("a", `${day}T00:00:00Z`, name)),
    entry("b", "2026-11-19T01:00:00Z", { shown: ["MyAccess.client"] }),
    entry("c", "2026-11-19T02:00:00Z", { denied: ["Person.motherName"], status: "FORBIDDEN" }),
    entry("old", "2026-01-01T00:00:00Z", name),
  ];
  await asServer(databases.urls.record, async (gateway) => {
    for (const { at, body, ...row } of rows)
      await gateway`insert into governance.entry ${gateway({ ...row, at, body, leaf: createHash("sha256").update(`\0${body}`).digest() })}`;
  });
});

describe("the difference between two versions", () => {
  const DIFF =
    'query ($from: Int, $to: Int!) { versionDiff(agreement: "PKS-2025-006", from: $from, to: $to) { from to widens changes { kind coordinate term sentence { indonesian english } } } }';

  test("is told against the version in force: widening first, in both languages", async () => {
    const { from, to, widens, changes } = outcomeOf(await as("dpo.dukcapil")(DIFF, { to: 2 })) as Json;
    expect([from, to, widens]).toEqual([1, 2, true]);
    const nik = changes.findIndex((one: Json) => one["coordinate"] === "Person.nik");
    expect(changes[nik]).toMatchObject({
      kind: "WIDENED",
      sentence: { indonesian: expect.stringMatching(/^Person\.nik \(NIK\): sebelumnya disamarkan \(last4\).*menjadi terbuka/) },
    });
    expect(changes.slice(0, nik).every((one: Json) => one["kind"] === "WIDENED")).toBe(true);
    expect(changes).toContainEqual(expect.objectContaining({ kind: "NARROWED", coordinate: "HouseholdConnection.totalCount" }));
    expect(changes).toContainEqual(
      expect.objectContaining({
        term: "regions",
        sentence: {
          indonesian: "Wilayah: sebelumnya seluruh Indonesia, menjadi wilayah 3510.",
          english: "Regions: was the whole country, becomes regions 3510.",
        },
      }),
    );
  });

  test("calls it widening when only a child's name comes out further, though everybody else's is masked", async () => {
    const { changes } = outcomeOf(await as(BPK)(DIFF, { to: 2 })) as Json;
    const { kind, sentence } = changes.find((one: Json) => one["coordinate"] === "Person.fullName");
    expect([kind, sentence.english]).toEqual([
      "WIDENED",
      expect.stringMatching(/was open; closed for children.*becomes masked \(initials\)/),
    ]);
  });

  test("with itself is empty, and of what does not exist nothing", async () => {
    expect(outcomeOf(await as(BPK)(DIFF, { from: 2, to: 2 }))).toEqual({ from: 2, to: 2, widens: false, changes: [] });
    expect((await as(BPK)(DIFF, { from: 9, to: 2 })).data).toEqual({ versionDiff: null });
    expect((await as(BPK)(DIFF, { to: 9 })).data).toEqual({ versionDiff: null });
  });

  test("is for stewards", async () => {
    expect(outcomeOf(await partner("BPK", AGREEMENT, DIFF, { to: 2 }))).toMatchObject({ code: "FORBIDDEN" });
  });
});

describe("a simulation", () => {
  const SIMULATE =
    'query ($days: Int! = 30) { simulateVersion(agreement: "PKS-2025-006", version: 2, days: $days) { since requests changes { kind } operations { client mark name requests newlyDenied newlyMasked uncovered newlyAllowed } } }';

  test("says of each recorded document what would be lost, masked, uncovered and gained, and how many requests that are", async () => {
    const { since, requests, operations, changes } = outcomeOf(await as(stewardOf("KEMENSOS"))(SIMULATE)) as Json;
    expect([since, requests]).toEqual(["2026-10-21T05:00:00.000Z", 3]);
    expect(changes.length).toBeGreaterThan(0);
    expect(operations).toEqual([
      {
        ...{ client: "bpk", mark: "a", name: "Households", requests: 2 },
        newlyDenied: ["Household.address", "HouseholdFilter.region"],
        ...{ newlyMasked: ["Person.fullName"], uncovered: ["Person.nik"], newlyAllowed: [] },
      },
    ]);
  });

  test("reads as far back as it is told, within a year", async () => {
    expect(outcomeOf(await as(BPK)(SIMULATE, { days: 366 }))).toMatchObject({ requests: 4 });
    expect(outcomeOf(await as(BPK)(SIMULATE, { days: 367 }))).toMatchObject({ code: "BAD_USER_INPUT" });
    expect(outcomeOf(await as(BPK)(SIMULATE, { days: 0 }))).toMatchObject({ code: "BAD_USER_INPUT" });
  });
});

describe("the record behind governance's two windows", () => {
  const shapes = (agency: string, officer: string | null) =>
    asRole(databases.urls.governance.runtime, async (sql) => {
      await sql`begin`;
      await sql`select set_config('hub.agency', ${`{${agency}}`}, true), set_config('hub.officer', ${officer ? `{${officer}}` : "{}"}, true)`;
      const counted = await sql`select count(*)::int as n from governance.shapes_of(${AGREEMENT}, '2000-01-01')`;
      const found = await sql`select agreement from governance.entry_of('r-a-2026-11-18T00:00:00Z')`;
      await sql`rollback`;
      return [counted[0]?.["n"], found.length];
    });

  test("is open to the agency itself and to stewards, and to nobody else", async () => {
    expect(await shapes("BPK", null)).toEqual([3, 1]);
    expect(await shapes("BPJS_KESEHATAN", "steward.bpjs_kesehatan")).toEqual([3, 1]);
    expect(await shapes("BPJS_KESEHATAN", null)).toEqual([0, 0]);
  });

  test("stays shut otherwise", async () => {
    await asRole(databases.urls.governance.runtime, async (sql) => {
      await expect(sql`select 1 from governance.entry`).rejects.toMatchObject({ code: "42501" });
    });
    await asRole(databases.urls.record, async (sql) => {
      await expect(sql`select * from governance.entry_of('x')`).rejects.toMatchObject({ code: "42501" });
    });
  });
});

test("a version in sentences is for everybody whose agreement it is", async () => {
  const ask = "query ($a: ID!) { versionSentences(agreement: $a) { about type indonesian english } }";
  const { versionSentences: said } = (await partner("BPK", AGREEMENT, ask, { a: AGREEMENT })).data;
  expect(said[0]).toMatchObject({
    about: "WHO",
    english: "Badan Pemeriksa Keuangan for Pemeriksaan keuangan negara (UU 15/2004 Ps. 10), PKS-2025-006 version 1.",
  });
  expect(said.map((one: Json) => one["about"])).toEqual(expect.arrayContaining(["READ", "USE", "WHERE", "UNTIL", "TERMS"]));
  expect((await partner("BPK", AGREEMENT, ask, { a: "PKS-2025-001" })).data).toEqual({ versionSentences: null });
});

test("an agreement that only persons ask under is none for clients, of its own agency too", async () => {
  const { data } = await as(BPK)("{ allAgreements(first: 100) { nodes { number consumer { code } purpose { code } } } }");
  const { number } = data.allAgreements.nodes.find(
    (one: Json) => one["consumer"].code === "BPK" && one["purpose"].code === "ACCESS_GOVERNANCE",
  );
  await asServer(databases.urls.record, async (gateway) => {
    const told = { ...entry("officers", "2026-11-19T03:00:00Z", { shown: ["Steward.id"] }), agreement: number };
    const leaf = createHash("sha256").update(`\0${told.body}`).digest();
    await gateway`insert into governance.entry ${gateway({ ...told, leaf })}`;
  });
  const ask = `query ($a: ID!) { versionSentences(agreement: $a) { about } explainAccess(agreement: $a, document: "{ me { client } }") { version }
    explainRequest(receipt: "r-officers-2026-11-19T03:00:00Z") { version } }`;
  expect((await partner("BPK", AGREEMENT, ask, { a: number })).data).toEqual({
    ...{ versionSentences: null, explainAccess: null, explainRequest: null },
  });
  expect((await as(BPK)(ask, { a: number })).data).toEqual({
    versionSentences: expect.any(Array),
    explainAccess: { version: 1 },
    explainRequest: { version: 1 },
  });
});

describe("a version as a file", () => {
  const FILE =
    'query ($version: Int!, $format: PolicyFileFormat! = JSON) { policyFile(agreement: "PKS-2025-006", version: $version, format: $format) { body sha256 signature } }';
  const IMPORT =
    "mutation ($file: String!, $agreement: ID, $version: Int) { importVersion(file: $file, agreement: $agreement, version: $version) { number state validFrom regions quota author { id } grants { selector } } }";
  const exported = async (version = 1): Promise<string> => (outcomeOf(await as(BPK)(FILE, { version })) as Json)["body"];
  const policy = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      const env = { PATH: process.env["PATH"], HUB_ENV: "dev", ...addresses() };
      execFile(process.execPath, ["cli/hub.js", "policy", ...args], { env, maxBuffer: 10_000_000 }, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      );
    });
  const addresses = () =>
    Object.fromEntries(
      SLICES.flatMap((name) => [
        [`HUB_DATABASE_URL_${name.toUpperCase()}`, databases.urls[name].runtime],
        [`HUB_DATABASE_OWNER_URL_${name.toUpperCase()}`, databases.urls[name].owner],
      ]).concat([
        ["HUB_DATABASE_URL_GATEWAY", databases.urls.gateway],
        ["HUB_DATABASE_URL_RECORD", databases.urls.record],
      ]),
    );

  test("holds what it says, who approved it and with which keys, and is verified offline", async () => {
    const body = await exported();
    const { content, approvals, keys, signature } = JSON.parse(body);
    expect([content.agreement, content.version, content.purpose]).toEqual([AGREEMENT, 1, "FINANCIAL_AUDIT"]);
    expect(approvals.map((one: Json) => [one["owner"], one["capacity"]])).toEqual(
      expect.arrayContaining([
        ["DUKCAPIL", "OWNER"],
        ["KEMENSOS", "OWNER"],
        ["BPK", "DPO"],
      ]),
    );
    expect(keys.length).toBe(new Set(approvals.map((one: Json) => one["keyId"])).size);
    expect(signature.publicKey).toBe(COMPILER.signer.publicKey);
    const folder = mkdtempSync(join(tmpdir(), "policy-file-"));
    const path = join(folder, "file.json");
    writeFileSync(path, body);
    const good = await policy("verify", path, "--key", COMPILER.signer.publicKey);
    writeFileSync(path, body.replace('"quota": 10000', '"quota": 10001'));
    const bad = await policy("verify", path);
    rmSync(folder, { recursive: true });
    expect([good.code, good.stdout]).toEqual([0, ""]);
    expect(bad.code).toBe(1);
    expect(bad.stdout).toMatch(/^content: not what the signed text says$/m);
  });

  test("comes out of the command line as out of the API", async () => {
    const { code, stdout, stderr } = await policy("export", AGREEMENT, "1");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(await exported());
    expect(await policy("export", AGREEMENT, "9")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/there is no version 9/),
    });
    expect(await policy("export", AGREEMENT)).toMatchObject({ code: 2, stdout: "" });
  });

  test("becomes a draft of its importer, to be approved anew", async () => {
    const file = await exported(2);
    const drafted = outcomeOf(await as(BPK)(IMPORT, { file }));
    expect(drafted).toMatchObject({ number: 3, state: "DRAFT", regions: ["3510"], quota: 50, author: { id: BPK } });
    expect((drafted as Json)["grants"].map((one: Json) => one["selector"])).toContain("Person.nik");
    expect(outcomeOf(await as(BPK)(IMPORT, { file, version: 3 }))).toMatchObject({ number: 3, state: "DRAFT" });
  });

  test("is refused with all its faults when it is not what it says, and by the same rules as any draft", async () => {
    const tampered = (await exported(2)).replace('"quota": 50', '"quota": 60');
    expect(outcomeOf(await as(BPK)(IMPORT, { file: tampered }))).toMatchObject({
      code: "BAD_USER_INPUT",
      detail: expect.stringMatching(/signature: .*content: /),
    });
    expect(outcomeOf(await as(BPK)(IMPORT, { file: "{}" }))).toMatchObject({
      detail: expect.stringMatching(/content: is missing.*keys: is missing/),
    });
    // version 1 began in the past: a new draft must not
    expect(outcomeOf(await as(BPK)(IMPORT, { file: await exported(1) }))).toMatchObject({
      detail: expect.stringMatching(/validFrom: not before today/),
    });
    expect(outcomeOf(await as(stewardOf("KEMENSOS"))(IMPORT, { file: await exported(2) }))).toMatchObject({ code: "FORBIDDEN" });
    expect(outcomeOf(await as("auditor.bpk")(IMPORT, { file: await exported(2) }))).toMatchObject({ code: "FORBIDDEN" });
  });

  test("goes to data spaces as ODRL", async () => {
    const { body } = outcomeOf(await as(BPK)(FILE, { version: 1, format: "ODRL" })) as Json;
    const policy = JSON.parse(body);
    expect([policy["@type"], policy.uid]).toEqual(["odrl:Agreement", "https://hub.example/agreements/PKS-2025-006/versions/1"]);
    expect(policy.permission.length).toBeGreaterThan(3);
  });

  test("is for stewards, and of what does not exist null", async () => {
    expect(outcomeOf(await partner("BPK", AGREEMENT, FILE, { version: 1 }))).toMatchObject({ code: "FORBIDDEN" });
    expect((await as(BPK)(FILE, { version: 9 })).data).toEqual({ policyFile: null });
  });
});
