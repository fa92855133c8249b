import { expect, test } from "vitest";
import { labels } from "../../../schema/errors.ts";
import { CUBES } from "../../../schema/statistics/cubes.ts";

test.each(["id", "en"] as const)(
  "every cube, dimension and code has a word in %s, so that no table shows a bare code",
  (language) => {
    const { enums = {}, dimensions = {} } = labels[language];
    const keys = CUBES.flatMap((cube) =>
      cube.dimensions.flatMap(({ name, codes }) => [name, ...codes.map((code) => `${name}.${code}`)]),
    );
    expect(keys.filter((key) => dimensions[key] === undefined)).toEqual([]);
    expect(CUBES.filter(({ code }) => enums[`CubeCode.${code}`] === undefined)).toEqual([]);
    expect(Object.keys(dimensions).filter((key) => !keys.includes(key))).toEqual([]);
  },
);
