import { enrolmentsOf } from "./aid/enrolments.ts";
import type { Disability, MadeFamily, MadeHousehold, MadePerson } from "./model.ts";
import { ageOf, composeHousehold, type Draft, type Relation } from "./people/compose.ts";
import type { Issuer } from "./people/issue.ts";
import { memberOf } from "./people/member.ts";
import { type Naming, namingOf } from "./people/names.ts";
import { registeredIn, villageOf } from "./people/places.ts";
import { type Random, randomFrom, uuidFrom } from "./random.ts";
import type { Ranks } from "./ranks.ts";
import type { Regions } from "./regions.ts";

export interface World {
  /** `first`: households of the batches before this one. */
  readonly config: { readonly seed: string; readonly households: number; readonly first: number };
  readonly regions: Regions;
  readonly ranks: Ranks;
  readonly issuer: Issuer;
}

/** Household `index` of a batch. Depends on its seed and, for its serials only, on the households asked for before it: ask in order. */
export function makeHousehold(world: World, index: number): MadeHousehold {
  const { seed } = world.config;
  const random = randomFrom(seed, "household", index);
  const region = villageOf(world.regions, world.config, index);
  const naming = namingOf(random, region.slice(0, 2));
  const place: Place = { world, index, region, naming, random };
  const families = composeHousehold(random).map((drafts, number) => makeFamily(place, drafts, number));
  const standing = world.ranks.standingOf(index);
  const rankings = world.ranks.rankingsOf(index);
  const size = families.reduce((sum, family) => sum + family.members.length, 0);
  const household = {
    id: uuidFrom(seed, "household", index),
    region,
    address: addressOf(random),
    monthlyIncome: incomeOf(random, standing, size),
    floorArea: random.chance(0.95) ? Math.round(18 + 25 * (standing ?? 0.5) + 100 * random.next() * (standing ?? 0.5)) : null,
    surveyedOn: random.chance(0.9) ? new Date(Date.UTC(2024, 0, random.between(1, 900))).toISOString().slice(0, 10) : null,
    decile: rankings.find(({ versionId }) => versionId.startsWith("DTSEN"))?.decile ?? null,
    rankings,
    families,
  };
  return withEnrolments(household, () => enrolmentsOf(randomFrom(seed, "programs", index), household, standing));
}

/** Made when first asked for: only one slice of three does. */
function withEnrolments(household: Omit<MadeHousehold, "enrolments">, make: () => MadeHousehold["enrolments"]): MadeHousehold {
  let made: MadeHousehold["enrolments"] | undefined;
  return {
    ...household,
    get enrolments() {
      made ??= make();
      return made;
    },
  };
}

interface Place {
  readonly world: World;
  readonly index: number;
  readonly region: string;
  readonly naming: Naming;
  readonly random: Random;
}

const STREETS = [
  "JL MERDEKA",
  "JL DIPONEGORO",
  "JL KARTINI",
  "JL MELATI",
  "JL KENANGA",
  "JL PASAR BARU",
  "DUSUN KRAJAN",
  "DUSUN SUMBERSARI",
  "KAMPUNG TENGAH",
  "LINGKUNGAN I",
];
const addressOf = (random: Random) =>
  `${random.pick(STREETS)} NO ${random.between(1, 180)} RT ${pad(random.between(1, 12), 3)} RW ${pad(random.between(1, 9), 3)}`;
const pad = (n: number, width: number) => String(n).padStart(width, "0");

/** Stated income of all, in steps of Rp50,000: about Rp600,000 a head at the bottom, ten times that at the top. Some do not say. */
function incomeOf(random: Random, standing: number | null, size: number): number | null {
  const at = standing ?? random.next();
  const aHead = 350_000 * 10 ** (1.15 * at) * (0.75 + 0.5 * random.next());
  return random.chance(0.05) ? null : Math.round((aHead * Math.sqrt(size)) / 50_000) * 50_000;
}

function makeFamily(place: Place, drafts: readonly Draft[], number: number): MadeFamily {
  const { world, index, region, random } = place;
  const { seed, first } = world.config;
  const issuedOn = new Date(Date.UTC(2011, 0, random.between(1, 5600))).toISOString().slice(0, 10);
  const people = makePeople(place, drafts, number);
  const suffixes = suffixesOf(drafts);
  const lifted = randomFrom(seed, "registry", index, number);
  return {
    id: uuidFrom(seed, "family", index, number),
    registryNumber: `${region.slice(0, 4)}${pad(first + index, 8)}${number + 1}`,
    card: { id: uuidFrom(seed, "card", index, number), number: world.issuer.card(region.slice(0, 6), issuedOn), issuedOn },
    members: people.map((person, position) => {
      const relation = drafts[position]?.relation ?? "OTHER";
      const ids = { id: uuidFrom(seed, "member", index, number, position), suffix: suffixes[position] ?? "99", relation };
      return memberOf(lifted, ids, { person, age: ageOf(person.birthDate), standing: world.ranks.standingOf(index) });
    }),
  };
}

/** Family number of each member: 01 and 02 belong to head and spouse, then children by birth, then the others; 02 stays free without spouse. */
export function suffixesOf(drafts: readonly { relation: Relation }[]): string[] {
  const rank = (relation: Relation) => (relation === "CHILD" ? 0 : 1);
  const rest = drafts
    .map(({ relation }, position) => ({ relation, position }))
    .filter(({ relation }) => relation !== "HEAD" && relation !== "SPOUSE");
  const order = rest
    .sort((a, b) => rank(a.relation) - rank(b.relation) || a.position - b.position)
    .map(({ position }) => position);
  return drafts.map(({ relation }, position) => {
    if (relation === "HEAD") return "01";
    return relation === "SPOUSE" ? "02" : pad(3 + order.indexOf(position), 2);
  });
}

function makePeople(place: Place, drafts: readonly Draft[], number: number): MadePerson[] {
  const { naming, random } = place;
  const people: MadePerson[] = [];
  const inherited = naming.family(random);
  for (const [position, draft] of drafts.entries()) {
    const parents = draft.parents.map((at) => people[at]).filter((parent) => parent !== undefined);
    const father = parents.find(({ sex }) => sex === "MALE");
    const family = draft.relation === "SPOUSE" ? naming.family(random) : inherited; // a wife keeps her father's
    const fullName = naming.name(random, { ...draft, father: father?.fullName.split(" ")[0], family });
    const mother = parents.find(({ sex }) => sex === "FEMALE");
    const motherName =
      mother?.fullName ?? naming.name(random, { sex: "FEMALE", birthDate: "1945", birthOrder: 1, family: naming.family(random) });
    people.push(
      register(place, draft, {
        id: uuidFrom(place.world.config.seed, "person", place.index, number, position),
        fullName,
        motherName,
      }),
    );
  }
  return people;
}

const DISABILITIES: readonly (readonly [Disability, number])[] = [
  ["NONE", 974],
  ["PHYSICAL", 11],
  ["SENSORY", 7],
  ["INTELLECTUAL", 3],
  ["MENTAL", 3],
  ["MULTIPLE", 2],
];

function register(
  { world, region, random }: Place,
  draft: Draft,
  named: { id: string; fullName: string; motherName: string },
): MadePerson {
  const { sex, birthDate } = draft;
  const isMover = draft.relation !== "CHILD" && random.chance(0.2);
  const district = registeredIn(world.regions, random, { village: region, birthDate, isMover });
  const birthPlace = (world.regions.nameOf(district.slice(0, 4)) ?? world.regions.nameOf(region.slice(0, 4)) ?? "").replace(
    /^(KABUPATEN|KOTA) /,
    "",
  );
  const numberDate = random.chance(0.995) ? birthDate : swapped(birthDate); // some were recorded with day and month exchanged
  const nik = world.issuer.nik(district, numberDate, sex);
  return { ...named, nik, sex, birthDate, birthPlace, isAlive: true, disability: random.weighted(DISABILITIES) };
}

const swapped = (day: string) => (day.slice(8) <= "12" ? `${day.slice(0, 4)}-${day.slice(8)}-${day.slice(5, 7)}` : day);
