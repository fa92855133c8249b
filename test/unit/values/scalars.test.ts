import { readFileSync } from "node:fs";
import { buildSchema, GraphQLScalarType, parse } from "graphql";
import { expect, test } from "vitest";
import { createSupergraphRuntime } from "../../../gateway/answer.ts";
import { createViews } from "../../../gateway/plan/view.ts";
import type { Decisions } from "../../../gateway/types/policy.ts";
import type { SourceCall } from "../../../gateway/types/sources.ts";
import { apiSchemaOf } from "../../../schema/sdl/apiSchema.ts";
import { scalars } from "../../../schema/values/scalars.ts";

const sdl = readFileSync("schema/supergraph.graphql", "utf8");
const api = apiSchemaOf(parse(sdl));
const QUESTION = "query ($r: RegionCode) { households(filter: { region: $r }) { totalCount } }";
const HOSTILE: Readonly<Record<string, readonly string[]>> = {
  RegionCode: ["35-10", "3510012345679001", "", "351", "3510' or 1=1", "٣٥"],
  Date: ["2026-02-30", "0000-01-01", "-000001-01-01", "2026-13-01", "2026-1-1", "today", "2026-01-01T00:00:00Z"],
  DateTime: [
    "2026-02-30T00:00:00Z",
    "2026-01-01",
    "yesterday",
    "0000-12-31T23:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
  ],
  Rupiah: ["1.5", "1e9", "-0", " 1", "9".repeat(19), "01"],
};
const GOOD: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  RegionCode: [
    ["35.10.16.1001", "3510161001"],
    ["35", "35"],
  ],
  Date: [
    ["2024-02-29", "2024-02-29"],
    ["0001-01-01", "0001-01-01"],
  ],
  DateTime: [
    ["2026-01-01T00:00:00+07:00", "2025-12-31T17:00:00.000Z"],
    ["2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.500Z"],
  ],
  Rupiah: [
    ["3000000000", "3000000000"],
    ["-1", "-1"],
    ["0", "0"],
  ],
};
const typeIn = (schema: typeof api, name: string): GraphQLScalarType => {
  const type = schema.getType(name);
  if (!(type instanceof GraphQLScalarType)) throw new Error(`${name} is no scalar`);
  return type;
};

test("every scalar of hub.graphql has a rule, and the rule stands on it by name and address", () => {
  const named = [...readFileSync("schema/hub.graphql", "utf8").matchAll(/^scalar (\w+) @specifiedBy\(url: "(.+)"\)/gm)];
  expect(named.map(([, name, url]) => [name, url]).sort()).toEqual(
    Object.values(scalars)
      .map(({ name, specifiedByURL }) => [name, specifiedByURL])
      .sort(),
  );
  expect(named).toHaveLength(4);
});

test.each(Object.keys(HOSTILE))("the gateway takes only values that are a %s, in its one form", (name) => {
  const { parseValue } = typeIn(api, name);
  for (const value of [...(HOSTILE[name] ?? []), 35, null, true, ["35"], {}])
    expect(() => parseValue(value), String(value)).toThrow(`a ${name} must be`);
  for (const [given, read] of GOOD[name] ?? []) {
    expect(parseValue(given)).toBe(read);
    expect(parseValue(read)).toBe(read); // the subgraph reads it again
  }
});

test.each([["the whole schema", []] as const, ["a view that hides something", ["Person.nik"]] as const])(
  "under %s a bad literal and a bad variable are refused at the gateway, without the value, and a good one goes on in its one form",
  async (_, hidden) => {
    const bodies: string[] = [];
    const send = async ({ body }: SourceCall) => {
      bodies.push(body);
      return { data: { households: { totalCount: 1 } } };
    };
    const runtime = createSupergraphRuntime({ supergraphSdl: sdl, transport: { send, close: async () => {} } });
    const decisions: Decisions = {
      key: "all",
      hidden: new Set(hidden),
      verdict: () => ({ effect: "allow" }),
      transform: (_kind, value) => value,
    };
    const ask = (document: string, variables: Readonly<Record<string, unknown>> = {}) =>
      runtime.execute({ document, variables, decisions, deadline: performance.now() + 5_000 });
    const refused = [
      await ask('{ households(filter: { region: "3510012345679001" }) { totalCount } }'),
      await ask(QUESTION, { r: "3510012345679001" }),
    ];
    expect(refused).toMatchObject([
      {
        kind: "refused",
        errors: [
          { code: "GRAPHQL_VALIDATION_FAILED", detail: "a RegionCode must be 2, 4, 6 or 10 digits, with or without dots" },
        ],
      },
      { kind: "refused", errors: [{ code: "BAD_USER_INPUT", detail: 'Variable "$r" needs a value of type RegionCode.' }] },
    ]);
    expect(JSON.stringify(refused)).not.toContain("3510012345679001");
    expect(bodies).toEqual([]);
    expect(await ask(QUESTION, { r: "35.10" })).toMatchObject({ kind: "answered", data: { households: { totalCount: 1 } } });
    expect(bodies.map((body) => JSON.parse(body).variables)).toEqual([{ r: "3510" }]);
    await runtime.close();
  },
);

test("a scalar of another supergraph that only has the same name takes what its own sources take", () => {
  for (const directive of ["", '@specifiedBy(url: "https://elsewhere.example/date")']) {
    const foreign = `type Query { on(day: Date): Int } scalar Date ${directive}`;
    expect(typeIn(apiSchemaOf(parse(foreign)), "Date").parseValue("tomorrow")).toBe("tomorrow");
    expect(typeIn(createViews(buildSchema(foreign))(new Set(["Query.none"])), "Date").parseValue("tomorrow")).toBe("tomorrow");
  }
});
