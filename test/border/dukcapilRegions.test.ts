import { describe, expect, test } from "vitest";
import { rowOf } from "../../gateway/border/dukcapil/answer.ts";
import { readClaim } from "../../gateway/border/dukcapil/request.ts";
import { unguarded } from "../../schema/values/csv.ts";
import { useHub } from "../kit/hub.ts";
import { budi, joko, maria, siti, slamet, tono } from "../kit/people.ts";
import { renewWith } from "../kit/policy.ts";

// CALL_VERIFY_BY_ELEMEN and the crosswalk of region codes, by way of the gateway.

type Json = Record<string, any>;

const lines: string[] = [];
const hub = useHub({}, { heard: (_, line) => void lines.push(line) });
const SECRET = "KataSandi-Mitra-77";
const UNKNOWN = "3510161708459098";
const VERIFY = `query ($input: VerifyIdentityInput!) {
  verifyIdentity(input: $input) { status elements { element result similarity } isRegistered } }`;

/** Asks as a partner's program does: with an account in the body that the hub never reads. */
async function call(client: string | null, body: Json | string) {
  const account = { USER_ID: "20231122-BPS", PASSWORD: SECRET, IP_USER: "10.160.1.2" };
  const response = await fetch(`${hub.gatewayUrl}/dukcapil/get_json/352222080001/CALL_VERIFY_BY_ELEMEN`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(client && { authorization: `Bearer ${await hub.tokenOf(client)}` }),
    },
    body: typeof body === "string" ? body : JSON.stringify({ ...account, ...body }),
  });
  const text = await response.text();
  const told = JSON.parse(text) as Json;
  return { status: response.status, headers: response.headers, text, told, row: told["content"]?.[0] as Json };
}

describe("a partner of Dukcapil's service", () => {
  test("learns whether a name matches, never the name", async () => {
    await expect.poll(async () => (await fetch(`${hub.gatewayUrl}/ready`)).status, { timeout: 15_000 }).toBe(200); // the policy is read
    const right = await call("kemendikdasmen", { NIK: siti.nik, NAMA_LGKP: "Hj. Siti Aminah", TGL_LHR: "12-04-1988" });
    expect([right.status, right.row]).toEqual([200, { NIK: "Sesuai", NAMA_LGKP: "Sesuai (100)", TGL_LHR: "Sesuai" }]);
    const wrong = await call("kemendikdasmen", { NIK: siti.nik, NAMA_LGKP: "Dewi Lestari", TGL_LHR: "13-04-1988" });
    expect(wrong.row).toEqual({ NIK: "Tidak Sesuai", NAMA_LGKP: "Tidak Sesuai (0)", TGL_LHR: "Tidak Sesuai" });
    for (const { text, headers } of [right, wrong]) {
      expect(text).not.toMatch(/AMINAH|1988|SULASTRI|\d{16}/i);
      expect([headers.get("content-type"), headers.get("cache-control")]).toEqual([
        "application/json; charset=utf-8",
        "no-store",
      ]);
      expect(headers.get("hub-receipt")).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test("is told what GraphQL tells, and no more", async () => {
    const claims: Json[] = [
      { NIK: budi.nik, NAMA_LGKP: "BUDI SANTOSA", TMPT_LHR: "KAB BANYUWANGI", JENIS_KLMIN: "L", NAMA_LGKP_IBU: "PONIRAH" },
      { NIK: budi.nik, NAMA_LGKP: "ANDI", TGL_LHR: "17-08-1985", NO_PROP: "35", NO_KAB: "10" },
      { NIK: maria.nik, NAMA_LGKP: "MARIA GEBZE", TGL_LHR: "1975-08-17", ALAMAT: "JL RAYA MANDALA 1", NO_RT: "1" },
      { NIK: slamet.nik, NAMA_LGKP: "SLAMET", TGL_LHR: "01-07-1949" },
      { NIK: slamet.nik, NAMA_LGKP: "SUTRISNO", JENIS_KLMIN: "L" },
      { NIK: UNKNOWN, NAMA_LGKP: "JOKO PRASETYO", JENIS_KLMIN: "L" },
    ];
    for (const body of claims) {
      const read = readClaim(JSON.stringify(body));
      const { data } = await hub.as("kemensos").ask(VERIFY, { input: read.claim });
      const { status, row } = await call("kemensos", body);
      expect([status, row]).toEqual([200, rowOf(data["verifyIdentity"], read)]);
    }
    const outcomes = await Promise.all([3, 5].map(async (at) => (await call("kemensos", claims[at] ?? {})).row["RESPONSE_CODE"]));
    expect(outcomes).toEqual(["11", "13"]);
  });

  test("cannot tell a NIK nobody has from one of which all else differs, where its agreement does not tell existence", async () => {
    const claim = { NAMA_LGKP: "BAMBANG WIJAYA", TGL_LHR: "02-01-1951" };
    const [nobody, somebody] = await Promise.all([UNKNOWN, maria.nik].map((NIK) => call("kemendikdasmen", { ...claim, NIK })));
    expect(nobody?.row).toEqual({ NIK: "Tidak Sesuai", NAMA_LGKP: "Tidak Sesuai (0)", TGL_LHR: "Tidak Sesuai" });
    expect(nobody?.text).toBe(somebody?.text);
  });

  test("is told which parameters were sent and not tested", async () => {
    const { headers, row } = await call("kemensos", {
      NIK: joko.nik,
      NAMA_LGKP: "JOKO",
      KAB_NAME: "BANYUWANGI",
      JENIS_PKRJN: "TANI",
    });
    expect(headers.get("hub-not-tested")).toBe("JENIS_PKRJN, KAB_NAME");
    expect(Object.keys(row)).not.toContain("KAB_NAME");
  });

  test.each<[string, number, string, string | null, Json | string]>([
    ["without a token", 401, "Login Gagal", null, { NIK: siti.nik, NAMA_LGKP: "SITI" }],
    ["without a token, before a word about its parameters", 401, "Login Gagal", null, { NAMA_LGKP: "SITI" }],
    [
      "for an element beyond its agreement",
      403,
      "Penggunaan VerifyIdentityInput.address",
      "kemendikdasmen",
      { NIK: siti.nik, NAMA_LGKP: "X", ALAMAT: "JL 1" },
    ],
    [
      "below the floor of its agreement",
      403,
      "Penggunaan VerifyIdentityInput.threshold",
      "kemendikdasmen",
      { NIK: siti.nik, NAMA_LGKP: "SITI", TRESHOLD: "1" },
    ],
    ["without verification in its agreement", 403, "", "bpjs-kesehatan", { NIK: siti.nik, NAMA_LGKP: "SITI" }],
    ["for a day that is none", 400, "Parameter Tidak Valid", "kemensos", { NIK: siti.nik, TGL_LHR: "30-02-1988" }],
    ["for a name that is none", 400, "Parameter Tidak Valid", "kemensos", { NIK: siti.nik, NAMA_LGKP: "??" }],
    ["for a parameter too few", 400, "Parameter Tidak Lengkap: NIK", "kemensos", { NAMA_LGKP: "SITI" }],
    ["for what is no JSON", 400, "Parameter Tidak Valid: isi permintaan", "kemensos", `NIK=${siti.nik}`],
  ])("is refused %s, in the frame of the service and with an honest status", async (_, status, words, client, body) => {
    const answer = await call(client, body);
    expect([answer.status, Object.keys(answer.row)]).toEqual([status, ["RESPONSE_CODE", "RESPON", "RESPONSE", "RESPONSE_DESC"]]);
    expect(answer.row["RESPONSE"]).toContain(words);
    expect(answer.text).not.toMatch(/\d{16}|SITI/);
    if (words.includes(": ")) expect(answer.headers.get("hub-receipt"), "on record, too").toMatch(/^[0-9a-f-]{36}$/);
  });

  test("is told that a NIK is none by the number of the service", async () => {
    const { status, row } = await call("kemensos", { NIK: "3510163501900000", NAMA_LGKP: "SITI" });
    expect([status, row["RESPONSE_CODE"]]).toEqual([200, "15"]);
  });

  test("whose agreement refuses a question with any part denied is answered, without the parts that may be left out", async () => {
    const { owner } = hub.urls.governance;
    await renewWith(owner, "PKS-2025-003", { on_denied: "reject" });
    const ask = () => hub.as("kemendikdasmen").ask(VERIFY, { input: { nik: UNKNOWN, fullName: "BAMBANG" } });
    await expect.poll(async () => (await ask()).status, { timeout: 10_000 }).toBe(403);
    const { status, row } = await call("kemendikdasmen", { NIK: siti.nik, NAMA_LGKP: "SITI AMINAH" });
    expect([status, row]).toEqual([200, { NIK: "Sesuai", NAMA_LGKP: "Sesuai (100)" }]);
    await renewWith(owner, "PKS-2025-003", { on_denied: "null" });
  });

  test("that has asked enough today is told so in the words of the service, with 429", async () => {
    await renewWith(hub.urls.governance.owner, "PKS-2025-001", { attempts_on_subject: 1, quota: 1 });
    const again = () => call("kemensos", { NIK: joko.nik, NAMA_LGKP: "SIAPA SAJA" });
    await expect.poll(async () => (await again()).status, { timeout: 10_000 }).toBe(429);
    const { row, headers } = await again();
    expect(row["RESPONSE_CODE"]).toBe("QUOTA_EXCEEDED");
    expect(row["RESPONSE"]).toBe("Batas percobaan verifikasi atas orang ini telah habis hari ini");
    expect(headers.get("content-language")).toBe("id");
    const another = await call("kemensos", { NIK: tono.nik, NAMA_LGKP: "SIAPA SAJA" });
    expect([another.status, another.row["RESPONSE"]]).toEqual([429, "Kuota Akses Hari Ini Telah Habis"]);
  });

  test("finds nothing it sent in the hub's log: no password, no NIK, no name", () => {
    expect(lines.length).toBeGreaterThan(20);
    const all = lines.join("\n");
    for (const word of [SECRET, siti.nik, UNKNOWN, "Siti Aminah", "10.160.1.2"]) expect(all.includes(word), word).toBe(false);
  });
});

describe("the crosswalk of region codes", () => {
  const CODES = "level name kemendagriCode bpsCode validFrom validTo basis";
  const ONE = `query ($scheme: RegionScheme, $code: String, $asOf: Date, $on: Date!) {
    regionCrosswalk(scheme: $scheme, code: $code, asOf: $asOf) { totalCount nodes { ${CODES}
      predecessors { kemendagriCode } successors { kemendagriCode } on(day: $on) { kemendagriCode bpsCode name } } } }`;
  const ask = (variables: Json) => hub.as("bappenas").ask(ONE, { on: "2022-01-01", ...variables });
  const file = (path: string, headers: Record<string, string> = {}) => fetch(`${hub.gatewayUrl}/regions/${path}`, { headers });

  test("finds a region by the number of either scheme on a day: the same digits are two places", async () => {
    const [bps, kemendagri] = await Promise.all(
      ["BPS", "KEMENDAGRI"].map(async (scheme) => (await ask({ scheme, code: "1103" })).data["regionCrosswalk"].nodes[0]),
    );
    expect(bps).toMatchObject({ name: "KABUPATEN ACEH SELATAN", kemendagriCode: "1101", bpsCode: "1103", level: "REGENCY" });
    expect(kemendagri).toMatchObject({ name: "KABUPATEN ACEH TIMUR", kemendagriCode: "1103", bpsCode: "1105" });
  });

  test("leads from a province to what it became and back", async () => {
    const before = (await ask({ code: "91", asOf: "2022-07-24", on: "2026-01-01" })).data["regionCrosswalk"].nodes[0];
    expect(before).toMatchObject({ bpsCode: "94", validTo: "2022-07-25", validFrom: null });
    expect(before.on.map(({ kemendagriCode, bpsCode }: Json) => [kemendagriCode, bpsCode])).toEqual([
      ["91", "94"],
      ["93", "95"],
      ["94", "96"],
      ["95", "97"],
    ]);
    const after = (await ask({ scheme: "BPS", code: "9501", on: "2020-01-01" })).data["regionCrosswalk"].nodes[0];
    expect(after).toMatchObject({ kemendagriCode: "9301", validFrom: "2022-07-25", basis: "UU 14/2022" });
    expect(after.on).toEqual([{ kemendagriCode: "9101", bpsCode: "9401", name: "KABUPATEN MERAUKE" }]);
  });

  test.each<[string, Json]>([
    ["code is no number of BPS of a regency on 2026-01-01", { scheme: "BPS", code: "9401", asOf: "2026-01-01" }],
    ["code is no number of KEMENDAGRI of a regency on 2022-01-01", { code: "93.01", asOf: "2022-01-01" }],
    ["code is no number of KEMENDAGRI of a province on 2026-01-01", { code: "99", asOf: "2026-01-01" }],
    ["code must have 2 or 4 digits", { scheme: "BPS", code: "3510180" }],
    ["code must have 2 or 4 digits", { code: "35.10.16" }],
    ["asOf must be a day from 2012-01-01 to today", { asOf: "2011-12-31" }],
    ["asOf must be a day from 2012-01-01 to today", { asOf: "2999-01-01" }],
    ["day must be a day from 2012-01-01 to today", { code: "91", on: "1999-01-01" }],
  ])("refuses by name: %s", async (words, variables) => {
    const { errors } = await ask(variables);
    expect(errors.map(({ extensions, message }) => [extensions["code"], message.includes(words)])).toEqual([
      ["BAD_USER_INPUT", true],
    ]);
  });

  test("gives a region BPS's number of today beside its own, and no number where none is known", async () => {
    const { data } = await hub
      .as("bappenas")
      .ask(`{ a: region(code: "1101") { bpsCode } b: region(code: "351016") { bpsCode } }`);
    expect(data).toEqual({ a: { bpsCode: "1103" }, b: { bpsCode: null } });
  });

  test("is a file for everybody, whole with its history or of one day, kept by its ETag", async () => {
    const response = await file("crosswalk.json");
    const { regions, asOf } = (await response.json()) as Json;
    expect([response.status, asOf, regions.length]).toEqual([200, null, 601]);
    expect(response.headers.get("cache-control")).toBe("public, max-age=300");
    expect(regions.filter(({ name, bps }: Json) => name === null || bps === null)).toEqual([]);
    expect(regions.find(({ kemendagri }: Json) => kemendagri === "9101")).toMatchObject({ bps: "9401", successors: ["9301"] });
    const etag = response.headers.get("etag") ?? "";
    expect((await file("crosswalk.json", { "if-none-match": etag })).status).toBe(304);
    const then = (await (await file("crosswalk.json?asOf=2022-05-22")).json()) as Json;
    expect([then["asOf"], then["regions"].length]).toEqual(["2022-05-22", 34 + 514]);
  });

  test("is the same as CSV", async () => {
    const [{ regions }, csv] = [
      (await (await file("crosswalk.json")).json()) as Json,
      await (await file("crosswalk.csv")).text(),
    ];
    const [head, ...rows] = csv.trimEnd().split("\r\n");
    expect(head).toBe("kemendagri,bps,level,name,validFrom,validTo,basis,predecessors,successors");
    expect(rows.map((row) => row.split(",").slice(0, 2).map(unguarded))).toEqual(
      regions.map(({ kemendagri, bps }: Json) => [kemendagri, bps]),
    );
  });

  test.each(["asOf=2011-01-01", "asOf=2022-02-30", "asOf=2022-01-01&asOf=2022-01-02", "on=2022-01-01"])(
    "a file of no day or another parameter is refused: %s",
    async (query) => {
      const response = await file(`crosswalk.json?${query}`);
      expect([response.status, ((await response.json()) as Json)["errors"][0].extensions.code]).toEqual([400, "BAD_REQUEST"]);
    },
  );
});
