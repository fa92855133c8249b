import { mkdtempSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csvLine } from "../../../schema/values/csv.ts";
import { inPlaceOf } from "../../data/whole.ts";
import { mustHoldNoNik } from "../credentials.ts";
import { Misuse, Refused } from "../faults.ts";
import type { Given } from "../receipts.ts";
import type { RemoteJob } from "./jobs.ts";
import { done, known, offeredAt, type Run, readingAt, runAt, uploaded, type Wanted } from "./match.ts";
import { proved } from "./proof.ts";
import { eachResult, fetched, mustBeWhole } from "./tables.ts";

/** Flags of a linking that a hub elsewhere does. */
export interface Linking extends Omit<Wanted, "resume" | "cancel" | "list" | "rejects"> {
  readonly resume: readonly string[];
}

/**
 * Links files through the register of a hub elsewhere: rows, of one file or several, that the hub says are the same person get one cluster. Each file is a
 * matching job of the agreement; persons are its own pseudonyms, which stay here. Throws Misuse and Refused.
 */
export async function linkAt(linking: Linking, paths: readonly string[]): Promise<number> {
  mustHoldNoNik([...Object.values(linking), ...paths]);
  if (paths.length + linking.resume.length === 0) throw new Misuse("name the files, or their jobs with --resume JOB.");
  if (paths.includes("-") || linking.out === undefined)
    throw new Misuse("say where the clusters go: --out FILE; files are named, not piped.");
  const offered = paths.map((path) => offeredAt(path, linking));
  const run = await runAt(linking, "link");
  for (const one of offered) for (const line of await readingAt(one)) run.note(`${one.fileName}: ${line}`);
  if (linking.check) return 0;
  const started: Started[] = [];
  for (const id of linking.resume) started.push({ job: (await known(run, id)).id, receipts: [] });
  for (const one of offered) {
    const taken = await uploaded(run, one);
    if (taken === null) return stopped(run, started);
    started.push(taken);
  }
  return linked(run, { started, out: linking.out, isJson: linking.json });
}

interface Started {
  readonly job: string;
  /** Of its upload; empty: it was sent another time. */
  readonly receipts: readonly (Given | null)[];
}

function stopped({ note }: Run, started: readonly Started[]): number {
  if (started.length > 0)
    note(`to go on, with the files that are missing: ${started.map(({ job }) => `--resume ${job}`).join(" ")}`);
  return 1;
}

interface Clusters {
  readonly started: readonly Started[];
  readonly out: string;
  readonly isJson: boolean;
}

async function linked(run: Run, { started, out, isJson }: Clusters): Promise<number> {
  const jobs: RemoteJob[] = [];
  for (const { job } of started) {
    const ended = await done(run, job);
    if (ended === null) return stopped(run, started);
    jobs.push(ended);
  }
  const clustering = new Clustering();
  const given = await clustered(run, { jobs, out, clustering });
  run.note(`clusters: ${out}`);
  const { isGood, ...proof } = await proved(run, [...started.flatMap(({ receipts }) => receipts), ...given]);
  const report = { jobs: jobs.map(({ id }) => id), ...clustering.report(), ...proof };
  process.stdout.write(isJson ? `${JSON.stringify(report)}\n` : sentence(report));
  return isGood ? 0 : 1;
}

const sentence = ({ rows, matched, clusters, linked: n }: ReturnType<Clustering["report"]>): string =>
  `${rows} rows, ${matched} of them of somebody the register knows, ${clusters} clusters, ${n} rows linked to another\n`;

interface Clustered extends Pick<Clusters, "out"> {
  readonly jobs: readonly RemoteJob[];
  readonly clustering: Clustering;
}

/** Writes the clusters, all of them or nothing; answers the receipts of the tables they were made of. Throws Refused. */
async function clustered({ hub, signal }: Run, { jobs, out, clustering }: Clustered): Promise<(Given | null)[]> {
  const folder = mkdtempSync(join(tmpdir(), "hub-link-"));
  const receipts: (Given | null)[] = [];
  try {
    await inPlaceOf(out, async ({ fd }) => {
      writeSync(fd, csvLine(["file", "id", "cluster_id"]));
      for (const [i, job] of jobs.entries()) {
        const path = join(folder, `${i}.csv`); // an id is the hub's word, and may be a way out of the folder
        receipts.push(await fetched(hub, { id: job.id, part: "results.csv", to: path, signal }));
        await mustBeWhole(job, "results", path);
        await eachResult(path, ({ id, person }) => {
          writeSync(fd, csvLine([job.fileName ?? job.id, id, clustering.of(person)]));
        });
        rmSync(path);
      }
    });
    return receipts;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Numbers clusters as they come: one a person, and one for each row that is nobody's. */
class Clustering {
  readonly #sizes: number[] = [];
  readonly #clusterOf = new Map<string, number>();
  #rows = 0;

  of(person: string | undefined): number {
    if (person === undefined)
      throw new Refused("the agreement does not show who a row is (MatchResult.person): nothing can be linked by it");
    this.#rows += 1;
    const cluster = (person === "" ? undefined : this.#clusterOf.get(person)) ?? this.#sizes.push(0);
    if (person !== "") this.#clusterOf.set(person, cluster);
    this.#sizes[cluster - 1] = (this.#sizes[cluster - 1] ?? 0) + 1;
    return cluster;
  }

  report() {
    const several = this.#sizes.filter((size) => size > 1);
    const linked = several.reduce((sum, size) => sum + size, 0);
    const matched = [...this.#clusterOf.values()].reduce((sum, cluster) => sum + (this.#sizes[cluster - 1] ?? 0), 0);
    return { rows: this.#rows, matched, clusters: this.#sizes.length, linked };
  }
}
