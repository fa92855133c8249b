import { beforeAll, describe, expect, test } from "vitest";
import { regionCodes } from "../../../../cli/slices/statistics/desks.ts";
import { seed } from "../../../../drizzle/synthetic/seed.ts";
import { attestationSigner, devAttestationSecret } from "../../../../schema/attestation.ts";
import { CUBES } from "../../../../schema/statistics/cubes.ts";
import { devAttestationKeys } from "../../../../subgraphs/kit/serve/config.ts";
import { startPublisher } from "../../../../subgraphs/statistics/publication/publisher.ts";
import { asRole } from "../../../kit/database.ts";
import { useHub } from "../../../kit/hub.ts";
import { suspend } from "../../../kit/policy.ts";

type Json = Record<string, any>;
const hub = useHub();
const OPEN = CUBES.filter(({ openness }) => openness === "PUBLIC").map(({ code }) => code);

beforeAll(async () => {
  await seed(hub.urls, { households: 700, seed: "figures" }); // of sixty nobody's figures are told
  const { publication = "", jobs = "", registry = "", allocation = "" } = hub.urls;
  const slices = (
    [
      ["population", jobs],
      ["welfare", registry],
      ["programs", allocation],
    ] as const
  ).map(([slice, url]) => ({
    ...{ slice, url },
    signer: attestationSigner(devAttestationSecret(slice)),
  }));
  const options = { url: publication, slices, keys: devAttestationKeys(), regions: await regionCodes(), note: () => {} };
  const publisher = startPublisher(options);
  await publisher.isReady;
  await publisher.stop();
}, 120_000);

const fetched = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(new URL(path, hub.gatewayUrl), { headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text === "" ? null : JSON.parse(text)) as Json };
};

const residentsBy = async (level: string): Promise<Json[]> => {
  const document = `{ statistics(cube: RESIDENTS, level: ${level}, first: 1000) { nodes { regionCode key units isSuppressed } } }`;
  const { data, errors } = await hub.as("bappenas").ask(document);
  expect(errors).toEqual([]);
  return data["statistics"].nodes;
};

test("as soon as a publisher has gone round once, a dashboard gets figures", async () => {
  const shown = (await residentsBy("PROVINCE")).filter(({ isSuppressed }) => !isSuppressed);
  expect(shown.length).toBeGreaterThan(0);
  for (const { key, units } of shown) expect([key, units > 0, units % 5]).toEqual([["*", "*"], true, 0]);
});

test("how many of each decile the whole country holds is told also by a small hub: nothing smaller is kept open at its cost", async () => {
  const document = `{ statistics(cube: REGISTRY_HOUSEHOLDS, level: COUNTRY, dimensions: ["decile"], first: 100) { nodes { key units isSuppressed } } }`;
  const { data, errors } = await hub.as("bappenas").ask(document);
  expect(errors).toEqual([]);
  const shown = data["statistics"].nodes.filter(({ isSuppressed }: Json) => !isSuppressed).map(({ key }: Json) => key[0]);
  expect(shown).toEqual(expect.arrayContaining(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]));
});

test("threat: a region with few people and one with none are told alike: below one that is shown each is listed", async () => {
  const provinces = (await residentsBy("PROVINCE")).filter(({ isSuppressed }) => !isSuppressed);
  const regencies = await residentsBy("REGENCY");
  const codes = await regionCodes();
  const below = provinces.map(({ regionCode: province }) => {
    const isIn = (code: string) => code.length === 4 && code.startsWith(province);
    return [regencies.map(({ regionCode }) => regionCode).filter(isIn), codes.filter(isIn)];
  });
  expect(below.length).toBeGreaterThan(0);
  for (const [told, all] of below) expect(told).toEqual(expect.arrayContaining(all ?? []));
  for (const { isSuppressed, units } of regencies) expect(isSuppressed).toBe(units === null);
});

describe("the catalogue of open data", () => {
  test("is there for everybody, without a token: every open cube with figures, and no partner's", async () => {
    const { status, headers, body } = await fetched("/data.json");
    expect(status).toBe(200);
    expect(body).toMatchObject({ "@type": "dcat:Catalog", conformsTo: "https://project-open-data.cio.gov/v1.1/schema" });
    const told = body["dataset"].map(({ identifier }: Json) => identifier.split("/").at(-1)).sort();
    const { data } = await hub.as("bappenas").ask("{ cubes { code isPublic releases { period cells } } }");
    const open = data["cubes"]
      .filter(({ isPublic, releases }: Json) => isPublic && releases.some(({ cells }: Json) => cells > 0))
      .map(({ code }: Json) => code);
    expect(told).toEqual(open.sort());
    expect(told.length).toBeGreaterThanOrEqual(OPEN.length - 1); // nobody has decreed seats here
    expect(headers.get("cache-control")).toBe("public, max-age=300");
    expect(headers.get("hub-receipt")).toMatch(/^[\da-f-]{36}$/);
  });

  test("says of each dataset what DCAT-US and CKAN ask for", async () => {
    const { body } = await fetched("/data.json");
    for (const dataset of body["dataset"]) {
      expect(dataset).toMatchObject({
        "@type": "dcat:Dataset",
        title: expect.stringMatching(/\S/),
        description: expect.stringContaining("disamarkan"),
        modified: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        publisher: { "@type": "org:Organization", name: expect.stringMatching(/\S/) },
        contactPoint: { "@type": "vcard:Contact", hasEmail: expect.stringMatching(/^mailto:[\w.-]+@[\w.-]+\.[\w.-]+$/) },
        accessLevel: "public",
        license: expect.stringMatching(/^https:/),
        accrualPeriodicity: expect.stringMatching(/^R\/P1[MW]$/),
        temporal: expect.stringMatching(/^\d{4}-\d\d-01\/\d{4}-\d\d-\d\d$/),
      });
      expect(dataset.keyword.length).toBeGreaterThan(0);
      expect(dataset.distribution.map(({ format }: Json) => format)).toEqual(["CSV", "JSONL", "PARQUET", "XLSX"]);
    }
  });

  test("keeps the four principles of Satu Data: standard, metadata, interoperable formats, reference codes", async () => {
    const { body } = await fetched("/data.json");
    const residents = body["dataset"].find(({ identifier }: Json) => identifier.endsWith("/RESIDENTS"));
    expect(residents.satuData.standarData).toMatchObject({
      ...{ konsep: "Penduduk", satuan: "Penduduk", ukuran: ["persons", "units"] },
      klasifikasi: [{ dimensi: "sex", kode: ["FEMALE", "MALE", "UNKNOWN", "*"] }, { dimensi: "age" }],
    });
    expect(residents.satuData.interoperabilitas).toContain("text/csv");
    expect(residents.satuData.kodeReferensi).toMatchObject([{ penerbit: "Kementerian Dalam Negeri", kolom: "region_code" }]);
    expect(residents.satuData.metadata).toBe(residents.describedBy);
  });

  test("leads to files that are there, with the columns it describes, and to nothing of persons", async () => {
    const { body } = await fetched("/data.json");
    for (const { distribution, describedBy } of body["dataset"]) {
      const [csv] = distribution;
      const path = (address: string) => new URL(address).pathname;
      const [table, file] = await Promise.all([
        fetched(path(describedBy)),
        fetch(new URL(path(csv.downloadURL), hub.gatewayUrl)),
      ]);
      const [head = ""] = (await file.text()).split(/\r?\n/);
      expect([file.status, table.status]).toEqual([200, 200]);
      expect(table.body["tableSchema"].columns.map(({ name }: Json) => name).join()).toBe(head);
    }
  });

  test("is not sent again to who has it already, until a release changes it", async () => {
    const first = await fetched("/data.json");
    const etag = first.headers.get("etag") ?? "";
    expect(await fetched("/data.json", { "if-none-match": etag })).toMatchObject({ status: 304, body: null });
    await asRole(
      hub.urls.publication ?? "",
      (sql) => sql`update statistics.release set number = 2 where cube = 'RESIDENTS' and is_in_force`,
    );
    const isChanged = async () => {
      const second = await fetched("/data.json", { "if-none-match": etag });
      return [second.status, second.headers.get("etag") === etag];
    };
    await expect.poll(isChanged, { timeout: 15_000 }).toEqual([200, false]); // what is open is asked every five seconds
  }, 20_000);

  test("tells of no partner's cube, and of none that nobody registered", async () => {
    for (const code of ["COVERAGE", "PAYMENT_FUNNEL", "NOBODY", "..%2F..%2Fetc"])
      expect((await fetched(`/data/tables/${code}.json`)).status).toBe(404);
  });

  test("is asked in the portal's name whatever credentials come with it, and stands on record so", async () => {
    const { headers } = await fetched("/data.json", {
      authorization: `Bearer ${await hub.tokenOf("kemensos")}`,
      "hub-agreement": "PKS-2025-001",
      "hub-try-as": "PKS-2025-001",
    });
    const receipt = headers.get("hub-receipt") ?? "";
    const [entry] = await asRole(
      hub.urls.governance.owner,
      (sql) => sql`select body::jsonb ->> 'client' as client, body::jsonb ->> 'agreement' as agreement
        from governance.entry where request_id = ${receipt}`,
    );
    expect(entry).toEqual({ client: "publik", agreement: "PKS-2025-031" });
  });

  test("the portal's own client sees no person, and no partner's figure", async () => {
    const asPortal = hub.as("publik", { agreement: "PKS-2025-031" });
    const persons = await asPortal.ask("{ households(first: 1) { nodes { id } } }");
    expect(persons.data?.["households"] ?? null).toBeNull();
    const partner = await asPortal.ask(
      '{ statistics(cube: COVERAGE, filter: [{ dimension: "program", codes: ["PKH"] }]) { nodes { units } } }',
    );
    expect([partner.data?.["statistics"] ?? null, partner.errors.length > 0]).toEqual([null, true]);
  });

  test("is told without the record, which is about nobody in it, and is tagged as before", async () => {
    const { headers } = await fetched("/data.json");
    const unrecorded = async () => {
      const told = await fetched("/data.json");
      return [told.status, told.headers.get("hub-receipt"), told.headers.get("etag")];
    };
    await asRole(hub.urls.governance.owner, async (sql) => {
      await sql`revoke insert on governance.entry from hub_record`;
      try {
        await expect.poll(unrecorded, { timeout: 15_000 }).toEqual([200, null, headers.get("etag")]);
      } finally {
        await sql`grant insert on governance.entry to hub_record`;
      }
    });
    await expect.poll(async () => (await fetched("/data.json")).headers.get("hub-receipt"), { timeout: 15_000 }).not.toBeNull();
  }, 40_000);

  test("is away while its agreement is suspended", async () => {
    await asRole(hub.urls.governance.owner, (sql) => suspend(sql, "PKS-2025-031"));
    await expect.poll(async () => (await fetched("/data.json")).status, { timeout: 10_000 }).toBe(403);
  });
});
