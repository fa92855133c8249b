import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rawClient } from "../../../drizzle/client.ts";
import { type DatabaseUrls, migrateAll, prepareCluster } from "../../../drizzle/cluster.ts";
import { openLoadPool } from "../../../drizzle/copy.ts";
import { startEmbedded } from "../../../drizzle/embedded.ts";
import { loadAidReference } from "../../../drizzle/synthetic/aid/reference.ts";
import { cpuOf } from "../measure.ts";

type Sql = ReturnType<typeof rawClient>;

/**
 * `npm run bench -- cubesAid [enrolments] [families]`: made-up enrolments in 7,277 districts, and a delivery of families of three in which some of those people
 * stand; counts the cubes of the aid programs whole, anew, and in one district.
 */
export async function run([enrolments = "10000000", families = "1000000"]: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "hub-cubes-"));
  const server = await startEmbedded({ dataDir: join(folder, "pg18"), port: 0 });
  try {
    const urls = await prepareCluster({ adminUrl: server.url, secret: "a bench of cubes on this machine" });
    await migrateAll(urls);
    await makeUp(urls, { adminUrl: server.url, enrolments: Number(enrolments), families: Number(families) });
    await measure(urls.programs.owner);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const DISTRICTS = 7277;
/** Of a family by its number: fifteen districts a regency. */
const district = (n: string) =>
  `(1101 + ${n} % ${DISTRICTS} / 15 * 17)::text || lpad((1 + ${n} % ${DISTRICTS} % 15)::text, 2, '0')`;
const village = (n: string) => `${district(n)} || (2001 + ${n} % 11)::text`;

interface Wanted {
  readonly adminUrl: string;
  readonly enrolments: number;
  readonly families: number;
}

/** Rules of enrolments look at one another; made up is what keeps them anyway. */
async function makeUp(urls: DatabaseUrls, { adminUrl, enrolments, families }: Wanted): Promise<void> {
  const owner = openLoadPool(urls.programs.owner, { max: 1 });
  await owner.load(loadAidReference);
  await owner.end();
  const url = new URL(adminUrl);
  url.pathname = new URL(urls.programs.owner).pathname;
  const admin = rawClient(url.href, { max: 1 });
  const pid = await pidOf(admin);
  try {
    await admin`set session_replication_role = replica`;
    await admin`insert into programs.target_delivery (number, basis, version, determined_on, received_at, families, members, sha256, state)
      values (1, 'DTSEN', 'DTSEN-2026-Q3', '2026-09-30', now(), ${families}, ${families * 3}, '', 'IN_FORCE')`;
    await timed(`${families} families and their members made up`, pid, () => admin.unsafe(deliveryOf(families)));
    await timed(`${enrolments} enrolments made up`, pid, () => withoutIndexes(admin, enrolmentsOf(enrolments)));
    await timed("looked at", pid, () =>
      admin.unsafe("vacuum analyze programs.enrolment, programs.candidate_family, programs.candidate_member"),
    );
  } finally {
    await admin.end();
  }
}

const deliveryOf = (families: number) => `
  insert into programs.candidate_family (delivery, family_id, region, person_id, decile, rank, first_on, components, barred)
  select 1, md5('f' || f)::uuid, ${village("f")}, md5('p' || f * 3)::uuid, 1 + f::bigint * 10 / ${families}, 1 + f, date '2020-01-01' + f % 1500,
    (array['{ELDERLY}', '{PRIMARY}', '{}', '{ELDERLY,PRIMARY}'])[1 + f % 4]::text[], case when f % 97 = 0 then array['PENSIONER'] else '{}' end
  from generate_series(0, ${families - 1}) f;
  insert into programs.candidate_member (delivery, member_id, family_id, suffix, person_id, match_status, state, region, components, barred, decile, rank, first_on)
  select 1, md5('m' || p)::uuid, md5('f' || p / 3)::uuid, '0' || 1 + p % 3, md5('p' || p)::uuid, 'MATCHED', 'ACTIVE', ${village("(p / 3)")},
    case p % 3 when 1 then array['PRIMARY'] else '{}' end, '{}', 1 + (p / 3)::bigint * 10 / ${families}, 1 + p / 3, date '2020-01-01' + p / 3 % 1500
  from generate_series(0, ${families * 3 - 1}) p`;

/** Two for a person: the first of a family has the family's, the others those of persons. One in twenty has ended, one in ten waits. */
const enrolmentsOf = (count: number) => `
  insert into programs.enrolment (id, person_id, unit_id, program, state, region, started_on, ended_on)
  select ('00000000-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, md5('p' || p)::uuid, case p % 3 when 0 then md5('f' || p / 3)::uuid end,
    (array['PKH', 'BPNT', 'PBI_JK', 'KIP', 'PBI_JK', 'KIP_KULIAH'])[1 + p % 3 * 2 + i % 2],
    (case when i % 20 = 0 then 'EXITED' when i % 10 = 3 then 'WAITING' when i % 20 = 7 then 'SUSPENDED' else 'ACTIVE' end)::programs.enrolment_state,
    ${village("(p / 3)")}, '2025-01-01', case when i % 20 = 0 then date '2026-01-01' end
  from (select i, i / 2 as p from generate_series(0, ${count - 1}) i) s`;

async function withoutIndexes(admin: Sql, fill: string): Promise<void> {
  const indexes = await admin<{ name: string; made: string }[]>`select indexname as name, indexdef as made from pg_indexes
    where schemaname = 'programs' and tablename = 'enrolment' and indexname not like '%pk'`;
  for (const { name } of indexes) await admin.unsafe(`drop index programs."${name}"`);
  await admin.unsafe(fill);
  for (const { made } of indexes) await admin.unsafe(made);
}

const CUBES = ["BENEFICIARIES", "WAITING_LIST", "OVERLAP", "COVERAGE", "QUOTA"];
const DISTRICT = "110103";

async function measure(url: string): Promise<void> {
  const sql = rawClient(url, { max: 1 });
  const pid = await pidOf(sql);
  try {
    for (const cube of ["BENEFICIARIES", ...CUBES])
      await timed(`${cube} counted`, pid, async () => {
        const [row] = await sql`select programs.rebuild_rollup(${cube}, '2026-11', '2026-11-20') as n`;
        return `${row?.["n"]} cells differ from before`;
      });
    for (const cube of CUBES)
      await timed(`${cube}, one district, ten times`, pid, () =>
        sql`select programs.fold(${cube}, '2026-11', ${DISTRICT}) from generate_series(1, 10)`.then(() => undefined),
      );
    await timed("a change of one enrolment, and back", pid, async () => {
      for (const state of ["SUSPENDED", "ACTIVE"])
        await sql`update programs.enrolment set state = ${state} where id = '00000000-0000-4000-8000-000000000001'`;
    });
    await timed("that change worked off", pid, async () => {
      while ((await sql`select programs.fold_touched('2026-11-20T00:00:00Z') as done`)[0]?.["done"] !== 0);
    });
    for (const cube of CUBES)
      await timed(
        `${cube} read whole`,
        pid,
        async () => `${(await sql`select * from programs.rollup_cell where cube = ${cube} and period = '2026-11'`).length} cells`,
      );
    const [size] =
      await sql`select pg_size_pretty(pg_total_relation_size('programs.rollup_cell')) as cells, pg_size_pretty(pg_total_relation_size('programs.enrolment')) as rows`;
    say(`cells take ${size?.["cells"]}, enrolments ${size?.["rows"]}`);
  } finally {
    await sql.end();
  }
}

const pidOf = async (sql: Sql): Promise<number> => Number((await sql`select pg_backend_pid() as pid`)[0]?.["pid"]);

/** Says how long it took, and the CPU of the backend, which others on the machine do not lengthen. */
async function timed(what: string, pid: number, work: () => Promise<unknown>): Promise<void> {
  const [began, cpu] = [performance.now(), cpuOf(pid)];
  const answer = await work();
  const seconds = (n: number) => `${(n / 1000).toFixed(2)} s`;
  say(
    `${what}: ${seconds(performance.now() - began)}, CPU ${seconds(cpuOf(pid) - cpu)}${typeof answer === "string" ? `, ${answer}` : ""}`,
  );
}
