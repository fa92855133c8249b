import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Claim, type PublicLog, verify } from "../../../console/app/audit/proof/verify.ts";
import { signerOf } from "../../../schema/policy/keys.ts";
import { signCheckpoint } from "../../../schema/record/checkpoint.ts";
import { RightEdge } from "../../../schema/record/edge.ts";
import { leafHash, leafOf } from "../../../schema/record/leaf.ts";
import { noteKey, vkeyOf } from "../../../schema/record/note.ts";
import { tilePath } from "../../../schema/record/tiles.ts";
import { inclusionProof } from "../../../schema/record/tree.ts";

const signer = signerOf("l".repeat(32), "log");
const key = noteKey(signer, "hub.example/record", "ED25519");
const stranger = signerOf("x".repeat(32), "log");
const VKEY = vkeyOf(key);
const NO_LOG: PublicLog = { checkpoint: async () => null, tile: async () => null };

/** A log of that many entries, as its own code builds, signs and serves it. */
function logOf(size: number, by = signer) {
  const texts = Array.from({ length: size }, (_, n) => `{"receipt":"r${n}"}`);
  const edge = RightEdge.empty();
  for (const text of texts) edge.append(leafHash(text));
  const tiles = new Map<string, Uint8Array>();
  for (const { level, n, hashes } of edge.takeFilled()) tiles.set(tilePath(level, n), hashes);
  for (const { level, n, hashes } of edge.partial()) tiles.set(tilePath(level, n, hashes.length / 32), hashes);
  const checkpoint = signCheckpoint({ origin: key.name, size, root: edge.root() }, { signer: by, key });
  const read = async (level: number, n: number) =>
    tiles.get(tilePath(level, n)) ?? [...tiles].find(([path]) => path.startsWith(`${tilePath(level, n)}.p/`))?.[1] ?? null;
  const claimOf = async (index: number): Promise<Claim> => ({
    ...{ leaf: leafOf(texts[index] ?? ""), text: texts[index] ?? "", index, checkpoint },
    proof: (await inclusionProof(index, size, read)).map((hash) => hash.toString("base64")),
  });
  const open: PublicLog = { checkpoint: async () => checkpoint, tile: async (path) => tiles.get(path) ?? null };
  return { claimOf, open, tiles };
}
const verdictOf = async (claim: Claim, log = NO_LOG, vkey = VKEY) => (await verify(claim, { key: vkey, log })).verdict;

describe("an entry of the record, checked in the browser by WebCrypto", () => {
  test("is genuine at every place of every log: by the proof the hub gives, and by one made here from the public tiles", async () => {
    const places = fc.integer({ min: 1, max: 700 }).chain((size) => fc.tuple(fc.constant(size), fc.nat({ max: size - 1 })));
    await fc.assert(
      fc.asyncProperty(places, async ([size, index]) => {
        const log = logOf(size);
        const claim = await log.claimOf(index);
        const { verdict, steps } = await verify(claim, { key: VKEY, log: log.open });
        expect([verdict, steps.map(({ outcome }) => outcome)]).toEqual(["GENUINE", Array(6).fill("RIGHT")]);
        expect(await verdictOf(claim)).toBe("GENUINE");
        expect(await verdictOf({ ...claim, checkpoint: null, proof: null }, log.open)).toBe("GENUINE");
      }),
      { numRuns: 25 },
    );
  });

  test("is found altered when its text, its leaf, its place, a hash of the proof or the signed root is another", async () => {
    const log = logOf(300);
    const claim = await log.claimOf(120);
    const other = await log.claimOf(121);
    const swap = (text: string) => text.replace(/[0-9a-f]/, (digit) => (digit === "0" ? "1" : "0"));
    const altered: readonly Claim[] = [
      { ...claim, text: `${claim.text} ` },
      { ...claim, text: null, leaf: swap(claim.leaf) },
      { ...claim, index: 121 },
      { ...claim, proof: (claim.proof ?? []).slice(1) },
      { ...claim, proof: [...(claim.proof ?? []).slice(1), claim.proof?.[0] ?? ""] },
      { ...claim, proof: other.proof },
      { ...claim, checkpoint: (await logOf(301).claimOf(120)).checkpoint },
      { ...claim, checkpoint: (await logOf(300, stranger).claimOf(120)).checkpoint },
      { ...claim, checkpoint: "no note at all" },
    ];
    for (const one of altered) expect([one, await verdictOf(one)]).toEqual([one, "ALTERED"]);
  });

  test("is found altered when hub and database agree on a new text, and the public log knows the old one", async () => {
    const [told, open] = [logOf(40), logOf(40)];
    const tile = open.tiles.get("tile/0/000.p/40") as Uint8Array;
    tile[7 * 32] = (tile[7 * 32] ?? 0) ^ 1;
    const { verdict, steps } = await verify(await told.claimOf(7), { key: VKEY, log: open.open });
    expect(verdict).toBe("GENUINE"); // its own leaf is not read from the tile, the siblings still lead to the root
    expect(steps.every(({ outcome }) => outcome === "RIGHT")).toBe(true);
    expect(await verdictOf(await told.claimOf(6), open.open)).toBe("ALTERED");
    const text = '{"receipt":"forged"}';
    expect(await verdictOf({ leaf: leafOf(text), text, index: 7, checkpoint: null, proof: null }, told.open)).toBe("ALTERED");
  });

  test("is not covered before a checkpoint has closed over it, and unproven without the key of the log", async () => {
    const log = logOf(10);
    const claim = await log.claimOf(3);
    expect(await verdictOf({ ...claim, index: null, checkpoint: null, proof: null }, log.open)).toBe("NOT_COVERED");
    expect(await verdictOf(claim, NO_LOG, "")).toBe("UNPROVEN");
    expect(await verdictOf(claim, NO_LOG, VKEY.replace(/\+[\da-f]{8}\+/, "+00000000+"))).toBe("UNPROVEN");
    expect(await verdictOf(claim, NO_LOG, vkeyOf(noteKey(stranger, key.name, "ED25519")))).toBe("ALTERED"); // signed by another key
  });
});
