import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateAll, prepareCluster } from "../../../drizzle/cluster.ts";
import { type Loader, type LoadPool, openLoadPool } from "../../../drizzle/copy.ts";
import { startEmbedded } from "../../../drizzle/embedded.ts";
import { selectTask } from "../../../subgraphs/programs/selection/task.ts";

/** `npm run bench -- selection [families]`: made-up candidates in 514 regencies; BPNT with a quota for each, makes the list twice. */
export async function run([count = "1000000"]: readonly string[]): Promise<void> {
  const families = Number(count);
  const folder = mkdtempSync(join(tmpdir(), "hub-selection-"));
  const server = await startEmbedded({ dataDir: join(folder, "pg18"), port: 0 });
  const urls = await prepareCluster({ adminUrl: server.url, secret: "a bench of selections on this machine" });
  await migrateAll(urls);
  const owner = openLoadPool(urls.programs.owner, { max: 1 });
  const workers = openLoadPool(urls.allocation ?? "", { max: 4 });
  try {
    await timed("candidates made up", () => owner.load((loader) => makeUp(loader, families)));
    const hashes = [await selectOnce(owner, workers), await selectOnce(owner, workers)];
    say(hashes[0] === hashes[1] ? `twice the same list: ${hashes[0]}` : "TWO DIFFERENT LISTS");
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
  say(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return done;
}

const DAY = "2026-10-01";

/** Every second regency is small; deciles 1 to 10 alike, 3 in 100 without a match, 1 in 100 barred. Seats for a third of those entitled. */
async function makeUp(loader: Loader, families: number): Promise<void> {
  await loader.query(`insert into programs.program (code, name, unit, decile_limit, legal_basis, valid_from)
    values ('BPNT', 'Kartu Sembako', 'FAMILY', 5, 'uji', '2017-01-01') on conflict do nothing`);
  await loader.query(`insert into programs.program_term (id, program, valid_from, decile_limit, months_a_payment, monthly, legal_basis, source)
    values (gen_random_uuid(), 'BPNT', '2017-01-01', 5, 3, 200000, 'uji', 'uji')`);
  await loader.query(`insert into programs.target_delivery (number, basis, version, determined_on, received_at, families, members, sha256, state)
    values (1, 'DTSEN', 'DTSEN-2026-Q3', '2026-09-30', now(), ${families}, 0, repeat('0', 64), 'IN_FORCE')`);
  await loader.query(`insert into programs.candidate_family (delivery, family_id, region, person_id, decile, rank, first_on, components, barred)
    select 1, md5('f' || i)::uuid, (1101 + i % 514 * 17)::text || lpad((1 + i / 514 % 12)::text, 2, '0') || (2001 + i / 6168 % 14)::text,
      case when i % 33 <> 0 then md5('p' || i)::uuid end, 1 + i::bigint * 10 / ${families + 1}, 1 + i / 3, date '2020-01-01' + i % 1500, '{}',
      case when i % 97 = 0 then array['PENSIONER'] else '{}' end
    from generate_series(1, ${families}) i`);
  await loader.query("analyze programs.candidate_family");
  const seats = Math.ceil(families / 6 / 514);
  await loader.query(`insert into programs.quota (id, program, period, region, seats, state, reason, made_by, made_at)
    select gen_random_uuid(), 'BPNT', '2026', (1101 + i * 17)::text, ${seats}, 'IN_FORCE', 'uji', 'uji', now() from generate_series(0, 513) i
    union all select gen_random_uuid(), 'BPNT', '2026', '', ${Math.floor(families / 7)}, 'IN_FORCE', 'uji', 'uji', now()`);
}

async function selectOnce(owner: LoadPool, workers: LoadPool): Promise<string> {
  const id = randomUUID();
  await owner.load((loader) =>
    loader.query(
      `insert into programs.selection_run (id, program, period, delivery, day, known, state, reason, made_by, made_at)
       values ($1, 'BPNT', '2026', 1, '${DAY}', '2026-10-01', 'RUNNING', 'uji', 'uji', now())`,
      [id],
    ),
  );
  await timed("selection", () => selectTask({ pool: workers, note: say, now: () => new Date() }, id));
  const [row] = await owner.load((loader) =>
    loader.query(
      `select selected, waiting, hash, (select sum(pg_total_relation_size(relid)) from pg_partition_tree('programs.selection_entry')) as bytes
       from programs.selection_run where id = $1`,
      [id],
    ),
  );
  say(
    `  ${row?.["selected"]} selected, ${row?.["waiting"]} wait; lists take ${Math.round(Number(row?.["bytes"]) / 2 ** 20)} MiB`,
  );
  return String(row?.["hash"]);
}
