import { expect, test } from "vitest";
import { inOneLoad, type LoadPool, openLoadPool } from "../../../../drizzle/copy.ts";
import { rankTask } from "../../../../subgraphs/welfare/ranking/task.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { HEAD, householdsAlive, type Placed, ranksOf, type Surveyed, startByOwner, writeSurveys } from "./kit.ts";

const databases = useDatabases();
const others = useDatabases();
const quiet = () => {};

/** National weights, so that a test can add them up. */
const NATIONAL = { Lantai: { 1: 1_500_000n, 8: -1_125_000n }, Ada_mobil: { 1: 2_500_000n } } as const;
const TEXT = `${HEAD}\n,CONSTANT,,10\n,Lantai,1,1.5\n,Lantai,8,-1.125\n,Ada_mobil,1,2.5\n,Luas_lantai,,0.010001\n`;

const answersOf = (n: number): Record<string, string> => ({
  Lantai: String((n % 8) + 1),
  Ada_mobil: n % 5 === 0 ? "1" : "2",
  ...(n % 7 === 0 ? {} : { Luas_lantai: String(20 + ((n * 13) % 40)) }),
});

const scoreOf = ({ Lantai, Ada_mobil, Luas_lantai }: Record<string, string>): bigint =>
  10_000_000n +
  ((NATIONAL.Lantai as Record<string, bigint>)[Lantai ?? ""] ?? 0n) +
  ((NATIONAL.Ada_mobil as Record<string, bigint>)[Ada_mobil ?? ""] ?? 0n) +
  10_001n * BigInt(Luas_lantai ?? 0);

/** By score, then by id: place n of N is in percentile floor(100·n/N). In order of household. */
function ranked(surveys: readonly Surveyed[]): Placed[] {
  return surveys
    .map(({ household, answers }) => ({ household, score: scoreOf(answers) }))
    .sort((a, b) => Number(a.score - b.score) || (a.household < b.household ? -1 : 1))
    .map(({ household }, place) => ({ household, percentile: Math.floor((100 * place) / surveys.length) }))
    .map(({ household, percentile }) => ({ household, percentile, decile: Math.floor(percentile / 10) + 1 }))
    .sort((a, b) => (a.household < b.household ? -1 : 1));
}

/** The workers' pool of one test, which lets only so many transactions through. */
async function withPool<T>(
  url: string,
  work: (pool: LoadPool) => Promise<T>,
  transactions = Number.POSITIVE_INFINITY,
): Promise<T> {
  const pool = openLoadPool(url, { max: 1 });
  let left = transactions;
  const counted: LoadPool = {
    end: () => pool.end(),
    load: (task, agreed) =>
      pool.load(async (loader) => {
        if (left-- <= 0) {
          await task(loader); // done, then lost before its commit, as when the server or the worker dies
          throw new Error("the worker died");
        }
        return task(loader);
      }, agreed),
  };
  try {
    return await work(counted);
  } finally {
    await pool.end();
  }
}

const prepared = async (owner: string, version: string, surveysOf: (ids: readonly string[]) => Surveyed[]) =>
  inOneLoad(owner, async (loader) => {
    const surveys = surveysOf(await householdsAlive(loader));
    await writeSurveys(loader, surveys);
    return { surveys, run: await startByOwner(loader, version, TEXT) };
  });
const all = (ids: readonly string[]): Surveyed[] => ids.map((household, n) => ({ household, answers: answersOf(n) }));
const ranksIn = (owner: string, version: string) => inOneLoad(owner, (loader) => ranksOf(loader, version));

test("every surveyed household stands where its score puts it, a tenth of them in each decile", async () => {
  const { owner } = databases.urls.welfare;
  const { surveys, run } = await prepared(owner, "DTSEN-2099-Q1", all);
  await withPool(databases.urls.registry ?? "", (pool) => rankTask({ pool, note: quiet }, run, 7));
  const ranks = await ranksIn(owner, "DTSEN-2099-Q1");
  expect(ranks).toEqual(ranked(surveys));
  const inDecile = Array.from({ length: 10 }, (_, at) => ranks.filter(({ decile }) => decile === at + 1).length);
  expect(Math.max(...inDecile) - Math.min(...inDecile)).toBeLessThanOrEqual(1);
});

test("the decile is the newest version's on the household and on all that hangs on it, and counted", async () => {
  await asRole(databases.urls.welfare.owner, async (sql) => {
    const [odd] =
      await sql`select count(*)::int as n from welfare.household h join welfare.ranking k on k.household_id = h.id and k.version_id = 'DTSEN-2099-Q1'
      where h.decile is distinct from k.decile or exists (select from welfare.member m where m.household_id = h.id and m.household_decile is distinct from h.decile)
        or exists (select from welfare.family f where f.household_id = h.id and f.household_decile is distinct from h.decile)
        or exists (select from welfare.ranking o where o.household_id = h.id and o.household_decile is distinct from h.decile)`;
    expect(odd).toEqual({ n: 0 });
    const [counts] =
      await sql`select (select sum(households)::int from welfare.decile_count where version_id = 'DTSEN-2099-Q1') as counted,
      (select count(*)::int from welfare.ranking where version_id = 'DTSEN-2099-Q1') as ranked, (select count(*)::int from welfare.registry_history) as changed`;
    expect(counts?.["counted"]).toBe(counts?.["ranked"]);
    expect(counts?.["changed"]).toBe(0); // ranks have their versions already: they write no history of the household
  });
});

test("other rows in another order on disk, with the same answers, give the same ranks", async () => {
  const { owner } = others.urls.welfare;
  const { run } = await prepared(owner, "DTSEN-2099-Q1", (ids) => all(ids).reverse());
  await withPool(others.urls.registry ?? "", (pool) => rankTask({ pool, note: quiet }, run, 11));
  expect(await ranksIn(owner, "DTSEN-2099-Q1")).toEqual(await ranksIn(databases.urls.welfare.owner, "DTSEN-2099-Q1"));
});

test("households with equal scores are told apart by their id, and nobody shares a place", async () => {
  const { owner } = databases.urls.welfare;
  const same = (ids: readonly string[]) => ids.map((household) => ({ household, answers: { Lantai: "2" } }));
  const { surveys, run } = await prepared(owner, "DTSEN-2099-Q2", same);
  await withPool(databases.urls.registry ?? "", (pool) => rankTask({ pool, note: quiet }, run));
  const ranks = await ranksIn(owner, "DTSEN-2099-Q2");
  expect(ranks).toEqual(ranked(surveys));
  expect(ranks.map(({ percentile }) => percentile)).toEqual(
    [...ranks.keys()].map((place) => Math.floor((100 * place) / ranks.length)),
  );
});

test("a worker that dies at any transaction leaves a ranking that another goes on with, to the same end", async () => {
  const { owner } = others.urls.welfare;
  const url = others.urls.registry ?? "";
  const { surveys, run } = await prepared(owner, "DTSEN-2099-Q3", all);
  let deaths = 0;
  for (let transactions = 2; ; transactions += 1) {
    const ended = await withPool(url, (pool) => rankTask({ pool, note: quiet }, run, 20), transactions).then(
      () => true,
      () => false,
    );
    if (ended) break;
    deaths += 1;
    await asRole(owner, async (sql) => {
      const rows =
        await sql`select 1 from welfare.registry_version v join welfare.ranking_run r on r.version_id = v.id where r.id = ${run} and r.state = 'DONE'`;
      expect(rows).toHaveLength(0);
    });
  }
  expect(deaths).toBeGreaterThan(3);
  expect(await ranksIn(owner, "DTSEN-2099-Q3")).toEqual(ranked(surveys));
  await withPool(url, (pool) => rankTask({ pool, note: quiet }, run)); // once more is nothing
  expect(await ranksIn(owner, "DTSEN-2099-Q3")).toEqual(ranked(surveys));
});
