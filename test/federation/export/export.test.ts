import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { release, type Written } from "../../subgraphs/statistics/intake/cellKit.ts";
import { fieldsOf, objectsOf, sheetOf } from "../../unit/export/readBack.ts";

// Files of released figures over HTTP: the same cells as statistics(…), page by page under the caller's own agreement.

const hub = useHub();

/** Forty districts in each of ten regencies. */
const DISTRICTS = Array.from({ length: 400 }, (_, n) => `35${String(10 + Math.floor(n / 40))}${String(10 + (n % 40))}`);
const SEXES = ["FEMALE", "MALE", "UNKNOWN"];
const AGES = ["0-5", "6-12", "13-17", "18-24", "25-44", "45-59", "60-69", "70+", "UNKNOWN"];
const RESIDENTS: Written[] = DISTRICTS.flatMap((region, at) =>
  SEXES.flatMap((sex) => AGES.map((age): Written => [region, [sex, age], sex === "UNKNOWN" ? null : 100 + at])),
);
const BUDGET: Written[] = [
  ["0", ["PKH", "*"], 40, 60, 90_071_992_547_409],
  ["0", ["PKH", "LOST"], null, null, null],
];
const COVERAGE: Written[] = ["35", "3510", "36"].map((region) => [region, ["PKH", "*", "ENTITLED_UNSERVED"], 50]);

beforeAll(async () => {
  const { owner } = hub.urls.statistics;
  await release(owner, "RESIDENTS", { "2026-10": [...RESIDENTS, ["0", ["*", "*"], 999_995]] });
  await release(owner, "BUDGET", { "2026-10": BUDGET });
  await release(owner, "COVERAGE", { "2026-10": COVERAGE });
});

async function get(
  path: string,
  { client = "kemensos", headers = {} }: { client?: string | null; headers?: Record<string, string> } = {},
) {
  const ask = async () =>
    fetch(`${hub.gatewayUrl}${path}`, {
      headers: { ...(client !== null && { authorization: `Bearer ${await hub.tokenOf(client)}` }), ...headers },
    });
  let response = await ask();
  // a hub whose database is slow for a moment says so, and a client comes back
  for (let more = 5; response.status === 503 && more > 0; more -= 1) {
    await pause(500);
    response = await ask();
  }
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = /^application\/(graphql-response\+)?json;/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    json: isJson && bytes.length > 0 ? JSON.parse(bytes.toString()) : null,
  };
}
const pagesOnRecord = async () => {
  const rows = await asRole(hub.urls.governance.owner, (sql) => sql`select body from governance.entry`);
  const said = rows.map((row) => JSON.parse(row["body"]));
  return said.filter(({ operation, status }) => operation?.name === "ExportCells" && status === "ANSWERED").length;
};
const ALL = "/v1/export/RESIDENTS?level=DISTRICT";

describe("a file of a cube", () => {
  test("holds every row of it, in pages that are each on record, and says how many there are", async () => {
    const before = await pagesOnRecord();
    const { status, headers, bytes } = await get(ALL);
    const [head, ...lines] = await fieldsOf(bytes);
    expect(status).toBe(200);
    expect(head).toEqual(["period", "region_code", "sex", "age", "persons", "units", "suppressed", "as_of"]);
    expect(lines.length).toBe(400 * 3 * 9);
    expect(lines[0]).toEqual(["2026-10", "351010", "FEMALE", "0-5", "100", "100", "false", "2026-10-28T00:00:00.000Z"]);
    expect(lines.filter(([, , sex]) => sex === "UNKNOWN").every((row) => row[4] === "" && row[6] === "true")).toBe(true);
    expect(new Set(lines.map((row) => row.slice(1, 4).join())).size, "none twice").toBe(lines.length);
    const told = ["x-row-count", "x-truncated", "x-as-of", "content-type"].map((name) => headers.get(name));
    expect(told).toEqual(["10800", "false", "2026-10-28T00:00:00.000Z", "text/csv; charset=utf-8"]);
    expect((await pagesOnRecord()) - before).toBe(2);
    expect(headers.get("x-receipt")).toMatch(/^[\da-f-]{36}$/);
    expect(headers.get("hub-receipt")).toBe(headers.get("x-receipt"));
  });

  test("is the same table in every format", async () => {
    const csv = (await fieldsOf((await get(ALL)).bytes)).slice(1);
    const jsonl = (await get(`${ALL}&format=jsonl`)).bytes
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const parquet = await objectsOf((await get(`${ALL}&format=parquet`)).bytes);
    const workbook = await get(`${ALL}&format=xlsx`);
    expect([workbook.status, workbook.json]).toEqual([200, null]);
    const sheet = (await sheetOf(workbook.bytes, 8)).slice(1);
    const texts = (row: object) =>
      Object.values(row).map((value) => (value instanceof Date ? value.toISOString() : String(value ?? "")));
    expect(jsonl.map(texts)).toEqual(csv);
    expect(parquet.map(texts)).toEqual(csv);
    const told = sheet.map(({ cells }) => cells.map((cell) => cell?.text ?? ""));
    expect(told).toEqual(csv.map((row) => row.map((text, at) => (at === 6 ? String(Number(text === "true")) : text))));
  });

  test("is asked by region, level, dimensions and codes, like the question it stands for", async () => {
    const csv = async (query: string) => (await fieldsOf((await get(`/v1/export/RESIDENTS?${query}`)).bytes)).slice(1);
    expect(await csv("dimensions=")).toEqual([
      ["2026-10", "0", "*", "*", "999995", "999995", "false", "2026-10-28T00:00:00.000Z"],
    ]);
    const women = await csv("region=3511&level=DISTRICT&dimensions=age&filter.sex=FEMALE&filter.age=0-5,6-12");
    expect([women.length, women[0]?.slice(1, 5)]).toEqual([80, ["351110", "FEMALE", "0-5", "140"]]);
  });

  test("keeps rupiah to the last one, as text where a number would lose it", async () => {
    const { json } = await get(
      "/v1/export/BUDGET?format=json&filter.program=PKH&filter.disposition=*,LOST&dimensions=program,disposition",
    );
    expect(json.rows.map((row: any) => [row.disposition, row.units, row.total_rupiah, row.suppressed])).toEqual([
      ["*", 60, "90071992547409", false],
      ["LOST", null, null, true],
    ]);
  });

  test("one page at a time comes with the address of the next, which leads through all of them", async () => {
    const seen: string[] = [];
    for (let next: string | null = `${ALL}&format=json&limit=4000`; next; ) {
      const { json, headers } = await get(next);
      expect(headers.get("x-truncated")).toBe(String(json.hasNextPage));
      expect(headers.get("x-row-count")).toBe("10800");
      seen.push(...json.rows.map((row: any) => `${row.region_code} ${row.sex} ${row.age}`));
      next = json.next;
      expect(next === null || next.startsWith("/v1/export/RESIDENTS?")).toBe(true);
    }
    expect([seen.length, new Set(seen).size]).toEqual([10_800, 10_800]);
    const { headers, bytes } = await get(`${ALL}&limit=3`);
    expect([(await fieldsOf(bytes)).length, headers.get("x-truncated")]).toEqual([4, "true"]);
    expect(headers.get("link")).toMatch(/^<\/v1\/export\/RESIDENTS\?.*after=.+>; rel="next"$/);
  });
});

describe("what is refused", () => {
  test("an unknown or wrong parameter is named, all of them at once, and no row is fetched", async () => {
    const { status, json } = await get("/v1/export/RESIDENTS?where=1&format=xml&limit=0&filter.program=PKH&sep=x&bom=1&bom=0");
    expect(status).toBe(400);
    for (const name of ['"where"', "format", "limit", '"filter.program"', "sep", "bom: is given twice"])
      expect(json.errors[0].message, name).toContain(name);
  });
  test("a wrong month, region or code is told as the question tells it", async () => {
    for (const query of ["from=2026-13", "region=99x", "level=VILLAGE", "filter.sex=OTHER", "dimensions=income"]) {
      const { status, json } = await get(`/v1/export/RESIDENTS?${query}`);
      expect([query, status, json.errors[0].extensions.code]).toEqual([query, 400, "BAD_USER_INPUT"]);
    }
  });
  test("a cube that is none does not exist, and without credentials nothing does", async () => {
    expect((await get("/v1/export/SALARIES")).status).toBe(404);
    const { status, json } = await get("/v1/export/RESIDENTS", { client: null });
    expect([status, json.errors[0].extensions.code]).toEqual([401, "UNAUTHENTICATED"]);
  });
  test("a partner's cube is no file for whom its figures are not open", async () => {
    const { status, json, bytes } = await get("/v1/export/COVERAGE?level=PROVINCE", { client: "kemendikdasmen" });
    expect([status, json.errors[0].extensions.code]).toEqual([403, "USE_NOT_GRANTED"]);
    expect(bytes.toString()).not.toContain("ENTITLED");
  });
});

test("a release that comes while a file is being written breaks it off: half of one and half of another is neither", async () => {
  const { owner } = hub.urls.statistics;
  const months = Array.from({ length: 9 }, (_, n) => [`2026-0${n + 1}`, []] as const);
  await release(owner, "RESIDENTS", Object.fromEntries(months)); // all of them withheld: 108,000 rows are more than any buffer holds
  const response = await fetch(`${hub.gatewayUrl}${ALL}&from=2026-01`, {
    headers: { authorization: `Bearer ${await hub.tokenOf("kemensos")}` },
  });
  expect(response.headers.get("x-row-count")).toBe("108000");
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  await asRole(owner, (sql) => sql`update statistics.release set number = 2 where cube = 'RESIDENTS'`);
  const rest = async () => {
    while (!(await reader.read()).done);
  };
  await expect(rest()).rejects.toThrow();
});
