import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { migrateAll, prepareCluster } from "../../../drizzle/cluster.ts";
import { inOneLoad, type Loader, openLoadPool } from "../../../drizzle/copy.ts";
import { startEmbedded } from "../../../drizzle/embedded.ts";
import { loadReference } from "../../../drizzle/synthetic/load.ts";
import { loadRegions } from "../../../drizzle/synthetic/regions.ts";
import { rankTask } from "../../../subgraphs/welfare/ranking/task.ts";
import { startByOwner } from "../../subgraphs/registry/ranking/kit.ts";
import { cpuOf } from "../measure.ts";

// A ranking of made-up households: how long each step takes, and how it grows.

const out = (text: string) => void process.stdout.write(`${text}\n`);

/** `--households N` (100,000), `--chunk N` (50,000). */
export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { households: { type: "string", default: "100000" }, chunk: { type: "string", default: "50000" } },
  });
  const [households, chunk] = [Number(values.households), Number(values.chunk)];
  const dir = mkdtempSync(join(tmpdir(), "hub-bench-"));
  mkdirSync(join(dir, "pg"));
  const server = await startEmbedded({ dataDir: join(dir, "pg", "data"), port: 0 });
  try {
    const urls = await prepareCluster({ adminUrl: server.url, secret: "bench".repeat(8) });
    await migrateAll(urls);
    out(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)} before it began`);
    const owner = urls.welfare.owner;
    out(`made ${households} households in ${await timed(() => makeHouseholds(owner, households))}`);
    const first = await inOneLoad(owner, (loader) => startByOwner(loader, "DTSEN-2026-Q4"));
    await rank(urls.registry ?? "", { owner, id: first, chunk });
    await inOneLoad(owner, (loader) => changeSome(loader));
    const second = await inOneLoad(owner, (loader) => startByOwner(loader, "DTSEN-2027-Q1"));
    await rank(urls.registry ?? "", { owner, id: second, chunk });
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Ranks and tells what each step took: processor seconds of the one backend that does it, which a busy machine does not change. Linux only. */
async function rank(url: string, { owner, id, chunk }: { owner: string; id: string; chunk: number }): Promise<void> {
  const pool = openLoadPool(url, { max: 1 });
  const [backend] = await pool.load((loader) => loader.query<{ pid: number }>("select pg_backend_pid() as pid"));
  const used = () => cpuOf(backend?.pid ?? 0) / 1000;
  const [steps, from]: [string[], number] = [[], used()];
  let last = from;
  const note = (text: string) => {
    const now = used();
    steps.push(`${text.replace(/^ranking \S+ /, "")} ${(now - last).toFixed(1)} s`);
    last = now;
  };
  const wall = await timed(() => rankTask({ pool, note }, id, chunk));
  const all = (used() - from).toFixed(1);
  await pool.end();
  const [run] = await inOneLoad(owner, (loader) =>
    loader.query<Record<string, string>>(
      `select version_id as version, households, left(sha256, 12) as sha256, pg_size_pretty(pg_total_relation_size('welfare.ranking_score')) as scores
       from welfare.ranking_run where id = $1`,
      [id],
    ),
  );
  out(
    `${run?.["version"]}: ${run?.["households"]} households, ${all} s of processor (${steps.join(", ")}), ${wall} by the clock`,
  );
  out(`  hash ${run?.["sha256"]}, scores kept ${run?.["scores"]}`);
}

async function timed(work: () => Promise<unknown>): Promise<string> {
  const began = performance.now();
  await work();
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}

/** Three members a household, a survey of twenty answers each and its head's. */
async function makeHouseholds(owner: string, households: number): Promise<void> {
  await inOneLoad(owner, async (loader) => {
    await loader.query(
      "create temporary table h on commit drop as select md5('h' || n)::uuid as id, (array['11', '31', '32', '35', '73', '91'])[n % 6 + 1] || lpad((n % 20 + 1)::text, 2, '0') || '011001' as region, n from generate_series(1, $1::int) n",
      [households],
    );
    await loadReference(loader, "welfare", await loadRegions());
    await loader.query(
      "insert into welfare.household (id, region, address, monthly_income, floor_area) select id, region, 'JL MELATI NO 1', 1000000, 40 from h",
    );
    await loader.query(
      "insert into welfare.family (id, household_id, registry_number, number_in_household, region) select md5('f' || n)::uuid, id, n::text, 1, region from h",
    );
    await loader.query(`insert into welfare.member (id, household_id, family_id, suffix, relation, match_status, claimed_name, state, region)
      select md5(m.suffix || n)::uuid, id, md5('f' || n)::uuid, m.suffix, m.relation::welfare.family_relation, 'NOT_FOUND', 'SITI', 'ACTIVE', region
      from h, (values ('01', 'HEAD'), ('02', 'SPOUSE'), ('03', 'CHILD')) m (suffix, relation)`);
    await loader.query(`insert into welfare.survey (id, household_id, visited_on, method, answers)
      select md5('s' || n)::uuid, id, '2026-01-05', 'INTERVIEW', ${answersOf("n")} from h`);
    await loader.query(`insert into welfare.survey_member (survey_id, member_id, household_id, answers)
      select md5('s' || n)::uuid, md5('01' || n)::uuid, id, jsonb_build_object('ART_Ijazah_tertinggi', jsonb_build_array((n % 7 + 1)::text), 'ART_Umur', jsonb_build_array((20 + n % 60)::text)) from h`);
  });
  await inOneLoad(owner, (loader) => loader.query("analyze"));
}

/** New surveys for three in a hundred. */
const changeSome = (loader: Loader) =>
  loader.query(`insert into welfare.survey (id, household_id, visited_on, method, answers)
    select gen_random_uuid(), id, '2026-02-05', 'INTERVIEW', ${answersOf("abs(hashtext(id::text))")} from welfare.household where abs(hashtext(id::text)) % 100 < 3`);

/** Twenty answers that follow from a whole number, all of the instrument. */
const answersOf = (n: string): string =>
  `jsonb_build_object(${[
    ...[
      "Lantai:8",
      "Dinding:7",
      "Atap:7",
      "Sumber_airminum:8",
      "Sumber_penerangan:3",
      "Daya:6",
      "bb_masak:8",
      "Fasbab:4",
      "Sta_bangunan:5",
    ],
    ...[
      "Ada_lemari_es:2",
      "Ada_ac:2",
      "Ada_motor:2",
      "Ada_mobil:2",
      "Ada_laptop:2",
      "Ada_tv:2",
      "Ada_emas:2",
      "Luas_lantai:90",
      "Jumlah_ART:7",
      "Jumlah_kamar:5",
    ],
    "Kepala_bekerja:2",
  ]
    .map((spec, at) => {
      const [variable, codes] = spec.split(":");
      return `'${variable}', jsonb_build_array((((${n})::bigint / ${at + 1} * ${7919 + at}) % ${codes} + 1)::text)`;
    })
    .join(", ")})`;
