import { beforeAll, describe, expect, test } from "vitest";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { release } from "../../subgraphs/statistics/intake/cellKit.ts";

// Keys by which a spreadsheet polls released figures: what they open, and all that ends them.

const heard: string[] = [];
const hub = useHub({}, { heard: (_, line) => heard.push(line) });

beforeAll(async () => {
  const { owner } = hub.urls.statistics;
  await release(owner, "BUDGET", { "2026-10": [["0", ["PKH", "*"], 40, 60, 1_000_000]] });
  await release(owner, "BENEFICIARIES", { "2026-10": [["0", ["PKH"], 40]] });
});

const OPEN =
  "mutation ($input: OpenFeedKeyInput!) { openFeedKey(input: $input) { key { id cubes label client expiresAt closedAt agreement { number } } secret token } }";
const CLOSE = "mutation ($id: ID!) { closeFeedKey(id: $id) { id closedAt } }";
const LIST = "{ feedKeys { id label closedAt } }";
const INPUT = {
  agreement: "PKS-2025-004",
  client: "dinsos-banyuwangi",
  cubes: ["BUDGET"],
  label: "Lembar kerja bidang perencanaan",
};

async function opened(input: object = {}, steward = "steward.dinsos_banyuwangi") {
  const { data, text } = await hub.as(steward).ask(OPEN, { input: { ...INPUT, ...input } });
  if (!data?.["openFeedKey"]) throw new Error(text);
  return data["openFeedKey"] as { key: { id: string }; secret: string; token: string };
}
async function poll(
  authorization: string,
  path = "/v1/export/BUDGET?format=json&filter.program=PKH&dimensions=program",
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${hub.gatewayUrl}${path}`, { headers: { authorization, ...headers } });
  const text = await response.text();
  const told = text.startsWith("{") ? JSON.parse(text) : {};
  return {
    status: response.status,
    headers: response.headers,
    rows: told.rows?.length,
    code: told.errors?.[0]?.extensions.code,
    text,
  };
}
const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;

describe("a feed key", () => {
  test("opens the cubes it names, by user and password or as a token, in its client's name and on record", async () => {
    const { key, secret, token } = await opened();
    expect(key).toMatchObject({
      cubes: ["BUDGET"],
      client: "dinsos-banyuwangi",
      agreement: { number: "PKS-2025-004" },
      closedAt: null,
    });
    const [first, second] = [await poll(basic(key.id, secret)), await poll(`Bearer ${token}`)];
    expect([first.status, first.rows, second.status, second.rows]).toEqual([200, 1, 200, 1]);
    const receipt = first.headers.get("x-receipt");
    const rows = await asRole(
      hub.urls.governance.owner,
      (sql) => sql`select body from governance.entry where request_id = ${receipt}`,
    );
    expect(rows.map((row) => JSON.parse(row["body"]))).toContainEqual(
      expect.objectContaining({ client: "dinsos-banyuwangi", agreement: "PKS-2025-004" }),
    );
  });

  test("opens no other cube, no question and no other door", async () => {
    const { token } = await opened();
    expect(await poll(`Bearer ${token}`, "/v1/export/BENEFICIARIES?format=json")).toMatchObject({
      status: 403,
      code: "FORBIDDEN",
    });
    const response = await fetch(hub.url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        accept: "application/graphql-response+json",
      },
      body: JSON.stringify({ query: "{ cubes { code } }" }),
    });
    expect([response.status, ((await response.json()) as any).errors[0].extensions.code]).toEqual([401, "UNAUTHENTICATED"]);
    for (const path of ["/schema.graphql", "/me/copy", "/events", "/receipts/x"])
      expect([path, (await poll(`Bearer ${token}`, path)).status]).toEqual([path, 401]);
  });

  test("asks under its own agreement and for itself, whatever headers say", async () => {
    const { token } = await opened();
    const other = await poll(`Bearer ${token}`, undefined, { "hub-agreement": "PKS-2025-001", "hub-try-as": "PKS-2025-001" });
    expect(other.status).toBe(200);
  });

  test("shown once is nowhere else: not in the database, not in a log, not in what is listed", async () => {
    const { secret, token } = await opened();
    const { status } = await poll(`Bearer ${token}`);
    expect(status).toBe(200);
    expect(heard.length, "something was logged").toBeGreaterThan(0);
    expect(heard.filter((line) => line.includes(secret))).toEqual([]);
    const kept = await asRole(
      hub.urls.governance.owner,
      (sql) => sql`select to_jsonb(k)::text as row from governance.feed_key k union all select body from governance.entry`,
    );
    expect(kept.filter((row) => String(row["row"]).includes(secret))).toEqual([]);
    const refused = asRole(hub.urls.governance.runtime, (sql) => sql`select secret_sha256 from governance.feed_key`);
    await expect(refused).rejects.toMatchObject({ code: "42501" });
  });
});

describe("a key that is no good", () => {
  test("gets one and the same answer, whether it is unknown, its secret wrong or its form", async () => {
    const { key, token } = await opened();
    const wrong = [
      `Bearer ${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`,
      `Bearer hubfk_00000000-0000-4000-8000-000000000000_${"x".repeat(43)}`,
      basic(key.id, "secret"),
      basic("", ""),
      basic(key.id, `${"x".repeat(43)}:more`),
      "Bearer hubfk_x",
    ];
    const answers: Awaited<ReturnType<typeof poll>>[] = [];
    for (const one of wrong) answers.push(await poll(one));
    const shape = ({ status, code, headers }: (typeof answers)[number]) => [status, code, headers.get("www-authenticate")];
    expect(new Set(answers.map((one) => JSON.stringify(shape(one)))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
  });

  test("is closed by a steward, once, and from the next question on", async () => {
    const { key, token } = await opened();
    expect((await poll(`Bearer ${token}`)).status).toBe(200);
    const closed = await hub.as("dpo.dinsos_banyuwangi").ask(CLOSE, { id: key.id });
    expect(closed.data?.["closeFeedKey"].closedAt).not.toBeNull();
    expect(await poll(`Bearer ${token}`)).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
    expect((await hub.as("steward.dinsos_banyuwangi").ask(CLOSE, { id: key.id })).errors[0]?.extensions["code"]).toBe(
      "BAD_USER_INPUT",
    );
  });

  test("ends on its day, and with its client", async () => {
    const { key, token } = await opened({ days: 1 });
    await asRole(hub.urls.governance.owner, async (sql) => {
      await sql`alter table governance.feed_key disable trigger feed_key_rules`;
      await sql`update governance.feed_key set made_at = made_at - interval '2 days', expires_at = expires_at - interval '2 days' where id = ${key.id}`;
      await sql`alter table governance.feed_key enable trigger feed_key_rules`;
    });
    expect((await poll(`Bearer ${token}`)).status).toBe(401);
    const { token: ofClient } = await opened();
    const turn = (status: string) =>
      asRole(hub.urls.governance.owner, async (sql) => {
        await sql`update governance.client set status = ${status} where id = 'dinsos-banyuwangi'`;
      });
    await turn("SUSPENDED");
    await expect.poll(async () => (await poll(`Bearer ${ofClient}`)).status, { timeout: 10_000 }).toBe(403);
    await turn("ACTIVE");
    await expect.poll(async () => (await poll(`Bearer ${ofClient}`)).status, { timeout: 10_000 }).toBe(200);
  });

  test("is opened by nobody but a steward of the consumer, for its own client and registered cubes", async () => {
    const tried = async (steward: string, input: object) =>
      (await hub.as(steward).ask(OPEN, { input: { ...INPUT, ...input } })).errors[0]?.extensions["code"];
    expect(await tried("steward.kemensos", {})).toBe("FORBIDDEN");
    expect(await tried("dpo.dinsos_banyuwangi", {})).toBe("FORBIDDEN");
    expect(await tried("steward.dinsos_banyuwangi", { client: "kemensos" })).toBe("BAD_USER_INPUT");
    expect(await tried("steward.dinsos_banyuwangi", { cubes: ["SALARIES"] })).toBe("BAD_USER_INPUT");
    expect(await tried("steward.dinsos_banyuwangi", { cubes: [] })).toBe("BAD_USER_INPUT");
    expect(await tried("steward.dinsos_banyuwangi", { days: 366 })).toBe("BAD_USER_INPUT");
    expect(await tried("steward.dinsos_banyuwangi", { label: "NIK 3510014107909001" })).toBe("BAD_USER_INPUT");
    expect(await tried("steward.dinsos_banyuwangi", { agreement: "PKS-2025-104" })).toBe("BAD_USER_INPUT");
  });

  test("is listed for its own agency and no other", async () => {
    await opened();
    const mine = await hub.as("steward.dinsos_banyuwangi").ask(LIST);
    expect(mine.data?.["feedKeys"].length).toBeGreaterThan(0);
    expect((await hub.as("steward.kemensos").ask(LIST)).data?.["feedKeys"]).toEqual([]);
    expect((await hub.as("dinsos-banyuwangi").ask(LIST)).errors.length).toBeGreaterThan(0);
  });
});

// last: wrong keys of this address are no longer told from one another for a minute
test("who guesses is no longer listened to, and shuts out nobody whose key is right: one proxy's address is that of many", async () => {
  const { token } = await opened();
  const guess = `Bearer hubfk_00000000-0000-4000-8000-000000000000_${"x".repeat(43)}`;
  const answers: number[] = [];
  for (let n = 0; n < 30; n++) answers.push((await poll(guess)).status);
  expect(answers.at(-1)).toBe(429);
  expect((await poll("Basic YTpi")).status, "whatever it is").toBe(429);
  expect((await poll(`Bearer ${token}`)).status).toBe(200);
  expect((await poll(`Bearer ${await hub.tokenOf("dinsos-banyuwangi")}`)).status, "tokens are not guessed").toBe(200);
});
