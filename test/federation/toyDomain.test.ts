import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeServices, compositionHasErrors } from "@theguild/federation-composition";
import { parse } from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rawClient } from "../../drizzle/client.ts";
import { devEnvelopeSecret } from "../../schema/caller.ts";
import { createSubgraph } from "../../subgraphs/kit/createSubgraph.ts";
import { createLog } from "../../subgraphs/kit/log.ts";
import type { Running } from "../../subgraphs/kit/serve.ts";
import { useHub } from "../kit/hub.ts";

// A new data domain joins: an SDL, resolvers, a grant. Nothing in gateway/ knows of it.

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
const head = readFileSync("schema/hub.graphql", "utf8");
const slices = ["population", "welfare", "programs", "governance"].map(
  (name) => [name, readFileSync(`subgraphs/${name}/schema.graphql`, "utf8")] as const,
);
const composed = composeServices(
  [...slices, ["regional", SDL] as const].map(([name, sdl]) => ({
    name,
    url: `http://${name}.invalid`,
    typeDefs: parse(`${head}\n${sdl}`),
  })),
);
if (compositionHasErrors(composed)) throw new Error(composed.errors.map((error) => error.message).join("\n"));
writeFileSync(join(folder, "supergraph.graphql"), composed.supergraphSdl);

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

test("a new domain is composed and served by the unchanged gateway, and denied to whom nobody granted it", async () => {
  const { data, denied } = await hub.as("dinsos-banyuwangi").ask(QUESTION);
  expect(data["regionalAid"]).toEqual({
    name: "Kartu Banyuwangi",
    amount: null,
    region: { code: "3510", name: expect.stringMatching(/BANYUWANGI/i), regionalPrograms: 4 },
  });
  expect(denied).toEqual(["RegionalAid.amount"]);
  expect((await hub.as("kemendikdasmen").ask(QUESTION)).data["regionalAid"]).toBeNull();
});

test("its field opens when a grant row is written, without a restart", async () => {
  const sql = rawClient(hub.urls.governance.owner, { max: 1 });
  await sql`insert into grant_row (agreement_number, version, position, selector_kind, selector, use, effect, clause)
    values ('PKS-2025-004', 1, 900, 'coordinate', 'RegionalAid.amount', 'OUTPUT', 'allow', 'Adendum 1')`;
  await sql.end();
  await expect
    .poll(async () => (await hub.as("dinsos-banyuwangi").ask(QUESTION)).data["regionalAid"].amount, { timeout: 5000 })
    .toBe("250000");
});
