import { holdsNik, Refusal } from "../../../schema/errors.ts";
import { badInput } from "../../kit/errors.ts";
import type { VersionRow } from "./data.ts";

export const conflict = (detail: string): Refusal => new Refusal({ code: "CONFLICT", detail });

/** A version as sentences name it. */
export const named = ({ agreementNumber, version }: Pick<VersionRow, "agreementNumber" | "version">): string =>
  `version ${version} of ${agreementNumber}`;

const MOST_TOLD = 50;

/** All faults in one refusal; BAD_USER_INPUT. Does nothing without faults. */
export function refuseFaults(faults: readonly string[]): void {
  if (faults.length === 0) return;
  const more = faults.length > MOST_TOLD ? [`and ${faults.length - MOST_TOLD} more`] : [];
  throw badInput([...faults.slice(0, MOST_TOLD), ...more].join("; "));
}

/** What is wrong with a text that stays on record for good, where stewards of all agencies read it. */
export function textFaults(place: string, text: string, [shortest, longest]: readonly [number, number] = [5, 500]): string[] {
  const { length } = text.trim();
  return [
    ...(length < shortest || length > longest ? [`${place}: ${shortest} to ${longest} characters`] : []),
    ...(holdsNik(text) ? [`${place}: must not hold a number of 16 digits`] : []),
  ];
}
