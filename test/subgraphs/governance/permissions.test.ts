import { readFileSync } from "node:fs";
import { buildSchema, type GraphQLInputType, isEnumType, isInputObjectType, isListType, isNonNullType } from "graphql";
import { expect, test } from "vitest";
import { governance } from "../../../subgraphs/governance/index.ts";
import { MUTATIONS } from "../../../subgraphs/governance/lifecycle/needs.ts";
import { resolvers } from "../../../subgraphs/governance/resolvers.ts";
import { useDatabases } from "../../kit/database.ts";
import { useSlice } from "../../kit/slice.ts";
import { asSteward } from "./lifecycle/kit.ts";

// What a page shows of its buttons (`me { permissions }`) against what the API does, every mutation by every kind of person. What is sent is nonsense: who
// may call is told of that, and nothing changes; who may not is told of the role before anything is looked at.
const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime });
const mutations = buildSchema(readFileSync("schema/api.graphql", "utf8")).getMutationType()?.getFields() ?? {};
const PEOPLE = ["steward.kemensos", "dpo.kemensos", "steward.hub", "dpo.hub", "operator.hub", "auditor.bpk"];
const ROLE_MISSING = /with the role|who runs the hub|controls the events|person concerned/;

interface Permission {
  readonly mutation: string;
  readonly isAllowed: boolean;
  readonly roles: readonly string[];
  readonly reason: { readonly english: string; readonly indonesian: string } | null;
}

const SCALARS: Readonly<Record<string, string>> = {
  ...{ Int: "1", Float: "1", Boolean: "false", Date: '"2026-01-01"', DateTime: '"2026-01-01T00:00:00Z"' },
  RegionCode: '"3510"',
};

/** A literal of a type that nothing answers to. */
function nonsense(type: GraphQLInputType): string {
  if (isNonNullType(type)) return nonsense(type.ofType);
  if (isListType(type)) return "[]";
  if (isEnumType(type)) return type.getValues()[0]?.name ?? "";
  if (!isInputObjectType(type)) return SCALARS[type.name] ?? '"?"';
  const needed = Object.values(type.getFields()).filter((field) => isNonNullType(field.type) && field.defaultValue === undefined);
  return `{ ${needed.map((field) => `${field.name}: ${nonsense(field.type)}`).join(", ")} }`;
}

function sent(name: string): string {
  const needed = (mutations[name]?.args ?? []).filter((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined);
  const args = needed.map((arg) => `${arg.name}: ${nonsense(arg.type)}`).join(", ");
  return `mutation { ${name}${args ? `(${args})` : ""} { __typename } }`;
}

const permissionsOf = async (id: string): Promise<readonly Permission[]> =>
  (await asSteward(slice, id)("{ me { permissions { mutation isAllowed roles reason { english indonesian } } } }")).data.me
    .permissions;

test("every mutation of governance says which role it needs", () => {
  const own = Object.keys(resolvers.Mutation ?? {});
  expect([...MUTATIONS]).toEqual(own.sort());
});

test.each(PEOPLE)("what the page allows %s, the API allows, and nothing else", async (id) => {
  const permissions = await permissionsOf(id);
  expect(permissions.map(({ mutation }) => mutation)).toEqual([...MUTATIONS]);
  expect(permissions.some(({ isAllowed }) => isAllowed)).toBe(true);
  for (const { mutation, isAllowed, reason } of permissions) {
    const asked =
      mutation === "decideVersion"
        ? sent(mutation).replace(/capacity: \w+/, `capacity: ${id.startsWith("dpo") ? "DPO" : "OWNER"}`)
        : sent(mutation);
    const { errors } = await asSteward(slice, id)(asked);
    const lacks = errors.find(({ extensions: { code, detail } }) => code === "FORBIDDEN" && ROLE_MISSING.test(detail ?? ""));
    expect(errors.length, `${mutation} is nonsense`).toBeGreaterThan(0);
    expect(lacks === undefined, `${id} ${mutation}: ${errors[0]?.extensions.detail}`).toBe(isAllowed);
    expect(reason === null).toBe(isAllowed);
  }
});

test("an event subscription is approved by stewards of who controls the events: others are told who they are", async () => {
  const approving = async (id: string) =>
    (await permissionsOf(id)).find(({ mutation }) => mutation === "approveEventSubscription");
  expect(await approving("steward.kemensos")).toMatchObject({ isAllowed: true, reason: null });
  const { isAllowed, reason } = (await approving("steward.bpjs_kesehatan")) ?? {};
  expect([isAllowed, reason?.english]).toEqual([false, expect.stringContaining("KEMENSOS")]);
});
