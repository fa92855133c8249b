import { holdsNik } from "../../../schema/errors.ts";
import { badInput } from "../../kit/errors.ts";

const MAX_TEXT = 2000;

/** A text people write and others read: trimmed, 1 to 2,000 characters, and nobody's NIK in it. BAD_USER_INPUT names `field`, never the text. */
export function words(field: string, text: string): string {
  const { length } = text.trim();
  if (length < 1 || length > MAX_TEXT) throw badInput(`${field}: must have 1 to ${MAX_TEXT} characters`);
  if (holdsNik(text)) throw badInput(`${field}: must hold no NIK`);
  return text.trim();
}
