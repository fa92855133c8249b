import { exposedFiles } from "../schema/settings.ts";

/** A subcommand: one file each, `help` teaches, `run` answers the exit code (0 fine, 1 found something, 2 wrong usage). */
interface Command {
  readonly help: string;
  readonly run: (argv: readonly string[]) => Promise<number>;
}

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  start: { summary: "run the whole hub on this machine", load: async () => command(await import("./run/start.ts"), "start") },
  token: {
    summary: "print an access token of a ready-made client",
    load: async () => command(await import("./token.ts"), "token"),
  },
  policy: {
    summary: "publish a schema; versions of agreements as signed files",
    load: async () => command(await import("./policy/policy.ts"), "policy"),
  },
  steward: {
    summary: "sign a decision about an agreement",
    load: async () => command(await import("./steward.ts"), "steward"),
  },
  documents: {
    summary: "register and list trusted documents of an agreement",
    load: async () => command(await import("./documents.ts"), "documents"),
  },
  seed: { summary: "load the synthetic population", load: async () => command(await import("./data/seed.ts"), "seed") },
  synth: {
    summary: "write a made-up register and program files with their truth",
    load: async () => command(await import("./data/synth.ts"), "synth"),
  },
  match: {
    summary: "say for every row of a list which registered person it is",
    load: async () => command(await import("./matching/match.ts"), "match"),
  },
  matcher: {
    summary: "run a worker of batch matching",
    load: async () => command(await import("./matching/matcher.ts"), "matcher"),
  },
  merge: {
    summary: "one individual across the files of several programs",
    load: async () => command(await import("./matching/merge.ts"), "merge"),
  },
  link: {
    summary: "link files by a configuration, or de-duplicate one",
    load: async () => command(await import("./matching/link.ts"), "link"),
  },
  import: {
    summary: "load a file as districts have it",
    load: async () => command(await import("./data/import.ts"), "importMembers"),
  },
  export: {
    summary: "write members of a region in the SIKS-NG shape",
    load: async () => command(await import("./registry/export.ts"), "exportMembers"),
  },
  packet: {
    summary: "the device's side of a village packet without signal",
    load: async () => command(await import("./registry/packet.ts"), "packet"),
  },
  migrate: {
    summary: "make roles and databases, run migrations",
    load: async () => command(await import("./data/migrate.ts"), "migrate"),
  },
  citus: {
    summary: "print how tables would be laid out on Citus",
    load: async () => command(await import("./data/citus.ts"), "citus"),
  },
  gateway: { summary: "run the gateway alone", load: async () => command(await import("./run/gateway.ts"), "gateway") },
  courier: {
    summary: "carry signed facts between the controllers",
    load: async () => command(await import("./registry/courier.ts"), "courier"),
  },
  registrar: {
    summary: "run a worker of the registry, or verify determinations",
    load: async () => command(await import("./registry/worker.ts"), "registrar"),
  },
  allocator: {
    summary: "run a worker of the aid programs",
    load: async () => command(await import("./aid/allocator.ts"), "allocator"),
  },
  targets: {
    summary: "deliver the registry's list of candidates to the programs",
    load: async () => command(await import("./aid/targets.ts"), "targets"),
  },
  payments: {
    summary: "reconcile files of banks and the treasury",
    load: async () => command(await import("./aid/payments.ts"), "payments"),
  },
  cubes: {
    summary: "release figures by hand, take them in, count them anew",
    load: async () => command(await import("./statistics/cubes.ts"), "cubes"),
  },
  reporting: {
    summary: "open and close logins of PostgreSQL for BI tools",
    load: async () => command(await import("./statistics/reporting.ts"), "reporting"),
  },
  publisher: {
    summary: "run a publisher of figures",
    load: async () => command(await import("./statistics/publisher.ts"), "publisher"),
  },
  log: {
    summary: "build, sign and serve the tree of the record",
    load: async () => command(await import("./record/log.ts"), "log"),
  },
  witness: {
    summary: "cosign the checkpoints of a log",
    load: async () => command(await import("./record/witness.ts"), "witness"),
  },
  record: {
    summary: "export the record for those who verify it",
    load: async () => command(await import("./record/record.ts"), "record"),
  },
  verify: {
    summary: "re-check the whole record, from an export or the database",
    load: async () => command(await import("./record/verify.ts"), "verify"),
  },
  doctor: {
    summary: "examine an installation and say what to do",
    load: async () => command(await import("./operations/doctor.ts"), "doctor"),
  },
  sbom: {
    summary: "print what is deployed, as a CycloneDX bill of materials",
    load: async () => command(await import("./operations/sbom.ts"), "sbom"),
  },
  settings: {
    summary: "print every setting with its default",
    load: async () => command(await import("./settings.ts"), "settings"),
  },
  issuer: {
    summary: "run the embedded token issuer alone (HUB_ENV=dev only)",
    load: async () => command(await import("./run/issuer.ts"), "issuer"),
  },
  console: {
    summary: "build the pages of the console",
    load: async () => command(await import("./run/console.ts"), "consolePages"),
  },
  subgraph: { summary: "run one subgraph alone", load: async () => command(await import("./run/subgraph.ts"), "subgraph") },
  certs: {
    summary: "make certificates for trials of TLS between gateway and subgraphs",
    load: async () => command(await import("./run/certs/certs.ts"), "certs"),
  },
  screenshots: {
    summary: "take a picture of every page (needs Chromium)",
    load: async () => command(await import("./faces/screenshots.ts"), "screenshots"),
  },
  "dev-supergraph": {
    summary: "serve any supergraph without protection (HUB_ENV=dev only)",
    load: async () => command(await import("./run/devSupergraph.ts"), "devSupergraph"),
  },
};

function command(module: Record<string, unknown>, name: string): Command {
  return { help: String(module["help"]), run: module[name] as Command["run"] };
}

const overview = (): string =>
  [
    "hub — the federation hub of Indonesia's social-welfare data",
    "",
    "Usage: npx hub COMMAND [arguments]",
    "",
    ...Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(16)}${summary}`),
    "",
    "npx hub COMMAND --help explains one. Results go to stdout, notes to stderr.",
    "Exit codes: 0 fine, 1 found something, 2 wrong usage.",
    "",
  ].join("\n");

/** Runs one command line. Never throws: an unexpected fault is told in a sentence and answered with 1. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name = "--help", ...rest] = argv;
  if (name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(overview());
    return 0;
  }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!entry) {
    process.stderr.write(`hub: there is no command "${name}". npx hub --help lists them.\n`);
    return 2;
  }
  try {
    const { help, run } = await entry.load();
    if (rest.includes("--help") || rest.includes("-h")) {
      process.stdout.write(`${help.trim()}\n`);
      return 0;
    }
    for (const exposed of exposedFiles(process.env)) process.stderr.write(`hub: ${exposed}\n`);
    return await run(rest);
  } catch (error) {
    return failed(name, error);
  }
}

function failed(name: string, error: unknown): number {
  const isUsage = String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS");
  const hint = isUsage ? ` npx hub ${name} --help explains.` : "";
  process.stderr.write(`hub ${name}: ${error instanceof Error ? error.message : String(error)}${hint}\n`);
  return isUsage ? 2 : 1;
}
