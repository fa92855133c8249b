import { describe, expect, test } from "vitest";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { budi, siti } from "../../kit/people.ts";

// Addresses about the record that are no GraphQL: each is judged, and on record, as the question it stands for.

const hub = useHub();

async function get(path: string, { client = "portal-warga", person }: { client?: string; person?: string } = {}) {
  const response = await fetch(`${hub.gatewayUrl}${path}`, {
    headers: { authorization: `Bearer ${await hub.tokenOf(client, person)}` },
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : null };
}
const asSiti = { person: siti.id };

describe("a receipt", () => {
  test("tells the agency it was given to what is on record, and nobody else that there is one", async () => {
    const { governance } = await hub.as("kemensos").ask("query ($id: ID!) { person(id: $id) { fullName } }", { id: siti.id });
    const { id, leaf } = governance["receipt"];
    const told = await get(`/receipts/${id}`, { client: "kemensos" });
    expect([told.status, told.json]).toMatchObject([200, { id, leaf, agreement: "PKS-2025-001", status: "ANSWERED" }]);
    expect(told.headers.get("hub-receipt"), "asking for it is on record too").toMatch(/^[\da-f-]{36}$/);
    expect((await get(`/receipts/${id}`, { client: "bpjs-kesehatan" })).status).toBe(404);
    expect((await get("/receipts/none", { client: "kemensos" })).status).toBe(404);
  });
});

describe("the public report", () => {
  test("comes as a table of a year or a month, and of nothing else", async () => {
    const month = await get("/report/2026-11.csv", { client: "bappenas" });
    expect([month.status, month.headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8"]);
    expect(month.text.split("\r\n").length).toBeGreaterThan(5);
    expect((await get("/report/2026.csv", { client: "bappenas" })).status).toBe(200);
    for (const period of ["2026-13", "26", "2026-1", "x"])
      expect([period, (await get(`/report/${period}.csv`, { client: "bappenas" })).status]).toEqual([period, 400]);
  });
});

describe("a person's copy", () => {
  test("comes as a file, about themselves and nobody else, and is on record", async () => {
    const { status, headers, json, text } = await get("/me/copy", asSiti);
    expect([status, headers.get("content-disposition")]).toEqual([200, 'attachment; filename="salinan-data-pribadi.json"']);
    expect(json.data.dataSubject).toMatchObject({ nik: siti.nik, fullName: "SITI AMINAH" });
    expect(text).not.toContain(budi.nik);
    const rows = await asRole(
      hub.urls.governance.owner,
      (sql) => sql`select body from governance.entry where request_id = ${json.extensions.governance.receipt.id}`,
    );
    expect(JSON.parse(rows[0]?.["body"])).toMatchObject({ operation: { name: "Copy" }, agreement: "PKS-2025-008" });
  });
  test("of somebody they do not represent is refused, and no file", async () => {
    const { status, headers } = await get(`/me/copy?representing=${budi.id}`, asSiti);
    expect([status, headers.get("content-disposition")]).toEqual([403, null]);
  });
  test("is nobody's who asks as a client alone", async () => {
    expect((await get("/me/copy", { client: "kemensos" })).status).toBe(403);
  });
});

describe("Estonia's data tracker", () => {
  test("hears that the record answers, and since when it can be told from", async () => {
    const beat = await get("/data-tracker/heartbeat", asSiti);
    expect([beat.status, beat.json]).toEqual([200, { status: "OK", message: expect.any(String) }]);
    const { status, json } = await get("/data-tracker/usagePeriod", asSiti);
    expect([status, Object.keys(json), Number.isNaN(Date.parse(json.periodStart))]).toEqual([200, ["periodStart"], false]);
  });
  test("finds usages in its own shape, and refuses what its protocol does not know", async () => {
    const { status, json } = await get("/data-tracker/findUsage?limit=5&offset=0", asSiti);
    expect([status, json]).toEqual([200, { totalUsages: expect.any(Number), usages: expect.any(Array) }]);
    const bad = await get("/data-tracker/findUsage?limit=many&offset=-1", asSiti);
    expect([bad.status, bad.json.errors[0].extensions.code]).toEqual([400, "BAD_REQUEST"]);
  });
  test("is told nothing about somebody who is not represented, nor without a token", async () => {
    expect((await get(`/data-tracker/findUsage?userCode=${budi.id}`, asSiti)).status).toBe(403);
    for (const path of ["heartbeat", "usagePeriod", "findUsage"])
      expect((await fetch(`${hub.gatewayUrl}/data-tracker/${path}`)).status).toBe(401);
  });
});
