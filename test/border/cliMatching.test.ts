import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RemoteJob } from "../../cli/remote/matching/jobs.ts";
import { proofOf } from "../../cli/remote/matching/proof.ts";
import { mustBeWhole } from "../../cli/remote/matching/tables.ts";
import type { Proven } from "../../cli/remote/receipts.ts";
import { vkeyOf } from "../../schema/record/note.ts";
import { startWorker } from "../../subgraphs/population/jobs/worker.ts";
import { useHub } from "../kit/hub.ts";
import { budi, joko, siti } from "../kit/people.ts";
import { LOG, runHub, useLog } from "../record/logKit.ts";

// Matching and linking as a partner does them: with its own token, over HTTP, at a hub it only knows the address of.

const hub = useHub();
const log = useLog(hub);
const folder = mkdtempSync(join(tmpdir(), "hub-cli-match-"));
const CLIENT = "bpjs-kesehatan";
let issuer = "";
let worker: Awaited<ReturnType<typeof startWorker>>;
let growing: NodeJS.Timeout;
beforeAll(async () => {
  issuer = String(decodeJwt(await hub.tokenOf(CLIENT)).iss);
  worker = await startWorker({ url: hub.urls.jobs ?? "", threads: 1, note: () => {} });
  growing = setInterval(() => void log.step().catch(() => {}), 100);
});
afterAll(async () => {
  clearInterval(growing);
  await worker.stop();
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);
const file = (name: string, text: string): string => {
  writeFileSync(at(name), text);
  return at(name);
};
const HEADER = "baris,NIK,Nama,Tgl Lahir,Nama Ibu\n";
const line = (id: string, { nik, fullName, birthDate, motherName }: typeof siti) =>
  `${id},${nik},${fullName},${birthDate},${motherName}\n`;
const run = (command: string, ...args: string[]) =>
  runHub([command, "--client", CLIENT, ...args], { HUB_PUBLIC_URL: hub.gatewayUrl, HUB_OIDC_ISSUER: issuer });
const KEY = ["--log-key", vkeyOf(LOG.key)];

describe("npx hub match at a hub elsewhere", () => {
  test("sends a list, waits for it, and writes results that their receipts prove; nothing of a row is told on the way", async () => {
    const list = file(
      "daftar.csv",
      `${HEADER}${line("r1", siti)}${line("r2", budi)}r3,123,TIDAK ADA,1950-01-02,X\nr4,terlalu,sedikit\n`,
    );
    const { code, out, err } = await run("match", list, "--source", "DTKS", ...KEY);
    expect([code, err]).toEqual([0, expect.stringMatching(/nik +← NIK[\s\S]*job [\da-f-]{36}\n[\s\S]*results: /)]);
    expect(err.match(/receipt [\da-f-]{36}: this answer is entry \d+ of the log, proved by the key you hold/g)).toHaveLength(1);
    expect(
      err.match(/receipt [\da-f-]{36}: an entry of the log \(\d+\), proved by the key you hold; .* the hub's word/g),
    ).toHaveLength(2);
    expect(out).toMatch(/^MATCHED +\S* +2 +first at line 2$/m);
    expect(out).toMatch(/^rows of the file +4$/m);
    const results = readFileSync(`${list}.results.csv`, "utf8");
    expect(results).toMatch(/^line,row,status,person,reasons\r\n2,r1,MATCHED,[\w-]+,/);
    expect(readFileSync(`${list}.rejects.csv`, "utf8")).toMatch(/\r\n5,RAGGED_ROW,/);
    expect(statSync(`${list}.results.csv`).mode & 0o777).toBe(0o600);
    for (const secret of [siti.nik, siti.fullName, siti.id]) expect(`${out}${err}`).not.toContain(secret);
  });

  test("goes on with a job by its id, which the list of jobs tells; another agreement's it does not know", async () => {
    const { out } = await run("match", "--list");
    const [, id = ""] = /^([\da-f-]{36}) {2}DONE .* 4 of 4 rows .* DTKS {2}daftar\.csv$/m.exec(out) ?? [];
    const again = await run("match", "--resume", id, "--out", at("again.csv"), "--rejects", at("rejects.csv"), "--json");
    expect(again.code).toBe(0);
    const report = JSON.parse(again.out); // this hub names no key of its log
    expect(report).toMatchObject({ id, state: "DONE", rows: 4, isProven: false, pending: [], unknown: report.receipts });
    expect(report.receipts).toHaveLength(2);
    expect(readFileSync(at("again.csv"), "utf8")).toBe(readFileSync(at("daftar.csv.results.csv"), "utf8"));
    const stranger = await run("match", "--resume", id, "--client", "kemensos", "--agreement", "PKS-2025-001");
    expect([stranger.code, stranger.err]).toEqual([1, expect.stringMatching(/has no job/)]);
  });

  test("shows how columns are read, and refuses what is no list, before a byte leaves", async () => {
    const before = (await run("match", "--list")).out;
    const list = file("kolom.csv", `${HEADER}${line("r1", siti)}`);
    const shown = await run("match", list, "--check");
    expect([shown.code, shown.err]).toEqual([0, expect.stringMatching(/birth +← Tgl Lahir \(YYYY-MM-DD\)/)]);
    const headless = await run("match", file("tanpa.csv", `${line("r1", siti)}${line("r2", budi)}`));
    expect([headless.code, headless.err]).toEqual([2, expect.stringMatching(/the first line holds a NIK/)]);
    expect(headless.err).not.toContain(siti.nik);
    expect((await run("match", "--list")).out).toBe(before);
  });

  test("reads the log's key before a byte leaves", async () => {
    const before = (await run("match", "--list")).out;
    const { code, err } = await run("match", file("kunci.csv", `${HEADER}${line("r1", siti)}`), "--log-key", "no key");
    expect([code, err]).toEqual([2, expect.stringMatching(/--log-key takes a verifier key/)]);
    expect((await run("match", "--list")).out).toBe(before);
  });

  test("is asked by flags alone: what is in the environment sends no list anywhere", async () => {
    const env = { HUB_PUBLIC_URL: hub.gatewayUrl, HUB_CLIENT: CLIENT, HUB_TOKEN: await hub.tokenOf(CLIENT) };
    const list = file("sini.csv", `${HEADER}${line("r1", siti)}`);
    const matched = await runHub(["match", list, "--workers", "9"], env);
    expect([matched.code, matched.err]).toEqual([2, expect.stringMatching(/whole number from 1 to 8/)]);
    const linked = await runHub(["link", file("sini.json", "{}")], env);
    expect([linked.code, linked.err]).toEqual([2, expect.not.stringMatching(/say where the clusters go/)]);
  });

  test("takes no NIK in an argument, and repeats none", async () => {
    const named = await run("match", file(`${siti.nik}.csv`, HEADER));
    expect([named.code, named.err]).toEqual([2, expect.stringMatching(/a NIK stands on the command line/)]);
    const claim = await run("match", "--claim", siti.nik);
    expect(claim.code).toBe(2);
    for (const { err, out } of [named, claim]) expect(`${err}${out}`).not.toContain(siti.nik);
  });

  test("says why the hub refuses a file, and leaves none behind", async () => {
    const list = file("ditolak.csv", `${HEADER}${line("r1", siti)}`);
    const { code, err } = await run("match", list, "--client", "kemendikdasmen");
    expect([code, err]).toEqual([1, expect.stringMatching(/FORBIDDEN|FIELD_NOT_GRANTED/)]);
    expect(existsSync(`${list}.results.csv`)).toBe(false);
  });
});

test("nothing is proved unless all is: what came without a receipt, is not in the log yet or has no key to be held against is told apart", () => {
  const seen = (id: string, proven: Proven) => ({ id, proven });
  const good = seen("a", { verdict: "PROVEN", index: 1, isByOwnKey: true, isOfAnswer: true, status: "ANSWERED" });
  const cut = seen("d", { verdict: "PROVEN", index: 2, isByOwnKey: true, isOfAnswer: true, status: "CUT" });
  const [pending, unknown] = [seen("b", { verdict: "PENDING" }), seen("c", { verdict: "UNKNOWN" })];
  const none = { isProven: false, pending: [], unknown: [] };
  expect(proofOf([good], true)).toEqual({ ...none, isProven: true, isGood: true });
  expect(proofOf([good, pending, unknown], false)).toEqual({ ...none, pending: ["b"], unknown: ["c"], isGood: true });
  for (const lacking of [null, pending, unknown, cut, seen("e", { verdict: "BAD", fault: "x" })])
    expect(proofOf([good, lacking], true), JSON.stringify(lacking)).toMatchObject({ isProven: false, isGood: false });
  for (const wrong of [cut, seen("e", { verdict: "BAD", fault: "x" })]) expect(proofOf([good, wrong], false).isGood).toBe(false);
  expect(proofOf([], true)).toMatchObject({ isProven: false, isGood: false });
});

test("a table with fewer rows than the hub has counted is not taken for whole, rejected lines neither", async () => {
  const count = (status: string | null, rows: number) => ({ status, reason: null, rows, firstLine: 2 });
  const job = { id: "x", counts: [count("MATCHED", 1), count(null, 2)] } as unknown as RemoteJob;
  const rejects = file("kurang.rejects.csv", "line,reason,column,raw\r\n5,RAGGED_ROW,,terlalu\r\n");
  await expect(mustBeWhole(job, "rejects", rejects)).rejects.toThrow("has 1 rows and the hub has counted 2");
  await mustBeWhole(job, "results", file("cukup.results.csv", "line,row,status\r\n2,r1,MATCHED\r\n"));
});

test("one person is verified element by element, with the claim out of a file", async () => {
  const { nik, fullName, birthDate } = siti;
  const asEducation = ["--client", "kemendikdasmen"];
  const right = await run(
    "match",
    ...asEducation,
    "--claim",
    file("claim.json", JSON.stringify({ nik, fullName, birthDate })),
    ...KEY,
  );
  expect([right.code, right.out], right.err).toEqual([0, expect.stringMatching(/^MATCHED {2}MATCHED\n[\s\S]*BIRTH_DATE MATCH/)]);
  expect(right.err).toMatch(/proved by the key you hold/);
  const wrong = await run(
    "match",
    ...asEducation,
    "--claim",
    file("wrong.json", JSON.stringify({ nik, birthDate: "1950-01-02" })),
  );
  expect([wrong.code, wrong.out]).toEqual([1, expect.stringMatching(/^MISMATCHED/)]);
  for (const { out, err } of [right, wrong]) expect(`${out}${err}`).not.toContain(nik);
});

test("npx hub link at a hub elsewhere: rows of one person, in one file or two, are one cluster, and a job stands for its file", async () => {
  const first = file("pkh.csv", `${HEADER}${line("a1", siti)}${line("a2", budi)}a3,123,TIDAK ADA,1950-01-02,X\n`);
  const second = file("bpnt.csv", `${HEADER}${line("b1", budi)}${line("b2", joko)}${line("b3", budi)}`);
  const out = at("clusters.csv");
  const both = await run("link", first, second, "--source", "PKH", "--out", out, "--json", ...KEY);
  expect([both.code, both.err]).toEqual([0, expect.stringContaining("proved by the key you hold")]);
  const { jobs, ...told } = JSON.parse(both.out);
  const rows = readFileSync(out, "utf8")
    .trim()
    .split("\r\n")
    .slice(1)
    .map((row) => row.split(","));
  const clusterOf = Object.fromEntries(rows.map(([name, id, cluster]) => [`${name} ${id}`, cluster]));
  expect(rows).toHaveLength(6);
  expect(clusterOf["pkh.csv a2"]).toBe(clusterOf["bpnt.csv b1"]);
  expect(clusterOf["bpnt.csv b3"]).toBe(clusterOf["bpnt.csv b1"]);
  expect(new Set(["a1", "a2", "a3"].map((id) => clusterOf[`pkh.csv ${id}`])).size).toBe(3);
  expect(told).toMatchObject({ rows: 6, linked: 3, isProven: true });
  const again = await run("link", "--resume", jobs[0], "--resume", jobs[1], "--out", at("again.clusters.csv"));
  expect([again.code, again.out]).toEqual([0, expect.stringMatching(/^6 rows, .* 3 rows linked to another\n$/)]);
  expect(readFileSync(at("again.clusters.csv"), "utf8")).toBe(readFileSync(out, "utf8"));
});
