import { hash } from "node:crypto";
import type { DatabaseUrls } from "../../../../drizzle/cluster.ts";
import { inLoads } from "../../../../drizzle/copy.ts";
import { SEEDED } from "../../../../drizzle/synthetic/load.ts";
import type { MadeHousehold, MadePerson } from "../../../../drizzle/synthetic/model.ts";
import { uuidFrom } from "../../../../drizzle/synthetic/random.ts";
import { loadHouseholds } from "../../../../drizzle/synthetic/seed.ts";
import { formatNik } from "../../../../schema/nik.ts";
import { siti, sitisHome } from "../../../kit/people.ts";

const id = (name: string) => uuidFrom("canary", name);

/** A made-up person of whom no value stands anywhere by chance. */
export const canary: MadePerson = {
  ...siti,
  id: id("person"),
  nik: formatNik({ district: "351016", birthDate: "1959-12-27", sex: "FEMALE", serial: "9877" }),
  fullName: "QUXOLANDA ZYVRAPTI",
  birthDate: "1959-12-27",
  birthPlace: "XYLQUORBAGO",
  motherName: "VWEXIMA TRUNQOJI",
};
export const CARD_NUMBER = "3510162712599877";
export const INCOME = 76_543_219;
const AMOUNT = 87_654_321;
export const ADDRESS = "JALAN QWIXOTRON NO 987";

export const canaryHome: MadeHousehold = {
  ...sitisHome,
  id: id("household"),
  address: ADDRESS,
  monthlyIncome: INCOME,
  families: sitisHome.families.map((family) => ({
    ...family,
    id: id("family"),
    registryNumber: "CANARY-1",
    card: family.card && { ...family.card, id: id("card"), number: CARD_NUMBER },
    members: family.members.slice(0, 1).map((member) => ({
      ...member,
      ...{ id: id("member"), person: canary, claimedName: canary.fullName, claimedNik: canary.nik },
    })),
  })),
  enrolments: sitisHome.enrolments.slice(0, 1).map((enrolment) => ({
    ...enrolment,
    ...{ id: id("enrolment"), personId: canary.id },
    payments: enrolment.payments.map((payment, n) => ({ ...payment, id: id(`payment ${n}`), amount: AMOUNT })),
  })),
};

/** Loads the canary into databases that are already seeded. */
export const loadCanary = (urls: DatabaseUrls): Promise<number> =>
  inLoads(
    SEEDED.map((slice) => urls[slice].owner),
    (loaders) =>
      loadHouseholds(
        loaders.map((loader, position) => ({ loader, slice: SEEDED[position] as (typeof SEEDED)[number] })),
        [canaryHome],
      ),
  );

/** What must be in no sink: values of the canary, and what somebody makes up about it. By what they are. */
const VALUES: Readonly<Record<string, string>> = {
  nik: canary.nik,
  "most of the nik": canary.nik.slice(0, 13),
  "family card": CARD_NUMBER,
  "first name": "QUXOLANDA",
  "last name": "ZYVRAPTI",
  "birth date": canary.birthDate,
  "birth place": canary.birthPlace,
  "mother's first name": "VWEXIMA",
  "mother's last name": "TRUNQOJI",
  address: "QWIXOTRON",
  income: String(INCOME),
  payment: String(AMOUNT),
};
/** What the hub itself calls the person by: for those who read a sink as bad as a name. */
const IDS: Readonly<Record<string, string>> = { "person's id": canary.id, "household's id": canaryHome.id };

const SPELLINGS: Readonly<Record<string, (value: string) => string>> = {
  "": (value) => value,
  " in base64": (value) => Buffer.from(value).toString("base64").slice(0, -4),
  " in hex": (value) => Buffer.from(value).toString("hex"),
  " without dashes": (value) => value.replaceAll("-", ""),
  " as a bare hash": (value) => hash("sha256", value),
  " as a bare hash in base64": (value) => hash("sha256", value, "base64url"),
};
const NEEDLES: readonly (readonly [what: string, needle: string])[] = Object.entries({ ...VALUES, ...IDS }).flatMap(
  ([what, value]) => Object.entries(SPELLINGS).map(([how, spell]) => [what + how, spell(value).toLowerCase()] as const),
);
const DIGITS = [canary.nik, CARD_NUMBER];

/** What of the canary a text holds, however it is spelt. */
export function leaksIn(text: string): string[] {
  const plain = text.normalize("NFKC").toLowerCase();
  const digits = plain.replace(/[-.,\s\u200b]/g, "");
  return [
    ...NEEDLES.filter(([, needle]) => plain.includes(needle)).map(([what]) => what),
    ...(DIGITS.some((number) => digits.includes(number) && !plain.includes(number)) ? ["a number written apart"] : []),
  ];
}

/** Everything that was written where operators, partners' developers or auditors read, by the sink it went to. */
export class Sinks {
  private readonly texts = new Map<string, string[]>();

  put(sink: string, text: string): void {
    const known = this.texts.get(sink);
    if (known) known.push(text);
    else this.texts.set(sink, [text]);
  }

  /** How many texts each sink holds. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.texts].map(([sink, texts]) => [sink, texts.length]));
  }

  /** Sinks that hold something of the canary. */
  get leaky(): string[] {
    return [...this.texts].filter(([, texts]) => texts.some((text) => leaksIn(text).length > 0)).map(([sink]) => sink);
  }

  /** Each text that holds something of the canary, as `sink: what: text`. */
  get leaks(): string[] {
    return [...this.texts].flatMap(([sink, texts]) =>
      texts.flatMap((text) => leaksIn(text).map((what) => `${sink}: ${what}: ${text.slice(0, 600)}`)),
    );
  }
}
