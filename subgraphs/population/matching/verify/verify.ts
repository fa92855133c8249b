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
  /** Least similarity of a text that counts, 1 to 100. */
  readonly threshold: number;
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
}

const isEqual = (stored: string, claimed: string) => stored === claimed;

/** In the order of the answer. Of the mother's name only the result: elsewhere it serves as a password. */
const ELEMENTS = {
  FULL_NAME: { claimed: "fullName", compare: compareNames, tells: "difference" },
  BIRTH_PLACE: { claimed: "birthPlace", compare: comparePlaces, tells: "similarity" },
  BIRTH_DATE: { claimed: "birthDate", compare: isEqual, tells: "result" },
  SEX: { claimed: "sex", compare: isEqual, tells: "result" },
  MOTHER_NAME: { claimed: "motherName", compare: compareNames, tells: "result" },
  FAMILY_CARD_NUMBER: { claimed: "familyCardNumber", compare: isEqual, tells: "result" },
  ADDRESS: { claimed: "address", compare: compareAddresses, tells: "similarity" },
  REGION: { claimed: "region", compare: (stored: string, claimed: string) => stored.startsWith(claimed), tells: "result" },
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
 * Holds a claim against the register's row of its NIK; null: nobody has it. Tells no stored value, and of an unknown NIK the same as of
 * one whose every element differs, unless existence may be told. Death and service are told to who knows something of the person beside
 * the NIK. Pure.
 */
export function verifyElements(stored: Identity | null, claimed: Claim, terms: Terms): Verdict {
  const compared = Object.entries(ELEMENTS).map(([element, comparison]) =>
    verdictOn({ element: element as Element, comparison, stored: stored ?? DECOY }, claimed, terms),
  );
  const elements = stored ? compared : compared.map(differing);
  const matches = elements.filter(({ result }) => result === "MATCH").length;
  const isKnown = stored !== null && (matches > 0 || terms.tellsExistence);
  const nik: ElementVerdict = { ...NOTHING_TOLD, element: "NIK", result: isKnown ? "MATCH" : "NO_MATCH" };
  const found = { stored, matches, tested: elements.filter(({ result }) => result !== "NOT_TESTED") };
  const reasons = reasonsOf(found, terms);
  return {
    status: reasons[0] ?? "MATCHED",
    reasons: reasons.length > 0 ? reasons : ["MATCHED"],
    elements: [nik, ...elements],
    isRegistered: stored !== null,
  };
}

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

function verdictOn({ element, comparison, stored }: Testing, claim: Claim, { threshold }: Terms): ElementVerdict {
  const { claimed: field, compare, tells } = comparison;
  const [ours, theirs] = [stored[field] ?? "", claim[field]];
  if (theirs === null) return { ...NOTHING_TOLD, element, result: "NOT_TESTED" };
  const likeness = compare(ours, theirs);
  if (typeof likeness === "boolean") return { ...NOTHING_TOLD, element, result: likeness ? "MATCH" : "NO_MATCH" };
  const isMatch = likeness.isAlike && likeness.similarity >= threshold;
  const result = isMatch ? "MATCH" : "NO_MATCH";
  if (tells === "result") return { ...NOTHING_TOLD, element, result };
  const difference = isMatch && tells === "difference" ? nameDifferences(ours, theirs) : null;
  return { element, result, similarity: isMatch ? inSteps(likeness.similarity) : 0, difference };
}

const STEP = 5;
/** Whole steps only: from an exact degree a name could be found letter by letter. */
const inSteps = (similarity: number): number => STEP * Math.round(similarity / STEP);

interface Found {
  readonly stored: Identity | null;
  readonly matches: number;
  readonly tested: readonly ElementVerdict[];
}

function reasonsOf({ stored, matches, tested }: Found, { tellsExistence }: Terms): Status[] {
  if (stored === null) return [tellsExistence ? "NOT_FOUND" : "MISMATCHED"];
  const isProved = matches > 0;
  const isOther = !isProved && tested.length > 1 && tested.some(({ element }) => element === "FULL_NAME");
  const reasons: readonly (Status | false)[] = [
    isProved && stored.outOfService === "DUPLICATE" && "DUPLICATE",
    isProved && !stored.isAlive && "DECEASED",
    isProved && stored.outOfService === "INACTIVE" && "INACTIVE",
    isOther && tellsExistence && "ANOMALY",
    matches < tested.length && "MISMATCHED",
  ];
  return reasons.filter((reason) => reason !== false);
}
