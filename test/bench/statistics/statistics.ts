import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { rawClient } from "../../../drizzle/client.ts";
import { type DatabaseUrls, migrateAll, prepareCluster } from "../../../drizzle/cluster.ts";
import { inOneLoad, type Loader } from "../../../drizzle/copy.ts";
import { startEmbedded } from "../../../drizzle/embedded.ts";
import { registerCubes } from "../../../drizzle/registry/cubes.ts";
import { createMinter, devEnvelopeSecret, ENVELOPE_HEADER } from "../../../schema/caller.ts";
import { DEV_POLICY_SECRET } from "../../../schema/policy/keys.ts";
import { devYearKeys } from "../../../schema/record/yearKeys.ts";
import { type CubeDefinition, cubeOf, TOTAL } from "../../../schema/statistics/cubes.ts";
import { createLog } from "../../../subgraphs/kit/serve/log.ts";
import { statistics } from "../../../subgraphs/statistics/index.ts";
import { devAttestationOf } from "../../kit/attestation.ts";
import { allBut, callerWith, post } from "../../kit/slice.ts";
import { cpuOf } from "../measure.ts";

const FOLDER = "docs/questions/dashboards";
/** Cubes with the level their cells go down to here, and how many months of them there are. */
const MADE: readonly (readonly [code: string, digits: number, months: number])[] = [
  ["COVERAGE", 4, 1],
  ["MATCH_QUALITY", 6, 24],
  ["PROPOSAL_FUNNEL", 6, 1],
  ["PAYMENT_FUNNEL", 4, 1],
  ["BENEFICIARIES", 6, 1],
  ["WAITING_LIST", 6, 1],
  ["OVERLAP", 2, 1],
  ["BUDGET", 6, 4],
  ["QUOTA", 4, 1],
];

/**
 * `npm run bench -- statistics [rounds]`: some six million made-up cells of 7,277 districts; asks every view of docs/questions/dashboards of the slice as the
 * gateway does, one after another, and shows how its statements are planned.
 */
export async function run([rounds = "20"]: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "hub-statistics-"));
  const server = await startEmbedded({
    dataDir: join(folder, "pg18"),
    port: 0,
    flags: { shared_buffers: "512MB", fsync: "off" },
  });
  const urls = await prepareCluster({ adminUrl: server.url, secret: "a bench of statistics on this machine" });
  try {
    await migrateAll(urls);
    await registerCubes(urls.statistics.owner);
    const cells = await timed("cells made up", () => inOneLoad(urls.statistics.owner, makeUp));
    say(`${cells} cells, load ${loadavg()[0]?.toFixed(1)}`);
    await askAll(urls, server.url, Number(rounds));
    await inOneLoad(urls.statistics.owner, besideRows);
  } finally {
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

const LEVELS = [1, 2, 4, 6];

/** Every code of every dimension in every region, one cell in seven withheld. Without the index until all is there. */
async function makeUp(loader: Loader): Promise<number> {
  await loader.query(`create temporary table place on commit preserve rows as
    with province as (select lpad((10 + i)::text, 2, '0') as code from generate_series(1, 38) i),
      regency as (select code || lpad((1 + n)::text, 2, '0') as code from province, generate_series(0, 13) n limit 514),
      district as (select code || lpad((1 + n)::text, 2, '0') as code from regency, generate_series(0, 14) n limit 7277)
    select '0' as region, null as parent union all select code, '0' from province
    union all select code, left(code, 2) from regency union all select code, left(code, 4) from district`);
  await loader.query("alter table statistics.cell drop constraint cell_cube_period_digits_key_text_region_pk");
  for (const [code, digits, months] of MADE) await makeCube(loader, { cube: cubeOf(code) as CubeDefinition, digits, months });
  await loader.query("alter table statistics.cell add primary key (cube, period, digits, key_text, region)");
  await loader.query("analyze statistics.cell, statistics.figured_region");
  const [row] = await loader.query<{ count: number }>("select count(*)::int as count from statistics.cell");
  return row?.count ?? 0;
}

async function makeCube(loader: Loader, { cube, digits, months }: { cube: CubeDefinition; digits: number; months: number }) {
  const keys = cube.dimensions.reduce<string[][]>(
    (made, { codes, hasTotal }) => made.flatMap((key) => [...codes, ...(hasTotal ? [TOTAL] : [])].map((one) => [...key, one])),
    [[]],
  );
  for (let month = months; month > 0; month -= 1) {
    const period = new Date(Date.UTC(2026, 11 - month)).toISOString().slice(0, 7);
    await loader.query(
      `insert into statistics.release values ($1, $2, 1, ($2 || '-28T00:00:00Z')::timestamptz, true, 0, repeat('0', 64), '', now(), true)`,
      [cube.code, period],
    );
    await loader.query(
      `insert into statistics.cell (cube, period, region, parent, key, persons, units, total, is_public)
       select $1, $2, region, parent, key, n, n, n * 200000::bigint, $3
       from place cross join (select string_to_array(k, '|') as key, o from unnest($4::text[]) with ordinality as k (k, o)) keys,
         lateral (select case when (hashtext(region) + o) % 7 <> 0 then 5 * (2 + abs(hashtext(region) + o) % 9000)::int end as n) made
       where length(region) = any($5)`,
      [
        cube.code,
        period,
        cube.openness === "PUBLIC",
        keys.map((key) => key.join("|")),
        LEVELS.filter((level) => level <= digits),
      ],
    );
  }
}

/** The view as it opens, and a step further down. */
const PLACES: readonly Readonly<Record<string, unknown>>[] = [{}, { region: "35", level: "REGENCY" }];
type Ask = (query: string, variables: object) => Promise<number>;

async function askAll(urls: DatabaseUrls, adminUrl: string, rounds: number): Promise<void> {
  const secret = devEnvelopeSecret(statistics.name);
  const mint = createMinter({ audience: statistics.name, secret, list: statistics.coordinates, now: Date.now });
  const log = createLog({ name: statistics.name, level: "error", stream: { write: say } });
  const given = { envelopeSecret: secret, policy: { secret: DEV_POLICY_SECRET, origins: [] }, recordKeys: devYearKeys() };
  const databaseUrl = urls.statistics.runtime;
  const running = await statistics.start({ ...given, databaseUrl, ...devAttestationOf(statistics.name), port: 0, log });
  const admin = rawClient(adminUrl, { max: 1 });
  const ask: Ask = async (query, variables) => {
    const body = JSON.stringify({ query, variables });
    const headers = { [ENVELOPE_HEADER]: mint({ caller: callerWith(), verbs: allBut(statistics), body }) };
    const { data, errors } = await post(running.url, body, headers);
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    return Object.values<any>(data).reduce((sum, list) => sum + (list.nodes ?? list).length, 0);
  };
  const cpu = async () => {
    const pids = await admin`select pid from pg_stat_activity where usename = 'hub_statistics'`;
    return pids.reduce((sum, { pid }) => sum + cpuOf(pid), cpuOf(process.pid));
  };
  say("| view | of | rows | p50 ms | p95 ms | CPU ms |\n|---|---|---|---|---|---|");
  for (const name of readdirSync(FOLDER))
    for (const variables of PLACES.slice(0, name === "overlap.graphql" ? 1 : 2)) // overlaps are of provinces, and no deeper
      say(`| ${name.replace(".graphql", "")} | ${await measured({ name, variables, rounds, ask, cpu })} |`);
  await admin.end();
  await running.close();
}

interface Measured {
  readonly name: string;
  readonly variables: object;
  readonly rounds: number;
  readonly ask: Ask;
  readonly cpu: () => Promise<number>;
}

/** By the clock, and in processor time of slice, asker and database together, which a busy machine hardly changes. */
async function measured({ name, variables, rounds, ask, cpu }: Measured): Promise<string> {
  const query = readFileSync(join(FOLDER, name), "utf8").replace(/region \{\s+name\s+\}/g, ""); // population names the regions
  const rows = await ask(query, variables);
  await ask(query, variables);
  const [times, before]: [number[], number] = [[], await cpu()];
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    await ask(query, variables);
    times.push(performance.now() - began);
  }
  const used = ((await cpu()) - before) / rounds;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(rounds - 1, Math.floor(rounds * share))]?.toFixed(0);
  const where = "region" in variables ? "regencies of 35" : "as it opens";
  return [where, rows, at(0.5), at(0.95), used.toFixed(0)].join(" | ");
}

const ROWS = 2_000_000;

/** The same by counting rows: what a dashboard would cost without roll-ups, on rows without any other column. */
async function besideRows(loader: Loader): Promise<void> {
  await loader.query(`create temporary table enrolment as select region, (array['PKH','BPNT','PBI_JK','KIP'])[1 + i % 4] as program, i % 5 as state
    from generate_series(1, ${ROWS}) i join (select region, row_number() over () as n from statistics.figured_region where digits = 6 and cube = 'BUDGET') p on p.n = 1 + i % 7277`);
  await loader.query("analyze enrolment");
  for (const what of ["program, state", "left(region, 4), program, state"])
    await timed(`${ROWS} rows counted by ${what}`, () =>
      loader.query(`select ${what}, count(*) from enrolment group by ${what}`),
    );
}
