import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { openPool, type Scope } from "../../../drizzle/client.ts";
import { failing, useDatabases } from "../../kit/database.ts";

const databases = useDatabases();
const WHOLE: Scope = {
  regions: [["0", "A"]],
  programs: null,
  decileMax: 100,
  agency: "KEMENSOS",
  officer: null,
  citizen: null,
  agreement: "PKS-2025-001",
  purpose: "PROGRAM_ADMINISTRATION",
};

test("a question that nobody waits for any more when its turn comes is not begun; when too many wait the next is refused at once", async () => {
  const pool = openPool(databases.urls.population.runtime, { max: 1 });
  const holder = pool.session(WHOLE);
  await holder.db.execute(sql`select 1`);
  const one = (isGone: () => boolean) => {
    const session = pool.session(WHOLE, { isGone, until: performance.now() + 60_000 });
    return failing(Promise.resolve(session.db.execute(sql`select 1`))).finally(() => session.close());
  };
  const late = pool.session(WHOLE, { until: performance.now() });
  const tooLate = failing(Promise.resolve(late.db.execute(sql`select 1`)));
  const gone = Array.from({ length: 15 }, () => one(() => true));
  await expect.poll(() => pool.use.reading.waiting).toBe(16);
  expect([pool.isFull, await one(() => false)]).toEqual([true, "53300"]);
  await holder.close();
  expect(new Set([await tooLate, ...(await Promise.all(gone))])).toEqual(new Set(["57014"]));
  await late.close();
  expect([pool.isFull, pool.use.reading]).toEqual([false, { busy: 0, idle: 1, waiting: 0 }]);
  await pool.end();
});
