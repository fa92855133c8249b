import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateAll, prepareCluster } from "../../../drizzle/cluster.ts";
import { type Loader, type LoadPool, openLoadPool } from "../../../drizzle/copy.ts";
import { startEmbedded } from "../../../drizzle/embedded.ts";
import { foldRollups } from "../../../subgraphs/kit/figures/rollup.ts";
import { cpuOf } from "../measure.ts";

/**
 * `npm run bench -- cubes [households]`: made-up households of three members in 514 regencies; counts the cubes of the registry, counts them anew, folds one
 * district, turns every decile as a ranking does, and tells what the triggers cost. In processor time of the backends, which a busy machine does not change,
 * and by the clock. Linux only.
 */
export async function run([count = "100000"]: readonly string[]): Promise<void> {
  const households = Number(count);
  const folder = mkdtempSync(join(tmpdir(), "hub-cubes-"));
  const server = await startEmbedded({ dataDir: join(folder, "pg18"), port: 0 });
  const urls = await prepareCluster({ adminUrl: server.url, secret: "a bench of cubes on this machine" });
  await migrateAll(urls);
  const owner = openLoadPool(urls.welfare.owner, { max: 1 });
  const workers = openLoadPool(urls.registry ?? "", { max: 1 });
  try {
    await timed(`${households} households made up`, owner, () => owner.load((loader) => makeUp(loader, households)));
    await owner.load((loader) => loader.query("analyze welfare.household, welfare.family, welfare.member, welfare.proposal"));
    await rebuildAll(workers, "counted for the first time");
    await rebuildAll(workers, "counted anew");
    await foldSome(owner, workers);
    await costOfTriggers(owner);
    await foldAll(workers, "worked off");
    await turnDeciles(owner, workers, households);
    await sizes(workers);
  } finally {
    await owner.end();
    await workers.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const span = (ms: number): string => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`);

/** Milliseconds of processor that the pool's one connection has used. */
async function cpuUsed(pool: LoadPool): Promise<number> {
  const [row] = await pool.load((loader) => loader.query<{ pid: number }>("select pg_backend_pid() as pid"));
  return cpuOf(row?.pid ?? 0);
}

async function timed<T>(what: string, pool: LoadPool, work: () => Promise<T>): Promise<T> {
  const [before, began] = [await cpuUsed(pool), performance.now()];
  const done = await work();
  const took = performance.now() - began;
  say(`${what}: ${span((await cpuUsed(pool)) - before)} of processor, ${span(took)} by the clock`);
  return done;
}

const [NOW, MONTH] = [new Date("2026-11-20T03:00:00Z"), "2026-11"];
const CUBES = ["MATCH_QUALITY", "PROPOSAL_FUNNEL", "REGISTRY_HOUSEHOLDS", "REGISTRY_MEMBERS"];

/** Three members each; 1 in 50 asleep, 1 in 14 not matched, 1 in 20 without a decile; a proposal for every tenth household. */
async function makeUp(loader: Loader, households: number): Promise<void> {
  const id = (kind: string, key: string) => `md5('${kind}' || ${key})::uuid`;
  const region = "(1101 + i % 514)::text || lpad((1 + i / 514 % 14)::text, 2, '0') || (2001 + i / 7196 % 12)::text";
  const decile = "case when i % 20 > 0 then 1 + i % 10 end";
  const series = `generate_series(1, ${households}) i`;
  const nik =
    "(110101 + i % 514)::text || lpad((1 + i % 28 + n % 2 * 40)::text, 2, '0') || lpad((1 + i % 12)::text, 2, '0') || lpad((i % 100)::text, 2, '0') || '9001'";
  await loader.query(
    `insert into welfare.household (id, region, address, decile) select ${id("h", "i")}, ${region}, 'JALAN UJI', ${decile} from ${series}`,
  );
  await loader.query(`insert into welfare.family (id, household_id, registry_number, number_in_household, region, household_decile)
    select ${id("f", "i")}, ${id("h", "i")}, 'F' || i, 1, ${region}, ${decile} from ${series}`);
  await loader.query(`insert into welfare.member (id, household_id, family_id, suffix, relation, match_status, person_id, claimed_name, claimed_nik, state, region, household_decile)
    select ${id("m", "i || '.' || n")}, ${id("h", "i")}, ${id("f", "i")}, lpad(n::text, 2, '0'), case n when 1 then 'HEAD' when 2 then 'SPOUSE' else 'CHILD' end::welfare.family_relation,
      case when (i + n) % 14 = 0 then 'NOT_FOUND' else 'MATCHED' end::welfare.match_status, case when (i + n) % 14 <> 0 then ${id("p", "i || '.' || n")} end, 'WARGA UJI', ${nik},
      case when (i + n) % 50 = 0 then 'DORMANT' else 'ACTIVE' end::welfare.member_state, ${region}, ${decile}
    from ${series}, generate_series(1, 3) n`);
  await loader.query(`insert into welfare.proposal (id, number, state, act, region, channel, aid, basis, address, proposer_officer, created_at, moved_at)
    select ${id("u", "i")}, 'USL-' || i, (array['SUBMITTED', 'IN_VERIFICATION', 'FINALISED', 'DETERMINED'])[1 + i % 4], 'SUBMIT', ${region}, 'FORMAL', '{PKH}', 'DTSEN', 'JALAN UJI', 'uji',
      timestamptz '2026-11-19' - i % 150 * interval '1 day', timestamptz '2026-11-19' - i % 150 * interval '1 day' from ${series} where i % 10 = 0`);
  await loader.query(`insert into welfare.proposal_candidate (id, proposal_id, position, region, relation, claimed_name)
    select ${id("c", "i || '.' || n")}, ${id("u", "i")}, n, ${region}, 'HEAD', 'WARGA UJI' from ${series}, generate_series(1, 3) n where i % 10 = 0`);
}

const rebuildAll = (workers: LoadPool, how: string) =>
  timed(`four cubes ${how}`, workers, async () => {
    for (const cube of CUBES) {
      const [row] = await timed(`  ${cube}`, workers, () =>
        workers.load((loader) =>
          loader.query("select welfare.rebuild_rollup($1, $2, $3) as n", [cube, MONTH, NOW.toISOString()]),
        ),
      );
      if (row?.["n"] !== 0) throw new Error(`${cube}: ${row?.["n"]} cells differ from what the events left`);
    }
  });

async function foldOnce(workers: LoadPool): Promise<number> {
  return workers.load((loader) => foldRollups("welfare")(loader, NOW));
}

const foldAll = (workers: LoadPool, how: string) =>
  timed(`what changed ${how}`, workers, async () => {
    while ((await timed("  a cube", workers, () => foldOnce(workers))) > 0);
  });

/** One member falls asleep: a cube at a time is worked off. */
async function foldSome(owner: LoadPool, workers: LoadPool): Promise<void> {
  await foldAll(workers, "before");
  for (const round of [1, 2]) {
    await owner.load((loader) =>
      loader.query(
        "update welfare.member set household_decile = $1 where id = (select id from welfare.member where state = 'ACTIVE' and region like '1201%' order by id limit 1)",
        [round],
      ),
    );
    for (const cube of CUBES.filter((code) => code !== "PROPOSAL_FUNNEL"))
      await timed(`one place of a cube folded (${cube})`, workers, () => foldOnce(workers));
  }
}

/** The same update of 100,000 members, with the triggers that tell of it and without. */
async function costOfTriggers(owner: LoadPool): Promise<void> {
  const update = (by: number) => (loader: Loader) =>
    loader.query(
      "update welfare.member set household_decile = household_decile % 10 + $1 where id in (select id from welfare.member where household_decile is not null order by id limit 100000)",
      [by],
    );
  const trigger = (verb: string) =>
    owner.load((loader) => loader.query(`alter table welfare.member ${verb} trigger member_changed_touches`));
  await owner.load(update(1));
  await timed("100,000 members changed, told", owner, () => owner.load(update(1)));
  await trigger("disable");
  await timed("100,000 members changed, not told", owner, () => owner.load(update(0)));
  await trigger("enable");
  await timed("100,000 members changed, told", owner, () => owner.load(update(1)));
}

/** As a ranking writes: by ranges of ids, so that every statement reaches every district. */
async function turnDeciles(owner: LoadPool, workers: LoadPool, households: number): Promise<void> {
  const chunks = Math.max(1, Math.round(households / 50_000));
  await timed(`every decile turned in ${chunks} statements`, owner, async () => {
    for (let chunk = 0; chunk < chunks; chunk += 1)
      await owner.load((loader) =>
        loader.query(
          "update welfare.member set household_decile = coalesce(household_decile, 0) % 10 + 1 where (('x' || left(household_id::text, 6))::bit(24)::int * $1::bigint) >> 24 = $2",
          [chunks, chunk],
        ),
      );
  });
  await owner.load((loader) => loader.query("analyze welfare.member"));
  await foldAll(workers, "by it is worked off");
  await rebuildAll(workers, "counted anew after it");
}

async function sizes(workers: LoadPool): Promise<void> {
  const rows = await workers.load((loader) =>
    loader.query("select cube, count(*) as cells from welfare.rollup_cell group by cube order by cube"),
  );
  say(rows.map(({ cube, cells }) => `${cube} ${cells} cells`).join(", "));
}
