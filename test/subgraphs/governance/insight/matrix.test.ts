import { beforeAll, describe, expect, test } from "vitest";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { useDatabases } from "../../../kit/database.ts";
import { callerWith, codesOf, useSlice } from "../../../kit/slice.ts";
import { asSteward } from "../lifecycle/kit.ts";

const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime });

const MATRIX = `query ($use: String!) {
  accessMatrix(use: $use) {
    coordinates { coordinate }
    agreements { agreement { number state } groups { effect positions } }
  }
}`;

/** Effects by agreement and coordinate, as the matrix says; what is not granted is absent. */
async function effectsFor(use: string): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const { data, errors } = await asSteward(slice, "steward.dukcapil")(MATRIX, { use });
  expect(errors).toEqual([]);
  const { coordinates, agreements } = data.accessMatrix;
  return new Map(
    agreements.map(({ agreement, groups }: any) => [
      agreement.number,
      new Map(
        groups.flatMap(({ effect, positions }: any) => positions.map((at: number) => [coordinates[at].coordinate, effect])),
      ),
    ]),
  );
}

describe("the access matrix", () => {
  let output: Awaited<ReturnType<typeof effectsFor>>;
  beforeAll(async () => {
    output = await effectsFor("OUTPUT");
  });

  test.each([
    ["PKS-2025-001", "Person.fullName", "ALLOW"],
    ["PKS-2025-001", "Person.motherName", "DENY"],
    ["PKS-2025-002", "Person.fullName", "MASK"],
    ["PKS-2025-002", "Person.id", "PSEUDONYM"],
    ["PKS-2025-002", "Enrolment.payments", "DENY"],
    ["PKS-2025-002", "Person.motherName", undefined],
    ["PKS-2025-003", "Household.deciles", "CLAIM"],
    ["PKS-2025-003", "Person.birthDate", "BAND"],
    ["PKS-2025-005", "Person.fullName", "AGGREGATE"],
  ])("says of %s that %s stands as %s", (agreement, coordinate, effect) => {
    expect(output.get(agreement)?.get(coordinate)).toBe(effect);
  });

  test("says of a use whether it is open, and what else closes it", async () => {
    const lookups = await effectsFor("LOOKUP");
    expect(lookups.get("PKS-2025-002")?.get("Person.nik")).toBe("ALLOW");
    expect(lookups.get("PKS-2025-005")?.get("Person.nik")).toBeUndefined();
    const filters = await effectsFor("FILTER");
    expect(filters.get("PKS-2025-001")?.get("Household.deciles")).toBe("ALLOW");
    let closed = 0;
    for (const [agreement, effects] of filters)
      for (const [coordinate, effect] of effects) {
        const shown = output.get(agreement)?.get(coordinate);
        if (effect === "ALLOW") expect([agreement, coordinate, shown]).toEqual([agreement, coordinate, "ALLOW"]);
        else closed += 1;
      }
    expect(closed).toBeGreaterThan(0);
  });

  test("opens to an agency exactly what its catalogue says is open to it", async () => {
    const ask = asSteward(slice, "steward.bpjs_kesehatan");
    const { data } = await ask('{ coordinates(search: "enrolment", first: 100) { nodes { coordinate openedBy } } }');
    const shows = new Set(["ALLOW", "MASK", "PSEUDONYM"]);
    expect(data.coordinates.nodes.length).toBeGreaterThan(40);
    for (const { coordinate, openedBy } of data.coordinates.nodes)
      expect([coordinate, openedBy.includes("PKS-2025-002")]).toEqual([
        coordinate,
        shows.has(output.get("PKS-2025-002")?.get(coordinate) ?? ""),
      ]);
  });

  test("is for stewards alone", async () => {
    const caller = callerWith({ client: "bpjs-kesehatan", agency: "BPJS_KESEHATAN", agreement: "PKS-2025-002" });
    expect(codesOf(await slice.ask(MATRIX, { variables: { use: "OUTPUT" }, caller }))).toEqual(["FORBIDDEN"]);
  });
});
