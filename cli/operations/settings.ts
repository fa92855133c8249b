import { relative } from "node:path";
import { parseArgs } from "node:util";
import { SETTINGS as GATEWAY, PER_SUBGRAPH, type Setting } from "../../gateway/runtime/settings.ts";
import { SETTINGS as SUBGRAPH } from "../../subgraphs/kit/serve/config.ts";
import { LOG_SETTINGS } from "../record/settings.ts";

export const help = `
Usage: npx hub settings [--json]

Prints every HUB_* setting with its meaning and default, as the table of docs/runbook.md. What says "or …_FILE" is a secret, and may be given as the name of a file.
`;

interface Row {
  readonly name: string;
  readonly of: string;
  readonly about: string;
  readonly default: string;
}

/** Settings that only the commands on one machine read. */
const MACHINE: readonly Row[] = [
  [
    "HUB_DATABASE_URL",
    "administrator's address of any PostgreSQL ≥ 15: roles, databases and migrations are made there; or …_FILE",
    "embedded",
  ],
  [
    "HUB_DATABASE_OWNER_URL_<SLICE>",
    "PostgreSQL of the slice, as the owner of its tables: migrations, seed, import; or …_FILE",
    "",
  ],
  [
    "HUB_DATABASE_URL_JOBS",
    "PostgreSQL of population as the role hub_population_jobs: batch matching, without a pooler; or …_FILE",
    "",
  ],
  [
    "HUB_DATABASE_URL_REGISTRY",
    "PostgreSQL of welfare as the role hub_welfare_jobs: the registry's workers, without a pooler; or …_FILE",
    "",
  ],
  [
    "HUB_DATABASE_URL_ALLOCATION",
    "PostgreSQL of programs as the role hub_programs_jobs: the programs' workers, without a pooler; or …_FILE",
    "",
  ],
  [
    "HUB_DATABASE_URL_PUBLICATION",
    "PostgreSQL of statistics as the role hub_statistics_jobs: the publisher of figures, without a pooler; or …_FILE",
    "",
  ],
  ["HUB_DATABASE_SECRET", "passwords of the roles are derived from it, 32 characters or more; or …_FILE", "known in dev"],
  ["HUB_DATA_DIR", "folder of everything this machine's hub keeps", ".hub"],
  ["HUB_PG_DIR", "folder of the embedded PostgreSQL", ".hub/pg18"],
  ["HUB_PG_PORT", "preferred port of the embedded PostgreSQL", "54329"],
  ["HUB_CITUS", "`true`: npx hub migrate spreads tables over a Citus cluster; docs/operations/citus.md", ""],
  ["HUB_ISSUER_PORT", "port of the embedded issuer", "4005"],
  ["HUB_COURIER_SECRET", "secret of the client siks-ng at the issuer, for the courier; or …_FILE", "known in dev"],
  ["HUB_CLIENT", "client in whose name commands ask a hub", ""],
  ["HUB_CLIENT_SECRET", "secret of that client at its issuer; or …_FILE", "known in dev"],
  ["HUB_TOKEN", "access token commands ask a hub with, in place of a client; or …_FILE", ""],
  ["HUB_HOUSEHOLDS", "households of the synthetic population", "as many as are there, else 10000"],
].map(([name = "", about = "", fallback = ""]) => ({ name, of: "commands", about, default: fallback }));

export function rows(): Row[] {
  const gateway = Object.entries<Setting>(GATEWAY).map(([name, { about, or, dev, isSecret }]) => ({
    name,
    of: "gateway",
    about: isSecret ? `${about}; or …_FILE` : about,
    default: dev !== undefined ? "known in dev" : or?.startsWith("/") ? relative(process.cwd(), or) : (or ?? ""),
  }));
  const each = Object.entries<Setting>(PER_SUBGRAPH).map(([prefix, { about, isSecret }]) => ({
    name: `${prefix}<SLICE>`,
    of: "gateway",
    about: isSecret ? `${about}; or …_FILE` : about,
    default: "",
  }));
  const subgraph = Object.entries(SUBGRAPH).map(([name, { about, or }]) => ({ name, of: "subgraph", about, default: or }));
  const ofSubgraphs = new Set(subgraph.map(({ name }) => name));
  const ofGateway = [...gateway, ...each].map((row) => (ofSubgraphs.has(row.name) ? { ...row, of: "gateway, subgraph" } : row));
  const log = Object.entries(LOG_SETTINGS).map(([name, { about, or }]) => ({ name, of: "log", about, default: or }));
  const known = new Set(ofGateway.map(({ name }) => name));
  return [...ofGateway, ...subgraph.filter(({ name }) => !known.has(name)), ...log, ...MACHINE];
}

export const settingsTable = (): string =>
  [
    "| setting | read by | meaning | default |",
    "|---|---|---|---|",
    ...rows().map((row) => `| \`${row.name}\` | ${row.of} | ${row.about} | ${row.default} |`),
  ].join("\n");

export async function settings(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { json: { type: "boolean", default: false } } });
  process.stdout.write(`${values.json ? JSON.stringify(rows()) : settingsTable()}\n`);
  return 0;
}
