/** The registered cubes: whoever asks for figures asks one of these, along these dimensions, and nothing else. Rows of `statistics.cube` repeat them. */

/** Whom figures are for. PUBLIC: open data. PARTNER: by agreement, within its regions. */
export const OPENNESS = ["PUBLIC", "PARTNER"] as const;
/** When a month's figures are released: at its end and once when it opens, or each week of it. However often, at most six times a month. */
export const REFRESHES = ["MONTHLY", "WEEKLY"] as const;
/** How deep the tree of regions goes; above it stands the whole country, code `0`. */
export const DEPTHS = ["PROVINCE", "REGENCY", "DISTRICT", "VILLAGE"] as const;
export const CUBE_UNITS = ["HOUSEHOLD", "FAMILY", "MEMBER", "PERSON", "BENEFICIARY", "PROPOSAL", "PAYMENT", "SEAT"] as const;

export interface Dimension {
  readonly name: string;
  /** In the order they are shown. What a source brings beside them is `OTHER`, where that is one of them, and a fault otherwise. */
  readonly codes: readonly string[];
  /** False: no sum over the codes is released, because one person may stand in several, or because it would say nothing and cost the parts beside it. */
  readonly hasTotal: boolean;
}

/** Sums of codes of another cube of the universe, whose rows are released for both: who has both cubes takes nothing of one from the other. */
export interface ReadOff {
  readonly cube: string;
  /** Dimension of that cube along which is summed. */
  readonly along: string;
  /** Dimension of this cube whose codes the sums are; null: this cube is the one sum, of a dimension without a total, and may go deeper. */
  readonly as: string | null;
  readonly sums: Readonly<Record<string, readonly string[]>>;
}

export interface CubeDefinition {
  readonly code: string;
  readonly slice: "population" | "welfare" | "programs";
  /** Agency that answers for the figures. */
  readonly owner: string;
  /** Cubes that count the same rows: a cell they share bears one figure in all of them, or none. */
  readonly universe: string;
  readonly unit: (typeof CUBE_UNITS)[number];
  readonly depth: (typeof DEPTHS)[number];
  readonly dimensions: readonly Dimension[];
  /** Whether cells carry a sum of rupiah. */
  readonly hasTotal: boolean;
  readonly openness: (typeof OPENNESS)[number];
  readonly refresh: (typeof REFRESHES)[number];
  /** Rows bear a month of their own; otherwise a month is the state at its end, or now. */
  readonly isDated: boolean;
  /** Figures of a decree: they count nobody, so nothing is withheld or rounded. */
  readonly isOfficial: boolean;
  /** Absent: its own roll-up is released. */
  readonly readOff?: ReadOff;
}

/** Code of a total in a key. */
export const TOTAL = "*";
/** The whole country. */
export const COUNTRY = "0";

const split = (name: string, codes: readonly string[]): Dimension => ({ name, codes, hasTotal: true });
const apart = (name: string, codes: readonly string[]): Dimension => ({ name, codes, hasTotal: false });
const NATIONAL = ["PKH", "BPNT", "PBI_JK", "KIP", "KIP_KULIAH", "BST"] as const;
const PROGRAM = apart("program", NATIONAL);
const DECILE = split("decile", ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "NONE"]);
const SEX = split("sex", ["FEMALE", "MALE", "UNKNOWN"]);
const AGE = split("age", ["0-5", "6-12", "13-17", "18-24", "25-44", "45-59", "60-69", "70+", "UNKNOWN"]);
const MATCH = split("match", [
  ...["MATCHED", "MISMATCHED", "NOT_FOUND", "DUPLICATE", "DECEASED", "INACTIVE", "ANOMALY", "NOT_YET_MATCHED"],
]);
/** Without drafts, which nobody has handed in. */
const STAGE = split("stage", [
  ...["SUBMITTED", "IN_DELIBERATION", "REJECTED_BY_DELIBERATION", "IN_VERIFICATION", "MATCHED", "NOT_MATCHED", "IN_REPAIR"],
  ...["FINALISED", "ENDORSED", "SENT_TO_CENTRE", "DETERMINED", "REJECTED_BY_CENTRE", "EXPIRED", "WITHDRAWN"],
]);
/** Whole days in the stage it stands in, on the day the figures are of. */
const WAITED = split("waited", ["0-7", "8-14", "15-30", "31-90", "91+"]);
/** ENTITLED by `programs.judge`, SERVED who holds a seat (ACTIVE, SUSPENDED). */
const SERVED = ["ENTITLED_SERVED", "NOT_ENTITLED_SERVED"] as const;
const STANDING = apart("standing", [SERVED[0], "ENTITLED_UNSERVED", SERVED[1]]);
/** Which programs reach one family, all of them, in the order of `program`: a family has one. */
const COMBINATION = split("combination", combinationsOf(["PKH", "BPNT", "PBI_JK", "KIP"]).concat("OTHER"));
const PAYMENT_STAGE = split("stage", [
  ...["CANDIDATE", "ACCOUNT_CHECK", "ACCOUNT_CHECK_FAILED", "ACCOUNT_OPENING", "TREASURY_CHECK", "TREASURY_CHECK_FAILED"],
  ...["ORDER_PENDING", "ORDER_ISSUED", "FUNDS_RELEASED", "STANDING_INSTRUCTION", "CREDITED", "TRANSACTED"],
  ...["NOT_TRANSACTED", "RETURNED", "EXCLUDED"],
]);
const FAILURE = split("failure", [
  ...["NONE", "ACCOUNT_NOT_FOUND", "ACCOUNT_NAME_DIFFERS", "ACCOUNT_CLOSED", "IDENTITY_DIFFERS", "TREASURY_ACCOUNT_INVALID"],
  ...["BANK_DIFFERS_FROM_REGISTER", "NOT_COLLECTED", "CARD_NOT_DISTRIBUTED", "RECIPIENT_DECEASED", "OTHER"],
]);
const PAID = ["CREDITED", "TRANSACTED", "NOT_TRANSACTED"];
const LOST = ["RETURNED", "EXCLUDED"];
/** PAID: credited and after; OPEN: on its way; LOST: returned or excluded. */
const DISPOSITIONS = { PAID, OPEN: PAYMENT_STAGE.codes.filter((code) => ![...PAID, ...LOST].includes(code)), LOST };
const DISPOSITION = split("disposition", Object.keys(DISPOSITIONS));

/** Every set of one and more of the codes, each written with `+`. */
function combinationsOf(codes: readonly string[]): string[] {
  return codes.reduce<string[]>(
    (sets, code) =>
      sets.concat(
        sets.map((set) => `${set}+${code}`),
        code,
      ),
    [],
  );
}

const registry = { slice: "welfare", owner: "KEMENSOS", hasTotal: false, isDated: false, isOfficial: false } as const;
const aid = { slice: "programs", owner: "KEMENSOS", hasTotal: false, isDated: false, isOfficial: false } as const;
const payments = { ...aid, universe: "payment", unit: "PAYMENT", hasTotal: true, isDated: true } as const;
const open = { openness: "PUBLIC", refresh: "MONTHLY" } as const;
const partner = { openness: "PARTNER", refresh: "WEEKLY" } as const;

export const CUBES: readonly CubeDefinition[] = [
  {
    ...{ code: "RESIDENTS", slice: "population", owner: "DUKCAPIL", universe: "resident", unit: "PERSON", depth: "DISTRICT" },
    ...{ dimensions: [SEX, AGE], hasTotal: false, isDated: false, isOfficial: false, ...open },
  },
  {
    ...{ ...registry, ...open, code: "REGISTRY_HOUSEHOLDS", universe: "household", unit: "HOUSEHOLD", depth: "VILLAGE" },
    dimensions: [DECILE],
  },
  {
    ...{ ...registry, ...open, code: "REGISTRY_MEMBERS", universe: "member", unit: "MEMBER", depth: "REGENCY" },
    dimensions: [DECILE, SEX, AGE],
  },
  {
    ...{ ...registry, ...open, code: "MATCH_QUALITY", universe: "member", unit: "MEMBER", depth: "DISTRICT" },
    dimensions: [MATCH],
  },
  {
    ...{ ...registry, ...partner, code: "PROPOSAL_FUNNEL", universe: "proposal", unit: "PROPOSAL", depth: "DISTRICT" },
    dimensions: [STAGE, WAITED],
  },
  {
    ...{ ...aid, ...open, code: "BENEFICIARIES", universe: "judged", unit: "BENEFICIARY", depth: "DISTRICT" },
    dimensions: [PROGRAM],
    readOff: { cube: "COVERAGE", along: "standing", as: null, sums: { SERVED } },
  },
  {
    ...{ ...aid, ...open, code: "WAITING_LIST", universe: "waiting", unit: "BENEFICIARY", depth: "DISTRICT" },
    dimensions: [PROGRAM],
  },
  {
    ...{ ...aid, ...partner, code: "COVERAGE", universe: "judged", unit: "BENEFICIARY", depth: "REGENCY" },
    dimensions: [PROGRAM, DECILE, STANDING],
  },
  {
    ...{ ...aid, ...partner, code: "OVERLAP", universe: "served-family", unit: "FAMILY", depth: "PROVINCE" },
    dimensions: [COMBINATION],
  },
  { ...payments, ...partner, code: "PAYMENT_FUNNEL", depth: "DISTRICT", dimensions: [PROGRAM, PAYMENT_STAGE, FAILURE] },
  {
    ...{ ...payments, ...open, code: "BUDGET", depth: "DISTRICT", dimensions: [PROGRAM, DISPOSITION] },
    readOff: { cube: "PAYMENT_FUNNEL", along: "stage", as: "disposition", sums: DISPOSITIONS },
  },
  {
    ...{ ...aid, ...open, code: "QUOTA", universe: "quota", unit: "SEAT", depth: "REGENCY", isOfficial: true },
    dimensions: [PROGRAM],
  },
];

const BY_CODE = new Map(CUBES.map((cube) => [cube.code, cube]));
/** Undefined: no cube is registered by this code. */
export const cubeOf = (code: string): CubeDefinition | undefined => BY_CODE.get(code);

/**
 * Whether its cells show persons beside units. Those of households and families do not: their persons are another cube's figures, by which one withheld here
 * could be reckoned.
 */
export const showsPersons = ({ unit }: CubeDefinition): boolean => unit !== "HOUSEHOLD" && unit !== "FAMILY";

/** A month, `YYYY-MM`. */
export const MONTH = /^20[0-9]{2}-(?:0[1-9]|1[0-2])$/;
