import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { type GraphQLObjectType, getNamedType, isObjectType, isRequiredArgument, parse } from "graphql";
import { Assembler } from "../../../gateway/plan/fetch/assemble.ts";
import { loadSupergraph, NO_LIMITS } from "../../../gateway/plan/supergraph.ts";
import type { Supergraph } from "../../../gateway/types/supergraph.ts";

const SDL = "schema/supergraph.graphql";
const WIDTHS = [100, 200, 400, 800, 1600];

/** How long a question takes to plan, by no plan known before, beside the planners one would choose otherwise; each in turns. */
export async function run(): Promise<void> {
  const sdl = readFileSync(SDL, "utf8");
  const supergraph = loadSupergraph(sdl, { limits: NO_LIMITS });
  const planners = [ours(supergraph), await rust(sdl), apollo(sdl)].flatMap((planner) => planner ?? []);
  const lines = questions(supergraph).map(([name, question]) => {
    const times = timed(planners, question);
    return `| ${name} | ${planners.map((_, index) => told(times[index] ?? [])).join(" | ")} |`;
  });
  const head = [`| question | ${planners.map(({ name }) => name).join(" | ")} |`, `|---|${planners.map(() => "---|").join("")}`];
  const machine = `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}; p50 (first) in ms`;
  process.stdout.write(`${[machine, ...head, ...lines].join("\n")}\n`);
}

interface Timed {
  readonly name: string;
  plan(question: string): unknown;
}

const ours = (supergraph: Supergraph): Timed => ({
  name: "dtks-hub",
  plan: (question) => new Assembler(supergraph, new Set()).fetches(supergraph.planner.plan(question)),
});

async function rust(sdl: string): Promise<Timed> {
  const { QueryPlanner } = await import("@graphql-hive/router-query-planner");
  const planner = new QueryPlanner(sdl);
  return { name: "router-query-planner", plan: (question) => planner.plan(question, null, new Set(), 0) };
}

/** Null where the peers are not installed (`npm install --prefix test/bench/peers`). */
function apollo(sdl: string): Timed | null {
  const load = createRequire(new URL("../peers/package.json", import.meta.url));
  try {
    const { QueryPlanner } = load("@apollo/query-planner");
    const { Supergraph: Theirs, operationFromDocument } = load("@apollo/federation-internals");
    const theirs = Theirs.build(sdl, { validateSupergraph: false });
    const planner = new QueryPlanner(theirs);
    const api = theirs.apiSchema();
    return {
      name: "@apollo/query-planner",
      plan: (question) => planner.buildQueryPlan(operationFromDocument(api, parse(question))),
    };
  } catch {
    return null;
  }
}

function timed(planners: readonly Timed[], question: string): number[][] {
  const times: number[][] = planners.map(() => []);
  for (let round = 0; round < 30; round += 1)
    for (const [index, planner] of planners.entries()) {
      const from = performance.now();
      planner.plan(question);
      times[index]?.push(performance.now() - from);
    }
  return times;
}

const told = (times: readonly number[]): string =>
  `${([...times].sort((a, b) => a - b)[times.length >> 1] ?? 0).toFixed(2)} (${(times[0] ?? 0).toFixed(1)})`;

const LARGE = `query ($first: Int) { households(filter: { region: "35" }, first: $first) {
  nodes { id members { id person { id fullName enrolments { id program { name } payments(latest: 2) { amount } } } } deciles { decile } } } }`;
const SMALL = "query ($nik: String!) { personByNik(nik: $nik) { id fullName enrolments { id program { code } state } } }";

const questions = ({ api }: Supergraph): readonly (readonly [string, string])[] => [
  ["small", SMALL],
  ["large", LARGE],
  ...WIDTHS.map((width) => [`${width} fields`, wideQuestion(api.getQueryType() as GraphQLObjectType, width)] as const),
];

/** A question of so many leaves, in the order of the schema, five objects deep. */
export function wideQuestion(query: GraphQLObjectType, width: number): string {
  const room = { left: width };
  return `query ${selected(query, [], room)}`;
}

function selected(type: GraphQLObjectType, above: readonly string[], room: { left: number }): string {
  const fields = Object.values(type.getFields()).filter(({ args }) => !args.some(isRequiredArgument));
  const parts = fields.map(({ name, type: below }) => {
    const named = getNamedType(below);
    if (room.left <= 0 || isObjectType(named)) return room.left > 0 ? within(name, named as GraphQLObjectType) : "";
    room.left -= 1;
    return name;
  });
  function within(name: string, named: GraphQLObjectType): string {
    const inner = above.length < 5 && !above.includes(named.name) ? selected(named, [...above, named.name], room) : "";
    return inner && `${name} ${inner}`;
  }
  const body = parts.filter(Boolean).join(" ");
  return body && `{ ${body} }`;
}
