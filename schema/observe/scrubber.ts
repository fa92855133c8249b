import { createHmac, randomBytes } from "node:crypto";
import { scrub } from "../errors.ts";
import { parseNik } from "../nik.ts";

const LENGTH = 16;

/** Sixteen digits that can be read as a NIK, made-up ones included. Pure. */
const isPlausibleNik = (digits: string): boolean =>
  "nik" in parseNik(digits, { referenceDate: new Date().toISOString().slice(0, 10), allowSynthetic: true });

/** Whether sixteen digits in a row can be read as a NIK, also within a longer row. */
export const holdsPlausibleNik = (text: string): boolean =>
  (text.match(/\d{16,}/g) ?? []).some((digits) =>
    Array.from({ length: digits.length - LENGTH + 1 }, (_, at) => digits.slice(at, at + LENGTH)).some(isPlausibleNik),
  );

const TAG_LENGTH = 8;

/**
 * Cuts what may be a NIK out of a text. Where it can be read as one `[NIK:<8 hex>]` stands for it, the same for the same number as long as the process
 * runs: enough to see that two lines are about one person. Its key is drawn at the start and kept nowhere, so that nobody can try numbers against an old log.
 */
function createScrubber(key: Buffer): (text: string) => string {
  return (text) =>
    scrub(text, (found) => {
      const digits = found.replace(/\D/g, "");
      if (!isPlausibleNik(digits)) return "[NIK]";
      return `[NIK:${createHmac("sha256", key).update(digits).digest("hex").slice(0, TAG_LENGTH)}]`;
    });
}

/** The one scrubber of this process's logs: the last thing every line goes through. */
export const scrubLine = createScrubber(randomBytes(32));
