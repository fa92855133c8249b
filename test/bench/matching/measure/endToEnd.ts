import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateAll, prepareCluster } from "../../../../drizzle/cluster.ts";
import { inOneLoad, type Loader, openLoadPool } from "../../../../drizzle/copy.ts";
import { startEmbedded } from "../../../../drizzle/embedded.ts";
import { type FileRow, openFile } from "../../../../drizzle/synthetic/files/fileRows.ts";
import { loadReference } from "../../../../drizzle/synthetic/load.ts";
import { randomFrom, uuidFrom } from "../../../../drizzle/synthetic/random.ts";
import { loadRegions } from "../../../../drizzle/synthetic/regions.ts";
import { householdsOf, openRegister, type RegisterPerson } from "../../../../drizzle/synthetic/register/register.ts";
import { csvLine } from "../../../../schema/values/csv.ts";
import { jobOf } from "../../../../subgraphs/population/jobs/job.ts";
import { followJob } from "../../../../subgraphs/population/jobs/progress.ts";
import { upload } from "../../../../subgraphs/population/jobs/upload/upload.ts";
import { startWorker } from "../../../../subgraphs/population/jobs/worker.ts";
import type { WorldOptions } from "../data/world.ts";

/** One file, from its bytes to the table of results, in wall-clock seconds. */
export interface EndToEnd {
  readonly file: string;
  readonly rows: number;
  readonly uploadSeconds: number;
  /** Register into memory, learning, rehearsal: before the first row, and the same however long the file is. */
  readonly prepareSeconds: number;
  /** Until all results are counted and stand in their table. */
  readonly matchSeconds: number;
}

/** Rows a second, without what is done once a job. */
export const rateOf = ({ rows, uploadSeconds, matchSeconds }: EndToEnd): number => rows / (uploadSeconds + matchSeconds);

const THREADS = 2;
const PATIENCE = 10 * 60_000;
const HEADER = "baris,nik,no_kk,nama,jk,tgl_lahir,tempat_lahir,nama_ibu,kode_desa\n";
const AGREED = { agency: "OPERATOR", agreement: "OPERATOR" };

/** Loads a register into an embedded PostgreSQL and matches two files to it with real jobs: rows without a fault, and rows as files have them. */
export async function measureEndToEnd({ seed, people, absent }: WorldOptions): Promise<EndToEnd[]> {
  const dir = mkdtempSync(join(tmpdir(), "hub-bench-"));
  mkdirSync(join(dir, "pg"));
  const server = await startEmbedded({ dataDir: join(dir, "pg", "data"), port: 0 });
  try {
    const urls = await prepareCluster({ adminUrl: server.url, secret: "bench".repeat(8) });
    await migrateAll(urls);
    const files: { clean: string[]; all: string[] } = { clean: [], all: [] };
    await inOneLoad(urls.population.owner, (loader) => loadPeople(loader, { seed, people, absent }, files));
    const url = urls.jobs ?? "";
    return [
      await measureJob(url, "rows without a fault", shuffled(files.clean)),
      await measureJob(url, "rows as files have them", shuffled(files.all)),
    ];
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measureJob(url: string, file: string, lines: readonly string[]): Promise<EndToEnd> {
  const pool = openLoadPool(url, { max: 2 });
  const worker = await startWorker({ url, threads: THREADS, note: (text) => process.stderr.write(`bench: ${text}\n`) });
  try {
    const clock = wallClock();
    const job = await upload({
      pool,
      agreed: AGREED,
      isScoped: false,
      source: "DTKS",
      fileName: `${file}.csv`,
      file: pieces(lines),
      map: null,
      resume: null,
      onMapping: () => {},
      onJob: () => {},
      onBytes: () => {},
    });
    const uploadSeconds = clock();
    let preparedAt: number | null = null;
    for await (const { state } of followJob({ pool, agreed: undefined, url, job, signal: AbortSignal.timeout(PATIENCE) }))
      if (state !== "QUEUED" && state !== "PREPARING") preparedAt ??= clock();
    const endedAt = clock();
    const ended = await pool.load((loader) => jobOf(loader, job));
    if (ended?.state !== "DONE") throw new Error(`the job is ${ended?.state}: ${ended?.fault}`);
    return {
      file,
      rows: ended.rows,
      uploadSeconds,
      prepareSeconds: (preparedAt ?? endedAt) - uploadSeconds,
      matchSeconds: endedAt - (preparedAt ?? endedAt),
    };
  } finally {
    await worker.stop();
    await pool.end();
  }
}

/** Header and lines: once, for a person who stands twice in a source is told apart, which is work of its own. */
async function* pieces(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(HEADER);
  yield Buffer.from(lines.join(""));
}

const COLUMNS = "id, nik, full_name, sex, birth_date, birth_place, mother_name, address, region, is_alive, family_card_id";

async function loadPeople(loader: Loader, options: WorldOptions, files: { clean: string[]; all: string[] }): Promise<void> {
  const regions = await loadRegions();
  await loadReference(loader, "population", regions);
  // the tables' policies forbid COPY
  await loader.query("create temporary table cards (id uuid, number bigint, region text)");
  await loader.query("create temporary table people (like population.person including defaults)");
  const country = openRegister({ ...options, regions });
  const { rowsOf } = openFile({ seed: options.seed, source: "DTKS" }, country);
  const cards: string[][] = [];
  const people: (string | boolean)[][] = [];
  for (const household of householdsOf(country)) {
    const registered = household.people.filter(({ isAbsent }) => !isAbsent);
    for (const [number, region] of new Map(registered.map(({ familyCard, village }) => [familyCard, village])))
      cards.push([uuidFrom(number), number, region]);
    people.push(...registered.map(valuesOf));
    for (const row of rowsOf(household)) {
      files.all.push(lineOf(row));
      if (row.faults.length === 0 && !row.isAbsent) files.clean.push(lineOf(row));
    }
  }
  await loader.copy("cards", ["id", "number", "region"], cards);
  await loader.copy("people", COLUMNS.split(", "), people);
  await loader.query(
    "insert into population.family_card (id, number, region, issued_on) select distinct on (number) id, number, region, date '2020-01-01' from cards",
  );
  await loader.query(`insert into population.person (${COLUMNS}) select ${COLUMNS} from people`);
}

const valuesOf = (person: RegisterPerson) => [
  uuidFrom(person.id),
  person.nik,
  person.name,
  person.sex === "L" ? "MALE" : "FEMALE",
  person.birthDate,
  person.birthPlace,
  person.motherName,
  "",
  person.village,
  person.state !== "DECEASED",
  uuidFrom(person.familyCard),
];

const lineOf = ({ row, nik, familyCard, name, sex, birthDate, birthPlace, motherName, village }: FileRow) =>
  csvLine([String(row), nik, familyCard, name, sex, birthDate, birthPlace, motherName, village]);

function shuffled(lines: readonly string[]): string[] {
  const random = randomFrom("shuffle", "end to end");
  return lines
    .map((line) => ({ line, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ line }) => line);
}

function wallClock(): () => number {
  const startedAt = performance.now();
  return () => (performance.now() - startedAt) / 1000;
}
