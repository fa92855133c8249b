import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateAll, prepareCluster } from "../../../drizzle/cluster.ts";
import { type Loader, type LoadPool, openLoadPool } from "../../../drizzle/copy.ts";
import { startEmbedded } from "../../../drizzle/embedded.ts";
import { determineTask } from "../../../subgraphs/welfare/determination/task.ts";
import { verifyDeterminations } from "../../../subgraphs/welfare/determination/verify.ts";

/**
 * `npm run bench -- registryDetermine [households]`: made-up households in 514 regencies, three members each on average; determines a month, changes
 * 3 % of the members, determines the next, and verifies both.
 */
export async function run([count = "100000"]: readonly string[]): Promise<void> {
  const households = Number(count);
  const folder = mkdtempSync(join(tmpdir(), "hub-determine-"));
  const server = await startEmbedded({ dataDir: join(folder, "pg18"), port: 0 });
  const urls = await prepareCluster({ adminUrl: server.url, secret: "a bench of determinations on this machine" });
  await migrateAll(urls);
  const owner = openLoadPool(urls.welfare.owner, { max: 1 });
  const workers = openLoadPool(urls.registry ?? "", { max: 4 });
  try {
    await timed("rows made up", () => owner.load((loader) => makeUp(loader, households)));
    const told = await owner.load((loader) => loader.query("select count(*) as members from welfare.member"));
    say(`${households} households, ${told[0]?.["members"]} members`);
    await determineMonth(owner, workers, "2026-10-01");
    await timed("3 % of the members changed", () => owner.load(change));
    await determineMonth(owner, workers, "2026-11-01");
    const verdicts = await timed("both verified", () => verifyDeterminations(workers));
    for (const { month, hash, faults } of verdicts) say(`${month} ${faults.length} faults, ${hash}`);
    await sizes(owner);
  } finally {
    await owner.end();
    await workers.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const done = await work();
  const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
  say(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s (this process ${memory} MiB)`);
  return done;
}

const VERSION = "DTSEN-2026-Q3";

async function makeUp(loader: Loader, households: number): Promise<void> {
  const id = (kind: string, key: string) => `md5('${kind}' || ${key})::uuid`;
  const region = "(1101 + i % 514)::text || lpad((1 + i / 514 % 12)::text, 2, '0') || (2001 + i / 6168 % 14)::text";
  const series = `generate_series(1, ${households}) i`;
  await loader.query(
    `insert into welfare.registry_version (id, basis, published_on, legal_basis) values ('${VERSION}', 'DTSEN', '2026-09-30', 'uji')`,
  );
  await loader.query(
    `insert into welfare.household (id, region, address, decile, surveyed_on) select ${id("h", "i")}, ${region}, 'JALAN UJI', 1 + i % 10, '2026-01-01' from ${series}`,
  );
  await loader.query(`insert into welfare.family (id, household_id, registry_number, number_in_household, region, household_decile)
    select ${id("f", "i")}, ${id("h", "i")}, 'F' || i, 1, ${region}, 1 + i % 10 from ${series}`);
  await loader.query(`insert into welfare.member (id, household_id, family_id, suffix, relation, match_status, person_id, claimed_name, state, region, household_decile)
    select ${id("m", "i || '.' || n")}, ${id("h", "i")}, ${id("f", "i")}, lpad(n::text, 2, '0'), case n when 1 then 'HEAD' when 2 then 'SPOUSE' else 'CHILD' end::welfare.family_relation,
      case when (i + n) % 14 = 0 then 'NOT_FOUND' else 'MATCHED' end::welfare.match_status, case when (i + n) % 14 <> 0 then ${id("p", "i || '.' || n")} end, 'WARGA UJI',
      case when (i + n) % 50 = 0 then 'DORMANT' else 'ACTIVE' end::welfare.member_state, ${region}, 1 + i % 10
    from ${series}, generate_series(1, 1 + i % 5) n`);
  await loader.query(`insert into welfare.ranking (household_id, version_id, percentile, decile, region, household_decile)
    select ${id("h", "i")}, '${VERSION}', i % 100, 1 + i % 10, ${region}, 1 + i % 10 from ${series}`);
  await loader.query(`insert into welfare.officer_duty (id, officer_id, agency, role, region, valid_from, assigned_by)
    select gen_random_uuid(), role, 'UJI', role, '', '2025-01-01', 'uji' from unnest(array['MINISTRY', 'MINISTER']) role`);
  await loader.query("analyze welfare.household, welfare.family, welfare.member, welfare.ranking");
}

/** A hundredth falls asleep, a hundredth dies, a hundredth is matched no more: versioned, as in life. */
async function change(loader: Loader): Promise<void> {
  await loader.query(
    `update welfare.member set state = 'DORMANT' where state = 'ACTIVE' and left(id::text, 2) in ('00', '01', '02')`,
  );
  await loader.query(
    `update welfare.member set state = 'DECEASED' where state = 'ACTIVE' and left(id::text, 2) in ('03', '04', '05')`,
  );
  await loader.query(
    `update welfare.member set match_status = 'MISMATCHED', person_id = null where match_status = 'MATCHED' and left(id::text, 2) in ('06', '07')`,
  );
}

async function determineMonth(owner: LoadPool, workers: LoadPool, month: string): Promise<void> {
  const id = randomUUID();
  const decree = `${Number(month.slice(5, 7))}/HUK/2026`;
  const as = (loader: Loader, officer: string) =>
    loader.query("select set_config('hub.officer', $1, true), set_config('hub.agency', '{UJI}', true)", [`{${officer}}`]);
  await owner.load(async (loader) => {
    await as(loader, "MINISTRY");
    await loader.query(
      `insert into welfare.determination (id, basis, month, state, prepared_by, prepared_at, registry_version, known_at)
       values ($1, 'DTSEN', $2, 'DRAFT', 'MINISTRY', now(), '${VERSION}', now())`,
      [id, month],
    );
    await as(loader, "MINISTER");
    await loader.query(
      `update welfare.determination set state = 'QUEUED', decree_number = $2, decree_hash = repeat('0', 64), signed_by = 'MINISTER', signed_at = now() where id = $1`,
      [id, decree],
    );
  });
  await timed(`determination of ${month}`, () => determineTask({ pool: workers, note: say, now: () => new Date() }, id));
  const [row] = await owner.load((loader) =>
    loader.query(
      `select members, hash, (select count(*) from welfare.determination_change c where c.determination_id = d.id) as changed from welfare.determination d where id = $1`,
      [id],
    ),
  );
  say(`  ${row?.["members"]} members determined, ${row?.["changed"]} changed, ${row?.["hash"]}`);
}

async function sizes(owner: LoadPool): Promise<void> {
  const rows = await owner.load((loader) =>
    loader.query(`select relname, pg_size_pretty(pg_total_relation_size(c.oid)) as size from pg_class c
      where relname in ('member', 'determined', 'determination_change', 'determination_village', 'registry_history') and relkind = 'r'`),
  );
  say(rows.map(({ relname, size }) => `${relname} ${size}`).join(", "));
}
