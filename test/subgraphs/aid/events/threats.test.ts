import { afterEach, expect, test, vi } from "vitest";
import { useHub } from "../../../kit/hub.ts";
import { siti } from "../../../kit/people.ts";
import { follow, inPrograms, tell } from "./kit.ts";
import { governed, revokeAll, standing, subscribed, useReceiver } from "./webhooksKit.ts";

vi.setConfig({ testTimeout: 90_000 }); // waits for polls of both sides, on whatever machine
const hub = useHub({ HUB_EVENTS_RETRY_MS: "50", HUB_EVENTS_ATTEMPTS: "3" });
const receiver = useReceiver();
const WAIT = { timeout: 40_000, interval: 50 };
const HERE = { region: "3510161001", person: siti.id };
const JAKARTA = "3171011001";

afterEach(async () => {
  await revokeAll(hub);
  receiver.got.length = 0;
  receiver.answer = () => [204];
});

const listen = async (client: string) =>
  follow(new URL("/events", hub.gatewayUrl), { authorization: `Bearer ${await hub.tokenOf(client)}` });
const many = (count: number, client: string) => Promise.all(Array.from({ length: count }, () => listen(client)));
const statuses = (streams: Awaited<ReturnType<typeof many>>) => streams.map(({ status }) => status).sort();

/** Connections of the gateway to programs. */
const upstream = (): number => {
  const port = Number(new URL(hub.slices.get("programs")?.url ?? "").port);
  const handles = (process as unknown as { _getActiveHandles(): { remotePort?: number }[] })._getActiveHandles();
  return handles.filter(({ remotePort }) => remotePort === port).length;
};

test("threat: a client that opens twenty streams at once has four", async () => {
  const open: Awaited<ReturnType<typeof many>> = [];
  const burst = async () => {
    const streams = await many(20, "kemendikdasmen");
    open.push(...streams.filter(({ status }) => status === 200));
    return new Set(statuses(streams));
  };
  await expect.poll(burst, WAIT).toEqual(new Set([429])); // a machine that is too busy may say 503 to some of the first
  expect(open).toHaveLength(4);
  for (const stream of open) stream.leave();
});

test("threat: streams that are refused, or left before their answer, hold neither a connection nor a seat", async () => {
  const url = new URL("/events", hub.gatewayUrl);
  const headers = { authorization: `Bearer ${await hub.tokenOf("dinsos-banyuwangi")}` };
  const open = await many(4, "dinsos-banyuwangi");
  await Promise.all(open.map((stream) => stream.opened()));
  const before = upstream();
  for (let times = 0; times < 20; times += 1) expect((await listen("dinsos-banyuwangi")).status).toBe(429);
  await expect.poll(upstream, WAIT).toBeLessThanOrEqual(before);
  for (const stream of open) stream.leave();
  for (let ms = 0; ms < 60; ms += 3) await fetch(url, { headers, signal: AbortSignal.timeout(ms) }).catch(() => {});
  await expect.poll(upstream, WAIT).toBeLessThanOrEqual(before - 4);
  const again = await many(4, "dinsos-banyuwangi");
  expect(statuses(again)).toEqual([200, 200, 200, 200]);
  for (const stream of again) stream.leave();
});

test("threat: what changes elsewhere in the country floods no partner's record: nothing is asked for it", async () => {
  const entries = async () =>
    (await governed(hub, (sql) => sql`select count(*)::int as n from governance.entry where client = 'dinsos-banyuwangi'`))[0]?.[
      "n"
    ];
  const stream = await listen("dinsos-banyuwangi");
  await stream.opened();
  const before = await entries();
  for (let times = 0; times < 2; times += 1) {
    await tell(hub.urls, 3, { region: JAKARTA });
    const beats = stream.text.split("\n: \n").length;
    await expect.poll(() => stream.text.split("\n: \n").length, WAIT).toBeGreaterThan(beats);
  }
  expect(await entries()).toBe(before);
  await tell(hub.urls, 1, HERE);
  await stream.events(1);
  stream.leave();
  expect(await entries()).toBeGreaterThan(Number(before));
});

const started = (id: string) => expect.poll(async () => (await standing(hub, id)).position, WAIT).not.toBeNull();
const resumed = async (steward: string, id: string) => {
  const { version } = await standing(hub, id);
  const { data, errors } = await hub
    .as(steward)
    .ask(`mutation { resumeEventSubscription(id: "${id}", version: ${version}) { state } }`);
  return errors[0]?.extensions["code"] ?? data["resumeEventSubscription"].state;
};
const paused = async (steward: string, id: string) => {
  const { version } = await standing(hub, id);
  const { data } = await hub
    .as(steward)
    .ask(`mutation { pauseEventSubscription(id: "${id}", version: ${version}, reason: "we look into it") { state } }`);
  expect(data["pauseEventSubscription"]).toEqual({ state: "PAUSED" });
};

test("threat: what the controller has paused, the receiver does not resume, and each side resumes what it paused itself", async () => {
  const { id } = await subscribed(hub, receiver.url);
  await paused("steward.kemensos", id);
  expect(await resumed("steward.dinsos_banyuwangi", id)).toBe("FORBIDDEN");
  expect(await resumed("steward.kemensos", id)).toBe("ACTIVE");
  await paused("steward.dinsos_banyuwangi", id);
  expect(await resumed("steward.kemensos", id)).toBe("FORBIDDEN");
  expect(await resumed("steward.dinsos_banyuwangi", id)).toBe("ACTIVE");
});

test("threat: a receiver who comes back after the events it missed were forgotten is paused and told which, and goes on with the oldest kept", async () => {
  const { id } = await subscribed(hub, receiver.url);
  await started(id);
  await paused("steward.dinsos_banyuwangi", id);
  const { position } = await standing(hub, id);
  await tell(hub.urls, 3, HERE);
  const steward = hub.as("kemensos");
  const { until } = (await steward.ask("{ aidEvents(first: 500) { until } }")).data["aidEvents"];
  await inPrograms(hub.urls, async (sql) => {
    await sql`update programs.aid_event set at = now() - interval '401 days'`;
    await sql`select programs.forget_events(now())`;
  });
  await tell(hub.urls, 2, HERE);
  expect(await resumed("steward.dinsos_banyuwangi", id)).toBe("ACTIVE");
  await expect.poll(async () => (await standing(hub, id)).state, WAIT).toBe("PAUSED");
  const { reason, deadEvents } = await standing(hub, id);
  expect(reason).toBe("NO_LONGER_KEPT");
  expect(deadEvents).toMatchObject([{ after: position, until, code: "NO_LONGER_KEPT", state: "DEAD" }]);
  expect(receiver.got).toEqual([]);
  expect(await resumed("steward.dinsos_banyuwangi", id)).toBe("ACTIVE");
  const places = () => receiver.got.flatMap(({ events }) => events.map((event) => Number(event.id)));
  await expect.poll(places, WAIT).toEqual([Number(until) + 1, Number(until) + 2]);
});

test("threat: a subscription whose question is never a good one is paused with the code, not asked for ever", async () => {
  const { id } = await subscribed(hub, receiver.url, { programs: ["NO_SUCH_PROGRAM"] });
  await expect.poll(async () => (await standing(hub, id)).state, WAIT).toBe("PAUSED");
  expect((await standing(hub, id)).reason).toMatch(/^[A-Z_]+$/);
});
