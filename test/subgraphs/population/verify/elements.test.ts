import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Claim } from "../../../../subgraphs/population/matching/verify/claim.ts";
import { compareAddresses, compareNames, comparePlaces } from "../../../../subgraphs/population/matching/verify/compare.ts";
import { type Identity, verifyElements } from "../../../../subgraphs/population/matching/verify/verify.ts";
import { siti } from "../../../kit/people.ts";

const STORED: Identity = {
  ...{ nik: siti.nik, fullName: siti.fullName, birthPlace: siti.birthPlace, birthDate: siti.birthDate, sex: siti.sex },
  ...{ motherName: siti.motherName, address: "DUSUN KRAJAN NO 7 RT 002 RW 001", region: "3510161001" },
  ...{ familyCardNumber: "3510161106180000", isAlive: true, outOfService: null },
};
const NOTHING: Claim = {
  ...{ nik: siti.nik, fullName: null, birthPlace: null, birthDate: null, sex: null },
  ...{ motherName: null, familyCardNumber: null, address: null, region: null },
};
const PLAIN = { threshold: 80, tellsExistence: false };

const word = fc.string({ unit: fc.constantFrom(..."AEIOUBDGHJKLMNPRSTWY"), minLength: 3, maxLength: 9 });
const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const claim: fc.Arbitrary<Claim> = fc.record({
  nik: fc.constant(siti.nik),
  fullName: maybe(fc.oneof(name, fc.constantFrom("SITI AMINAH", "SITI", "Hj. Siti Aminnah", "AMINAH SITI"))),
  birthPlace: maybe(fc.oneof(name, fc.constantFrom("BANYUWANGI", "KAB BANYUWANGI", "BANYUWANGGI"))),
  birthDate: maybe(fc.constantFrom("1988-04-12", "1988-12-04", "1990-01-01")),
  sex: maybe(fc.constantFrom("MALE", "FEMALE")),
  motherName: maybe(fc.oneof(name, fc.constantFrom("SULASTRI", "SOELASTRI"))),
  familyCardNumber: maybe(fc.constantFrom("3510161106180000", "3510161106180009")),
  address: maybe(fc.oneof(name, fc.constantFrom("DSN KRAJAN NO 7 RT 2 RW 1", "DUSUN KRAJAN NO 8"))),
  region: maybe(fc.constantFrom("35", "3510", "351016", "3510161001", "93")),
});
const threshold = fc.integer({ min: 1, max: 20 }).map((steps) => 5 * steps);

describe("for every claim and threshold", () => {
  test("similarity is in steps of 5, told of a text that matches and of nothing else; of the mother's name never", () => {
    fc.assert(
      fc.property(claim, threshold, (claimed, least) => {
        const { elements } = verifyElements(STORED, claimed, { ...PLAIN, threshold: least });
        const tested = elements.filter(({ result }) => result !== "NOT_TESTED");
        const texts = tested.filter(({ element }) => ["FULL_NAME", "BIRTH_PLACE", "ADDRESS"].includes(element));
        expect(elements.filter(({ similarity }) => similarity !== null)).toEqual(texts);
        for (const { result, similarity } of texts)
          expect([result === "MATCH", (similarity ?? 1) % 5]).toEqual([Number(similarity) > 0, 0]);
        const told = elements.filter(({ difference }) => difference !== null);
        expect(told).toEqual(texts.filter(({ element, result }) => element === "FULL_NAME" && result === "MATCH"));
      }),
    );
  });

  test("all thresholds together tell of a similarity no more than its step of 5", () => {
    fc.assert(
      fc.property(claim, fc.constantFrom("FULL_NAME", "BIRTH_PLACE", "ADDRESS"), (claimed, text) => {
        const told = Array.from({ length: 20 }, (_, at) => {
          const { elements } = verifyElements(STORED, claimed, {
            ...PLAIN,
            threshold: 5,
            raised: 5 * (at + 1),
            tellsExistence: true,
          });
          return elements.find(({ element }) => element === text)?.similarity ?? 0;
        });
        const step = Math.max(...told);
        expect(told).toEqual(told.map((_, at) => (5 * (at + 1) <= step ? step : 0)));
      }),
    );
  });

  test("a higher threshold never turns what does not match into what does", () => {
    fc.assert(
      fc.property(claim, threshold, threshold, (claimed, one, other) => {
        const matching = (least: number) =>
          verifyElements(STORED, claimed, { ...PLAIN, threshold: least })
            .elements.filter(({ result }) => result === "MATCH")
            .map(({ element }) => element);
        expect(matching(Math.min(one, other))).toEqual(expect.arrayContaining(matching(Math.max(one, other))));
      }),
    );
  });

  const wrong: fc.Arbitrary<Claim> = fc.record({
    nik: fc.constant(siti.nik),
    fullName: maybe(fc.constantFrom("BAMBANG WIJAYA", "UDIN", "Drs. H. Koko Gunawan, M.Si")),
    birthPlace: maybe(fc.constantFrom("TARAKAN", "KOTA LANGSA")),
    birthDate: maybe(fc.constantFrom("1988-12-04", "1951-01-02")),
    sex: maybe(fc.constant("MALE")),
    motherName: maybe(fc.constantFrom("NGATINEM", "DEWI KUMALA")),
    familyCardNumber: maybe(fc.constant("3510161106180009")),
    address: maybe(fc.constantFrom("JL MAWAR 3", "KOMPLEK BUNGUR BLOK C 12")),
    region: maybe(fc.constantFrom("93", "3511", "3510161002")),
  });

  test("nobody looks as somebody of whom every element differs, and is as much work", () => {
    fc.assert(
      fc.property(wrong, threshold, (claimed, least) => {
        const terms = { ...PLAIN, threshold: least };
        const [somebody, nobody] = [counted(claimed), counted(claimed)];
        const known = verifyElements(STORED, somebody.claim, terms);
        expect(known.elements.filter(({ result }) => result === "MATCH")).toEqual([]);
        fc.pre(known.elements.some(({ element, result }) => element !== "NIK" && result === "NO_MATCH"));
        expect({ ...verifyElements(null, nobody.claim, terms), isRegistered: true }).toEqual(known);
        expect(nobody.reads()).toBe(somebody.reads());
      }),
    );
  });

  const fromNik: fc.Arbitrary<Claim> = fc.record({
    ...{ nik: fc.constant(siti.nik), fullName: maybe(fc.constant("BAMBANG WIJAYA")), birthPlace: fc.constant(null) },
    ...{ birthDate: maybe(fc.constant(siti.birthDate)), sex: maybe(fc.constant(siti.sex)), motherName: fc.constant(null) },
    ...{
      familyCardNumber: fc.constant(null),
      address: fc.constant(null),
      region: maybe(fc.constantFrom("35", "3510", "351016")),
    },
  });
  const states = fc.record({
    isAlive: fc.boolean(),
    outOfService: fc.constantFrom(null, "DUPLICATE" as const, "INACTIVE" as const),
  });

  test("nobody looks as somebody of whom only what the NIK says fits, in whatever state they are", () => {
    fc.assert(
      fc.property(fromNik, states, threshold, (claimed, state, least) => {
        const terms = { ...PLAIN, threshold: least };
        const known = verifyElements({ ...STORED, ...state }, claimed, terms);
        expect({ ...verifyElements(null, claimed, terms), isRegistered: true }).toEqual(known);
      }),
    );
  });

  test("where existence is granted what the NIK says is told element by element, and nobody dead is called matched", () => {
    const { elements, reasons } = verifyElements(
      { ...STORED, isAlive: false },
      { ...NOTHING, birthDate: siti.birthDate, fullName: "BAMBANG" },
      { ...PLAIN, tellsExistence: true },
    );
    expect(elements.filter(({ result }) => result === "MATCH").map(({ element }) => element)).toEqual(["NIK", "BIRTH_DATE"]);
    expect(reasons).toEqual(["DECEASED", "MISMATCHED"]);
    const dead = { ...STORED, isAlive: false };
    const fits = verifyElements(dead, { ...NOTHING, birthDate: siti.birthDate }, { ...PLAIN, tellsExistence: true });
    expect(fits.reasons).toEqual(["DECEASED"]);
  });

  test("a claim made to fit the stand-in for nobody finds nothing", () => {
    const decoy = { ...NOTHING, fullName: "NAMA PEMBANDING", birthDate: "1900-01-01", sex: "MALE", region: "00" };
    const { status, elements } = verifyElements(null, decoy, PLAIN);
    expect([status, elements.filter(({ result }) => result === "MATCH")]).toEqual(["MISMATCHED", []]);
  });
});

/** A claim that counts how often it is read. */
function counted(claimed: Claim) {
  let reads = 0;
  const get = (target: Claim, key: string) => {
    reads += 1;
    return target[key as keyof Claim];
  };
  return { claim: new Proxy(claimed, { get: get as never }), reads: () => reads };
}

describe("reasons come in the order of precedence", () => {
  const known = { ...NOTHING, fullName: siti.fullName };
  test.each([
    [{ isAlive: false }, known, ["DECEASED"]],
    [{ isAlive: false, outOfService: "INACTIVE" as const }, { ...known, sex: "MALE" }, ["DECEASED", "INACTIVE", "MISMATCHED"]],
    [{ isAlive: false, outOfService: "DUPLICATE" as const }, known, ["DUPLICATE", "DECEASED"]],
    [{}, known, ["MATCHED"]],
    [{}, { ...known, sex: "MALE" }, ["MISMATCHED"]],
    [{ familyCardNumber: null }, { ...known, familyCardNumber: "3510161106180000" }, ["MISMATCHED"]],
  ])("%j", (state, claimed, reasons) => {
    expect(verifyElements({ ...STORED, ...state }, claimed, PLAIN)).toMatchObject({ status: reasons[0], reasons });
  });

  test("one wrong name alone is a mismatch, not yet somebody else", () => {
    const terms = { ...PLAIN, tellsExistence: true };
    expect(verifyElements(STORED, { ...NOTHING, fullName: "BAMBANG" }, terms).reasons).toEqual(["MISMATCHED"]);
    const other = { ...NOTHING, fullName: "BAMBANG", motherName: "NGATINEM" };
    expect(verifyElements(STORED, other, terms).reasons).toEqual(["ANOMALY", "MISMATCHED"]);
    expect(verifyElements(STORED, other, PLAIN).reasons).toEqual(["MISMATCHED"]);
    const date = { ...other, fullName: null, birthDate: "1990-01-01" };
    expect(verifyElements(STORED, date, terms).reasons).toEqual(["MISMATCHED"]);
  });
});

describe("two texts", () => {
  test.each([
    ["SOEPARMAN", "Suparman", true, 100],
    ["MUHAMMAD YUSUF", "Moch. Jusuf", true, 80],
    ["SITI AMINAH", "AMINAH SITI", true, 100],
    ["NURHAYATI", "NUR HAYATI", true, 90],
    ["SITI AMINAH", "SITI RAHAYU", false, 0],
    ["SITI AMINAH", "BAMBANG WIJAYA", false, 0],
  ])("the names %s and %s: alike %s, %i or more", (stored, claimed, isAlike, least) => {
    const found = compareNames(stored, claimed);
    expect(found.isAlike).toBe(isAlike);
    expect(found.similarity).toBeGreaterThanOrEqual(least);
  });
  test.each([
    ["BANYUWANGI", "Kab. Banyuwangi", true],
    ["KOTA BANDUNG", "BANDUNG", true],
    ["BANYUWANGI", "BANYUWANGGI", true],
    ["BIMA", "BIAK", false],
    ["KEDIRI", "KENDARI", false],
    ["KOTA", "KOTA", true],
  ])("the places %s and %s: alike %s", (stored, claimed, isAlike) => {
    expect(comparePlaces(stored, claimed).isAlike).toBe(isAlike);
  });
  test.each([
    ["DUSUN KRAJAN NO 7 RT 002 RW 001", "Dsn. Krajan No. 7, RT02/RW01", true],
    ["JL. MELATI NO. 1", "JALAN MELATI NO 2", false],
    ["JL. MELATI NO. 1 RT 003", "JL MELATI 1", true],
    ["JL. MELATI", "JL MELATI 5", false],
  ])("the addresses %s and %s: alike %s", (stored, claimed, isAlike) => {
    expect(compareAddresses(stored, claimed).isAlike).toBe(isAlike);
  });

  test("of any length and script can be compared", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: "grapheme" }), fc.string({ maxLength: 100, unit: "grapheme" }), (a, b) => {
        for (const compare of [compareNames, comparePlaces, compareAddresses]) {
          const { similarity } = compare(a, b);
          expect(similarity >= 0 && similarity <= 100).toBe(true);
        }
      }),
    );
  });
});
