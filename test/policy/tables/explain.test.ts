import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { AID_OFFICERS } from "../../../drizzle/policy/aid/officers.ts";
import { OFFICERS } from "../../../drizzle/policy/officers.ts";
import { AGREEMENTS, CLIENTS, stewardOf } from "../../../drizzle/policy/readyMade.ts";
import { PROGRAM_MANAGEMENT, REGISTRY_MANAGEMENT } from "../../../schema/policy/words.ts";
import { type Answered, useHub } from "../../kit/hub.ts";

type Json = Record<string, any>;

const hub = useHub();
const EXPLAIN = `query ($document: String!, $variables: String, $agreement: ID!) {
  explainAccess(document: $document, variables: $variables, agreement: $agreement) {
    agreement version faults refusals denied masked
    coordinates { coordinate isOpen isReached effect code path clause approvers { owner steward } validTo owners { code dpoContact } }
  }
}`;

/** Every question of README and docs, with its variables; identifiers that exist or not are alike here. */
const questions: { readonly name: string; readonly document: string; readonly variables: Json }[] = [
  ...readdirSync("docs/questions")
    .filter((name) => name.endsWith(".graphql"))
    .map((name) => {
      const variables = `docs/questions/${name.replace(/graphql$/, "json")}`;
      const given = readdirSync("docs/questions").includes(variables.slice("docs/questions/".length));
      return {
        name,
        document: readFileSync(`docs/questions/${name}`, "utf8"),
        variables: given ? (JSON.parse(readFileSync(variables, "utf8")) as Json) : {},
      };
    }),
  {
    name: "the README's verification",
    document:
      "query($i: VerifyIdentityInput!) { verifyIdentity(input: $i) { status reasons elements { element result similarity difference } } }",
    variables: { i: { nik: "3510161708459001", fullName: "Budi", threshold: 80 } },
  },
  {
    name: "filters, an order and claims by variables",
    document: `query($where: HouseholdFilter, $n: Int!) {
      households(first: 2, filter: $where, orderBy: DECILE) { totalCount nodes { decileAtMost(n: $n) deciles { decile } } } }`,
    variables: { n: 7, where: { decileAtMost: 4 } },
  },
  {
    name: "claims written out",
    document:
      "{ households(first: 2) { nodes { a: decileAtMost(n: 4) b: decileAtMost(n: 9) monthlyIncome incomeBand members { person { id nik motherName } } } } }",
    variables: {},
  },
];

/** Under the others persons ask, stewards or citizens. */
const OF_PERSONS = new Set(["ACCESS_GOVERNANCE", "DATA_SUBJECT_RIGHTS"]);
const consumers = AGREEMENTS.filter(({ purpose }) => !OF_PERSONS.has(purpose)).map(
  ({ number, agency, purpose }) => [number, agency, purpose] as const,
);
const clientOf = (agency: string): string => CLIENTS.find(([, of]) => of === agency)?.[0] ?? "";
const officerOf = (agency: string): string => OFFICERS.find((officer) => officer.agency === agency)?.id ?? "";
const aidOfficerOf = (agency: string): string => AID_OFFICERS.find((officer) => officer.agency === agency)?.id ?? "";
/** Who of an agency asks under a purpose. */
const askerOf = (purpose: string | undefined): ((agency: string) => string) => {
  if (purpose === PROGRAM_MANAGEMENT) return aidOfficerOf;
  return purpose === REGISTRY_MANAGEMENT ? officerOf : clientOf;
};
const asks = (agreement: string, agency: string) => {
  const purpose = AGREEMENTS.find(({ number }) => number === agreement)?.purpose;
  return hub.as(askerOf(purpose)(agency), { agreement, case: "LHP/12/2026" });
};
const explained = async (question: { document: string; variables: Json }, agreement: string): Promise<Json> => {
  const { document, variables } = question;
  const steward = hub.as(stewardOf("DUKCAPIL"));
  const { data, errors } = await steward.ask(EXPLAIN, { document, variables: JSON.stringify(variables), agreement });
  expect(errors).toEqual([]);
  return data["explainAccess"];
};

let compared = 0;

describe.each(consumers)("under %s (%s, %s)", (agreement, agency) => {
  test.each(questions)("what is said of $name is what happens", async (question) => {
    const real = await asks(agreement, agency).ask(question.document, question.variables);
    const told = await explained(question, agreement);
    expect(told["agreement"]).toBe(agreement);
    if (real.errors.some(({ extensions }) => extensions["code"] === "TOO_COSTLY")) return; // of access is told, not of size
    if (real.status >= 400 || !real.governance["receipt"]) {
      expect([...told["faults"], ...told["refusals"]], real.text).not.toEqual([]);
      return;
    }
    expect([told["faults"], told["refusals"]], real.text).toEqual([[], []]);
    compared += 1;
    expect([told["denied"], told["masked"]]).toEqual([real.denied, real.masked]);
    for (const error of real.errors.filter(({ extensions }) => real.denied.includes(extensions["coordinate"]))) {
      const one = told["coordinates"].find((each: Json) => each["coordinate"] === error.extensions["coordinate"]);
      expect([one["isOpen"], one["code"]]).toEqual([false, error.extensions["code"]]);
    }
  });
});

test("nearly all of it was answered, and so could be compared", () => {
  expect(compared).toBeGreaterThanOrEqual(25);
});

describe("the explanation of a coordinate", () => {
  let told: Json;
  beforeAll(async () => {
    const document = "{ households(first: 1) { nodes { members { person { motherName fullName } ppks { kind } } } } }";
    told = await explained({ document, variables: {} }, "PKS-2025-001");
  });
  const of = (coordinate: string) => told["coordinates"].find((one: Json) => one["coordinate"] === coordinate);

  test("names the grant, the clause, who approved it, until when, and whom to ask", () => {
    expect(of("Person.fullName")).toMatchObject({
      isOpen: true,
      code: null,
      path: [expect.stringMatching(/^grant 2 \(GENERAL OUTPUT allow\)$/), "allow"],
      clause: "PKS-2025-001 Ps. 4(2)",
      approvers: [{ owner: "DUKCAPIL", steward: "steward.dukcapil" }],
      validTo: "2030-12-31T17:00:00.000Z",
      owners: [{ code: "DUKCAPIL", dpoContact: "dpo@dukcapil.example" }],
    });
  });

  test("says which rule closes it: a prohibition, or a ceiling of the law", () => {
    expect(of("Person.motherName")).toMatchObject({ code: "FIELD_PROHIBITED", effect: "DENY", clause: "PKS-2025-001 Ps. 4(5)" });
    expect(of("Person.motherName").path).toContain("grant 5 (Person.motherName OUTPUT deny)");
  });
});

describe("who may ask", () => {
  const own = (client: string, agreement: string, document: string): Promise<Answered> =>
    hub
      .as(client, { agreement })
      .ask(
        "query ($d: String!, $a: ID!) { explainAccess(document: $d, agreement: $a) { version faults denied coordinates { coordinate } } }",
        { d: document, a: agreement },
      );
  const nik = "{ households(first: 1) { nodes { members { person { nik } } } } }";

  test("an agency about its own agreements, and of another's nothing", async () => {
    const mine = await own("dinsos-banyuwangi", "PKS-2025-004", nik);
    expect(mine.data["explainAccess"]).toMatchObject({ version: 1, faults: [] });
    const { data, errors } = await hub
      .as("dinsos-banyuwangi")
      .ask('{ explainAccess(document: "{ me { client } }", agreement: "PKS-2025-001") { version } }');
    expect([data["explainAccess"], errors]).toEqual([null, []]);
  });

  test("a partner does not learn of what does not exist for it, and is told the same of what exists nowhere", async () => {
    const hidden = await own("dinsos-banyuwangi", "PKS-2025-004", "{ stewardship { inbox { number } } }");
    const nowhere = await own("dinsos-banyuwangi", "PKS-2025-004", "{ nosuchfield { inbox { number } } }");
    expect(hidden.data["explainAccess"]).toEqual(nowhere.data["explainAccess"]);
    expect(hidden.data["explainAccess"].coordinates).toEqual([]);
    const steward = await explained({ document: "{ nosuchfield }", variables: {} }, "PKS-2025-004");
    expect(steward["faults"]).toEqual(['Cannot query field "nosuchfield" on type "Query".']);
  });

  test("a request on record is explained by its receipt: to its own agency and to stewards", async () => {
    const real = await hub.as("dinsos-banyuwangi").ask(nik);
    const { id } = real.governance["receipt"];
    const ask =
      "query ($id: ID!) { explainRequest(receipt: $id) { agreement version refusals masked coordinates { coordinate effect path } } }";
    const told = (await hub.as("dinsos-banyuwangi").ask(ask, { id })).data["explainRequest"];
    expect(told).toMatchObject({ agreement: "PKS-2025-004", version: 1, refusals: [], masked: real.masked });
    expect(told.coordinates.find((one: Json) => one["coordinate"] === "Person.nik")).toMatchObject({ effect: "MASK" });
    expect((await hub.as(stewardOf("KEMENSOS")).ask(ask, { id })).data["explainRequest"]).toEqual(told);
    expect((await hub.as("bappenas").ask(ask, { id })).data["explainRequest"]).toBeNull();
    expect((await hub.as(stewardOf("KEMENSOS")).ask(ask, { id: "nothing" })).data["explainRequest"]).toBeNull();
  });
});

test("a simulation counts what the gateway has really written", async () => {
  const document = "query Nama { households(first: 1) { nodes { members { person { fullName nik } } } } }";
  const asked = await hub.as("kemendikdasmen").ask(document);
  expect(asked.masked).toContain("Person.nik");
  const simulate = `{ simulateVersion(agreement: "PKS-2025-003", version: 1) { requests changes { kind } operations { client } } }`;
  const before = (await hub.as(stewardOf("KEMENDIKDASMEN")).ask(simulate)).data["simulateVersion"];
  await hub.as("kemendikdasmen").ask(document);
  const after = (await hub.as(stewardOf("KEMENDIKDASMEN")).ask(simulate)).data["simulateVersion"];
  expect(after).toEqual({ requests: before.requests + 1, changes: [], operations: [] });
});
