import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { createSupergraphRuntime, type Hub } from "../../../gateway/answer.ts";
import { DATASETS } from "../../../gateway/border/export/jobs/datasets.ts";
import { orderOf } from "../../../gateway/border/export/jobs/order.ts";
import type { Page } from "../../../gateway/border/export/jobs/pages.ts";
import { rowsOf, Tally } from "../../../gateway/border/export/jobs/rows.ts";
import { run } from "../../../gateway/border/export/jobs/run.ts";
import type { Leased, Manifest } from "../../../gateway/border/export/jobs/store.ts";
import { columnsOf, openedBy, questionOf, takes } from "../../../gateway/border/export/jobs/table.ts";
import { type Attempt, SealedFile, Vault } from "../../../gateway/border/export/jobs/vault.ts";
import type { Decisions } from "../../../gateway/types/policy.ts";
import { Refusal } from "../../../schema/errors.ts";

const sdl = readFileSync("schema/supergraph.graphql", "utf8");
const transport = { send: async () => ({ failed: "SUBGRAPH_UNAVAILABLE", detail: "" }) as const, close: async () => {} };
const runtime = createSupergraphRuntime({ supergraphSdl: sdl, transport });
const { api } = runtime.supergraph;
const ALL: Decisions = { key: "all", hidden: new Set(), verdict: () => ({ effect: "allow" }), transform: (_, value) => value };

const folder = mkdtempSync(join(tmpdir(), "hub-vault-"));
const vault = new Vault(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const attempt = (): Attempt => ({ attempt: randomUUID(), key: randomBytes(32) });
const drawn = async (pieces: AsyncIterable<Uint8Array>) => {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
};

describe("a dataset", () => {
  test.each([...DATASETS])("%s asks for columns the schema has, by a question that is not too costly", async (_, dataset) => {
    const columns = columnsOf(dataset, api);
    expect(columns.map(({ name }) => name)).toEqual(Object.keys(dataset.columns));
    expect(columns.every(({ label, name }) => label !== name && label.length > 2)).toBe(true);
    const { document, variables } = questionOf({ dataset, columns, filter: null }, api, dataset.operation)(null);
    const outcome = await runtime.execute({ document, variables, decisions: ALL, deadline: performance.now() + 1000 });
    expect(outcome.kind === "answered" ? outcome.denied : outcome).toEqual([]);
  });

  test("keeps codes and NIK as text and amounts as rupiah", () => {
    const types = [...DATASETS.values()]
      .flatMap((dataset) => columnsOf(dataset, api))
      .map(({ name, type }) => [name, type] as const);
    for (const [name, type] of types)
      if (["nik", "region", "claimed_nik", "suffix", "person", "period"].includes(name))
        expect([name, type]).toEqual([name, "text"]);
    expect(Object.fromEntries(types)).toMatchObject({
      amount: "rupiah",
      monthly_income: "rupiah",
      decile: "integer",
      member_count: "integer",
    });
  });

  test("leaves out what one coordinate on its way closes, and does not name what is hidden", () => {
    const dataset = DATASETS.get("enrolments");
    if (!dataset) throw new Error("enrolments");
    const decisions: Decisions = {
      ...ALL,
      hidden: new Set(["Person.nik"]),
      verdict: (one) => (one === "Enrolment.program" ? { effect: "deny", code: "FIELD_NOT_GRANTED" } : { effect: "allow" }),
    };
    const { open: opened, denied } = openedBy(decisions, columnsOf(dataset, api));
    expect(denied.map(({ name }) => name)).toEqual(["program"]);
    expect(opened.map(({ name }) => name)).toEqual(
      Object.keys(dataset.columns).filter((name) => !["program", "nik"].includes(name)),
    );
  });

  test("takes its list's filter, or its arguments where it has none, but no paging", () => {
    const [enrolments, meals] = [DATASETS.get("enrolments"), DATASETS.get("meal_aids")];
    if (!enrolments || !meals) throw new Error("datasets");
    expect([takes(enrolments, { program: "PKH", region: "3510" }, api), takes(enrolments, { first: 1 }, api)]).toEqual([
      true,
      false,
    ]);
    expect([takes(meals, { region: "3510" }, api), takes(meals, { after: "x" }, api), takes(meals, { first: 9 }, api)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("rows of pages", () => {
  const page = (nodes: Page["nodes"]): Page => ({
    nodes,
    persons: [],
    transformed: [],
    inSomeRows: [],
    restrictedRows: 0,
    receipt: "r",
  });
  const payments = DATASETS.get("payments");
  const told = async (nodes: Page["nodes"], most = 100) => {
    if (!payments) throw new Error("payments");
    const columns = columnsOf(payments, api).filter(({ name }) => ["enrolment", "period"].includes(name));
    const tally = new Tally();
    const rows: unknown[] = [];
    const pages = (async function* () {
      yield page(nodes);
    })();
    for await (const row of rowsOf(pages, { dataset: payments, columns }, { tally, most })) rows.push(row);
    return { rows, tally };
  };

  test("stand once for each item, none for an empty list, and once with nothing for a list that may not be told", async () => {
    const { rows } = await told([
      { id: "a", payments: [{ period: "2026-Q2" }, { period: "2026-Q1" }] },
      { id: "b", payments: [] },
      { id: "c", payments: null },
    ]);
    expect(rows).toEqual([
      ["a", "2026-Q2"],
      ["a", "2026-Q1"],
      ["c", null],
    ]);
  });

  test("of a list that is as long as may be asked for are told as perhaps not all", async () => {
    const full = Array.from({ length: 24 }, (_, n) => ({ period: `${n}` }));
    expect(
      (
        await told([
          { id: "a", payments: full },
          { id: "b", payments: full.slice(1) },
        ])
      ).tally.fullNodes,
    ).toBe(1);
  });

  test("that are too many end in a refusal, not in a shorter table", async () => {
    const nodes = [{ id: "a", payments: [{ period: "1" }, { period: "2" }, { period: "3" }] }];
    await expect(told(nodes, 2)).rejects.toMatchObject({ failures: [{ code: "PAYLOAD_TOO_LARGE" }] });
    expect((await told(nodes, 3)).rows).toHaveLength(3);
  });
});

describe("a sealed file", () => {
  test("holds any bytes, however they came", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 70_000 }), { maxLength: 6 }), async (sizes) => {
        const one = attempt();
        const pieces = sizes.map((size) => randomBytes(size));
        const file = await vault.create(one, "rows");
        for (const piece of pieces) await file.write(piece);
        await file.end();
        await file.close();
        expect((await drawn(vault.open(one, "rows"))).equals(Buffer.concat(pieces))).toBe(true);
        await vault.remove(one.attempt);
      }),
      { numRuns: 30 },
    ));

  test("opens with no other key, nor as the other of its two files, and not before it is whole", async () => {
    const one = attempt();
    const file = await vault.create(one, "rows");
    await file.write(randomBytes(200_000));
    await expect(drawn(vault.open(one, "rows"))).rejects.toThrow();
    await file.end();
    await file.close();
    await expect(drawn(vault.open({ ...one, key: randomBytes(32) }, "rows"))).rejects.toThrow();
    await expect(drawn(vault.open(one, "persons"))).rejects.toThrow();
    expect((await drawn(vault.open(one, "rows"))).length).toBe(200_000);
    expect(statSync(join(folder, `${one.attempt}.rows`)).mode & 0o777).toBe(0o600);
  });

  test("is not written over, and a disk that is full is told", async () => {
    const one = attempt();
    await (await vault.create(one, "rows")).close();
    await expect(vault.create(one, "rows")).rejects.toMatchObject({ code: "EEXIST" });
    const full = new SealedFile(await open("/dev/full", "w"), { kind: "rows", key: one.key });
    await expect(full.write(randomBytes(100_000))).rejects.toMatchObject({ code: "ENOSPC" });
    await full.close();
  });
});

describe("a job", () => {
  const hub = { supergraph: runtime.supergraph } as unknown as Hub;
  const written = { guard: false };
  const placed = { id: randomUUID(), client: "kemensos", officer: null, agreement: "PKS-2025-001", version: 1 };
  const wanted = {
    name: "enrolments",
    format: "jsonl",
    filter: null,
    columns: ["enrolment", "nik"],
    denied: ["program"],
    written,
  } as const;
  const leased = (more: Partial<Leased["wanted"]> = {}): Leased => ({
    ...{ ...placed, caseNumber: null, note: null, address: "127.0.0.1" },
    ...{ wanted: { ...wanted, ...more }, ...attempt() },
  });
  const pageOf = (from: number, count: number): Page => ({
    nodes: Array.from({ length: count }, (_, n) => ({ id: `e${from + n}`, person: { nik: "3510161204889001" } })),
    persons: [randomUUID()],
    ...{ transformed: ["Person.nik"], inSomeRows: [], restrictedRows: 0, receipt: `r${from}` },
  });
  const ending = () => {
    const ends: unknown[] = [];
    const jobs = {
      renew: async () => true,
      ready: async (_: string, manifest: Manifest) => ends.push(manifest) > 0,
      failed: async (_: string, code: string) => void ends.push(code),
      release: async () => void ends.push("released"),
    };
    return { ends, jobs };
  };

  test("ends with a manifest that fits its file", async () => {
    const { ends, jobs } = ending();
    const job = leased();
    const pages = async function* () {
      yield pageOf(0, 3);
      yield pageOf(3, 2);
    };
    await run(job, { hub, jobs, vault, signal: new AbortController().signal, pages });
    const text = (await drawn(vault.open(job, "rows"))).toString();
    expect(text.split("\n")[4]).toBe('{"enrolment":"e4","nik":"3510161204889001"}');
    expect((await drawn(vault.open(job, "persons"))).length).toBe(32);
    expect(ends).toEqual([
      expect.objectContaining({ rows: 5, bytes: text.length, masked: ["nik"], denied: ["program"], truncated: false }),
    ]);
    expect(ends[0]).toMatchObject({ receipts: { first: "r0", last: "r3", count: 2 } });
  });

  const FAULTS: readonly (readonly [string, unknown, unknown])[] = [
    ["a refusal", new Refusal({ code: "AGREEMENT_SUSPENDED" }), "AGREEMENT_SUSPENDED"],
    ["a quota", new Refusal({ code: "QUOTA_EXCEEDED" }), "QUOTA_EXCEEDED"],
    ["a disk that is full", Object.assign(new Error("no space"), { code: "ENOSPC" }), "INTERNAL_SERVER_ERROR"],
  ];
  test.each(FAULTS)("that meets %s in the middle fails with it and leaves no file", async (_, fault, code) => {
    const { ends, jobs } = ending();
    const job = leased();
    const pages = async function* () {
      yield pageOf(0, 3);
      throw fault;
    };
    const ran = run(job, { hub, jobs, vault, signal: new AbortController().signal, pages });
    if (fault instanceof Refusal) await ran;
    else await expect(ran).rejects.toBe(fault); // somebody has to see to it
    expect(ends).toEqual([code]);
    expect(readdirSync(folder).filter((name) => name.startsWith(job.attempt))).toEqual([]);
  });

  test("whose gateway closes is given back, and one that nobody wants any more leaves no file", async () => {
    const { ends, jobs } = ending();
    const [closing, job, other] = [new AbortController(), leased(), leased()];
    const pages = async function* () {
      yield pageOf(0, 3);
      closing.abort();
      yield pageOf(3, 3);
    };
    await run(job, { hub, jobs, vault, signal: closing.signal, pages });
    expect(ends).toEqual(["released"]);
    const gone = { ...jobs, ready: async () => false };
    const short = async function* () {
      yield pageOf(0, 1);
    };
    await run(other, { hub, jobs: gone, vault, signal: new AbortController().signal, pages: short });
    expect(readdirSync(folder).filter((name) => [job, other].some((one) => name.startsWith(one.attempt)))).toEqual([]);
  });
});

describe("an order", () => {
  const faultsOf = (body: unknown) => {
    try {
      return orderOf(typeof body === "string" ? body : JSON.stringify(body));
    } catch (error) {
      return (error as Refusal).failures[0]?.detail;
    }
  };

  test("is read with what it leaves open", () => {
    expect(faultsOf({ dataset: "members", format: "xlsx", columns: null })).toMatchObject({
      ...{ name: "members", format: "xlsx", filter: null, columns: null, caseNumber: null, note: null },
      written: { guard: null },
    });
  });

  test.each([
    [{ dataset: "__proto__", format: "csv" }, "dataset:"],
    [{ dataset: ["members"], format: "csv" }, "dataset:"],
    [{ dataset: "members", format: "toString" }, "format:"],
    [{ dataset: "members", format: "csv", columns: [] }, "columns:"],
    [{ dataset: "members", format: "csv", columns: ["nik", "nik"] }, "columns:"],
    [{ dataset: "members", format: "csv", filter: [] }, "filter:"],
    [{ dataset: "members", format: "csv", note: "NIK 3510-1612-0488-9001" }, "note:"],
    [{ dataset: "members", format: "csv", note: "a\nb" }, "note:"],
    [{ dataset: "members", format: "csv", separator: "|" }, "separator:"],
    [{ dataset: "members", format: "csv", hasOwnProperty: 1 }, "no other names"],
    ["nothing", "JSON object"],
    ["null", "JSON object"],
  ])("such as %j is refused in words", (body, words) => {
    expect(faultsOf(body)).toContain(words);
  });
});
