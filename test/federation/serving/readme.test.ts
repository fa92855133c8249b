import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePorts } from "../../kit/vitest/ports.ts";

// The README and its long tour, run as they are printed: npm start's command, then its shell lines. Only what a reader waits for is here asked for until it is so.

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "hub-readme-"));
const README = `${readFileSync("README.md", "utf8")}\n${readFileSync("docs/tour.md", "utf8")}`;
const shell = (containing: string) =>
  [...README.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = ""]) => text).find((text) => text.includes(containing)) ?? "";

let env: NodeJS.ProcessEnv;
let banner = "";
let hub: ReturnType<typeof spawn>;

beforeAll(async () => {
  const [gateway, population, welfare, programs, governance, banyuwangi, statistics, issuer, log, postgres] = await freePorts(10);
  env = {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    HUB_DATA_DIR: folder,
    HUB_PORT: String(gateway),
    HUB_PORT_POPULATION: String(population),
    HUB_PORT_WELFARE: String(welfare),
    HUB_PORT_PROGRAMS: String(programs),
    HUB_PORT_GOVERNANCE: String(governance),
    HUB_PORT_BANYUWANGI: String(banyuwangi),
    HUB_PORT_STATISTICS: String(statistics),
    HUB_ISSUER_PORT: String(issuer),
    HUB_LOG_PORT: String(log),
    HUB_PG_PORT: String(postgres),
    HUB_HOUSEHOLDS: "120",
  };
  hub = spawn(process.execPath, ["cli/hub.js", "start"], { env, stdio: ["ignore", "pipe", "pipe"] });
  await new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      banner += chunk;
      if (banner.includes("docs/questions/households.graphql")) resolve();
    };
    hub.stdout?.on("data", listen);
    hub.stderr?.on("data", listen);
    hub.once("exit", (code) => reject(new Error(`npm start ended with ${code}: ${banner}`)));
  });
}, 180_000);
afterAll(async () => {
  const ended = new Promise((resolve) => hub.once("exit", resolve));
  hub.kill("SIGINT");
  expect(await ended).toBe(0);
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the README's lines on this hub's ports, as a reader would; `npx hub` is the package's own command. */
async function bash(lines: string, ...waits: string[]): Promise<string> {
  const here = lines
    .replaceAll(/127\.0\.0\.1:4000\b/g, `127.0.0.1:${env["HUB_PORT"]}`)
    .replaceAll(/127\.0\.0\.1:4006\b/g, `127.0.0.1:${env["HUB_LOG_PORT"]}`)
    .replaceAll("/tmp/record", join(folder, "record"))
    .replaceAll("--max-time 5", "--max-time 1")
    .replaceAll("npx hub token", "token_of")
    .replaceAll("npx hub", `${process.execPath} cli/hub.js`)
    .replaceAll(/^sleep \d+/gm, () => `until_so '${waits.shift()}'`);
  return (await run("bash", ["-euc", TOLD + here], { env: { ...env, TOKENS: folder }, maxBuffer: 10_000_000 })).stdout;
}

/** A token is asked for once and kept for two of its five minutes; what is waited for is asked for in place of a sleep that is long enough for anybody. */
const TOLD = `
token_of() { local kept="$TOKENS/token-$*"
  [ -n "$(find "$kept" -mmin -2 -size +0 2>/dev/null || true)" ] || ${process.execPath} cli/hub.js token "$@" > "$kept"
  cat "$kept"; }
until_so() { for _ in $(seq 60); do if eval "$1"; then return; fi; command sleep 0.5; done; echo "waited in vain for: $1" >&2; return 1; }
`;

test("the README's question, asked by its own shell lines, gives five different answers", async () => {
  const lines = shell("ask()");
  const definition = lines.slice(0, lines.indexOf("\nask kemensos"));
  const clients = [...lines.matchAll(/^ask ([\w-]+)/gm)].map(([, client = ""]) => client);
  expect(clients).toEqual(["kemensos", "bpjs-kesehatan", "kemendikdasmen", "dinsos-banyuwangi", "bappenas"]);
  const answers: string[] = [];
  for (const client of clients) {
    const { data, extensions } = JSON.parse(await bash(`${definition}\nask ${client}`));
    expect(extensions.governance.receipt.leaf).toMatch(/^[0-9a-f]{64}$/);
    answers.push(JSON.stringify(data));
  }
  expect(new Set(answers).size).toBe(5);
});

test("the README's lines for the auditor with two agreements and a case number work", async () => {
  const { data } = JSON.parse(await bash(shell("hub-case")));
  expect(data.me.agreement.number).toBe("PKS-2025-006");
});

test("the tour's agreement is drafted, signed by every owner, in force, stopped by one and resumed by another", async () => {
  const told = await bash(shell("act()"), 'act bpjs-kesehatan "{ me { client } }" | grep -q AGREEMENT_SUSPENDED');
  expect(
    [...told.matchAll(/"state":"(\w+)"/g)].map(([, state]) => state).filter((state, n, all) => state !== all[n - 1]),
  ).toEqual([...["DRAFT", "IN_REVIEW", "APPROVED", "ACTIVE", "SUSPENDED", "ACTIVE"]]);
  expect(told).toContain('"code":"AGREEMENT_SUSPENDED"');
  expect(told).not.toMatch(/"code":"(?:CONFLICT|FORBIDDEN|BAD_USER_INPUT)"/);
});

/** The README's own definition of `act`. */
const acting = (): string =>
  shell("act()")
    .split("\n")
    .filter((line) => /^(export|act\(\)| {2}-d)/.test(line))
    .slice(0, 3)
    .join("\n");

test("the README's household is proposed, matched and determined, each line by another officer", async () => {
  const told = await bash(
    `${acting()}\n${shell("asked()")}`,
    `act verifikator.dinsos_banyuwangi "{ proposals(filter: { state: MATCHED }) { nodes { id } } }" | grep -q "nodes.:.{"`, // a receipt has an id, too
    `act bappenas "{ determinations(basis: DTSEN) { nodes { month decreeNumber } } }" | grep -q 1/HUK/`,
  );
  expect(told).not.toContain('"errors"');
  expect(told).toContain('"candidates":[{"matchStatus":"MATCHED"}]');
  expect(told).toContain(`1/HUK/`);
  expect(told).toMatch(/"state":"DETERMINED","history":/);
  expect(told).toMatch(/"members":\[\{"suffix":"01","firstDecree":"1\/HUK\/\d{4}"\}\]/);
}, 120_000);

test("the README's seats are allotted, filled and signed, and a payment is traced", async () => {
  const told = await bash(
    `${acting()}\n${shell("seen()")}`,
    `act direktur.kemensos "{ selection(id: \\"$(echo "$S" | grep -o "[0-9a-f-]\\{36\\}")\\") { state } }" | grep -q READY`,
    `act program.kemensos "{ enrolments(first: 1, filter: { region: \\"3510\\" }) { nodes { id } } }" | grep -q "nodes.:.{"`, // a receipt has an id, too
  );
  expect(told).not.toContain('"errors"');
  expect(told).toContain('"amount":"1483333"');
  expect(told).toMatch(/"state":"IN_FORCE","seats":300/);
  expect(told).toMatch(/"state":"READY","selected":\d+,"waiting":\d+,"hash":"[0-9a-f]{64}"/);
  expect(told).toContain('"state":"SIGNED"');
  expect(told).toMatch(/"sentence":\{"indonesian":"Bantuan PKH periode 2026-Q3/);
  expect(told).toMatch(/"family":\{"aid":\{"members":\d+/);
}, 120_000);

test("the README's figures are asked for, refused to whom they are not for, and come as files, open data and rows", async () => {
  const told = await bash(`${acting()}\n${shell("FIGURES=")}`);
  expect(told).toContain('"code":"COVERAGE","owner":"KEMENSOS"');
  expect(told).toMatch(/"key":\["PKH","\*","ENTITLED_SERVED"\]/);
  expect(told.match(/USE_NOT_GRANTED/g)).toHaveLength(1);
  expect(told).toContain("Bulan,Kode wilayah,Program,Penyaluran,");
  expect(told).toContain('"sex":"FEMALE"');
  expect(told).toContain('"@type":"dcat:Catalog"');
  expect(told).toContain('"user":"hub_bi_bappenas"');
  expect(told).toMatch(/COVERAGE \d{4}-\d{2}: open, .* release 1 in force/);
  expect(told).toContain('"state":"queued","dataset":"households"');
}, 120_000);

test("the README's partner who speaks no GraphQL is answered in REST, in Dukcapil's words, in rows and in metadata", async () => {
  const told = await bash(shell("BEARER="));
  expect(told).toMatch(/^\{"households":\{"nodes":\[\{"id"/);
  expect(told).toContain('"level":"REGENCY"');
  expect(told).toContain('"quotaLimiter":null');
  expect(told).toMatch(/^\d+ paths$/m);
  expect(told).toContain('"concept":"Rumah tangga"');
  expect(told).toContain("kemendagri,bps,level,name");
  expect(told).toContain("PKS-2025-002");
});

test("the README's citizen reads who saw their data, restricts it, and the record verifies from an export", async () => {
  const told = await bash(`${acting()}\n${shell("mine()")}`);
  expect(told).toContain("dataSubject");
  expect(told).toMatch(/HSD-\d{4}-\d{6}/);
  expect(told).toMatch(/"fullName":null.*"restrictedRows":1/);
  expect(told).toContain("hub.example/record");
  expect(told).not.toContain('"errors"');
});

test("every curl of the banner works as printed", async () => {
  const curls = banner.split("\n").filter((line) => line.trim().startsWith("curl"));
  expect(curls).toHaveLength(3);
  for (const line of curls) expect(JSON.parse(await bash(line)).data.me.agreement.number).toMatch(/^PKS-/);
});
