import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { seed } from "../../../drizzle/synthetic/seed.ts";
import { useHub } from "../../kit/hub.ts";
import { renewWith } from "../../kit/policy.ts";
import { exportsOf } from "./kit.ts";

// Files of rows by way of the gateway: that a file holds what the same question would have been answered, and says what it does not hold.

const folder = mkdtempSync(join(tmpdir(), "hub-exports-"));
const hub = useHub({ HUB_EXPORT_DIR: folder });
const { call, place, made, ended, refused, fileOf, files } = exportsOf(hub, folder);
let owner: ReturnType<typeof rawClient>;
beforeAll(async () => {
  owner = rawClient(hub.urls.governance.owner, { max: 2 });
  await seed(hub.urls, { households: 700, seed: "exports" }); // more than a few pages
}, 60_000);
afterAll(async () => {
  await owner.end();
  rmSync(folder, { recursive: true, force: true });
});

type Json = Record<string, any>;
const lines = (text: string): Json[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Json);

/** All nodes of a list, asked for page by page as any client would. */
async function nodesOf(who: string, list: string, selection: string): Promise<Json[]> {
  const nodes: Json[] = [];
  for (let after: string | null = null; ; ) {
    const { data, errors } = await hub
      .as(who)
      .ask(
        `query ($after: String) { ${list}(first: 50, after: $after) { nodes ${selection} pageInfo { hasNextPage endCursor } } }`,
        {
          after,
        },
      );
    expect(errors.filter(({ extensions }) => !String(extensions["code"]).startsWith("FIELD_"))).toEqual([]);
    nodes.push(...data[list].nodes);
    if (!data[list].pageInfo.hasNextPage) return nodes;
    after = data[list].pageInfo.endCursor;
  }
}

describe("a file holds value for value what its client would be answered", () => {
  test("members of the households of a regency, masked and pseudonymous as the agreement has them", async () => {
    const job = await made("dinsos-banyuwangi", { dataset: "members", format: "jsonl" });
    const answer = await fileOf("dinsos-banyuwangi", job);
    const text = await answer.text();
    const nodes = await nodesOf(
      "dinsos-banyuwangi",
      "households",
      "{ id region { code } members { id suffix relation state matchStatus claimedName claimedNik person { id nik fullName sex birthDate } } }",
    );
    const expected = nodes.flatMap(({ id, region, members }) =>
      (members ?? [{}]).map((m: Json) =>
        JSON.stringify({
          ...{
            household: id,
            region: region.code,
            member: m["id"],
            suffix: m["suffix"],
            relation: m["relation"],
            state: m["state"],
          },
          ...{ match_status: m["matchStatus"], claimed_name: m["claimedName"], claimed_nik: m["claimedNik"] },
          ...{ person: m["person"]?.id ?? null, nik: m["person"]?.nik ?? null, full_name: m["person"]?.fullName ?? null },
          ...{ sex: m["person"]?.sex ?? null, birth_date: m["person"]?.birthDate ?? null },
        }),
      ),
    );
    expect(text).toBe(`${expected.join("\n")}\n`);
    expect(expected.length).toBeGreaterThan(10);
    const sha256 = createHash("sha256").update(text).digest("hex");
    expect(job["manifest"]).toMatchObject({
      rows: expected.length,
      bytes: Buffer.byteLength(text),
      sha256,
      truncated: false,
      denied: [],
    });
    expect(job["manifest"].masked).toEqual(expect.arrayContaining(["claimed_nik", "nik", "person"]));
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-length": String(Buffer.byteLength(text)),
      "x-row-count": String(expected.length),
      "x-truncated": "false",
      "x-as-of": job["manifest"].asOf,
      "repr-digest": `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`,
    });
  });

  test("more pages than one, and a household once each", async () => {
    const job = await made("kemensos", {
      dataset: "households",
      format: "jsonl",
      columns: ["household", "decile", "monthly_income"],
    });
    const told = lines(await (await fileOf("kemensos", job)).text());
    const nodes = await nodesOf("kemensos", "households", "{ id monthlyIncome deciles { decile } }");
    expect(told).toEqual(
      nodes.map(({ id, monthlyIncome, deciles }) => ({
        household: id,
        decile: deciles?.[0]?.decile ?? null,
        monthly_income: monthlyIncome,
      })),
    );
    expect(new Set(told.map(({ household }) => household)).size).toBe(told.length);
    expect(told.length).toBeGreaterThan(700);
    expect(job["manifest"].receipts.count).toBe(Math.ceil(told.length / 100));
  }, 60_000);

  test("only what a filter finds, by the list's own filter", async () => {
    const order = { dataset: "enrolments", format: "jsonl", columns: ["program", "region"], filter: { program: "PBI_JK" } };
    const told = lines(await (await fileOf("bpjs-kesehatan", await made("bpjs-kesehatan", order))).text());
    expect(told.length).toBeGreaterThan(50);
    expect([...new Set(told.map(({ program }) => program))]).toEqual(["PBI_JK"]);
  }, 30_000);

  test("payments stand once each, under the case they were asked for", async () => {
    const job = await made(
      "bpk",
      { dataset: "payments", format: "jsonl", caseNumber: "LHP/12/2026" },
      { agreement: "PKS-2025-006" },
    );
    expect(job).toMatchObject({ state: "ready", caseNumber: "LHP/12/2026" });
    const answer = await fileOf("bpk", job);
    const told = lines(await answer.text());
    const [open, closed] = [told.filter(({ payment }) => payment !== null), told.filter(({ payment }) => payment === null)];
    expect(open.length).toBeGreaterThan(500);
    expect(open.every(({ amount, period }) => /^\d+$/.test(amount) && /^20\d\d(-|$)/.test(period))).toBe(true);
    expect(new Set(open.map(({ payment }) => payment)).size).toBe(open.length);
    // of whom the list may not be told the enrolment stands there all the same, once
    expect(closed.every(({ enrolment, amount }) => enrolment !== null && amount === null)).toBe(true);
    expect(new Set(closed.map(({ enrolment }) => enrolment)).size).toBe(closed.length);
    expect(told.length).toBe(job["manifest"].rows);
    expect(job["manifest"]).toMatchObject({ newest: 24, nodesWithPerhapsMore: 0, truncated: false });
  }, 60_000);
});

describe("a column that is not open", () => {
  test("is left out and named, and the others are there", async () => {
    const job = await made("bpjs-kesehatan", { dataset: "members", format: "csv", filter: { region: "3510" } });
    const [head] = (await (await fileOf("bpjs-kesehatan", job)).text()).split("\r\n");
    expect(job["manifest"].denied).toContain("claimed_name");
    for (const name of job["manifest"].denied) expect(head?.split(",")).not.toContain(name);
    expect(head?.split(",")).toEqual(job["manifest"].columns.map(({ name }: Json) => name));
  }, 30_000);

  test("is neither there nor named where the agreement withholds that it exists", async () => {
    const job = await made("kemendikdasmen", { dataset: "enrolments", format: "csv" });
    const all = [...job["manifest"].denied, ...job["manifest"].columns.map(({ name }: Json) => name)];
    const { errors } = await hub.as("kemendikdasmen").ask("{ enrolments { nodes { person { birthPlace motherName } } } }");
    expect(errors.length).toBeGreaterThan(0);
    expect(all).toContain("full_name");
    expect(job["manifest"].masked).toContain("nik");
  }, 30_000);

  test.each([
    ["the list of it", "bpjs-kesehatan", { dataset: "payments", format: "csv" }, 403, "FORBIDDEN"],
    ["the dataset", "bappenas", { dataset: "households", format: "csv" }, 403, "FORBIDDEN"],
    ["the filter", "bpjs-kesehatan", { dataset: "households", format: "csv", filter: { decileAtMost: 2 } }, 403, "FORBIDDEN"],
    [
      "a value of the filter that is none",
      "kemensos",
      { dataset: "enrolments", format: "csv", filter: { program: "X" } },
      400,
      "BAD_USER_INPUT",
    ],
    [
      "a name of the filter that is none",
      "kemensos",
      { dataset: "enrolments", format: "csv", filter: { nik: "1" } },
      400,
      "BAD_REQUEST",
    ],
    ["a column that is none", "kemensos", { dataset: "enrolments", format: "csv", columns: ["mother_name"] }, 400, "BAD_REQUEST"],
  ])("is refused before anything is made where it is %s", async (_, who, order, status, code) => {
    const [{ before }] = (await owner`select count(*) as before from governance.export_job`) as unknown as [Json];
    const [answered, codes] = await refused(place(who, order));
    expect([answered, codes[0]]).toEqual([status, code]);
    const [{ after }] = (await owner`select count(*) as after from governance.export_job`) as unknown as [Json];
    expect(after).toBe(before);
  });
});

test("an order that is no good is refused with everything that is wrong with it, and nothing of it is repeated", async () => {
  const answer = await place("kemensos", { dataset: "../../etc", format: "exe", note: "3510161204889001", colour: "=1+1" });
  const { errors } = (await answer.json()) as Json;
  expect([answer.status, errors[0].extensions.code]).toEqual([400, "BAD_REQUEST"]);
  for (const name of ["dataset:", "format:", "note:", "no other names"]) expect(errors[0].message).toContain(name);
  expect(errors[0].message).not.toMatch(/etc|exe|3510161204889001|=1/);
  expect(await refused(place("kemensos", "[]"))).toEqual([400, ["BAD_REQUEST"]]);
});

test("a purpose that needs a case refuses without, and the case stands in the record of every page", async () => {
  const order = { dataset: "enrolments", format: "csv", columns: ["program"], filter: { region: "3510" } };
  expect(await refused(place("bpk", order, { agreement: "PKS-2025-006" }))).toEqual([400, ["CASE_REQUIRED"]]);
  const job = await made("bpk", { ...order, caseNumber: "LHP/13/2026" }, { agreement: "PKS-2025-006" });
  const pages = (await owner`select body from entry where body like ${`%"requestId":"${job["id"]}"%`} order by id`).map(
    ({ body }) => JSON.parse(body),
  );
  const answered = pages.filter(({ status }) => status === "ANSWERED");
  expect(answered).toHaveLength(job["manifest"].receipts.count);
  expect(answered[0]).toMatchObject({
    case: "LHP/13/2026",
    receipt: job["manifest"].receipts.first,
    operation: { name: "EnrolmentsExport" },
  });
  expect(answered.every(({ subjects }) => subjects > 0)).toBe(true);
}, 30_000);

test("every download is on record with its rows and bytes, and counts nobody twice", async () => {
  const job = await made("dinsos-banyuwangi", { dataset: "households", format: "csv" });
  for (const _ of [1, 2]) {
    const answer = await fileOf("dinsos-banyuwangi", job);
    await answer.arrayBuffer();
    const [entry] =
      await owner`select body from entry where body like ${`%"receipt":"${answer.headers.get("x-receipt")}"%`} and body like '%ANSWERED%'`;
    expect(JSON.parse(entry?.["body"])).toMatchObject({
      operation: { name: "HouseholdsExportFile" },
      transferred: { rows: job["manifest"].rows, bytes: job["manifest"].bytes },
      subjects: 0,
      shown: expect.arrayContaining(["Household.region", "Region.code"]),
    });
  }
}, 30_000);

test("the quota of persons ends a job that would exceed it, and no part of its file is left", async () => {
  await renewWith(hub.urls.governance.owner, "PKS-2025-002", { quota: 150 });
  const before = files();
  const job = await vi.waitFor(() => made("bpjs-kesehatan", { dataset: "enrolments", format: "csv" }), { timeout: 10_000 });
  expect(job).toMatchObject({ state: "failed", code: "QUOTA_EXCEEDED" });
  expect([job["manifest"], job["file"]]).toEqual([undefined, undefined]);
  expect(files()).toEqual(before);
  expect(await refused(fileOf("bpjs-kesehatan", job))).toEqual([404, ["NOT_FOUND"]]);
  await renewWith(hub.urls.governance.owner, "PKS-2025-002", { quota: null });
}, 30_000);

test("a job that its gateway left is begun anew by another, and told as it is", async () => {
  const attempt = crypto.randomUUID();
  const placed = (await (await place("dinsos-banyuwangi", { dataset: "households", format: "csv" })).json()) as Json;
  await owner`update governance.export_job set state = 'running', attempt = ${attempt}, key = ${Buffer.alloc(32)},
    leased_until = clock_timestamp() - interval '1 second', attempts = 1 where id = ${placed["id"]} and state = 'queued'`;
  const job = await ended("dinsos-banyuwangi", placed["id"]);
  expect(job).toMatchObject({ state: "ready" });
  const [row] = await owner`select attempt from governance.export_job where id = ${placed["id"]}`;
  expect(row?.["attempt"]).not.toBe(attempt);
}, 30_000);

test("a client sees its own jobs, newest first, and lets go of them", async () => {
  const list = (await (await call("dinsos-banyuwangi", "")).json()) as Json;
  expect(list["exports"].length).toBeGreaterThan(1);
  expect(list["exports"].every(({ agreement }: Json) => agreement === "PKS-2025-004")).toBe(true);
  for (const { id, state } of list["exports"]) {
    expect((await call("dinsos-banyuwangi", `/${id}`, { method: "DELETE" })).status).toBe(204);
    expect((await ended("dinsos-banyuwangi", id))["state"]).toBe(state === "ready" ? "expired" : state);
  }
  const keys =
    await owner`select 1 from governance.export_job where client_id = 'dinsos-banyuwangi' and (key is not null or attempt is not null)`;
  expect([...keys]).toEqual([]);
}, 30_000);
