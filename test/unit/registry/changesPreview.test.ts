import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pkhOf } from "../../../subgraphs/welfare/changes/preview/components.ts";
import { consequencesOf } from "../../../subgraphs/welfare/changes/preview/consequences.ts";
import { faultsOf } from "../../../subgraphs/welfare/changes/preview/faults.ts";
import { applied, type Plan } from "../../../subgraphs/welfare/changes/preview/plan.ts";
import { planOf } from "../../../subgraphs/welfare/changes/preview/planOf.ts";
import { seatOf } from "../../../subgraphs/welfare/changes/preview/seats.ts";
import {
  type Change,
  type Families,
  isPresent,
  type Kin,
  presentIn,
  type Relation,
} from "../../../subgraphs/welfare/changes/preview/shape.ts";
import { successorOf } from "../../../subgraphs/welfare/changes/preview/succession.ts";
import { textOf } from "../../../subgraphs/welfare/changes/preview/texts.ts";

const ON = "2026-10-01";
const UNKNOWN = { birthDate: null, school: null, isPregnant: null, isSeverelyDisabled: null };
const family = (id: string, told: Partial<Families["families"][number]> = {}) => ({
  id,
  householdId: `home ${id}`,
  registryNumber: id,
  numberInHousehold: 1,
  region: "3510161001",
  decile: 3 as number | null,
  ...told,
});
const kin = (id: string, told: Partial<Kin> & Pick<Kin, "familyId" | "suffix" | "relation">): Kin => ({
  id,
  householdId: `home ${told.familyId}`,
  state: "ACTIVE",
  personId: `person ${id}`,
  fromMemberId: null,
  facts: UNKNOWN,
  ...told,
});
const born = (birthDate: string) => ({ facts: { ...UNKNOWN, birthDate } });

const sitis: Families = {
  families: [family("F"), family("G", { decile: 7 })],
  members: [
    kin("budi", { familyId: "F", suffix: "01", relation: "HEAD", ...born("1985-08-17") }),
    kin("siti", { familyId: "F", suffix: "02", relation: "SPOUSE", ...born("1988-04-12") }),
    kin("ani", { familyId: "F", suffix: "03", relation: "CHILD", ...born("2017-05-03") }),
    kin("agus", { familyId: "F", suffix: "04", relation: "CHILD", ...born("2005-01-01") }),
    kin("rina", { familyId: "G", suffix: "01", relation: "HEAD", ...born("2004-01-01") }),
    kin("wati", { familyId: "G", suffix: "02", relation: "OTHER", ...born("1990-01-01") }),
  ],
};
const idOf = (name: string) => `new ${name}`;

/** Applies a change that has no fault; the step tells its rows apart from those of others. */
function changed(now: Families, change: Change, step = "") {
  expect(faultsOf(change, now, ON)).toEqual([]);
  const plan = planOf(change, { now, on: ON, idOf: (name) => `${step}${idOf(name)}` });
  if (!plan) throw new Error("no number left");
  return { plan, families: applied(now, plan), brings: consequencesOf(now, { plan, on: ON }) };
}
const livesAs = ({ members }: Families, familyId: string) =>
  presentIn(members, familyId).map((one) => `${one.suffix} ${one.relation}`);
const codes = (brings: ReturnType<typeof changed>["brings"], member: string | null = null) =>
  brings.filter((one) => one.member === member).map(({ code }) => code);

describe("who heads a family", () => {
  test("the widow follows the head, keeps her number, and nobody gets his", () => {
    const { families: then, brings } = changed(sitis, { kind: "DEATH", memberId: "budi" });
    expect(livesAs(then, "F")).toEqual(["02 HEAD", "03 CHILD", "04 CHILD"]);
    expect(codes(brings, "budi")).toEqual(["DIES", "SEAT_LOST"]);
    expect(codes(brings, "siti")).toEqual(["HEADS"]);
    const next = changed(
      then,
      { kind: "BIRTH", familyId: "F", name: "X", nik: null, birthDate: ON, relation: "CHILD" },
      "again ",
    );
    expect(livesAs(next.families, "F")).toEqual(["02 HEAD", "03 CHILD", "04 CHILD", "05 CHILD"]);
  });

  test("without a spouse the oldest adult follows, and brothers and sisters are no longer children", () => {
    const orphans = { ...sitis, members: sitis.members.filter(({ id }) => id !== "siti") };
    const { families: then, brings } = changed(orphans, { kind: "DEATH", memberId: "budi" });
    expect(livesAs(then, "F")).toEqual(["03 OTHER", "04 HEAD"]);
    expect(codes(brings, "ani")).toEqual(["RELATION_CHANGES"]);
  });

  test("children left alone are headed by the oldest, and a social worker is called", () => {
    const alone = { ...sitis, members: sitis.members.filter(({ id }) => id !== "siti" && id !== "agus") };
    const { families: then, brings } = changed(alone, { kind: "DEATH", memberId: "budi" });
    expect(livesAs(then, "F")).toEqual(["03 HEAD"]);
    expect(codes(brings)).toContain("WITHOUT_ADULT");
  });

  test("a domestic worker heads a family only when nobody else is left", () => {
    const worker = kin("w", { familyId: "F", suffix: "05", relation: "DOMESTIC_WORKER", ...born("1950-01-01") });
    const child = kin("c", { familyId: "F", suffix: "06", relation: "CHILD", ...born("2015-01-01") });
    expect(successorOf([worker, child], ON)?.id).toBe("c");
    expect(successorOf([worker], ON)?.id).toBe("w");
    expect(successorOf([], ON)).toBeNull();
  });

  test("correcting who heads the family exchanges the two", () => {
    const { families: then } = changed(sitis, { kind: "CORRECTION", memberId: "siti", name: null, nik: null, relation: "HEAD" });
    expect(livesAs(then, "F")).toEqual(["01 SPOUSE", "02 HEAD", "03 CHILD", "04 CHILD"]);
    const back = changed(then, { kind: "CORRECTION", memberId: "siti", name: null, nik: null, relation: "SPOUSE" });
    expect(livesAs(back.families, "F")).toEqual(["01 HEAD", "02 SPOUSE", "03 CHILD", "04 CHILD"]);
  });
});

describe("who goes where", () => {
  test("two who marry found a family with a number of its own, 01 and 02", () => {
    const {
      families: then,
      plan,
      brings,
    } = changed(sitis, { kind: "MARRIAGE", memberIds: ["agus", "rina"], to: { here: true } });
    expect(livesAs(then, "new family")).toEqual(["01 HEAD", "02 SPOUSE"]);
    expect(plan.families).toMatchObject([{ id: "new family", householdId: "home F", numberInHousehold: 2 }]);
    expect(livesAs(then, "G")).toEqual(["02 HEAD"]);
    expect(codes(brings, "rina")).toEqual(["ENTERS", "SEAT_GAINED"]); // decile 7 → 3
  });

  test("who marries into a family is the head's spouse there, or a child's", () => {
    expect(
      livesAs(changed(sitis, { kind: "MARRIAGE", memberIds: ["rina", "agus"], to: { familyId: "G" } }).families, "G"),
    ).toEqual(["01 HEAD", "02 OTHER", "03 SPOUSE"]);
    expect(
      livesAs(changed(sitis, { kind: "MARRIAGE", memberIds: ["agus", "rina"], to: { familyId: "F" } }).families, "F"),
    ).toContain("05 CHILD_IN_LAW");
  });

  test("who divorces takes the children named along; the others stay", () => {
    const { families: then, brings } = changed(sitis, {
      kind: "DIVORCE",
      memberId: "siti",
      childIds: ["ani"],
      to: { region: "3510161002", address: "JL MAWAR 3" },
    });
    expect(livesAs(then, "F")).toEqual(["01 HEAD", "04 CHILD"]);
    expect(livesAs(then, "new family")).toEqual(["01 HEAD", "03 CHILD"]);
    expect(codes(brings, "siti")).toEqual(["HEADS", "SEAT_UNDECIDED"]); // a new household has no decile yet
    expect(codes(brings)).toEqual(["HOUSEHOLD_FOUNDED", "FAMILY_FOUNDED"]);
  });

  test("a whole household that moves stays what it is", () => {
    const movers = ["budi", "siti", "ani", "agus"].map((memberId) => ({ memberId, relation: null }));
    const {
      plan,
      families: then,
      brings,
    } = changed(sitis, { kind: "MOVE", movers, to: { region: "3510161002", address: "JL MAWAR 3" } });
    expect(plan).toEqual({
      homes: [],
      families: [],
      entries: [],
      amendments: [],
      relocations: [{ householdId: "home F", region: "3510161002", address: "JL MAWAR 3" }],
    });
    expect(livesAs(then, "F")).toEqual(livesAs(sitis, "F"));
    expect(then.families[0]?.region).toBe("3510161002");
    expect(codes(brings)).toEqual(["HOUSEHOLD_MOVES"]);
  });

  test("two families that merge are one, and the other is empty", () => {
    const { families: then, brings } = changed(sitis, { kind: "MERGE", familyId: "G", intoFamilyId: "F", relations: [] });
    expect(livesAs(then, "G")).toEqual([]);
    expect(livesAs(then, "F")).toEqual(["01 HEAD", "02 SPOUSE", "03 CHILD", "04 CHILD", "05 OTHER", "06 OTHER"]);
    expect(brings.filter(({ family: of }) => of === "G").map(({ code }) => code)).toContain("FAMILY_EMPTIED");
  });

  test("all faults are told at once, each with its field", () => {
    const faults = (change: Change) => faultsOf(change, sitis, ON);
    expect(
      faults({ kind: "BIRTH", familyId: "X", name: "A", nik: null, birthDate: "2026-10-02", relation: "HEAD" }),
    ).toHaveLength(3);
    expect(faults({ kind: "DEATH", memberId: "X" })).toHaveLength(1);
    expect(faults({ kind: "MERGE", familyId: "F", intoFamilyId: "F", relations: [] })).toHaveLength(1);
    expect(faults({ kind: "CORRECTION", memberId: "budi", name: null, nik: null, relation: null })).toHaveLength(1);
    expect(faults({ kind: "MARRIAGE", memberIds: ["budi", "budi"], to: { familyId: "X" } })).toHaveLength(3);
    expect(faults({ kind: "MOVE", movers: [], to: { here: true } })).toHaveLength(2);
    const all = ["budi", "siti", "ani", "agus"].map((memberId) => ({ memberId, relation: "HEAD" as const }));
    expect(faults({ kind: "SPLIT", movers: all, to: { familyId: "F" } })).toHaveLength(4);
  });

  test("a family with 99 numbers takes nobody more", () => {
    const full = { ...sitis, members: [...sitis.members, kin("last", { familyId: "F", suffix: "99", relation: "OTHER" })] };
    const birth = { kind: "BIRTH", familyId: "F", name: "X", nik: null, birthDate: ON, relation: "CHILD" } as const;
    expect(planOf(birth, { now: full, on: ON, idOf })).toBeNull();
  });
});

describe("what programs make of it", () => {
  const of = (facts: Partial<Kin["facts"]>, n: number) =>
    kin(`m${n}`, { familyId: "F", suffix: `0${n}`, relation: "CHILD", facts: { ...UNKNOWN, school: "NONE", ...facts } });

  test("the dearest four count, two small children at most, and what is dropped says why", () => {
    const small = { birthDate: "2022-01-01" };
    const members = [
      of(small, 1),
      of(small, 2),
      of(small, 3),
      of({ isPregnant: true }, 4),
      of({ school: "SENIOR" }, 5),
      of({ school: "PRIMARY" }, 6),
    ];
    const { counted, dropped } = pkhOf(members, ON);
    expect(counted.map(({ memberId, component }) => `${memberId} ${component}`)).toEqual([
      "m4 PREGNANCY",
      "m1 EARLY_CHILDHOOD",
      "m2 EARLY_CHILDHOOD",
      "m5 SENIOR",
    ]);
    expect(dropped.map(({ memberId, why }) => `${memberId} ${why}`)).toEqual([
      "m3 AT_MOST_TWO_SMALL_CHILDREN",
      "m6 AT_MOST_FOUR",
    ]);
  });

  test("one component a person, the dearest; school by age is said to be assumed", () => {
    const old = pkhOf([of({ birthDate: "1950-01-01", isSeverelyDisabled: true }, 1)], ON).counted;
    expect(old).toMatchObject([{ component: "ELDERLY", isAssumed: false }]);
    expect(pkhOf([of({ birthDate: "2012-05-03", school: null }, 1)], ON).counted).toMatchObject([
      { component: "JUNIOR", isAssumed: true },
    ]);
    expect(pkhOf([of({ birthDate: "2012-05-03" }, 1)], ON).counted).toEqual([]);
  });

  test("a newborn brings a component and shows who no longer counts, with no seat before it is matched", () => {
    const birth = { kind: "BIRTH", familyId: "F", name: "X", nik: null, birthDate: ON, relation: "CHILD" } as const;
    const { brings } = changed(sitis, birth);
    expect(codes(brings, "new member")).toEqual(["ENTERS", "COMPONENT_GAINED", "SEAT_UNDECIDED"]);
  });

  test("a seat is for who is matched, alive and within decile 5; without a rank nobody can say", () => {
    const [known, unknown] = [
      { state: "ACTIVE", personId: "p" },
      { state: "ACTIVE", personId: null },
    ] as const;
    expect([seatOf(known, 5), seatOf(known, 6), seatOf(known, null), seatOf(unknown, 1), seatOf(unknown, 9)]).toEqual([
      "CANDIDATE",
      "NONE",
      "UNDECIDED",
      "UNDECIDED",
      "NONE",
    ]);
    expect(seatOf({ state: "DECEASED", personId: "p" }, 1)).toBe("NONE");
  });

  test("every consequence has a sentence in both languages, without a gap", () => {
    const { brings } = changed(sitis, { kind: "MARRIAGE", memberIds: ["agus", "rina"], to: { here: true } });
    expect(brings.length).toBeGreaterThan(4);
    for (const one of brings)
      for (const language of ["id", "en"] as const) expect(textOf(one, language)).toMatch(/^[^{}]{10,}\.$/);
    expect(textOf({ code: "COMPONENT_LOST", component: "ELDERLY", isAssumed: false, member: null, family: null }, "id")).toBe(
      "Komponen PKH hilang: lanjut usia.",
    );
  });
});

describe("whatever changes, one after another", () => {
  const RELATIONS: readonly Relation[] = [
    "SPOUSE",
    "CHILD",
    "CHILD_IN_LAW",
    "GRANDCHILD",
    "PARENT_OR_IN_LAW",
    "OTHER",
    "DOMESTIC_WORKER",
  ];
  const day = fc.integer({ min: 1940, max: 2025 }).map((year) => `${year}-06-15`);
  const people = fc.array(fc.record({ relation: fc.constantFrom(...RELATIONS), birthDate: fc.option(day) }), { maxLength: 5 });
  const registry = fc.array(people, { minLength: 1, maxLength: 3 }).map((houses): Families => {
    const members = houses.flatMap((others, house) =>
      [{ relation: "HEAD" as Relation, birthDate: "1980-01-01" as string | null }, ...others].map((one, at) =>
        kin(`m${house}.${at}`, {
          familyId: `F${house}`,
          suffix: String(at + 1).padStart(2, "0"),
          relation: one.relation,
          facts: { ...UNKNOWN, birthDate: one.birthDate },
        }),
      ),
    );
    return { families: houses.map((_, house) => family(`F${house}`)), members };
  });
  /** A change among whatever is there, by numbers. */
  const step = fc.record({ kind: fc.nat(7), who: fc.array(fc.nat(99), { minLength: 3, maxLength: 3 }), where: fc.nat(99) });
  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
  const pick = <T>(from: readonly T[], n: number) => from[n % Math.max(1, from.length)] as T;

  function changeOf({ kind, who, where }: Step, now: Families): Change {
    const alive = now.members.filter(isPresent);
    const ids = [...new Set(who.map((n) => pick(alive, n).id))];
    const [one, other = one] = ids as [string, string?];
    const movers = ids.map((memberId) => ({ memberId, relation: null }));
    const familyId = pick(now.families, where).id;
    const to = [{ familyId }, { here: true as const }, { region: "3510161002", address: "JL MAWAR 3" }][where % 3] ?? {
      familyId,
    };
    const changes: readonly Change[] = [
      { kind: "BIRTH", familyId, name: "X", nik: null, birthDate: ON, relation: "CHILD" },
      { kind: "DEATH", memberId: one },
      { kind: "MOVE", movers, to },
      { kind: "SPLIT", movers, to },
      { kind: "MARRIAGE", memberIds: [one, other], to },
      { kind: "DIVORCE", memberId: one, childIds: other === one ? [] : [other], to },
      { kind: "MERGE", familyId, intoFamilyId: pick(now.families, where + 1).id, relations: [] },
      { kind: "CORRECTION", memberId: one, name: null, nik: null, relation: pick([...RELATIONS, "HEAD" as const], where) },
    ];
    return pick(changes, kind);
  }

  /** What must hold from one state to the next. */
  function expectSound(before: Families, { change, plan, now }: { change: Change; plan: Plan; now: Families }) {
    const living = (of: Families) => of.members.filter(isPresent);
    const difference = { BIRTH: 1, DEATH: -1 }[change.kind as string] ?? 0;
    expect(living(now)).toHaveLength(living(before).length + difference);
    expect(new Set(living(now).map(({ personId, id }) => personId ?? id)).size).toBe(living(now).length);
    const number = ({ familyId, suffix }: Kin) => `${familyId}/${suffix}`;
    expect(new Set(now.members.map(number)).size).toBe(now.members.length);
    const rows = new Map(now.members.map((row) => [row.id, row]));
    expect(before.members.map((row) => number(rows.get(row.id) ?? row))).toEqual(before.members.map(number));
    for (const { id } of now.families) {
      const present = presentIn(now.members, id);
      expect(present.filter(({ relation }) => relation === "HEAD")).toHaveLength(Math.min(1, present.length));
    }
    const left = plan.entries.flatMap(({ fromMemberId }) => fromMemberId ?? []);
    expect(left.map((id) => rows.get(id)?.state)).toEqual(left.map(() => "MERGED"));
  }

  test("no number is given twice, one heads each family, nobody is in two families, nobody is lost", () => {
    let done = 0;
    const follow = (now: Families, one: Step, at: number): Families => {
      if (!now.members.some(isPresent)) return now;
      const change = changeOf(one, now);
      const sound = faultsOf(change, now, ON).length === 0;
      const plan = sound ? planOf(change, { now, on: ON, idOf: (name) => `${at} ${name}` }) : null;
      if (!plan) return now;
      const then = applied(now, plan);
      expectSound(now, { change, plan, now: then });
      done += 1;
      return then;
    };
    fc.assert(
      fc.property(registry, fc.array(step, { maxLength: 12 }), (start, steps) => {
        steps.reduce(follow, start);
      }),
      { numRuns: 300 },
    );
    expect(done).toBeGreaterThan(500);
  });
});
