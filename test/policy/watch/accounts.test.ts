import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { account } from "../../../drizzle/watch/accounting.ts";
import { raise } from "../../../drizzle/watch/alerts.ts";
import { deliver, SIGNATURE_HEADER, signatureOf } from "../../../drizzle/watch/deliver.ts";
import { leafHash } from "../../../schema/record/leaf.ts";
import { asRole, asServer, useDatabases } from "../../kit/database.ts";
import { alertsOf, asLog, recorded } from "./kit.ts";

const { urls } = useDatabases();

const days = () =>
  asRole(urls.governance.runtime, async (sql) => [
    ...(await sql`select day::text, client, agreement, status, disclosure, requests, subjects::int from governance.usage_day
      order by day, client, agreement, status, disclosure`),
  ]);
const fields = () =>
  asRole(urls.governance.runtime, async (sql) => [
    ...(await sql`select day::text, agreement, coordinate, outcome, requests from governance.usage_field order by 1, 2, 3, 4`),
  ]);

test("requests, subjects and fields are counted by day in western Indonesia, once, whenever the counting stops and goes on", async () => {
  const asked = {
    client: "kemensos",
    more: { shown: ["Person.fullName"], masked: ["Person.nik"], denied: ["Person.motherName"], subjects: 3 },
  };
  await recorded(urls, [
    { at: "2026-03-02T16:59:59Z", ...asked },
    { at: "2026-03-02T17:00:00Z", ...asked },
  ]);
  await asLog(urls, account);
  await recorded(urls, [{ at: "2026-03-03T01:00:00Z", ...asked }]);
  await Promise.all([asLog(urls, account), asLog(urls, account)]);
  await asLog(urls, account);
  const of = { client: "kemensos", agreement: "PKS-2025-001", status: "ANSWERED", disclosure: "IMMEDIATE" };
  expect(await days()).toEqual([
    { day: "2026-03-02", ...of, requests: 1, subjects: 3 },
    { day: "2026-03-03", ...of, requests: 2, subjects: 6 },
  ]);
  const field = (day: string, requests: number) =>
    [
      ["Person.fullName", "SHOWN"],
      ["Person.motherName", "DENIED"],
      ["Person.nik", "MASKED"],
    ].map(([coordinate, outcome]) => ({ day, agreement: "PKS-2025-001", coordinate, outcome, requests }));
  expect(await fields()).toEqual([...field("2026-03-02", 1), ...field("2026-03-03", 2)]);
});

test("an announcement is no request; parts of a streamed answer add subjects only; who was refused before an agreement was known counts too", async () => {
  const at = "2026-04-01T03:00:00Z";
  await recorded(urls, [
    { at, client: "streams", more: { status: "INTENDED", asked: ["Person.nik"], subjects: 9 } },
    { at, client: "streams", more: { part: 1, of: "x", subjects: 40, shown: ["Person.nik"] } },
    { at, client: "streams", more: { part: 2, of: "x", subjects: 2, shown: ["Person.nik"] } },
    { at, client: "streams", more: { shown: ["Person.nik"] } },
    { at, more: { client: null, agency: null, agreement: null, purpose: null, status: "UNAUTHENTICATED" } },
  ]);
  await asLog(urls, account);
  expect((await days()).filter(({ day }) => day === "2026-04-01")).toEqual([
    {
      day: "2026-04-01",
      client: "",
      agreement: "",
      status: "UNAUTHENTICATED",
      disclosure: "IMMEDIATE",
      requests: 1,
      subjects: 0,
    },
    ...[
      {
        day: "2026-04-01",
        client: "streams",
        agreement: "PKS-2025-001",
        status: "ANSWERED",
        disclosure: "IMMEDIATE",
        requests: 1,
        subjects: 42,
      },
    ],
  ]);
  expect((await fields()).filter(({ day }) => day === "2026-04-01")).toMatchObject([{ coordinate: "Person.nik", requests: 1 }]);
});

test("public answers that went unrecorded while the store was down are counted by the entry that says how many", async () => {
  const more = { client: null, agency: null, agreement: null, purpose: null, status: "UNRECORDED", unrecorded: 12 };
  await recorded(urls, [{ at: "2026-04-02T03:00:00Z", more }]);
  await asLog(urls, account);
  expect((await days()).filter(({ status }) => status === "UNRECORDED")).toMatchObject([{ requests: 12 }]);
});

test("an entry somebody made unreadable is counted as such, and the counting goes on behind it", async () => {
  const leaf = leafHash('{"v":2,');
  await asServer(
    urls.record,
    (sql) => sql`insert into governance.entry (at, leaf, body) values ('2026-04-05T03:00:00Z', ${leaf}, '{"v":2,')`,
  );
  await recorded(urls, [{ at: "2026-04-05T03:00:01Z", client: "behind" }]);
  await asLog(urls, account);
  expect((await days()).filter(({ day }) => day === "2026-04-05")).toMatchObject([
    { client: "", status: "UNREADABLE", requests: 1 },
    { client: "behind", status: "ANSWERED", requests: 1 },
  ]);
});

test("a question under broken glass is told later, and counted so", async () => {
  await recorded(urls, [{ at: "2026-04-03T03:00:00Z", client: "glass", more: { brokenGlass: true, shown: ["Person.nik"] } }]);
  await asLog(urls, account);
  expect((await days()).filter(({ client }) => client === "glass")).toMatchObject([{ disclosure: "DELAYED", requests: 1 }]);
});

test("of sealed questions is counted how many, and nothing of what they asked", async () => {
  await asRole(
    urls.governance.owner,
    (sql) =>
      sql`insert into governance.purpose (code, name, legal_basis, citation, disclosure) values ('COURT', 'Peradilan', 'LEGAL_OBLIGATION', 'KUHAP', 'SEALED')`,
  );
  await recorded(urls, [
    { at: "2026-05-01T03:00:00Z", client: "court", more: { purpose: "COURT", shown: ["Person.nik"], subjects: 1 } },
  ]);
  await asLog(urls, account);
  expect((await days()).filter(({ client }) => client === "court")).toMatchObject([{ disclosure: "SEALED", requests: 1 }]);
  expect((await fields()).filter(({ day }) => day === "2026-05-01")).toEqual([]);
});

/** A receiver that answers as told and keeps what it heard. */
async function receiver() {
  let status = 200;
  const heard: { body: string; signature: unknown }[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      heard.push({ body: Buffer.concat(pieces).toString(), signature: request.headers[SIGNATURE_HEADER] });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    heard,
    answer: (next: number) => {
      status = next;
    },
    close: () => new Promise((done) => server.close(done)),
  };
}

test("the webhook hears of each alert, signed, again until it says it has it, and then never again", async () => {
  const hook = await receiver();
  const send = () => asLog(urls, (sql) => deliver(sql, { url: hook.url, secret: "s".repeat(32) }));
  const due = () =>
    asLog(urls, (sql) => sql`update governance.watch_alert set next_attempt_at = clock_timestamp() where delivered_at is null`);
  const quota = (number: string) => ({ kind: "QUOTA_NEARING" as const, agreement: number, detail: { used: 9 }, once: number });
  await asLog(urls, (sql) => raise(sql, [quota("A"), quota("B"), quota("A")]));
  hook.answer(503);
  await send();
  expect(hook.heard).toHaveLength(1);
  await send();
  expect(hook.heard, "all wait after a failure").toHaveLength(1);
  expect(await alertsOf(urls, "QUOTA_NEARING")).toMatchObject([{ attempts: 1, isDelivered: false }, { attempts: 0 }]);
  hook.answer(204);
  await due();
  await send();
  await send();
  const told = hook.heard.map(({ body }) => JSON.parse(body));
  expect(told.map(({ agreement }) => agreement)).toEqual(["A", "A", "B"]);
  expect(told[0].id).toBe(told[1].id);
  expect(Object.keys(told[0])).toEqual(["id", "at", "kind", "agency", "client", "agreement", "detail"]);
  for (const { body, signature } of hook.heard) expect(signature).toBe(signatureOf(body, "s".repeat(32)));
  expect(await alertsOf(urls, "QUOTA_NEARING")).toMatchObject([{ attempts: 2, isDelivered: true }, { isDelivered: true }]);
  await hook.close();
});

test("a receiver that is not there costs an attempt and nothing else", async () => {
  await asLog(urls, async (sql) => {
    await raise(sql, [{ kind: "CHECKPOINT_STALE", detail: {}, once: "gone" }]);
    await deliver(sql, { url: "http://127.0.0.1:1/", secret: "x" });
  });
  expect(await alertsOf(urls, "CHECKPOINT_STALE")).toMatchObject([{ attempts: 1, isDelivered: false }]);
});
