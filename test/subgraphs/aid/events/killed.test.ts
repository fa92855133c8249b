import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { useHub } from "../../../kit/hub.ts";
import { siti } from "../../../kit/people.ts";
import { isNightly } from "../../../kit/vitest/nightly.ts";
import { freePorts } from "../../../kit/vitest/ports.ts";
import { follow, tell } from "./kit.ts";
import { governed, revokeAll, standing, subscribed, useReceiver } from "./webhooksKit.ts";

const hub = useHub();
const receiver = useReceiver();
const WAIT = { timeout: 45_000, interval: 50 };
const SUBSCRIPTIONS = 6;
const HERE = { region: "3510161001", person: siti.id };
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
});

/** A second gateway, in a process of its own, on the same databases, subgraphs and issuer. Resolves with its address when it listens. */
async function secondGateway(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const urls = [...hub.slices].map(([name, { url }]) => [`HUB_SUBGRAPH_URL_${name.toUpperCase()}`, url]);
  const [, claims = ""] = (await hub.tokenOf("bpjs-kesehatan")).split(".");
  const env = {
    ...process.env,
    HUB_ENV: "dev",
    HUB_PORT: String((await freePorts(1))[0]),
    HUB_LOG_LEVEL: "silent",
    HUB_OIDC_ISSUER: JSON.parse(Buffer.from(claims, "base64url").toString()).iss,
    HUB_DATABASE_URL_GATEWAY: hub.urls.gateway,
    HUB_DATABASE_URL_RECORD: hub.urls.record,
    ...Object.fromEntries(urls),
  };
  const cwd = fileURLToPath(new URL("../../../..", import.meta.url));
  const child = spawn(process.execPath, ["cli/hub.js", "gateway"], { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
  started.push(child);
  let said = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on("data", (text) => {
      said += text;
      const [, address] = /listens on (\S+)/.exec(said) ?? [];
      if (address) resolve(address);
    });
    child.once("exit", () => reject(new Error(said)));
  });
  return { child, url };
}

test("a stream that dies with its gateway goes on at another, without gap or double", async () => {
  const headers = { authorization: `Bearer ${await hub.tokenOf("dinsos-banyuwangi")}` };
  const { child, url } = await secondGateway();
  const dying = await follow(new URL("/events", url), headers);
  await dying.opened();
  await tell(hub.urls, 5, HERE);
  const seen = await dying.events(5);
  child.kill("SIGKILL");
  await dying.ended;
  await tell(hub.urls, 5, HERE);
  const next = await follow(new URL("/events", hub.gatewayUrl), { ...headers, "last-event-id": seen[4]?.id ?? "" });
  const told = [...seen, ...(await next.events(5))].map(({ id }) => Number(id));
  next.leave();
  const [first = 0] = told;
  expect(told).toEqual(Array.from({ length: 10 }, (_, at) => first + at));
}, 60_000);

const holders = () =>
  governed(
    hub,
    (sql) => sql`select distinct leased_by::text as who from governance.event_progress where leased_until > clock_timestamp()`,
  );

/** What a gateway held that is gone would be free by itself after half a minute. */
const endLeases = (survivor: string) =>
  governed(
    hub,
    (sql) => sql`update governance.event_progress set leased_until = clock_timestamp() where leased_by <> ${survivor}`,
  );

test("of two gateways one is at a webhook at a time, and when one is killed the other leaves out nothing", async () => {
  const first = await subscribed(hub, receiver.url);
  await expect.poll(async () => (await holders()).length, WAIT).toBe(1);
  const [survivor] = await holders();
  const { child } = await secondGateway();
  const all = [first];
  // whoever looks first takes one: make some until the second gateway is at one, too
  await expect
    .poll(async () => {
      if (all.length < SUBSCRIPTIONS) all.push(await subscribed(hub, receiver.url));
      else
        await governed(
          hub,
          (sql) =>
            sql`update governance.event_progress set leased_until = clock_timestamp() where leased_by = ${survivor?.["who"]} and subscription_id <> ${first.id}`,
        );
      return (await holders()).length;
    }, WAIT)
    .toBe(2);
  for (const { id } of all) await expect.poll(async () => (await standing(hub, id)).position, WAIT).not.toBeNull();
  await tell(hub.urls, 40, HERE);
  await expect.poll(() => receiver.got.length, WAIT).toBeGreaterThan(0);
  child.kill("SIGKILL");
  if (!isNightly) await endLeases(String(survivor?.["who"]));
  const isWhole = () => all.every(({ id }) => new Set(placesOf(id)).size === 40);
  await expect.poll(isWhole, WAIT).toBe(true);
  for (const { id } of all) {
    const firstSeen = [...new Set(placesOf(id))];
    expect(firstSeen).toEqual([...firstSeen].sort((a, b) => a - b));
  }
  await revokeAll(hub);
}, 150_000);

const placesOf = (subscription: string): number[] =>
  receiver.got
    .filter(({ body }) => JSON.parse(body).data.subscription === subscription)
    .flatMap(({ events }) => events.map(({ id }) => Number(id)));
