import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { rawClient } from "../../drizzle/client.ts";
import { SEEDED } from "../../drizzle/synthetic/load.ts";
import { seed } from "../../drizzle/synthetic/seed.ts";
import { asRole, useDatabases } from "../kit/database.ts";

const databases = useDatabases({ empty: true });
const TABLES = {
  population: ["region", "family_card", "person", "family_card_member"],
  welfare: [
    "registry_version",
    "household",
    "family",
    "member",
    "ranking",
    "ppks_status",
    "psks_institution",
    "decile_count",
    "synthetic_truth",
  ],
  programs: ["program", "enrolment", "payment_period"],
} as const;

const onOwner = <T>(slice: (typeof SEEDED)[number] | "governance", work: (client: ReturnType<typeof rawClient>) => Promise<T>) =>
  asRole(databases.urls[slice].owner, work);
/** Number of rows and a digest of all of them, table by table. */
async function contents(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const slice of SEEDED)
    await onOwner(slice, async (client) => {
      for (const table of TABLES[slice]) {
        const [row] = await client.unsafe(
          `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text collate "C")), '') as digest from ${slice}.${table} t`,
        );
        found[`${slice}.${table}`] = String(row?.["digest"]);
      }
    });
  return found;
}
const erase = (slice: (typeof SEEDED)[number]) =>
  onOwner(slice, (client) =>
    client.unsafe(
      `truncate ${[...TABLES[slice], "synthetic_seed", ...(slice === "welfare" ? ["psks_role"] : [])].map((table) => `${slice}.${table}`).join()} cascade`,
    ),
  );

describe("the seed", () => {
  let first: Record<string, string>;

  test("killed in the middle leaves whole databases or empty ones", async () => {
    const script = `import { seed } from ${JSON.stringify(new URL("../../drizzle/synthetic/seed.ts", import.meta.url).href)};
      await seed(${JSON.stringify(databases.urls)}, { households: 3000, seed: "test", onProgress: (done) => done === 2000 && process.kill(process.pid, "SIGKILL") });`;
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      cwd: root,
      stdio: "inherit",
    });
    const signal = await new Promise((done) => child.once("exit", (_, by) => done(by)));
    expect(signal).toBe("SIGKILL");
    expect(Object.values(await contents()).filter((digest) => !digest.startsWith("0 "))).toEqual([]);
  });

  test("loads everything the slices need, and governance's agreements", async () => {
    const outcome = await seed(databases.urls, { households: 200, seed: "test" });
    expect(outcome).toMatchObject({ loaded: true, households: 200, seed: "test" });
    first = await contents();
    expect(Object.entries(first).filter(([, digest]) => digest.startsWith("0 "))).toEqual([]);
    expect(first["population.region"]).toMatch(/^91592 /);
    expect(first["welfare.household"]).toMatch(/^200 /);
    expect(first["population.person"]?.split(" ")[0]).toBe(String(outcome.persons));
    const [agreements] = await onOwner("governance", (client) => client`select count(*)::int as n from governance.agreement`);
    expect(agreements?.["n"]).toBeGreaterThan(3);
  });

  test("a second time loads nothing, whatever it is asked for", async () => {
    expect(await seed(databases.urls, { households: 500, seed: "other" })).toMatchObject({
      loaded: false,
      households: 200,
      seed: "test",
    });
    expect(await contents()).toEqual(first);
  });

  test.each(SEEDED)("completes a missing %s with the very rows it would have had", async (slice) => {
    await erase(slice);
    expect(await seed(databases.urls, { households: 500, seed: "other" })).toMatchObject({
      loaded: true,
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

  test("the roll-up that statistics are answered from agrees with the rows", async () => {
    const differing = await onOwner(
      "welfare",
      (client) => client`
      select * from (select version_id, decile, count(*)::int as households from welfare.ranking group by 1, 2) counted
      full join welfare.decile_count kept using (version_id, decile) where counted.households is distinct from kept.households and decile is not null`,
    );
    expect([...differing]).toEqual([]);
  });

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
