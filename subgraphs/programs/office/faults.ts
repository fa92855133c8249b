import { holdsNik } from "../../../schema/errors.ts";
import { badInput } from "../../kit/errors.ts";

export type Fault = string | false;

/** Refuses with every sentence at once; they name the field and what it must be, never what it was. */
export function refuseFaults(faults: readonly Fault[]): void {
  const told = faults.filter((fault) => fault !== false);
  if (told.length > 0) throw badInput(told.join("; "));
}

/** A text within a length, white space around it not counted, and nobody's NIK in it. */
export function textFault(field: string, text: string, [least, most]: readonly [number, number]): Fault {
  const { length } = text.trim();
  if (length < least || length > most) return `${field} must have ${least} to ${most} characters`;
  return holdsNik(text) && `${field} must hold no NIK`;
}

/** Why something is done, as people write and read it. */
export const reasonFault = (text: string, field = "reason"): Fault => textFault(field, text, [3, 1000]);
/** Number of a decree. */
export const decreeFault = (text: string): Fault => textFault("decree", text, [3, 60]);
/** A list that one act may bring. */
export const listFault = (field: string, { length }: readonly unknown[]): Fault =>
  (length < 1 || length > MOST) && `${field} must be 1 to ${MOST}`;

const MOST = 1000;
