import { readFileSync } from "node:fs";
import { buildSchema, parse } from "graphql";
import { describe, expect, test } from "vitest";
import { approvalText } from "../../../schema/policy/approval.ts";
import { type Content, sha256Hex } from "../../../schema/policy/content.ts";
import { compileTable } from "../../../schema/policy/decisionTable.ts";
import { endorse } from "../../../schema/policy/endorsement.ts";
import { replay, type Shape } from "../../../schema/policy/insight/diff/replay.ts";
import { documentUses } from "../../../schema/policy/insight/document/documentUses.ts";
import { judgeUses } from "../../../schema/policy/insight/document/judgeUses.ts";
import { explain, explainCoordinates } from "../../../schema/policy/insight/explain/explain.ts";
import { odrlOf } from "../../../schema/policy/insight/file/odrl.ts";
import { type PolicyFile, policyFileOf } from "../../../schema/policy/insight/file/policyFile.ts";
import { readPolicyFile } from "../../../schema/policy/insight/file/readFile.ts";
import { faultsOfSignatures } from "../../../schema/policy/insight/file/signatures.ts";
import { termOf } from "../../../schema/policy/insight/words/names.ts";
import { sentencesOf } from "../../../schema/policy/insight/words/sentences.ts";
import { signerOf } from "../../../schema/policy/keys.ts";
import type { Grant } from "../../../schema/policy/policy.ts";
import { HUB_LIMITS } from "../../../schema/policy/questionLimits.ts";
import { apiSchemaOf } from "../../../schema/sdl/apiSchema.ts";
import { catalogueOf } from "../../../schema/sdl/catalogue.ts";
import { contentWith, GROUND, grantOf, SDL, SEEDED } from "../../policy/kit/contents.ts";

describe("what a document touches", () => {
  const schema = buildSchema(`
    type Query { things(order: Order = NAME, where: Where): [Thing] one(id: ID!): Thing any: [Any] }
    interface Thing { name: String } type Car implements Thing { name: String wheels: Int } type Cat implements Thing { name: String lives(of: Int = 9): Int }
    union Any = Car | Cat enum Order { NAME AGE } input Where { name: String and: [Where!] }`);
  const catalogue = catalogueOf(parse("type Query { a: Int }"));
  const usesOf = (document: string, variables?: Record<string, unknown>) => {
    const uses = documentUses(document, { schema, catalogue, variables: variables ?? null });
    return "faults" in uses ? uses : judgeUses(uses, () => ({ effect: "allow" })).judged.map(({ coordinate }) => coordinate);
  };

  test("is every possible type behind an interface or union, with defaults nobody wrote", () => {
    expect(usesOf("{ things { name } }")).toEqual(["Car.name", "Cat.name", "Order.NAME", "Query.things", "Query.things(order:)"]);
    expect(usesOf("{ any { ... on Cat { lives } } }")).toEqual(["Cat.lives", "Cat.lives(of:)", "Query.any"]);
  });

  test("is what variables hold, however deep, and by name alone what nobody has said yet", () => {
    const document = "query ($w: Where) { things(where: $w) { name } }";
    expect(usesOf(document, { w: { and: [{ name: "x" }] } })).toEqual(expect.arrayContaining(["Where.and", "Where.name"]));
    expect(usesOf(document)).not.toContain("Where.and");
    expect(usesOf("query ($i: ID!) { one(id: $i) { name } }")).toContain("Query.one(id:)");
  });

  test("is not what is left out", () => {
    expect(
      usesOf("query ($x: Boolean!) { things @skip(if: true) { name } any @include(if: $x) { __typename } }", { x: false }),
    ).toEqual([]);
  });

  test.each([
    ["{ things { nosuch } }", 'Cannot query field "nosuch" on type "Thing".'],
    ['{ one(id: "3510161708459001") { name', "Syntax Error: Expected Name, found <EOF>."],
    ['{ one(id: "1") "3510161708459001" }', "Syntax Error: Expected Name, found String."],
    ['{ any { ... on Cat { lives(of: "3510161708459001") } } }', "A value does not fit its type."],
    [
      "query A { any { __typename } } query B { any { __typename } }",
      "The document has no operation of that name, or several and it is not said which.",
    ],
  ])("that cannot be asked is a sentence without a value: %s", (document, sentence) => {
    expect(usesOf(document)).toEqual({ faults: [sentence] });
  });

  test("a variable of the wrong type is named, its value is not", () => {
    expect(usesOf("query ($n: Int) { any { ... on Cat { lives(of: $n) } } }", { n: "3510161708459001" })).toEqual({
      faults: ['Variable "$n" has no value of its type.'],
    });
  });
});

describe("an explanation", () => {
  const schema = apiSchemaOf(parse(SDL));
  const explained = (document: string, differences: Partial<Content>, variables: Record<string, unknown> | null = null) => {
    const uses = documentUses(document, { schema, catalogue: GROUND.catalogue, variables });
    if ("faults" in uses) throw new Error(uses.faults.join());
    return explain(uses, { ...GROUND, content: contentWith(differences), consents: [] });
  };
  const households = "{ households(first: 1) { nodes { members { person { nik motherName } ppks { kind } } } } }";
  const list = ["Query.households", "HouseholdConnection.nodes", "Household.members", "Member.person", "Member.ppks"].map((one) =>
    grantOf(one),
  );
  const pathOf = ({ coordinates }: ReturnType<typeof explained>, coordinate: string) =>
    coordinates.find((one) => one.coordinate === coordinate)?.path;

  test("shows the way from the grants past the ceilings of the law", () => {
    const sdl = `type Person { name: String @data(class: GENERAL) illness: String @data(class: SPECIFIC, topic: HEALTH)
      isIll: Boolean @data(class: PUBLIC) @claimOf(field: "Person.illness") faith: String @data(class: ADMINDUK_84) }`;
    const ground = { ...GROUND, catalogue: catalogueOf(parse(sdl)), consents: [] };
    const content = contentWith({
      grants: [grantOf("SPECIFIC"), grantOf("ADMINDUK_84"), grantOf("Person.illness", { effect: "mask", maskFn: "last4" })],
    });
    const of = (coordinate: string) => explainCoordinates([coordinate], { ...ground, content })[0];
    const grants = ["grant 3 (Person.illness OUTPUT mask last4)", "grant 1 (SPECIFIC OUTPUT allow)"];
    expect(of("Person.illness")?.path).toEqual([...grants, "ceiling SPECIFIC/HEALTH = aggregate", "aggregate"]);
    expect(of("Person.illness")).toMatchObject({ effect: "DENY", code: "FIELD_PROHIBITED", clause: "Ps. 4" });
    expect(of("Person.isIll")?.path).toEqual([
      "claim of Person.illness",
      ...grants,
      "ceiling SPECIFIC/HEALTH = aggregate",
      "aggregate",
    ]);
    expect(of("Person.faith")?.path).toEqual(["grant 2 (ADMINDUK_84 OUTPUT allow)", "ceiling ADMINDUK_84 = claim", "claim"]);
    expect(of("Person.name")?.path).toEqual(["no grant"]);
  });

  test("says when a field came too late to be pinned, and that nothing below a closed field is asked", () => {
    const told = explained(households, { grants: [...list, grantOf("Person.nik")], coordinates: ["Query.households"] });
    expect(pathOf(told, "Person.nik")).toEqual([
      "grant 6 (Person.nik OUTPUT allow)",
      "allow",
      "not pinned when the version was submitted",
    ]);
    expect(told.denied).toEqual(["HouseholdConnection.nodes"]);
    expect(told.coordinates.find(({ coordinate }) => coordinate === "Person.nik")).toMatchObject({ isReached: false });
  });

  test("names the input that closes a field, and whose use it is", () => {
    const told = explained(
      "query ($f: HouseholdFilter) { households(filter: $f) { totalCount } }",
      { grants: list },
      { f: { region: "3510" } },
    );
    expect(told.denied).toContain("HouseholdFilter.region");
    expect(told.coordinates.find(({ coordinate }) => coordinate === "Query.households")).toMatchObject({
      isOpen: false,
      code: "USE_NOT_GRANTED",
      closedBy: ["HouseholdFilter.region"],
    });
    expect(pathOf(told, "HouseholdFilter.region")).toEqual(["FILTER of Household.region", "no grant"]);
  });

  test("says what refuses a whole question: a hidden name, half a mutation, an agreement that wants all or nothing", () => {
    const refusals = (document: string, differences: Partial<Content> = {}) => explained(document, differences).refusals;
    expect(refusals("{ stewardship @skip(if: true) { inbox { number } } }")[0]).toMatch(
      /^It names what does not exist for this agreement: .*Query\.stewardship/,
    );
    expect(refusals('mutation { cancelMatching(id: "x") { id } }')).toEqual([
      "A mutation runs whole or not at all: Mutation.cancelMatching.",
    ]);
    expect(refusals("{ households { totalCount } }", { onDenied: "reject" })).toEqual([
      "The agreement refuses a question of which any part is closed.",
    ]);
    expect(refusals("{ households { totalCount } }")).toEqual([]);
  });
});

describe("sentences", () => {
  const named = { consumerName: "Kementerian Sosial", purposeName: "Verifikasi PKH", citation: "UU 13/2011" };
  const content = contentWith({
    consumer: "KEMENSOS",
    rowScope: { regions: ["3201", "3273"], programs: null, decileMax: 4 },
    grants: [
      grantOf("Person.fullName", { effect: "mask", maskFn: "initials" }),
      grantOf("Person.birthDate"),
      grantOf("Person.nik", { use: "LOOKUP" }),
      grantOf("Household.deciles", { effect: "claim", params: { n: [4] } }),
    ],
  });
  const said = sentencesOf(content, GROUND, named);
  const about = (topic: string) => said.filter((one) => one.about === topic).map(({ en }) => en);

  test("say who, for what, where and until when", () => {
    expect(about("WHO")).toEqual(["Kementerian Sosial for Verifikasi PKH (UU 13/2011), PKS-1 version 1."]);
    expect(about("WHERE")).toEqual(["Rows: regions 3201, 3273; all programs; deciles 1–4."]);
    expect(about("UNTIL")).toEqual(["In force 2026-01-01 07:00 WIB – 2027-01-01 07:00 WIB."]);
    expect(about("TERMS")).toContain("At most 1000 persons a day.");
    expect(said.find((one) => one.about === "WHERE")?.id).toBe("Baris: wilayah 3201, 3273; semua program; desil 1–4.");
  });

  test("say what may be read, and how, by type", () => {
    expect(about("READ").join("\n")).toMatch(/^Person masked \(initials\).*fullName \(Nama lengkap\)/m);
    expect(about("READ").join("\n")).toMatch(/^Household as a claim, yes or no, only for 4: decileAtMost/m);
    expect(about("READ").join("\n")).toMatch(/^Household closed: deciles \(Desil\)/m);
  });

  test("say by what may be asked, and by what not although it may be seen", () => {
    expect(about("USE")).toContain("May look up by: Person.nik (NIK).");
    expect(about("USE").join("\n")).toMatch(/May not sort by: .*Person\.fullName/);
  });

  test("of every ready-made agreement end with a full stop in both languages", () => {
    for (const one of SEEDED)
      for (const { id, en } of sentencesOf(one, GROUND, named))
        expect([id, en].filter((text) => !/\S\.$/.test(text))).toEqual([]);
  });

  test("a term is what stands before the dash; where nothing is said it is the name", () => {
    expect(termOf(GROUND.catalogue, "Person.nik")).toBe("NIK");
    expect(termOf(GROUND.catalogue, "No.such")).toBe("such");
  });
});

describe("a replay", () => {
  const shape = (lists: Partial<Shape>): Shape => ({
    ...{ client: "bpk", mark: "m", name: null, requests: 2, shown: [], masked: [], denied: [], used: [] },
    ...lists,
  });
  const tableOf = (...grants: Grant[]) => compileTable(grants, GROUND);

  test("says what recorded questions would lose and gain, once a client and document", () => {
    const before = shape({ shown: ["Person.fullName", "Person.sex"], masked: ["Person.nik"], denied: ["Person.birthDate"] });
    const after = tableOf(grantOf("Person.birthDate"), grantOf("Person.fullName", { effect: "mask", maskFn: "initials" }));
    expect(replay([before, { ...before, requests: 3, shown: [] }], { before: null, after })).toEqual([
      {
        ...{ client: "bpk", mark: "m", name: null, requests: 5 },
        ...{ newlyDenied: ["Person.nik", "Person.sex"], newlyMasked: ["Person.fullName"] },
        ...{ uncovered: [], newlyAllowed: ["Person.birthDate"] },
      },
    ]);
  });

  test("tells what is uncovered against the version in force, also where some rows stay closed", () => {
    const masked = (effect: "mask" | "allow") =>
      tableOf(grantOf("Person.nik", { effect, maskFn: effect === "mask" ? "last4" : null }));
    const asked = [shape({ shown: ["Person.nik"], masked: ["Person.nik"] })];
    expect(replay(asked, { before: masked("mask"), after: masked("allow") })[0]?.uncovered).toEqual(["Person.nik"]);
    expect(replay(asked, { before: masked("allow"), after: masked("allow") })).toEqual([]);
  });

  test("does not take a threshold that was denied for one that opens, unless more thresholds are open", () => {
    const claim = (...n: number[]) => tableOf(grantOf("Household.deciles", { effect: "claim", params: { n } }));
    const asked = [shape({ denied: ["Household.decileAtMost(n:)"] })];
    expect(replay(asked, { before: claim(4), after: claim(4) })).toEqual([]);
    expect(replay(asked, { before: claim(4), after: claim(4, 2) })[0]?.newlyAllowed).toEqual(["Household.decileAtMost(n:)"]);
  });
});

describe("a version as a file", () => {
  const governance = signerOf("g".repeat(32), "policy");
  const steward = signerOf("s".repeat(32), "steward");
  const content = contentWith({
    limits: HUB_LIMITS,
    grants: [grantOf("Person.fullName"), grantOf("Person.nik", { effect: "deny" })],
    coordinates: ["Person.fullName"],
  });
  const text = JSON.stringify(content);
  const which = { agreement: content.agreement, version: content.version };
  const decided = { owner: "DUKCAPIL", capacity: "OWNER", decision: "APPROVED", contentSha256: sha256Hex(text) } as const;
  const key = endorse(
    { stewardId: "ayu", agencyCode: "DUKCAPIL", roles: ["STEWARD"], kind: "ED25519", publicKey: steward.publicKey },
    governance,
  );
  const approval = {
    ...decided,
    steward: "ayu",
    keyId: key.keyId,
    signature: steward.sign(approvalText({ ...which, ...decided })),
    at: "2026-01-01T00:00:00.000Z",
  };
  const { body } = policyFileOf({ text, approvals: [approval], keys: [key] }, governance);
  const trust = { keys: [governance.publicKey], origins: [] };
  const read = (json: string): PolicyFile => {
    const file = readPolicyFile(json);
    if ("faults" in file) throw new Error(file.faults.join());
    return file;
  };
  const changed = (change: (file: any) => void): PolicyFile => {
    const file = JSON.parse(body);
    change(file);
    return file;
  };

  test("is read and verified again, however it is laid out", () => {
    expect(faultsOfSignatures(read(body), trust)).toEqual([]);
    const { signature, content: inside, ...rest } = JSON.parse(body);
    expect(faultsOfSignatures(read(JSON.stringify({ signature, ...rest, content: inside })), trust)).toEqual([]);
    expect(faultsOfSignatures(read(body), { keys: [], origins: [] })).toEqual([]);
  });

  test.each<[string, (file: any) => void, RegExp]>([
    [
      "another grant",
      (file) => {
        file.content.grants[0].effect = "deny";
      },
      /^content: not what the signed text says/m,
    ],
    [
      "another text",
      (file) => {
        file.text = file.text.replace("1000", "9999");
      },
      /^approvals\[0\]: of another content/m,
    ],
    ["an approval less", (file) => void file.approvals.pop(), /^signature: not governance's/m],
    ["a role more", (file) => void file.keys[0].roles.push("DPO"), /^approvals\[0\]: the key is not one ayu may decide with/m],
    [
      "another signature",
      (file) => {
        file.approvals[0].signature = "AAAA";
      },
      /^approvals\[0\]: a bad signature/m,
    ],
    [
      "another hub's key",
      (file) => {
        file.signature.publicKey = steward.publicKey;
      },
      /is not trusted here/m,
    ],
  ])("with %s is not what it says", (_, change, fault) => {
    expect(faultsOfSignatures(changed(change), trust).join("\n")).toMatch(fault);
  });

  test("a form that is wrong is told with every place at once", () => {
    const wrong = JSON.parse(body);
    wrong.content.quota = "many";
    wrong.content.grants[1].effect = "open";
    delete wrong.content.verification.floor;
    wrong.extra = 1;
    expect(readPolicyFile(JSON.stringify(wrong))).toEqual({
      faults: [
        "content.quota: must be a whole number from 0",
        "content.verification.floor: is missing",
        "content.grants[1].effect: must be one of allow, mask, band, claim, pseudonym, aggregate, deny",
        "extra: is not known",
      ],
    });
    expect(readPolicyFile("{")).toEqual({ faults: ["the file: is not JSON"] });
  });

  test("as ODRL is an agreement with a permission a grant, its purpose, place, time and count", () => {
    const policy: any = odrlOf(content, GROUND, { dpvIri: "https://w3id.org/dpv#ServiceProvision" });
    expect(policy["@type"]).toBe("odrl:Agreement");
    expect(policy.permission).toHaveLength(1);
    expect(policy.permission[0]).toMatchObject({
      target: ["https://hub.example/schema#Person.fullName"],
      action: "odrl:read",
      assigner: ["https://hub.example/agencies/DUKCAPIL"],
    });
    expect(policy.permission[0].constraint).toEqual(
      expect.arrayContaining([
        { leftOperand: "odrl:purpose", operator: "odrl:eq", rightOperand: "https://w3id.org/dpv#ServiceProvision" },
        expect.objectContaining({ leftOperand: "odrl:count", operator: "odrl:lteq", rightOperand: 1000 }),
      ]),
    );
    expect(policy.prohibition.map((one: any) => one.target)).toEqual([["https://hub.example/schema#Person.nik"]]);
  });

  test("its JSON Schema says what the reader says: every member needed but limits, no other known, the same words", () => {
    const schema = JSON.parse(readFileSync("schema/policy/policy-file.schema.json", "utf8"));
    const faults = (file: unknown): string[] => {
      const answer = readPolicyFile(JSON.stringify(file));
      return "faults" in answer ? [...answer.faults] : [];
    };
    let seen = 0;
    for (const [path, node] of placesIn(schema, JSON.parse(body), schema)) {
      const place = path
        .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
        .join("")
        .replace(/^\./, "");
      const without = changed(put(path, undefined));
      if (typeof path.at(-1) === "string") expect(faults(without), place).toEqual(missing(path, place));
      const odd = changed(put(path, { odd: 1 }));
      expect(faults(odd).filter((fault) => fault.startsWith(place)).length, place).toBeGreaterThan(0);
      const isNullable = node.anyOf?.some((one: any) => one.type === "null") ?? false;
      const empty = changed(put(path, null));
      expect(faults(empty).length === 0, `${place} null`).toBe(isNullable);
      for (const word of wordsOf(node)) expect(faults(changed(put(path, word))), place).toEqual([]);
      seen += 1;
    }
    expect(seen).toBeGreaterThan(50);
  });
});

type Path = readonly (string | number)[];
/** Limits of a question, all of them or one, may be left out. */
const missing = (path: Path, place: string): string[] => (path.includes("limits") ? [] : [`${place}: is missing`]);
const put =
  (path: Path, value: unknown) =>
  (file: unknown): void => {
    parentOf(file, path)[path.at(-1) ?? ""] = value;
  };
const parentOf = (file: any, path: Path): any => path.slice(0, -1).reduce((at, step) => at[step], file);
const resolved = (node: any, root: any): any => (node.$ref ? root.$defs[String(node.$ref).split("/").at(-1) ?? ""] : node);
const wordsOf = (node: any): unknown[] => node.enum ?? node.anyOf?.flatMap((one: any) => one.enum ?? []) ?? [];

/** Every member of `value` that the schema describes, with its part of the schema. */
function placesIn(node: any, value: any, root: any, path: Path = []): [Path, any][] {
  const here = resolved(node, root);
  if (here.items && Array.isArray(value)) return value.flatMap((item, at) => placesIn(here.items, item, root, [...path, at]));
  if (!here.properties || typeof value !== "object" || value === null) return [];
  expect(Object.keys(here.properties).sort(), path.join(".")).toEqual(Object.keys(value).sort());
  const needed = Object.keys(value).filter((name) => missing([...path, name], name).length > 0);
  expect([...(here.required ?? [])].sort()).toEqual(needed.sort());
  return Object.entries<any>(here.properties).flatMap(([name, inner]) => [
    [[...path, name], resolved(inner, root)] as [Path, any],
    ...placesIn(inner, value[name], root, [...path, name]),
  ]);
}
