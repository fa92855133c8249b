import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rawClient } from "../../../../drizzle/client.ts";
import { type Leased, Ledger } from "../../../../gateway/border/events/store.ts";
import { useDatabases } from "../../../kit/database.ts";

const { urls } = useDatabases();
const id = randomUUID();
let owner: ReturnType<typeof rawClient>;
let ledger: Ledger;
beforeAll(async () => {
  owner = rawClient(urls.governance.owner, { max: 1 });
  ledger = new Ledger(urls.gateway, randomUUID());
  await owner`insert into governance.event_subscription (id, agreement_number, client_id, url, programs, kinds, state, made_by, made_at, approved_by)
    values (${id}, 'PKS-2025-004', 'dinsos-banyuwangi', 'https://partner.example/x', '{}', '{}', 'ACTIVE', 'steward.dinsos_banyuwangi', now(), 'steward.kemensos')`;
  await owner`insert into governance.event_progress (subscription_id, position) values (${id}, 100)`;
});
afterAll(async () => {
  await Promise.all([owner.end(), ledger.close()]);
});

const lateLease = async (): Promise<Leased> => {
  await owner`update governance.event_progress set leased_until = clock_timestamp() - interval '1 second', next_at = clock_timestamp() where subscription_id = ${id}`;
  const [leased] = await ledger.lease(1);
  if (!leased) throw new Error("nobody is at it, so it is to be had");
  return leased;
};
const progress = async () => {
  const [row] =
    await owner`select position::text, lease::text, code from governance.event_progress where subscription_id = ${id}`;
  return row;
};

test("threat: of two deliveries of one gateway the late one neither moves the place, nor frees the lease, nor gives up or pauses for the other", async () => {
  const late = await lateLease();
  const { lease } = await lateLease();
  expect(late.lease).not.toBe(lease);
  expect(await ledger.renew(late.lease)).toBe(false);
  await ledger.advance(lease, "300", true);
  await ledger.advance(late.lease, "200", true);
  const message = { after: "100", until: "200", code: "HTTP_500" };
  await ledger.failed(late.lease, { ...message, waitMs: 1 });
  await ledger.giveUp(late.lease, { ...message, attempts: 10 });
  await ledger.gap(late.lease, "900", "NO_LONGER_KEPT");
  await ledger.astray(late.lease, { code: "UNREACHABLE", waitMs: 1 });
  await ledger.release(late.lease, { code: "TIMEOUT", waitMs: 1 });
  expect(await progress()).toEqual({ position: "300", lease, code: null });
  expect(await owner`select id from governance.dead_event where subscription_id = ${id}`).toHaveLength(0);
  expect(await ledger.renew(lease)).toBe(true);
});

test("threat: a place never goes back, and who has given up a message holds the subscription no longer", async () => {
  const { lease } = await lateLease();
  await ledger.advance(lease, "250", true);
  expect(await progress()).toMatchObject({ position: "300" });
  await ledger.giveUp(lease, { after: "300", until: "400", code: "HTTP_500", attempts: 10 });
  const [next] = await ledger.lease(1);
  await ledger.release(lease, { code: null, waitMs: 60_000 });
  expect(await progress()).toMatchObject({ position: "400", lease: next?.lease });
});
