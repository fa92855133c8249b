import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Ids } from "../../../../subgraphs/population/matching/link/ids.ts";
import {
  type NamedRows,
  PairFile,
  type PairRow,
  withResults,
  writeClusters,
  writeJson,
} from "../../../../subgraphs/population/matching/link/output.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "link-output-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const read = (name: string) => readFileSync(join(folder, name), "utf8");

function idsOf(...texts: string[]): Ids {
  const ids = new Ids();
  for (const text of texts) {
    const bytes = Buffer.from(text);
    ids.add({ bytes, starts: Int32Array.of(0), ends: Int32Array.of(bytes.length), fields: 1, line: 1 }, 0);
  }
  return ids;
}

const linked: NamedRows = {
  left: { path: "register.csv", ids: idsOf("P1", "P2") },
  right: [
    { path: "a.csv", ids: idsOf("7", "x,y") },
    { path: "dir/b.csv", ids: idsOf("0042") },
  ],
};
const PAIR: PairRow = {
  a: 0,
  file: 0,
  b: 0,
  weight: 12.34567,
  probability: 0.9998065,
  margin: 5.5,
  decision: "link",
  isLinked: true,
  levels: Uint8Array.of(8, 0),
};

async function written(rows: NamedRows, pairs: readonly PairRow[]): Promise<string> {
  await withResults(async (open) => {
    const file = open(join(folder, "pairs.csv"));
    if (!file) throw new Error("no file");
    const out = new PairFile(file, rows, ["name", "birth"]);
    for (const pair of pairs) out.write(pair);
    out.end();
  });
  return read("pairs.csv");
}

describe("pairs", () => {
  test("of a link name both ids, the file, and a level a comparison; ids come back byte for byte", async () => {
    const second = {
      ...PAIR,
      a: 1,
      b: 1,
      weight: -0.00001,
      probability: 0.5,
      margin: -12.3,
      decision: "review",
      isLinked: false,
    } as const;
    const third = { ...PAIR, file: 1, margin: Number.POSITIVE_INFINITY, decision: "none" } as const;
    expect(await written(linked, [PAIR, second, third])).toBe(
      [
        "left_id,right_file,right_id,weight,probability,margin,decision,linked,name,birth",
        "P1,a.csv,7,12.3457,0.999807,5.5000,link,true,8,0",
        'P2,a.csv,"x,y",0.0000,0.500000,-12.3000,review,false,8,0',
        "P1,dir/b.csv,0042,12.3457,0.999807,,none,true,8,0",
        "",
      ].join("\n"),
    );
  });

  test("of one file name two ids of it", async () => {
    expect(await written({ ...linked, right: [] }, [{ ...PAIR, b: 1 }])).toBe(
      "id_a,id_b,weight,probability,margin,decision,linked,name,birth\nP1,P2,12.3457,0.999807,5.5000,link,true,8,0\n",
    );
  });

  test("are all there when they are many", async () => {
    const text = await written(
      linked,
      Array.from({ length: 50_000 }, (_, n) => ({ ...PAIR, weight: n })),
    );
    const lines = text.trimEnd().split("\n");
    expect(lines).toHaveLength(50_001);
    expect(lines[50_000]).toBe("P1,a.csv,7,49999.0000,0.999807,5.5000,link,true,8,0");
  });
});

test("clusters have every row of every file once, numbered as they first appear", async () => {
  await withResults(async (open) => {
    const file = open(join(folder, "clusters.csv"));
    if (file) writeClusters(file, linked, Int32Array.of(0, 1, 1, 3, 0));
  });
  expect(read("clusters.csv")).toBe(
    'file,id,cluster_id\nregister.csv,P1,1\nregister.csv,P2,2\na.csv,7,2\na.csv,"x,y",3\ndir/b.csv,0042,1\n',
  );
});

describe("result files", () => {
  test("stand all or not at all: a run that fails leaves the old ones as they were and nothing beside them", async () => {
    writeFileSync(join(folder, "r.json"), "old");
    const run = withResults(async (open) => {
      const [first, second] = [open(join(folder, "r.json")), open(join(folder, "new/p.csv"))];
      if (first) writeJson(first, { a: 1 });
      second?.write(Buffer.from("half"));
      throw new Error("the engine stopped");
    });
    await expect(run).rejects.toThrow("the engine stopped");
    expect(read("r.json")).toBe("old");
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(["new", "r.json"]);
  });

  test("appear when the run ends, also in a new folder; what is not wanted is not written", async () => {
    await withResults(async (open) => {
      const file = open(join(folder, "new/r.json"));
      if (file) writeJson(file, { rows: 3 });
      expect(open(null)).toBeNull();
      expect(existsSync(join(folder, "new/r.json"))).toBe(false);
    });
    expect(JSON.parse(read("new/r.json"))).toEqual({ rows: 3 });
    expect(readdirSync(join(folder, "new"))).toEqual(["r.json"]);
  });
});
