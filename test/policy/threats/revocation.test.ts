import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { lint } from "../../../schema/sdl/lint.ts";
import { joinedBy } from "../../federation/runtime/joined.ts";
import { type Answered, useHub } from "../../kit/hub.ts";
import { resume, suspend } from "../../kit/policy.ts";

// T16, T17, T29: what still opens after it was closed, or before anybody opened it. The whole hub, with a field published after all agreements.

const LATER = `
type Query { "Dana daerah — fund of a region." regionalFund: RegionalFund @data(class: GENERAL) }
"Dana daerah." type RegionalFund { "Nama dana." name: String @data(class: PUBLIC) }
"Wilayah administratif — belongs to population."
type Region @key(fields: "code") {
  "Kode wilayah." code: RegionCode! @data(class: PUBLIC)
  "Pagu — budget of the region, whole rupiah." budget: Rupiah @data(class: GENERAL)
}`;
const folder = mkdtempSync(join(tmpdir(), "hub-threats-"));
const file = join(folder, "supergraph.graphql");
writeFileSync(file, joinedBy({ regional: LATER }));
const hub = useHub({ HUB_SUPERGRAPH: file });
const dinsos = hub.as("dinsos-banyuwangi");
const OURS = "PKS-2025-004";
const POLL = { timeout: 10_000, interval: 20 };
let governance: ReturnType<typeof rawClient>;
let welfare: ReturnType<typeof rawClient>;
beforeAll(() => {
  governance = rawClient(hub.urls.governance.owner, { max: 1 });
  welfare = rawClient(hub.urls.welfare.owner, { max: 1 });
});
afterAll(async () => {
  await Promise.all([governance?.end(), welfare?.end()]);
  rmSync(folder, { recursive: true, force: true });
});
const codesOf = ({ errors }: Answered) => errors.map(({ extensions }) => extensions["code"]);
const codeNow = async () => codesOf(await dinsos.ask("{ me { client } }"))[0] ?? "OPEN";

/** The question is under way in the slice's database, and stays there while `work` runs. */
async function whileWelfareIsSlow<T>(ask: () => Promise<T>, work: () => Promise<void>): Promise<T> {
  const asking = await welfare.begin(async (tx) => {
    await tx`lock table household in access exclusive mode`;
    const told = ask();
    const isWaiting = async () =>
      (await tx`select 1 from pg_locks where not granted and relation = 'household'::regclass`).length > 0;
    await expect.poll(isWaiting, POLL).toBe(true);
    await work();
    return { told };
  });
  return asking.told;
}

describe("T16 a revocation race", () => {
  const QUESTION = "{ households(first: 5) { nodes { region { code } members { claimedName } } } }";

  test("T16 a revocation race: of an agreement revoked while a slow source works, no byte of the answer leaves", async () => {
    expect((await dinsos.ask(QUESTION)).text).toContain("claimedName");
    const told = await whileWelfareIsSlow(
      () => dinsos.ask(QUESTION),
      async () => {
        await suspend(governance, OURS);
        await expect.poll(codeNow, POLL).toBe("AGREEMENT_SUSPENDED");
      },
    );
    expect([told.status, codesOf(told), told.data]).toEqual([403, ["AGREEMENT_SUSPENDED"], null]);
    expect(told.text).not.toMatch(/claimedName|3510/);
    await resume(governance, OURS);
    await expect.poll(codeNow, POLL).toBe("OPEN");
  });

  test("T16 a revocation race: it closes the one agreement; what others asked at the same moment leaves", async () => {
    const told = await whileWelfareIsSlow(
      () => hub.as("kemensos").ask(QUESTION),
      async () => {
        await suspend(governance, OURS);
        await expect.poll(codeNow, POLL).toBe("AGREEMENT_SUSPENDED");
      },
    );
    expect([told.status, told.data["households"].nodes.length]).toEqual([200, 5]);
    await resume(governance, OURS);
    await expect.poll(codeNow, POLL).toBe("OPEN");
  });
});

describe("T17 a stale table after a publication", () => {
  test("T17 a stale table after a publication: a field published later is granted to nobody, be its class granted or public", async () => {
    for (const [client, voice] of [
      ["kemensos", { agreement: "PKS-2025-001" }],
      ["dinsos-banyuwangi", { agreement: OURS }],
      ["bpk", { agreement: "PKS-2025-006", case: "LHP-1" }],
    ] as const) {
      const { status, data, errors } = await hub
        .as(client, voice)
        .ask("{ regionalFund { name } regions(first: 1) { nodes { name budget } } }");
      expect([client, status, data]).toEqual([
        client,
        200,
        { regionalFund: null, regions: { nodes: [{ name: expect.any(String), budget: null }] } },
      ]);
      const told = errors.map(({ extensions }) => [extensions["code"], extensions["coordinate"]]).sort();
      expect(told).toEqual([
        ["FIELD_NOT_GRANTED", "Query.regionalFund"],
        ["FIELD_NOT_GRANTED", "Region.budget"],
      ]);
    }
  });
});

describe("T29 a subscription that outlives its grant", () => {
  test("T29 a subscription that outlives its grant: there are none, neither in a question nor in a schema that is to be published", async () => {
    for (const document of [
      "subscription { households { nodes { id } } }",
      "subscription S { me { client } } query Q { me { client } }",
    ]) {
      const told = await dinsos.ask(document);
      expect([document, told.status, told.data, codesOf(told).length]).toEqual([document, 400, null, 1]);
      expect(codesOf(told)[0]).toMatch(/^(OPERATION_RESOLUTION_FAILURE|GRAPHQL_VALIDATION_FAILED)$/);
    }
    const sdl =
      'type Query { "X — x." x: Int @data(class: PUBLIC) } "S — s." type Subscription { "Y — y." y: Int @data(class: PUBLIC) }';
    const { faults } = lint([{ name: "toy", document: parse(`directive @data(class: String) on FIELD_DEFINITION ${sdl}`) }]);
    expect(faults.join()).toContain("Subscription is refused");
  });
});
