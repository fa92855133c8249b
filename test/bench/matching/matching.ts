import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { measureEndToEnd } from "./measure/endToEnd.ts";
import { build, measureWorld, type WorldFigures, warmUp } from "./measure/measureWorld.ts";
import { measureMerge } from "./measure/merge.ts";
import { measureVerify, type VerifyFigures } from "./measure/verifyOne.ts";
import { type Options, readOptions, USAGE } from "./options.ts";
import { endToEndReport, mergeReport, passesReport, targetReport, verifyReport, worldReport } from "./report.ts";
import { type Measured, targetsOf } from "./targets.ts";

const out = (text: string) => process.stdout.write(`${text}\n`);

export async function run(argv: readonly string[]): Promise<void> {
  process.env["HUB_ENV"] = "dev";
  const { options, faults } = readOptions(argv);
  if (faults.length > 0) {
    for (const fault of faults) process.stderr.write(`bench matching: ${fault}\n`);
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  const engine = sourcesHash(["subgraphs/population/matching", "subgraphs/population/individuals/merge"]);
  const machine = `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)} before`;
  out(`## Matching, ${options.people} people, seed "${options.seed}"\n\n${machine}; one thread; engine sources ${engine}\n`);
  const measured = await measureAll(options);
  out(targetReport(targetsOf(measured)));
  if (options.json !== null)
    writeFileSync(options.json, `${JSON.stringify({ machine, engine, options, ...measured }, null, 1)}\n`);
}

/** Prints as it goes. */
async function measureAll(options: Options): Promise<Measured> {
  const { people, seed, isPooled } = options;
  const worlds: WorldFigures[] = [];
  let verify: VerifyFigures | null = null;
  for (const absent of options.absent) {
    const world = { people, seed, absent, isPooled };
    const built = await build(world);
    if (worlds.length === 0) await warmUp(built);
    const figures = await measureWorld(world, built);
    out(worldReport(figures, worlds.length === 0));
    out(passesReport(figures));
    verify ??= measureVerify(built.world.claims);
    worlds.push(figures);
  }
  if (verify) out(verifyReport(verify));
  const merge = options.isMerging ? await measureMerge({ people, seed, absent: MERGED_ABSENT }) : null;
  if (merge) out(mergeReport(merge));
  const endToEnd = options.isEndToEnd ? await measureEndToEnd({ people, seed, absent: options.absent[0] ?? 0 }) : [];
  if (endToEnd.length > 0) out(endToEndReport(endToEnd));
  return { worlds, verify, merge, endToEnd };
}

/** What the merge's targets are for. */
const MERGED_ABSENT = 0.05;

/** Which engine the figures are of: changes with any of its files. */
function sourcesHash(folders: readonly string[]): string {
  const hash = createHash("sha256");
  for (const folder of folders) {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
    for (const path of files.sort()) hash.update(path).update(readFileSync(join(folder, path)));
  }
  return hash.digest("hex").slice(0, 12);
}
