import { TRADITIONS, type Tradition } from "../people/traditions.ts";
import type { Random } from "../random.ts";
import { dayOf } from "./calendar.ts";
import { BALINESE, EASTERN, FAMILIES, JAVANESE, MODERN, MUSLIM, SUNDANESE } from "./nameParts.ts";
import { asRegistered } from "./registeredSpelling.ts";
import { createStock, draw, type Stock } from "./stock.ts";

export type TraditionName = keyof typeof TRADITIONS;

/** How the people of one generation and sex are called. */
interface Generation {
  /** Share with one name only, and the names they bear. */
  readonly single: number;
  readonly alone: Stock;
  readonly first: Stock;
  readonly last: Stock;
  readonly third: number;
}

interface Style {
  readonly tradition: Tradition;
  readonly families: Stock | undefined;
  /** Oldest first. */
  readonly men: readonly Generation[];
  readonly women: readonly Generation[];
}

export interface Bearer {
  readonly isFemale: boolean;
  /** Day of birth, see calendar.ts. */
  readonly day: number;
  readonly birthOrder: number;
  /** Inherited family name, or nothing. */
  readonly family: string;
  /** Registered name of the father, when he is known. */
  readonly father: string;
}

const GENERATIONS_FROM = ["1968-01-01", "1993-01-01"].map((day) => dayOf(day) ?? 0);
const TWO_WORDS_SINCE = dayOf("2022-04-21") ?? 0; // Permendagri 73/2022: new names have two words or more

/** Full name as registered, upper case. Depends on the stream alone. */
export function fullName(random: Random, name: TraditionName, bearer: Bearer): string {
  const style = STYLES[name];
  const at = GENERATIONS_FROM.filter((from) => bearer.day >= from).length;
  const generation = (bearer.isFemale ? style.women : style.men)[at];
  if (!generation) throw new Error(`no names for generation ${at} of ${name}`);
  const given = givenName(random, style, { bearer, generation });
  const whole = bearer.family === "" ? given : `${given} ${bearer.family}`;
  return asRegistered(random, before(random, style.tradition, bearer) + whole + after(random, style.tradition, bearer), at === 0);
}

/** A family name of the tradition; nothing where it has none. */
export function familyName(random: Random, name: TraditionName): string {
  const { families } = STYLES[name];
  return families ? draw(random, families) : "";
}

function givenName(random: Random, style: Style, { bearer, generation }: { bearer: Bearer; generation: Generation }): string {
  const mayBeSingle = bearer.day < TWO_WORDS_SINCE || bearer.family !== "" || style.tradition.custom === "order";
  if (mayBeSingle && random.chance(generation.single)) return draw(random, generation.alone);
  const first = draw(random, generation.first);
  const father = bearer.father.split(" ");
  if (father.length > 1 && bearer.family === "" && random.chance(0.05)) return `${first} ${father.at(-1)}`;
  const name = `${first} ${another(random, generation.last, first)}`;
  return random.chance(generation.third) ? `${name} ${another(random, generation.last, name)}` : name;
}

function another(random: Random, stock: Stock, taken: string): string {
  const word = draw(random, stock);
  return taken.includes(word) ? draw(random, stock) : word;
}

const BIRTH_ORDER = [["WAYAN", "PUTU", "GEDE"], ["MADE", "KADEK", "NENGAH"], ["NYOMAN", "KOMANG"], ["KETUT"]] as const;

function before(random: Random, { custom, titles }: Tradition, { isFemale, birthOrder }: Bearer): string {
  if (custom === "order") {
    const order = random.pick(BIRTH_ORDER[(birthOrder - 1) % 4] ?? BIRTH_ORDER[0]);
    return `${isFemale ? "NI" : "I"} ${order} `;
  }
  if (titles === undefined || !random.chance(0.1)) return "";
  return `${random.pick(isFemale ? titles.female : titles.male)} `;
}

function after(random: Random, { custom }: Tradition, { isFemale, father }: Bearer): string {
  if (custom !== "father" || father === "" || !random.chance(0.08)) return "";
  return ` ${isFemale ? "BINTI" : "BIN"} ${father.split(" ")[0]}`;
}

interface Words {
  readonly older: readonly string[];
  readonly young: readonly string[];
  readonly last: readonly string[];
  readonly modern: readonly string[];
  readonly modernLast: readonly string[];
}

/** Flatness of the law for names borne alone, and for first and further words. */
const FLAT = { alone: 70, first: 13, last: 15 };

/** Words that begin a name and are none alone. */
const BEGINNINGS = new Set([
  "SITI",
  "NUR",
  "SRI",
  "DWI",
  "TRI",
  "EKA",
  "MUHAMMAD",
  "AHMAD",
  "ABDUL",
  "SYAIFUL",
  "SAIFUL",
  "ZAINAL",
  "MOH",
]);
const borneAlone = (words: readonly string[]) =>
  createStock(
    words.filter((word) => !BEGINNINGS.has(word)),
    FLAT.alone,
  );

/** `single`: share of one-word names among the oldest; the generations after have fewer. */
function generationsOf(words: Words, single: number): readonly Generation[] {
  const alone = borneAlone(words.older);
  const last = createStock(words.last, FLAT.last);
  return [
    { single, alone, first: createStock(words.older, FLAT.first), last, third: 0.01 },
    { single: single * 0.65, alone, first: createStock([...words.young, ...words.older], FLAT.first), last, third: 0.04 },
    {
      single: single * 0.15,
      alone: borneAlone(words.modern),
      first: createStock(words.modern, FLAT.first),
      last: createStock([...words.modernLast, ...words.last], FLAT.last),
      third: 0.12,
    },
  ];
}

type Stem = Pick<Words, "older" | "young" | "last">;

const STEMS: Readonly<Record<"javanese" | "sundanese" | "muslim" | "balinese" | "eastern", { men: Stem; women: Stem }>> = {
  javanese: {
    men: { older: JAVANESE.men, young: JAVANESE.youngMen, last: JAVANESE.menLast },
    women: { older: JAVANESE.women, young: JAVANESE.youngWomen, last: JAVANESE.womenLast },
  },
  sundanese: {
    men: { older: SUNDANESE.men, young: SUNDANESE.men, last: [...MODERN.menLast, ...JAVANESE.menLast] },
    women: { older: SUNDANESE.women, young: SUNDANESE.women, last: JAVANESE.womenLast },
  },
  muslim: {
    men: { older: MUSLIM.men, young: MUSLIM.men, last: [...MODERN.menLast, ...MUSLIM.men] },
    women: { older: MUSLIM.women, young: MUSLIM.women, last: [...MODERN.womenLast, ...MUSLIM.women] },
  },
  balinese: {
    men: { older: BALINESE.men, young: BALINESE.men, last: BALINESE.men },
    women: { older: BALINESE.women, young: BALINESE.women, last: BALINESE.women },
  },
  eastern: {
    men: { older: EASTERN.men, young: EASTERN.men, last: EASTERN.men },
    women: { older: EASTERN.women, young: EASTERN.women, last: EASTERN.women },
  },
};

const STEM_OF: Readonly<Record<TraditionName, keyof typeof STEMS>> = {
  javanese: "javanese",
  sundanese: "sundanese",
  madurese: "muslim",
  minangkabau: "muslim",
  malay: "muslim",
  banjar: "muslim",
  acehnese: "muslim",
  bugis: "muslim",
  sasak: "muslim",
  balinese: "balinese",
  batak: "eastern",
  minahasan: "eastern",
  eastern: "eastern",
  papuan: "eastern",
};

function styleOf(name: TraditionName): Style {
  const tradition: Tradition = TRADITIONS[name];
  const stem = STEMS[STEM_OF[name]];
  const isChristian = STEM_OF[name] === "eastern";
  const single = singleOf(tradition);
  const of = (
    words: Stem,
    own: { older: readonly string[]; young: readonly string[] },
    modern: { first: readonly string[]; last: readonly string[] },
  ) =>
    generationsOf(
      {
        older: amid(words.older, own.older),
        young: amid(words.young, own.young),
        last: words.last,
        modern: isChristian ? amid(words.young, own.young) : amid(modern.first, own.young),
        modernLast: isChristian ? words.last : modern.last,
      },
      single,
    );
  const families = tradition.families && [
    ...(FAMILIES[name] ?? []),
    ...tradition.families.map((family) => family.replace("-", " ")),
  ];
  return {
    tradition,
    families: families && createStock(families, 12),
    men: of(stem.men, { older: tradition.olderMale, young: tradition.male }, { first: MODERN.men, last: MODERN.menLast }),
    women: of(
      stem.women,
      { older: tradition.olderFemale, young: tradition.female },
      { first: MODERN.women, last: MODERN.womenLast },
    ),
  };
}

const MOST_POPULAR = 16;

/** The tradition's own words after the most popular of all. */
const amid = (words: readonly string[], own: readonly string[]) => [
  ...words.slice(0, MOST_POPULAR),
  ...own,
  ...words.slice(MOST_POPULAR),
];

/** One given name beside the family name or the name of birth order is the rule; elsewhere it is a matter of age. */
function singleOf({ families, custom, single }: Tradition): number {
  if (families) return 0.6;
  return custom === "order" ? 0.95 : Math.min(0.85, single + 0.2);
}

const STYLES = Object.fromEntries(Object.keys(TRADITIONS).map((name) => [name, styleOf(name as TraditionName)])) as Readonly<
  Record<TraditionName, Style>
>;
