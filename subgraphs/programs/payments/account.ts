import { createHmac } from "node:crypto";
import { badInput } from "../../kit/errors.ts";

const NUMBER = /^[0-9]{6,20}$/;

/**
 * Digest of an account number (6 to 20 digits; spaces, dots and hyphens do not count) and its channel. What is kept is that digest bound to the account
 * (migration 0012): the same number of two persons gives two, so that none tells who shares an account. Hexadecimal. BAD_USER_INPUT otherwise, without
 * the number. Pure.
 */
export function accountDigest(
  key: Uint8Array,
  { channel, accountNumber }: { readonly channel: string; readonly accountNumber: string },
): string {
  const digits = accountNumber.replace(/[ .-]/g, "");
  if (!NUMBER.test(digits)) throw badInput("accountNumber must have 6 to 20 digits");
  return createHmac("sha256", key).update(`${channel}/${digits}`).digest("hex");
}
