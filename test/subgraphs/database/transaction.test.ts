import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { atOneInstant, inTransaction } from "../../../drizzle/transaction.ts";
import { useDatabases } from "../../kit/database.ts";

// With postgres.js's own begin the first four end the process: its last word goes to a connection that is no more.
const databases = useDatabases({ empty: true });
type Tx = Parameters<Parameters<typeof inTransaction>[1]>[0];
let client: ReturnType<typeof rawClient>;
beforeAll(() => {
  client = rawClient(databases.urls.governance.owner, { max: 2 });
});
afterAll(() => client.end({ timeout: 5 }));

const losing = async (tx: Tx) => {
  const [own] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
  await client`select pg_terminate_backend(${own?.pid ?? 0})`;
  await sleep(50);
};

test.each<[string, (tx: Tx) => Promise<unknown>]>([
  [
    "asks on",
    async (tx) => {
      await losing(tx);
      await tx`select 1`;
    },
  ],
  [
    "throws",
    async (tx) => {
      await losing(tx);
      throw new Error("own");
    },
  ],
  ["is done", losing],
  ["is asking", (tx) => Promise.all([losing(tx), sleep(20).then(() => tx`select pg_sleep(5)`)])],
])("whose connection is lost while it %s is told, and the next one goes on", async (_name, work) => {
  await expect(inTransaction(client, work)).rejects.toMatchObject({
    code: expect.stringMatching(/^(?:CONNECTION_CLOSED|57P01)$/),
  });
  expect(await inTransaction(client, async (tx) => [...(await tx`select 1 as n`)])).toEqual([{ n: 1 }]);
});

test("that fails leaves nothing, that is done leaves all, that only reads writes nothing", async () => {
  const kept = async () => (await client`select count(*)::int as n from pg_class where relname like 'kept\\_%'`)[0]?.["n"];
  await expect(
    inTransaction(client, async (tx) => {
      await tx`create table governance.kept_a (n int)`;
      throw Object.assign(new Error("somebody else hung up"), { code: "ECONNRESET" });
    }),
  ).rejects.toThrow("somebody else hung up");
  expect(await kept()).toBe(0);
  await inTransaction(client, (tx) => tx`create table governance.kept_b (n int)`);
  expect(await kept()).toBe(1);
  await expect(atOneInstant(client, (tx) => tx`drop table governance.kept_b`)).rejects.toMatchObject({ code: "25006" });
});
