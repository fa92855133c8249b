import type { Random } from "../random.ts";
import { ageOn, bornAt } from "./calendar.ts";

export type Relation = "HEAD" | "SPOUSE" | "CHILD" | "CHILD_IN_LAW" | "GRANDCHILD" | "PARENT";

/** Mother who is not among the drafts: a woman of her own, or the one absent mother that the household's children share. */
export const ELSEWHERE = -1;
export const ABSENT_MOTHER = -2;

/** Somebody before names and numbers. */
export interface Draft {
  readonly relation: Relation;
  readonly isFemale: boolean;
  /** Day of birth, see calendar.ts. */
  readonly day: number;
  /** 1 for the first child. */
  readonly birthOrder: number;
  /** Position in the household, or ELSEWHERE, or ABSENT_MOTHER. */
  readonly mother: number;
  /** Position in the household, or ELSEWHERE. */
  readonly father: number;
  /** Position of the family card in the household. */
  readonly card: number;
  readonly isDead: boolean;
}

/** Where people are born matters for how well their days are known. */
interface Circumstances {
  readonly size: number;
  /** 1 on the average; higher where more people do not know their day of birth. */
  readonly heaping: number;
}

/** Sizes of a hundred households: every hundred has these, so that a number of people is a number of households. */
const SIZES = [
  [1, 9],
  [2, 18],
  [3, 26],
  [4, 26],
  [5, 13],
  [6, 5],
  [7, 2],
  [8, 1],
].flatMap(([size = 0, count = 0]) => new Array<number>(count).fill(size));
export const MEAN_SIZE = SIZES.reduce((sum, size) => sum + size, 0) / SIZES.length;

const STEPS = [1, 3, 7, 9, 11, 13, 17, 19, 21, 23, 27, 29, 31, 33, 37, 39] as const; // coprime to 100

/** People in household `index`: the hundred sizes in an order of its hundred's own. */
export function sizeOf(random: Random, index: number): number {
  random.at(Math.floor(index / SIZES.length));
  return SIZES[((index % SIZES.length) * random.pick(STEPS) + random.between(0, 99)) % SIZES.length] ?? 1;
}

/** The people of a household: head and spouse, then the others. */
export function composeHousehold(random: Random, about: Circumstances): Draft[] {
  if (about.size === 1) return [adult(random, about, { relation: "HEAD", isFemale: random.chance(0.6), age: loneAge(random) })];
  if (about.size === 2 && random.chance(0.62)) return childless(random, about);
  const isBranching = about.size >= 5 && random.chance(0.3);
  const hasGrandparent = !isBranching && about.size >= 4 && random.chance(0.14 + 0.04 * about.size);
  const hasTwoParents = about.size >= 3 && random.chance(0.85);
  const parents = hasTwoParents ? 2 : 1;
  const count = about.size - parents - (hasGrandparent ? 1 : 0) - (isBranching ? 2 : 0);
  const ages = agesOfChildren(random, count, isBranching ? 21 : 0);
  const members = heads(random, about, { hasTwoParents, motherAge: ages.mother });
  addChildren(random, members, { about, ages: ages.children });
  if (isBranching) addBranch(random, members, about);
  if (hasGrandparent) addGrandparent(random, members, about);
  return members;
}

const loneAge = (random: Random) => (random.chance(0.6) ? 58 + 32 * random.next() : 22 + 36 * random.next());

function childless(random: Random, about: Circumstances): Draft[] {
  if (random.chance(0.15)) {
    const grandmother = adult(random, about, { relation: "HEAD", isFemale: true, age: 52 + 30 * random.next() });
    const grandchild = adult(random, about, { relation: "GRANDCHILD", isFemale: random.chance(0.5), age: 16 * random.next() });
    return [grandmother, { ...grandchild, mother: ABSENT_MOTHER }];
  }
  const age = random.chance(0.7) ? 48 + 36 * random.next() : 20 + 14 * random.next();
  return heads(random, about, { hasTwoParents: true, motherAge: age });
}

/** Ages of siblings, oldest first, and their mother's: she was 17 to 31 at the first birth. */
function agesOfChildren(random: Random, count: number, oldestAtLeast: number): { mother: number; children: number[] } {
  const children = [31 * random.next() ** 1.15];
  for (let born = 1; born < count; born += 1) {
    const older = children[0] ?? 0;
    children.unshift(random.chance(0.012) ? older : older + 1 + 4.5 * random.next()); // the same age: twins
  }
  const later = atLeast(random, children[0] ?? 0, oldestAtLeast) - (children[0] ?? 0);
  const first = 17 + 14 * random.next();
  return { mother: first + later + (children[0] ?? 0), children: children.map((age) => age + later) };
}

/** Head and spouse, or a lone parent: most of those are widows, whose husband stays in the register as dead. */
function heads(random: Random, about: Circumstances, of: { hasTwoParents: boolean; motherAge: number }): Draft[] {
  const husbandAge = atLeast(random, of.motherAge - 2 + 9 * random.next(), 19);
  if (!of.hasTwoParents) {
    const isFemale = random.chance(0.78);
    return [adult(random, about, { relation: "HEAD", isFemale, age: isFemale ? of.motherAge : husbandAge })];
  }
  const isWidow = random.chance(0.03 + (of.motherAge > 60 ? 0.2 : 0));
  const man = adult(random, about, { relation: isWidow ? "SPOUSE" : "HEAD", isFemale: false, age: husbandAge });
  const woman = adult(random, about, { relation: isWidow ? "HEAD" : "SPOUSE", isFemale: true, age: of.motherAge });
  return [{ ...man, isDead: isWidow || man.isDead }, woman];
}

function addChildren(random: Random, members: Draft[], { about, ages }: { about: Circumstances; ages: readonly number[] }): void {
  const mother = members.findIndex(({ isFemale }) => isFemale);
  const father = members.findIndex(({ isFemale }) => !isFemale);
  const isStepFamily = random.chance(0.05);
  let twin: Draft | undefined;
  for (const [order, age] of ages.entries()) {
    const isFromBefore = isStepFamily && order === 0;
    const child = adult(random, about, { relation: "CHILD", isFemale: random.chance(0.49), age });
    const day = ages[order - 1] === age && twin ? twin.day : child.day;
    twin = { ...child, day, birthOrder: order + 1, mother: isFromBefore || mother < 0 ? ABSENT_MOTHER : mother, father };
    members.push(twin);
  }
}

/** The oldest child has married and stayed: spouse and child, on a card of their own for most. */
function addBranch(random: Random, members: Draft[], about: Circumstances): void {
  const at = members.findIndex(({ relation }) => relation === "CHILD");
  const child = members[at];
  if (!child) return;
  const card = random.chance(0.6) ? 1 : 0;
  const age = atLeast(random, ageOn(child.day) - 3 + 6 * random.next(), 18);
  const inLaw = adult(random, about, { relation: "CHILD_IN_LAW", isFemale: !child.isFemale, age });
  const [mother, father] = child.isFemale ? [at, members.length] : [members.length, at];
  const motherAge = child.isFemale ? ageOn(child.day) : age;
  const ageOfGrandchild = Math.max(0, (motherAge - 17.5) * random.next());
  const grandchild = adult(random, about, { relation: "GRANDCHILD", isFemale: random.chance(0.49), age: ageOfGrandchild });
  members[at] = { ...child, card };
  members.push({ ...inLaw, card }, { ...grandchild, mother, father, card });
}

function addGrandparent(random: Random, members: Draft[], about: Circumstances): void {
  const at = members[1]?.relation === "CHILD" || random.chance(0.6) ? 0 : 1;
  const child = members[at];
  if (!child) return;
  const isFemale = random.chance(0.75);
  const age = Math.min(95 + 5 * random.next(), ageOn(child.day) + 17 + 16 * random.next());
  members[at] = isFemale ? { ...child, mother: members.length } : { ...child, father: members.length };
  members.push(adult(random, about, { relation: "PARENT", isFemale, age }));
}

function adult(
  random: Random,
  { heaping }: Circumstances,
  { relation, isFemale, age }: { relation: Relation; isFemale: boolean; age: number },
): Draft {
  const day = bornAt(random, age, heaping);
  const isDead = random.chance(deathRate(age));
  return { relation, isFemale, day, birthOrder: 1, mother: ELSEWHERE, father: ELSEWHERE, card: 0, isDead };
}

/** The age, or a little above the lowest there may be: not just that, or many would be born on one day. */
const atLeast = (random: Random, age: number, lowest: number) => (age >= lowest ? age : lowest + 3 * random.next());

/** Share still in the register as dead: nobody is taken out of it. */
function deathRate(age: number): number {
  if (age > 80) return 0.11;
  if (age > 65) return 0.045;
  return age > 45 ? 0.014 : 0.004;
}
