import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { Jobs, type Placing } from "../../../gateway/border/export/jobs/store.ts";
import { asRole, failing, useDatabases, withoutTriggers } from "../../kit/database.ts";

// Any number of gateways at the same jobs, some of them late or dead.

const { urls } = useDatabases();
let owner: ReturnType<typeof rawClient>;
let [one, other]: Jobs[] = [];
beforeAll(() => {
  owner = rawClient(urls.governance.owner, { max: 1 });
  [one, other] = [new Jobs(urls.gateway), new Jobs(urls.gateway)];
});
afterEach(() => withoutTriggers(urls.governance.owner, (admin) => admin`delete from governance.export_job`));
afterAll(() => Promise.all([owner.end(), one?.close(), other?.close()]));

const both = (): [Jobs, Jobs] => [one ?? expect.fail("not open"), other ?? expect.fail("not open")];
const attempt = () => ({ attempt: randomUUID(), key: randomBytes(32) });
const placed = async (client = "kemensos", agreement = "PKS-2025-001", officer: string | null = null): Promise<Placing> => {
  const written = { guard: false };
  const wanted = { name: "members", format: "csv", filter: null, columns: ["suffix"], denied: [], written } as const;
  const job = { id: randomUUID(), client, officer, agreement, version: 1, caseNumber: null, note: null };
  await both()[0].place({ ...job, address: "127.0.0.1", wanted });
  return { ...job, address: "127.0.0.1", wanted };
};
const fallSilent = (id: string) =>
  owner`update governance.export_job set leased_until = clock_timestamp() - interval '1 second' where id = ${id}`;
const MANIFEST = { rows: 7, bytes: 70 };

test("of many who look at once one takes a job, as it was placed", async () => {
  const job = await placed();
  const taken = (await Promise.all(Array.from({ length: 8 }, (_, n) => both()[n % 2 === 0 ? 0 : 1].lease(attempt())))).filter(
    (leased) => leased !== null,
  );
  expect(taken).toHaveLength(1);
  expect(taken[0]).toMatchObject(job);
});

test("threat: who has lost its lease changes nothing any more: not how far it is, nor its end", async () => {
  const { id } = await placed();
  const [mine, hers] = [attempt(), attempt()];
  await both()[0].lease(mine);
  await fallSilent(id);
  expect(await both()[1].lease(hers)).toMatchObject({ id });
  expect(await both()[0].renew(mine.attempt, 5)).toBe(false);
  expect(await both()[0].ready(mine.attempt, MANIFEST)).toBe(false);
  await both()[0].failed(mine.attempt, "QUOTA_EXCEEDED");
  await both()[0].release(mine.attempt);
  expect(await both()[1].renew(hers.attempt, 6)).toBe(true);
  expect(await both()[1].ready(hers.attempt, MANIFEST)).toBe(true);
  const asker = { client: "kemensos", officer: null };
  expect(await both()[0].find(id, asker)).toMatchObject({ state: "ready", rows: 7, manifest: MANIFEST, code: null });
  expect(await both()[0].attemptOf(id)).toMatchObject({ attempt: hers.attempt });
});

test("a job that ends its gateways is given up after the third, one that was given back is not", async () => {
  const { id } = await placed();
  for (const _ of [1, 2, 3, 4]) {
    const polite = attempt();
    expect(await both()[0].lease(polite)).not.toBeNull();
    await both()[0].release(polite.attempt);
  }
  for (const _ of [1, 2, 3]) {
    expect(await both()[0].lease(attempt())).not.toBeNull();
    await fallSilent(id);
  }
  expect(await both()[0].lease(attempt())).toBeNull();
  await both()[0].expire();
  expect(await both()[0].find(id, { client: "kemensos", officer: null })).toMatchObject({
    state: "failed",
    code: "INTERNAL_SERVER_ERROR",
  });
});

test("a client that has one under way lets others go first", async () => {
  const [first] = [await placed(), await placed()];
  const others = await placed("bpk", "PKS-2025-006");
  const taken = [await both()[0].lease(attempt()), await both()[1].lease(attempt())];
  expect(taken.map((leased) => leased?.id)).toEqual([first.id, others.id]);
});

test("a job that its asker lets go of while it runs is lost to whoever is at it, and its key is gone", async () => {
  const { id } = await placed();
  const mine = attempt();
  await both()[0].lease(mine);
  await both()[1].cancel(id);
  expect(await both()[0].renew(mine.attempt, 1)).toBe(false);
  const [row] = await owner`select state, code, key, attempt from governance.export_job where id = ${id}`;
  expect({ ...row }).toEqual({ state: "failed", code: "CANCELLED", key: null, attempt: null });
  await both()[1].cancel(id);
  expect([...(await both()[0].living([mine.attempt]))]).toEqual([]);
});

test("threat: one officer's five open files keep no other officer of that client from theirs, nor its machine", async () => {
  const [officer, other] = ["verifikator.dinsos_banyuwangi", "verifikator2.dinsos_banyuwangi"];
  const five = [1, 2, 3, 4, 5];
  for (const _ of five) await placed("dinsos-banyuwangi", "PKS-2025-004", officer);
  const sixth = placed("dinsos-banyuwangi", "PKS-2025-004", officer);
  await expect(sixth).rejects.toMatchObject({ failures: [{ code: "QUOTA_EXCEEDED" }] });
  for (const _ of five) await placed("dinsos-banyuwangi", "PKS-2025-004", other);
  await placed("dinsos-banyuwangi", "PKS-2025-004");
});

test("threat: however many officers a client brings, fifty of its files are open at most under one agreement, and under another still some", async () => {
  const officers = await owner<{ id: string }[]>`select id from governance.steward order by id limit 11`;
  for (const { id } of officers.slice(0, 10))
    for (const _ of [1, 2, 3, 4, 5]) await placed("dinsos-banyuwangi", "PKS-2025-004", id);
  const one = placed("dinsos-banyuwangi", "PKS-2025-004", officers[10]?.id ?? expect.fail("too few officers"));
  await expect(one).rejects.toMatchObject({ failures: [{ code: "QUOTA_EXCEEDED" }] });
  // people of all agencies come through one client of the hub: one agency's take no other's places
  await placed("dinsos-banyuwangi", "PKS-2025-021", officers[10]?.id);
});

describe("a job that has ended", () => {
  const endedDaysAgo = async (days: number): Promise<string> => {
    const { id } = await placed();
    await both()[0].cancel(id);
    await withoutTriggers(
      urls.governance.owner,
      (admin) =>
        admin`update governance.export_job set asked_at = clock_timestamp() - ${`${days} days`}::interval where id = ${id}`,
    );
    return id;
  };
  const left = async () => (await owner`select id from governance.export_job order by asked_at`).map((row) => row["id"]);

  test("is forgotten after 400 days, with its filter, note and address, and none sooner or while it is open", async () => {
    const [, late, young] = [await endedDaysAgo(401), await endedDaysAgo(399), await endedDaysAgo(0)];
    const { id } = await placed();
    await both()[0].forget();
    expect(await left()).toEqual([late, young, id]);
  });

  test("threat: is not made to vanish before, by the gateway's role or the owner's", async () => {
    const id = await endedDaysAgo(399);
    for (const url of [urls.gateway, urls.governance.owner])
      expect(await asRole(url, (sql) => failing(sql`delete from governance.export_job where id = ${id}`))).toBe("HB001");
    expect(await left()).toEqual([id]);
  });
});
