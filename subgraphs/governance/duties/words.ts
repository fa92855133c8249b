import { holdsNik, Refusal } from "../../../schema/errors.ts";
import { badInput } from "../../kit/errors.ts";

const [MAX_TEXT, MAX_FIRST] = [2000, 100];

/** What is done already, or cannot be done any more. */
export const conflict = (detail: string): Refusal => new Refusal({ code: "CONFLICT", detail });

/** A text people write and others will read: trimmed, 1 to 2,000 characters, and nobody's NIK in it. Refusals name `field`, never the text. */
export function told(field: string, text: string): string {
  const fault = faultOfText(field, text);
  if (fault) throw badInput(fault);
  return text.trim();
}

/** What is wrong with such a text; null: nothing. */
export function faultOfText(field: string, text: string): string | null {
  const { length } = text.trim();
  if (length < 1 || length > MAX_TEXT) return `${field}: must have 1 to ${MAX_TEXT} characters`;
  return holdsNik(text) ? `${field}: must hold no NIK` : null;
}

/** How many rows of a list are asked for. */
export function atMost(first: number): number {
  if (first < 1 || first > MAX_FIRST) throw badInput(`first must be from 1 to ${MAX_FIRST}`);
  return first;
}
