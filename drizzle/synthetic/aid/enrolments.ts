import type { Channel, Component, EnrolmentState, MadeEnrolment, MadeFamily, MadeMember } from "../model.ts";
import { ageOf } from "../people/compose.ts";
import { type Random, uuidFrom } from "../random.ts";
import { months, paymentsOf, quarters, semesters, years } from "./payments.ts";
import { countedComponents, PKH_YEAR, pkhAmount } from "./pkh.ts";
import type { ProgramCode } from "./programTable.ts";

/** Standing (0 poorest, 1 richest) up to which the quota reaches, and up to which people stand in line: seats and ceilings differ. */
const QUOTA: Readonly<
  Record<"PKH" | "BPNT" | "PBI_JK", { readonly reaches: number; readonly ceiling: number; readonly inLine: number }>
> = {
  PKH: { reaches: 0.2, ceiling: 0.4, inLine: 0.6 },
  BPNT: { reaches: 0.24, ceiling: 0.5, inLine: 0.3 },
  PBI_JK: { reaches: 0.38, ceiling: 0.5, inLine: 0.25 },
};
const BPNT_MONTH = 200_000;
const PBI_MONTH = 42_000;
const BST_MONTH = 300_000;
const APRIL_2021 = 12 * (2021 - 2026) + 3; // months from January 2026
const KIP_YEAR = { PRIMARY: 450_000, JUNIOR: 750_000, SENIOR: 1_800_000 } as const;
const CLUSTER_MONTH = { CLUSTER_1: 800_000, CLUSTER_2: 950_000, CLUSTER_3: 1_100_000 } as const;

interface Home {
  readonly region: string;
  readonly families: readonly MadeFamily[];
}

/** A family's or person's case for aid. `standing` null: never ranked, so nothing is decided. */
interface Case extends Home {
  readonly random: Random;
  readonly standing: number;
  readonly bank: Channel;
}

/** Everything the household gets, waits for, or once got, by the rules of the programs. Only matched, living, active members count. */
export function enrolmentsOf(random: Random, home: Home, standing: number | null): MadeEnrolment[] {
  if (standing === null) return [];
  const about: Case = { ...home, random, standing, bank: bankOf(random, home.region) };
  return home.families.flatMap((family) => {
    const members = family.members.filter(isServed);
    const drawer = members.find(({ relation }) => relation === "SPOUSE") ?? members.find(({ relation }) => relation === "HEAD");
    const aid = drawer ? [...pkh(about, drawer, members), ...bpnt(about, drawer)] : [];
    const cash = drawer && aid.length === 0 ? bst(about, drawer) : []; // BST excludes PKH and BPNT
    return [
      ...aid,
      ...cash,
      ...members.flatMap((member) => [...pbi(about, member), ...kip(about, member), ...kipKuliah(about, member)]),
    ];
  });
}

const isServed = ({ matchStatus, state, person }: MadeMember) =>
  matchStatus === "MATCHED" && state === "ACTIVE" && person.isAlive;

const bankOf = (random: Random, region: string): Channel => {
  if (random.chance(0.12)) return "POS";
  return region.startsWith("11") ? "BSI" : random.pick(["BRI", "BNI", "MANDIRI"] as const);
};

/** Within the quota by rank: active for most. Beyond it but under the ceiling: some are in line. Above the ceiling: nothing. */
function stateBy({ random, standing }: Case, { reaches, ceiling, inLine }: (typeof QUOTA)["PKH"]): EnrolmentState | null {
  if (standing >= ceiling) return null;
  if (standing >= reaches)
    return random.chance(inLine)
      ? random.weighted<EnrolmentState>([
          ["WAITING", 9],
          ["CANDIDATE", 1],
        ])
      : null;
  return random.weighted<EnrolmentState>([
    ["ACTIVE", 91],
    ["SUSPENDED", 3],
    ["GRADUATED", 3],
    ["EXITED", 3],
  ]);
}

interface Opening {
  readonly program: ProgramCode;
  readonly state: EnrolmentState;
  readonly component: Component | null;
  /** Years it may have begun in. */
  readonly since: readonly [number, number];
}

function open(
  { random }: Case,
  { person }: MadeMember,
  { program, state, component, since }: Opening,
): Omit<MadeEnrolment, "payments"> {
  const waits = state === "WAITING" || state === "CANDIDATE";
  const year = waits ? 2026 : random.between(...since);
  const endedYear = random.between(Math.max(year + 1, 2024), 2025);
  return {
    id: uuidFrom(person.id, program),
    personId: person.id,
    program,
    state,
    component,
    startedOn: `${year}-0${random.between(1, 7)}-01`,
    endedOn: state === "GRADUATED" || state === "EXITED" ? `${endedYear}-12-31` : null,
  };
}

/** Only what is active is paid; what is suspended was paid before. */
const paid = (state: EnrolmentState) => state === "ACTIVE";

function pkh(about: Case, drawer: MadeMember, members: readonly MadeMember[]): MadeEnrolment[] {
  const counted = countedComponents(
    members.map((member) => componentOf(about.random, member)).filter((component) => component !== null),
  );
  const state = counted.length > 0 ? stateBy(about, QUOTA.PKH) : null;
  if (state === null) return [];
  const enrolment = open(about, drawer, { program: "PKH", state, component: counted[0] ?? null, since: [2017, 2024] });
  const periods = paid(state) ? quarters(about.random.between(2, 6)) : [];
  return [
    {
      ...enrolment,
      payments: paymentsOf(about.random, enrolment.id, { periods, amount: pkhAmount(counted, 3), channel: about.bank }),
    },
  ];
}

/** The one PKH component of a member, the dearest that applies. */
function componentOf(random: Random, { person, relation }: MadeMember): Component | null {
  const age = ageOf(person.birthDate);
  const applies: (Component | false)[] = [
    relation === "SPOUSE" && age >= 20 && age < 42 && random.chance(0.05) && "PREGNANCY",
    person.disability === "MULTIPLE" && "SEVERE_DISABILITY",
    age <= 6 && "EARLY_CHILDHOOD",
    age >= 60 && "ELDERLY",
    schoolOf(age) ?? false,
  ];
  const found = applies.filter((component) => component !== false);
  return found.sort((a, b) => (PKH_YEAR[b] ?? 0) - (PKH_YEAR[a] ?? 0))[0] ?? null;
}

function schoolOf(age: number): keyof typeof KIP_YEAR | null {
  if (age < 7 || age > 18) return null;
  if (age <= 12) return "PRIMARY";
  return age <= 15 ? "JUNIOR" : "SENIOR";
}

function bpnt(about: Case, drawer: MadeMember): MadeEnrolment[] {
  const state = stateBy(about, QUOTA.BPNT);
  if (state === null) return [];
  const enrolment = open(about, drawer, { program: "BPNT", state, component: null, since: [2018, 2024] });
  const periods = paid(state) ? quarters(about.random.between(2, 6)) : [];
  return [
    { ...enrolment, payments: paymentsOf(about.random, enrolment.id, { periods, amount: 3 * BPNT_MONTH, channel: about.bank }) },
  ];
}

function bst(about: Case, drawer: MadeMember): MadeEnrolment[] {
  if (about.standing > 0.55 || !about.random.chance(0.25)) return [];
  const enrolment = open(about, drawer, { program: "BST", state: "EXITED", component: null, since: [2021, 2021] });
  const periods = months(about.random.between(2, 4), APRIL_2021);
  const payments = paymentsOf(about.random, enrolment.id, { periods, amount: BST_MONTH, channel: "POS" });
  return [{ ...enrolment, startedOn: "2021-01-01", endedOn: "2021-08-31", payments }];
}

function pbi(about: Case, member: MadeMember): MadeEnrolment[] {
  const state = stateBy(about, QUOTA.PBI_JK);
  if (state === null) return [];
  const enrolment = open(about, member, { program: "PBI_JK", state, component: null, since: [2014, 2025] });
  const periods = paid(state) ? months(about.random.between(2, 6)) : [];
  return [
    { ...enrolment, payments: paymentsOf(about.random, enrolment.id, { periods, amount: PBI_MONTH, channel: "BPJS_KESEHATAN" }) },
  ];
}

function kip(about: Case, member: MadeMember): MadeEnrolment[] {
  const level = schoolOf(ageOf(member.person.birthDate));
  if (level === null || about.standing > 0.45 || !about.random.chance(0.75)) return [];
  const state = about.random.weighted<EnrolmentState>([
    ["ACTIVE", 88],
    ["CANDIDATE", 8],
    ["SUSPENDED", 4],
  ]);
  const enrolment = open(about, member, { program: "KIP", state, component: level, since: [2022, 2025] });
  const periods = paid(state) ? years(about.random.between(2, 3)) : [];
  const amount = KIP_YEAR[level];
  return [
    {
      ...enrolment,
      payments: paymentsOf(about.random, enrolment.id, { periods, amount, channel: about.random.pick(["BRI", "BNI"]) }),
    },
  ];
}

function kipKuliah(about: Case, member: MadeMember): MadeEnrolment[] {
  const age = ageOf(member.person.birthDate);
  if (age < 19 || age > 23 || about.standing > 0.3 || !about.random.chance(0.2)) return [];
  const component = about.random.pick(["CLUSTER_1", "CLUSTER_2", "CLUSTER_3"] as const);
  const enrolment = open(about, member, { program: "KIP_KULIAH", state: "ACTIVE", component, since: [2023, 2025] });
  const periods = semesters(about.random.between(2, 4));
  return [
    {
      ...enrolment,
      payments: paymentsOf(about.random, enrolment.id, { periods, amount: 6 * CLUSTER_MONTH[component], channel: about.bank }),
    },
  ];
}
