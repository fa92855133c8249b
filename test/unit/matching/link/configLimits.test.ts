import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConfigFaults } from "../../../../schema/settings.ts";
import { readLinkConfig } from "../../../../subgraphs/population/matching/link/config/config.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "link-limits-"));
  writeFileSync(join(folder, "register.csv"), "id,given,surname\n1,B,C\n");
  writeFileSync(join(folder, "a.csv"), "row,given,surname\n1,B,C\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

const SMALL = {
  mode: "link",
  left: { path: "register.csv", id: "id" },
  right: { path: "a.csv", id: "row" },
  columns: { given: {}, surname: {} },
  comparisons: [{ on: "given", kind: "jaroWinkler" }],
  blocking: { keys: ["surname"] },
};
const read = (change: object) => {
  const path = join(folder, "config.json");
  writeFileSync(path, JSON.stringify({ ...SMALL, ...change }));
  return readLinkConfig(path);
};
const faultsOf = async (change: object) => {
  const error: unknown = await read(change).catch((caught: unknown) => caught);
  return error instanceof ConfigFaults ? error.faults : error;
};

describe("what is written", () => {
  test.each([
    ["the register", { pairs: "./register.csv" }, "output.pairs would overwrite ./register.csv, which is read"],
    ["a file to be linked", { clusters: "x/../a.csv" }, "output.clusters would overwrite x/../a.csv, which is read"],
    ["the configuration", { report: "config.json" }, "output.report would overwrite config.json, which is read"],
    ["the model in use", { model: "./m.json" }, "output.model would overwrite ./m.json, which is read"],
  ])("never takes the place of %s", async (_, output, said) => {
    expect(await faultsOf({ output, training: { model: "m.json" } })).toEqual([said]);
  });

  test("goes to files of its own, however their paths are written", async () => {
    expect(await faultsOf({ output: { pairs: "p.csv", clusters: "./p.csv" } })).toEqual(["output names a file twice"]);
  });
});

test("an expression nests twenty functions and no more", async () => {
  const nested = (depth: number) => ({ derive: { deep: `${"sorted(".repeat(depth)}given${")".repeat(depth)}` } });
  await expect(read(nested(20))).resolves.toBeDefined();
  expect(await faultsOf(nested(21))).toEqual(["derive.deep nests more than 20 functions"]);
  expect(await faultsOf(nested(100_000))).toEqual(["derive.deep nests more than 20 functions"]);
});
