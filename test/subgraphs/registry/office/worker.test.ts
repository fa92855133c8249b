import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LoadPool, openLoadPool } from "../../../../drizzle/copy.ts";
import { startRegistrar, tick } from "../../../../subgraphs/welfare/worker.ts";
import { useDeterminations } from "../determination/kit.ts";

const registry = useDeterminations("2027-03-10T03:00:00Z");
const other = useDeterminations("2027-03-10T03:00:00Z");
const notes: string[] = [];

const stateOf = async (id: string) => {
  const [row] = await registry.owner(`select state, hash from welfare.determination where id = '${id}'`);
  return { state: row?.["state"], hash: row?.["hash"] };
};

describe("the registry's worker", () => {
  let worker: Awaited<ReturnType<typeof startRegistrar>>;
  beforeAll(async () => {
    worker = await startRegistrar({
      url: registry.urls.registry ?? "",
      now: () => new Date("2027-03-10T03:00:00Z"),
      note: (text) => void notes.push(text),
    });
  });
  afterAll(() => worker?.stop());

  test("what the Minister signs is written without anybody asking for it", async () => {
    const draft = (await registry.prepare({ month: "2027-03-01", povertyThreshold: 4 })).data.prepareDetermination;
    await registry.sign({ id: draft.id, version: 1, decreeNumber: "12/HUK/2027" });
    while ((await stateOf(draft.id)).state === "QUEUED") await sleep(100);
    expect((await stateOf(draft.id)).hash).toMatch(/^[0-9a-f]{64}$/);
    expect(notes).toEqual([]);
  });

  test("scorecards come by themselves", async () => {
    const count = async () => (await registry.owner("select count(*)::int as n from welfare.village_score"))[0]?.["n"];
    while ((await count()) === 0) await sleep(100);
    expect(await count()).toBeGreaterThan(10);
  });
});

test("what the calendar does by itself runs in every round, and what fails keeps none of the others", async () => {
  const told: string[] = [];
  await registry.owner("drop function if exists welfare.lapse_objections(timestamptz)");
  await tick({ pool: registry.pool, now: new Date("2027-03-11T03:00:00Z"), note: (text) => void told.push(text) });
  expect(told.map((text) => text.split(":")[0])).toEqual(["welfare.lapse_objections"]);
});

/** A pool whose transactions fail after so many: a worker that was killed in between. */
function dying(pool: LoadPool, after: number): LoadPool {
  let left = after;
  return {
    load(work, agreed) {
      left -= 1;
      if (left < 0) throw new Error("killed");
      return pool.load(work, agreed);
    },
    end: () => pool.end(),
  };
}

test("two registries with the same entries determine the same, also when one's worker is killed again and again", async () => {
  const pool = openLoadPool(other.urls.registry ?? "", { max: 3 });
  const draft = (await other.prepare({ month: "2027-03-01", povertyThreshold: 4 })).data.prepareDetermination;
  await other.sign({ id: draft.id, version: 1, decreeNumber: "12/HUK/2027" });
  let kills = 0;
  for (;;) {
    const done = await other.write(draft.id, dying(pool, 7)).then(
      () => true,
      () => false,
    );
    if (done) break;
    kills += 1;
  }
  await pool.end();
  expect(kills).toBeGreaterThan(3);
  const hashOf = (each: typeof registry) =>
    each.owner("select hash, members from welfare.determination where state = 'DETERMINED'");
  expect(await hashOf(other)).toEqual(await hashOf(registry));
});
