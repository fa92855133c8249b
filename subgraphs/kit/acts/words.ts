import { holdsNik } from "../../../schema/errors.ts";
import { badInput } from "../errors.ts";

const MAX_WORDS = 500;

/** What somebody writes and others read: trimmed, 1 to `most` characters, nobody's NIK in it. BAD_USER_INPUT names `field`, never the text. */
export function words(field: string, text: string, most = MAX_WORDS): string {
  const told = text.trim();
  if (told.length < 1 || told.length > most) throw badInput(`${field}: must have 1 to ${most} characters`);
  if (holdsNik(told)) throw badInput(`${field}: must hold no NIK`);
  return told;
}
