import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderCopy, writeFolder } from "../../cli/record/folder.ts";
import { databaseCopy } from "../../drizzle/record/copy.ts";
import { newestCheckpoint, type Transaction } from "../../drizzle/record/reads.ts";
import { signerOf } from "../../schema/policy/keys.ts";
import { parseCheckpoint, signCheckpoint } from "../../schema/record/checkpoint.ts";
import { RightEdge } from "../../schema/record/edge.ts";
import { leafHash } from "../../schema/record/leaf.ts";
import { noteKey, signLine } from "../../schema/record/note.ts";
import { type Findings, faultLine } from "../../schema/record/verify/findings.ts";
import type { Trust } from "../../schema/record/verify/states.ts";
import { verifyLog } from "../../schema/record/verify/verifyLog.ts";
import { asServer, useDatabases } from "../kit/database.ts";
import { LOG, useLog } from "./logKit.ts";

// Whoever runs the database server can switch every trigger off and change every row. What they cannot do is sign.

const hub = useDatabases({ empty: true });
const log = useLog(hub);
const folder = mkdtempSync(join(tmpdir(), "hub-record-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Checkpoints at 300, 500 and 600 as readers kept them. */
const kept: { name: string; note: string }[] = [];
let receipts: readonly string[] = [];
beforeAll(async () => {
  for (const count of [300, 200, 100]) {
    await log.write(count);
    await log.integrate();
    kept.push({ name: `the copy at the agency (${count})`, note: (await newestCheckpoint(log.sql))?.note ?? "" });
  }
  receipts = await log.places();
});

let exports = 0;
/** What the verifier finds after a change, in the database and in an export of it; then the change is undone. */
async function tampered(
  change: (tx: Transaction) => Promise<unknown>,
  trust: Partial<Trust> = {},
  now?: Date,
): Promise<Findings> {
  const whom: Trust = { log: LOG.key, witnesses: [], kept: [], ...trust };
  const found: { here?: Findings; exported?: Findings } = {};
  await asServer(hub.urls.log ?? "", async (sql) => {
    const undone = new Error("undone");
    await sql
      .begin(async (tx) => {
        await tx`set local session_replication_role = replica`;
        await tx`alter table governance.entry drop constraint entry_leaf_is_of_body`;
        await change(tx);
        found.here = await verifyLog(databaseCopy(tx), whom, now);
        const path = join(folder, String(exports++));
        await writeFolder(path, databaseCopy(tx), [LOG.key]);
        found.exported = await verifyLog(folderCopy(path), whom, now);
        throw undone;
      })
      .catch((error: unknown) => {
        if (error !== undone) throw error;
      });
  });
  if (!found.here) throw new Error("nothing was verified");
  const shared = found.here.faults.filter(({ kind }) => kind !== "MISFILED" && kind !== "INDEX");
  expect(found.exported?.faults.map(faultLine), "the export says what the database says of what it carries").toEqual(
    shared.map(faultLine),
  );
  return found.here;
}

const entryAt = (tx: Transaction, index: number) => tx`select entry_id from governance.tree_entry where index = ${index}`;
const alterBody = (tx: Transaction, index: number) =>
  tx`update governance.entry set body = replace(body, 'ANSWERED', 'FORBIDDEN') where id = (${entryAt(tx, index)})`;
const alterLeaf = (tx: Transaction, index: number) =>
  tx`update governance.entry set leaf = sha256('\\x00'::bytea || convert_to(body, 'UTF8')) where id = (${entryAt(tx, index)})`;

/** Rebuilds all tiles and roots from what the bodies are now, as a thorough forger would. `sign` makes the notes anew. */
async function rebuild(tx: Transaction, sign?: (size: number, root: Buffer, old: string) => string): Promise<void> {
  const rows = await tx<
    { body: string }[]
  >`select e.body from governance.tree_entry t join governance.entry e on e.id = t.entry_id order by index`;
  const states = await tx<{ size: string; note: string }[]>`select size, note from governance.checkpoint`;
  const edge = RightEdge.empty();
  for (const { body } of rows) {
    edge.append(leafHash(body));
    const state = states.find(({ size }) => Number(size) === edge.size);
    if (!state) continue;
    const note = sign?.(edge.size, edge.root(), state.note) ?? state.note;
    await tx`update governance.checkpoint set root = ${edge.root()}, note = ${note} where size = ${edge.size}`;
  }
  for (const { level, n, hashes } of [...edge.takeFilled(), ...edge.partial()])
    await tx`insert into governance.tile (level, n, hashes) values (${level}, ${n}, ${hashes})
      on conflict (level, n) do update set hashes = excluded.hashes`;
}

const signedAnew = (size: number, root: Buffer) => signCheckpoint({ origin: LOG.key.name, size, root }, LOG);
const named = ({ faults }: Findings) => faults.map(({ kind, first, before }) => [kind, first?.index, before ?? undefined]);

describe("the verifier", () => {
  test("finds nothing in a record nobody touched, and says that no witness stands behind it", async () => {
    const { faults, size, signed, cosigned, pruned } = await tampered(async () => {}, { kept });
    expect([faults, size, signed, cosigned, pruned]).toEqual([[], 600, 600, 0, 0]);
  });

  test("names a record whose text was changed, by place, receipt and time", async () => {
    const found = await tampered((tx) => alterBody(tx, 420));
    expect(named(found)).toEqual([["ALTERED", 420, undefined]]);
    expect(found.faults[0]?.first?.receipt).toBe(receipts[420]);
    expect(faultLine(found.faults[0] as never)).toMatch(
      new RegExp(`^ALTERED: record 420 \\(receipt ${receipts[420]}, 20\\d\\d-.*Z\\)`),
    );
  });

  test("names the first of several, and each of them", async () => {
    const found = await tampered(async (tx) => {
      for (const index of [599, 0, 256]) await alterBody(tx, index);
    });
    expect(named(found).map(([, index]) => index)).toEqual([0, 256, 599]);
  });

  test("is not taken in by a leaf that was changed with the text", async () => {
    const found = await tampered(async (tx) => {
      await alterBody(tx, 420);
      await alterLeaf(tx, 420);
    });
    expect(named(found)).toEqual([["ALTERED", 420, undefined]]);
  });

  test("is not taken in by a tile that was changed with text and leaf: the signed roots say between which", async () => {
    const found = await tampered(async (tx) => {
      await alterBody(tx, 420);
      await alterLeaf(tx, 420);
      await tx`update governance.tile t set hashes = overlay(hashes placing e.leaf from ${(420 - 256) * 32 + 1}::int)
        from governance.entry e where t.level = 0 and t.n = 1 and e.id = (${entryAt(tx, 420)})`;
    });
    expect(named(found)).toEqual([
      ["REWRITTEN", 300, 500],
      ["TILE", 256, 512],
    ]);
    expect(found.faults[0]?.first?.receipt).toBe(receipts[300]);
  });

  test("is not taken in by a tree that was rebuilt up to its roots: they were signed", async () => {
    const found = await tampered(async (tx) => {
      await alterBody(tx, 420);
      await alterLeaf(tx, 420);
      await rebuild(tx);
    });
    expect(named(found)).toEqual([["REWRITTEN", 300, 500]]);
  });

  test("is not taken in by roots written into the notes: nobody else can sign them", async () => {
    const found = await tampered(async (tx) => {
      await alterBody(tx, 420);
      await alterLeaf(tx, 420);
      await rebuild(tx, (_, root, old) => old.replace(/^(.*\n.*\n).*\n/, `$1${root.toString("base64")}\n`));
    });
    expect(named(found)).toEqual([["FORGED", 300, 500]]);
    const other = signerOf("another key, of 32 characters or so", "log");
    const by = { signer: other, key: noteKey(other, LOG.key.name, "ED25519") };
    const resigned = await tampered((tx) =>
      rebuild(tx, (size, root) => signCheckpoint({ origin: LOG.key.name, size, root }, by)),
    );
    expect(named(resigned)).toEqual([["FORGED", 0, 300]]);
  });

  test("names a record that was deleted", async () => {
    const found = await tampered((tx) => tx`delete from governance.entry where id = (${entryAt(tx, 420)})`);
    expect(named(found)).toEqual([["DELETED", 420, undefined]]);
    const whole = await tampered(async (tx) => {
      await tx`delete from governance.entry where id = (${entryAt(tx, 300)})`;
      await tx`delete from governance.tree_entry where index = 300`;
    });
    expect(named(whole)).toEqual([["DELETED", 300, undefined]]);
  });

  test("names the first record after one was deleted and the rest moved up", async () => {
    const found = await tampered(async (tx) => {
      await tx`delete from governance.tree_entry where index = 420`;
      await tx`update governance.tree_entry set index = -index where index > 420`;
      await tx`update governance.tree_entry set index = -index - 1 where index < 0`;
    });
    expect(found.faults[0]).toMatchObject({ kind: "ALTERED", first: { index: 420, receipt: receipts[421] } });
  });

  test("names records that changed places", async () => {
    const found = await tampered(async (tx) => {
      await tx`update governance.tree_entry set index = -1 where index = 10`;
      await tx`update governance.tree_entry set index = 10 where index = 11`;
      await tx`update governance.tree_entry set index = 11 where index = -1`;
    });
    expect(named(found)).toEqual([
      ["ALTERED", 10, undefined],
      ["ALTERED", 11, undefined],
      ["INDEX", 10, 12],
    ]);
    expect(found.faults[0]?.first?.receipt).toBe(receipts[11]);
  });

  test("finds a record that was slipped in at the end: no signed state covers it", async () => {
    const found = await tampered(async (tx) => {
      await tx`insert into governance.entry (leaf, body) select sha256('\\x007b7d'), '{}'`;
      await tx`insert into governance.tree_entry (index, entry_id) select 600, max(id) from governance.entry`;
      await rebuild(tx);
    });
    expect(named(found)).toEqual([["UNSIGNED", 600, 601]]);
  });

  test("finds that the last state is gone", async () => {
    const found = await tampered((tx) => tx`delete from governance.checkpoint where size = 600`);
    expect(named(found)).toEqual([["UNSIGNED", 500, 600]]);
  });

  test("names records whose tags were changed", async () => {
    const found = await tampered(
      (tx) => tx`update governance.entry set subjects = sha256('other') where id = (${entryAt(tx, 7)})`,
    );
    expect(named(found)).toEqual([
      ["TAGS", 7, undefined],
      ["INDEX", 7, 8],
    ]);
  });

  test("tags that are gone are a fault while a record is younger than a year, and told afterwards", async () => {
    const shred = (tx: Transaction) => tx`update governance.entry set subjects = null where id <= (${entryAt(tx, 1)})`;
    const fresh = await tampered(shred);
    expect([named(fresh), fresh.pruned]).toEqual([
      [
        ["PRUNED", 0, undefined],
        ["PRUNED", 1, undefined],
      ],
      0,
    ]);
    const old = await tampered(shred, {}, new Date(Date.now() + 366 * 86_400_000));
    expect([named(old), old.pruned]).toEqual([[], 2]);
  });

  test.each(["request_id = 'other'", "client = 'other'", "agreement = 'PKS-2025-001'", "at = at - interval '1 day'"])(
    "names a record that was put under another name or day than its text's (%s)",
    async (change) => {
      const found = await tampered((tx) =>
        tx.unsafe(
          `update governance.entry set ${change} where id = (select entry_id from governance.tree_entry where index = 42)`,
        ),
      );
      expect(named(found)).toEqual([["MISFILED", 42, undefined]]);
    },
  );

  test("finds that the index of subjects misses a record or has one too many: the person would not be told", async () => {
    const missing = await tampered((tx) => tx`delete from governance.entry_subject where index in (9, 300)`);
    expect(named(missing)).toEqual([["INDEX", 9, 301]]);
    expect(missing.faults[0]?.text).toContain("the tags of 2 records");
    const whole = await tampered((tx) => tx`delete from governance.entry_subject`);
    expect(named(whole)).toEqual([["INDEX", 0, 600]]);
    const more = await tampered((tx) => tx`insert into governance.entry_subject (tag, index) values (${Buffer.alloc(16)}, 8)`);
    expect(named(more)).toEqual([["INDEX", 8, 9]]);
  });

  test("finds a tile that was changed though every record is right", async () => {
    const found = await tampered(
      (tx) => tx`update governance.tile set hashes = overlay(hashes placing sha256('x') from 33) where level = 1`,
    );
    expect(named(found)).toEqual([["TILE", 256, 512]]);
  });

  test("finds entries that never came into the tree, once they are late", async () => {
    const write = (at: string) => (tx: Transaction) =>
      tx`insert into governance.entry (leaf, body, request_id, at) values ('', '{}', 'late', clock_timestamp() - ${at}::interval)`;
    expect(named(await tampered(write("16 minutes")))).toEqual([["LEFT_OUT", undefined, undefined]]);
    expect(named(await tampered(write("1 second")))).toEqual([]);
  });
});

test("a leaf that was changed beside its text is named: receipts are made of it", async () => {
  const found = await asServer(hub.urls.log ?? "", (sql) =>
    sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx`alter table governance.entry drop constraint entry_leaf_is_of_body`;
      await tx`update governance.entry set leaf = sha256('x') where id = (${entryAt(tx, 33)})`;
      const findings = await verifyLog(databaseCopy(tx), { log: LOG.key, witnesses: [], kept: [] });
      await alterLeaf(tx, 33);
      await tx`alter table governance.entry add constraint entry_leaf_is_of_body check (leaf = sha256('\\x00'::bytea || convert_to(body, 'UTF8')))`;
      return findings;
    }),
  );
  expect(named(found)).toEqual([["ALTERED", 33, undefined]]);
});

describe("a checkpoint kept elsewhere", () => {
  const truncate = async (tx: Transaction) => {
    await tx`delete from governance.entry where id >= (${entryAt(tx, 500)})`;
    await tx`delete from governance.tree_entry where index >= 500`;
    await tx`delete from governance.checkpoint where size > 500`;
    await tx`delete from governance.tile`;
    await rebuild(tx);
  };
  const fork = async (tx: Transaction) => {
    await alterBody(tx, 420);
    await alterLeaf(tx, 420);
    await rebuild(tx, signedAnew);
  };

  test("shows that the end was cut off, which the log alone cannot", async () => {
    expect(named(await tampered(truncate))).toEqual([]);
    expect(named(await tampered(truncate, { kept }))).toEqual([["TRUNCATED", 500, 600]]);
  });

  test("shows that the log itself signed a second history", async () => {
    expect(named(await tampered(fork))).toEqual([]);
    expect(named(await tampered(fork, { kept: kept.slice(0, 2) }))).toEqual([["FORKED", 300, 500]]);
    const elsewhere = await tampered(
      async (tx) => {
        await fork(tx);
        await tx`delete from governance.checkpoint where size = 500`;
      },
      { kept: kept.slice(0, 2) },
    );
    expect(named(elsewhere)).toEqual([["REWRITTEN", 300, 500]]);
  });

  test("that the log did not sign proves nothing, and is told", async () => {
    const note = kept[0]?.note ?? "";
    const forged = [{ name: "a letter", note: note.replace("\n300\n", "\n301\n") }];
    expect(named(await tampered(async () => {}, { kept: forged }))).toEqual([["FORGED", 0, 301]]);
    const [fault] = (await tampered(async () => {}, { kept: [{ name: "a letter", note: "nonsense" }] })).faults;
    expect(fault).toMatchObject({ kind: "FORGED", first: null, text: "a letter is no checkpoint" });
  });
});

describe("a witness", () => {
  const signer = signerOf("test key of a witness, 32 characters", "witness");
  const key = noteKey(signer, "witness.example/1", "COSIGNATURE");
  const cosign = (size: number, at: Date, text?: string) => async (tx: Transaction) => {
    const note = parseCheckpoint(kept.find((state) => parseCheckpoint(state.note).size === size)?.note ?? "").note;
    const line = signLine(text ?? note.text, { signer, key, at });
    await tx`insert into governance.cosignature (size, witness, line) values (${size}, ${key.name}, ${line})`;
  };

  test("stands behind what it cosigned, and nobody behind the rest", async () => {
    const found = await tampered(cosign(500, new Date()), { witnesses: [key] });
    expect([found.faults, found.signed, found.cosigned]).toEqual([[], 600, 500]);
    const untrusted = await tampered(cosign(500, new Date()));
    expect(untrusted.cosigned).toBe(0);
  });

  test("whose cosignature is wrong is told", async () => {
    const found = await tampered(cosign(500, new Date(), "something else\n"), { witnesses: [key] });
    expect([named(found), found.cosigned]).toEqual([[["COSIGNATURE", undefined, undefined]], 0]);
  });
});

test("what was announced and never ended is listed", async () => {
  const [intended] = await log.write(1, { status: "INTENDED" });
  const [ended] = await log.write(1, { status: "INTENDED" });
  await log.write(1, { intent: ended?.receipt });
  await log.integrate();
  const { unfinished, faults } = await tampered(async () => {});
  expect([unfinished.count, unfinished.first.map(({ receipt }) => receipt), faults]).toEqual([1, [intended?.receipt], []]);
});
