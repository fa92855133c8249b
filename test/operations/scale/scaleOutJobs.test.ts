import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createRounds, type Question } from "../../../cli/slices/registry/rounds.ts";
import { rawClient } from "../../../drizzle/client.ts";
import { createIntegrator } from "../../../drizzle/record/integrate.ts";
import { recordLag } from "../../../drizzle/record/reads.ts";
import { exportsOf } from "../../federation/export/kit.ts";
import { asServer } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { siti } from "../../kit/people.ts";
import { LOG } from "../../record/logKit.ts";
import { follow, tell } from "../../subgraphs/aid/events/kit.ts";
import { governed, revokeAll, standing, subscribed, useReceiver } from "../../subgraphs/aid/events/webhooksKit.ts";
import { CONFIRM, RECORD } from "../../subgraphs/registry/changes/civilKit.ts";

// What is done without being asked is done once, however many there are to do it: each takes what nobody is at. Two publishers at one time:
// subgraphs/statistics/publisher; two workers of counts: subgraphs/statistics/rollups; workers that die at a matching job: subgraphs/matchJobs.

const folder = mkdtempSync(join(tmpdir(), "hub-exports-"));
const hub = useHub({ HUB_EXPORT_DIR: folder, HUB_EVENTS_RETRY_MS: "50" }, { size: { gateways: 3 } });
const { place, ended, fileOf, files } = exportsOf(hub, folder);
const receiver = useReceiver();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const WAIT = { timeout: 40_000, interval: 50 };
const BANYUWANGI = "3510161001";

test("an event is sent once, in order, though three gateways look for what is to be sent", async () => {
  const { id } = await subscribed(hub, receiver.url);
  await expect.poll(async () => (await standing(hub, id)).position, WAIT).not.toBeNull();
  for (let n = 0; n < 5; n += 1) await tell(hub.urls, 20, { region: BANYUWANGI });
  const places = () => receiver.got.flatMap(({ events }) => events.map((event) => Number(event.id)));
  await expect.poll(() => places().length, WAIT).toBeGreaterThanOrEqual(100);
  const last = places().at(-1);
  await expect.poll(async () => Number((await standing(hub, id)).position), WAIT).toBeGreaterThanOrEqual(Number(last));
  expect(places()).toEqual([...new Set(places())].sort((a, b) => a - b));
  expect(places()).toHaveLength(100);
  await revokeAll(hub);
});

test("an export is made once and given out by every gateway", async () => {
  const orders = Array.from({ length: 4 }, () => place("dinsos-banyuwangi", { dataset: "members", format: "csv" }));
  const placed = await Promise.all((await Promise.all(orders)).map((answer) => answer.json() as Promise<{ id: string }>));
  for (const { id } of placed) expect(await ended("dinsos-banyuwangi", id)).toMatchObject({ state: "ready" });
  expect(new Set(files().map((name) => name.slice(0, 36))).size).toBe(placed.length);
  const attempts = await governed(hub, (sql) => sql`select id, attempts from governance.export_job`);
  expect(attempts.map((row) => Number(row["attempts"]))).toEqual(placed.map(() => 1));
  const texts = await Promise.all([1, 2, 3].map(async () => (await fileOf("dinsos-banyuwangi", placed[0] ?? {})).text()));
  expect(new Set(texts).size).toBe(1);
  expect(texts[0]?.length).toBeGreaterThan(100);
});

test("two logs at one record take every entry into the tree once", async () => {
  const clients = [1, 2].map(() => rawClient(String(hub.urls.log), { max: 2 }));
  const logs = clients.map((sql) => createIntegrator(sql, LOG));
  const [first = expect.fail("no log")] = clients;
  const [newest] = await governed(hub, (sql) => sql`select max(id) as id from governance.entry`);
  while ((await recordLag(first, false)).oldestUncovered !== null) await Promise.all(logs.map((log) => log.integrate()));
  await Promise.all(clients.map((sql) => sql.end()));
  const [tree] = await governed(
    hub,
    (sql) => sql`select count(*)::int as places, count(distinct entry_id)::int as entries, max(index)::int + 1 as size,
      (select count(*)::int from governance.entry e where e.id <= ${newest?.["id"]} and not exists (
        select from governance.tree_entry t where t.entry_id = e.id)) as missing from governance.tree_entry`,
  );
  expect(tree).toEqual({ places: tree?.["size"], entries: tree?.["size"], size: tree?.["size"], missing: 0 });
  expect(tree?.["size"]).toBeGreaterThan(10);
});

test("two couriers at once carry a fact to its inbox once", async () => {
  const ask: Question = async (query, variables) => {
    const { data, errors } = await hub.as("siks-ng").ask(query, variables);
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    return data;
  };
  const couriers = [createRounds(ask), createRounds(ask)];
  const input = { kind: "DEATH", occurredOn: "2026-06-01", document: "3510-KM-1", persons: [siti.id] };
  const { data } = await hub.as("pencatat.dukcapil").ask(RECORD, { input });
  expect((await hub.as("pencatat2.dukcapil").ask(CONFIRM, { id: data["recordCivilEvent"].id })).errors).toEqual([]);
  for (let n = 0; n < 3; n += 1) await Promise.all(couriers.map((round) => round()));
  const told = await hub
    .as("kemensos")
    .ask("query ($id: ID!) { person(id: $id) { registryMembers { state } enrolments { flag } } }", { id: siti.id });
  expect(told.data["person"]).toEqual({
    registryMembers: [{ state: "DECEASED" }],
    enrolments: [{ flag: "DECEASED" }, { flag: "DECEASED" }],
  });
  const moves = await asServer(
    hub.urls.welfare.owner,
    (sql) =>
      sql`select count(*)::int as n from welfare.transition where person_id = ${siti.id} and at > now() - interval '10 minutes'`,
  );
  expect(moves[0]?.["n"]).toBe(1);
});

test("a stream of events whose gateway dies goes on at another from where it was, without gap or double", async () => {
  const listen = async (at: string, lastId?: string) =>
    follow(new URL("/events", at), {
      authorization: `Bearer ${await hub.tokenOf("dinsos-banyuwangi")}`,
      ...(lastId !== undefined && { "last-event-id": lastId }),
    });
  const [gateway = expect.fail("no gateway")] = hub.fleet.gateways;
  const first = await listen(hub.fleet.addressOf(gateway));
  await first.opened();
  await tell(hub.urls, 3, { region: BANYUWANGI });
  const seen = await first.events(3);
  await hub.fleet.cutOff(gateway);
  await first.ended;
  await tell(hub.urls, 4, { region: BANYUWANGI });
  const second = await listen(hub.gatewayUrl, seen.at(-1)?.id);
  const resumed = await second.events(4);
  second.leave();
  const ids = [...seen, ...resumed].map(({ id }) => Number(id));
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  expect(ids).toHaveLength(7);
});
