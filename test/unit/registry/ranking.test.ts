import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bandOf } from "../../../subgraphs/welfare/ranking/explain.ts";
import { decimalOf, millionthsOf } from "../../../subgraphs/welfare/ranking/points.ts";
import { readWeights } from "../../../subgraphs/welfare/ranking/weights.ts";

const instrument = new Map([
  ["Lantai", new Set(["1", "8"])],
  ["Ada_mobil", new Set(["1", "2"])],
  ["Luas_lantai", null],
]);
const read = (lines: readonly string[], areaLevel: "NATIONAL" | "PROVINCE" = "NATIONAL") =>
  readWeights(["area,variable,code,weight", ...lines].join("\n"), { areaLevel, instrument });

describe("a file of weights", () => {
  test("is read line by line, exactly to the millionth", () => {
    expect(read([",CONSTANT,,10", ",Lantai,8,-1.000001", "35,Luas_lantai,,0.02"], "PROVINCE")).toEqual({
      rows: [
        { area: "", variable: "CONSTANT", code: null, millionths: "10000000" },
        { area: "", variable: "Lantai", code: "8", millionths: "-1000001" },
        { area: "35", variable: "Luas_lantai", code: null, millionths: "20000" },
      ],
    });
  });

  test("is refused with every fault at once, each by its line", () => {
    const faulty = [
      ",Lantai,9,1",
      ",Atap,1,1",
      "35,Lantai,1,1",
      ",Luas_lantai,1,1",
      ",Lantai,1,NaN",
      ",Lantai,1,1e3",
      ",Lantai,1",
      ",Lantai,8,1",
      ",Lantai,8,2",
    ];
    expect(read(faulty)).toEqual({
      faults: [
        "line 2: code is none of the variable's",
        "line 3: variable is not in the instrument, or has neither codes nor a number",
        "line 4: area must be empty",
        "line 5: code must be empty: the variable is a number",
        "line 6: weight must be a decimal number within ±1000 with at most six places",
        "line 7: weight must be a decimal number within ±1000 with at most six places",
        "line 7: area, variable and code stand in the file already",
        "line 8: must have four fields",
        "line 10: area, variable and code stand in the file already",
      ],
    });
  });

  test("must have weights for the rest of the country", () => {
    expect(read(["35,Lantai,1,1"], "PROVINCE")).toEqual({
      faults: ["there must be weights with an empty area, for the rest of the country"],
    });
    expect(readWeights("area;variable", { areaLevel: "NATIONAL", instrument })).toEqual({
      faults: ["line 1: must be area,variable,code,weight"],
    });
  });

  test("keeps every weight through text and back", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -1_000_000_000n, max: 1_000_000_000n }), (millionths) => {
        expect(millionthsOf(decimalOf(millionths))).toBe(millionths);
      }),
    );
    for (const text of ["", "-", ".5", "1.", "1.0000001", "+1", "1000.000001", "Infinity", "0x1", "１"])
      expect(millionthsOf(text), text).toBeNull();
  });
});

describe("an explanation by bands", () => {
  // four households with scores 0, 0, 100 and 100: mean 50, standard deviation 50
  const sums = { households: 4n, scores: 200n, squares: 20_000n };

  test("measures an answer's points against their mean by the standard deviation of all scores", () => {
    const band = (points: bigint, mean: bigint) => bandOf("1", points, { ...sums, variable: 4n * mean });
    expect(band(75n, 50n)).toBe("RAISES_STRONGLY");
    expect(band(74n, 50n)).toBe("RAISES");
    expect(band(52n, 50n)).toBe("NEUTRAL");
    expect(band(53n, 50n)).toBe("RAISES");
    expect(band(47n, 50n)).toBe("LOWERS");
    expect(band(25n, 50n)).toBe("LOWERS_STRONGLY");
  });

  test("says that a variable was not answered, and calls nothing strong where all are equal", () => {
    expect(bandOf(null, 0n, { ...sums, variable: 400n })).toBe("NOT_ANSWERED");
    expect(bandOf("1", 5n, { households: 3n, variable: 15n, scores: 30n, squares: 300n })).toBe("NEUTRAL");
  });

  test("does not change when all points and scores are doubled", () => {
    const small = fc.bigInt({ min: -1000n, max: 1000n });
    fc.assert(
      fc.property(fc.array(fc.tuple(small, small), { minLength: 1, maxLength: 20 }), (households) => {
        const total = (pick: (row: [bigint, bigint]) => bigint) => households.reduce((sum, row) => sum + pick(row), 0n);
        const bandsAt = (scale: bigint) =>
          households.map(([points]) =>
            bandOf("1", scale * points, {
              households: BigInt(households.length),
              variable: scale * total(([one]) => one),
              scores: scale * total(([one, rest]) => one + rest),
              squares: scale * scale * total(([one, rest]) => (one + rest) ** 2n),
            }),
          );
        expect(bandsAt(2n)).toEqual(bandsAt(1n));
      }),
    );
  });
});
