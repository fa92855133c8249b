import { nameDifferences } from "../text/nameDifferences.ts";
import type { Claim, Claimed } from "./claim.ts";
import { compareAddresses, compareNames, comparePlaces, type Likeness } from "./compare.ts";

/** What the register holds of one person, as far as it can be verified. */
export interface Identity {
  readonly nik: string;
  readonly fullName: string;
  readonly birthPlace: string;
  readonly birthDate: string;
  readonly sex: string;
  readonly motherName: string;
  readonly address: string;
  /** Village of residence, 10 digits. */
  readonly region: string;
  /** Null: on no card. */
  readonly familyCardNumber: string | null;
  readonly isAlive: boolean;
  readonly outOfService: "DUPLICATE" | "INACTIVE" | null;
}

/** How much may be told. */
export interface Terms {
  /** Least similarity of a text that counts, 1 to 100: the agreement's floor. */
  readonly threshold: number;
  /** What the question raised it to, a multiple of SIMILARITY_STEP, for texts whose similarity is told; left out: not at all. */
  readonly raised?: number;
  /** Whether it may be told that nobody has a NIK, or somebody plainly other. */
  readonly tellsExistence: boolean;
}

/** In order of precedence (domain.md §3.2). */
export type Status = "NOT_FOUND" | "DUPLICATE" | "DECEASED" | "INACTIVE" | "ANOMALY" | "MISMATCHED" | "MATCHED";
export type Element = "NIK" | keyof typeof ELEMENTS;

export interface ElementVerdict {
  readonly element: Element;
  readonly result: "MATCH" | "NO_MATCH" | "NOT_TESTED";
  readonly similarity: number | null;
  readonly difference: ReturnType<typeof nameDifferences> | null;
}

export interface Verdict {
  readonly status: Status;
  readonly reasons: readonly Status[];
  readonly elements: readonly ElementVerdict[];
  /** MUST NOT leave where existence is not granted. */
  readonly isRegistered: boolean;
}

interface Comparison {
  readonly claimed: Claimed;
  readonly compare: (stored: string, claimed: string) => boolean | Likeness;
  /** What is told beside the result: nothing, how alike two texts are, or also how two names differ. */
  readonly tells: "result" | "similarity" | "difference";
  /** Whether a match proves that one knows the person: the NIK itself holds birth date, sex and a region, and with it, mostly, the place. */
  readonly isProof: boolean;
}

const isEqual = (stored: string, claimed: string) => stored === claimed;
const isWithin = (stored: string, claimed: string) => stored.startsWith(claimed);

/** In the order of the answer. Of the mother's name only the result: elsewhere it serves as a password. */
const ELEMENTS = {
  FULL_NAME: { claimed: "fullName", compare: compareNames, tells: "difference", isProof: true },
  BIRTH_PLACE: { claimed: "birthPlace", compare: comparePlaces, tells: "similarity", isProof: false },
  BIRTH_DATE: { claimed: "birthDate", compare: isEqual, tells: "result", isProof: false },
  SEX: { claimed: "sex", compare: isEqual, tells: "result", isProof: false },
  MOTHER_NAME: { claimed: "motherName", compare: compareNames, tells: "result", isProof: true },
  FAMILY_CARD_NUMBER: { claimed: "familyCardNumber", compare: isEqual, tells: "result", isProof: true },
  ADDRESS: { claimed: "address", compare: compareAddresses, tells: "similarity", isProof: true },
  REGION: { claimed: "region", compare: isWithin, tells: "result", isProof: false },
} as const satisfies Record<string, Comparison>;

/** Stands in for somebody who is not there, so that nobody is as much work as somebody. Nothing found on it is ever told. */
const DECOY: Identity = {
  nik: "0000000000000000",
  fullName: "NAMA PEMBANDING",
  birthPlace: "PEMBANDING",
  birthDate: "1900-01-01",
  sex: "MALE",
  motherName: "PEMBANDING",
  address: "JL PEMBANDING NO 0 RT 000 RW 000",
  region: "0000000000",
  familyCardNumber: "0000000000000000",
  isAlive: true,
  outOfService: null,
};

/**
 * Holds a claim against the register's row of its NIK; null: nobody has it. Tells no stored value. Who knows nothing of the person that the
 * NIK does not say is told the same of an unknown NIK and of a known one, that every element differs, unless existence may be told, and
 * never of death and service. Pure.
 */
export function verifyElements(stored: Identity | null, claimed: Claim, terms: Terms): Verdict {
  const compared = Object.entries(ELEMENTS).map(([element, comparison]) =>
    verdictOn({ element: element as Element, comparison, stored: stored ?? DECOY }, claimed, terms),
  );
  const isProved = compared.some(isProving);
  const isTold = stored !== null && (isProved || terms.tellsExistence);
  const elements = isTold ? compared : compared.map(differing);
  const nik: ElementVerdict = { ...NOTHING_TOLD, element: "NIK", result: isTold ? "MATCH" : "NO_MATCH" };
  const tested = elements.filter(({ result }) => result !== "NOT_TESTED");
  const reasons = reasonsOf({ stored, isProved, tested }, terms);
  return {
    status: reasons[0] ?? "MATCHED",
    reasons: reasons.length > 0 ? reasons : ["MATCHED"],
    elements: [nik, ...elements],
    isRegistered: stored !== null,
  };
}

const isProving = ({ element, result }: ElementVerdict) => result === "MATCH" && element !== "NIK" && ELEMENTS[element].isProof;
const NOTHING_TOLD = { similarity: null, difference: null } as const;
const differing = (verdict: ElementVerdict): ElementVerdict => ({
  element: verdict.element,
  result: verdict.result === "NOT_TESTED" ? "NOT_TESTED" : "NO_MATCH",
  similarity: verdict.similarity === null ? null : 0,
  difference: null,
});

interface Testing {
  readonly element: Element;
  readonly comparison: Comparison;
  readonly stored: Identity;
}

function verdictOn(
  { element, comparison, stored }: Testing,
  claim: Claim,
  { threshold, raised = threshold }: Terms,
): ElementVerdict {
  const { claimed: field, compare, tells } = comparison;
  const [ours, theirs] = [stored[field] ?? "", claim[field]];
  if (theirs === null) return { ...NOTHING_TOLD, element, result: "NOT_TESTED" };
  const likeness = compare(ours, theirs);
  if (typeof likeness === "boolean") return { ...NOTHING_TOLD, element, result: likeness ? "MATCH" : "NO_MATCH" };
  // where the result is all that is told, a threshold of the asker's would tell the similarity
  const isMatch = likeness.isAlike && likeness.similarity >= (tells === "result" ? threshold : raised);
  const result = isMatch ? "MATCH" : "NO_MATCH";
  if (tells === "result") return { ...NOTHING_TOLD, element, result };
  const difference = isMatch && tells === "difference" ? nameDifferences(ours, theirs) : null;
  return { element, result, similarity: isMatch ? inSteps(likeness.similarity) : 0, difference };
}

/** Similarities and thresholds are multiples of it. */
export const SIMILARITY_STEP = 5;
/** Whole steps only, and the one below: from an exact degree, or a threshold that divides a step, a name could be found letter by letter. */
const inSteps = (similarity: number): number => SIMILARITY_STEP * Math.floor(similarity / SIMILARITY_STEP);

interface Found {
  readonly stored: Identity | null;
  readonly isProved: boolean;
  readonly tested: readonly ElementVerdict[];
}

function reasonsOf({ stored, isProved, tested }: Found, { tellsExistence }: Terms): Status[] {
  if (stored === null) return [tellsExistence ? "NOT_FOUND" : "MISMATCHED"];
  const matches = tested.filter(({ result }) => result === "MATCH").length;
  const isOther = matches === 0 && tested.length > 1 && tested.some(({ element }) => element === "FULL_NAME");
  const isKnown = isProved || (tellsExistence && matches > 0);
  const reasons: readonly (Status | false)[] = [
    isKnown && stored.outOfService === "DUPLICATE" && "DUPLICATE",
    isKnown && !stored.isAlive && "DECEASED",
    isKnown && stored.outOfService === "INACTIVE" && "INACTIVE",
    isOther && tellsExistence && "ANOMALY",
    (matches < tested.length || matches === 0) && "MISMATCHED",
  ];
  return reasons.filter((reason) => reason !== false);
}
