import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LoadPool, openLoadPool } from "../../../../drizzle/copy.ts";
import { attestationSigner, devAttestationSecret, readAttestation } from "../../../../schema/attestation.ts";
import { type CubeDefinition, cubeOf } from "../../../../schema/statistics/cubes.ts";
import { RELEASE, type ReleasedCell, type ReleaseSaid } from "../../../../schema/statistics/release.ts";
import { type ReleaseAsked, type Released, releaseUniverse, Unreleased } from "../../../../subgraphs/kit/figures/released.ts";
import { devAttestationKeys } from "../../../../subgraphs/kit/serve/config.ts";
import { takeRelease } from "../../../../subgraphs/statistics/publication/intake.ts";
import { asRole, asServer, useDatabases } from "../../../kit/database.ts";

const { urls } = useDatabases({ empty: true });
const NOW = new Date("2026-11-10T02:00:00Z");
const pools: LoadPool[] = [];
const poolOf = (url: string | undefined): LoadPool => {
  const pool = openLoadPool(url ?? "", { max: 2 });
  pools.push(pool);
  return pool;
};
let [registry, allocation]: (LoadPool | null)[] = [null, null];
beforeAll(async () => {
  [registry, allocation] = [poolOf(urls.registry), poolOf(urls.allocation)];
});
afterAll(() => Promise.all(pools.map((pool) => pool.end())));

const asked = (of: Partial<ReleaseAsked> & Pick<ReleaseAsked, "slice" | "universe">): ReleaseAsked => ({
  pool: (of.slice === "welfare" ? registry : allocation) as LoadPool,
  ...{ month: "2026-11", signer: attestationSigner(devAttestationSecret(of.slice)), now: NOW, isFinal: false },
  ...of,
});
const registered = (code: string) =>
  asServer(urls.statistics.owner, (sql) => {
    const cube = cubeOf(code) as CubeDefinition;
    const { slice, owner, universe, unit, depth } = cube;
    const row = { code, slice, owner, universe, unit, depth, dimensions: sql.json(cube.dimensions as never) };
    return sql`insert into statistics.cube ${sql({ ...row, has_total: false, is_public: true, is_official: false, refresh: "MONTHLY" })}`;
  });
const HOUSEHOLDS = { slice: "welfare", universe: "household" } as const;

interface Counted {
  readonly cube: string;
  readonly region: string;
  readonly key: readonly string[];
  readonly persons: number;
  readonly amount?: number;
  readonly month?: string;
}

/** Puts counted leaves where the workers would: a unit a person. */
const count = (slice: "welfare" | "programs", cells: readonly Counted[]) =>
  asServer(urls[slice].owner, async (sql) => {
    for (const { cube, region, key, persons, amount = 0, month = "2026-11" } of cells) {
      const [total, second] = [amount * persons, persons > 1 ? amount : 0];
      await sql`insert into ${sql(`${slice}.rollup_cell`)} values (${cube}, ${month}, ${region}, ${key as string[]}, ${persons}, ${persons}, ${persons * 7_919}, ${total}, ${amount}, ${second})`;
      await sql`insert into ${sql(`${slice}.rollup_period`)} (cube, period, opened_at, rebuilt_at) values (${cube}, ${month}, ${NOW}, ${NOW}) on conflict do nothing`;
    }
  });

const cellsOf = ({ lines }: Released): ReleasedCell[] => [...lines()].slice(1, -1).map((line) => JSON.parse(line));
const figure = (cells: readonly ReleasedCell[], region: string, key: string) =>
  cells.find((cell) => cell.region === region && cell.key.join() === key);
const released = async (of: ReleaseAsked, cube: string): Promise<Released> => {
  const all = await releaseUniverse(of);
  return all.find(({ said }) => said.cube === cube) ?? expect.unreachable(`${cube} is not among them`);
};

describe("a release of households", () => {
  beforeAll(() =>
    count("welfare", [
      { cube: "REGISTRY_HOUSEHOLDS", region: "3510012001", key: ["1"], persons: 4 },
      { cube: "REGISTRY_HOUSEHOLDS", region: "3510012001", key: ["2"], persons: 60 },
      { cube: "REGISTRY_HOUSEHOLDS", region: "3510012002", key: ["1"], persons: 52 },
      { cube: "REGISTRY_HOUSEHOLDS", region: "3510012002", key: ["2"], persons: 70 },
      { cube: "REGISTRY_HOUSEHOLDS", region: "3510022001", key: ["1"], persons: 6 },
    ]),
  );

  test("is of all levels of regions, rounded to base 5, and withholds what fewer than ten are in, and what would tell it", async () => {
    const cells = cellsOf(await released(asked(HOUSEHOLDS), "REGISTRY_HOUSEHOLDS"));
    expect([185, 190, 195]).toContain(figure(cells, "0", "*")?.units);
    expect(figure(cells, "3510012001", "1")?.units ?? null).toBeNull();
    expect(figure(cells, "3510012001", "2")?.units ?? null).toBeNull(); // or the village's total would tell the four
    expect(
      cells
        .filter(({ units }) => units !== null)
        .every(({ units, persons }) => Number(units) % 5 === 0 && Number(units) >= 10 && persons === null),
    ).toBe(true);
  });

  test("is signed by its slice, line by line, and the statistics take it", async () => {
    await registered("REGISTRY_HOUSEHOLDS");
    const one = await released(asked(HOUSEHOLDS), "REGISTRY_HOUSEHOLDS");
    const { attestation } = JSON.parse([...one.lines()].at(-1) ?? "");
    const fact = readAttestation<ReleaseSaid>(attestation, { by: "welfare", kind: RELEASE, keys: devAttestationKeys() });
    expect(fact).toMatchObject({ about: "REGISTRY_HOUSEHOLDS/2026-11/2", says: one.said });
    expect(one.said.cells).toBe(cellsOf(one).length);
    const taken = await poolOf(urls.publication).load((loader) => takeRelease(loader, one.lines(), devAttestationKeys()));
    expect(taken).toMatchObject({ isNew: true, cells: one.said.cells });
  });

  test("gives the same figures each time it is made of the same rows, and its number is on the books before a line is read", async () => {
    const [third, fourth] = [
      await released(asked(HOUSEHOLDS), "REGISTRY_HOUSEHOLDS"),
      await released(asked(HOUSEHOLDS), "REGISTRY_HOUSEHOLDS"),
    ];
    expect(cellsOf(fourth)).toEqual(cellsOf(third));
    expect([...third.lines()]).toEqual([...third.lines()]);
    const books = await asRole(
      urls.registry ?? "",
      (sql) => sql`select number, sha256 from welfare.rollup_release order by number`,
    );
    expect(books.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    expect(books.at(-1)?.["sha256"]).toBe(fourth.said.sha256);
  });

  test("is refused the seventh time in a month, and of a month nobody counted", async () => {
    await releaseUniverse(asked(HOUSEHOLDS));
    await releaseUniverse(asked(HOUSEHOLDS));
    await expect(releaseUniverse(asked(HOUSEHOLDS))).rejects.toThrow("REGISTRY_HOUSEHOLDS: 2026-11 has been released 6 times");
    await expect(releaseUniverse(asked(HOUSEHOLDS))).rejects.toBeInstanceOf(Unreleased);
    await expect(releaseUniverse(asked({ ...HOUSEHOLDS, month: "2026-12" }))).rejects.toThrow("2026-12 has not been counted yet");
    await expect(releaseUniverse(asked({ slice: "welfare", universe: "cat" }))).rejects.toThrow("no cube of welfare counts cat");
  });

  test("lists a region of few and a region of none alike, and neither where it is not told which regions there are", async () => {
    await count("welfare", [
      { cube: "REGISTRY_HOUSEHOLDS", region: "3510012001", key: ["1"], persons: 400, month: "2026-10" },
      { cube: "REGISTRY_HOUSEHOLDS", region: "3510012002", key: ["1"], persons: 300, month: "2026-10" },
      { cube: "REGISTRY_HOUSEHOLDS", region: "3510012003", key: ["1"], persons: 3, month: "2026-10" },
    ]);
    const october = { ...HOUSEHOLDS, month: "2026-10" };
    const listed = cellsOf(
      await released(asked({ ...october, regions: ["3510012003", "3510012004", "3510022001"] }), "REGISTRY_HOUSEHOLDS"),
    );
    const rowsOf = (cells: readonly ReleasedCell[], code: string) =>
      cells.filter(({ region }) => region === code).map(({ region, ...cell }) => cell);
    expect(rowsOf(listed, "3510012003")).toEqual([{ key: ["*"], persons: null, units: null, total: null }]);
    expect(rowsOf(listed, "3510012004")).toEqual(rowsOf(listed, "3510012003"));
    expect(rowsOf(listed, "3510022001")).toEqual([]); // its district is not shown
    const unlisted = cellsOf(await released(asked(october), "REGISTRY_HOUSEHOLDS"));
    expect(rowsOf(unlisted, "3510012003")).toEqual([]);
  });
});

describe("cubes that count the same rows", () => {
  test("are released together: what one calls paid is what the other calls credited and drawn", async () => {
    const pay = (region: string, stage: string, persons: number): Counted[] => [
      { cube: "PAYMENT_FUNNEL", region, key: ["PKH", stage, "NONE"], persons, amount: 750_000 },
    ];
    const spent = (region: string, disposition: string, persons: number): Counted => ({
      ...{ cube: "BUDGET", region, key: ["PKH", disposition], persons, amount: 750_000 },
    });
    await count("programs", [
      ...[
        ...pay("351001", "CREDITED", 400),
        ...pay("351001", "RETURNED", 30),
        ...pay("351002", "TRANSACTED", 200),
        ...pay("351002", "RETURNED", 44),
      ],
      ...[spent("351001", "PAID", 400), spent("351001", "LOST", 30), spent("351002", "PAID", 200), spent("351002", "LOST", 44)],
    ]);
    const both = await releaseUniverse(asked({ slice: "programs", universe: "payment" }));
    const [funnel = [], budget = []] = ["PAYMENT_FUNNEL", "BUDGET"].map((code) =>
      cellsOf(both.find(({ said }) => said.cube === code) as Released),
    );
    expect(figure(budget, "351001", "PKH,PAID")?.units).toBe(400);
    expect(figure(budget, "351001", "PKH,LOST")).toMatchObject({ units: 30, total: "22500000" });
    expect(figure(budget, "351001", "PKH,LOST")).toEqual({ ...figure(funnel, "351001", "PKH,RETURNED,*"), key: ["PKH", "LOST"] });
    expect(figure(budget, "0", "PKH,*")).toEqual({ ...figure(funnel, "0", "PKH,*,*"), key: ["PKH", "*"] });
    expect(figure(budget, "0", "BPNT,*")?.units).toBeNull();
    expect(budget.every(({ key }) => key.length === cubeOf("BUDGET")?.dimensions.length)).toBe(true);
  });

  test("are released together: beneficiaries are whom coverage calls served, deeper than it goes", async () => {
    const cover = (region: string, decile: string, standing: string, persons: number): Counted => ({
      ...{ cube: "COVERAGE", region, key: ["PKH", decile, standing], persons },
    });
    await count("programs", [
      ...[
        cover("351001", "1", "ENTITLED_SERVED", 90),
        cover("351002", "1", "ENTITLED_SERVED", 60),
        cover("351002", "1", "ENTITLED_UNSERVED", 25),
      ],
      ...[
        cover("351001", "2", "NOT_ENTITLED_SERVED", 30),
        cover("351002", "2", "ENTITLED_SERVED", 40),
        cover("351002", "1", "NOT_ENTITLED_SERVED", 35),
      ],
      { cube: "BENEFICIARIES", region: "351001", key: ["PKH"], persons: 120 },
    ]);
    const both = await releaseUniverse(asked({ slice: "programs", universe: "judged" }));
    const [beneficiaries = [], coverage = []] = ["BENEFICIARIES", "COVERAGE"].map((code) =>
      cellsOf(both.find(({ said }) => said.cube === code) as Released),
    );
    expect(["351001", "351002", "3510", "0"].map((region) => figure(beneficiaries, region, "PKH")?.units)).toEqual([
      120, 135, 255, 255,
    ]);
    expect(figure(coverage, "3510", "PKH,*,ENTITLED_SERVED")?.units).toBe(190);
    expect(figure(coverage, "3510", "PKH,*,ENTITLED_UNSERVED")?.units).toBe(25);
    expect(coverage.filter(({ region, key }) => region.length > 4 || key[2] === "*")).toEqual([]);
    expect(beneficiaries.every(({ key }) => key.length === 1)).toBe(true);
    expect(figure(beneficiaries, "0", "BPNT")?.units).toBeNull();
  });

  test("are not released while one of them is counted otherwise than the other", async () => {
    await count("welfare", [
      { cube: "REGISTRY_MEMBERS", region: "3510", key: ["1", "MALE", "25-44"], persons: 40 },
      { cube: "MATCH_QUALITY", region: "351001", key: ["MATCHED"], persons: 41 },
    ]);
    await expect(releaseUniverse(asked({ slice: "welfare", universe: "member" }))).rejects.toThrow("count different rows");
    const books = await asRole(
      urls.registry ?? "",
      (sql) => sql`select from welfare.rollup_release where cube in ('REGISTRY_MEMBERS', 'MATCH_QUALITY')`,
    );
    expect(books.length).toBe(0);
  });
});

test("figures of a decree are released as they are", async () => {
  await count("programs", [{ cube: "QUOTA", region: "3510", key: ["PKH"], persons: 7 }]);
  const quota = await released(asked({ slice: "programs", universe: "quota" }), "QUOTA");
  expect(cellsOf(quota)).toEqual([{ region: "3510", key: ["PKH"], persons: 7, units: 7, total: null }]);
});
