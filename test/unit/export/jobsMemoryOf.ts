import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hub } from "../../../gateway/answer.ts";
import type { Format } from "../../../gateway/border/export/encode/encode.ts";
import { run } from "../../../gateway/border/export/jobs/run.ts";
import type { Manifest } from "../../../gateway/border/export/jobs/store.ts";
import { Vault } from "../../../gateway/border/export/jobs/vault.ts";
import { loadSupergraph } from "../../../gateway/plan/supergraph.ts";

// Run by jobsMemory.test.ts in a process of its own: makes a file of so many rows, reads it back, and tells what memory that took.

const [format, count] = [process.argv[2] as Format, Number(process.argv[3])];
const folder = mkdtempSync(join(tmpdir(), "hub-vault-"));
const vault = new Vault(folder);
const supergraph = loadSupergraph(readFileSync("schema/supergraph.graphql", "utf8"));
const columns = ["enrolment", "program", "region", "state", "started_on", "person", "nik", "full_name"];
const job = {
  ...{ id: randomUUID(), client: "kemensos", officer: null, agreement: "PKS-2025-001", version: 1, caseNumber: null, note: null },
  ...{ address: "127.0.0.1", attempt: randomUUID(), key: randomBytes(32) },
  wanted: { name: "enrolments", format, filter: null, columns, denied: [], written: { guard: true } },
};

let most = 0;
async function* pages() {
  for (let from = 0; from < count; from += 100) {
    await new Promise(setImmediate); // a page came
    most = Math.max(most, process.memoryUsage.rss());
    const nodes = Array.from({ length: 100 }, (_, n) => ({
      ...{ id: randomUUID(), program: { code: "PKH" }, region: { code: "3510161001" }, state: "ACTIVE", startedOn: "2026-01-01" },
      person: { id: randomUUID(), nik: `351016120488${9000 + (n % 1000)}`, fullName: `SITI AMINAH ${from + n}` },
    }));
    const persons = nodes.map(({ person }) => person.id);
    yield { nodes, persons, transformed: [], inSomeRows: [], restrictedRows: 0, receipt: "r" };
  }
}

let manifest: Manifest | undefined;
const jobs = {
  renew: async () => true,
  ready: async (_: string, made: Manifest) => {
    manifest = made;
    return true;
  },
  failed: async (_: string, code: string) => Promise.reject(new Error(code)),
  release: async () => {},
};
await run(job, { hub: { supergraph } as unknown as Hub, jobs, vault, signal: new AbortController().signal, pages });
let bytes = 0;
for await (const piece of vault.open(job, "rows")) {
  bytes += piece.length;
  most = Math.max(most, process.memoryUsage.rss());
}
if (bytes !== manifest?.bytes) throw new Error("the file is not what the manifest says");
rmSync(folder, { recursive: true });
process.stdout.write(JSON.stringify({ rows: manifest.rows, bytes, mb: Math.round(most / 2 ** 20) }));
