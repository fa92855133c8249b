import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { devEnvelopeSecret } from "../../../schema/caller.ts";
import { createSubgraph } from "../../../subgraphs/kit/serve/createSubgraph.ts";
import { createLog } from "../../../subgraphs/kit/serve/log.ts";
import type { Running } from "../../../subgraphs/kit/serve/serve.ts";
import { joinedBy } from "../../federation/runtime/joined.ts";
import { useHub } from "../../kit/hub.ts";
import { type BrokenSource, brokenSource } from "../../kit/machines/brokenSource.ts";

// The first three promises of the hub (docs/life-of-a-request.md, "A source is down"), with a source of its own that breaks.

const TIMEOUT_MS = 2500;
const DOMAIN = `
type Query { "Jumlah — how many acts were done." fileComplaintCount: Int @data(class: PUBLIC) }
type Mutation {
  "Tindakan — does it."
  fileComplaint("Nama — whom." name: String @guards(field: "Complaint.name", use: FILTER)): Complaint @data(class: GENERAL)
}
"Hasil."
type Complaint {
  "Nama."
  name: String @data(class: GENERAL)
}`;
let acts = 0;
const toy = createSubgraph({
  name: "complaints",
  typeDefs: DOMAIN,
  loaders: () => ({}),
  resolvers: {
    Query: { fileComplaintCount: () => acts },
    Mutation: {
      fileComplaint: (_: unknown, { name }: { name: string | null }) => {
        acts += 1;
        return { name };
      },
    },
  },
});

const source: BrokenSource = await brokenSource("hang");
const folder = mkdtempSync(join(tmpdir(), "hub-faults-"));
writeFileSync(join(folder, "supergraph.graphql"), joinedBy({ complaints: DOMAIN }));
let running: Running;
beforeAll(async () => {
  running = await toy.start({
    databaseUrl: "postgres://nobody@127.0.0.1:1/none",
    envelopeSecret: devEnvelopeSecret("complaints"),
    port: 0,
    log: createLog({ name: "complaints", level: "silent" }),
  });
});
const hub = useHub(
  {
    HUB_SUPERGRAPH: join(folder, "supergraph.graphql"),
    HUB_SUBGRAPH_TIMEOUT_MS: String(TIMEOUT_MS),
    HUB_SUBGRAPH_URL_COMPLAINTS: source.url,
  },
  { renewed: ["PKS-2025-004"] },
);
afterAll(async () => {
  await source.close();
  await running.close();
  rmSync(folder, { recursive: true, force: true });
});

const dinsos = hub.as("dinsos-banyuwangi", { language: "en" });
const ask = () => dinsos.ask("{ fileComplaintCount households(first: 2) { nodes { id region { name } } } }");
const file = () => dinsos.ask("mutation File($name: String) { fileComplaint(name: $name) { name } }", { name: "Siti" });
const codes = ({ errors }: Awaited<ReturnType<typeof ask>>) => errors.map(({ extensions }) => extensions["code"]);
const ready = async () => {
  const response = await fetch(`${hub.gatewayUrl}/ready`);
  const { alarms = [] } = (await response.json()) as { alarms?: string[] };
  return { status: response.status, alarms: alarms.filter((alarm) => alarm.startsWith("circuit:")) };
};
const heal = async () => {
  source.behave({ proxyTo: running.url });
  await expect.poll(async () => (await ready()).alarms, { timeout: 30_000 }).toEqual([]);
};
beforeEach(async () => {
  await heal();
  expect((await ask()).errors).toEqual([]);
});

test("promise 1: a hung source costs its own fields only, in its time; the first request after recovery succeeds", async () => {
  source.behave("hang");
  const from = performance.now();
  const answers = await Promise.all([ask(), ask()]);
  expect(performance.now() - from).toBeLessThan(10 * TIMEOUT_MS);
  for (const answer of answers) {
    expect(answer.status).toBe(200);
    expect(answer.data["fileComplaintCount"]).toBeNull();
    expect(answer.data["households"].nodes).toHaveLength(2);
    expect(answer.errors).toEqual([
      expect.objectContaining({
        path: ["fileComplaintCount"],
        extensions: expect.objectContaining({ code: "SUBGRAPH_TIMEOUT", service: "complaints" }),
      }),
    ]);
  }
  source.behave({ proxyTo: running.url });
  expect((await ask()).errors).toEqual([]);
});

test("promise 1: two callers ask the same at the same instant: two calls, an envelope each", async () => {
  const before = source.calls;
  await Promise.all([ask(), ask()]);
  const envelopes = source.heard.slice(before).map((request) => /hub-envelope: (\S+)/.exec(request)?.[1]);
  expect(envelopes).toHaveLength(2);
  expect(new Set(envelopes).size).toBe(2);
});

test("promise 2: after repeated failures its error comes with nothing sent, the operators see it, and it closes although nobody asks", async () => {
  source.behave("error500");
  while ((await ready()).alarms.length === 0) expect(codes(await ask())).toEqual(["SUBGRAPH_UNAVAILABLE"]);
  expect(await ready(), "a source that is down costs its own fields: the hub is ready").toEqual({
    status: 200,
    alarms: ["circuit:complaints"],
  });
  source.behave("hang"); // only we ask, and no question waits for that
  const asked = () => source.heard.filter((request) => request.includes("fileComplaintCount")).length;
  const before = asked();
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask()));
  expect(answers.map(codes)).toEqual(answers.map(() => ["SUBGRAPH_UNAVAILABLE"]));
  expect(asked()).toBe(before);
  source.behave({ proxyTo: running.url });
  await expect.poll(async () => (await ready()).alarms, { timeout: 50_000 }).toEqual([]);
  expect(asked(), "by our own asking alone").toBe(before);
  expect((await ask()).errors).toEqual([]);
});

test("promise 3: a mutation is sent once, however its source fails; where its circuit is open it is not sent, and plainly refused", async () => {
  const sent = () => source.heard.filter((request) => request.includes("mutation")).length;
  const [before, done] = [sent(), acts];
  source.behave("cut");
  let tries = 0;
  while ((await ready()).alarms.length === 0) {
    expect(codes(await file())).toEqual(["OUTCOME_UNCONFIRMED"]);
    tries += 1;
  }
  expect([sent() - before, acts - done]).toEqual([tries, 0]);
  const refused = await file();
  expect([refused.status, codes(refused), refused.headers.get("retry-after")]).toEqual([503, ["SUBGRAPH_UNAVAILABLE"], "1"]);
  expect(sent() - before).toBe(tries);
  await heal();
  expect((await file()).data).toEqual({ fileComplaint: { name: "Siti" } });
  expect([sent() - before, acts - done]).toEqual([tries + 1, 1]);
});
