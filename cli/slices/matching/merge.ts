import { existsSync, readFileSync, statSync } from "node:fs";
import { parseArgs } from "node:util";
import { ConfigFaults } from "../../../schema/settings.ts";
import { type MergeReport, runMerge } from "../../../subgraphs/population/individuals/run/run.ts";
import { type MappedFile, mapFiles, type SourceFile } from "../../../subgraphs/population/individuals/run/sources.ts";
import { describeMapping } from "../../../subgraphs/population/jobs/upload/mapping.ts";
import { openDatabases } from "../../data/databases.ts";

export const help = `
Usage: npx hub merge --dtks FILE --pkh FILE --bpnt FILE --bst FILE [--check] [--json]
       npx hub merge --source NAME=FILE --source NAME=FILE …

Merges the lists of several programs into single individuals: rows that are one registered person, and rows of people the register does not
name that belong together (provisional groups). Doubtful rows go to the review queue, where a clerk decides. Two sources or more; files are CSV
(comma, semicolon, tab or bar; UTF-8), their columns guessed from the header and shown, as by "npx hub match".

Run again it keeps every id, and what people decided until the row or the person changes. A row its file no longer has leaves its individual;
sources that are not named stay as they are. All or nothing: a line that is no row, or a row's id that stands twice, refuses everything.

  --source NAME=FILE    a source of another name; may be repeated
  --map NAME=map.json   how the file of a source is read, where the guess is wrong (format: npx hub match --help)
  --agency CODE         whose the rows are: that agency sees and decides them (KEMENSOS); NAME=CODE for one source
  --check               show how the columns are read, and stop
  --json                print the report as JSON
Exit codes: 0 done, 1 failed, nothing is changed, 2 wrong usage or a file that cannot be read.
`;

const KNOWN = ["dtks", "pkh", "bpnt", "bst"] as const;
const MANY = { type: "string" as const, multiple: true as const, default: [] as string[] };
const OPTIONS = {
  dtks: { type: "string" },
  pkh: { type: "string" },
  bpnt: { type: "string" },
  bst: { type: "string" },
  source: MANY,
  map: MANY,
  agency: MANY,
  check: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;
const parse = (argv: readonly string[]) => parseArgs({ args: [...argv], options: OPTIONS }).values;
type Values = ReturnType<typeof parse>;

/** `argv`: what follows `merge`. */
export async function merge(argv: readonly string[]): Promise<number> {
  const values = parse(argv);
  try {
    const { files, agencyOf } = readUsage(values);
    const mapped = await mapFiles(files);
    for (const file of mapped) describe(file);
    if (values.check) return 0;
    const report = await onDatabase((url) => runMerge({ url, files: mapped, agencyOf, now: new Date(), note }));
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : told(report));
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    for (const fault of error.faults) note(fault);
    return 2;
  }
}

async function onDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const databases = await openDatabases(process.env, note);
  try {
    const url = databases.urls.jobs;
    if (url === undefined)
      throw new ConfigFaults(["HUB_DATABASE_URL_JOBS is missing: PostgreSQL of population as hub_population_jobs"]);
    return await work(url);
  } finally {
    await databases.close();
  }
}

interface Usage {
  readonly files: readonly SourceFile[];
  readonly agencyOf: (source: string) => string;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;

/** Throws ConfigFaults with everything wrong about the command line. */
function readUsage(values: Values): Usage {
  const faults: string[] = [];
  const named = KNOWN.flatMap((name) => (values[name] === undefined ? [] : [[name.toUpperCase(), values[name]] as const]));
  const sources = [...named, ...values.source.map((text) => pairOf(text, { option: "source", faults }))];
  const names = sources.map(([name]) => name);
  const of = (option: "map" | "agency") => (text: string) => {
    const pair = pairOf(text, { option, faults });
    if (!names.includes(pair[0])) faults.push(`--${option} names ${pair[0]}, which is no source here`);
    return pair;
  };
  const maps = new Map(values.map.map(of("map")));
  const agencies = new Map(values.agency.filter((text) => text.includes("=")).map(of("agency")));
  const agency = values.agency.findLast((text) => !text.includes("=")) ?? "KEMENSOS";
  if (sources.length < 2) faults.push("name two sources or more. npx hub merge --help explains.");
  for (const name of new Set(names.filter((name, i) => names.indexOf(name) !== i)))
    faults.push(`the source ${name} is named twice`);
  for (const path of [...sources.map(([, path]) => path), ...maps.values()])
    if (!(existsSync(path) && statSync(path).isFile())) faults.push(`${path} is not a file`);
  for (const code of [agency, ...agencies.values()]) if (!NAME.test(code)) faults.push(`--agency: ${code} is no agency's code`);
  if (faults.length > 0) throw new ConfigFaults(faults);
  const textOf = (path: string | undefined) => (path === undefined ? null : readFileSync(path, "utf8"));
  return {
    files: sources.map(([source, path]) => ({ source, path, map: textOf(maps.get(source)) })),
    agencyOf: (source) => agencies.get(source) ?? agency,
  };
}

function pairOf(text: string, { option, faults }: { option: string; faults: string[] }): readonly [string, string] {
  const at = text.indexOf("=");
  const [name, value] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (!NAME.test(name) || value === "") faults.push(`--${option} is written NAME=VALUE`);
  return [name, value];
}

function describe({ source, path, mapping }: MappedFile): void {
  note(`${source}: ${path}`);
  for (const line of describeMapping(mapping)) note(`  ${line}`);
  if (mapping.rowId === null)
    note("  rows are called by their lines: when lines move, so do individuals. Better map a column as rowId.");
}

function told({ read, people, changes, standing, predicted }: MergeReport): string {
  const lines: readonly (readonly [string, number])[] = [
    ["rows read", read],
    ["people of the register", people],
    ["individuals", standing.individuals],
    ["  of them provisional groups", standing.provisionalGroups],
    ["rows of individuals", standing.rows],
    ["  of them with a person", standing.rowsWithPerson],
    ["review cases open", standing.openCases],
    ["  of them new", changes.opened],
    ["review decisions kept", standing.decisionsKept],
    ["merges by people kept", standing.mergesKept],
    ["decisions and cases lapsed", changes.superseded],
    ["individuals new", changes.created],
    ["rows gone from their source", changes.gone],
  ];
  return `${[...lines.map(([name, n]) => `${name.padEnd(30)}${String(n).padStart(12)}`), trust(predicted)].join("\n")}\n`;
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

function trust(predicted: MergeReport["predicted"]): string {
  if (predicted === null)
    return "Too few rows have a NIK that proves itself to predict errors: look at the groups before using them.";
  const { weight, precision, low, high, falseMatches } = predicted;
  return (
    `Of rows that came to a person without an exact NIK, by ${weight} bits or more of their own, ${percent(precision)} are predicted to be ` +
    `right (95 % interval ${percent(low)} to ${percent(high)}); of rows about absent people ${percent(falseMatches)} come to somebody. ` +
    "Of rows with less, which another program's row bears out, nothing is predicted."
  );
}

function note(text: string): void {
  process.stderr.write(`hub merge: ${text}\n`);
}
