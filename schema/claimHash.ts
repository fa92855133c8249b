import { hash } from "node:crypto";

/** What somebody claims to be, as it was written: raw text, days as `YYYY-MM-DD`, sex `MALE` or `FEMALE`; null: not claimed. */
export interface Claim {
  readonly nik: string | null;
  readonly name: string | null;
  readonly birthDate: string | null;
  readonly sex: string | null;
  readonly birthPlace: string | null;
  readonly cardNumber: string | null;
}

/**
 * SHA-256 in hex of a claim, of the JSON of its six parts in this order: an attestation names by it the claim it was made for, so one that was
 * repaired since needs another. Guessable by whoever knows five of the parts: it travels between slices, signed, never to a client's screen.
 */
export const claimHash = ({ nik, name, birthDate, sex, birthPlace, cardNumber }: Claim): string =>
  hash("sha256", JSON.stringify([nik, name, birthDate, sex, birthPlace, cardNumber]));
