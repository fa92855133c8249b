import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attest, attestationSigner, readAttestation } from "../../../schema/attestation.ts";

const population = attestationSigner("p".repeat(32));
const keys = { population: population.publicKey };
const asked = { by: "population", kind: "DEATH", keys } as const;
const fact = { by: "population", kind: "DEATH", about: "e1", at: "2026-01-05T00:00:00Z", says: { on: "2026-01-04" } } as const;
/** Anything, signed by the right slice. */
const signed = (content: string) => {
  const payload = Buffer.from(content).toString("base64url");
  return `${payload}.${population.sign(payload)}`;
};

describe("an attestation", () => {
  test("says what the slice signed, to whoever asks for that slice and kind", () => {
    expect(readAttestation(attest(population, fact), asked)).toEqual(fact);
  });

  test("is none of another slice or kind, under another key, or under none", () => {
    const text = attest(population, fact);
    const other = attestationSigner("q".repeat(32)).publicKey;
    expect(readAttestation(text, { ...asked, kind: "VALIDATION" })).toBeNull();
    expect(readAttestation(text, { ...asked, by: "programs", keys: { programs: population.publicKey } })).toBeNull();
    expect(readAttestation(text, { ...asked, keys: { population: other } })).toBeNull();
    expect(readAttestation(text, { ...asked, keys: {} })).toBeNull();
    expect(readAttestation(text, { ...asked, keys: { population: "no key" } })).toBeNull();
  });

  test("is none when a single character of it was changed, or a part added", () => {
    const text = attest(population, fact);
    for (let at = 0; at < text.indexOf("."); at += 1) {
      const changed = `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
      expect(readAttestation(changed, asked), String(at)).toBeNull();
    }
    expect(readAttestation(`${text}.x`, asked)).toBeNull();
  });

  test.each(["", "null", "1", '"x"', "[]", "{}", "{", "\u0000", '{"v":1}', JSON.stringify({ v: 2, ...fact })])(
    "signed but malformed (%j) is none, and nothing is thrown",
    (content) => {
      expect(readAttestation(signed(content), asked)).toBeNull();
    },
  );

  test("lacking what it is about, when, or what it says is none", () => {
    for (const lacking of ["about", "at", "says", "by", "kind", "v"])
      expect(readAttestation(signed(JSON.stringify({ v: 1, ...fact, [lacking]: undefined })), asked), lacking).toBeNull();
  });

  test("nothing anybody writes, signed or not, makes the reader throw", () => {
    fc.assert(fc.property(fc.string(), (text) => readAttestation(text, asked) === null));
    fc.assert(fc.property(fc.json(), (text) => readAttestation(signed(text), asked) === null));
  });
});
