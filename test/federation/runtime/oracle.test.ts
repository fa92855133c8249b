import fc from "fast-check";
import {
  type GraphQLCompositeType,
  type GraphQLField,
  getNamedType,
  isCompositeType,
  isObjectType,
  isUnionType,
  parse,
  validate,
} from "graphql";
import { expect, test } from "vitest";
import { answered, DENY, decide, hubOf } from "./hubOf.ts";
import { oracle, PARTS, wholeSchema } from "./oracle.ts";

const hub = hubOf(PARTS);
const COORDINATES = [
  ...["code", "name", "nick", "label", "age", "friends", "best", "orgs", "home", "favourite"].map((name) => `User.${name}`),
  ...["id", "title", "label", "boss", "size", "members"].map((name) => `Org.${name}`),
  ...["Home.city", "Home.zip", "Query.nodes", "Query.users", "User.id"],
  ...[
    "Order.UP",
    "Order.DOWN",
    "Unit.KM",
    "Where.not",
    "Where.order",
    "Query.users(where:)",
    "Org.members(first:)",
    "User.age(plus:)",
  ],
];
const EVIL = ["id", "name", "__typename", "__proto__", "_h0", "friends", "x"];
const VARIABLES = { t: true, f: false, n: 2, o: "DOWN", w: { not: "u1" }, i: "u3", k: "KM" };
const TYPES: Record<string, string> = { t: "Boolean!", f: "Boolean!", n: "Int", o: "Order", w: "Where", i: "ID!", k: "Unit" };

/** A random operation as text. Not always valid: aliases may collide. */
class Writer {
  private readonly fragments: string[] = [];
  private readonly onType = new Map<string, string[]>();
  private readonly pick: <T>(values: readonly T[]) => T;

  constructor(pick: <T>(values: readonly T[]) => T) {
    this.pick = pick;
  }

  operation(): string {
    const body = this.set(wholeSchema.getQueryType() as GraphQLCompositeType, 0);
    const text = `${body} ${this.fragments.join(" ")}`;
    const used = Object.entries(TYPES).filter(([name]) => new RegExp(`\\$${name}\\b`).test(text));
    return used.length > 0 ? `query (${used.map(([name, type]) => `$${name}: ${type}`).join(", ")}) ${text}` : text;
  }

  private set(type: GraphQLCompositeType, depth: number): string {
    const parts = Array.from({ length: this.pick([1, 2, 2, 3, 4]) }, () => this.part(type, depth));
    return `{ ${parts.join(" ")} }`;
  }

  private part(type: GraphQLCompositeType, depth: number): string {
    const kind = this.pick(
      isUnionType(type) ? ["type", "fragment", "spread"] : ["field", "field", "field", "field", "type", "fragment", "spread"],
    );
    if (kind === "type") return this.pick(["__typename", "__typename", "t: __typename"]);
    if (kind === "field" && !isUnionType(type)) return this.field(this.pick(Object.values(type.getFields())), depth);
    const on = this.narrowed(type);
    if (kind === "fragment") return `... on ${on.name} ${this.condition()} ${this.set(on, depth + 1)}`;
    return `...${this.fragment(on, depth)} ${this.condition()}`;
  }

  private narrowed(type: GraphQLCompositeType): GraphQLCompositeType {
    const names = isObjectType(type)
      ? [type.name, ...type.getInterfaces().map(({ name }) => name)]
      : ["User", "Org", ...(isUnionType(type) ? [] : [type.name])];
    return wholeSchema.getType(this.pick(names)) as GraphQLCompositeType;
  }

  private fragment(type: GraphQLCompositeType, depth: number): string {
    const known = this.onType.get(type.name) ?? [];
    if (known.length > 0 && this.pick([true, false])) return this.pick(known);
    const body = this.set(type, depth + 1);
    const name = `F${this.fragments.length}`;
    this.fragments.push(`fragment ${name} on ${type.name} ${body}`);
    this.onType.set(type.name, [...(this.onType.get(type.name) ?? []), name]);
    return name;
  }

  private field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const type = getNamedType(field.type);
    if (isCompositeType(type) && depth > 5) return "__typename";
    const args = field.args.flatMap((argument) => this.argument(argument.name));
    const alias = this.pick(["", "", "", "", `k${field.name}${args.join("").replace(/\W/g, "")}: `, `${this.pick(EVIL)}: `]);
    const below = isCompositeType(type) ? this.set(type, depth + 1) : "";
    return `${alias}${field.name}${args.length > 0 ? `(${args.join(", ")})` : ""} ${this.condition()} ${below}`;
  }

  private argument(name: string): string[] {
    const values: Record<string, readonly string[]> = {
      id: ['"u1"', '"u9"', "$i"],
      order: ["", "UP", "DOWN", "$o"],
      where: ["", "", "{}", '{ not: "u2" }', "{ order: UP }", "{ order: $o }", "$w"],
      plus: ["", "5", "$n"],
      unit: ["", "KM", "$k"],
      first: ["", "1", "3", "$n"],
    };
    const value = this.pick(values[name] ?? [""]);
    return value ? [`${name}: ${value}`] : [];
  }

  private condition(): string {
    return this.pick([
      "",
      "",
      "",
      "",
      "",
      "@include(if: $t)",
      "@skip(if: $f)",
      "@include(if: $f)",
      "@skip(if: $t)",
      "@include(if: true) @skip(if: $f)",
    ]);
  }
}

/** Asks the hub and the oracle the same; what differs fails. */
async function compared(document: string, denied: readonly string[]) {
  const { data, hasErrors } = await oracle(document, VARIABLES, new Set(denied));
  const decisions = decide(Object.fromEntries(denied.map((coordinate) => [coordinate, DENY])));
  const outcome = answered(await hub.ask(document, { variables: VARIABLES, decisions }));
  expect(JSON.parse(JSON.stringify(outcome.data)), document).toEqual(data);
  if (hasErrors) expect(outcome.errors.length, document).toBeGreaterThan(0);
  if (!hasErrors && denied.length === 0) expect(outcome.errors, document).toEqual([]);
  const touched = outcome.fetches.flatMap(({ coordinates }) => [...coordinates.output, ...coordinates.arguments]);
  for (const coordinate of [...touched, ...outcome.shown]) expect(denied, document).not.toContain(coordinate);
  return { hasErrors, hasDenials: outcome.denied.length > 0, fetches: outcome.fetches.length };
}

/** Runs the property and counts what it met. */
async function compare(runs: number, denials: fc.Arbitrary<readonly string[]>) {
  const seen = { runs: 0, withErrors: 0, withDenials: 0, fetches: 0 };
  const property = fc.asyncProperty(fc.gen(), denials, async (gen, denied) => {
    const document = new Writer((values) => values[gen(fc.nat, values.length - 1)] as (typeof values)[number]).operation();
    fc.pre(validate(wholeSchema, parse(document)).length === 0);
    const { hasErrors, hasDenials, fetches } = await compared(document, denied);
    seen.runs += 1;
    seen.withErrors += Number(hasErrors);
    seen.withDenials += Number(hasDenials);
    seen.fetches += fetches;
  });
  const numRuns = Number(process.env["ORACLE_RUNS"] ?? runs);
  await fc.assert(property, { numRuns, maxSkipsPerRun: 1000 });
  return seen;
}

test("a random question over three sources is answered as if there were one", async () => {
  const seen = await compare(500, fc.constant([]));
  expect(seen.runs).toBeGreaterThanOrEqual(500);
  expect(seen.withErrors).toBeGreaterThan(20);
  expect(seen.fetches).toBeGreaterThan(seen.runs);
});

test("a random question under random denials is answered as one source would under the same denials", async () => {
  const seen = await compare(500, fc.subarray(COORDINATES, { maxLength: 6 }));
  expect(seen.runs).toBeGreaterThanOrEqual(500);
  expect(seen.withDenials).toBeGreaterThan(100);
});
