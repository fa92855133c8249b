import { parse } from "graphql";
import { describe, expect, test } from "vitest";
import { ownPublication } from "../../../../drizzle/policy/publish.ts";
import { AGREEMENTS } from "../../../../drizzle/policy/readyMade.ts";
import { ceilingsFor, STATUTORY } from "../../../../schema/policy/ceilings.ts";
import type { Content } from "../../../../schema/policy/content.ts";
import { HUB_LIMITS } from "../../../../schema/policy/questionLimits.ts";
import { catalogueOf } from "../../../../schema/sdl/catalogue.ts";
import type { DraftVersionInput } from "../../../../subgraphs/governance/generated.ts";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { draftOf } from "../../../../subgraphs/governance/lifecycle/draft/draft.ts";
import { draftFaults } from "../../../../subgraphs/governance/lifecycle/draft/draftFaults.ts";
import { unboundSlices } from "../../../../subgraphs/governance/lifecycle/draft/unbound.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { useSlice } from "../../../kit/slice.ts";
import { actsOf, asSteward, outcomeOf } from "./kit.ts";

const catalogue = catalogueOf(parse(ownPublication().sdl));
const now = new Date("2026-03-01T05:00:00Z");
const groundOf = (purpose: string) => {
  const rules = STATUTORY.map((rule) => ({ ...rule, prohibitedPurposes: [] }));
  return { catalogue, ceilings: ceilingsFor(purpose, rules), now, purpose };
};
const fine: DraftVersionInput = {
  agreement: "A",
  validFrom: "2026-03-02T00:00:00.000Z",
  validTo: "2027-03-02T00:00:00.000Z",
  regions: ["0"],
  grants: [],
};
type GrantSent = NonNullable<DraftVersionInput["grants"]>[number];
const grant = (more: Partial<GrantSent>): GrantSent => ({
  ...{ selector: "Person.fullName", use: "OUTPUT", effect: "ALLOW", clause: "Ps. 1" },
  ...more,
});
const faultsOf = (more: Partial<DraftVersionInput>) =>
  draftFaults(draftOf({ ...fine, ...more }, null, catalogue), groundOf("PROGRAM_ADMINISTRATION"));
const faultsOfGrants = (...grants: Partial<GrantSent>[]) => faultsOf({ grants: grants.map(grant) });

test("a draft like those in force has no fault, whichever agency's it is", () => {
  for (const { scope, grants, purpose } of AGREEMENTS) {
    const sent = grants.map(({ selector, use = "OUTPUT", effect = "allow", mask, params }) =>
      grant({
        ...{ selector, use, effect: effect.toUpperCase() as GrantSent["effect"], mask: mask ?? null },
        thresholds: params
          ? Object.entries(params).map(([argument, values]) => ({ argument, values: values.map(String) }))
          : null,
      }),
    );
    const draft = draftOf({ ...fine, ...scope, grants: sent }, null, catalogue);
    expect(draftFaults(draft, groundOf(purpose))).toEqual([]);
    expect(draft.grants).toHaveLength(grants.length);
  }
  expect(AGREEMENTS.length).toBeGreaterThan(7);
});

test.each<[string, Partial<DraftVersionInput>, string]>([
  ["an end before its beginning", { validTo: "2026-03-01T23:00:00.000Z" }, "validTo: must be later"],
  ["more than five years", { validTo: "2031-03-03T00:00:00.000Z" }, "validTo: at most 5 years"],
  [
    "an end that has passed",
    { validFrom: "2025-01-01T00:00:00.000Z", validTo: "2026-01-01T00:00:00.000Z" },
    "validTo: must lie in the future",
  ],
  ["a region that is none", { regions: ["3510", "35x"] }, "regions[1]: not a region code"],
  [
    "five separate regions",
    { regions: ["11", "13", "15", "17", "19"] },
    "regions: row scope has 5 separate region ranges, at most 4",
  ],
  ["a program that is none", { programs: ["PKH", "pkh "] }, "programs[1]: not a program code"],
  ["an eleventh decile", { decileMax: 11 }, "decileMax: from 1 to 10"],
  ["a quota below none", { quota: -1 }, "quota: 0 or more"],
  ["a similarity between two steps", { verification: { floor: 83 } }, "verification.floor: a multiple of 5"],
  ["attempts below none", { verification: { attemptsOfClient: -1 } }, "verification.attemptsOfClient: 0 or more"],
  ["a limit above the hub's", { limits: { depth: 15, subjects: 20 } }, "limits.depth: from 1 to 14"],
  ["a limit of nothing", { limits: { rootFields: 0 } }, "limits.rootFields: from 1 to 10"],
  ["an hour and a minute of broken glass", { armed: { minutes: 61, persons: 0 } }, "armed.minutes: from 1 to 60"],
  ["an address that is none", { addresses: ["10.0.0.0/8", "2001:db8::/32", "10.0.0.0/33"] }, "addresses[2]: not an address"],
])("a draft with %s is told so", (_, sent, told) => {
  expect(faultsOf(sent).join("; ")).toContain(told);
});

test.each<[string, Partial<GrantSent>, string]>([
  ["a field of no schema", { selector: "Person.shoeSize" }, "selector: neither a field of the schema nor a data class"],
  ["an argument", { selector: "Query.person(id:)" }, "selector: neither a field"],
  ["a topic on a field", { topic: "HEALTH" }, "topic: only a class has topics"],
  ["a use that is none", { use: "STEAL" }, "use: one of OUTPUT"],
  ["a masked use", { use: "FILTER", effect: "MASK", mask: "last4" }, "effect: uses other than OUTPUT know only ALLOW and DENY"],
  [
    "a masked date",
    { selector: "Person.birthDate", effect: "MASK", mask: "last4" },
    "effect: MASK needs a text, the field is Date",
  ],
  ["a pseudonym of a date", { selector: "Person.birthDate", effect: "PSEUDONYM" }, "effect: PSEUDONYM needs a text"],
  ["an unknown mask", { effect: "MASK", mask: "blur" }, "mask: not a mask of the registry"],
  ["a mask that masks nothing", { mask: "last4" }, "mask: only with the effect MASK"],
  ["a band of a name", { effect: "BAND" }, "effect: no field answers in its place"],
  [
    "a claim sibling by itself",
    { selector: "Household.decileAtMost" },
    "selector: opened by the effect CLAIM on Household.deciles",
  ],
  ["thresholds without claim", { thresholds: [{ argument: "n", values: ["4"] }] }, "thresholds: only with the effect CLAIM"],
  [
    "thresholds of another argument",
    { selector: "Household.deciles", effect: "CLAIM", thresholds: [{ argument: "m", values: ["4"] }] },
    "thresholds: names what is no argument",
  ],
  [
    "a threshold that is no number",
    { selector: "Household.deciles", effect: "CLAIM", thresholds: [{ argument: "n", values: ["four"] }] },
    "thresholds: n takes whole numbers",
  ],
  [
    "a plain ADMINDUK_84 field",
    { selector: "Person.disability" },
    "effect: allow is more than the ceiling ADMINDUK_84 HEALTH = claim",
  ],
  ["a plain ADMINDUK_84 class", { selector: "ADMINDUK_84" }, "effect: allow is more than the ceiling ADMINDUK_84 = claim"],
  ["a home without elsewhere", { home: ["3510"] }, "elsewhere: together with home"],
  ["elsewhere without a home", { elsewhere: "null" }, "home: together with elsewhere"],
  ["a home that is none", { home: ["x"], elsewhere: "null" }, "home[0]: not a region code"],
  ["no clause", { clause: " " }, "clause: 1 to 300 characters"],
  ["a NIK as its clause", { clause: "3510161708459001" }, "clause: 1 to 300 characters"],
])("a grant of %s is told so", (_, sent, told) => {
  expect(faultsOfGrants({}, sent).join("; ")).toContain(`grants[1].${told}`);
});

describe("a field more open than its class", () => {
  const masked = { selector: "GENERAL", effect: "MASK", mask: "null" } as const;
  test("needs a reason", () => {
    expect(faultsOfGrants(masked, {})).toEqual([
      "grants[1].widenReason: needed, for grants[0] opens its class GENERAL only as mask",
    ]);
    expect(faultsOfGrants(masked, { widenReason: "Kartu peserta dicetak dengan nama" })).toEqual([]);
  });
  test("stays shut where the class is denied, whatever the reason", () => {
    expect(faultsOfGrants({ selector: "GENERAL", effect: "DENY" }, { widenReason: "Kartu peserta" })).toEqual([
      "grants[1].effect: grants[0] denies its class GENERAL, which nothing widens",
    ]);
  });
  test("is not opened by a reason that is given for the class", () => {
    const reason = "Putusan bersama 2026";
    expect(faultsOfGrants({ selector: "GENERAL", effect: "ALLOW", widenReason: reason })).toEqual([]);
    expect(faultsOfGrants({ ...masked, widenReason: reason }, {})).toHaveLength(1);
  });
  test("is no matter of another use", () => {
    expect(faultsOfGrants({ ...masked, use: "LOOKUP", effect: "ALLOW", mask: null }, {})).toEqual([]);
  });
});

test("an agreement under which access is governed has no limits of its own, for too narrow ones would shut out whoever could widen them", () => {
  const limited = draftOf({ ...fine, limits: { depth: 3 } }, null, catalogue);
  expect(draftFaults(limited, groundOf("ACCESS_GOVERNANCE")).join()).toContain(
    "limits: an agreement under which access is governed",
  );
  expect(draftFaults(limited, groundOf("PROGRAM_ADMINISTRATION"))).toEqual([]);
});

test("a file's limits that limit nothing are none, and it is told so before the database is asked", () => {
  const draft = { ...draftOf(fine, null, catalogue), limits: {} };
  expect(draftFaults(draft, groundOf("PROGRAM_ADMINISTRATION"))).toEqual(["limits: at least one, or left out"]);
});

test("limits of a draft are those that are sent, all of them; without any it has those of the version it is based on", () => {
  const base = { ...draftOf({ ...fine, limits: { depth: 3, aliases: 2 } }, null, catalogue) } as unknown as Content;
  const limitsOf = (sent: Partial<DraftVersionInput>) => draftOf({ ...fine, ...sent }, base, catalogue).limits;
  expect(limitsOf({})).toEqual({ depth: 3, aliases: 2 });
  expect(limitsOf({ limits: { tokens: 100, depth: null } })).toEqual({ tokens: 100 });
  for (const none of [null, {}, { depth: null }]) expect(limitsOf({ limits: none })).toBeUndefined();
});

test("all faults come at once", () => {
  const faults = faultsOf({
    quota: -1,
    decileMax: 0,
    regions: ["z"],
    grants: [grant({ selector: "A.b" }), grant({}), grant({})],
  });
  expect(faults.map((fault) => fault.split(":")[0])).toEqual([
    "regions[0]",
    "decileMax",
    "quota",
    "grants[0].selector",
    "grants[2].selector",
  ]);
});

test("the approver sees where a scope does not bind", () => {
  const opened = ["Query.person", "Query.households", "Query.enrolments", "Query.regions", "Query.agreements", "Person.fullName"];
  const slices = (scope: Parameters<typeof unboundSlices>[0]) =>
    unboundSlices(scope, opened, catalogue).map(({ slice, dimension, fields }) => [dimension, slice, ...(fields ?? [])]);
  expect(slices({ regions: ["0"], programs: null, decileMax: null })).toEqual([]);
  expect(slices({ regions: ["3510"], programs: null, decileMax: null })).toEqual([]);
  expect(slices({ regions: ["3510"], programs: ["PKH"], decileMax: 4 })).toEqual([
    ["PROGRAMS", "population", "Query.person"],
    ["PROGRAMS", "welfare", "Query.households"],
    ["DECILE", "population", "Query.person"],
    ["DECILE", "programs", "Query.enrolments"],
  ]);
});

describe("through the API", () => {
  const databases = useDatabases();
  const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime });
  const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

  test("a refused draft names every place, and what was there stays", async () => {
    const kemensos = actsOf(slice, "steward.kemensos");
    const draft = { agreement: "PKS-2025-001", basedOn: 1, validFrom: at(1), validTo: at(30), programs: ["PKH"], decileMax: 4 };
    expect(await kemensos.draft(draft)).toMatchObject({ number: 2, state: "DRAFT" });
    const refused = await kemensos.draft({
      ...draft,
      version: 2,
      validFrom: at(-3),
      quota: -1,
      grants: [{ selector: "X.y", effect: "BAND", clause: "" }],
    });
    expect(refused).toEqual({
      code: "BAD_USER_INPUT",
      detail:
        "validFrom: not before today; quota: 0 or more, or null; grants[0].clause: 1 to 300 characters, without a number of 16 digits; grants[0].selector: neither a field of the schema nor a data class",
    });
    const kept = outcomeOf(
      await asSteward(
        slice,
        "auditor.bpk",
      )(`{ agreementVersion(agreement: "PKS-2025-001", version: 2) {
        grants { selector topic } coordinatesOpened { owner { code } coordinates } unboundSlices { slice dimension } pendingCoordinates } }`),
    ) as { grants: unknown[]; coordinatesOpened: { owner: { code: string }; coordinates: number }[]; unboundSlices: unknown[] };
    expect(kept.grants).toHaveLength(AGREEMENTS.find(({ number }) => number === "PKS-2025-001")?.grants.length ?? 0);
    expect(kept.coordinatesOpened.map(({ owner }) => owner.code)).toEqual(expect.arrayContaining(["DUKCAPIL", "KEMENSOS"]));
    for (const { coordinates } of kept.coordinatesOpened) expect(coordinates).toBeGreaterThan(0);
    expect(kept.unboundSlices).toContainEqual({ slice: "population", dimension: "DECILE" });
  });

  test("limits of one question are content: read back, told against the version in force, and in nothing that was signed before", async () => {
    const [agreement, limits] = ["PKS-2025-002", { depth: 6, subjects: 50 }];
    const content = async (version: number) => {
      const [row] = await asRole(
        databases.urls.governance.owner,
        (sql) => sql`select governance.content_of(${agreement}, ${version}) as said`,
      );
      return String(row?.["said"]);
    };
    const drafted = await actsOf(slice, "steward.bpjs_kesehatan").draft({
      agreement,
      basedOn: 1,
      validFrom: at(1),
      validTo: at(30),
      limits,
    });
    expect(drafted).toMatchObject({ state: "DRAFT" });
    const version = Number(drafted["number"]);
    expect(await content(version)).toMatch(/\]?, "limits" : \{"depth": 6, "subjects": 50\}\}$/);
    expect(await content(1)).toMatch(/"coordinates" : \[[^\]]*\]\}$/);
    const all = "bodyBytes tokens depth aliases rootFields cost subjects";
    const { data } = await asSteward(slice, "steward.bpjs_kesehatan")(
      `query ($agreement: ID!, $version: Int!) {
        agreementVersion(agreement: $agreement, version: $version) { limits { ${all} } }
        versionDiff(agreement: $agreement, to: $version) { changes { kind term } }
        agreements { number limits { ${all} } } }`,
      { agreement, version },
    );
    const none = { bodyBytes: null, tokens: null, aliases: null, rootFields: null, cost: null };
    expect(data.agreementVersion.limits).toEqual({ ...none, ...limits });
    expect(data.versionDiff.changes).toContainEqual({ kind: "NARROWED", term: "limits" });
    const inForce = data.agreements.find(({ number }: { number: string }) => number === agreement);
    expect(inForce.limits, "a draft limits nobody yet").toEqual(HUB_LIMITS);
  });

  test.each(['{"depth": 0}', '{"depth": "6"}', '{"width": 3}', "[1]", "{}", '{"depth": 1.5}'])(
    "the database takes no limits that are none: %s",
    (limits) =>
      expect(
        asRole(
          databases.urls.governance.owner,
          (sql) => sql`update governance.agreement_version set limits = ${limits}::text::jsonb where state = 'draft'`,
        ),
      ).rejects.toThrow(/agreement_version_question_limits/),
  );

  test("an agreement is opened once, for an agency and a purpose that exist", async () => {
    const operator = actsOf(slice, "operator.hub");
    const input = { number: "PKS-2026-021", title: "Uji coba", consumer: "BPS", purpose: "DEVELOPMENT_PLANNING", dpiaId: "D-1" };
    expect(await operator.create(input)).toEqual({ number: "PKS-2026-021", title: "Uji coba" });
    expect(await operator.create(input)).toMatchObject({ code: "CONFLICT" });
    expect(
      await operator.create({
        ...input,
        number: "?",
        consumer: "X",
        purpose: "Y",
        title: "",
        documentSha256: "z",
        reportDue: at(-1),
      }),
    ).toMatchObject({
      code: "BAD_USER_INPUT",
      detail: expect.stringMatching(/^number.*title.*reportDue.*documentSha256.*consumer.*purpose/),
    });
  });

  test("a field published later waits on the desk of who controls it, and of nobody else", async () => {
    await asRole(
      databases.urls.governance.owner,
      (sql) => sql`insert into governance.pending_coordinate (agreement_number, version, coordinate)
      values ('PKS-2025-003', 1, 'Person.fullName')`,
    );
    const pending = async (id: string) =>
      (await asSteward(slice, id)("{ stewardship { pendingFields { coordinate version { number agreement { number } } } } }"))
        .data.stewardship.pendingFields;
    expect(await pending("steward.dukcapil")).toEqual([
      { coordinate: "Person.fullName", version: { number: 1, agreement: { number: "PKS-2025-003" } } },
    ]);
    expect(await pending("steward.kemensos")).toEqual([]);
  });

  test("the catalogue tells class, controllers, uses, and which of one's own agreements open a field", async () => {
    const query = `query ($search: String, $owner: ID, $class: String, $after: String) {
      coordinates(search: $search, owner: $owner, class: $class, first: 5, after: $after) {
        totalCount nodes { coordinate description class topic owners { code } uses openedBy } pageInfo { hasNextPage endCursor } } }`;
    const ask = asSteward(slice, "steward.kemensos");
    const found = outcomeOf(await ask(query, { search: "person.fullname" })) as { nodes: Record<string, unknown>[] };
    expect(found.nodes).toEqual([
      expect.objectContaining({
        coordinate: "Person.fullName",
        class: "GENERAL",
        owners: [{ code: "DUKCAPIL" }],
        openedBy: ["PKS-2025-001", "PKS-2025-020", "PKS-2025-025"],
      }),
    ]);
    expect(found.nodes[0]?.["uses"]).toEqual(expect.arrayContaining(["OUTPUT", "SORT"]));
    const page = outcomeOf(await ask(query, { class: "ADMINDUK_84", owner: "DUKCAPIL" })) as {
      totalCount: number;
      nodes: { class: string }[];
    };
    expect(page.totalCount).toBeGreaterThan(0);
    for (const node of page.nodes) expect(node.class).toBe("ADMINDUK_84");
    expect(outcomeOf(await ask(query, { class: "SECRET" }))).toMatchObject({ code: "BAD_USER_INPUT" });
  });
});
