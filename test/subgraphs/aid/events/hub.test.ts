import { expect, test } from "vitest";
import { rawClient } from "../../../../drizzle/client.ts";
import { withoutTriggers } from "../../../kit/database.ts";
import { useHub } from "../../../kit/hub.ts";
import { siti } from "../../../kit/people.ts";
import { resume, suspend } from "../../../kit/policy.ts";
import { follow, tell } from "./kit.ts";

const hub = useHub();
const BANYUWANGI = "3510161001";
const JAKARTA = "3171011001";

const listen = async (
  client: string,
  { after, lastId, path = "/events" }: { after?: string; lastId?: string; path?: string } = {},
) => {
  const url = new URL(path, hub.gatewayUrl);
  if (after !== undefined) url.searchParams.set("after", after);
  return follow(url, {
    authorization: `Bearer ${await hub.tokenOf(client)}`,
    ...(lastId !== undefined && { "last-event-id": lastId }),
  });
};

test("a partner follows what changes in its rows alone, and comes back to where it was without gap or double", async () => {
  const first = await listen("dinsos-banyuwangi");
  await first.opened();
  const [here] = [await tell(hub.urls, 2, { region: BANYUWANGI }), await tell(hub.urls, 3, { region: JAKARTA })];
  const seen = await first.events(2);
  first.leave();
  const later = await tell(hub.urls, 2, { region: BANYUWANGI });
  const second = await listen("dinsos-banyuwangi", { lastId: seen.at(-1)?.id ?? "" });
  const resumed = await second.events(2);
  second.leave();
  const told = [...seen, ...resumed];
  expect(told).toHaveLength(here.length + later.length);
  expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
  expect(told.map(({ id }) => Number(id))).toEqual(told.map(({ id }) => Number(id)).sort((a, b) => a - b));
  expect(told.every(({ event }) => event === "ENROLMENT_CHANGED")).toBe(true);
});

test("a stream carries ids and codes: no NIK, name, address or amount, and enrolments under the partner's own pseudonyms", async () => {
  const stream = await listen("bpjs-kesehatan");
  await stream.opened();
  const enrolment = await hub
    .as("kemensos")
    .ask(`query { enrolments(filter: { program: PBI_JK }, first: 1) { nodes { id person { id } } } }`);
  const [node] = enrolment.data["enrolments"].nodes;
  await tell(hub.urls, 1, { program: "PBI_JK", person: node.person.id, enrolment: node.id });
  const [event] = await stream.events(1);
  stream.leave();
  expect(Object.keys(event?.data ?? {}).sort()).toEqual(["at", "code", "enrolment", "id", "kind", "period", "program"]);
  expect(event?.data).toMatchObject({ kind: "ENROLMENT_CHANGED", program: "PBI_JK", code: "ACTIVE", period: null });
  expect(event?.data["enrolment"]).toMatch(/./);
  for (const secret of [node.id, node.person.id, siti.nik, siti.fullName]) expect(stream.text).not.toContain(secret);
});

test("a suspended agreement ends the stream with the code, and nothing is told after it", async () => {
  const owner = rawClient(hub.urls.governance.owner, { max: 1 });
  try {
    const stream = await listen("dinsos-banyuwangi");
    await stream.opened();
    await suspend(owner, "PKS-2025-004");
    const [closed] = await stream.events(1);
    await stream.ended;
    expect(closed).toMatchObject({ event: "closed", data: { code: "AGREEMENT_SUSPENDED" } });
    await tell(hub.urls, 1, { region: BANYUWANGI });
    expect(stream.text).not.toContain("ENROLMENT_CHANGED");
    const refused = await listen("dinsos-banyuwangi");
    expect(refused.status).toBe(403);
    await resume(owner, "PKS-2025-004");
  } finally {
    await owner.end();
  }
});

test("strangers, partners without a grant, and places that are none or not given yet are answered before a stream begins", async () => {
  const { status } = await follow(new URL("/events", hub.gatewayUrl), {});
  expect(status).toBe(401);
  expect((await listen("bappenas")).status).toBe(403);
  expect((await listen("bpjs-kesehatan", { after: "one" })).status).toBe(400);
  const early = await listen("bpjs-kesehatan", { after: "999999999" });
  expect(early.status).toBe(400);
  await early.ended;
  expect(early.text).toContain("there is no place 999999999 yet");
  expect((await listen("bpjs-kesehatan", { path: "/events?kinds=NONSENSE" })).status).toBe(400);
});

test("a client has at most four streams at one time", async () => {
  const streams = await Promise.all(Array.from({ length: 4 }, () => listen("kemendikdasmen")));
  await Promise.all(streams.map((stream) => stream.opened()));
  expect((await listen("kemendikdasmen")).status).toBe(429);
  for (const stream of streams) stream.leave();
  await expect
    .poll(
      async () => {
        const again = await listen("kemendikdasmen");
        again.leave();
        return again.status;
      },
      { timeout: 10_000 },
    )
    .toBe(200);
});

test("while nothing happens nothing is asked, and every batch is on record as a question of the partner", async () => {
  const entries = async () => {
    const owner = rawClient(hub.urls.governance.owner, { max: 1 });
    const [row] = await owner`select count(*)::int as n from governance.entry where client = 'bpjs-kesehatan'`;
    await owner.end();
    return Number(row?.["n"]);
  };
  const stream = await listen("bpjs-kesehatan");
  await stream.opened();
  const before = await entries();
  await stream.beat();
  expect(await entries()).toBe(before);
  await tell(hub.urls, 1, { program: "PBI_JK" });
  await stream.events(1);
  stream.leave();
  expect(await entries()).toBeGreaterThan(before);
});

test("of a person whose data are restricted nothing is told, and the stream moves on past it", async () => {
  await withoutTriggers(
    hub.urls.governance.owner,
    (sql) => sql`insert into governance.restriction (id, person_id, request_id, imposed_at)
      values (gen_random_uuid(), ${siti.id}, gen_random_uuid(), now())`,
  );
  const stream = await listen("dinsos-banyuwangi");
  await stream.opened();
  await tell(hub.urls, 1, { region: BANYUWANGI, person: siti.id, program: "PKH" });
  await tell(hub.urls, 1, { region: BANYUWANGI, program: "BPNT" });
  const [event] = await stream.events(1);
  stream.leave();
  expect(event?.data["program"]).toBe("BPNT");
  expect(stream.text).not.toContain("PKH");
});
