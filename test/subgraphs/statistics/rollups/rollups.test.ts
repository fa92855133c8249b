import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { openLoadPool } from "../../../../drizzle/copy.ts";
import { tick } from "../../../../subgraphs/welfare/worker.ts";
import { asRole, asServer, failing, useDatabases } from "../../../kit/database.ts";
import { countedByHand, registryRollups } from "../cubes/registryKit.ts";

const databases = useDatabases();
const rollup = registryRollups(() => databases.urls.registry);
const [NOW, DAY, MONTH] = ["2026-11-20T03:00:00Z", "2026-11-20", "2026-11"];
const CUBE = "MATCH_QUALITY";
const as =
  (url: () => string | undefined) =>
  <T>(work: Parameters<typeof asRole<T>>[1]) =>
    asRole(url() ?? "", work);
const owner = as(() => databases.urls.welfare.owner);
const worker = as(() => databases.urls.registry);
const FOLD = `select welfare.fold_touched('${NOW}') as n`;

const byHand = async () => (await countedByHand(databases.urls.welfare.owner, DAY))[CUBE];
/** Some members fall asleep, everywhere; none twice. */
let naps = 0;
const change = (
  text = "update welfare.member set state = 'DORMANT' where state = 'ACTIVE' and get_byte(uuid_send(id), 15) % 16 =",
) => owner((sql) => sql.unsafe(`${text} ${naps++}`));

beforeEach(() => rollup.fold(NOW));

describe("roll-ups", () => {
  test("a change is told by whoever made it, once for each district, and is counted when it is worked off", async () => {
    await change();
    const touched = await rollup.touched();
    expect(touched.length).toBeGreaterThan(3);
    expect(touched.filter((line) => line.startsWith(CUBE)).every((line) => /^MATCH_QUALITY [0-9]{6}$/.test(line))).toBe(true);
    expect(
      touched.filter((line) => line.startsWith("REGISTRY_MEMBERS")).every((line) => /^REGISTRY_MEMBERS [0-9]{4}$/.test(line)),
    ).toBe(true);
    expect(await rollup.cells(CUBE, MONTH)).not.toEqual(await byHand());
    await rollup.fold(NOW);
    expect(await rollup.touched()).toEqual([]);
    expect(await rollup.cells(CUBE, MONTH)).toEqual(await byHand());
  });

  test("a change that is taken back tells nothing, and neither does one of what nobody counts", async () => {
    await owner((sql) => sql.unsafe("begin; update welfare.member set state = 'DORMANT' where state = 'ACTIVE'; rollback"));
    await owner((sql) => sql`update welfare.member set validated_at = ${NOW}, household_decile = household_decile`);
    await owner((sql) => sql`update welfare.member set claimed_nik = 'TIDAK ADA' where state <> 'ACTIVE'`);
    expect(await rollup.touched()).toEqual([]);
  });

  test("the registry's worker works off in its round what changed", async () => {
    await change();
    const pool = openLoadPool(databases.urls.registry ?? "", { max: 1 });
    const notes: string[] = [];
    await tick({ pool, note: (text) => void notes.push(text), now: new Date(NOW) });
    await pool.end();
    expect(notes).toEqual([]);
    expect(await rollup.cells(CUBE, MONTH)).toEqual(await byHand());
  });

  test("where very much changed the month is counted as a whole, with the same figures", async () => {
    await change();
    const districts = (await rollup.touched()).filter((line) => line.startsWith(CUBE)).length;
    expect(districts).toBeGreaterThan(5);
    const rounds: number[] = [];
    for (let done = -1; done !== 0; rounds.push(done))
      done = Number((await worker((sql) => sql`select welfare.fold_touched(${NOW}, 5) as n`))[0]?.["n"]);
    expect(rounds).toContain(1);
    expect(rounds.every((done) => done <= 5)).toBe(true);
    expect(await rollup.cells(CUBE, MONTH)).toEqual(await byHand());
  });

  test("a wider place is counted once, and nothing below it again", async () => {
    await owner(
      (sql) =>
        sql`insert into welfare.rollup_touched (cube, region) select ${CUBE}, unnest(array['351016', '35', '3510', '36', '350101'])`,
    );
    expect((await worker((sql) => sql.unsafe(FOLD)))[0]?.["n"]).toBe(2);
  });

  test("two workers at once leave what one would have left, and every line is worked off", async () => {
    await change();
    const untilNothing = () =>
      worker(async (sql) => {
        let all = 0;
        for (let done = -1; done !== 0; all += done) done = Number((await sql.unsafe(FOLD))[0]?.["n"]);
        return all;
      });
    const [before, done] = [(await rollup.touched()).length, await Promise.all([untilNothing(), untilNothing(), change()])];
    await rollup.fold(NOW);
    expect(Number(done[0]) + Number(done[1])).toBeGreaterThanOrEqual(before);
    expect(await rollup.touched()).toEqual([]);
    expect(await rollup.cells(CUBE, MONTH)).toEqual(await byHand());
    expect(await rollup.rebuild(CUBE, MONTH, NOW)).toBe(0);
  });

  test("a worker that is killed in the middle loses no change", async () => {
    await change();
    const touched = await rollup.touched();
    const cells = await rollup.cells(CUBE, MONTH);
    await worker(async (sql) => {
      await sql.unsafe("begin");
      for (let done = 1; done > 0; ) done = Number((await sql.unsafe(FOLD))[0]?.["n"]);
      const [mine] = await sql`select pg_backend_pid() as pid`;
      const kill = `select pg_terminate_backend(${mine?.["pid"]}) as done`;
      expect([...(await asServer(databases.urls.welfare.owner, (server) => server.unsafe(kill)))]).toEqual([{ done: true }]);
    });
    expect(await rollup.cells(CUBE, MONTH)).toEqual(cells);
    expect(await rollup.touched()).toEqual(touched);
    await rollup.fold(NOW);
    expect(await rollup.cells(CUBE, MONTH)).toEqual(await byHand());
  });
});

describe("counting anew", () => {
  test("finds what was changed behind the triggers' back, says in how many cells, and mends it", async () => {
    const before = await rollup.cells(CUBE, MONTH);
    await asServer(databases.urls.welfare.owner, async (sql) => {
      await sql`set session_replication_role = replica`;
      await sql`update welfare.member set match_status = 'ANOMALY', person_id = null where state = 'ACTIVE' and match_status = 'MATCHED' and region like '35%'`;
    });
    await rollup.fold(NOW);
    expect(await rollup.cells(CUBE, MONTH)).not.toEqual(await byHand());
    const now = (await byHand()) ?? [];
    const cellOf = (line: string) => line.split(" ", 2).join(" ");
    const differing = new Set(
      [...before.filter((line) => !now.includes(line)), ...now.filter((line) => !before.includes(line))].map(cellOf),
    );
    expect(differing.size).toBeGreaterThan(4);
    expect(await rollup.rebuild(CUBE, MONTH, NOW)).toBe(differing.size);
    expect(await rollup.cells(CUBE, MONTH)).toEqual(await byHand());
    expect(await rollup.rebuild(CUBE, MONTH, NOW)).toBe(0);
    const [month] = await owner(
      (sql) => sql`select differences from welfare.rollup_period where cube = ${CUBE} and period = ${MONTH}`,
    );
    expect(month).toEqual({ differences: differing.size });
  });

  test("while rows change it says nothing rather than something wrong", async () => {
    const waits = () =>
      owner(async (sql) => {
        const [row] =
          await sql`select count(*)::int as n from pg_locks where not granted and relation = 'welfare.rollup_cell'::regclass`;
        return Number(row?.["n"]) > 0;
      });
    const found = await owner(async (sql) => {
      await sql.unsafe("begin; lock table welfare.rollup_cell in access exclusive mode");
      const rebuilding = rollup.rebuild(CUBE, MONTH, NOW);
      while (!(await waits())) await sleep(20);
      await change();
      await sql.unsafe("commit");
      return { answer: await rebuilding };
    });
    expect(found).toEqual({ answer: null });
    await rollup.fold(NOW);
    expect(await rollup.rebuild(CUBE, MONTH, NOW)).toBe(0);
    expect(await rollup.cells(CUBE, MONTH)).toEqual(await byHand());
  });

  test("a cube that nobody registered is refused", async () => {
    await expect(rollup.rebuild("EVERYTHING", MONTH, NOW)).rejects.toThrow("no cube EVERYTHING is registered");
  });
});

describe("whoever serves questions", () => {
  test("reads nothing of roll-ups; workers read them, and write them by counting alone", async () => {
    for (const table of ["cube", "rollup_cell", "rollup_touched", "rollup_period", "rollup_release"])
      expect(
        await failing(asRole(databases.urls.welfare.runtime, (sql) => sql.unsafe(`select from welfare.${table} limit 1`))),
        table,
      ).toBe("42501");
    for (const text of [
      "delete from welfare.rollup_cell",
      "update welfare.rollup_period set differences = 0",
      "insert into welfare.rollup_touched (cube, region) values ('MATCH_QUALITY', '35')",
      `select welfare.fold(array['${CUBE}'], '${MONTH}', '')`,
      `select welfare.fold_lines('${CUBE}', '${MONTH}', 1)`,
      `select welfare.count_match_quality('', '${MONTH}')`,
    ])
      expect(await failing(worker((sql) => sql.unsafe(text))), text).toBe("42501");
    expect(await rollup.cells(CUBE, MONTH)).toEqual(await byHand());
  });
});

describe("a month", () => {
  test("that is over stays as it was; the next one begins with everything as it stands then", async () => {
    await change();
    const november = await byHand();
    const december = "2026-11-30T17:00:00Z"; // midnight in Jakarta
    await rollup.fold(december);
    expect(await rollup.cells(CUBE, MONTH)).toEqual(november);
    expect(await rollup.cells(CUBE, "2026-12")).toEqual(await byHand());
    await change();
    await rollup.fold("2026-12-05T03:00:00Z");
    expect(await rollup.cells(CUBE, MONTH)).toEqual(november);
    expect(await rollup.cells(CUBE, "2026-12")).toEqual(await byHand());
    await expect(rollup.rebuild(CUBE, MONTH, december)).rejects.toThrow("month 2026-11 of cube MATCH_QUALITY is not open");
    const months = await owner(
      (sql) => sql`select period, closed_at::text as closed from welfare.rollup_period where cube = ${CUBE} order by period`,
    );
    expect([...months]).toEqual([
      { period: MONTH, closed: expect.stringContaining("2026-11-30 17:00") },
      { period: "2026-12", closed: null },
    ]);
  });
});
