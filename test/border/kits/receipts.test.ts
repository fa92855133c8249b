import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { continuation, isContinued, isIncluded } from "../../../docs/clients/typescript/src/receipts/merkle.ts";
import { stateOf } from "../../../docs/clients/typescript/src/receipts/note.ts";
import { type Claim, type Trust, verifyReceipt } from "../../../docs/clients/typescript/src/receipts/verify.ts";
import { signerOf } from "../../../schema/policy/keys.ts";
import { signCheckpoint } from "../../../schema/record/checkpoint.ts";
import { RightEdge } from "../../../schema/record/edge.ts";
import { leafHash } from "../../../schema/record/leaf.ts";
import { noteKey, signLine, vkeyOf } from "../../../schema/record/note.ts";
import { HASH_BYTES, readTilePath } from "../../../schema/record/tiles.ts";
import { consistencyProof, inclusionProof, rootOf } from "../../../schema/record/tree.ts";

// What the partners' kit checks of a receipt, held against the log's own tree.

const ORIGIN = "hub.example/record";
const signer = signerOf("key of the log in the kits' test, 32", "log");
const by = { signer, key: noteKey(signer, ORIGIN, "ED25519") };
const other = signerOf("another key of a log, 32 characters", "log");
const witness = { signer: other, key: noteKey(other, "witness.example/1", "COSIGNATURE") };
const LOG = vkeyOf(by.key);
const SIZE = 66_000; // three levels of tiles

const leafOf = (index: number) => leafHash(`entry ${index}`);

/** A log of its own: tiles as they are served. */
function grown(size: number, leaf = leafOf) {
  const edge = RightEdge.empty();
  const tiles = new Map<string, Buffer>();
  for (let index = 0; index < size; index++) edge.append(leaf(index));
  for (const { level, n, hashes } of [...edge.takeFilled(), ...edge.partial()]) tiles.set(`${level}/${n}`, hashes);
  const read = async (level: number, n: number) => tiles.get(`${level}/${n}`) ?? null;
  return {
    read,
    async served(path: string) {
      const { level = -1, n = 0, width = 0 } = readTilePath(path) ?? {};
      const tile = tiles.get(`${level}/${n}`);
      return tile && tile.length >= width * HASH_BYTES ? tile.subarray(0, width * HASH_BYTES) : null;
    },
    async note(at: number) {
      return signCheckpoint({ origin: ORIGIN, size: at, root: await rootOf(at, read) }, by);
    },
    async claim(index: number, at: number): Promise<Required<Claim> & { readonly leaf: string; readonly checkpoint: string }> {
      const proof = await inclusionProof(index, at, read);
      const inBase64 = proof.map((hash) => hash.toString("base64"));
      return { id: "r", leaf: leaf(index).toString("hex"), index, checkpoint: await this.note(at), inclusionProof: inBase64 };
    },
  };
}
type Log = ReturnType<typeof grown>;
let log: Log;
beforeAll(() => {
  log = grown(SIZE);
});

const given = (index: number) => ({ id: "r", leaf: leafOf(index).toString("hex") });
const verdictOf = async (claim: Claim, trust: Partial<Trust> = {}, index = 5) => {
  const { verdict, because } = await verifyReceipt(given(index), claim, { logKey: LOG, ...trust });
  return because ? [verdict, because] : [verdict];
};

const changed = (text: string, at: number) => text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
const IN_PYTHON = `import json, sys
sys.path.insert(0, "docs/clients/python")
from receipts import verify
asked = json.load(sys.stdin)
print(json.dumps([verify(asked["given"], claim, asked["key"]) for claim in asked["claims"]]))`;

describe("a receipt is verified", () => {
  test("where its hash leads to a root that the log has signed, and the state to keep is that one", async () => {
    const claim = await log.claim(5, 700);
    expect(await verifyReceipt(given(5), claim, { logKey: LOG })).toEqual({
      verdict: "VERIFIED",
      because: "",
      keep: claim.checkpoint,
    });
  });

  test("and with one changed byte anywhere it is not", async () => {
    const claim = await log.claim(5, 700);
    const [first = "", ...rest] = claim.inclusionProof ?? [];
    const altered: Claim[] = [
      { ...claim, leaf: changed(claim.leaf, 3) },
      { ...claim, index: 6 },
      { ...claim, inclusionProof: [changed(first, 7), ...rest] },
      { ...claim, inclusionProof: rest },
      { ...claim, inclusionProof: [first, first, ...rest] },
      ...Array.from(claim.checkpoint, (character, at) => ({
        ...claim,
        checkpoint: character === "\n" ? claim.checkpoint : changed(claim.checkpoint, at),
      })).filter(({ checkpoint }) => checkpoint !== claim.checkpoint),
    ];
    expect(altered.length).toBeGreaterThan(150);
    for (const one of altered) expect((await verdictOf(one))[0], JSON.stringify(one)).toBe("ALTERED");
  });

  test("by the Python kit alike", async (context) => {
    const { error } = spawnSync("python3", ["--version"]);
    if (error) return context.skip("python3 is not installed: the Python kit was not asked");
    const claim = await log.claim(5, 700);
    const [first = "", ...rest] = claim.inclusionProof ?? [];
    const lines = claim.checkpoint.split("\n");
    const claims: (Claim | null)[] = [
      ...[claim, await log.claim(5, 6), await log.claim(5, SIZE), { ...claim, index: null }],
      ...[
        null,
        {},
        { ...claim, index: 6 },
        { ...claim, inclusionProof: rest },
        { ...claim, inclusionProof: [first, first, ...rest] },
      ],
      ...[
        { ...claim, leaf: leafOf(6).toString("hex") },
        { ...claim, checkpoint: claim.checkpoint.replace("700", "701") },
      ],
      ...Array.from({ length: 12 }, (_, at) => ({
        ...claim,
        checkpoint: changed(claim.checkpoint, claim.checkpoint.length - 12 - 7 * at),
      })),
      ...lines.map((_, at) => ({ ...claim, checkpoint: lines.toSpliced(at, 1).join("\n") })),
    ];
    const asked = JSON.stringify({ given: given(5), key: LOG, claims });
    const { stdout, stderr } = spawnSync("python3", ["-B", "-c", IN_PYTHON], { input: asked, encoding: "utf8" });
    expect(stderr).toBe("");
    const verdicts = (JSON.parse(stdout) as string[]).map((verdict) => verdict.replace(/:.*/s, ""));
    expect(verdicts.slice(0, 4)).toEqual(["VERIFIED", "VERIFIED", "VERIFIED", "PENDING"]);
    expect([...new Set(verdicts.slice(4))]).toEqual(["ALTERED"]);
    expect(verdicts).toHaveLength(claims.length);
  });

  test("by the Python kit only through hashes of 32 octets: none passes for two run together, and a number is a number", async (context) => {
    if (spawnSync("python3", ["--version"]).error) return context.skip("python3 is not installed: the Python kit was not asked");
    const claim = { ...(await log.claim(0, 2)), leaf: "" };
    const second = await log.claim(1, 2);
    const both = Buffer.concat([leafOf(0), leafOf(1)]).toString("base64");
    const asked = [
      { given: { id: "r", leaf: "" }, key: LOG, claims: [{ ...claim, inclusionProof: [both] }] },
      { given: given(1), key: LOG, claims: [true, "1", 1.5].map((index) => ({ ...second, index })) },
    ];
    for (const one of asked) {
      const { stdout } = spawnSync("python3", ["-B", "-c", IN_PYTHON], { input: JSON.stringify(one), encoding: "utf8" });
      expect((JSON.parse(stdout) as string[]).map((verdict) => verdict.slice(0, 7))).toEqual(one.claims.map(() => "ALTERED"));
    }
  });

  test("not by a hash of another entry, nor by another log's key, nor before a state covers it", async () => {
    const claim = await log.claim(5, 700);
    expect(await verdictOf(claim, {}, 6)).toEqual(["ALTERED", "another hash is on record than the receipt gives"]);
    expect(await verdictOf(claim, { logKey: vkeyOf(noteKey(other, ORIGIN, "ED25519")) })).toEqual([
      ...["ALTERED", "the checkpoint is not signed by the log"],
    ]);
    for (const missing of ["index", "checkpoint", "inclusionProof"])
      expect((await verdictOf({ ...claim, [missing]: null }))[0]).toBe("PENDING");
    expect((await verdictOf({}))[0]).toBe("ALTERED");
  });

  test("with a witness only where one of those that are trusted has cosigned", async () => {
    const claim = await log.claim(5, 700);
    const witnesses = [vkeyOf(witness.key)];
    expect((await verdictOf(claim, { witnesses }))[0]).toBe("OPEN");
    const text = claim.checkpoint.slice(0, claim.checkpoint.indexOf("\n\n") + 1);
    const cosigned = `${claim.checkpoint}${signLine(text, { ...witness, at: new Date() })}\n`;
    expect(await verdictOf({ ...claim, checkpoint: cosigned }, { witnesses })).toEqual(["VERIFIED"]);
  });
});

describe("beside a kept checkpoint", () => {
  test("a log that has grown is the same one, shown from either side, and the newer state is kept", async () => {
    for (const [kept, shown] of [
      [6, 700],
      [256, 700],
      [512, SIZE],
      [700, 700],
      [SIZE, 700],
      [65_536, SIZE],
      [1, SIZE],
    ] as const) {
      const [claim, note] = await Promise.all([log.claim(5, shown), log.note(kept)]);
      const found = await verifyReceipt(given(5), claim, { logKey: LOG, kept: note, tiles: log.served });
      expect([kept, shown, found.verdict, stateOf(found.keep ?? "").size]).toEqual([
        kept,
        shown,
        "VERIFIED",
        Math.max(kept, shown),
      ]);
    }
  });

  test("a log that was rewritten is found, however well it is signed", async () => {
    const rewritten = grown(700, (index) => (index === 300 ? leafHash("another entry") : leafOf(index)));
    const claim = await rewritten.claim(5, 700);
    expect(await verdictOf(claim)).toEqual(["VERIFIED"]);
    for (const kept of [400, 700, 900]) {
      const tiles = kept === 900 ? log.served : rewritten.served;
      const found = await verdictOf(claim, { kept: await log.note(kept), tiles });
      expect([kept, ...found]).toEqual([kept, "ALTERED", "the log does not continue the checkpoint you kept"]);
    }
    expect(await verdictOf(claim, { kept: await log.note(200), tiles: rewritten.served })).toEqual(["VERIFIED"]);
  });

  test("without tiles nothing is shown, and nothing is claimed", async () => {
    const claim = await log.claim(5, 700);
    for (const tiles of [undefined, async () => null])
      expect((await verdictOf(claim, { kept: await log.note(400), ...(tiles && { tiles }) }))[0]).toBe("OPEN");
    expect((await verdictOf(claim, { kept: claim.checkpoint.replace(ORIGIN, "x") }))[0]).toBe("OPEN");
  });
});

test("proofs of every size are those of the log itself", async () => {
  const sizes = [...Array.from({ length: 20 }, (_, at) => at + 1), 255, 256, 257, 511, 513, 65_535, 65_537];
  let seen = 0;
  for (const size of sizes) {
    const root = await rootOf(size, log.read);
    for (const old of sizes.filter((one) => one <= size).slice(-6)) {
      const proof = await continuation(log.served, old, size);
      expect(proof?.map((hash) => Buffer.from(hash).toString("hex"))).toEqual(
        (await consistencyProof(old, size, log.read)).map((hash) => hash.toString("hex")),
      );
      expect(await isContinued({ size: old, root: await rootOf(old, log.read) }, { size, root }, proof ?? [])).toBe(true);
      const index = old - 1;
      const path = await inclusionProof(index, size, log.read);
      expect(await isIncluded(leafOf(index), { index, tree: { size, root }, proof: path })).toBe(true);
      seen += 1;
    }
  }
  expect(seen).toBeGreaterThan(140);
});
