import { readFileSync } from "node:fs";
import { Kind, parse } from "graphql";
import { beforeAll, describe, expect, test } from "vitest";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { useDatabases } from "../../../kit/database.ts";
import { type Asked, callerWith, codesOf, useSlice } from "../../../kit/slice.ts";
import { actsOf, asSteward } from "./kit.ts";

// BPJS Kesehatan consumes data that Dukcapil and Kemensos control. Every act below is sent so that whoever may do it is told of something else
// than their role, and nothing changes.
const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime });
const IN_FORCE = 'agreement: "PKS-2025-002", version: 1';
const IN_REVIEW = 'agreement: "PKS-2025-002", version: 2';
const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

const CONSUMER = "steward.bpjs_kesehatan";
const CONSUMER_DPO = "dpo.bpjs_kesehatan";
const OWNERS = ["steward.dukcapil", "steward.kemensos", "steward2.kemensos"];
const OWNER_DPOS = ["dpo.dukcapil", "dpo.kemensos"];
const OPERATOR = "operator.hub";
const EVERYBODY = [
  CONSUMER,
  CONSUMER_DPO,
  ...OWNERS,
  ...OWNER_DPOS,
  "steward.bappenas",
  "dpo.bps",
  "steward.hub",
  "dpo.hub",
  "auditor.bpk",
  OPERATOR,
];
const PARTIES = [CONSUMER, CONSUMER_DPO, ...OWNERS, ...OWNER_DPOS];
const decision = (capacity: string) =>
  `decideVersion(input: { ${IN_REVIEW}, capacity: ${capacity}, decision: APPROVED, contentSha256: "${"0".repeat(64)}", keyId: "x", signature: "x" }) { number }`;

interface Case {
  readonly mutation: string;
  readonly may: readonly string[];
  /** What the roles allow on other agreements. */
  readonly text: string;
}
const CASES: readonly Case[] = [
  {
    mutation: "createAgreement",
    may: [CONSUMER, OPERATOR],
    text: 'createAgreement(input: { number: "?", title: "", consumer: "BPJS_KESEHATAN", purpose: "X", dpiaId: "" }) { number }',
  },
  {
    mutation: "draftVersion",
    may: [CONSUMER, OPERATOR],
    text: `draftVersion(input: { agreement: "PKS-2025-002", validFrom: "${at(2)}", validTo: "${at(1)}" }) { number }`,
  },
  { mutation: "submitVersion", may: [CONSUMER, OPERATOR], text: `submitVersion(${IN_FORCE}) { number }` },
  {
    mutation: "withdrawVersion",
    may: [CONSUMER, OPERATOR],
    text: `withdrawVersion(${IN_FORCE}, reason: "Salah unggah") { number }`,
  },
  { mutation: "decideVersion", may: OWNERS, text: decision("OWNER") },
  { mutation: "decideVersion", may: [CONSUMER_DPO], text: decision("DPO") },
  {
    mutation: "activateVersion",
    may: [CONSUMER, ...OWNERS],
    text: `activateVersion(${IN_FORCE}) { number }`,
  },
  {
    mutation: "suspendVersion",
    may: PARTIES,
    text: `suspendVersion(${IN_FORCE}, reason: REPORT_OVERDUE, note: "Terlambat") { number }`,
  },
  { mutation: "askToResume", may: PARTIES, text: `askToResume(${IN_FORCE}) { number }` },
  { mutation: "resumeVersion", may: PARTIES, text: `resumeVersion(${IN_FORCE}) { number }` },
  { mutation: "revokeVersion", may: PARTIES, text: `revokeVersion(${IN_FORCE}, reason: "x") { number }` },
  {
    mutation: "enrolSteward",
    may: [OPERATOR],
    text: 'enrolSteward(input: { id: "?", agency: "X", name: "", roles: [], kind: ED25519, publicKey: "" }) { id }',
  },
  { mutation: "retireStewardKey", may: [OPERATOR], text: 'retireStewardKey(keyId: "none") { id }' },
];
const FORBIDDEN = ["FORBIDDEN"];

beforeAll(async () => {
  const bpjs = actsOf(slice, CONSUMER);
  await bpjs.draft({ agreement: "PKS-2025-002", basedOn: 1, validFrom: at(0), validTo: at(90) });
  expect(await bpjs.submit({ agreement: "PKS-2025-002", version: 2 })).toMatchObject({ state: "IN_REVIEW" });
});

test("every act of the life cycle is in the table", () => {
  const sdl = parse(readFileSync("subgraphs/governance/schema/lifecycle.graphql", "utf8"));
  const mutations = sdl.definitions.flatMap((type) =>
    type.kind === Kind.OBJECT_TYPE_EXTENSION && type.name.value === "Mutation"
      ? (type.fields ?? []).map(({ name }) => name.value)
      : [],
  );
  expect([...new Set(CASES.map(({ mutation }) => mutation))].sort()).toEqual(mutations.sort());
});

describe.each(CASES)("$mutation", ({ mutation, text, may }) => {
  test("is refused to whom the page refuses it, and to nobody who may", async () => {
    for (const id of EVERYBODY) {
      const ask = asSteward(slice, id);
      const asked = await ask(`mutation { ${text} }`);
      const { data } = await ask("{ me { steward { id } permissions { mutation isAllowed } } }");
      expect(data.me.steward, id).toEqual({ id });
      if (may.includes(id)) {
        expect(codesOf(asked), id).not.toEqual([]);
        expect(codesOf(asked), id).not.toEqual(FORBIDDEN);
        expect(data.me.permissions, id).toContainEqual({ mutation, isAllowed: true });
      } else {
        expect(codesOf(asked), id).toEqual(FORBIDDEN);
        expect(asked.errors[0]?.extensions.detail?.length ?? 0, id).toBeGreaterThan(20);
      }
    }
  });

  test("is refused to whoever is no steward", async () => {
    const callers = [
      callerWith({ client: "bpjs-kesehatan", agency: "BPJS_KESEHATAN", agreement: "PKS-2025-002" }),
      callerWith({ client: "x", officer: "nobody.bpjs_kesehatan", agency: "BPJS_KESEHATAN", agreement: "PKS-2025-002" }),
      callerWith({ client: "x", officer: CONSUMER, agency: "BPS", agreement: "PKS-2025-002" }),
    ];
    for (const caller of callers) {
      expect(codesOf(await slice.ask(`mutation { ${text} }`, { caller }))).toEqual(FORBIDDEN);
      const { data } = await slice.ask("{ me { steward { id } permissions { mutation } } }", { caller });
      expect(data.me).toEqual({ steward: null, permissions: null });
    }
  });
});

test("what stewards read, nobody else does", async () => {
  const roots = [
    'agreementVersions(agreement: "PKS-2025-002") { number }',
    'agreementVersion(agreement: "PKS-2025-002", version: 1) { number }',
    "allAgreements { nodes { number } }",
    "policyEvents { nodes { id } }",
    "coordinates { nodes { coordinate } }",
    "stewardship { inbox { number } }",
  ];
  const client = callerWith({ client: "bpjs-kesehatan", agency: "BPJS_KESEHATAN", agreement: "PKS-2025-002" });
  for (const root of roots) {
    expect(codesOf(await slice.ask(`{ ${root} }`, { caller: client })), root).toEqual(FORBIDDEN);
    for (const id of EVERYBODY) expect(codesOf(await asSteward(slice, id)(`{ ${root} }`)), `${id} ${root}`).toEqual([]);
  }
});

test("stewards see the agreements of all agencies, in pages by number", async () => {
  const query =
    "query ($after: String) { allAgreements(first: 4, after: $after) { totalCount nodes { number consumer { code } versions { number } agreement { number } } pageInfo { hasNextPage endCursor } } }";
  const numbers: string[] = [];
  let asked: Asked | undefined;
  do {
    asked = await asSteward(slice, "auditor.bpk")(query, { after: asked?.data.allAgreements.pageInfo.endCursor ?? null });
    numbers.push(...asked.data.allAgreements.nodes.map(({ number }: { number: string }) => number));
  } while (asked.data.allAgreements.pageInfo.hasNextPage);
  expect(numbers).toEqual([...numbers].sort());
  expect(numbers).toHaveLength(asked.data.allAgreements.totalCount);
  expect(numbers).toEqual(expect.arrayContaining(["PKS-2025-001", "PKS-2025-007", "PKS-2025-101"]));
});
