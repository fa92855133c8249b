import { levelOf, type RegionLevel } from "../regionCode.ts";
import { CHANGES, type Change } from "./changes.ts";
import { BPS_TODAY } from "./codes.ts";

export type RegionScheme = "KEMENDAGRI" | "BPS";

/** One province or regency over one span of time, in which neither its numbers changed nor what it is made of. */
export interface RegionSpan {
  readonly level: RegionLevel;
  /** Digits only. */
  readonly kemendagri: string;
  readonly bps: string;
  /** First day; null: it stood before the history begins. */
  readonly validFrom: string | null;
  /** First day on which it no longer was so; null: it stands. */
  readonly validTo: string | null;
  /** Law it began with; null: before the history. */
  readonly basis: string | null;
}

const startOf = ({ kemendagri, validFrom }: Pick<RegionSpan, "kemendagri" | "validFrom">) => `${kemendagri} ${validFrom ?? ""}`;
const leads = (code: string, { before }: Change) => before.find(({ kemendagri }) => kemendagri === code);

/** The spans of one number of Kemendagri's, oldest first: one begins where a change leads to it, and ends where the next leads from it. */
function spansOf(kemendagri: string): RegionSpan[] {
  const changes = CHANGES.filter((change) => change.after.includes(kemendagri) || leads(kemendagri, change));
  const [first] = changes;
  const stoodBefore = first === undefined || leads(kemendagri, first) !== undefined;
  const begins = changes.filter(({ after }) => after.includes(kemendagri));
  return [...(stoodBefore ? [null] : []), ...begins].map((begin) => {
    const end = changes.find((change) => change.on > (begin?.on ?? "") && leads(kemendagri, change));
    return {
      level: levelOf(kemendagri) ?? "PROVINCE",
      kemendagri,
      bps: BPS_TODAY.get(kemendagri) ?? (end && leads(kemendagri, end)?.bps) ?? kemendagri,
      validFrom: begin?.on ?? null,
      validTo: end?.on ?? null,
      basis: begin?.basis ?? null,
    };
  });
}

const NUMBERS = new Set([...BPS_TODAY.keys(), ...CHANGES.flatMap(({ before }) => before.map(({ kemendagri }) => kemendagri))]);

/** All there was and is since the history begins, in order of Kemendagri's number, of one number the oldest first. */
export const CROSSWALK: readonly RegionSpan[] = [...NUMBERS].sort().flatMap(spansOf);

const STARTS = new Map(CROSSWALK.map((span) => [startOf(span), span]));
const isOn = (day: string) => (span: RegionSpan) =>
  (span.validFrom ?? "") <= day && (span.validTo === null || day < span.validTo);

/** What stood on a day; `day` MUST NOT lie before the history. */
export const crosswalkOn = (day: string): RegionSpan[] => CROSSWALK.filter(isOn(day));

/** What had a number on a day; null: nothing had. Digits only. */
export const spanOf = (scheme: RegionScheme, code: string, day: string): RegionSpan | null =>
  CROSSWALK.find((span) => span[scheme === "BPS" ? "bps" : "kemendagri"] === code && isOn(day)(span)) ?? null;

/** What it became the day it ended, in order; empty: it stands. */
export const successorsOf = ({ kemendagri, validTo }: RegionSpan): RegionSpan[] =>
  CHANGES.filter(({ on, before }) => on === validTo && before.some((one) => one.kemendagri === kemendagri))
    .flatMap(({ on, after }) => after.map((code) => STARTS.get(startOf({ kemendagri: code, validFrom: on }))))
    .filter((span) => span !== undefined);

/** What it was the day before it began, in order; empty: it stood before the history. */
export const predecessorsOf = ({ kemendagri, validFrom }: RegionSpan): RegionSpan[] =>
  CROSSWALK.filter(({ validTo }) => validTo !== null && validTo === validFrom).filter((span) =>
    successorsOf(span).some((after) => after.kemendagri === kemendagri),
  );

/** What stands on another day in the place of it: several after a split, and the one before it. In order. */
export function spanOn(span: RegionSpan, day: string): RegionSpan[] {
  if (isOn(day)(span)) return [span];
  const next = span.validTo !== null && span.validTo <= day ? successorsOf(span) : predecessorsOf(span);
  const found = new Map(next.flatMap((one) => spanOn(one, day)).map((one) => [startOf(one), one]));
  return [...found.values()].sort((a, b) => (a.kemendagri < b.kemendagri ? -1 : 1));
}

/** BPS's number of today of a province or regency; null: of lower levels, and of what no table of BPS known here has. */
export const bpsCodeOf = (kemendagri: string): string | null => BPS_TODAY.get(kemendagri) ?? null;

/** Number of today of what had this one, where it was only renumbered; the same for all others. */
export function codeOfToday(span: RegionSpan): string {
  const [next, ...more] = successorsOf(span);
  return next === undefined || more.length > 0 ? span.kemendagri : codeOfToday(next);
}
