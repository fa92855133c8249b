import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { useHub } from "../../../kit/hub.ts";
import { asOwner } from "./kit.ts";

const hub = useHub();
const folder = mkdtempSync(join(tmpdir(), "hub-duties-"));
const AGREEMENT = "PKS-2025-002";
const bpjs = () => hub.as("bpjs-kesehatan", { agreement: AGREEMENT });

beforeAll(async () => {
  writeFileSync(join(folder, "token"), await hub.tokenOf("bpjs-kesehatan"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("through the gateway", () => {
  test("a partner asks for access, and sees what is due, but not what stewards do", async () => {
    const input = { purpose: "PBI_MEMBERSHIP", coordinates: ["Person.sex"], regions: ["0"], days: 30, justification: "uji" };
    const asked = await bpjs().ask(
      "mutation ($input: RequestAccessInput!) { requestAccess(input: $input) { state requester } }",
      {
        input,
      },
    );
    expect(asked.errors).toEqual([]);
    expect(asked.data["requestAccess"]).toEqual({ state: "OPEN", requester: "bpjs-kesehatan" });
    const mine = await bpjs().ask("{ me { agreement { reportDue suspendsOn quotaToday { used limit } } } }");
    expect(mine.errors).toEqual([]);
    expect(mine.data["me"].agreement.quotaToday).toEqual({ used: expect.any(Number), limit: 10_000 });
    const hidden = await bpjs().ask("{ glassBreaks { reason } }");
    expect([hidden.status, hidden.errors[0]?.extensions["code"]]).toEqual([400, "GRAPHQL_VALIDATION_FAILED"]);
  });

  test("a steward's report is made from what the gateway put on record", async () => {
    await bpjs().ask("{ me { client } }");
    const day = new Date(Date.now() + 7 * 60 * 60 * 1000).toISOString().slice(0, 10);
    const steward = hub.as("steward.bpjs_kesehatan");
    const { data, errors } = await steward.ask(
      "query ($agreement: ID!, $day: Date!) { semesterReport(agreement: $agreement, from: $day, to: $day) { requests coordinates { coordinate } } }",
      { agreement: AGREEMENT, day },
    );
    expect(errors).toEqual([]);
    expect(data["semesterReport"].requests).toBeGreaterThan(0);
    expect(data["semesterReport"].coordinates).toContainEqual({ coordinate: "MyAccess.client" });
  });
});

test("whom a pseudonym named again is on record like any other subject", async () => {
  const [pseudonym, subject] = [Buffer.alloc(16, 7), "5b0c3c3e-0000-4000-8000-000000000007"];
  await asOwner(
    hub.urls,
    (sql) => sql`insert into issued_pseudonym (agency_code, purpose_code, pseudonym, subject)
      values ('BPJS_KESEHATAN', 'PBI_MEMBERSHIP', ${pseudonym}, ${subject})`,
  );
  const { data, errors } = await hub
    .as("dpo.dukcapil")
    .ask(
      `mutation ($p: [ID!]!) { reidentify(agreement: "${AGREEMENT}", pseudonyms: $p, case: "LP/1", reason: "putusan") { subject } }`,
      { p: [pseudonym.toString("base64url")] },
    );
  expect(errors).toEqual([]);
  expect(data["reidentify"]).toEqual([{ subject }]);
  const [entry] = await asOwner(
    hub.urls,
    (sql) => sql`select length(subjects) as bytes from entry where body::json ->> 'status' = 'ANSWERED' order by id desc limit 1`,
  );
  expect(entry).toEqual({ bytes: 16 });
});

const cli = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, HUB_PUBLIC_URL: hub.gatewayUrl };
    const words = ["cli/hub.js", "documents", ...args, "--agreement", AGREEMENT, "--token", join(folder, "token")];
    execFile(process.execPath, words, { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
const written = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe("npx hub documents", () => {
  const GOOD = "query Siapa { me { client } }";

  test("registers a generator's manifest and a file, and lists them", async () => {
    const manifest = written("manifest.json", JSON.stringify({ "sha256:x": GOOD }));
    const file = written("wilayah.graphql", 'query Wilayah { region(code: "35") { name } }');
    const done = await cli("register", manifest, file);
    expect(done.stderr).toBe("");
    expect([done.code, done.stdout.match(/^[0-9a-f]{64} {2}in use {3}\w+$/gm)?.length]).toEqual([0, 2]);
    const listed = await cli("list");
    expect(listed.stdout.split("\n").sort()).toEqual(done.stdout.split("\n").sort());
  });

  test("says what stands in the way and registers nothing then", async () => {
    const before = (await cli("list")).stdout;
    const file = written("ibu.graphql", "query Ibu($nik: String!) { personByNik(nik: $nik) { motherName } }");
    const { code, stdout, stderr } = await cli("register", written("me.graphql", GOOD.replace("Siapa", "Lain")), file);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^hub documents: Ibu: Person\.motherName is /);
    expect((await cli("list")).stdout).toBe(before);
  });

  test.each([[["register"]], [["list", "x"]], [["register", "/nosuch.graphql"]], [["forget"]]])(
    "wrong usage (%s) ends with 2 and says what to do",
    async (args) => {
      const { code, stdout, stderr } = await cli(...args);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/^hub documents: /);
    },
  );
});
