import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Signer, signerOf } from "../../../schema/policy/keys.ts";
import { parseCheckpoint, signCheckpoint } from "../../../schema/record/checkpoint.ts";
import { isSignedNote, noteKey, parseNote, readSignature, readVkey, signLine, vkeyOf } from "../../../schema/record/note.ts";

/** Of a bare seed: vectors name seeds. */
function signerOfSeed(seed: Uint8Array): Signer {
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).toString("base64url");
  return { keyId: "", publicKey, sign: (text) => sign(null, Buffer.from(text), key).toString("base64url") };
}

const ORIGIN = "hub.example/record";
const ROOT = Buffer.from("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328", "hex");
const signer = signerOfSeed(Buffer.alloc(32, 0x33));
const key = noteKey(signer, ORIGIN, "ED25519");
const note = signCheckpoint({ origin: ORIGIN, size: 8, root: ROOT }, { signer, key });

/** Example of C2SP signed-note, with the key it was signed by. */
const POEM = `Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
`;
/** Example of C2SP tlog-cosignature. */
const COSIGNED = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`;

describe("a signed note", () => {
  test("is signed as the vector of our own log says", () => {
    expect(key.id).toBe("f586c94c");
    expect(note.startsWith(`${ORIGIN}\n8\n${ROOT.toString("base64")}\n\n— ${ORIGIN} 9YbJTI6f68UY`)).toBe(true);
    expect(note.endsWith("C3suK4wk=\n")).toBe(true);
  });

  test("reads as the examples of the specification do", () => {
    const poem = parseNote(POEM);
    expect(poem.text.endsWith("ed è subito sera.\n")).toBe(true);
    expect(poem.signatures.map(({ name, id }) => [name, id])).toEqual([["quasimodo.example/salvatore", "367ba04b"]]);
    const { origin, size, note: cosigned } = parseCheckpoint(COSIGNED);
    expect([origin, size, cosigned.signatures.map(({ id }) => id)]).toEqual([
      "example.com/behind-the-sofa",
      20852163,
      ["033de0ae", "8d66cf3f"],
    ]);
    expect(cosigned.signatures[1]?.bytes.readBigUInt64BE()).toBe(1679315147n);
  });

  test("of an unknown key says nothing, of a known one must be right", () => {
    const stranger = noteKey(signerOfSeed(Buffer.alloc(32, 0x44)), ORIGIN, "ED25519");
    expect(isSignedNote(parseNote(note), stranger)).toBeNull();
    expect(isSignedNote(parseNote(note), key)).toBe(true);
    expect(isSignedNote(parseNote(note.replace("\n8\n", "\n9\n")), key)).toBe(false);
    const wrong = readSignature(signLine("another text\n", { signer, key, at: new Date() }));
    expect(isSignedNote(parseNote(`${note}${wrong.line}\n`), key)).toBe(false);
  });

  test("that is none is not read", () => {
    const hostile = ["", "text", "text\n", "text\n\n", note.slice(0, -1), note.replace("— ", "- "), note.replace(/=\n$/, "\n")];
    for (const text of [...hostile, `\t${note}`, `${note}\n`, note.replace(` ${ORIGIN} `, " two names ")])
      expect(() => parseNote(text), JSON.stringify(text)).toThrow("not a sign");
  });
});

describe("a verifier key", () => {
  test("reads back, and none that was altered", () => {
    const vkey = vkeyOf(key);
    expect(vkey.startsWith(`${ORIGIN}+f586c94c+A`)).toBe(true);
    expect(readVkey(vkey)).toEqual(key);
    for (const other of ["", ORIGIN, vkey.replace("f586", "f587"), vkey.slice(0, -4), vkey.replace(ORIGIN, "other")])
      expect(() => readVkey(other), other).toThrow("is no verifier key");
    expect(() => noteKey(signer, "has space", "ED25519")).toThrow("cannot name a key");
  });
});

describe("a cosignature", () => {
  test("is the witness's over checkpoint and time, and of nothing else", () => {
    const witness = signerOf("w".repeat(32), "witness");
    const seal = noteKey(witness, "witness.example/w1", "COSIGNATURE");
    const { note: read } = parseCheckpoint(note);
    const line = signLine(read.text, { signer: witness, key: seal, at: new Date(1_700_000_000_500) });
    const whole = parseNote(`${note}${line}\n`);
    expect([isSignedNote(whole, seal), isSignedNote(whole, key), isSignedNote(read, seal)]).toEqual([true, true, null]);
    expect(readSignature(line).bytes.readBigUInt64BE()).toBe(1_700_000_000n);
    const later = Buffer.from(line.split(" ")[2] ?? "", "base64");
    later[11] = (later[11] ?? 0) ^ 1;
    const moved = parseNote(`${note}— ${seal.name} ${later.toString("base64")}\n`);
    expect(isSignedNote(moved, seal)).toBe(false);
    expect(readVkey(vkeyOf(seal))).toEqual(seal);
  });
});

describe("a checkpoint", () => {
  test("holds origin, size and root in their one form", () => {
    const { note: read, ...checkpoint } = parseCheckpoint(note);
    expect(checkpoint).toEqual({ origin: ORIGIN, size: 8, root: ROOT });
    expect(read.signatures).toHaveLength(1);
    for (const size of ["08", "+8", "8.0", "-1", "", "9007199254740993", "0x8"])
      expect(() => parseCheckpoint(note.replace("\n8\n", `\n${size}\n`)), size).toThrow("not a");
    expect(() => parseCheckpoint(note.replace(ROOT.toString("base64"), "AAAA"))).toThrow("not a checkpoint");
  });
});
