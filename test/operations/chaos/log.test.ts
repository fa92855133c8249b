import { hash, randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import type { Client } from "../../../drizzle/record/reads.ts";
import { leafOf } from "../../../schema/record/leaf.ts";
import { tagsOf } from "../../../schema/record/tags.ts";
import { useDatabases } from "../../kit/database.ts";
import { isNightly } from "../../kit/vitest/nightly.ts";
import { freePorts } from "../../kit/vitest/ports.ts";
import { Part, until } from "./part.ts";

// The log alone, by what it has read and not by the clock: a machine that is busy takes longer and proves the same.

const ROUND = 4000;
const [WARM_UP, ROUNDS] = [2, 6];
const TAG_KEY = Buffer.alloc(32, 7);
const say = (text: string) => process.stderr.write(`log: ${text}\n`);

/** Answers that all name the same people, as a question does that many ask. */
async function written(record: Client, people: readonly string[], count: number): Promise<void> {
  const told = {
    client: "kemensos",
    agency: "KEMENSOS",
    agreement: "PKS-2025-001",
    purpose: "PROGRAM_ADMINISTRATION",
    case: null,
  };
  const shown = ["Person.fullName", "Person.nik", "Household.id", "Household.deciles", "Enrolment.state"];
  const lines = Array.from({ length: count }, () => {
    const [receipt, tags] = [randomUUID(), tagsOf(people, TAG_KEY)];
    const counts = { status: "ANSWERED", subjects: people.length, subjectTypes: { Person: people.length } };
    const body = JSON.stringify({
      ...{ v: 2, at: new Date().toISOString(), receipt, ...told, ...counts, shown, masked: [], denied: [] },
      tagsHash: hash("sha256", tags),
    });
    return { receipt, body, leaf: leafOf(body), tags: tags.toString("hex") };
  });
  await record`insert into governance.entry (leaf, body, request_id, client, agreement, subjects)
    select decode(leaf, 'hex'), body, receipt, 'kemensos', 'PKS-2025-001', decode(tags, 'hex')
    from json_to_recordset(${JSON.stringify(lines)}::text::json) as line (leaf text, body text, receipt text, tags text)`;
}

describe.skipIf(!isNightly)("the log under a steady stream of entries", () => {
  const { urls } = useDatabases({ empty: true });
  const closing: (() => unknown)[] = [];
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  });

  test("holds no more after tens of thousands, each about the same people, than after some", async () => {
    const [port = 0] = await freePorts(1);
    const url = `http://127.0.0.1:${port}`;
    const env = { HUB_DATABASE_URL_LOG: urls.log ?? "", HUB_LOG_PORT: String(port) };
    const log = new Part({ name: "log", argv: ["cli/hub.js", "log"], env, health: `${url}/health` });
    closing.push(() => log.end("SIGTERM"));
    await log.start();
    const record = rawClient(urls.record, { max: 1 });
    closing.push(() => record.end());
    const people = Array.from({ length: 12 }, () => randomUUID());
    const isRead = async (size: number) => {
      const text = await (await fetch(`${url}/metrics`)).text();
      const told = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1]);
      const unread = ["watch", "accounting"].map((reader) => told(`hub_record_unread\\{reader="${reader}"\\}`));
      return told("hub_record_size") === size && Math.max(...unread) === 0;
    };
    const heaps: number[] = [];
    for (let round = 1; round <= WARM_UP + ROUNDS; round += 1) {
      for (let left = ROUND; left > 0; left -= 500) await written(record, people, 500);
      const from = performance.now();
      await until("all is read", () => isRead(round * ROUND), 300_000);
      const { heapMb, residentMb } = await log.held();
      heaps.push(heapMb);
      say(
        `${round * ROUND} entries, read after ${(performance.now() - from).toFixed(0)} ms, heap ${heapMb.toFixed(2)} MB, resident ${residentMb.toFixed(0)} MB`,
      );
    }
    const counted = heaps.slice(WARM_UP);
    expect(Math.max(...counted) - Math.min(...counted)).toBeLessThan(1);
    expect(log.said).not.toContain("failed");
  }, 1_800_000);
});
