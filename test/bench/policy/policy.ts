import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { isAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import { buildSchema, type GraphQLSchema, parse } from "graphql";
import { AGREEMENTS, type GrantSeed } from "../../../drizzle/policy/readyMade.ts";
import { ceilingsFor, STATUTORY } from "../../../schema/policy/ceilings.ts";
import { type Compiling, compileTable, type DecisionTable, reachOf } from "../../../schema/policy/decisionTable.ts";
import type { Grant } from "../../../schema/policy/policy.ts";
import { DATA_CLASSES } from "../../../schema/policy/words.ts";
import { type CatalogueEntry, catalogueOf } from "../../../schema/sdl/catalogue.ts";
import { inputUses } from "../../../schema/sdl/inputUses.ts";
import { CedarOracle } from "../../policy/kit/cedarOracle.ts";
import { cedarEntity, cedarPolicies } from "../../policy/kit/cedarPolicies.ts";
import { median } from "../measure.ts";

// What a request costs to judge: our table against Cedar asked the same questions, in one process, in turn. Cedar is asked once a
// coordinate; the verdict it would take to say why, or how it is masked, are further questions that are not counted.

const COORDINATES = 523;
const ROUNDS = 7;
const CHECKS = 2000;
const COMPILES = 100;
const VARIABLES = {
  filter: { region: "3510", decileAtMost: 4, incomeAtMost: "1000000", matchStatus: "MATCHED" },
  orderBy: "DECILE",
  first: 50,
};

export async function run(): Promise<void> {
  const setting = readSetting();
  const { rows, compiling, asked } = setting;
  out(`## Policy: one agreement, ${rows.length} rows, ${compiling.catalogue.entries.size} coordinates\n`);
  out(
    `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)} before; one thread, median of ${ROUNDS}\n`,
  );
  sameAnswers(setting);
  const cedar = new CedarOracle(rows, compiling);
  const compile = rounds(COMPILES, () => compileTable(rows, compiling));
  const parsed = rounds(10, () => new CedarOracle(rows, compiling));
  const table = compileTable(rows, compiling);
  const check = rounds(CHECKS, () => checkByTable(table, setting));
  const stateful = rounds(1, () => checkByCedar(cedar, setting));
  const uses = setting.variableUses().length;
  const stateless = ofAll(asked.length + uses, rounds(20, statelessQuestion(setting)));
  out("| | dtks-hub µs | Cedar µs | Cedar / dtks-hub |\n|---|---|---|---|");
  line("compile one agreement; Cedar: parse its policies", compile, parsed);
  const request = `check ${asked.length} coordinates and ${uses} of variables`;
  line(`${request}; Cedar: policies parsed before`, check, stateful);
  line(`${request}; Cedar: policies parsed for every question`, check, stateless);
}

interface Setting {
  readonly rows: readonly Grant[];
  readonly compiling: Compiling;
  readonly asked: readonly CatalogueEntry[];
  /** Coordinates the variables of one request touch: walked anew each time, as for every request. */
  readonly variableUses: () => readonly string[];
}

function readSetting(): Setting {
  const [agreement] = AGREEMENTS;
  if (!agreement) throw new Error("there is no ready-made agreement");
  const catalogue = catalogueOf(parse(readFileSync("schema/supergraph.graphql", "utf8")));
  const ceilings = ceilingsFor(
    agreement.purpose,
    STATUTORY.map((rule) => ({ ...rule, prohibitedPurposes: [] })),
  );
  const rows = agreement.grants.map(rowOf);
  const pinned = new Set(reachOf(rows, { ceilings, catalogue }));
  const isPlainQuestion = ({ kind, bandOf, claimOf, isStatistics, guards }: CatalogueEntry) =>
    kind === "output" ? bandOf === null && claimOf === null && !isStatistics : guards.length === 0;
  const asked = [...catalogue.entries.values()].filter(isPlainQuestion).slice(0, COORDINATES);
  const schema = buildSchema(readFileSync("schema/api.graphql", "utf8"));
  return { rows, compiling: { ceilings, catalogue, pinned }, asked, variableUses: () => variableUses(schema) };
}

const CLASSES: ReadonlySet<string> = new Set(DATA_CLASSES);

const rowOf = ({ selector, use, effect, mask, params, clause }: GrantSeed): Grant => ({
  ...{
    kind: CLASSES.has(selector) ? "class" : "coordinate",
    selector,
    topic: null,
    use: use ?? "OUTPUT",
    effect: effect ?? "allow",
  },
  ...{ maskFn: mask ?? null, params: params ?? null, clause: clause ?? "", widenReason: null },
  ...{ home: null, elsewhere: null, condition: null },
});

function variableUses(schema: GraphQLSchema): string[] {
  const field = schema.getQueryType()?.getFields()["households"];
  if (!field) throw new Error("the schema has no Query.households");
  return inputUses(field, "Query.households", VARIABLES).map(([coordinate]) => coordinate);
}

/** How many of a request's coordinates are open. */
function checkByTable(table: DecisionTable, { asked, variableUses: uses }: Setting): number {
  let open = 0;
  for (const { coordinate } of asked) if (table.verdict(coordinate).effect === "allow") open++;
  for (const coordinate of uses()) if (table.verdict(coordinate).effect === "allow") open++;
  return open;
}

function checkByCedar(cedar: CedarOracle, { asked, variableUses: uses }: Setting): number {
  const open = asked.filter((entry) => cedar.isOpenAsItIs(entry));
  return open.length + uses().filter((coordinate) => cedar.verdict(coordinate).effect === "allow").length;
}

/** Both must say the same of every coordinate, or the figures compare nothing. */
function sameAnswers(setting: Setting): void {
  const { rows, compiling, asked } = setting;
  const [table, cedar] = [compileTable(rows, compiling), new CedarOracle(rows, compiling)];
  const differing = [
    ...asked
      .filter((entry) => cedar.isOpenAsItIs(entry) !== (table.verdict(entry.coordinate).effect === "allow"))
      .map(({ coordinate }) => coordinate),
    ...setting.variableUses().filter((coordinate) => cedar.verdict(coordinate).effect !== table.verdict(coordinate).effect),
  ];
  if (differing.length > 0) throw new Error(`table and Cedar differ about ${differing.join(", ")}`);
}

/** One question with everything sent along, as whoever keeps nothing between questions asks. */
function statelessQuestion({ rows, compiling, asked }: Setting): () => void {
  const entry = asked.find(({ kind }) => kind === "output");
  const entity = cedarEntity(entry?.coordinate ?? "", { entry, rows, pinned: compiling.pinned });
  const policies = { staticPolicies: cedarPolicies(rows, compiling) };
  return () => {
    const answer = isAuthorized({
      principal: { type: "Agreement", id: "one" },
      action: { type: "Action", id: "OUTPUT" },
      resource: entity.uid,
      context: { openness: 6 },
      policies,
      entities: [entity],
    });
    if (answer.type === "failure") throw new Error(answer.errors.map(({ message }) => message).join("; "));
  };
}

/** Microseconds of each round, a call; the first round warms up and is left out. */
function rounds(calls: number, work: () => unknown): number[] {
  return Array.from({ length: ROUNDS + 1 }, () => {
    const startedAt = performance.now();
    for (let call = 0; call < calls; call++) work();
    return ((performance.now() - startedAt) * 1000) / calls;
  }).slice(1);
}

const ofAll = (times: number, each: readonly number[]): number[] => each.map((us) => us * times);
const out = (text: string) => process.stdout.write(`${text}\n`);

function line(what: string, ours: readonly number[], theirs: readonly number[]): void {
  const ratio = median(ours.map((us, round) => (theirs[round] ?? Number.NaN) / us));
  const figure = (us: number) => (us < 100 ? us.toFixed(1) : Math.round(us).toLocaleString("en"));
  out(`| ${what} | ${figure(median(ours))} | ${figure(median(theirs))} | ${Math.round(ratio).toLocaleString("en")} |`);
}
