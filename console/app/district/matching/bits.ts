import { language } from "../../kit/text.tsx";

const SIGNED = new Intl.NumberFormat(language === "id" ? "id-ID" : "en-ID", {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
  signDisplay: "exceptZero",
});

/** Bits of evidence, signed. */
export const bits = (value: number): string => SIGNED.format(value);
