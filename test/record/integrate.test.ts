import { describe, expect, test } from "vitest";
import { rawClient } from "../../drizzle/client.ts";
import { createIntegrator, INTEGRATOR_LOCK } from "../../drizzle/record/integrate.ts";
import { newestCheckpoint, recordLag, tileReader } from "../../drizzle/record/reads.ts";
import { parseCheckpoint } from "../../schema/record/checkpoint.ts";
import { leafHash } from "../../schema/record/leaf.ts";
import { isSignedNote } from "../../schema/record/note.ts";
import { verifyConsistency, verifyInclusion } from "../../schema/record/proofs.ts";
import { consistencyProof, inclusionProof, rootOf } from "../../schema/record/tree.ts";
import { failing, useDatabases } from "../kit/database.ts";
import { integrateAll, LOG, runHub, tampering, useLog, writeEntries } from "./logKit.ts";

const hub = useDatabases({ empty: true });
const log = useLog(hub);
const receiptsOf = (lines: readonly { receipt: string }[]) => lines.map(({ receipt }) => receipt);
const newest = async () => parseCheckpoint((await newestCheckpoint(log.sql))?.note ?? "");

describe("the integrator", () => {
  test("gives every entry its place in the order it was written, and signs the state over them", async () => {
    expect(await newestCheckpoint(log.sql)).toBeNull();
    const written = await log.write(5);
    expect(await log.integrate()).toBe(5);
    expect(await log.places()).toEqual(receiptsOf(written));
    const { size, root, note } = await newest();
    expect([size, isSignedNote(note, LOG.key)]).toEqual([5, true]);
    expect(root.equals(await rootOf(5, tileReader(log.sql)))).toBe(true);
    expect(await log.integrate()).toBe(0);
  });

  test("never passes over an entry that is committed late with a lower number", async () => {
    const [slow, quick] = [rawClient(hub.urls.record, { max: 1 }), rawClient(hub.urls.record, { max: 1 })];
    await slow`begin`;
    const late = await writeEntries(slow, 1);
    const early = await writeEntries(quick, 1);
    expect(await log.step(), "the slow one may still commit before the quick one's place").toBe(0);
    await slow`commit`;
    await Promise.all([slow.end(), quick.end()]);
    expect(await log.integrate()).toBe(2);
    expect((await log.places()).slice(-2)).toEqual(receiptsOf([...late, ...early]));
  });

  test("an entry that was taken back leaves no gap", async () => {
    const gone = rawClient(hub.urls.record, { max: 1 });
    await gone`begin`;
    await writeEntries(gone, 1);
    await gone`rollback`;
    await gone.end();
    const kept = await log.write(1);
    expect(await log.integrate()).toBe(1);
    expect((await log.places()).at(-1)).toBe(kept[0]?.receipt);
    const [row] = await log.sql`select max(index) + 1 = count(*) as is_contiguous from governance.tree_entry`;
    expect(row?.["is_contiguous"]).toBe(true);
  });

  test("another that takes over goes on from the tiles, and each state continues the one before", async () => {
    const old = await newest();
    const sizes: number[] = [];
    for (const count of [1, 250, 300, 3]) {
      await log.write(count);
      await integrateAll(log.sql, createIntegrator(log.sql, LOG));
      const now = await newest();
      sizes.push(now.size);
      const proof = await consistencyProof(old.size, now.size, tileReader(log.sql));
      expect(verifyConsistency(old, now, proof), `from ${old.size} to ${now.size}`).toBe(true);
    }
    expect(sizes).toEqual([9, 259, 559, 562]);
    await log.write(1);
    expect(await log.integrate(), "the first one has not seen what the others did").toBe(1);
    const { root, size } = await newest();
    const bodies = await log.sql<{ index: string; body: string }[]>`select t.index, e.body
      from governance.tree_entry t join governance.entry e on e.id = t.entry_id order by t.index`;
    for (const { index, body } of bodies) {
      const proof = await inclusionProof(Number(index), size, tileReader(log.sql));
      expect(verifyInclusion({ leaf: leafHash(body), index: Number(index), size, proof, root }), `entry ${index}`).toBe(true);
    }
  });

  test("only one works at a time", async () => {
    const other = rawClient(hub.urls.log ?? "", { max: 1 });
    await log.write(1);
    await other.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${INTEGRATOR_LOCK})`;
      expect(await log.step()).toBeNull();
    });
    await other.end();
    expect(await log.integrate()).toBe(1);
  });

  test("finds every entry of a subject by its tag", async () => {
    const [row] =
      await log.sql`select count(*)::int as missing from governance.tree_entry t join governance.entry e on e.id = t.entry_id
      where not exists (select from governance.entry_subject s where s.index = t.index and s.tag = e.subjects)`;
    expect(row?.["missing"]).toBe(0);
  });

  test("will not go on from an entry that is gone", async () => {
    const last = await tampering(hub.urls.record, async (sql) => {
      const rows = await sql`select e.* from governance.entry e order by id desc limit 1`;
      await sql`delete from governance.entry where id = ${rows[0]?.["id"]}`;
      return rows[0];
    });
    await log.write(1);
    await expect(log.step()).rejects.toThrow(/entry \d+ of the record is gone: npx hub verify/);
    await tampering(
      hub.urls.record,
      (sql) => sql`insert into governance.entry overriding system value select * from
      jsonb_populate_record(null::governance.entry, ${sql.json({ ...last, leaf: `\\x${last?.["leaf"].toString("hex")}`, subjects: `\\x${last?.["subjects"].toString("hex")}` } as never)})`,
    );
    expect(await log.integrate()).toBe(1);
  });
});

test("a record restored where transactions count from lower takes nothing until it is told to go on, and then goes on", async () => {
  const move = (id: string, xid: string) =>
    tampering(hub.urls.record, (sql) => sql`update governance.entry set xid = ${xid}::text::xid8 where id = ${id}`);
  const [last] = await log.sql<{ id: string }[]>`select entry_id as id from governance.tree_entry order by index desc limit 1`;
  await move(last?.id ?? "", "9000000000");
  expect(await failing(log.write(1)), "an entry before those it follows").toBe("55000");
  await expect(log.step()).rejects.toThrow("restored on a server whose transactions count from lower: npx hub record continue");
  const env = { HUB_DATABASE_OWNER_URL_GOVERNANCE: hub.urls.governance.owner };
  expect(await runHub(["record", "continue"], env)).toMatchObject({ code: 0, err: expect.stringContaining("goes on") });
  const [fresh] = await log.write(1);
  expect(await log.integrate()).toBe(1);
  expect((await log.places()).at(-1)).toBe(fresh?.receipt);
  expect(await runHub(["record", "continue"], env)).toMatchObject({ code: 0, err: expect.stringContaining("nothing to do") });
});

describe("the lag", () => {
  test("is none while every entry is covered, else since the oldest that is not", async () => {
    const { checkpoint, cosigned, oldestUncovered } = await recordLag(log.sql, false);
    expect([checkpoint?.size, cosigned, oldestUncovered]).toEqual([(await newest()).size, null, null]);
    const [first] = await log.write(1);
    await log.write(1);
    const [row] = await log.sql`select to_json(at) as at from governance.entry where request_id = ${first?.receipt ?? ""}`;
    expect((await recordLag(log.sql, false)).oldestUncovered).toBe(row?.["at"]);
    await log.integrate();
    expect((await recordLag(log.sql, false)).oldestUncovered).toBeNull();
  });

  test("counts only what a witness signed where witnesses are needed", async () => {
    const [{ at: oldest }] = (await log.sql`select to_json(min(at)) as at from governance.entry`) as unknown as [{ at: string }];
    expect((await recordLag(log.sql, true)).oldestUncovered).toBe(oldest);
    const { size } = await newest();
    await log.sql`insert into governance.cosignature (size, witness, line) values (${size}, 'w', '— w AAAA')`;
    const lag = await recordLag(log.sql, true);
    expect([lag.cosigned?.size, lag.oldestUncovered]).toEqual([size, null]);
    await log.write(1);
    await log.integrate();
    expect((await recordLag(log.sql, true)).oldestUncovered).not.toBeNull();
    expect((await recordLag(log.sql, false)).oldestUncovered).toBeNull();
  });

  test("the gateway may ask for it and for nothing else of the tree's making", async () => {
    const gateway = rawClient(hub.urls.gateway, { max: 1 });
    expect((await recordLag(gateway, false)).checkpoint?.size).toBe((await newest()).size);
    expect(await failing(gateway`select from governance.tree_entry`)).toBe("42501");
    expect(await failing(gateway`insert into governance.checkpoint (size, root, note) values (1, '', '')`)).toBe("42501");
    await gateway.end();
  });
});

describe("what is in the tree", () => {
  test("stays: nobody changes or removes it, its owner included, and a tile only grows", async () => {
    const owner = rawClient(hub.urls.governance.owner, { max: 1 });
    for (const sql of [log.sql, owner])
      for (const change of [
        sql`update governance.tree_entry set index = index + 1`,
        sql`delete from governance.tree_entry`,
        sql`delete from governance.checkpoint`,
        sql`update governance.checkpoint set note = ''`,
        sql`delete from governance.cosignature`,
        sql`delete from governance.tile`,
        sql`truncate governance.tile`,
        sql`update governance.tile set hashes = substr(hashes, 33) where level = 0`,
        sql`update governance.tile set n = n + 7`,
      ])
        expect(await failing(change)).toBe("42501");
    await owner.end();
    const grown = await log.sql`update governance.tile set hashes = hashes where level = 0 and n = 0 returning n`;
    expect(grown).toHaveLength(1);
  });

  test("who writes the record can neither date nor order an entry, nor give it another hash than its text's", async () => {
    const record = rawClient(hub.urls.record, { max: 1 });
    const leaf = leafHash("{}");
    for (const write of [
      record`insert into governance.entry (at, leaf, body) values ('2026-01-01', ${leaf}, '{}')`,
      record`insert into governance.entry (xid, leaf, body) values ('3'::xid8, ${leaf}, '{}')`,
      record`insert into governance.entry (id, leaf, body) overriding system value values (1000000, ${leaf}, '{}')`,
    ])
      expect(await failing(write)).toBe("42501");
    expect(await failing(record`insert into governance.entry (leaf, body) values (${leafHash("{ }")}, '{}')`)).toBe("23514");
    await record.end();
  });

  test("a body too long to be handed to those who verify is not taken", async () => {
    expect(await failing(log.write(1, { denied: ["x".repeat(65_536)] }))).toBe("23514");
  });
});
