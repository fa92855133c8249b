import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { inOneLoad } from "../../../drizzle/copy.ts";
import { ConfigFaults } from "../../../schema/settings.ts";
import { type Attestation, attestationFrom } from "../../../subgraphs/kit/serve/config.ts";
import { type Taken, takeTargets, Untaken } from "../../../subgraphs/programs/candidates/intake.ts";
import { exportTargets } from "../../../subgraphs/welfare/targets/export.ts";
import { openDatabases } from "../../data/databases.ts";
import { writeWhole } from "../../data/whole.ts";

export const help = `
Usage: npx hub targets export --out FILE
       npx hub targets import FILE [--json]

Data sasaran: what the programs know of the registry. export writes every family in the order of need, with its members, components and what bars it, a
line each (JSON), and a last line in which welfare attests them. No name, no NIK, no address, no birth date; FILE is readable by you alone and stands only
once it is whole. import holds every line against the attestation, loads it, and puts it in force, whole or not at all; a file in force already changes
nothing, one made before it is refused. Says who came, went, and stands otherwise.

Settings: the databases as for every command; export reads welfare as the role hub_welfare_jobs (HUB_DATABASE_URL_REGISTRY) and signs with
HUB_ATTESTATION_KEY_WELFARE; import writes as the owner of programs and believes HUB_ATTESTATION_PUBLIC_KEYS.
Exit codes: 0 fine, 1 not taken or cannot run, 2 wrong usage.
`;

/** `argv`: what follows `targets`. */
export async function targets(argv: readonly string[]): Promise<number> {
  const options = { out: { type: "string" }, json: { type: "boolean", default: false } } as const;
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options });
  const [verb, path, ...more] = positionals;
  if (verb === "export" && path === undefined && values.out !== undefined) return write(values.out);
  if (verb === "import" && path !== undefined && more.length === 0) return take(path, values.json);
  note("say targets export --out FILE, or targets import FILE");
  return 2;
}

/** What a slice signs with, and whom it believes. Every fault of the settings at once. */
function attestationOf(slice: string): Attestation {
  const faults: string[] = [];
  const attestation = attestationFrom(process.env, { slice, faults });
  if (faults.length > 0) throw new ConfigFaults(faults);
  return attestation;
}

async function write(out: string): Promise<number> {
  const { signer } = attestationOf("welfare");
  const databases = await openDatabases(process.env, note);
  try {
    const url = databases.urls.registry;
    if (url === undefined)
      throw new Error("HUB_DATABASE_URL_REGISTRY is missing: PostgreSQL of welfare as the role hub_welfare_jobs");
    await writeWhole(out, (to) => pipeline(exportTargets({ url, signer, now: new Date() }), to));
    note(`written to ${out}`);
    return 0;
  } finally {
    await databases.close();
  }
}

async function take(path: string, isJson: boolean): Promise<number> {
  if (!existsSync(path)) {
    note(`there is no ${path}`);
    return 2;
  }
  const { keys } = attestationOf("programs");
  const databases = await openDatabases(process.env, note);
  try {
    tell(await inOneLoad(databases.urls.programs.owner, (loader) => takeTargets(loader, linesOf(path), keys)), isJson);
    return 0;
  } catch (error) {
    if (!(error instanceof Untaken)) throw error;
    note(`${path}: ${error.message}. Nothing was taken.`);
    return 1;
  } finally {
    await databases.close();
  }
}

/** Opened when it is first read: what readline emits before that is lost. */
async function* linesOf(path: string): AsyncGenerator<string> {
  yield* createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Number.POSITIVE_INFINITY });
}

function tell(taken: Taken, isJson: boolean): void {
  const { number, version, families, members, came, went, changed } = taken;
  const what = `delivery ${number}, ${version}: ${families} families, ${members} members`;
  const told = taken.isNew
    ? `${what} in force; ${came} came, ${went} went, ${changed} stand otherwise`
    : `${what}: in force already`;
  process.stdout.write(`${isJson ? JSON.stringify(taken) : told}\n`);
}

function note(text: string): void {
  process.stderr.write(`hub targets: ${text}\n`);
}
