import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { seed as hubSeed } from "../../../cli/data/seed.ts";
import { type rawClient, SLICES } from "../../../drizzle/client.ts";
import { inLoads } from "../../../drizzle/copy.ts";
import { SEEDED } from "../../../drizzle/synthetic/load.ts";
import { seed } from "../../../drizzle/synthetic/seed.ts";
import { asRole, asServer, useDatabases } from "../../kit/database.ts";

const databases = useDatabases({ empty: true });
const TABLES = {
  population: ["region", "family_card", "person", "family_card_member"],
  welfare: [
    "registry_version",
    "household",
    "family",
    "member",
    "ranking",
    "survey_variable",
    "survey",
    "ppks_status",
    "psks_institution",
    "decile_count",
    "synthetic_truth",
  ],
  programs: ["program", "enrolment", "payment_period", "candidate_family", "candidate_member"],
  banyuwangi: ["meal_price", "meal_aid", "meal_month"],
} as const;

/** Of 200 households perhaps nobody lives there. */
const OF_ONE_REGENCY = new Set(["banyuwangi.meal_aid", "banyuwangi.meal_month"]);

const onOwner = <T>(slice: (typeof SEEDED)[number] | "governance", work: (client: ReturnType<typeof rawClient>) => Promise<T>) =>
  asRole(databases.urls[slice].owner, work);
/** Number of rows and a digest of all of them, in whatever order, table by table. */
async function contents(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const slice of SEEDED)
    await onOwner(slice, async (client) => {
      for (const table of TABLES[slice]) {
        const [row] = await client.unsafe(
          `select count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0))::text, '') as digest from ${slice}.${table} t`,
        );
        found[`${slice}.${table}`] = String(row?.["digest"]);
      }
    });
  return found;
}
/** What no role of the hub may do: what is registered stays. */
const erase = (slice: (typeof SEEDED)[number]) =>
  asServer(databases.urls[slice].owner, async (server) => {
    const tables = [...TABLES[slice], "synthetic_seed", ...(slice === "welfare" ? ["psks_role"] : [])];
    await server`set session_replication_role = replica`;
    await server.unsafe(`truncate ${tables.map((table) => `${slice}.${table}`).join()} cascade`);
  });

/** Seeds in a process of its own that kills itself after so many households. Answers the signal it ended with. */
async function killedAt(households: number, options: { households: number; seed: string }): Promise<unknown> {
  const script = `import { seed } from ${JSON.stringify(new URL("../../../drizzle/synthetic/seed.ts", import.meta.url).href)};
    await seed(${JSON.stringify(databases.urls)}, { ...${JSON.stringify(options)}, onProgress: (done) => done === ${households} && process.kill(process.pid, "SIGKILL") });`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    cwd: fileURLToPath(new URL("../../..", import.meta.url)),
    stdio: "inherit",
  });
  return new Promise((done) => child.once("exit", (_, by) => done(by)));
}

async function expectRollUp(): Promise<void> {
  const [cells, differing] = await onOwner("welfare", async (client) => [
    await client`select from welfare.decile_count`,
    await client`select * from (select version_id, coalesce(decile, 0) as decile, count(*)::int as households from welfare.ranking group by 1, 2) counted
      full join (select version_id, coalesce(decile, 0) as decile, households from welfare.decile_count) kept using (version_id, decile)
      where counted.households is distinct from kept.households`,
  ]);
  expect(cells?.length).toBeGreaterThanOrEqual(24);
  expect([...(differing ?? [])]).toEqual([]);
}

describe("the seed", () => {
  let first: Record<string, string>;

  test("killed in the middle leaves whole databases or empty ones", async () => {
    expect(await killedAt(2000, { households: 3000, seed: "test" })).toBe("SIGKILL");
    expect(Object.values(await contents()).filter((digest) => !digest.startsWith("0 "))).toEqual([]);
  });

  test("loads everything the slices need, and governance's agreements", async () => {
    const outcome = await seed(databases.urls, { households: 200, seed: "test" });
    expect(outcome).toMatchObject({ loaded: true, households: 200, seed: "test" });
    first = await contents();
    const isEmpty = ([table, digest]: readonly [string, string]) => digest.startsWith("0 ") && !OF_ONE_REGENCY.has(table);
    expect(Object.entries(first).filter(isEmpty)).toEqual([]);
    expect(first["population.region"]).toMatch(/^91592 /);
    expect(first["welfare.household"]).toMatch(/^200 /);
    expect(first["population.person"]?.split(" ")[0]).toBe(String(outcome.persons));
    const [agreements] = await onOwner("governance", (client) => client`select count(*)::int as n from governance.agreement`);
    expect(agreements?.["n"]).toBeGreaterThan(3);
  });

  test.each([200, 100, undefined])("a second time, asked for %s, loads nothing", async (households) => {
    expect(await seed(databases.urls, { households, seed: "other" })).toMatchObject({
      loaded: false,
      added: 0,
      households: 200,
      seed: "test",
    });
    expect(await contents()).toEqual(first);
  });

  test.each(SEEDED)("completes a missing %s with the very rows it would have had", async (slice) => {
    await erase(slice);
    expect(await seed(databases.urls, { seed: "other" })).toMatchObject({
      loaded: true,
      added: 0,
      households: 200,
      seed: "test",
    });
    expect(await contents()).toEqual(first);
  });

  test("two at the same time load once", async () => {
    for (const slice of SEEDED) await erase(slice);
    const outcomes = await Promise.all([1, 2].map(() => seed(databases.urls, { households: 200, seed: "test" })));
    expect(outcomes.map(({ loaded }) => loaded).sort()).toEqual([false, true]);
    expect(await contents()).toEqual(first);
  });

  test("the roll-up that statistics are answered from agrees with the rows", expectRollUp);

  test("the same people stand in all three databases", async () => {
    const ids = async (slice: (typeof SEEDED)[number], text: string) =>
      new Set((await onOwner(slice, (client) => client.unsafe(text))).map((row) => String(row["id"])));
    const persons = await ids("population", "select id from population.person");
    const cards = await ids("population", "select id from population.family_card");
    const matched = await ids("welfare", "select distinct person_id as id from welfare.member where person_id is not null");
    const known = await ids("welfare", "select family_card_id as id from welfare.family");
    const enrolled = await ids("programs", "select distinct person_id as id from programs.enrolment");
    expect([...matched].filter((id) => !persons.has(id))).toEqual([]);
    expect([...known].filter((id) => !cards.has(id))).toEqual([]);
    expect([...enrolled].filter((id) => !matched.has(id))).toEqual([]);
    expect([matched.size > 300, enrolled.size > 50]).toEqual([true, true]);
  });
});

describe("a population that is to be larger", () => {
  const to = (households: number) => seed(databases.urls, { households, seed: "test" });
  const one = async (slice: (typeof SEEDED)[number], question: string) =>
    Object.values((await onOwner(slice, (client) => client.unsafe(question)))[0] ?? {})[0];
  const idsOf = (slice: (typeof SEEDED)[number], table: string) =>
    onOwner(slice, async (client) => (await client.unsafe(`select id::text from ${table}`)).map((row) => String(row["id"])));
  let first: string[];
  let grown: Record<string, string>;

  beforeAll(async () => {
    for (const slice of SEEDED) await erase(slice);
    await to(60);
    first = await idsOf("welfare", "welfare.household");
  });

  test("grows in steps, and who was there stays", async () => {
    expect(await to(200)).toMatchObject({ loaded: true, added: 140, households: 200 });
    const last = await to(300);
    expect(last).toMatchObject({ loaded: true, added: 100, households: 300, seed: "test" });
    const now = new Set(await idsOf("welfare", "welfare.household"));
    expect([now.size, first.filter((id) => !now.has(id))]).toEqual([300, []]);
    expect(await one("population", "select count(*)::int from population.person")).toBe(last.persons);
    expect(await one("welfare", "select count(*)::int from welfare.psks_institution")).toBe(6);
    grown = await contents();
  });

  test("has no NIK, family card or family number twice", async () => {
    expect(await one("population", "select count(nik) - count(distinct nik) from population.person")).toBe("0");
    expect(await one("population", "select count(*) - count(distinct number) from population.family_card")).toBe("0");
    expect(await one("welfare", "select count(*) - count(distinct registry_number) from welfare.family")).toBe("0");
  });

  test("has a tenth of the ranked households in each decile, and a roll-up that agrees", async () => {
    const counts = await onOwner(
      "welfare",
      (client) => client`select count(*)::int as n from welfare.ranking where version_id = 'DTSEN-2026-Q3' group by decile`,
    );
    const sizes = counts.map((row) => Number(row["n"]));
    expect(sizes).toHaveLength(10);
    expect(sizes.reduce((sum, n) => sum + n, 0)).toBe(60 - 1 + 140 - 2 + 100 - 2); // one in fifty was never ranked
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(3); // one at most for each batch
    await expectRollUp();
  });

  test.each([300, 100])("of 300 stays as it is when asked for %i", async (households) => {
    expect(await to(households)).toMatchObject({ loaded: false, added: 0, households: 300 });
    expect(await contents()).toEqual(grown);
  });

  test.each(SEEDED)("comes back in a %s that lost all of it, with the very rows", async (slice) => {
    await erase(slice);
    expect(await to(300)).toMatchObject({ loaded: true, added: 0, households: 300 });
    expect(await contents()).toEqual(grown);
  });

  test("killed between two databases is completed, and grows on from there in the same run", async () => {
    for (const slice of SEEDED) await erase(slice);
    await to(60);
    const enrolled = await idsOf("programs", "programs.enrolment");
    const delivered = await onOwner("programs", (client) => client`select family_id from programs.candidate_family`);
    const families = delivered.map((row) => String(row["family_id"]));
    await to(200);
    await onOwner("programs", async (client) => {
      await client`delete from programs.payment_period where enrolment_id <> all(${enrolled}::uuid[])`;
      await client`delete from programs.enrolment where id <> all(${enrolled}::uuid[])`;
      await client`delete from programs.candidate_member where family_id <> all(${families}::uuid[])`;
      await client`delete from programs.candidate_family where family_id <> all(${families}::uuid[])`;
      await client`delete from programs.synthetic_seed where batch = 2`;
    });
    expect(await to(300)).toMatchObject({ loaded: true, added: 100, households: 300 });
    expect(await contents()).toEqual(grown);
  });

  test("killed while it grows is as large as before", async () => {
    expect(await killedAt(1000, { households: 2300, seed: "test" })).toBe("SIGKILL");
    expect(await contents()).toEqual(grown);
  });

  test("is refused when the databases hold different ones", async () => {
    await onOwner("programs", (client) => client`update programs.synthetic_seed set seed = 'other' where batch = 2`);
    await expect(to(400)).rejects.toThrow(/population and programs hold different batches 2.*start with empty databases/);
    await onOwner(
      "programs",
      (client) => client`update programs.synthetic_seed set seed = 'test#2', persons = 1 where batch = 2`,
    );
    for (const slice of ["population", "welfare", "banyuwangi"] as const)
      await onOwner(slice, (client) => client`update ${client(`${slice}.synthetic_seed`)} set persons = 1 where batch = 2`);
    await expect(to(400)).rejects.toThrow(/batch 2 .* was made by another version of this program/);
    expect(await contents()).toEqual(grown);
  });
});

describe("npx hub seed", () => {
  const run = async (...argv: string[]): Promise<{ code: number; out: string; notes: string }> => {
    const [out, notes] = [process.stdout, process.stderr].map((stream) => {
      const said: string[] = [];
      vi.spyOn(stream, "write").mockImplementation((text) => said.push(String(text)) > 0);
      return said;
    });
    try {
      return { code: await hubSeed(argv), out: (out ?? []).join(""), notes: (notes ?? []).join("") };
    } finally {
      vi.restoreAllMocks();
    }
  };

  beforeAll(async () => {
    for (const slice of SEEDED) await erase(slice);
    for (const slice of SLICES) {
      vi.stubEnv(`HUB_DATABASE_URL_${slice.toUpperCase()}`, databases.urls[slice].runtime);
      vi.stubEnv(`HUB_DATABASE_OWNER_URL_${slice.toUpperCase()}`, databases.urls[slice].owner);
    }
    vi.stubEnv("HUB_DATABASE_URL_GATEWAY", databases.urls.gateway);
    vi.stubEnv("HUB_DATABASE_URL_RECORD", databases.urls.record);
  });
  afterAll(() => void vi.unstubAllEnvs());

  test("loads, grows, leaves alone, and says which", async () => {
    expect(await run("--households", "60")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^loaded: 60 households, \d+ people\n$/),
    });
    expect(await run("--households", "90")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^grown by 30: 90 households, /),
    });
    expect(await run("--households", "90")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^already there: 90 households, /),
      notes: "",
    });
    expect(await run()).toMatchObject({ code: 0, out: expect.stringMatching(/^already there: 90 households, /) });
    await erase("programs");
    expect(await run()).toMatchObject({ code: 0, out: expect.stringMatching(/^completed: 90 households, /) });
  });

  test("asked for fewer, says how many are there and fails", async () => {
    const { code, notes } = await run("--households", "10");
    expect(code).toBe(1);
    expect(notes).toBe(
      "hub seed: 90 households are there, more than 10, and they stay: for fewer start with empty databases (remove .hub/)\n",
    );
    expect(await run("--households", "0")).toMatchObject({ code: 2, out: "" });
  });
});

test("a database that gets little waits for those that get much, longer than its role may be idle in a transaction", async () => {
  const hasty = new URL(databases.urls.banyuwangi.owner);
  hasty.searchParams.set("options", "-c idle_in_transaction_session_timeout=50ms");
  const names = await inLoads([databases.urls.welfare.owner, hasty.href], async ([much, little]) => {
    await much?.query("select pg_sleep(0.5)");
    return await little?.query("select current_database() as name");
  });
  expect(names).toHaveLength(1);
});
