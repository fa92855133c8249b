import { createServer } from "node:http";
import { describe, expect, inject, test } from "vitest";
import { createLogger } from "../../../gateway/audit/log.ts";
import { leafHash } from "../../../schema/record/leaf.ts";
import { createLog } from "../../../subgraphs/kit/serve/log.ts";
import { asRole } from "../../kit/database.ts";
import { readQueue, told, useSinks } from "../kit/sinks/hub.ts";
import { canary, leaksIn } from "../kit/sinks/kit.ts";
import {
  ANSWERED,
  BABBLE,
  BROKEN,
  CITIZEN,
  MISTAKES,
  ONE_ROW,
  TOLD_LESS,
  UPLOADS,
  withLoudDatabases,
  withoutRecord,
} from "../kit/sinks/traffic.ts";

// No NIK, name or value in any log, metric, trace or error: a made-up person goes through everything, and every sink is searched.

const { sinks, hub, sendAll, collect } = useSinks();
const LONG = 180_000; // the log waits for the longest writing transaction on the server, those of other test files included

describe("of a person, no log, record, alert, metric or error holds a NIK, a name or a value", () => {
  test("when questions are answered, in part or in full", async () => {
    for (const data of await sendAll(ANSWERED)) expect(leaksIn(data)).toContain("last name");
    await sendAll(TOLD_LESS);
    expect(sinks.leaks).toEqual([]);
  });

  test("when questions, acts of stewards, requests of citizens and files are wrong", async () => {
    await sendAll([...BROKEN, ...MISTAKES, ...CITIZEN, ...UPLOADS]);
    expect(sinks.leaks).toEqual([]);
  });

  test(
    "when databases fail and quote what they could not take",
    async () => {
      await withLoudDatabases(hub, async () => {
        await sendAll([ONE_ROW, ...ANSWERED, ...TOLD_LESS, ...CITIZEN]);
        await expect.poll(() => readQueue(sinks, hub.urls), { timeout: LONG }).toBeGreaterThan(0);
      });
      await withoutRecord(hub, async () => void (await sendAll(ANSWERED)));
      expect(sinks.leaks).toEqual([]);
    },
    LONG,
  );

  test(
    "when a subgraph is down, or talks nonsense",
    async () => {
      const welfare = hub.slices.get("welfare");
      await welfare?.close();
      await sendAll([...ANSWERED, ...TOLD_LESS]);
      for (const [status, text] of Object.values(BABBLE)) {
        const mad = createServer((_, response) => response.writeHead(status, { "content-type": "application/json" }).end(text));
        await new Promise<void>((resolve) => mad.listen(welfare?.port, "127.0.0.1", resolve));
        await sendAll(ANSWERED);
        mad.closeAllConnections();
        await new Promise((resolve) => mad.close(resolve));
      }
      expect(sinks.leaks).toEqual([]);
    },
    LONG,
  );

  test(
    "nor do tables, queue, metrics and the database's own log, when all of it is on record and watched",
    async () => {
      await collect();
      expect(sinks.leaks).toEqual([]);
      const written = ["gateway", "population", "worker"].map((part) => `log of ${part}`);
      const stored = ["entry", "policy_event", "watch_alert", "usage_field", "subject_request_event"].map(
        (name) => `table ${name}`,
      );
      const spoken = ["webhook", "refusals", "words beside data", "headers of answers", "queue of jobs", "log over HTTP"];
      for (const sink of [...written, ...stored, ...spoken]) expect([sink, sinks.counts[sink] ?? 0]).not.toEqual([sink, 0]);
      expect(sinks.counts["table entry"]).toBeGreaterThan(200);
      expect(sinks.counts["refusals"]).toBeGreaterThan(80);
    },
    LONG,
  );
});

test(
  "a leak is found in whatever sink it lies: one planted in each, by the way it would come",
  async () => {
    const { fullName, nik, motherName } = canary;
    createLogger({ level: "info", write: (line) => sinks.put("log of gateway", line) }).info({ who: fullName }, "planted");
    const stream = { write: (line: string) => void sinks.put("log of population", line) };
    createLog({ name: "population", stream }).info(`planted ${motherName}`);
    process.emitWarning(fullName);
    process.stdout.write(nik);
    const answer = (status: number) =>
      new Response(JSON.stringify({ errors: [{ message: fullName }] }), { status, headers: { "x-who": "VWEXIMA" } });
    for (const status of [200, 400]) await told(sinks, answer(status));
    const [entry] = await asRole(hub.urls.governance.owner, (sql) => sql`select body from entry order by id desc limit 1`);
    const body = JSON.stringify({ ...JSON.parse(entry?.["body"]), who: fullName });
    await asRole(
      hub.urls.record,
      (sql) => sql`insert into governance.entry (leaf, body, request_id) values (${leafHash(body)}, ${body}, 'planted')`,
    );
    const alert = JSON.stringify({ subject: canary.id });
    await asRole(
      hub.urls.log ?? "",
      (sql) =>
        sql`insert into governance.watch_alert (kind, detail, once) values ('CANARY_TOUCHED', ${alert}::text::jsonb, 'planted')`,
    );
    await asRole(
      hub.urls.governance.owner,
      (sql) => sql`insert into policy_event (actor, kind, detail) values ('x', 'note', ${nik})`,
    );
    await asRole(hub.urls.jobs ?? "", async (sql) => {
      const [job] = await sql`select id from graphile_worker.add_job('planted', run_at => now() + interval '1 day')`;
      await sql`update graphile_worker._private_jobs set last_error = ${motherName} where id = ${job?.["id"]}`;
    });
    await readQueue(sinks, hub.urls);
    await asRole(inject("databases").adminUrl, (sql) => sql.unsafe(`do $$ begin raise log '${fullName}'; end $$`));
    await collect();
    const spoken = ["headers of answers", "log of gateway", "log of population", "output", "queue of jobs", "refusals"];
    const stored = ["table entry", "table policy_event", "table watch_alert", "webhook", "words beside data"];
    const readable = sinks.counts["log of PostgreSQL"] ? ["log of PostgreSQL"] : [];
    expect(sinks.leaky.sort()).toEqual([...spoken, ...stored, ...readable].sort());
  },
  LONG,
);
