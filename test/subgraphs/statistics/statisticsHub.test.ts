import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { useHub } from "../../kit/hub.ts";
import { release, type Written } from "./intake/cellKit.ts";

const FOLDER = "docs/questions/dashboards";
const VIEWS = readdirSync(FOLDER).map(
  (name) => [name.replace(".graphql", ""), readFileSync(`${FOLDER}/${name}`, "utf8")] as const,
);

const hub = useHub();

const REGIONS = ["0", "35", "3509", "3510", "350901", "351016"];
const everywhere = (key: readonly string[], figures: readonly [number, number, number?]): Written[] =>
  REGIONS.map((region) => [region, key, ...figures]);
const covered: Written[] = ["*", "1"].flatMap((decile) =>
  ["ENTITLED_SERVED", "ENTITLED_UNSERVED", "NOT_ENTITLED_SERVED"].flatMap((standing) =>
    everywhere(["PKH", decile, standing], [40, 40]),
  ),
);

beforeAll(async () => {
  const { owner } = hub.urls.statistics;
  await release(owner, "COVERAGE", { "2026-10": covered });
  await release(owner, "OVERLAP", { "2026-10": everywhere(["PKH+BPNT"], [80, 20]) });
  await release(owner, "BENEFICIARIES", { "2026-10": everywhere(["PKH"], [9_000, 9_000]) });
  await release(owner, "BUDGET", { "2026-10": everywhere(["PKH", "*"], [40, 60, 45_000_000]) });
  await release(owner, "MATCH_QUALITY", {
    "2026-09": everywhere(["MATCHED"], [90, 90]),
    "2026-10": everywhere(["MATCHED"], [95, 95]),
  });
});

const bappenas = () => hub.as("bappenas");
const dinsos = () => hub.as("dinsos-banyuwangi", { agreement: "PKS-2025-004" });

describe("a dashboard", () => {
  test.each(VIEWS)("of Bappenas shows its view of %s, with nothing denied or masked", async (_, document) => {
    const { data, errors, denied, masked } = await bappenas().ask(document);
    expect([errors, denied, masked]).toEqual([[], [], []]);
    expect(Object.values(data).every((list) => list !== null)).toBe(true);
  });

  test("shows the figures of the cube, and names the region that population knows", async () => {
    const { data } = await bappenas().ask(
      '{ statistics(cube: BUDGET, region: "3510", level: DISTRICT, dimensions: ["program"], filter: [{ dimension: "program", codes: ["PKH"] }]) { nodes { regionCode region { name parent { name } } key units total isSuppressed } totalCount } }',
    );
    expect(data["statistics"]).toEqual({
      nodes: [
        {
          ...{ regionCode: "351016", key: ["PKH", "*"], units: 60, total: "45000000", isSuppressed: false },
          region: { name: "Banyuwangi", parent: { name: "KABUPATEN BANYUWANGI" } },
        },
      ],
      totalCount: 1,
    });
  });

  test("that shows the country has no region to name", async () => {
    const { data } = await bappenas().ask(
      '{ statistics(cube: OVERLAP, dimensions: ["combination"], first: 1) { nodes { regionCode region { name } } } }',
    );
    expect(data["statistics"].nodes).toEqual([{ regionCode: "0", region: null }]);
  });

  test("of one regency sees its own cells of a partner's cube, and the whole country's of an open one", async () => {
    const regions = async (cube: string) => {
      const document = `{ statistics(cube: ${cube}, level: REGENCY, dimensions: ["program"], filter: [{ dimension: "program", codes: ["PKH"] }${cube === "COVERAGE" ? ', { dimension: "standing", codes: ["ENTITLED_UNSERVED"] }' : ""}]) { nodes { regionCode } } }`;
      const { data, errors } = await dinsos().ask(document);
      expect(errors).toEqual([]);
      return data["statistics"].nodes.map(({ regionCode }: { regionCode: string }) => regionCode);
    };
    expect(await regions("COVERAGE")).toEqual(["3510"]);
    expect(await regions("BUDGET")).toEqual(["3509", "3510"]);
  });

  test("is told by argument and place what it asked wrongly", async () => {
    const { errors, data } = await bappenas().ask('{ statistics(cube: OVERLAP, dimensions: ["decile"]) { totalCount } }');
    expect(errors[0]?.extensions["code"]).toBe("BAD_USER_INPUT");
    expect(errors[0]?.message).toContain("dimensions[0]: must be of OVERLAP: combination");
    expect(data).toBeNull();
  });

  test("reconciles our figures with the published ones", async () => {
    const { data } = await bappenas().ask("{ reconciliation { code ours published perMille } }");
    expect(data["reconciliation"].find(({ code }: { code: string }) => code === "PKH_2025")).toEqual({
      ...{ code: "PKH_2025", ours: "9000", published: "10000000", perMille: 0 },
    });
  });
});
