import type { WrittenScope } from "../../schema/policy/rowScope.ts";
import {
  ACCESS_GOVERNANCE,
  DATA_SUBJECT_RIGHTS,
  type Effect,
  HUB,
  PROGRAM_MANAGEMENT,
  REGISTRY_EXCHANGE,
  REGISTRY_MANAGEMENT,
  type StewardRole,
  type Use,
} from "../../schema/policy/words.ts";
import { AID_AGREEMENTS, opensAidTo } from "./aid/agreements.ts";
import { AID_OFFICERS } from "./aid/officers.ts";
import { ANALYSTS } from "./analysts.ts";
import { PARTNER_FIGURES } from "./figures.ts";
import { OFFICERS } from "./officers.ts";
import { OPEN_DATA, OPEN_DATA_AGENCY, OPEN_DATA_CLIENT, OPEN_DATA_PURPOSE } from "./public/openData.ts";
import { RECIPIENT_CHECK, RECIPIENT_CHECK_PURPOSE } from "./public/recipientCheck.ts";
import { opensTo, REGISTRY_AGREEMENTS } from "./registry/agreements.ts";

/** The ready-made agencies, clients and agreements of `npm start`: archetypes of domain.md §8.1. Rows, not rules: stewards edit them. */

export interface GrantSeed {
  readonly selector: string;
  readonly use?: Use;
  readonly effect?: Effect;
  readonly mask?: string;
  readonly params?: Record<string, (string | number)[]>;
  readonly clause?: string;
}
/** How far identities may be verified; what is not said keeps the table's default. */
interface VerificationSeed {
  readonly floor: number;
  readonly onSubject: number;
  readonly ofClient: number;
  /** Distinct persons a day; null: no quota. */
  readonly persons: number | null;
}
export interface AgreementSeed {
  readonly number: string;
  readonly title: string;
  readonly agency: string;
  readonly purpose: string;
  readonly scope: WrittenScope;
  readonly verification?: VerificationSeed;
  readonly grants: readonly GrantSeed[];
}

const WHOLE_COUNTRY = ["0"];

const open = (...selectors: string[]): GrantSeed[] => selectors.map((selector) => ({ selector }));
const as = (effect: Effect, ...selectors: string[]): GrantSeed[] => selectors.map((selector) => ({ selector, effect }));
const use = (kind: Use, ...selectors: string[]): GrantSeed[] => selectors.map((selector) => ({ selector, use: kind }));
const masked = (mask: string, ...selectors: string[]): GrantSeed[] =>
  selectors.map((selector) => ({ selector, effect: "mask", mask }));

export const AGENCIES = [
  ["KEMENSOS", "Kementerian Sosial", "dpo@kemensos.example"],
  ["BPJS_KESEHATAN", "BPJS Kesehatan", "dpo@bpjs-kesehatan.example"],
  ["KEMENDIKDASMEN", "Kementerian Pendidikan Dasar dan Menengah", "dpo@kemendikdasmen.example"],
  ["DINSOS_BANYUWANGI", "Dinas Sosial Kabupaten Banyuwangi", "dpo@banyuwangi.example"],
  ["BAPPENAS", "Kementerian PPN/Bappenas", "dpo@bappenas.example"],
  ["BPK", "Badan Pemeriksa Keuangan", "dpo@bpk.example"],
  ["DUKCAPIL", "Ditjen Kependudukan dan Pencatatan Sipil", "dpo@dukcapil.example"],
  ["BPS", "Badan Pusat Statistik", "dpo@bps.example"],
  [HUB, "Penyelenggara dtks-hub", "dpo@hub.example"],
  ["SIKS_NG", "Layanan pertukaran SIKS-NG", "dpo@siks-ng.example"],
  ["KEMENKEU", "Ditjen Perbendaharaan Kementerian Keuangan", "dpo@kemenkeu.example"],
  ["BRI", "Bank Rakyat Indonesia", "dpo@bri.example"],
  OPEN_DATA_AGENCY,
] as const;

export const CLIENTS = [
  ["kemensos", "KEMENSOS"],
  ["bpjs-kesehatan", "BPJS_KESEHATAN"],
  ["kemendikdasmen", "KEMENDIKDASMEN"],
  ["dinsos-banyuwangi", "DINSOS_BANYUWANGI"],
  ["bappenas", "BAPPENAS"],
  ["bpk", "BPK"],
  ["konsol", HUB],
  ["portal-warga", HUB],
  ["siks-ng", "SIKS_NG"],
  OPEN_DATA_CLIENT,
] as const;

/** Stewards by agency: who drafts, who else approves, who protects data; of the hub also who runs it; and the officers of the registry. */
export const STEWARDS: readonly (readonly [id: string, agency: string, roles: readonly StewardRole[], name: string])[] = [
  ...AGENCIES.map(([agency]) => [stewardOf(agency), agency, ["STEWARD"], `Pengelola data ${agency}`] as const),
  ...AGENCIES.map(([agency]) => [dpoOf(agency), agency, ["DPO"], `Pejabat pelindungan data ${agency}`] as const),
  ["steward2.kemensos", "KEMENSOS", ["STEWARD"], "Pengelola data kedua KEMENSOS"],
  ["steward2.dinsos_banyuwangi", "DINSOS_BANYUWANGI", ["STEWARD"], "Pengelola data kedua DINSOS_BANYUWANGI"],
  ["steward2.dukcapil", "DUKCAPIL", ["STEWARD"], "Pengelola data kedua DUKCAPIL"],
  ["operator.hub", HUB, ["OPERATOR", "STEWARD"], "Operator dtks-hub"],
  ["auditor.bpk", "BPK", ["AUDITOR"], "Auditor BPK"],
  ...OFFICERS.map(({ id, agency, name }) => [id, agency, ["OFFICER"], name] as const),
  ...[...new Map(AID_OFFICERS.map((one) => [one.id, one])).values()].map(
    ({ id, agency, name }) => [id, agency, ["PROGRAM_OFFICER"], name] as const,
  ),
  ...ANALYSTS.map(([id, agency, name]) => [id, agency, ["ANALYST"], name] as const),
];

export function stewardOf(agency: string): string {
  return `steward.${agency.toLowerCase()}`;
}
export function dpoOf(agency: string): string {
  return `dpo.${agency.toLowerCase()}`;
}

/** Purposes that only persons act under. */
export const OF_OFFICERS: ReadonlySet<string> = new Set([ACCESS_GOVERNANCE, REGISTRY_MANAGEMENT, PROGRAM_MANAGEMENT]);

export const PURPOSES = [
  [
    "PROGRAM_ADMINISTRATION",
    "Penyelenggaraan program bantuan sosial",
    "PUBLIC_TASK",
    "UU 13/2011 Ps. 8; Permensos 3/2021",
    false,
  ],
  ["PBI_MEMBERSHIP", "Kepesertaan PBI Jaminan Kesehatan", "LEGAL_OBLIGATION", "UU 40/2004 Ps. 14; PP 101/2012", false],
  ["EDUCATION_AID", "Penetapan Program Indonesia Pintar", "PUBLIC_TASK", "Permendikbud 10/2020", false],
  ["REGIONAL_WELFARE", "Verifikasi dan pelayanan sosial daerah", "PUBLIC_TASK", "UU 23/2014; Permensos 3/2021", false],
  ["DEVELOPMENT_PLANNING", "Perencanaan pembangunan", "PUBLIC_TASK", "UU 24/2013 Ps. 58(4); Permen PPN 7/2025", false],
  ["FINANCIAL_AUDIT", "Pemeriksaan keuangan negara", "LEGAL_OBLIGATION", "UU 15/2004 Ps. 10", true],
  [ACCESS_GOVERNANCE, "Tata kelola akses", "LEGAL_OBLIGATION", "UU 27/2022 Ps. 31, 35, 53", false],
  [DATA_SUBJECT_RIGHTS, "Pelayanan hak subjek data", "LEGAL_OBLIGATION", "UU 27/2022 Ps. 5–14", false],
  [REGISTRY_MANAGEMENT, "Pengelolaan data terpadu", "PUBLIC_TASK", "UU 13/2011 Ps. 8–11; Permensos 3/2021; Inpres 4/2025", false],
  [REGISTRY_EXCHANGE, "Pertukaran peristiwa antarpengendali", "PUBLIC_TASK", "Permen PPN 7/2025; Perpres 39/2019", false],
  [PROGRAM_MANAGEMENT, "Pengelolaan program bantuan sosial", "PUBLIC_TASK", "Permensos 1/2018; Perpres 63/2017", false],
  ["AUDIT_PLANNING", "Perencanaan pemeriksaan", "LEGAL_OBLIGATION", "UU 15/2004 Ps. 6", false],
  OPEN_DATA_PURPOSE,
  RECIPIENT_CHECK_PURPOSE,
] as const;

const HOUSEHOLD_LIST = [
  "Query.households",
  "Query.household",
  "HouseholdConnection.nodes",
  "Household.region",
  "Household.members",
];
const MEMBERS = ["Member.suffix", "Member.relation", "Member.matchStatus", "Member.state", "Member.person"];
const ENROLMENTS = ["Person.enrolments", "Enrolment.program", "Enrolment.state", "Enrolment.startedOn", "Enrolment.endedOn"];
const ENROLMENT_LIST = ["Query.enrolments", "EnrolmentConnection.nodes", "Enrolment.person", "Enrolment.region"];
const PAYMENTS = [
  "Enrolment.payments",
  "PaymentPeriod.period",
  "PaymentPeriod.startsOn",
  "PaymentPeriod.endsOn",
  "PaymentPeriod.state",
  "PaymentPeriod.creditedOn",
];
/** Verdicts on a claim, without whether anybody has the NIK: existence is a grant of its own. */
const VERIFICATION = [
  "Query.verifyIdentity",
  ...["IdentityVerification.status", "IdentityVerification.reasons", "IdentityVerification.elements"],
  ...["ElementVerification.element", "ElementVerification.result"],
  ...["ElementVerification.similarity", "ElementVerification.difference"],
];
/** Matching of files, without raw scores: whoever may vary a row could climb by them. */
const MATCHING = [
  ...["Mutation.startMatching", "Mutation.cancelMatching", "Query.matchJob", "Query.matchJobs"],
  ...["id", "source", "fileName", "state", "fault", "rows", "rowsDone", "createdAt", "finishedAt"].map(
    (field) => `MatchJob.${field}`,
  ),
  ...["counts", "predictedPrecision", "results", "rejects"].map((field) => `MatchJob.${field}`),
  ...["status", "reason", "rows", "firstLine"].map((field) => `MatchCount.${field}`),
  ...["line", "row", "status", "person", "reasons"].map((field) => `MatchResult.${field}`),
  ...["line", "reason", "column", "raw"].map((field) => `MatchReject.${field}`),
  ...["MatchResultConnection.nodes", "MatchRejectConnection.nodes"],
];
/** Everything a file to be matched may hold. */
const MATCHED = [
  ...["Person.nik", "Person.fullName", "Person.birthDate", "Person.birthPlace", "Person.sex", "Person.motherName"],
  ...["Person.region", "FamilyCard.familyCardNumber"],
];
const CLAIMED = ["Person.fullName", "Person.birthDate", "Person.motherName"];

const of = (type: string, ...fields: string[]): string[] => fields.map((field) => `${type}.${field}`);
/**
 * All that is held about a person, from the person on, and no way to another: no member of a household, family or card, and nobody who represents or
 * is represented.
 */
const OWN_DATA = [
  ...of("Person", "id", "nik", "fullName", "sex", "birthDate", "birthPlace", "motherName", "address", "region", "isAlive"),
  ...of("Person", "familyCard", "registryMembers", "psksRoles", "enrolments", "accesses", "subjectRequests", "representatives"),
  ...of("FamilyCard", "id", "familyCardNumber", "region", "issuedOn"),
  ...of("Member", "id", "suffix", "relation", "matchStatus", "claimedName", "claimedNik", "state", "ppks", "family", "household"),
  ...of("PpksStatus", "kind", "since"),
  ...of("PsksRole", "kind", "since"),
  ...of("Family", "id", "registryNumber", "familyCard"),
  ...of("Household", "id", "region", "address", "memberCount", "deciles", "monthlyIncome", "floorArea", "surveyedOn"),
  ...["Decile.decile"],
  ...of("Enrolment", "id", "program", "state", "component", "region", "startedOn", "endedOn", "payments"),
  ...of("PaymentPeriod", "id", "period", "startsOn", "endsOn", "amount", "state", "creditedOn", "channel"),
];
/** Who accessed it, and what the person asked for (UU 27/2022 art. 5–13). */
const OWN_RIGHTS = [
  ...["Query.dataSubject", "Query.represented", "Query.subjectRequest", "Mutation.fileSubjectRequest"],
  ...["Mutation.cancelSubjectRequest", "Mutation.liftRestriction"],
  ...of("AccessRecordConnection", "nodes", "totalCount"),
  ...of("AccessRecord", "at", "agency", "client", "purpose", "agreement", "shown", "masked", "status", "disclosure"),
  ...of("AccessRecord", "isOfHousehold", "requests", "principle", "sentence", "receipt", "leaf"),
  ...of("SubjectRequest", "id", "number", "subject", "isByRepresentative", "kind", "state", "statement", "coordinate"),
  ...of("SubjectRequest", "correction", "purpose", "controller", "receivedAt", "dueAt", "clock", "handler", "closedAt"),
  ...of("SubjectRequest", "closedBy", "outcome", "review", "refusalReason", "citation", "restriction", "events"),
  ...of("SubjectRequestEvent", "at", "actor", "step"),
  ...of("Restriction", "imposedAt", "liftedAt", "liftedBy", "purpose"),
  ...of("Representation", "id", "basis", "evidence", "validFrom", "validTo", "registeredBy", "endedAt", "endedBy"),
];

/** What acts on individuals name: whoever may read these (class rows open them too) still may not decide. */
const STEWARDSHIP = ["ReviewCase.id", "Individual.id", "IndividualEvent.id"];

const WRITTEN: readonly AgreementSeed[] = [
  {
    number: "PKS-2025-001",
    title: "Penyelenggaraan PKH, Kartu Sembako dan PBI oleh Kementerian Sosial",
    agency: "KEMENSOS",
    purpose: "PROGRAM_ADMINISTRATION",
    scope: { regions: WHOLE_COUNTRY, programs: null, decileMax: null },
    verification: { floor: 75, onSubject: 10, ofClient: 200_000, persons: 100_000 },
    grants: [
      ...open("PUBLIC", "GENERAL", "SPECIFIC", "DERIVED"),
      ...as("deny", "Person.motherName", ...opensTo("notForPrograms"), ...opensAidTo("notForPrograms")),
      ...masked("last4", "Member.claimedNik", "FamilyCard.familyCardNumber"),
      ...use("LOOKUP", "Person.id", "Person.nik", "Household.id", "Enrolment.id"),
      ...use("FILTER", "GENERAL", "Household.deciles", "Household.monthlyIncome", "PUBLIC"),
      ...use("SORT", "Household.deciles", "Person.fullName"),
      ...use("VERIFY", ...MATCHED, "Person.address"),
      ...use("LOOKUP", ...STEWARDSHIP),
      ...PARTNER_FIGURES,
    ],
  },
  {
    number: "PKS-2025-002",
    title: "Pemadanan kepesertaan PBI-JK dengan BPJS Kesehatan",
    agency: "BPJS_KESEHATAN",
    purpose: "PBI_MEMBERSHIP",
    scope: { regions: WHOLE_COUNTRY, programs: ["PBI_JK"], decileMax: null },
    grants: [
      ...open(...opensAidTo("subscriber")),
      ...open("PUBLIC", ...HOUSEHOLD_LIST, ...MEMBERS, ...ENROLMENTS, ...ENROLMENT_LIST),
      ...open("Query.personByNik", "Person.birthDate", "Person.sex", "Person.isAlive"),
      ...as("pseudonym", "Person.id", "Household.id", "Member.id", "Enrolment.id"),
      ...masked("initials", "Person.fullName"),
      ...as("deny", "Enrolment.payments"),
      ...open(...MATCHING),
      ...use("VERIFY", ...MATCHED),
      ...use("LOOKUP", "Person.nik"),
      ...use("FILTER", "Enrolment.program", "Enrolment.state", "Household.region", "PUBLIC"),
    ],
  },
  {
    number: "PKS-2025-003",
    title: "Sasaran Program Indonesia Pintar",
    agency: "KEMENDIKDASMEN",
    purpose: "EDUCATION_AID",
    scope: { regions: WHOLE_COUNTRY, programs: ["KIP", "KIP_KULIAH"], decileMax: null },
    verification: { floor: 85, onSubject: 5, ofClient: 40_000, persons: 20_000 },
    grants: [
      ...open(...opensAidTo("subscriber")),
      ...open("PUBLIC", ...HOUSEHOLD_LIST, ...MEMBERS, ...ENROLMENTS, ...ENROLMENT_LIST, ...PAYMENTS),
      ...open("PaymentPeriod.amount", "Enrolment.component", "Person.fullName", "Person.sex"),
      { selector: "Household.deciles", effect: "claim", params: { n: [4] } },
      ...as("band", "Person.birthDate"),
      ...as("pseudonym", "Person.id", "Household.id", "Member.id", "Enrolment.id"),
      ...masked("last4", "Person.nik"),
      ...use("FILTER", "Enrolment.program", "Enrolment.state", "PUBLIC"),
      ...open(...VERIFICATION),
      ...use("LOOKUP", "Person.nik"),
      ...use("VERIFY", ...CLAIMED),
    ],
  },
  {
    number: "PKS-2025-004",
    title: "Verifikasi dan pelayanan sosial Kabupaten Banyuwangi",
    agency: "DINSOS_BANYUWANGI",
    purpose: "REGIONAL_WELFARE",
    scope: { regions: ["3510"], programs: null, decileMax: null },
    grants: [
      ...open(...opensAidTo("subscriber")),
      ...open("PUBLIC", "GENERAL", "Household.deciles", "Decile.decile", "Household.floorArea", "HouseholdConnection.totalCount"),
      ...open("Member.ppks", "PpksStatus.kind", "PpksStatus.since", "Enrolment.payments"),
      ...as("band", "Household.monthlyIncome"),
      ...as("pseudonym", "Person.id"), // no plain NIK, so no plain person (design §4)
      ...as("deny", "PaymentPeriod.amount"),
      ...masked("last4", "Person.nik", "Member.claimedNik"),
      ...use("LOOKUP", "Person.id", "Household.id", "Enrolment.id"),
      ...use("FILTER", "GENERAL", "Household.deciles", "PUBLIC"),
      ...use("SORT", "Household.deciles", "Person.fullName"),
      ...PARTNER_FIGURES,
    ],
  },
  {
    number: "PKS-2025-005",
    title: "Statistik kesejahteraan untuk perencanaan pembangunan",
    agency: "BAPPENAS",
    purpose: "DEVELOPMENT_PLANNING",
    scope: { regions: WHOLE_COUNTRY, programs: null, decileMax: null },
    grants: [
      ...open("PUBLIC", "Query.registryStatistics"),
      ...as("aggregate", "GENERAL", "SPECIFIC"),
      ...aggregates(),
      ...as("aggregate", ...opensAidTo("planner")),
      ...use("FILTER", "PUBLIC"),
      ...PARTNER_FIGURES,
    ],
  },
  {
    number: "PKS-2025-006",
    title: "Pemeriksaan penyaluran bantuan sosial",
    agency: "BPK",
    purpose: "FINANCIAL_AUDIT",
    scope: { regions: WHOLE_COUNTRY, programs: null, decileMax: null },
    grants: [
      ...open("PUBLIC", "GENERAL", "DERIVED", "Enrolment.payments", "PaymentPeriod.amount", "Enrolment.component"),
      ...masked("last4", "Person.nik"),
      ...as("pseudonym", "Person.id"),
      ...use("LOOKUP", "Person.id", "Household.id", "Enrolment.id"),
      ...use("FILTER", "GENERAL", "PUBLIC"),
      ...PARTNER_FIGURES,
    ],
  },
  {
    number: "PKS-2025-007",
    title: "Perencanaan pemeriksaan bantuan sosial",
    agency: "BPK",
    purpose: "AUDIT_PLANNING",
    scope: { regions: WHOLE_COUNTRY, programs: null, decileMax: null },
    grants: [...open("PUBLIC", "Query.registryStatistics"), ...aggregates(), ...PARTNER_FIGURES],
  },
  {
    number: "PKS-2025-008",
    title: "Pelayanan hak subjek data bagi warga",
    agency: HUB,
    purpose: DATA_SUBJECT_RIGHTS,
    scope: { regions: WHOLE_COUNTRY, programs: null, decileMax: null },
    verification: { floor: 80, onSubject: 5, ofClient: 20_000, persons: 10_000_000 }, // every citizen may look on one day
    grants: [
      ...open("PUBLIC", ...OWN_DATA, ...OWN_RIGHTS, ...opensTo("citizen"), ...opensAidTo("citizen")),
      ...use("LOOKUP", "Person.id"),
    ],
  },
  ...REGISTRY_AGREEMENTS,
  ...AID_AGREEMENTS,
  OPEN_DATA,
  RECIPIENT_CHECK,
  ...AGENCIES.map(
    ([agency, name], i): AgreementSeed => ({
      number: `PKS-2025-${101 + i}`,
      title: `Tata kelola akses, ${name}`,
      agency,
      purpose: ACCESS_GOVERNANCE,
      scope: { regions: WHOLE_COUNTRY, programs: null, decileMax: null },
      grants: [
        ...open("PUBLIC", "ADMINISTRATION", "Person.representatives"), // named: those of children, too
        ...use("FILTER", "PUBLIC", "ADMINISTRATION"),
        ...use("LOOKUP", "ADMINISTRATION", "Person.id"), // auditors and data protection officers ask who accessed a person's data
      ],
    }),
  ),
];

/** Several parts may open the same; an agreement says it once. What they say differently is refused when it is drawn up. */
export const AGREEMENTS: readonly AgreementSeed[] = WRITTEN.map((one) => ({
  ...one,
  grants: [...new Map(one.grants.map((grant) => [JSON.stringify(grant), grant])).values()],
}));

function aggregates(): GrantSeed[] {
  return as(
    "aggregate",
    "RegistryStatistics.households",
    "RegistryStatistics.byDecile",
    "DecileCount.decile",
    "DecileCount.households",
    "DecileCount.isSuppressed",
    "Household.deciles",
    ...[
      "Query.needCounts",
      "NeedCounts.total",
      "NeedCounts.byKind",
      "NeedCount.kind",
      "NeedCount.persons",
      "NeedCount.isSuppressed",
    ],
  );
}
