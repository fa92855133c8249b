import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { devEnvelopeSecret } from "../../../schema/caller.ts";
import { createSubgraph } from "../../../subgraphs/kit/serve/createSubgraph.ts";
import { createLog } from "../../../subgraphs/kit/serve/log.ts";
import type { Running } from "../../../subgraphs/kit/serve/serve.ts";
import { useHub } from "../../kit/hub.ts";
import { renew, renewGranting } from "../../kit/policy.ts";
import { joinedBy } from "../runtime/joined.ts";

// A new data domain joins: an SDL, resolvers, a renewed agreement. Nothing in gateway/ knows of it.

const SDL = `
type Query {
  "Bantuan daerah — regional aid of a person; null when there is none."
  regionalAid("Wilayah — region code." region: RegionCode! @unguarded(reason: "public reference data")): RegionalAid @data(class: GENERAL)
}
"Bantuan daerah — aid from a regional budget."
type RegionalAid {
  "Nama bantuan."
  name: String @data(class: GENERAL)
  "Wilayah."
  region: Region @data(class: PUBLIC)
  "Nilai — whole rupiah."
  amount: Rupiah @data(class: SPECIFIC, topic: FINANCE)
}
"Wilayah administratif — belongs to population."
type Region @key(fields: "code") {
  "Kode wilayah."
  code: RegionCode! @data(class: PUBLIC)
  "Jumlah program daerah — programs the region pays itself."
  regionalPrograms: Int @data(class: GENERAL)
}`;

const toy = createSubgraph({
  name: "regional",
  typeDefs: SDL,
  loaders: () => ({}),
  resolvers: {
    Query: {
      regionalAid: (_: unknown, { region }: { region: string }) => ({
        name: "Kartu Banyuwangi",
        region: { code: region },
        amount: "250000",
      }),
    },
    Region: {
      __resolveReference: ({ code }: { code: string }) => ({ code }),
      regionalPrograms: ({ code }: { code: string }) => code.length,
    },
  },
});

const folder = mkdtempSync(join(tmpdir(), "hub-toy-"));
writeFileSync(join(folder, "supergraph.graphql"), joinedBy({ regional: SDL }));

let running: Running;
const address: { HUB_SUPERGRAPH: string; HUB_SUBGRAPH_URL_REGIONAL: string } = {
  HUB_SUPERGRAPH: join(folder, "supergraph.graphql"),
  HUB_SUBGRAPH_URL_REGIONAL: "",
};
beforeAll(async () => {
  running = await toy.start({
    databaseUrl: "postgres://nobody@127.0.0.1:1/none",
    envelopeSecret: devEnvelopeSecret("regional"),
    port: 0,
    log: createLog({ name: "regional", level: "silent" }),
  });
  address.HUB_SUBGRAPH_URL_REGIONAL = running.url;
});
const hub = useHub(address);
afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true, force: true });
});

const QUESTION = '{ regionalAid(region: "35.10") { name amount region { code name regionalPrograms } } }';

const dinsos = hub.as("dinsos-banyuwangi");

test("a new domain is composed and served by the unchanged gateway, and pending for everybody, its public fields too", async () => {
  const { data, denied, status } = await dinsos.ask(QUESTION);
  expect([status, data, denied]).toEqual([200, { regionalAid: null }, ["Query.regionalAid"]]);
  expect((await hub.as("kemendikdasmen").ask(QUESTION)).data["regionalAid"]).toBeNull();
  const region = "{ regions(first: 1) { nodes { code name regionalPrograms } } }";
  const old = await dinsos.ask(region);
  expect(old.data["regions"].nodes[0]).toMatchObject({ code: expect.any(String), regionalPrograms: null });
  expect(old.denied).toEqual(["Region.regionalPrograms"]);
});

test("its fields open with a renewed agreement that has their class, without a restart, and to nobody else", async () => {
  await renew(hub.urls.governance.owner, "PKS-2025-004");
  const aid = async () => (await dinsos.ask(QUESTION)).data["regionalAid"];
  await expect.poll(aid, { timeout: 5000 }).toEqual({
    name: "Kartu Banyuwangi",
    amount: null,
    region: { code: "3510", name: expect.stringMatching(/BANYUWANGI/i), regionalPrograms: 4 },
  });
  expect((await dinsos.ask(QUESTION)).denied).toEqual(["RegionalAid.amount"]);
  expect((await hub.as("kemendikdasmen").ask(QUESTION)).data["regionalAid"]).toBeNull();
});

test("a field of another class opens when a renewed agreement grants it, without a restart", async () => {
  await renewGranting(hub.urls.governance.owner, "PKS-2025-004", "RegionalAid.amount");
  await expect.poll(async () => (await dinsos.ask(QUESTION)).data["regionalAid"].amount, { timeout: 5000 }).toBe("250000");
});
