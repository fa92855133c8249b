import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { seedChannels } from "../../../drizzle/policy/channels.ts";
import { Transactions } from "../../../gateway/border/dci/later/store.ts";
import { useHub } from "../../kit/hub.ts";
import { siti, sitisHome } from "../../kit/people.ts";
import { suspend } from "../../kit/policy.ts";
import { tell } from "../../subgraphs/aid/events/kit.ts";
import { governed } from "../../subgraphs/aid/events/webhooksKit.ts";
import { channelOf, household, speak, status, useCallbacks, wish } from "./laterKit.ts";

vi.setConfig({ testTimeout: 90_000 }); // waits for gateways that look once a second, on whatever machine
const hub = useHub({ HUB_EVENTS_RETRY_MS: "50", HUB_EVENTS_ATTEMPTS: "3" });
const partner = useCallbacks();
const WAIT = { timeout: 40_000, interval: 50 };
const HERE = { region: "3510161001", person: siti.id };
const { id: home } = sitisHome;
let channel: { id: string; version: number };

beforeAll(async () => {
  channel = await channelOf(hub, partner.base);
});
afterEach(() => {
  partner.called.length = 0;
  partner.answer = () => 200;
});

const calledAt = (path: string) => partner.called.filter((one) => one.path === `/spmis/registry/${path}`);
const answersTo = (id: string) => calledAt("on-search").filter(({ body }) => body["header"].message_id === id);
const kept = async (id: string) =>
  (await governed(hub, (sql) => sql`select * from governance.dci_transaction where id = ${id}`))[0];
const search = (more: Record<string, unknown> = {}) =>
  speak(hub, "search", { message: { search_request: [household(home)], ...more } });

test("a search is acknowledged at once and answered at the registered address, signed, once, and then nothing of it is kept", async () => {
  const transaction = randomUUID();
  const { status: code, body, receipt } = await search({ transaction_id: transaction });
  expect([code, body.message.ack_status], JSON.stringify(body)).toEqual([200, "ACK"]);
  expect(receipt).toBeTruthy();
  const correlation = body.message.correlation_id;
  await expect.poll(async () => (await kept(correlation))?.["state"], WAIT).toBe("delivered");
  const [called, ...more] = answersTo(correlation);
  expect(more).toEqual([]);
  const { header, message, signature } = called?.body ?? {};
  expect(header).toMatchObject({
    action: "on-search",
    message_id: correlation,
    receiver_id: "dinsos-banyuwangi",
    status: "succ",
  });
  expect(signature).toContain("ed25519");
  expect(message).toMatchObject({ transaction_id: transaction, correlation_id: correlation });
  expect(message.search_response[0]).toMatchObject({ reference_id: "satu", status: "succ" });
  expect(JSON.stringify(message.search_response[0].data)).toContain(home);
  const row = await kept(correlation);
  expect(row).toMatchObject({ sealed: null, outcome: [{ reference_id: "satu", status: "succ" }] });
  expect((await search({ transaction_id: transaction })).status).toBe(400);
});

test("what waits is sealed: the database holds no word of what was asked", async () => {
  await governed(hub, (sql) => sql`update governance.event_subscription set state = 'PAUSED' where id = ${channel.id}`).catch(
    () => {},
  );
  partner.answer = () => 500;
  const { body } = await search();
  const row = await kept(body.message.correlation_id);
  expect(JSON.stringify({ ...row, sealed: row?.["sealed"] && Buffer.from(row["sealed"]).toString("latin1") })).not.toContain(
    home,
  );
});

test("an answer that is not taken is brought again under the same number until it is, and given up after some attempts", async () => {
  const failed = new Set<string>();
  partner.answer = ({ body }) => (failed.has(body["header"].message_id) ? 200 : failed.add(body["header"].message_id) && 503);
  const taken = (await search()).body.message.correlation_id;
  await expect.poll(async () => (await kept(taken))?.["state"], WAIT).toBe("delivered");
  expect(answersTo(taken).map(({ status: code }) => code)).toEqual([503, 200]);
  partner.answer = () => 500;
  const lost = (await search()).body.message.correlation_id;
  await expect.poll(async () => (await kept(lost))?.["state"], WAIT).toBe("failed");
  expect(await kept(lost)).toMatchObject({ code: "HTTP_500", sealed: null, attempts: 3 });
});

test("a gateway that died at a message is followed by another, which answers it", async () => {
  partner.answer = () => 503;
  const id = (await search()).body.message.correlation_id;
  await expect.poll(() => answersTo(id).length, WAIT).toBeGreaterThan(0);
  await governed(
    hub,
    (sql) => sql`update governance.dci_transaction set state = 'running', attempts = 1, lease = gen_random_uuid(),
      leased_until = clock_timestamp() + interval '1 second', next_at = clock_timestamp() where id = ${id} and sealed is not null`,
  );
  partner.answer = () => 200;
  await expect.poll(async () => (await kept(id))?.["state"], WAIT).toBe("delivered");
});

test("an address that nobody registered is never called, also not as a name for the one that is", async () => {
  for (const uri of ["http://127.0.0.1:1/registry/on-search", `${partner.base}/elsewhere`, `${partner.base}@evil.example/`]) {
    const { status: code, body } = await speak(hub, "search", {
      sender_uri: uri,
      message: { search_request: [household(home)] },
    });
    expect([code, body.errors[0].code]).toEqual([400, "err.sender_uri.invalid"]);
  }
  const known = { sender_uri: `${partner.base}/registry/on-search`, message: { search_request: [household(home)] } };
  expect((await speak(hub, "search", known)).body.message.ack_status).toBe("ACK");
});

test("who has no address fetches the answer by its status, and nobody else learns that it is there", async () => {
  const client = "bpjs-kesehatan";
  const transaction = randomUUID();
  const nik = {
    ...household(siti.nik),
    search_criteria: { query_type: "idtype-value", query: { type: "NIK", value: siti.nik } },
  };
  const asked = await speak(hub, "search", { client, message: { transaction_id: transaction, search_request: [nik] } });
  expect(asked.body.message.ack_status).toBe("NACK");
  const { correlation_id: correlation } = asked.body.message;
  const answer = await speak(hub, "sync/txn/status", { client, message: status("transaction_id", transaction) });
  expect(answer).toMatchObject({ status: 200, body: { header: { action: "txn-on-status", status: "succ" } } });
  const { txn_status: told } = answer.body.message.txnstatus_response;
  expect(told).toMatchObject({ transaction_id: transaction, correlation_id: correlation });
  expect(told.search_response[0]).toMatchObject({ reference_id: "satu", status: "succ" });
  expect(JSON.stringify(told)).not.toContain(siti.fullName); // masked, as by GraphQL
  expect(await kept(correlation)).toMatchObject({ state: "delivered", sealed: null, outcome: [{ reference_id: "satu" }] });
  const again = await speak(hub, "sync/txn/status", { client, message: status("transaction_id", transaction) });
  const [outcome] = again.body.message.txnstatus_response.txn_status.search_response;
  expect(outcome).toMatchObject({ reference_id: "satu", status: "succ" });
  expect(outcome).not.toHaveProperty("data");
  const [foreign, unknown] = await Promise.all(
    [correlation, randomUUID()].map((id) => speak(hub, "sync/txn/status", { message: status("correlation_id", id) })),
  );
  const shape = ({ status: code, body }: typeof answer) => ({
    code,
    status: body.header.status,
    items: body.message.txnstatus_response,
  });
  const bare = (one: typeof answer) => JSON.stringify(shape(one)).replaceAll(/[0-9a-f-]{36}/g, "");
  expect(bare(foreign as typeof answer)).toBe(bare(unknown as typeof answer));
  expect(shape(foreign as typeof answer)).toMatchObject({ code: 200, status: "rjct" });
});

test("a status that is asked for later comes to the callback for it", async () => {
  const { body } = await speak(hub, "txn/status", { message: status("transaction_id", "tidak ada") });
  expect(body.message.ack_status).toBe("ACK");
  await expect.poll(() => calledAt("txn/on-status").length, WAIT).toBe(1);
  const [called] = calledAt("txn/on-status");
  expect(called?.body.header).toMatchObject({ action: "txn-on-status", status: "rjct" });
  expect(called?.body.message.correlation_id).toBe(body.message.correlation_id);
});

test("a subscriber is told of what it subscribed to, in the standard's dress, and after unsubscribing hears nothing", async () => {
  const { body } = await speak(hub, "subscribe", { message: { subscribe_request: [wish("REGISTER")] } });
  expect(body.message.ack_status).toBe("ACK");
  await expect.poll(() => calledAt("on-subscribe").length, WAIT).toBe(1);
  const [answer] = calledAt("on-subscribe")[0]?.body.message.subscribe_response ?? [];
  expect(answer).toMatchObject({ reference_id: "kabar", status: "succ", subscriptions: [{ status: "subscribe" }] });
  const { code } = answer.subscriptions[0];
  const place = () =>
    governed(hub, (sql) => sql`select position from governance.event_progress where subscription_id = ${channel.id}`);
  await expect.poll(async () => (await place())[0]?.["position"], WAIT).not.toBeNull();
  await tell(hub.urls, 3, HERE);
  const heard = () => calledAt("notify").flatMap((one) => one.body.message.notify_event);
  await expect.poll(() => heard().length, WAIT).toBe(3);
  expect(heard()[0]).toMatchObject({
    data: { reg_event_type: "REGISTER", reg_records: { subscription_code: code, code: "ACTIVE" } },
  });
  for (const secret of [siti.id, siti.nik, siti.fullName]) expect(JSON.stringify(heard())).not.toContain(secret);
  await speak(hub, "unsubscribe", {
    message: { timestamp: new Date().toISOString(), sunscription_codes: [code] },
  });
  await expect.poll(() => calledAt("on-unsubscribe").length, WAIT).toBe(1);
  expect(calledAt("on-unsubscribe")[0]?.body.message).toMatchObject({
    status: "succ",
    subscription_status: [{ code, status: "unsubscribe" }],
  });
  partner.called.length = 0;
  const before = BigInt((await place())[0]?.["position"]);
  await tell(hub.urls, 2, HERE);
  await expect.poll(async () => BigInt((await place())[0]?.["position"]) >= before + 2n, WAIT).toBe(true);
  expect(heard()).toEqual([]);
});

test("what is no object is an item that says nothing, and a sender_uri of null is as good as none", async () => {
  const { status: code, body } = await speak(hub, "subscribe", { sender_uri: null, message: { subscribe_request: [null, 1] } });
  expect([code, body.message.ack_status]).toEqual([200, "ACK"]);
  await expect.poll(() => calledAt("on-subscribe").length, WAIT).toBe(1);
  const answers = calledAt("on-subscribe")[0]?.body.message.subscribe_response;
  expect(answers.map((one: Record<string, unknown>) => [one["reference_id"], one["status_reason_code"]])).toEqual([
    ["", "rjct.reference_id.invalid"],
    ["", "rjct.reference_id.invalid"],
  ]);
  const asked = await speak(hub, "search", { client: "bpjs-kesehatan", message: { search_request: [null] } });
  const message = status("correlation_id", asked.body.message.correlation_id);
  expect((await speak(hub, "sync/txn/status", { client: "bpjs-kesehatan", message })).status).toBe(200);
});

const channelRows = () =>
  governed(hub, (sql) => sql`select id from governance.dci_subscription where channel_id = ${channel.id} and ended_at is null`);

test("a subscription whose message has no room is not in force, and one whose end has none does not end", async () => {
  const fill = () =>
    governed(
      hub,
      (sql) => sql`insert into governance.dci_transaction
        (id, client_id, agreement_number, version, registry, action, transaction_id, sealed, state, expires_at)
      select gen_random_uuid(), 'dinsos-banyuwangi', 'PKS-2025-004', 1, 'sr', 'txn-status', 'penuh', 'x'::bytea, 'waiting', clock_timestamp()
      from generate_series(1, 100 - (select count(*)::int from governance.dci_transaction
        where client_id = 'dinsos-banyuwangi' and sealed is not null))`,
    );
  await speak(hub, "subscribe", { message: { subscribe_request: [wish("PAYMENT_CHANGED")] } });
  const [one] = await channelRows();
  const open = () =>
    governed(
      hub,
      (sql) => sql`select id from governance.dci_transaction where client_id = 'dinsos-banyuwangi' and sealed is not null`,
    );
  await expect.poll(async () => (await open()).length, WAIT).toBe(0); // none ends from now on and makes room
  await fill();
  expect((await speak(hub, "subscribe", { message: { subscribe_request: [wish("UPDATE")] } })).status).toBe(429);
  const codes = { timestamp: new Date().toISOString(), subscription_codes: [one?.["id"]] };
  expect((await speak(hub, "unsubscribe", { message: codes })).status).toBe(429);
  expect(await channelRows()).toEqual([one]);
  await governed(
    hub,
    (sql) => sql`update governance.dci_transaction set state = 'expired', sealed = null, ended_at = clock_timestamp()
    where transaction_id = 'penuh'`,
  );
  await speak(hub, "unsubscribe", { message: codes });
  expect(await channelRows()).toEqual([]);
});

test("what was asked under a key of before ends as expired, whether it is sent or fetched", async () => {
  const ask = (channelId: string | null, state: string) =>
    governed(
      hub,
      (sql) => sql`insert into governance.dci_transaction
        (id, client_id, agreement_number, version, registry, action, transaction_id, sealed, state, channel_id, expires_at)
      select gen_random_uuid(), 'dinsos-banyuwangi', 'PKS-2025-004', (select max(version) from governance.dci_transaction where
        client_id = 'dinsos-banyuwangi' and transaction_id <> 'penuh'), 'sr', 'search', gen_random_uuid()::text, 'kunci lama'::bytea,
        ${state}, ${channelId}, clock_timestamp() + interval '1 hour' returning id`,
    );
  const [sent] = await ask(channel.id, "queued");
  await expect.poll(async () => (await kept(String(sent?.["id"])))?.["state"], WAIT).toBe("expired");
  const [fetched] = await ask(null, "waiting");
  const told = await speak(hub, "sync/txn/status", { message: status("correlation_id", String(fetched?.["id"])) });
  expect([told.status, told.body.header.status]).toEqual([200, "rjct"]);
  expect((await kept(String(fetched?.["id"])))?.["state"]).toBe("expired");
});

test("a message that ended its gateways as often as it may be tried is taken by none any more", async () => {
  const id = randomUUID();
  await governed(hub, (sql) =>
    sql.begin(async (tx) => {
      await tx`insert into governance.dci_transaction
          (id, client_id, agreement_number, version, registry, action, transaction_id, sealed, state, channel_id, expires_at)
        values (${id}, 'dinsos-banyuwangi', 'PKS-2025-004', 1, 'sr', 'search', ${id}, 'x'::bytea, 'queued', ${channel.id}, clock_timestamp() + interval '1 hour')`;
      return tx`update governance.dci_transaction set state = 'running', attempts = 3, lease = gen_random_uuid(), leased_until = clock_timestamp() - interval '1 second'
        where id = ${id} returning id`;
    }),
  );
  const store = new Transactions(hub.urls.gateway);
  expect((await store.lease(100, 3)).map((leased) => leased.id)).not.toContain(id);
  await store.expire(3);
  await store.close();
  expect(await kept(id)).toMatchObject({ state: "failed", attempts: 3, sealed: null });
});

test("a search's number is one of an agreement and a registry", async () => {
  const rows = await governed(hub, (sql) => sql`select indexdef from pg_indexes where indexname = 'dci_transaction_search'`);
  expect(rows[0]?.["indexdef"]).toContain("(client_id, agreement_number, registry, transaction_id)");
});

test("what a subscription cannot mean is refused item by item, and who may not see the feed subscribes to nothing", async () => {
  const one = { type: "UIN", value: siti.nik };
  const many = { attribute_name: "decile", operator: "le", attribute_value: 3 };
  const items = [wish("LiveBirth", {}, "a"), wish("UPDATE", one, "b"), wish("UPDATE", [{ seq_num: 1, expression1: many }], "c")];
  await speak(hub, "subscribe", { message: { subscribe_request: [...items, wish("UPDATE", {}, "c")] } });
  await expect.poll(() => calledAt("on-subscribe").length, WAIT).toBe(1);
  const answers = calledAt("on-subscribe")[0]?.body.message.subscribe_response;
  expect(answers.map((answer: Record<string, unknown>) => answer["status_reason_code"])).toEqual([
    ...["rjct.notify_types.invalid", "rjct.person_id.invalid", "rjct.notify_details.invalid", "rjct.reference_id.duplicate"],
  ]);
  const refused = await speak(hub, "subscribe", { client: "bappenas", message: { subscribe_request: [wish("UPDATE")] } });
  expect(refused.status).toBeGreaterThanOrEqual(400);
});

test("a client has so many messages open and no more, and what nobody fetches is gone when its time is over", async () => {
  const client = "bpjs-kesehatan";
  await governed(
    hub,
    (sql) => sql`insert into governance.dci_transaction
        (id, client_id, agreement_number, version, registry, action, transaction_id, sealed, state, expires_at)
      select gen_random_uuid(), ${client}, 'PKS-2025-002', 1, 'sr', 'search', 'banyak ' || n, 'rahasia'::bytea, 'waiting', clock_timestamp()
      from generate_series(1, 99) n`,
  );
  const asked = () => speak(hub, "search", { client, message: { search_request: [household(home)] } });
  await expect.poll(async () => (await asked()).status, WAIT).toBe(429);
  const store = new Transactions(hub.urls.gateway);
  await store.expire(3);
  await store.close();
  const left = await governed(
    hub,
    (sql) => sql`select state, sealed from governance.dci_transaction where transaction_id like 'banyak %'`,
  );
  expect(new Set(left.map(({ state, sealed }) => `${state} ${sealed}`))).toEqual(new Set(["expired null"]));
  expect((await asked()).status).toBe(200);
});

test("an agreement that is stopped meanwhile ends it: nothing is answered, and what was asked is gone", async () => {
  partner.answer = () => 503;
  const id = (await search()).body.message.correlation_id;
  await expect.poll(() => answersTo(id).length, WAIT).toBeGreaterThan(0);
  const later = (at: string) =>
    governed(
      hub,
      (sql) => sql`update governance.dci_transaction set next_at = ${at} where id = ${id} and state = 'queued' returning id`,
    );
  await expect.poll(async () => (await later("2999-01-01")).length, WAIT).toBe(1);
  await governed(hub, (sql) => suspend(sql, "PKS-2025-004"));
  await expect.poll(async () => (await search()).status, WAIT).toBe(403);
  partner.called.length = 0;
  partner.answer = () => 200;
  await later("2000-01-01");
  await expect.poll(async () => (await kept(id))?.["state"], WAIT).toBe("failed");
  expect(await kept(id)).toMatchObject({ code: "AGREEMENT_SUSPENDED", sealed: null });
  expect(partner.called).toEqual([]);
});

test("in the sandbox a partner's callbacks on any port of this machine are agreed, in its steward's hands, and addresses of other machines are not", async () => {
  await seedChannels(hub.urls.governance.owner);
  await seedChannels(hub.urls.governance.owner);
  const client = "kemensos";
  const asked = (uri: string) =>
    speak(hub, "search", { client, sender_uri: uri, message: { search_request: [household(home)] } });
  const { body } = await asked(`${partner.base.replace("127.0.0.1", "localhost")}/registry/on-search`);
  await expect.poll(async () => (await kept(body.message.correlation_id))?.["state"], WAIT).toBe("delivered");
  expect(answersTo(body.message.correlation_id)).toHaveLength(1);
  for (const uri of ["https://mitra.example/", "http://127.0.0.1.mitra.example/", "http://10.0.0.1:3336/"])
    expect((await asked(uri)).body.errors[0].code).toBe("err.sender_uri.invalid");
  const revoke = `mutation ($id: ID!, $version: Int!) {
    revokeEventSubscription(id: $id, version: $version, reason: "tidak dipakai") { state } }`;
  const list = await hub.as("steward.kemensos").ask("{ eventSubscriptions(first: 100) { id version client url } }");
  const [made, ...more] = list.data["eventSubscriptions"].filter((one: { client: string }) => one.client === client);
  expect([made.url, more]).toEqual(["http://127.0.0.1:3336/", []]);
  await hub.as("steward.kemensos").ask(revoke, { id: made.id, version: made.version });
  await seedChannels(hub.urls.governance.owner);
  expect((await asked(partner.base)).body.errors[0].code).toBe("err.sender_uri.invalid");
});
