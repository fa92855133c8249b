import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { folderCopy, writeFolder } from "../../../cli/record/folder.ts";
import { rawClient } from "../../../drizzle/client.ts";
import { migrateAll, prepareCluster } from "../../../drizzle/cluster.ts";
import { startEmbedded } from "../../../drizzle/embedded.ts";
import { databaseCopy } from "../../../drizzle/record/copy.ts";
import { createIntegrator } from "../../../drizzle/record/integrate.ts";
import { type Client, newestCheckpoint, recordLag, tileReader } from "../../../drizzle/record/reads.ts";
import { signerOf } from "../../../schema/policy/keys.ts";
import { parseCheckpoint } from "../../../schema/record/checkpoint.ts";
import { noteKey } from "../../../schema/record/note.ts";
import { verifyInclusion } from "../../../schema/record/proofs.ts";
import { consistencyProof, inclusionProof } from "../../../schema/record/tree.ts";
import type { LogCopy } from "../../../schema/record/verify/copy.ts";
import { verifyLog } from "../../../schema/record/verify/verifyLog.ts";
import { median } from "../measure.ts";

// The log at the size of a year of a small hub: how fast it takes entries in, proves one, and is verified from the database and from an export.

const BATCH = 50_000;
const PROOFS = 300;
/** Mean number of subjects of an answer; their tags are 16 bytes each. */
const SUBJECTS = 3;
const signer = signerOf("bench key of the log, 32 characters", "log");
const by = { signer, key: noteKey(signer, "hub.example/record", "ED25519") };
const out = (text: string) => void process.stdout.write(`${text}\n`);

/** `--records N` (1,000,000). */
export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: { records: { type: "string", default: "1000000" } } });
  const records = Number(values.records);
  const dir = mkdtempSync(join(tmpdir(), "hub-bench-"));
  mkdirSync(join(dir, "pg"));
  const server = await startEmbedded({ dataDir: join(dir, "pg", "data"), port: 0 });
  try {
    const urls = await prepareCluster({ adminUrl: server.url, secret: "bench".repeat(8) });
    await migrateAll(urls);
    out(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)} before it began\n`);
    await fill(urls.record, records);
    const sql = rawClient(urls.log ?? "", { max: 1, fetch_types: false });
    await measure(sql, { records, folder: join(dir, "export") });
    await sql.end();
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function fill(url: string, records: number): Promise<void> {
  const sql = rawClient(url, { max: 1, fetch_types: false });
  for (let from = 0; from < records; from += BATCH)
    await sql`insert into governance.entry (leaf, body, request_id, client, agreement, subjects)
      select sha256('\\x00'::bytea || convert_to(body, 'UTF8')), body, receipt, 'bench', 'PKS-2025-001', tags
      from (select n, n::text as receipt, decode(repeat(md5(n::text), n % ${2 * SUBJECTS + 1}), 'hex') as tags
        from generate_series(${from}::int, ${Math.min(records, from + BATCH) - 1}::int) as n) as line,
      lateral (select json_build_object('v', 2, 'at', clock_timestamp(), 'requestId', md5(receipt), 'receipt', receipt, 'client', 'bench',
        'agency', 'BENCH', 'officer', null, 'agreement', 'PKS-2025-001', 'version', 1, 'purpose', 'SOCIAL_ASSISTANCE', 'case', null,
        'operation', json_build_object('name', 'Bench', 'mark', encode(sha256(tags), 'hex')),
        'shown', json_build_array('Person.fullName', 'Person.decile', 'Household.region', 'Household.decile', 'Enrolment.program'),
        'masked', json_build_array('Person.nik'), 'denied', json_build_array('Person.motherName'), 'used', json_build_array('Query.person(nik:)'),
        'subjects', length(tags) / 16, 'tagsHash', encode(sha256(tags), 'hex'), 'status', case n % 2 when 0 then 'INTENDED' else 'ANSWERED' end,
        'intent', case n % 2 when 1 then (n - 1)::text end)::text as body) as text`;
  await sql.end();
}

async function measure(sql: Client, { records, folder }: { records: number; folder: string }): Promise<void> {
  const [size] = await sql`select avg(octet_length(body))::int as bytes from governance.entry where id <= 1000`;
  const integrator = createIntegrator(sql, by);
  const integrating = await timed(async () => {
    while ((await integrator.integrate()) !== 0);
  });
  out(
    `integrator: ${rate(records, integrating)} rows/s (${records} entries of ${size?.["bytes"]} bytes in ${seconds(integrating)} s)`,
  );
  await proofs(sql, records);
  const asking: number[] = [];
  for (let n = 0; n < PROOFS; n++) asking.push(await timed(() => recordLag(sql, n % 2 === 0)));
  out(`lag asked for: ${ms(asking)} ms`);
  const exporting = await timed(() => writeFolder(folder, databaseCopy(sql), [by.key]));
  out(`export: ${seconds(exporting)} s`);
  await check("verify the export, offline", folderCopy(folder), records);
  await check("verify the database", databaseCopy(sql), records);
  out(`memory: ${Math.round(process.memoryUsage().rss / 1e6)} MB`);
}

async function proofs(sql: Client, records: number): Promise<void> {
  const { root } = parseCheckpoint((await newestCheckpoint(sql))?.note ?? "");
  const [made, verified, continued]: [number[], number[], number[]] = [[], [], []];
  for (let n = 0; n < PROOFS; n++) {
    const index = (n * 7919) % records;
    const [entry] = await sql<
      { leaf: Buffer }[]
    >`select e.leaf from governance.tree_entry t join governance.entry e on e.id = t.entry_id
      where t.index = ${index}`;
    let proof: Buffer[] = [];
    made.push(await timed(async () => (proof = await inclusionProof(index, records, tileReader(sql)))));
    verified.push(
      await timed(async () => {
        if (!verifyInclusion({ leaf: entry?.leaf ?? root, index, size: records, proof, root }))
          throw new Error(`no proof of ${index}`);
      }),
    );
    continued.push(await timed(() => consistencyProof(records - 1 - n, records, tileReader(sql))));
  }
  out(
    `inclusion proof: made in ${ms(made)} ms, verified in ${ms(verified)} ms; consistency proof: ${ms(continued)} ms (medians of ${PROOFS}, worst ${Math.max(...made).toFixed(1)} ms)`,
  );
}

async function check(what: string, copy: LogCopy, records: number): Promise<void> {
  let found = { size: 0, faults: 0 };
  const took = await timed(async () => {
    const { size, faults } = await verifyLog(copy, { log: by.key, witnesses: [], kept: [] });
    found = { size, faults: faults.length };
  });
  if (found.size !== records || found.faults > 0) throw new Error(`${what}: ${found.size} records, ${found.faults} faults`);
  out(`${what}: ${seconds(took)} s, ${rate(records, took)} records/s`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
const seconds = (took: number): string => (took / 1000).toFixed(1);
const rate = (count: number, took: number): string => Math.round((count * 1000) / took).toLocaleString("en");
const ms = (all: readonly number[]): string => median(all).toFixed(2);
