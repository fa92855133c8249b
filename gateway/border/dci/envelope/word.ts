import { parseNik } from "../../../../schema/nik.ts";
import type { Json } from "../types.ts";

const SIXTEEN_DIGITS = /(?<!\d)\d{16}(?!\d)/g;

/**
 * A number or word of the partner's own, 1 to 99 characters, which is kept and told back in plain: never one that holds a NIK. The hub's rule for
 * texts (sixteen digits, whatever stands between them) would refuse one in fifty of the numbers that are made of an instant and some letters.
 */
export const isPlainWord = (value: Json | undefined): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= 99 && !holdsPlainNik(value);

const holdsPlainNik = (text: string): boolean =>
  (text.normalize("NFKC").match(SIXTEEN_DIGITS) ?? []).some((digits) => "nik" in parseNik(digits, ANYBODY()));

const ANYBODY = () => ({ referenceDate: new Date().toISOString().slice(0, 10), allowSynthetic: true });
