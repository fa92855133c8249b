import type { NikSex } from "../../../schema/nik.ts";
import type { Random } from "../random.ts";

export type Relation = "HEAD" | "SPOUSE" | "CHILD" | "CHILD_IN_LAW" | "GRANDCHILD" | "PARENT_OR_IN_LAW" | "OTHER";

/** Somebody in a family before names and numbers. `parents` are positions in the same family. */
export interface Draft {
  readonly relation: Relation;
  readonly sex: NikSex;
  readonly birthDate: string;
  readonly birthOrder: number;
  readonly parents: readonly number[];
}

/** The day all ages are counted at: synthetic data know no clock. */
export const REFERENCE_DATE = "2026-10-01";
const REFERENCE_YEAR = 2026;

type Kind = "couple" | "lone" | "elders" | "alone";
const KINDS: readonly (readonly [Kind, number])[] = [
  ["couple", 70],
  ["lone", 13],
  ["elders", 10],
  ["alone", 7],
];
const CHILDREN: readonly (readonly [number, number])[] = [
  [0, 12],
  [1, 27],
  [2, 35],
  [3, 17],
  [4, 7],
  [5, 2],
];
const MOTHER_FROM = 19;
const MOTHER_TO = 42;

/** Families of one household: most have one; in some a married child lives there with a card of their own. */
export function composeHousehold(random: Random): Draft[][] {
  const first = composeFamily(random, random.weighted(KINDS));
  return random.chance(0.04) ? [first, composeYoungFamily(random)] : [first];
}

function composeFamily(random: Random, kind: Kind): Draft[] {
  if (kind === "alone")
    return [adult(random, random.between(24, 88), { relation: "HEAD", sex: random.pick(["MALE", "FEMALE"]) })];
  if (kind === "elders") return couple(random, random.between(60, 84));
  const parents =
    kind === "couple"
      ? couple(random, random.between(23, 62))
      : [adult(random, random.between(30, 66), { relation: "HEAD", sex: random.chance(0.8) ? "FEMALE" : "MALE" })];
  const family = [...parents, ...children(random, parents)];
  return random.chance(0.15) ? [...family, grandparent(random, parents)] : family;
}

const composeYoungFamily = (random: Random): Draft[] => {
  const parents = couple(random, random.between(20, 30));
  return [...parents, ...children(random, parents)];
};

function couple(random: Random, husbandAge: number): Draft[] {
  const wifeAge = Math.max(MOTHER_FROM, husbandAge - random.between(-2, 8));
  return [
    adult(random, husbandAge, { relation: "HEAD", sex: "MALE" }),
    adult(random, wifeAge, { relation: "SPOUSE", sex: "FEMALE" }),
  ];
}

function adult(random: Random, age: number, { relation, sex }: { relation: Relation; sex: NikSex }): Draft {
  return { relation, sex, birthDate: bornAt(random, age), birthOrder: random.between(1, 4), parents: [] };
}

/** Children still at home (to 27), oldest first, born while the mother was 19 to 42. */
function children(random: Random, parents: readonly Draft[]): Draft[] {
  const motherAge = REFERENCE_YEAR - Number((parents.at(-1)?.birthDate ?? REFERENCE_DATE).slice(0, 4));
  const oldest = Math.min(27, motherAge - MOTHER_FROM);
  const youngest = Math.max(0, motherAge - MOTHER_TO);
  if (oldest < youngest) return [];
  const ages = Array.from({ length: random.weighted(CHILDREN) }, () => random.between(youngest, oldest)).sort((a, b) => b - a);
  const positions = parents.map((_, position) => position);
  const born = ages.map((age): Draft => {
    const sex = random.pick(["MALE", "FEMALE"] as const);
    return { relation: "CHILD", sex, birthDate: bornAt(random, age), birthOrder: 1, parents: positions };
  });
  const twins =
    born.length > 1 && random.chance(0.015)
      ? [...born.slice(0, -1), { ...born.at(-1), birthDate: born.at(-2)?.birthDate } as Draft]
      : born;
  return twins.sort((a, b) => (a.birthDate < b.birthDate ? -1 : 1)).map((child, order) => ({ ...child, birthOrder: order + 1 }));
}

function grandparent(random: Random, parents: readonly Draft[]): Draft {
  const headAge = REFERENCE_YEAR - Number((parents[0]?.birthDate ?? REFERENCE_DATE).slice(0, 4));
  const age = Math.min(96, headAge + random.between(19, 32));
  return adult(random, age, { relation: "PARENT_OR_IN_LAW", sex: random.chance(0.75) ? "FEMALE" : "MALE" });
}

const HEAPED = ["07-01", "12-31", "08-17", "01-01"]; // days clerks wrote down when the old did not know theirs

/** A day of birth for an age in years on the reference date. */
function bornAt(random: Random, age: number): string {
  const year = REFERENCE_YEAR - age;
  if (age > 55 && random.chance(0.12)) return `${year}-${random.pick(HEAPED)}`;
  const day = new Date(Date.UTC(year - 1, 9, 2 + random.between(0, 364))); // the year before the reference date
  return day.toISOString().slice(0, 10);
}

/** Age in years on the reference date. */
export const ageOf = (birthDate: string): number =>
  REFERENCE_YEAR - Number(birthDate.slice(0, 4)) - (birthDate.slice(5) > REFERENCE_DATE.slice(5) ? 1 : 0);
