import { awardFor, countComponents } from "../../../schema/aid/components.ts";
import { PKH } from "../../../schema/aid/pkh.ts";
import type { Channel, Component, EnrolmentState, MadeEnrolment, MadeFamily, MadeMember } from "../model.ts";
import { ageOf } from "../people/compose.ts";
import { type Random, uuidFrom } from "../random.ts";
import { latestMonthly, latestYearly } from "./catalogueTable.ts";
import { componentsOf, drawerOf, isServed, schoolOf } from "./components.ts";
import { months, paymentsOf, quarters, semesters, years } from "./payments.ts";
import type { ProgramCode } from "./programTable.ts";

/** Standing (0 poorest, 1 richest) up to which the quota reaches, and up to which people stand in line: seats and ceilings differ. */
const QUOTA: Readonly<
  Record<"PKH" | "BPNT" | "PBI_JK", { readonly reaches: number; readonly ceiling: number; readonly inLine: number }>
> = {
  PKH: { reaches: 0.2, ceiling: 0.4, inLine: 0.6 },
  BPNT: { reaches: 0.24, ceiling: 0.5, inLine: 0.3 },
  PBI_JK: { reaches: 0.38, ceiling: 0.5, inLine: 0.25 },
};
const [BPNT_MONTH, PBI_MONTH, BST_MONTH] = [latestMonthly("BPNT"), latestMonthly("PBI_JK"), latestMonthly("BST")];
const APRIL_2021 = 12 * (2021 - 2026) + 3; // months from January 2026

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
    const drawer = drawerOf(members);
    const aid = drawer ? [...pkh(about, drawer, members), ...bpnt(about, drawer)] : [];
    const cash = drawer && aid.length === 0 ? bst(about, drawer) : []; // BST excludes PKH and BPNT
    return [
      ...aid,
      ...cash,
      ...members.flatMap((member) => [...pbi(about, member), ...kip(about, member), ...kipKuliah(about, member)]),
    ];
  });
}

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
  const brought = members.flatMap((member) => componentsOf(member).slice(0, 1)).map((component) => ({ component }));
  const { counted } = countComponents(brought, PKH);
  const state = counted.length > 0 ? stateBy(about, QUOTA.PKH) : null;
  if (state === null) return [];
  const enrolment = open(about, drawer, { program: "PKH", state, component: counted[0]?.component ?? null, since: [2017, 2024] });
  const periods = paid(state) ? quarters(about.random.between(2, 6)) : [];
  return [
    {
      ...enrolment,
      payments: paymentsOf(about.random, enrolment.id, { periods, amount: Number(awardFor(counted, 3)), channel: about.bank }),
    },
  ];
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
  const amount = latestYearly("KIP", level);
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
      payments: paymentsOf(about.random, enrolment.id, {
        periods,
        amount: latestYearly("KIP_KULIAH", component) / 2,
        channel: about.bank,
      }),
    },
  ];
}
