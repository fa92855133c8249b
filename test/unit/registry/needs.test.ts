import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ppksKind } from "../../../drizzle/tables/welfare/welfare.ts";
import type { NeedKind } from "../../../subgraphs/welfare/generated.ts";
import { coversWhole, releaseNeeds } from "../../../subgraphs/welfare/needs/counts.ts";
import { criteriaOf, isKindOf } from "../../../subgraphs/welfare/needs/kinds.ts";
import { boxKeyOf, seal, unseal } from "../../../subgraphs/welfare/packet/seal.ts";

const KINDS: readonly NeedKind[] = ppksKind.enumValues;

test("each of the 26 kinds belongs to a family of criteria, and persons may have any", () => {
  expect(KINDS).toHaveLength(26);
  for (const kind of KINDS) {
    expect(criteriaOf(kind).length, kind).toBeGreaterThan(0);
    expect(isKindOf(kind, "PERSON"), kind).toBe(true);
  }
  expect(KINDS.filter((kind) => isKindOf(kind, "FAMILY"))).toEqual([
    "NATURAL_DISASTER_VICTIM",
    "SOCIAL_DISASTER_VICTIM",
    "POOR",
    "TROUBLED_FAMILY",
  ]);
  expect(isKindOf("SEX_WORKER", "COMMUNITY")).toBe(false);
});

describe("released counts of needs", () => {
  const counted = fc.uniqueArray(fc.record({ of: fc.constantFrom(...KINDS), n: fc.integer({ min: 1, max: 500 }) }), {
    selector: ({ of }) => of,
    minLength: 1,
  });
  const plain: readonly NeedKind[] = ["POOR", "HOMELESS", "NEGLECTED_ELDER"];
  const key = Buffer.alloc(32, 1);

  const isFit = (n: number, told: number | null) => told === null || (n >= 10 && told % 5 === 0 && Math.abs(told - n) < 5);

  test("nobody reads a small cell, nor works it out from the total", () => {
    fc.assert(
      fc.property(counted, (counts) => {
        const { total, byKind } = releaseNeeds({ key, region: "3510", counts, kinds: KINDS, plain });
        const exact = new Map(counts.map(({ of, n }) => [of, n]));
        for (const { kind, persons } of byKind) expect(isFit(exact.get(kind) ?? 0, persons), `${kind} ${persons}`).toBe(true);
        const withheld = byKind.filter(({ kind, isSuppressed }) => isSuppressed && exact.has(kind)).length;
        if (total !== null && counts.length > 1) expect(withheld).not.toBe(1);
      }),
    );
  });

  test("a kind that nobody has looks like one that nine have", () => {
    const told = (counts: { of: NeedKind; n: number }[]) =>
      releaseNeeds({ key, region: "3510", counts, kinds: KINDS, plain }).byKind;
    const others: { of: NeedKind; n: number }[] = [
      { of: "POOR", n: 400 },
      { of: "BEGGAR", n: 9 },
      { of: "SCAVENGER", n: 8 },
    ];
    expect(told(others)).toEqual(told([...others, { of: "PERSON_WITH_HIV", n: 1 }, { of: "SEX_WORKER", n: 9 }]));
    expect(told([]).map(({ kind }) => kind)).toEqual(KINDS);
  });

  test("who asks about a whole sees all of it, or is not told", () => {
    const scope = (...regions: [string, string][]) => ({ regions, programs: null, decileMax: 100 });
    expect(coversWhole("3510", scope(["3510", "3511"]), null)).toBe(true);
    expect(coversWhole("3510", scope(["3510161001", "3510161002"]), null), "a village of it").toBe(false);
    expect(coversWhole("3510", scope(["351016", "351017"], ["351018", "351019"]), null), "two of its districts").toBe(false);
    expect(coversWhole("3510", scope(["3510", "3511"]), [{ region: "3510161001" }]), "a duty in one village").toBe(false);
    expect(coversWhole("3510161001", scope(["3510", "3511"]), [{ region: "3510161001" }])).toBe(true);
    expect(coversWhole("3510", scope(["35", "36"]), [{ region: "" }])).toBe(true);
    expect(coversWhole("3510", scope(["35", "36"]), []), "no duty").toBe(false);
  });

  test("below the regency the kinds that stigmatise are in no figure", () => {
    fc.assert(
      fc.property(counted, fc.constantFrom("351016", "3510161001"), (counts, region) => {
        const told = releaseNeeds({ key, region, counts, kinds: KINDS, plain });
        const alone = releaseNeeds({ key, region, counts: counts.filter(({ of }) => plain.includes(of)), kinds: KINDS, plain });
        expect(told).toEqual(alone);
      }),
    );
  });
});

test("a sealed text opens for its key and signer alone", () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(bytes, bytes, fc.dictionary(fc.string(), fc.string()), (own, other, content) => {
      fc.pre(Buffer.compare(own, other) !== 0);
      const [key, wrong] = [boxKeyOf(own), boxKeyOf(other)];
      const sealed = seal("dtks-packet-1", { head: {}, content }, { to: key.publicKey, sign: () => "signed" });
      const isSigned = (_: string, signature: string) => signature === "signed";
      expect(unseal("dtks-packet-1", sealed, { key, isSigned })).toEqual({ ...content });
      if (wrong.publicKey !== key.publicKey) expect(unseal("dtks-packet-1", sealed, { key: wrong, isSigned })).toBeNull();
      expect(unseal("dtks-return-1", sealed, { key, isSigned }), "as another form").toBeNull();
      expect(unseal("dtks-packet-1", sealed, { key, isSigned: () => false })).toBeNull();
    }),
  );
});
