import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Subjects, type SubjectType } from "../../../../gateway/mask/subjects.ts";

// Whom a quota of persons counts in an answer, from the rows in it and how they stand within each other.

interface Row {
  readonly type: SubjectType;
  readonly id: string;
  readonly rows: readonly Row[];
  readonly isNulled?: boolean;
  /** Of a row that is no person: whom it is about. */
  readonly about?: string;
}
const PERSON: SubjectType = { name: "Person", isPerson: true };
const [HOUSEHOLD, MEMBER, ENROLMENT] = ["Household", "Member", "Enrolment"].map((name) => ({ name, isPerson: false })) as [
  SubjectType,
  SubjectType,
  SubjectType,
];
const of =
  (type: SubjectType) =>
  (id: string, ...rows: readonly Row[]): Row => ({ type, id, rows });
const [person, household, member, enrolment] = [of(PERSON), of(HOUSEHOLD), of(MEMBER), of(ENROLMENT)];

function walk(rows: readonly Row[], met = new Subjects()): Subjects {
  for (const { type, id, rows: below, isNulled = false, about = null } of rows) {
    const { mark } = met;
    met.enter({ type, id, person: type.isPerson ? id : about, isRestricted: false });
    walk(below, met);
    met.leave(mark, !isNulled);
    if (isNulled) met.backTo(mark);
  }
  return met;
}
const namedBy = (...rows: readonly Row[]) => walk(rows).ids("Person");
const idsOf = (...rows: readonly Row[]) => namedBy(...rows).map(({ id }) => id);
const counted = (...rows: readonly Row[]) => walk(rows).persons().sort();
const four = (made: (n: number) => Row) => [1, 2, 3, 4].map(made);

describe("a quota of persons counts", () => {
  test("of a household whose members are matched the persons, and nothing beside them", () => {
    const home = household("h", ...four((n) => member(`m${n}`, person(`p${n}`, enrolment(`a${n}`), enrolment(`b${n}`)))));
    expect(counted(home)).toEqual(["p1", "p2", "p3", "p4"]);
    expect(idsOf(home)).toHaveLength(17);
  });
  test("a member without a person, beside persons as well as alone in a household", () => {
    expect(counted(household("h", member("m1", person("p1")), member("m2")))).toEqual(["m2", "p1"]);
    expect(counted(household("h", member("m1")))).toEqual(["m1"]);
    expect(counted(household("h", ...four((n) => member(`m${n}`))))).toEqual(["m1", "m2", "m3", "m4"]);
  });
  test("a household without its members, and every enrolment whose person is not told", () => {
    expect(counted(household("h"))).toEqual(["h"]);
    expect(counted(enrolment("a"), enrolment("b"), enrolment("c", person("p")))).toEqual(["a", "b", "p"]);
  });
  test("a person once, however often and wherever the row stands", () => {
    expect(counted(person("p", enrolment("a"), enrolment("b"), enrolment("c")), person("p"), member("m", person("p")))).toEqual([
      "p",
    ]);
  });
  test("members of one household each, though the household is told inside each of them", () => {
    expect(counted(...four((n) => member(`m${n}`, household("h"))))).toHaveLength(4);
    expect(counted(household("h", ...four((n) => member(`m${n}`, household("h")))))).toHaveLength(4);
    expect(counted(member("m1", household("h", member("m1"), member("m2"))))).toEqual(["m1", "m2"]);
  });
  test("nobody of a row that a null above it took out of the answer", () => {
    const gone = { ...member("m1", person("p1")), isNulled: true };
    expect(counted(household("h", gone, member("m2", person("p2"))))).toEqual(["p2"]);
    expect(counted(household("h", gone)), "the household is left without a person").toEqual(["h"]);
    expect(counted({ ...person("p", enrolment("a")), isNulled: true }, enrolment("b")), "it is around nobody any more").toEqual([
      "b",
    ]);
  });

  test("the other members of a person's household, who are people of their own", () => {
    const home = household("h", member("m1"), member("m2"), member("m3"));
    expect(counted(person("p", member("m1", home)))).toEqual(["m2", "m3", "p"]);
  });

  test("the same, whether or not its rows say whom they are about", () => {
    const about = (one: Row, n: number) => ({ ...one, about: `p${n}` });
    const home = (of: (one: Row, n: number) => Row) =>
      household("h", of(member("m1", person("p1")), 1), of(member("m2"), 2), of(enrolment("a"), 2));
    expect(counted(home(about))).toEqual(counted(home((one) => one)));
    expect(counted(about(enrolment("a"), 1), about(enrolment("b"), 1))).toEqual(["a", "b"]);
  });

  const ids = fc.constantFrom("1", "2", "3", "4");
  const { row } = fc.letrec<{ row: Row }>((tie) => ({
    row: fc.record({
      type: fc.constantFrom(PERSON, HOUSEHOLD, MEMBER, ENROLMENT),
      id: ids,
      rows: fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie("row"), { maxLength: 4 })),
    }),
  }));
  /** Ids are of one type each. */
  const named = ({ type, id, rows }: Row): Row => ({ type, id: `${type.name} ${id}`, rows: rows.map(named) });
  const rowsIn = (given: readonly Row[]): Row[] => given.flatMap((one) => [one, ...rowsIn(one.rows)]);
  /** Rows of a type that no person stands in or stands for, by what the rule says. */
  const alone = (given: readonly Row[], type: SubjectType, around: readonly Row[] = []): Row[] =>
    given.flatMap((one) => {
      const isWithin = around.some((outer) => outer.type.isPerson);
      const isAnother = around.some((outer) => outer.type === type && outer.id !== one.id);
      const isLone = one.type === type && rowsIn(one.rows).every((inner) => !inner.type.isPerson) && (!isWithin || isAnother);
      return [...(isLone ? [one] : []), ...alone(one.rows, type, [...around, one])];
    });

  const answers = fc.array(row, { maxLength: 5 }).map((made) => made.map(named));
  const TYPES = [HOUSEHOLD, MEMBER, ENROLMENT];
  const standInsOf = (given: readonly Row[]) => counted(...given).filter((id) => !id.startsWith("Person"));

  test("every person, and nobody who is not in the answer", () => {
    fc.assert(
      fc.property(answers, (given) => {
        const all = rowsIn(given);
        const persons = all.filter(({ type }) => type.isPerson).map(({ id }) => id);
        const alones = TYPES.flatMap((type) => alone(given, type)).map(({ id }) => id);
        expect(new Set(idsOf(...given))).toEqual(new Set(all.map(({ id }) => id)));
        expect(counted(...given)).toEqual(expect.arrayContaining([...new Set(persons)]));
        expect([...alones, ...persons]).toEqual(expect.arrayContaining(counted(...given)));
      }),
    );
  });
  test("never fewer than the rows of any one type that no person stands for", () => {
    let seen = 0;
    fc.assert(
      fc.property(answers, fc.constantFrom(...TYPES), (given, type) => {
        const lone = new Set(alone(given, type).map(({ id }) => id));
        seen += lone.size;
        expect(standInsOf(given).length).toBeGreaterThanOrEqual(lone.size);
      }),
      { numRuns: 1000 },
    );
    expect(seen).toBeGreaterThan(100);
  });
});

test("the record names the person a row is about, though only the enrolment was shown, and what stands for the person alone once", () => {
  expect(namedBy({ ...enrolment("a"), about: "p" }, { ...enrolment("b"), about: "p" }, member("m"))).toEqual([
    { type: "Person", id: "p" },
    { type: "Enrolment", id: "a" },
    { type: "Enrolment", id: "b" },
    { type: "Member", id: "m" },
  ]);
  expect(namedBy({ ...of({ name: "Reidentification", isPerson: false })("p"), about: "p" })).toEqual([
    { type: "Person", id: "p" },
  ]);
});
