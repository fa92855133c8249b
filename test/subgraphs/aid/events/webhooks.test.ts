import { afterEach, expect, test, vi } from "vitest";
import { asRole, failing, withoutTriggers } from "../../../kit/database.ts";
import { useHub } from "../../../kit/hub.ts";
import { budi, siti } from "../../../kit/people.ts";
import { resume, suspend } from "../../../kit/policy.ts";
import { tell } from "./kit.ts";
import { governed, isGenuine, revokeAll, silentReceiver, standing, subscribed, useReceiver } from "./webhooksKit.ts";

vi.setConfig({ testTimeout: 90_000 }); // waits for polls of both sides, on whatever machine
const hub = useHub({ HUB_EVENTS_RETRY_MS: "50", HUB_EVENTS_ATTEMPTS: "3" });
const receiver = useReceiver();
const WAIT = { timeout: 40_000, interval: 50 };
const HERE = { region: "3510161001", person: siti.id };
const places = () => receiver.got.flatMap(({ events }) => events.map(({ id }) => Number(id)));
const started = (id: string) => expect.poll(async () => (await standing(hub, id)).position, WAIT).not.toBeNull();

afterEach(async () => {
  await revokeAll(hub);
  receiver.got.length = 0;
  receiver.answer = () => [204];
});

test("a webhook is asked for by the receiver's steward and sends nothing before another agency's steward has approved it", async () => {
  const { id, version } = await subscribed(hub, receiver.url, { isApproved: false });
  await tell(hub.urls, 1, HERE);
  const approve = `mutation { approveEventSubscription(id: "${id}", version: ${version}) { state } }`;
  for (const steward of ["steward.dinsos_banyuwangi", "steward.dukcapil"])
    expect((await hub.as(steward).ask(approve)).errors[0]?.extensions["code"]).toBe("FORBIDDEN");
  expect((await standing(hub, id)).state).toBe("PROPOSED");
  expect((await hub.as("steward.kemensos").ask(approve)).data["approveEventSubscription"]).toEqual({ state: "ACTIVE" });
  await started(id);
  await tell(hub.urls, 1, HERE);
  await expect.poll(() => places().length, WAIT).toBe(1);
});

test("messages are signed, in order, each event once, and carry no datum of a person", async () => {
  const { id } = await subscribed(hub, receiver.url);
  await started(id);
  const enrolments = await tell(hub.urls, 700, HERE);
  await expect.poll(() => places().length, WAIT).toBe(700);
  expect(places()).toEqual([...new Set(places())].sort((a, b) => a - b));
  const { keys } = (await (await fetch(new URL("/events/keys", hub.gatewayUrl))).json()) as { keys: string[] };
  expect(receiver.got.length).toBeGreaterThan(1);
  for (const got of receiver.got) expect(isGenuine(got, String(keys[0]))).toBe(true);
  const forged = { ...receiver.got[0], body: `${receiver.got[0]?.body} ` } as (typeof receiver.got)[number];
  expect(isGenuine(forged, String(keys[0]))).toBe(false);
  const all = receiver.got.map(({ body }) => body).join("");
  for (const secret of [siti.id, siti.nik, siti.fullName]) expect(all).not.toContain(secret);
  expect(enrolments).toHaveLength(700);
});

test("what a receiver does not take is sent again under the same id until it does", async () => {
  const { id } = await subscribed(hub, receiver.url);
  await started(id);
  let left = 2;
  receiver.answer = () => (left-- > 0 ? [500] : [204]);
  await tell(hub.urls, 3, HERE);
  await expect.poll(async () => (receiver.got.length >= 3 ? (await standing(hub, id)).code : "not yet"), WAIT).toBeNull();
  const [first, second, third] = receiver.got;
  expect(new Set([first, second, third].map((got) => got?.headers["webhook-id"])).size).toBe(1);
  expect(third?.events).toEqual(first?.events);
});

test("what is never taken lies with the dead, by places and code, and a steward sends it again", async () => {
  const { id } = await subscribed(hub, receiver.url);
  await started(id);
  receiver.answer = () => [302, { location: "http://127.0.0.1:1/elsewhere" }];
  await tell(hub.urls, 2, HERE);
  await expect.poll(async () => (await standing(hub, id)).deadEvents.length, WAIT).toBe(1);
  const {
    deadEvents: [dead],
    state,
  } = await standing(hub, id);
  expect(dead).toMatchObject({ code: "REDIRECT", attempts: 3, state: "DEAD" });
  expect(state).toBe("ACTIVE");
  const lost = receiver.got.at(-1);
  receiver.answer = () => [200];
  receiver.got.length = 0;
  const again = `mutation { redeliverEvents(id: "${dead.id}") { state } }`;
  expect((await hub.as("steward.kemensos").ask(again)).errors[0]?.extensions["code"]).toBe("FORBIDDEN");
  expect((await hub.as("steward.dinsos_banyuwangi").ask(again)).data["redeliverEvents"]).toEqual({ state: "QUEUED" });
  await expect.poll(async () => (await standing(hub, id)).deadEvents[0].state, WAIT).toBe("DELIVERED");
  expect(receiver.got[0]?.events).toEqual(lost?.events);
  expect(receiver.got[0]?.headers["webhook-id"]).toBe(lost?.headers["webhook-id"]);
});

test("a receiver that is gone is paused with a notice, and resumed it goes on where it stopped", async () => {
  const { id, version } = await subscribed(hub, receiver.url);
  await started(id);
  receiver.answer = () => [410];
  await tell(hub.urls, 2, HERE);
  await expect.poll(async () => (await standing(hub, id)).state, WAIT).toBe("PAUSED");
  const { data } = await hub.as("steward.dinsos_banyuwangi").ask("{ alerts(first: 5) { kind detail agreement { number } } }");
  expect(data["alerts"]).toContainEqual({
    kind: "EVENTS_PAUSED",
    detail: `${id}: HTTP_410`,
    agreement: { number: "PKS-2025-004" },
  });
  receiver.answer = () => [204];
  receiver.got.length = 0;
  const resumed = await hub
    .as("steward.dinsos_banyuwangi")
    .ask(`mutation { resumeEventSubscription(id: "${id}", version: ${version + 1}) { state } }`);
  expect(resumed.data["resumeEventSubscription"]).toEqual({ state: "ACTIVE" });
  await expect.poll(() => places().length, WAIT).toBe(2);
});

test("nothing is sent under an agreement that is suspended, and what happened meanwhile comes after it", async () => {
  const { id } = await subscribed(hub, receiver.url);
  await started(id);
  await governed(hub, (sql) => suspend(sql, "PKS-2025-004"));
  await expect
    .poll(
      async () =>
        (await governed(hub, (sql) => sql`select code from governance.event_progress where subscription_id = ${id}`))[0]?.[
          "code"
        ],
      WAIT,
    )
    .toBe("AGREEMENT_SUSPENDED");
  await tell(hub.urls, 2, HERE);
  expect(receiver.got).toEqual([]);
  await governed(hub, (sql) => resume(sql, "PKS-2025-004"));
  await governed(
    hub,
    (sql) => sql`update governance.event_progress set next_at = clock_timestamp() where subscription_id = ${id}`,
  );
  await expect.poll(() => places().length, WAIT).toBe(2);
});

test("a gateway that died in the middle is followed by another when its lease ends, and nothing is left out", async () => {
  const { id } = await subscribed(hub, receiver.url);
  await started(id);
  await governed(
    hub,
    (sql) =>
      sql`update governance.event_progress set leased_by = gen_random_uuid(), lease = gen_random_uuid(), leased_until = clock_timestamp() + interval '2 seconds' where subscription_id = ${id}`,
  );
  await tell(hub.urls, 5, HERE);
  await expect.poll(() => new Set(places()).size, WAIT).toBe(5);
});

test("threat: a webhook leads where it led when it was approved, and to no address with a secret in it", async () => {
  for (const url of [
    "ftp://partner.example/x",
    "http://partner.example/x",
    "https://u:p@partner.example/x",
    "https://partner.example/x?token=1",
    "https://partner.example/#x",
  ])
    await expect(subscribed(hub, url, { isApproved: false })).rejects.toThrow("BAD_USER_INPUT");
  const { id } = await subscribed(hub, receiver.url);
  const moved = governed(
    hub,
    (sql) => sql`update governance.event_subscription set url = 'https://elsewhere.example/x' where id = ${id}`,
  );
  expect(await failing(moved)).toBe("HB001");
});

test.each([
  ["approves a subscription", "update governance.event_subscription set state = 'ACTIVE', approved_by = 'steward.kemensos'"],
  [
    "makes one",
    "insert into governance.event_subscription (id, agreement_number, client_id, url, programs, kinds, state, made_by, made_at) values (gen_random_uuid(), 'PKS-2025-004', 'dinsos-banyuwangi', 'https://x.example', '{}', '{}', 'PROPOSED', 'steward.kemensos', now())",
  ],
  ["removes what was given up", "delete from governance.dead_event"],
])("threat: a gateway that was taken over never %s", async (_, statement) => {
  expect(await asRole(hub.urls.gateway, (sql) => failing(sql.unsafe(statement)))).toBe("42501");
});

test("threat: a receiver that never answers holds up nobody else", async () => {
  const silent = await subscribed(hub, await silentReceiver());
  const { id } = await subscribed(hub, receiver.url);
  await Promise.all([started(silent.id), started(id)]);
  await tell(hub.urls, 2, HERE);
  await expect.poll(() => places().length, WAIT).toBe(2);
  await expect.poll(async () => (await standing(hub, silent.id)).code, WAIT).toBe("TIMEOUT");
});

test("what is restricted while a message of before is sent again is told by none of those that lay ready behind it", async () => {
  const { id, version } = await subscribed(hub, receiver.url);
  await started(id);
  receiver.answer = () => [500];
  await tell(hub.urls, 1, HERE);
  await expect.poll(async () => (await standing(hub, id)).deadEvents.length, WAIT).toBe(1);
  const steward = hub.as("steward.dinsos_banyuwangi");
  await steward.ask(
    `mutation { pauseEventSubscription(id: "${id}", version: ${version}, reason: "sampai semua siap") { state } }`,
  );
  const { deadEvents } = await standing(hub, id);
  await steward.ask(`mutation { redeliverEvents(id: "${deadEvents[0].id}") { state } }`);
  await tell(hub.urls, 1, { ...HERE, person: budi.id });
  await tell(hub.urls, 1, HERE);
  receiver.got.length = 0;
  receiver.answer = async () => {
    if (receiver.got.length === 1) await restrict(budi.id);
    return [200];
  };
  const resumed = await steward.ask(`mutation { resumeEventSubscription(id: "${id}", version: ${version + 1}) { state } }`);
  expect(resumed.data["resumeEventSubscription"], resumed.text).toEqual({ state: "ACTIVE" });
  await expect.poll(() => receiver.got.length, WAIT).toBe(2);
  expect(receiver.got.map(({ events }) => events.length)).toEqual([1, 1]);
});

const restrict = (person: string) =>
  withoutTriggers(
    hub.urls.governance.owner,
    (sql) => sql`insert into governance.restriction (id, person_id, request_id, imposed_at)
      values (gen_random_uuid(), ${person}, gen_random_uuid(), now())`,
  );
