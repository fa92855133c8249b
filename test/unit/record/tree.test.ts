import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RightEdge } from "../../../schema/record/edge.ts";
import { leafHash, leafOf } from "../../../schema/record/leaf.ts";
import { verifyConsistency, verifyInclusion } from "../../../schema/record/proofs.ts";
import { readTilePath, type TileReader, tilePath, tilesAt } from "../../../schema/record/tiles.ts";
import { consistencyProof, inclusionProof, nodeHash, rootOf } from "../../../schema/record/tree.ts";

/** Root as RFC 9162 §2.1.1 defines it, by recursion over all leaves. */
function definedRoot(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (leaves.length === 1 && only) return only;
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return nodeHash(definedRoot(leaves.slice(0, half)), definedRoot(leaves.slice(half)));
}

/** A tree in memory with the tiles it has at each size. */
function grown(size: number): { leaves: Buffer[]; read: TileReader; roots: Buffer[] } {
  const leaves = Array.from({ length: size }, (_, n) => leafHash(`entry ${n}`));
  const tiles = new Map<string, Buffer>();
  const edge = RightEdge.empty();
  const roots = [edge.root()];
  for (const leaf of leaves) {
    edge.append(leaf);
    roots.push(edge.root());
    for (const { level, n, hashes } of [...edge.takeFilled(), ...edge.partial()]) tiles.set(`${level}/${n}`, hashes);
  }
  return { leaves, roots, read: async (level, n) => tiles.get(`${level}/${n}`) ?? null };
}

const RFC_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const RFC_ROOTS = {
  1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

describe("the tree of the record", () => {
  test("has the roots every other implementation of RFC 9162 has", () => {
    const edge = RightEdge.empty();
    expect(edge.root().toString("hex")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    const roots: Record<number, string> = {};
    for (const leaf of RFC_LEAVES) {
      edge.append(leafHash(Buffer.from(leaf, "hex")));
      if (edge.size in RFC_ROOTS) roots[edge.size] = edge.root().toString("hex");
    }
    expect(roots).toEqual(RFC_ROOTS);
  });

  test("takes the text of an entry byte by byte: other spacing, another leaf", () => {
    expect(leafOf('{"v":1,"b":1.0,"a":2}')).toBe("f9c51ecf7c6f66b28069b4330c6d5207e5e8cd8596d1d3e243bddb27b9af4644");
    expect(leafOf('{"a": 2, "b": 1.0, "v": 1}')).not.toBe(leafOf('{"v":1,"b":1.0,"a":2}'));
  });

  test("has at every size up to 600 the root of the definition, from its edge and from its tiles", async () => {
    const { leaves, roots, read } = grown(600);
    for (let size = 1; size <= 600; size++) {
      const defined = definedRoot(leaves.slice(0, size));
      expect(roots[size]?.equals(defined), `edge at ${size}`).toBe(true);
      expect((await rootOf(size, read)).equals(defined), `tiles at ${size}`).toBe(true);
    }
  });

  test("goes on from the tiles it left, whatever its size", async () => {
    const { leaves, read, roots } = grown(700);
    for (const size of [0, 1, 255, 256, 257, 511, 512, 699]) {
      const early = grown(size);
      const edge = await RightEdge.of(size, early.read);
      expect(edge.root().equals(roots[size] as Buffer), `at ${size}`).toBe(true);
      for (const leaf of leaves.slice(size)) edge.append(leaf);
      expect(edge.root().equals(roots[700] as Buffer), `from ${size}`).toBe(true);
    }
    await expect(RightEdge.of(300, read)).rejects.toThrow("tile 0/1 holds 256 hashes where a tree of 300 has 44");
  });
});

const FORGED = leafHash("forged");

const SPOILING = {
  flip: (proof: Buffer[], place: number, bit: number) => {
    const hash = proof[place] as Buffer;
    hash[bit >> 3] = (hash[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  },
  drop: (proof: Buffer[], place: number) => void proof.splice(place, 1),
  add: (proof: Buffer[], place: number) => void proof.splice(place, 0, FORGED),
  swap: (proof: Buffer[]) => void proof.reverse(),
};

interface Spoil {
  readonly at: number;
  readonly bit: number;
  readonly how: keyof typeof SPOILING;
}
function spoilt(proof: readonly Buffer[], { at, bit, how }: Spoil): Buffer[] {
  const changed = proof.map((hash) => Buffer.concat([hash]));
  SPOILING[how](changed, at % changed.length, bit);
  return changed;
}

describe("proofs", () => {
  test("every leaf of every tree is proved, and proved for no other place or leaf", async () => {
    const { leaves, roots, read } = grown(300);
    let [proved, misled] = [0, 0];
    const sizes = [...Array.from({ length: 100 }, (_, n) => n + 1), 127, 128, 129, 255, 256, 257, 300];
    for (const size of sizes)
      for (let index = 0; index < size; index++) {
        const proof = await inclusionProof(index, size, read);
        const claim = { leaf: leaves[index] as Buffer, index, size, proof, root: roots[size] as Buffer };
        proved += Number(verifyInclusion(claim));
        misled += Number(size > 1 && verifyInclusion({ ...claim, index: (index + 1) % size }));
        misled += Number(verifyInclusion({ ...claim, leaf: FORGED }));
      }
    expect([proved, misled]).toEqual([sizes.reduce((sum, size) => sum + size), 0]);
  });

  test("every tree up to 130 continues every smaller one, and no other", async () => {
    const { roots, read } = grown(130);
    const stateAt = (size: number) => ({ size, root: roots[size] as Buffer });
    let [proved, misled] = [0, 0];
    for (let size = 0; size <= 130; size++)
      for (let old = 0; old <= size; old++) {
        const [from, to] = [stateAt(old), stateAt(size)];
        const proof = await consistencyProof(old, size, read);
        proved += Number(verifyConsistency(from, to, proof));
        misled += Number(old > 0 && verifyConsistency({ ...from, root: FORGED }, to, proof));
        misled += Number(old > 0 && verifyConsistency(from, { ...to, root: FORGED }, proof));
      }
    expect([proved, misled]).toEqual([(131 * 132) / 2, 0]);
  });

  test("a proof with anything changed in it proves nothing", async () => {
    const { leaves, roots, read } = grown(300);
    const spoils = fc.record({
      size: fc.integer({ min: 2, max: 300 }),
      at: fc.nat(),
      bit: fc.nat({ max: 255 }),
      index: fc.nat(),
      how: fc.constantFrom(...(Object.keys(SPOILING) as (keyof typeof SPOILING)[])),
    });
    await fc.assert(
      fc.asyncProperty(spoils, async (spoil) => {
        const { size } = spoil;
        const [index, old] = [spoil.index % size, 1 + (spoil.index % (size - 1))];
        const inclusion = await inclusionProof(index, size, read);
        const changed = spoilt(inclusion, spoil);
        fc.pre(Buffer.concat(changed).compare(Buffer.concat(inclusion)) !== 0);
        const root = roots[size] as Buffer;
        expect(verifyInclusion({ leaf: leaves[index] as Buffer, index, size, proof: changed, root })).toBe(false);
        const consistency = await consistencyProof(old, size, read);
        const bent = spoilt(consistency, spoil);
        fc.pre(Buffer.concat(bent).compare(Buffer.concat(consistency)) !== 0);
        expect(verifyConsistency({ size: old, root: roots[old] as Buffer }, { size, root }, bent)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test("none is made for a leaf that is not there, nor from tiles that are not", async () => {
    const { read } = grown(10);
    expect(() => inclusionProof(10, 10, read)).toThrow("leaf 10 is not in a tree of 10 leaves");
    expect(() => inclusionProof(0.5, 10, read)).toThrow(RangeError);
    expect(() => consistencyProof(11, 10, read)).toThrow(RangeError);
    await expect(inclusionProof(0, 11, read)).rejects.toThrow("tile 0/0 holds 10 hashes, 11 are needed");
    await expect(rootOf(300, read)).rejects.toThrow("tile");
  });

  test("a proof over a tree of more than 2^32 leaves stands", () => {
    const size = 2 ** 40 + 1;
    const [leaf, left] = [leafHash("last"), leafHash("stands for 2^40 leaves")];
    const claim = { leaf, size, proof: [left], root: nodeHash(left, leaf) };
    expect(verifyInclusion({ ...claim, index: 2 ** 40 })).toBe(true);
    expect(verifyInclusion({ ...claim, index: 0 })).toBe(false);
    const from = { size: 2 ** 40, root: left };
    expect(verifyConsistency(from, { size, root: claim.root }, [leaf])).toBe(true);
    expect(verifyConsistency({ ...from, size: 2 ** 39 }, { size, root: claim.root }, [leaf])).toBe(false);
  });
});

describe("tiles", () => {
  test("have the paths of C2SP tlog-tiles", () => {
    expect(tilePath(0, 1234067)).toBe("tile/0/x001/x234/067");
    expect(tilePath(1, 0, 17)).toBe("tile/1/000.p/17");
    expect(tilePath("entries", 999)).toBe("tile/entries/999");
    expect(tilePath(0, 1000)).toBe("tile/0/x001/000");
  });

  test("a path reads back to its tile, and a path written otherwise to none", () => {
    fc.assert(
      fc.property(fc.nat({ max: 63 }), fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (level, n, width) => {
        expect(readTilePath(tilePath(level, n, width))).toEqual({ level, n, width });
      }),
    );
    const wrong = [
      "tile/64/000",
      "tile/00/000",
      "tile/0/x000/001",
      "tile/0/1",
      "tile/0/000.p/0",
      "tile/0/000.p/256",
      "tile/0/000.p/07",
    ];
    for (const path of [...wrong, "tile/entries/000", "tile/0/../000", "", "tile/0/000/"])
      expect(readTilePath(path), path).toBeNull();
  });

  test("a tree of 70,000 has the tiles the specification counts", () => {
    expect([0, 1, 2, 3].map((level) => tilesAt(level, 70_000))).toEqual([
      { full: 273, width: 112 },
      { full: 1, width: 17 },
      { full: 0, width: 1 },
      { full: 0, width: 0 },
    ]);
  });
});
