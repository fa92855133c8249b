import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../../drizzle/client.ts";
import { awardFor, countComponents } from "../../../../schema/aid/components.ts";
import { PKH } from "../../../../schema/aid/pkh.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";

const databases = useDatabases();
let sql: ReturnType<typeof rawClient>;
beforeAll(() => {
  sql = rawClient(databases.urls.programs.runtime, { max: 1 });
});
afterAll(() => sql.end());

const TODAY = "2026-09-30";
async function award(program: string, components: string[], months: number, day = TODAY): Promise<string | null> {
  const [row] = await sql`select programs.award(${program}, ${components}, ${months}, ${day}) as amount`;
  return row?.["amount"] ?? null;
}

describe("what somebody gets, by the catalogue of the day", () => {
  test.each([
    ["a family of PKH, a year", "PKH", ["PREGNANCY", "SENIOR", "JUNIOR", "PRIMARY", "ELDERLY"], 12, "8900000"],
    ["the same for three months", "PKH", ["PREGNANCY", "SENIOR", "JUNIOR", "PRIMARY", "ELDERLY"], 3, "2225000"],
    ["the same for two months", "PKH", ["PREGNANCY", "SENIOR", "JUNIOR", "PRIMARY", "ELDERLY"], 2, "1483333"],
    [
      "two severely disabled, two elderly, one pupil",
      "PKH",
      ["SEVERE_DISABILITY", "SEVERE_DISABILITY", "ELDERLY", "ELDERLY", "PRIMARY"],
      12,
      "9600000",
    ],
    [
      "a victim of a grave violation of rights who is pregnant's family",
      "PKH",
      ["RIGHTS_VIOLATION_VICTIM", "PREGNANCY"],
      12,
      "13800000",
    ],
    ["Kartu Sembako for three months", "BPNT", [], 3, "600000"],
    ["PIP at SMP", "KIP", ["JUNIOR"], 12, "750000"],
    ["half a year of PIP in the new class", "KIP", ["JUNIOR"], 6, "375000"],
    ["a semester of KIP Kuliah in cluster 3", "KIP_KULIAH", ["CLUSTER_3"], 6, "6600000"],
    ["a semester of KIP Kuliah in cluster 5", "KIP_KULIAH", ["CLUSTER_5"], 6, "8400000"],
    ["a month of PBI", "PBI_JK", [], 1, "42000"],
    ["a family without a component", "PKH", [], 3, "0"],
  ])("%s", async (_, program, components, months, amount) => expect(await award(program, components, months)).toBe(amount));

  test("six payments of two months to a pupil at SMA are two rupiah less than the year, twelve of a month eight", async () => {
    const [two, one, year] = await Promise.all([2, 1, 12].map((months) => award("PKH", ["SENIOR"], months)));
    expect([6n * BigInt(two ?? 0), 12n * BigInt(one ?? 0), BigInt(year ?? 0)]).toEqual([1_999_998n, 1_999_992n, 2_000_000n]);
  });

  test("amounts of past years are what they were", async () => {
    expect(await award("BST", [], 1, "2020-05-01")).toBe("600000");
    expect(await award("BST", [], 4, "2021-04-30")).toBe("1200000");
    expect(await award("KIP", ["SENIOR"], 12, "2023-12-31")).toBe("1000000");
    expect(await award("KIP", ["SENIOR"], 12, "2024-01-01")).toBe("1800000");
    const victim = ["RIGHTS_VIOLATION_VICTIM", "PREGNANCY"];
    expect(await award("PKH", victim, 12, "2024-06-30")).toBe("3000000"); // the component came late in 2024
    expect(await award("PKH", victim, 12, "2025-01-01")).toBe("13800000");
  });

  test("of a day without a term nothing is known, which is not nothing", async () => {
    expect(await award("BST", [], 1, "2021-09-01")).toBeNull();
    expect(await award("PKH", ["PRIMARY"], 3, "1999-01-01")).toBeNull();
  });

  test("database and registry count alike, whatever a family brings", async () => {
    const component = fc.constantFrom(...PKH.rates.map((rate) => rate.component), "UNICORN");
    const family = fc.tuple(fc.array(component, { maxLength: 9 }), fc.integer({ min: 1, max: 12 }));
    await fc.assert(
      fc.asyncProperty(family, async ([components, months]) => {
        const ours = countComponents(
          components.map((one) => ({ component: one })),
          PKH,
        ).counted;
        const [row] =
          await sql`select programs.counted('PKH', ${components}, ${TODAY}) as counted, programs.award('PKH', ${components}, ${months}, ${TODAY}) as amount`;
        expect(row?.["counted"]).toEqual(ours.map((one) => one.component));
        expect(row?.["amount"]).toBe(String(awardFor(ours, months)));
      }),
      { numRuns: 150 },
    );
  });
});

describe("which programs go together", () => {
  const verdict = async (a: string, b: string, day = TODAY, unit = "PERSON") =>
    (await sql`select programs.combination(${a}, ${b}, ${day}, ${unit}) as verdict`)[0]?.["verdict"];

  test.each([
    ["PKH", "BPNT", "LEGAL"],
    ["BPNT", "PKH", "LEGAL"],
    ["PBI_JK", "KIP_KULIAH", "LEGAL"],
    ["BST", "PKH", "EXCLUSIVE"],
    ["BPNT", "BST", "EXCLUSIVE"],
    ["PKH", "PKH", "EXCLUSIVE"],
    ["KIP", "BST", "REVIEW"],
    ["PKH", "RANTANG_KASIH", "REVIEW"],
  ])("%s with %s: %s", async (a, b, expected) => expect(await verdict(a, b)).toBe(expected));

  test("brothers may both have PIP, a family has PKH once", async () => {
    expect(await verdict("KIP", "KIP", TODAY, "FAMILY")).toBe("LEGAL");
    expect(await verdict("PKH", "PKH", TODAY, "FAMILY")).toBe("EXCLUSIVE");
  });

  test("before BST there was no rule about it", async () => expect(await verdict("BST", "PKH", "2019-12-31")).toBe("REVIEW"));
});

test("the synthetic country keeps the rules: nothing exclusive runs side by side, in no person and no family", async () => {
  await asRole(databases.urls.programs.owner, async (owner) => {
    const [enrolled] = await owner`select count(*)::int as n from programs.enrolment`;
    expect(enrolled?.["n"]).toBeGreaterThan(100);
    expect(
      await owner`select program, other_program, unit, from_day, to_day from programs.overlap('', null, 'EXCLUSIVE')`,
    ).toEqual([]);
  });
});
