import type { DatabaseUrls } from "../../drizzle/cluster.ts";
import { inLoads } from "../../drizzle/copy.ts";
import { SEEDED, type Seeded } from "../../drizzle/synthetic/load.ts";
import type {
  MadeEnrolment,
  MadeFamily,
  MadeHousehold,
  MadeMember,
  MadePayment,
  MadePerson,
} from "../../drizzle/synthetic/model.ts";
import { uuidFrom } from "../../drizzle/synthetic/random.ts";
import { loadHouseholds } from "../../drizzle/synthetic/seed.ts";
import { formatNik } from "../../schema/nik.ts";

/** The people that tests tell stories about. All made up: NIK serials no district ever issues. */

const BANYUWANGI_PAKIS = "3510161001";
const BANYUWANGI_SOBO = "3510161002";
const JAKARTA_GAMBIR = "3171011001";
const MERAUKE_SAMKAI = "9301011002";
const MERAUKE_THEN = "910101"; // Merauke's district before the split of 2022: the NIK keeps it

const id = (...key: readonly (string | number)[]) => uuidFrom("story", ...key);

type Told = Pick<MadePerson, "fullName" | "sex" | "birthDate" | "birthPlace" | "motherName"> &
  Partial<MadePerson> & { district: string; serial: string };
const person = (name: string, { district, serial, ...told }: Told): MadePerson => ({
  id: id("person", name),
  nik: formatNik({ district, birthDate: told.birthDate, sex: told.sex, serial }),
  isAlive: true,
  disability: "NONE",
  ...told,
});

/** Matched, decile 2, draws PKH and BPNT for her family. */
export const siti = person("siti", {
  district: "351016",
  serial: "9001",
  fullName: "SITI AMINAH",
  sex: "FEMALE",
  birthDate: "1988-04-12",
  birthPlace: "BANYUWANGI",
  motherName: "SULASTRI",
});
/** Her husband; the registry spells him the old way. */
export const budi = person("budi", {
  district: "351016",
  serial: "9001",
  fullName: "BUDI SANTOSO",
  sex: "MALE",
  birthDate: "1985-08-17",
  birthPlace: "BANYUWANGI",
  motherName: "PONIRAH",
});
/** Their child, at primary school. */
export const ani = person("ani", {
  district: "351016",
  serial: "9001",
  fullName: "ANI LESTARI",
  sex: "FEMALE",
  birthDate: "2017-05-03",
  birthPlace: "BANYUWANGI",
  motherName: "SITI AMINAH",
});
/** Deceased, and still enrolled. */
export const slamet = person("slamet", {
  district: "351016",
  serial: "9001",
  fullName: "SLAMET",
  sex: "MALE",
  birthDate: "1949-07-01",
  birthPlace: "BANYUWANGI",
  motherName: "PAINEM",
  isAlive: false,
});
/** One person with two records in the registry. */
export const rina = person("rina", {
  district: "351016",
  serial: "9002",
  fullName: "RINA WULANDARI",
  sex: "FEMALE",
  birthDate: "1992-11-20",
  birthPlace: "JEMBER",
  motherName: "SUMIATI",
});
/** Unmatched: the registry knows him, the population register does not. */
export const joko = person("joko", {
  district: "351016",
  serial: "9003",
  fullName: "JOKO PRASETYO",
  sex: "MALE",
  birthDate: "1979-02-14",
  birthPlace: "BANYUWANGI",
  motherName: "LASMI",
});
/** Papua: a NIK above 2^53 with the region code of before the split. */
export const maria = person("maria", {
  district: MERAUKE_THEN,
  serial: "9001",
  fullName: "MARIA YULIANA GEBZE",
  sex: "FEMALE",
  birthDate: "1975-08-17",
  birthPlace: "MERAUKE",
  motherName: "MARTHA MAHUZE",
});
/** Homeless, and never ranked. */
export const tono = person("tono", {
  district: "317101",
  serial: "9001",
  fullName: "TONO",
  sex: "MALE",
  birthDate: "1968-01-01",
  birthPlace: "TEGAL",
  motherName: "WAGIYEM",
});

const member = (about: MadePerson, told: Pick<MadeMember, "suffix" | "relation"> & Partial<MadeMember>): MadeMember => ({
  id: id("member", about.id, told.suffix),
  matchStatus: "MATCHED",
  claimedName: about.fullName,
  claimedNik: about.nik,
  state: "ACTIVE",
  ppks: [],
  psks: null,
  person: about,
  ...told,
});

const family = (name: string, cardNumber: string, members: readonly MadeMember[]): MadeFamily => ({
  id: id("family", name),
  registryNumber: `STORY-${name.toUpperCase()}`,
  card: { id: id("card", name), number: cardNumber, issuedOn: "2018-06-11" },
  members,
});

const ranked = (decile: number): MadeHousehold["rankings"] => [
  { versionId: "DTSEN-2026-Q3", percentile: decile * 10 - 5, decile },
  { versionId: "DTSEN-2026-Q2", percentile: decile * 10 - 4, decile },
  { versionId: "DTKS-2025-01", percentile: decile * 10 - 3, decile: decile <= 4 ? decile : null },
];

const household = (name: string, told: Pick<MadeHousehold, "region" | "families"> & Partial<MadeHousehold>): MadeHousehold => ({
  id: id("household", name),
  address: "DUSUN KRAJAN NO 7 RT 002 RW 001",
  monthlyIncome: 1_500_000,
  floorArea: 36,
  surveyedOn: "2026-03-14",
  decile: told.rankings?.[0]?.decile ?? null,
  rankings: [],
  enrolments: [],
  ...told,
});

const QUARTERS = [
  { period: "2026-Q3", startsOn: "2026-07-01", endsOn: "2026-09-30", creditedOn: "2026-07-20" },
  { period: "2026-Q2", startsOn: "2026-04-01", endsOn: "2026-06-30", creditedOn: "2026-04-21" },
  { period: "2026-Q1", startsOn: "2026-01-01", endsOn: "2026-03-31", creditedOn: "2026-01-19" },
] as const;

const enrolment = (
  program: string,
  about: MadePerson,
  told: Partial<MadeEnrolment> & { amount: number; channel?: MadePayment["channel"] },
): MadeEnrolment => {
  const { amount, channel = "BRI", ...rest } = told;
  const own = id("enrolment", program, about.id);
  const payments = QUARTERS.map(
    (quarter): MadePayment => ({ ...quarter, id: id("payment", own, quarter.period), amount, state: "TRANSACTED", channel }),
  );
  return {
    id: own,
    personId: about.id,
    program,
    state: "ACTIVE",
    component: null,
    startedOn: "2021-04-01",
    endedOn: null,
    payments,
    ...rest,
  };
};

export const sitisHome = household("siti", {
  region: BANYUWANGI_PAKIS,
  rankings: ranked(2),
  families: [
    family("siti", "3510161106189001", [
      member(budi, { suffix: "01", relation: "HEAD", claimedName: "BOEDI SANTOSA" }),
      member(siti, { suffix: "02", relation: "SPOUSE" }),
      member(ani, { suffix: "03", relation: "CHILD" }),
    ]),
  ],
  enrolments: [
    enrolment("PKH", siti, { component: "PRIMARY", amount: 225_000 }),
    enrolment("BPNT", siti, { amount: 600_000 }),
    enrolment("KIP", ani, { component: "PRIMARY", amount: 450_000, payments: [] }),
  ],
});

export const slametsHome = household("slamet", {
  region: BANYUWANGI_SOBO,
  rankings: ranked(3),
  families: [family("slamet", "3510161106189002", [member(slamet, { suffix: "01", relation: "HEAD", matchStatus: "DECEASED" })])],
  enrolments: [enrolment("BPNT", slamet, { amount: 600_000, channel: "POS" })],
});

export const rinasHome = household("rina", {
  region: BANYUWANGI_SOBO,
  rankings: ranked(4),
  families: [family("rina", "3510161106189003", [member(rina, { suffix: "01", relation: "HEAD" })])],
  enrolments: [enrolment("PBI_JK", rina, { amount: 42_000, channel: "BPJS_KESEHATAN" })],
});

/** Rina's second record, under her married name at her mother's house. */
export const rinasSecondHome = household("rina again", {
  region: BANYUWANGI_PAKIS,
  rankings: ranked(5),
  families: [
    family("rina again", "3510161106189003", [member(rina, { suffix: "03", relation: "CHILD", claimedName: "RINA W" })]),
  ],
});

export const jokosHome = household("joko", {
  region: BANYUWANGI_PAKIS,
  monthlyIncome: null,
  rankings: ranked(1),
  families: [
    family("joko", "3510161106189004", [
      member(joko, { suffix: "01", relation: "HEAD", matchStatus: "NOT_FOUND", claimedNik: joko.nik.slice(0, 15) }),
    ]),
  ],
});

export const mariasHome = household("maria", {
  region: MERAUKE_SAMKAI,
  rankings: ranked(3),
  families: [family("maria", "9301011106189001", [member(maria, { suffix: "01", relation: "HEAD" })])],
  enrolments: [enrolment("PBI_JK", maria, { amount: 42_000, channel: "BPJS_KESEHATAN" })],
});

export const tonosHome = household("tono", {
  region: JAKARTA_GAMBIR,
  address: "TANPA TEMPAT TINGGAL TETAP",
  monthlyIncome: null,
  floorArea: null,
  surveyedOn: null,
  families: [
    family("tono", "3171011106189001", [member(tono, { suffix: "01", relation: "HEAD", ppks: ["HOMELESS", "PERSON_WITH_HIV"] })]),
  ],
});

const REGISTERED = [sitisHome, slametsHome, rinasHome, mariasHome, tonosHome];
const REGISTRY_ONLY = [rinasSecondHome, jokosHome];
/** Loads the story people into databases that are already seeded. */
export async function loadPeople(urls: DatabaseUrls): Promise<void> {
  const load = (slices: readonly Seeded[], households: readonly MadeHousehold[]) =>
    inLoads(
      slices.map((slice) => urls[slice].owner),
      (loaders) =>
        loadHouseholds(
          loaders.map((loader, position) => ({ loader, slice: slices[position] as Seeded })),
          households,
        ),
    );
  await load(SEEDED, REGISTERED);
  await load(["welfare", "programs"], REGISTRY_ONLY);
}
