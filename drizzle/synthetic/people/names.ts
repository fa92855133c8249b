import type { NikSex } from "../../../schema/nik.ts";
import type { Random } from "../random.ts";
import { TRADITIONS, type Tradition, traditionsOf } from "./traditions.ts";

export interface Named {
  readonly sex: NikSex;
  readonly birthDate: string;
  /** 1 for the first child. */
  readonly birthOrder: number;
  /** Given name of the father, for bin and binti. */
  readonly father?: string | undefined;
  /** Inherited family name, where the tradition has them. */
  readonly family: string;
}

/** How the people of one family are named. */
export interface Naming {
  /** A family name of this tradition, or nothing. */
  family(random: Random): string;
  /** Full name as registered, upper case. */
  name(random: Random, person: Named): string;
}

export function namingOf(random: Random, province: string): Naming {
  const tradition: Tradition = TRADITIONS[random.weighted(traditionsOf(province))];
  return {
    family: (source) => (tradition.families ? source.pick(tradition.families).replace("-", " ") : ""),
    name: (source, person) => fullName(source, tradition, person),
  };
}

const OLDER = "1980-01-01";
const TWO_WORDS_SINCE = "2022-04-21"; // Permendagri 73/2022: new names have two words or more

function fullName(random: Random, tradition: Tradition, person: Named): string {
  const given = givenNames(random, tradition, person);
  const parts = [...before(random, tradition, person), ...given, person.family, ...after(random, tradition, person)];
  return parts.filter((part) => part !== "").join(" ");
}

function givenNames(random: Random, tradition: Tradition, { sex, birthDate, family }: Named): string[] {
  const isOlder = birthDate < OLDER;
  const [younger, older] = sex === "MALE" ? [tradition.male, tradition.olderMale] : [tradition.female, tradition.olderFemale];
  const first = random.pick(isOlder ? older : younger);
  if (isOlder && random.chance(tradition.single)) return [first];
  if (tradition.custom === "order" || (family !== "" && birthDate < TWO_WORDS_SINCE && random.chance(0.6))) return [first];
  const second = another(random, younger, [first]);
  return birthDate > "2000" && random.chance(0.35) ? [first, second, another(random, younger, [first, second])] : [first, second];
}

function another(random: Random, stock: readonly string[], taken: readonly string[]): string {
  let name = random.pick(stock);
  while (taken.includes(name)) name = random.pick(stock);
  return name;
}

const BIRTH_ORDER = [["WAYAN", "PUTU", "GEDE"], ["MADE", "KADEK", "NENGAH"], ["NYOMAN", "KOMANG"], ["KETUT"]] as const;

function before(random: Random, { custom, titles }: Tradition, { sex, birthOrder }: Named): string[] {
  if (custom === "order") return [sex === "MALE" ? "I" : "NI", random.pick(BIRTH_ORDER[(birthOrder - 1) % 4] ?? BIRTH_ORDER[0])];
  if (custom !== "title" || titles === undefined || !random.chance(0.2)) return [];
  return [random.pick(sex === "MALE" ? titles.male : titles.female)];
}

function after(random: Random, { custom }: Tradition, { sex, father, birthDate }: Named): string[] {
  const isSaid = custom === "father" && father !== undefined && random.chance(birthDate < OLDER ? 0.4 : 0.15);
  return isSaid && father ? [sex === "MALE" ? "BIN" : "BINTI", father] : [];
}

const OLD_SPELLING: readonly (readonly [RegExp, string])[] = [
  [/U/, "OE"],
  [/J/, "DJ"],
  [/MUHAMMAD|MOH/, "MUH."],
  [/SITI/, "ST."],
  [/I\b/, "IE"],
  [/Y/, "J"],
];

/** The same name as a village clerk might have written it: old spelling, shortened, or without its last part. */
export function variantOf(random: Random, name: string): string {
  const words = name.split(" ");
  if (words.length > 2 && random.chance(0.4)) return words.slice(0, -1).join(" ");
  const [pattern, spelled] = random.pick(OLD_SPELLING);
  return name.replace(pattern, spelled);
}
