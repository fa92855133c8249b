import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLogConfig } from "../../cli/record/settings.ts";
import { createIntegrator } from "../../drizzle/record/integrate.ts";
import { signerOf } from "../../schema/policy/keys.ts";
import { parseCheckpoint } from "../../schema/record/checkpoint.ts";
import { noteKey, signLine, vkeyOf } from "../../schema/record/note.ts";
import { useDatabases } from "../kit/database.ts";
import { integrateAll, runHub, tampering, useLog } from "./logKit.ts";

// The commands as an auditor runs them: an export is made on the hub's machine, everything else happens without it.

const hub = useDatabases({ empty: true });
const log = useLog(hub);
const folder = mkdtempSync(join(tmpdir(), "hub-verify-"));
const exported = join(folder, "export");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const here = () => ({ HUB_DATABASE_URL_LOG: hub.urls.log ?? "" });
const { by } = readLogConfig({ HUB_ENV: "dev" });
const witness = signerOf("test key of a witness, 32 characters", "witness");
const seal = noteKey(witness, "witness.example/1", "COSIGNATURE");

beforeAll(async () => {
  const integrator = createIntegrator(log.sql, by);
  await log.write(300);
  await integrateAll(log.sql, integrator);
  await log.write(50, { status: "INTENDED" });
  await integrateAll(log.sql, integrator);
  const [row] = await log.sql<{ note: string }[]>`select note from governance.checkpoint order by size desc limit 1`;
  const line = signLine(parseCheckpoint(row?.note ?? "").note.text, { signer: witness, key: seal, at: new Date() });
  await log.sql`insert into governance.cosignature (size, witness, line) values (350, ${seal.name}, ${line})`;
  expect(await runHub(["record", "export", exported], here())).toMatchObject({ code: 0, out: "" });
});

test("an export is the layout everybody's tools read", async () => {
  const files = ["checkpoint", "checkpoints/300", "checkpoints/350", "tile/0/000", "tile/0/001.p/94", "tile/1/000.p/1", "keys"];
  for (const file of [...files, "tile/entries/000", "tile/entries/001.p/94", "tags/000"])
    expect(existsSync(join(exported, file)), file).toBe(true);
  expect(readFileSync(join(exported, "tile/0/000"))).toHaveLength(8192);
  const bundle = readFileSync(join(exported, "tile/entries/000"));
  expect(JSON.parse(bundle.toString("utf8", 2, 2 + bundle.readUInt16BE()))).toMatchObject({ v: 2 });
  expect(await runHub(["record", "export", exported], here())).toMatchObject({ code: 1 });
});

test("it verifies on a machine without database: with a word on the key it carries, and on whom nobody stands behind", async () => {
  const bare = await runHub(["verify", exported]);
  expect(bare).toMatchObject({ code: 0, err: expect.stringContaining("name the log's with --key") });
  expect(bare.out).toContain("350 records; signed by the log up to 350; all as they were signed");
  expect(bare.out).toContain("no witness stands behind it");
  expect(bare.out).toContain("50 requests were announced and have no outcome");
  const { stdout: key } = { stdout: (await runHub(["record", "key"])).out.trim() };
  const named = await runHub(["verify", exported, "--key", key, "--witness", vkeyOf(seal)]);
  expect(named).toMatchObject({ code: 0, err: "" });
  expect(named.out).toContain("a witness stands behind the first 350 records");
});

test("one byte changed in it is found, and another log's key fits nothing", async () => {
  const copy = join(folder, "copy");
  cpSync(exported, copy, { recursive: true });
  const path = join(copy, "tile/entries/001.p/94");
  const bundle = readFileSync(path);
  bundle[bundle.indexOf("INTENDED")] = "i".charCodeAt(0);
  writeFileSync(path, bundle);
  const found = await runHub(["verify", copy]);
  expect(found.code).toBe(1);
  expect(found.out).toMatch(/^ALTERED: record 300 \(receipt [\da-f-]{36}, 20/);
  const other = vkeyOf(noteKey(signerOf("another key of 32 characters or so", "log"), by.key.name, "ED25519"));
  const unknown = await runHub(["verify", exported, "--key", other]);
  expect([unknown.code, unknown.out]).toEqual([1, expect.stringMatching(/^FORGED: one of records 0 to 299/)]);
});

test("a checkpoint kept from another day shows what was cut off", async () => {
  const kept = join(folder, "kept");
  cpSync(join(exported, "checkpoints/350"), kept);
  const cut = join(folder, "cut");
  cpSync(exported, cut, { recursive: true });
  for (const file of ["checkpoints/350", "tile/entries/001.p", "tags/001.p", "tile/0/001.p"])
    rmSync(join(cut, file), { recursive: true });
  const [entries, tags] = ["tile/entries", "tags"].map((kind) => readFileSync(join(exported, `${kind}/001.p/94`))) as [
    Buffer,
    Buffer,
  ];
  const first = (file: Buffer, count: number, head: number) => {
    let at = 0;
    for (let n = 0; n < count; n++) at += head + file.readUIntBE(at, head);
    return file.subarray(0, at);
  };
  for (const [path, bytes] of [
    ["tile/entries/001.p/44", first(entries, 44, 2)],
    ["tags/001.p/44", first(tags, 44, 4)],
    ["tile/0/001.p/44", readFileSync(join(exported, "tile/0/001.p/94")).subarray(0, 44 * 32)],
  ] as const) {
    mkdirSync(join(cut, path, ".."), { recursive: true });
    writeFileSync(join(cut, path), bytes);
  }
  expect(await runHub(["verify", cut])).toMatchObject({ code: 0 });
  const found = await runHub(["verify", cut, "--checkpoint", kept]);
  expect([found.code, found.out]).toEqual([1, expect.stringMatching(/^TRUNCATED: one of records 300 to 349/)]);
});

test("the database is verified by the same rules", async () => {
  expect(await runHub(["verify"], here())).toMatchObject({ code: 0, err: "" });
  await tampering(
    hub.urls.log ?? "",
    (sql) => sql`delete from governance.entry where id = (select entry_id from governance.tree_entry where index = 77)`,
  );
  const found = await runHub(["verify"], here());
  expect([found.code, found.out]).toEqual([1, expect.stringMatching(/^DELETED: record 77 /)]);
});

test("a version of an agreement beside the record is checked by its signatures", async () => {
  const copy = join(folder, "with-policy");
  cpSync(exported, copy, { recursive: true });
  mkdirSync(join(copy, "policy"));
  writeFileSync(join(copy, "policy", "forged.json"), "{}");
  const found = await runHub(["verify", copy]);
  expect([found.code, found.out]).toEqual([1, expect.stringContaining("POLICY: forged.json: ")]);
});

test.each([[["verify", "a", "b"]], [["record"]], [["record", "export"]], [["record", "key", "x"]], [["log", "x"]]])(
  "wrong usage (%j) ends with 2",
  async (args) => expect((await runHub(args)).code).toBe(2),
);
