import { beforeAll, describe, expect, test } from "vitest";
import { asRole } from "../kit/database.ts";
import { useHub } from "../kit/hub.ts";
import { suspend } from "../kit/policy.ts";

type Json = Record<string, any>;
const hub = useHub();
const fetched = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(new URL(path, hub.gatewayUrl), { headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text === "" ? null : JSON.parse(text)) as Json };
};
const TEXT = "{ indonesian english }";
const DESCRIBED = `concept definition ${TEXT} producer { code name ${TEXT} } keeper ${TEXT} legalBasis frequency retention ${TEXT} timeReference ${TEXT} validFrom`;
const FIELD = `coordinate name ${DESCRIBED} class topic isOpen dataType type isList isRequired measure ${TEXT} unit ${TEXT} rule ${TEXT} codeList`;

/** In JSON a language goes by its code; in GraphQL `id` is somebody's id. */
function asJson(data: any): any {
  if (Array.isArray(data)) return data.map(asJson);
  if (typeof data !== "object" || data === null) return data;
  if ("indonesian" in data) return { id: data.indonesian, en: data.english };
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, asJson(value)]));
}

describe("one element, told three times", () => {
  let told: Json;
  let columns: Map<string, Json>;

  beforeAll(async () => {
    const document = `{ metadata {
      types(names: ["Person", "Decile", "Nobody"]) { name ${DESCRIBED} classes fields { ${FIELD} } }
      codeLists(names: ["EnrolmentState"]) { name concept definition publisher legalBasis values { code label ${TEXT} definition } }
      indicators(codes: ["COVERAGE"]) { code ${DESCRIBED} interpretation ${TEXT} measure ${TEXT} unit ${TEXT} level builtFrom isOpen dimensions { name label ${TEXT} values { code label ${TEXT} } } }
    } }`;
    const { data, errors } = await hub.as("bpjs-kesehatan").ask(document);
    expect(errors).toEqual([]);
    told = asJson(data["metadata"]);
    const { body } = await fetched("/metadata/dcat.jsonld");
    const sets = body["dcat:dataset"] as Json[];
    columns = new Map(
      sets
        .flatMap((set) => (set["csvw:tableSchema"]?.["csvw:column"] ?? []) as Json[])
        .map((column) => [column["dct:identifier"], column]),
    );
  });

  test("GraphQL and JSON tell the same of a type and its fields, also to whom no person is granted", async () => {
    expect(told["types"].map(({ name }: Json) => name)).toEqual(["Decile", "Person"]);
    for (const type of told["types"]) expect((await fetched(`/metadata/${type.name}.json`)).body).toEqual(type);
    expect(told["types"][1].fields.map(({ coordinate }: Json) => coordinate)).toContain("Person.motherName");
  });

  test("and of a code list and an indicator", async () => {
    expect((await fetched("/metadata/codes/EnrolmentState.json")).body).toEqual(told["codeLists"][0]);
    expect((await fetched("/metadata/indicators/COVERAGE.json")).body).toEqual(told["indicators"][0]);
  });

  test("and DCAT names the same concept, definition and class", () => {
    for (const field of told["types"].flatMap(({ fields }: Json) => fields)) {
      const column = columns.get(field.coordinate);
      expect([
        column?.["dct:title"]["@value"],
        column?.["dct:description"].at(-1)["@value"],
        column?.["dct:accessRights"]["dct:identifier"],
      ]).toEqual([field.concept, field.definition.en, field.class]);
    }
  });

  test("all of it can be asked for at once", async () => {
    const { data, errors } = await hub
      .as("bappenas")
      .ask(`{ metadata { types { name fields { ${FIELD} } } codeLists { name values { code } } indicators { code } } }`);
    expect(errors).toEqual([]);
    const { body } = await fetched("/metadata.json");
    for (const part of ["types", "codeLists", "indicators"]) expect(data["metadata"][part].length).toBe(body[part].length);
  });
});

describe("the pages", () => {
  test("everybody may read and keep them, without credentials", async () => {
    const first = await fetched("/metadata.json");
    expect([
      first.status,
      first.headers.get("cache-control"),
      first.headers.get("access-control-allow-origin"),
      first.headers.get("hub-receipt"),
    ]).toEqual([200, "public, max-age=300", "*", null]);
    const etag = first.headers.get("etag") ?? "";
    expect(await fetched("/metadata.json", { "if-none-match": etag })).toMatchObject({ status: 304, body: null });
    expect((await fetched("/metadata/dcat.jsonld")).headers.get("content-type")).toMatch(/^application\/ld\+json/);
  });

  test("every address the index names is there", async () => {
    const { body } = await fetched("/metadata.json");
    const hrefs = [body["types"][0], body["types"].at(-1), ...body["codeLists"].slice(0, 2), body["indicators"][0]].map(
      ({ href }: Json) => href as string,
    );
    for (const href of [...hrefs, body["dcat"]]) expect((await fetched(new URL(href).pathname)).status, href).toBe(200);
  });

  test("one language is given where it is asked for, and another than the two is refused", async () => {
    const { body } = await fetched("/metadata/Household.json?language=id");
    expect(body).toMatchObject({
      concept: "Rumah tangga",
      keeper: "Pusat Data dan Informasi Kesejahteraan Sosial, Kementerian Sosial",
    });
    expect((await fetched("/metadata/Household.json?language=en")).body["definition"]).toMatch(/^household/);
    expect((await fetched("/metadata/Household.json?language=fr")).body["errors"][0].extensions.code).toBe("BAD_REQUEST");
  });

  test.each([
    "/metadata/Nobody.json",
    "/metadata/Query.json",
    "/metadata/SubjectFlag.json",
    "/metadata/RecordedAccess.json",
    "/metadata/codes/SubjectFlag.json",
    "/metadata/indicators/X.json",
    "/metadata/__proto__.json",
  ])("threat: what there is not and what is hidden look the same: %s", async (path) => {
    const { status, body } = await fetched(path);
    expect([status, body["errors"][0].extensions.code]).toEqual([404, "NOT_FOUND"]);
  });

  test("they stay when the agreement of open data does not: metadata are public, data are not", async () => {
    await asRole(hub.urls.governance.owner, (sql) => suspend(sql, "PKS-2025-031"));
    await expect.poll(async () => (await fetched("/data.json")).status, { timeout: 10_000 }).toBe(403);
    expect((await fetched("/metadata/Person.json")).status).toBe(200);
  });
});
