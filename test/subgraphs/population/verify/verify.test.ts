import { beforeAll, describe, expect, test } from "vitest";
import type { VerificationTerms } from "../../../../schema/caller.ts";
import { labels } from "../../../../schema/errors.ts";
import { population } from "../../../../subgraphs/population/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { budi, joko, maria, rina, siti, slamet } from "../../../kit/people.ts";
import { allBut, callerWith, codesOf, FEW, useSlice } from "../../../kit/slice.ts";

// The answers of one-person verification, on real PostgreSQL: matching.md §9, a test for each rule.

const NOON = Date.parse("2026-11-21T05:00:00Z");
const EXISTENCE = "IdentityVerification.isRegistered";
const UNKNOWN = "3510161708459099";
const databases = useDatabases();
const slice = useSlice(population, { databaseUrl: () => databases.urls.population.runtime, now: () => NOON });

const QUESTION = `query ($input: VerifyIdentityInput!) {
  verifyIdentity(input: $input) { status reasons elements { element result similarity difference } }
}`;
const WITH_EXISTENCE = QUESTION.replace("status", "isRegistered status");

interface Asking {
  readonly existence?: boolean;
  readonly verification?: Partial<VerificationTerms>;
  readonly caller?: object;
}
let agreements = 0;
/** Each question under an agreement of its own, so that no test uses up another's attempts. */
async function verify(input: object, { existence = false, verification, caller = {} }: Asking = {}) {
  const asker = callerWith({ agreement: `PKS-T-${agreements++}`, verification: { ...FEW, ...verification }, ...caller });
  const verbs = allBut(population, existence ? [] : [EXISTENCE]);
  const answer = await slice.ask(existence ? WITH_EXISTENCE : QUESTION, { variables: { input }, caller: asker, verbs });
  return { ...answer, verdict: answer.data?.verifyIdentity };
}
const resultsOf = (verdict: { elements: { element: string; result: string }[] }) =>
  Object.fromEntries(
    verdict.elements.filter(({ result }) => result !== "NOT_TESTED").map(({ element, result }) => [element, result]),
  );
const elementOf = (verdict: { elements: { element: string }[] }, name: string) =>
  verdict.elements.find(({ element }) => element === name);
const WRONG = { fullName: "BAMBANG WIJAYA", birthDate: "1951-01-02", motherName: "NGATINEM", birthPlace: "TARAKAN" };

beforeAll(() =>
  asRole(databases.urls.population.owner, async (sql) => {
    await sql`update person set out_of_service = 'DUPLICATE' where nik = ${rina.nik}`;
    await sql`update person set out_of_service = 'INACTIVE' where nik = ${slamet.nik}`;
  }),
);

describe("a claim is held against the register", () => {
  test("who is whom they say is MATCHED, element by element, the others not tested", async () => {
    const { verdict, errors } = await verify({
      nik: siti.nik,
      fullName: "Siti Aminah",
      birthDate: siti.birthDate,
      sex: "FEMALE",
    });
    expect(errors).toEqual([]);
    expect([verdict.status, verdict.reasons]).toEqual(["MATCHED", ["MATCHED"]]);
    expect(resultsOf(verdict)).toEqual({ NIK: "MATCH", FULL_NAME: "MATCH", BIRTH_DATE: "MATCH", SEX: "MATCH" });
    expect(verdict.elements).toHaveLength(9);
  });

  test("every element can be asked, the family card's number and a region of any level too", async () => {
    const [row] = await asRole(
      databases.urls.population.owner,
      (sql) =>
        sql`select p.*, c.number::text as card from person p join family_card c on c.id = p.family_card_id where p.nik = ${siti.nik}`,
    );
    const whole = {
      nik: siti.nik,
      fullName: siti.fullName,
      birthPlace: "Kab. Banyuwangi",
      birthDate: siti.birthDate,
      sex: siti.sex,
      motherName: siti.motherName,
      familyCardNumber: row?.["card"],
      address: row?.["address"],
    };
    for (const region of ["35", "35.10", "351016", row?.["region"]]) {
      const { verdict } = await verify({ ...whole, region });
      expect(verdict.status).toBe("MATCHED");
      expect(Object.values(resultsOf(verdict))).toEqual(Array(9).fill("MATCH"));
    }
    const { verdict } = await verify({ ...whole, region: "35.11", familyCardNumber: "3510160101260000" });
    expect(verdict.status).toBe("MISMATCHED");
    expect(elementOf(verdict, "REGION")).toMatchObject({ result: "NO_MATCH" });
    expect(elementOf(verdict, "FAMILY_CARD_NUMBER")).toMatchObject({ result: "NO_MATCH" });
  });

  test("a date that differs and a mother who is another are MISMATCHED although the NIK is there (domain.md §7.4)", async () => {
    const { verdict } = await verify({ nik: siti.nik, birthDate: "1988-04-13", motherName: "NGATINEM" }, { existence: true });
    expect(verdict.status).toBe("MISMATCHED");
    expect(resultsOf(verdict)).toEqual({ NIK: "MATCH", BIRTH_DATE: "NO_MATCH", MOTHER_NAME: "NO_MATCH" });
  });

  test("a NIK above 2^53 is itself and not its neighbour", async () => {
    expect((await verify({ nik: maria.nik, fullName: maria.fullName })).verdict.status).toBe("MATCHED");
    const neighbour = `${maria.nik.slice(0, -1)}2`;
    expect((await verify({ nik: neighbour, fullName: maria.fullName })).verdict.status).toBe("MISMATCHED");
  });
});

describe("data minimisation (matching.md §9)", () => {
  test("stored values never leave: not in an answer, not in an error, not in the log", async () => {
    const before = slice.log.length;
    const answers = [
      await verify({ nik: siti.nik, ...WRONG, address: "JL LAIN", region: "93" }, { existence: true }),
      await verify({ nik: siti.nik, fullName: "SITI AMINA", birthPlace: "BANYUWANG" }),
      await verify({ nik: slamet.nik, fullName: "SLAMET", motherName: "X Y" }, { existence: true }),
      await verify({ nik: siti.nik, fullName: "?", birthDate: "2027-01-01" }),
    ];
    const said = [...answers.map(({ text }) => text), ...slice.log.slice(before)].join("\n");
    for (const secret of [siti.nik, siti.motherName, siti.birthDate, siti.birthPlace, "AMINAH", slamet.birthDate, "PAINEM"])
      expect(said).not.toContain(secret);
  });

  test("similarity is told from the threshold on, in steps of 5, and below it is 0", async () => {
    const near = { nik: siti.nik, fullName: "SITI AMINIHA" };
    const at = async (threshold: number) => elementOf((await verify({ ...near, threshold })).verdict, "FULL_NAME");
    const seen = await Promise.all([80, 85, 90, 95, 100].map(at));
    const degrees = seen.map((element: any) => element.similarity);
    expect(degrees.at(-1)).toBe(0);
    expect(degrees[0]).toBeGreaterThan(0);
    expect(degrees.every((degree) => degree % 5 === 0)).toBe(true);
    const { verdict } = await verify({ nik: siti.nik, fullName: "SITTI MUNAWAROH", birthPlace: "BANDUNG" });
    expect([elementOf(verdict, "FULL_NAME"), elementOf(verdict, "BIRTH_PLACE")]).toMatchObject([
      { result: "NO_MATCH", similarity: 0 },
      { result: "NO_MATCH", similarity: 0 },
    ]);
  });

  test("the mother's name is judged at the agreement's floor, whatever threshold is asked", async () => {
    const results = [80, 90, 100].map(async (threshold) => {
      const { verdict } = await verify({ nik: siti.nik, fullName: siti.fullName, motherName: "SULASTRIN", threshold });
      return elementOf(verdict, "MOTHER_NAME");
    });
    for (const element of await Promise.all(results)) expect(element).toMatchObject({ result: "MATCH", similarity: null });
    const strict = { verification: { floor: 100 } };
    const { verdict } = await verify({ nik: siti.nik, fullName: siti.fullName, motherName: "SULASTRIN" }, strict);
    expect(elementOf(verdict, "MOTHER_NAME")).toMatchObject({ result: "NO_MATCH" });
  });

  test("of the mother's name only the result is told, matched or not", async () => {
    for (const motherName of [siti.motherName, "Soelastri", "NGATINEM"]) {
      const { verdict } = await verify({ nik: siti.nik, motherName });
      expect(elementOf(verdict, "MOTHER_NAME")).toMatchObject({ similarity: null, difference: null });
    }
    expect((await verify({ nik: siti.nik, motherName: "Soelastri" })).verdict.status).toBe("MATCHED");
  });

  test("how names differ is told on a match only", async () => {
    const told = async (fullName: string) => elementOf((await verify({ nik: budi.nik, fullName })).verdict, "FULL_NAME");
    expect(await told("Drs. Boedi Santoso")).toMatchObject({ result: "MATCH", difference: ["TITLE", "SPELLING"] });
    expect(await told("SANTOSO BUDI")).toMatchObject({ result: "MATCH", difference: ["ORDER"] });
    expect(await told("BUDI SANTOSO")).toMatchObject({ result: "MATCH", difference: [] });
    expect(await told("H. BAMBANG")).toMatchObject({ result: "NO_MATCH", difference: null });
  });

  test("an unknown NIK and one whose every element differs look the same, byte for byte, and cost the same statements", async () => {
    const claims = { ...WRONG, sex: "MALE", address: "JL MAWAR 3", region: "93", familyCardNumber: "3510160101260000" };
    const [known, unknown] = [await verify({ nik: siti.nik, ...claims }), await verify({ nik: UNKNOWN, ...claims })];
    const statements = slice.statements;
    expect(unknown.text).toBe(known.text);
    expect(unknown.verdict).toMatchObject({ status: "MISMATCHED", reasons: ["MISMATCHED"] });
    await verify({ nik: siti.nik, ...claims });
    expect(slice.statements).toBe(statements);
  });

  test("what the NIK itself says proves nothing: of the living and the dead the answer is that of an unknown NIK", async () => {
    for (const person of [siti, slamet, rina]) {
      const said = { birthDate: person.birthDate, sex: person.sex, region: "35.10.16" };
      for (const claims of [{ birthDate: said.birthDate }, { sex: said.sex }, { region: said.region }, said]) {
        const [known, unknown] = [await verify({ nik: person.nik, ...claims }), await verify({ nik: UNKNOWN, ...claims })];
        expect(known.text).toBe(unknown.text);
        expect(known.verdict).toMatchObject({ status: "MISMATCHED", reasons: ["MISMATCHED"] });
        expect(Object.values(resultsOf(known.verdict))).not.toContain("MATCH");
      }
    }
  });

  test("so does one out of the agreement's rows", async () => {
    const papua = { caller: { rows: { regions: [["93", "94"]], programs: null, decileMax: 100 } } };
    const [outside, unknown] = [
      await verify({ nik: siti.nik, fullName: siti.fullName }, papua),
      await verify({ nik: UNKNOWN, fullName: siti.fullName }, papua),
    ];
    expect(outside.text).toBe(unknown.text);
  });

  test("existence is told under its own grant: NOT_FOUND for nobody, ANOMALY for plainly somebody else", async () => {
    const nobody = await verify({ nik: joko.nik, ...WRONG }, { existence: true });
    expect(nobody.verdict).toMatchObject({ status: "NOT_FOUND", reasons: ["NOT_FOUND"], isRegistered: false });
    const other = await verify({ nik: siti.nik, ...WRONG }, { existence: true });
    expect(other.verdict).toMatchObject({ status: "ANOMALY", reasons: ["ANOMALY", "MISMATCHED"], isRegistered: true });
  });

  test("asking for existence without the grant is denied, and the status does not tell it either", async () => {
    const answer = await slice.ask(WITH_EXISTENCE, {
      variables: { input: { nik: UNKNOWN, ...WRONG } },
      verbs: allBut(population, [EXISTENCE]),
      caller: callerWith({ agreement: "PKS-T-NO-EXISTENCE" }),
    });
    expect(answer.errors.map(({ extensions }) => extensions.coordinate)).toEqual([EXISTENCE]);
    expect(answer.data.verifyIdentity).toMatchObject({ isRegistered: null, status: "MISMATCHED" });
  });

  test("death and service are told to who knows the person or may ask who exists, with every reason in order, and to nobody else", async () => {
    const knows = await verify({ nik: slamet.nik, fullName: "SLAMET", motherName: "NGATINEM" });
    expect(knows.verdict).toMatchObject({ status: "DECEASED", reasons: ["DECEASED", "INACTIVE", "MISMATCHED"] });
    expect((await verify({ nik: rina.nik, fullName: rina.fullName })).verdict).toMatchObject({
      status: "DUPLICATE",
      reasons: ["DUPLICATE"],
    });
    const guess = { nik: slamet.nik, motherName: "NGATINEM", birthDate: slamet.birthDate };
    const guesses = await verify(guess, { existence: false });
    expect(guesses.verdict).toMatchObject({ status: "MISMATCHED", reasons: ["MISMATCHED"] });
    const granted = await verify(guess, { existence: true });
    expect(granted.verdict).toMatchObject({ status: "DECEASED", reasons: ["DECEASED", "INACTIVE", "MISMATCHED"] });
  });

  test("an element outside the envelope closes the question, whatever else it asks", async () => {
    const verbs = allBut(population, ["VerifyIdentityInput.motherName"]);
    const variables = { input: { nik: siti.nik, motherName: "X" } };
    const answer = await slice.ask(QUESTION, { variables, verbs });
    expect([codesOf(answer), answer.errors[0]?.extensions.coordinate]).toEqual([
      ["USE_NOT_GRANTED"],
      "VerifyIdentityInput.motherName",
    ]);
  });
});

describe("bad input is named, never repeated", () => {
  test.each<[string, object, RegExp]>([
    ["a NIK of 15 digits", { nik: "351016170845900", fullName: "A" }, /nik must be a NIK/],
    ["a NIK with letters", { nik: "35101617O8459001", fullName: "A" }, /nik must be a NIK/],
    ["a NIK of day 35", { nik: "3510163501909001", fullName: "A" }, /nik must be a NIK of 16 digits \(DAY\)/],
    ["a NIK alone", { nik: siti.nik }, /at least one more element/],
    ["a NIK beside nulls", { nik: siti.nik, fullName: null, sex: null }, /at least one more element/],
    ["a birth date to come", { nik: siti.nik, birthDate: "2026-11-22" }, /birthDate must be a day/],
    ["a birth date of long ago", { nik: siti.nik, birthDate: "1850-01-01" }, /birthDate must be a day/],
    ["a name without letters", { nik: siti.nik, fullName: " 123 " }, /fullName must be a name/],
    ["an endless name", { nik: siti.nik, motherName: "A".repeat(101) }, /motherName must be a name/],
    ["an endless address", { nik: siti.nik, address: "A".repeat(201) }, /address must be an address/],
    ["a card number of 3 digits", { nik: siti.nik, familyCardNumber: "123" }, /familyCardNumber must be 16 digits/],
    ["a threshold of 0", { nik: siti.nik, fullName: "A", threshold: 0 }, /threshold must be a multiple of 5 from 5 to 100/],
    ["a threshold of 105", { nik: siti.nik, fullName: "A", threshold: 105 }, /threshold must be a multiple of 5 from 5 to 100/],
    ["a threshold between steps", { nik: siti.nik, fullName: "A", threshold: 98 }, /threshold must be a multiple of 5/],
    ["several at once", { nik: "1", fullName: "", birthDate: "2999-01-01" }, /nik .*; fullName .*; birthDate /],
  ])("%s", async (_, input, detail) => {
    const answer = await verify(input);
    expect(codesOf(answer)).toEqual(["BAD_USER_INPUT"]);
    expect(answer.errors[0]?.extensions.detail).toMatch(detail);
    expect(answer.text).not.toMatch(/\d{10}/);
  });

  test("a day that is in no calendar", async () => {
    const answer = await verify({ nik: siti.nik, birthDate: "1990-02-30" });
    expect([answer.status, codesOf(answer)]).toEqual([400, ["BAD_USER_INPUT"]]);
  });

  test("bad input is no attempt", async () => {
    const once = { verification: { attemptsOnSubject: 1 }, caller: { agreement: "PKS-T-BAD" } };
    await verify({ nik: siti.nik, fullName: "" }, once);
    expect((await verify({ nik: siti.nik, fullName: "SITI" }, once)).errors).toEqual([]);
  });
});

describe("the agreement's floor", () => {
  test("bounds the threshold: below it is a use not granted, without one the floor is taken", async () => {
    const terms = { verification: { floor: 90 } };
    const below = await verify({ nik: siti.nik, fullName: "SITI AMINIHA", threshold: 85 }, terms);
    expect([codesOf(below), below.errors[0]?.extensions.coordinate]).toEqual([
      ["USE_NOT_GRANTED"],
      "VerifyIdentityInput.threshold",
    ]);
    expect((await verify({ nik: siti.nik, fullName: "SITI AMINAH", threshold: 90 }, terms)).verdict.status).toBe("MATCHED");
  });

  test("is 80 where the agreement says nothing", async () => {
    expect(codesOf(await verify({ nik: siti.nik, fullName: "SITI", threshold: 75 }))).toEqual(["USE_NOT_GRANTED"]);
  });
});

test("every word of a verdict has a text in both languages", () => {
  const words = ["IdentityStatus", "PersonElement", "ElementResult", "NameDifference"].flatMap((name) => {
    const type = population.schema.getType(name) as unknown as { getValues(): { name: string }[] };
    return type.getValues().map((value) => `${name}.${value.name}`);
  });
  expect(words.length).toBeGreaterThan(25);
  for (const language of ["id", "en"] as const) {
    expect(Object.keys(labels[language]["enums"] ?? {})).toEqual(expect.arrayContaining(words));
    expect(Object.keys(labels[language]["reasons"] ?? {})).toEqual(
      expect.arrayContaining(["QUOTA", "ATTEMPTS_ON_SUBJECT", "ATTEMPTS_OF_CLIENT"]),
    );
  }
});
