/** Nothing to fold: most names by far, at a tenth of the cost. */
const PLAIN = /^[ -~]*$/;
const COMBINING = /[\u0300-\u036f]/g;
/** Format characters (zero width, soft hyphen), and control characters that are not whitespace. */
const INVISIBLE = /\p{Cf}|(?!\s)\p{Cc}/gu;

/** Letters that Unicode does not take apart, upper case. */
const WHOLE: Readonly<Record<string, string>> = {
  Ø: "O",
  Đ: "D",
  Ð: "D",
  Ł: "L",
  Ħ: "H",
  Ŧ: "T",
  Æ: "AE",
  Œ: "OE",
  Þ: "TH",
  Ŋ: "NG",
  ẞ: "SS",
};
const WHOLE_LETTER = new RegExp(`[${Object.keys(WHOLE).join("")}]`, "g");

const unmark = (text: string): string => text.normalize("NFKD").replace(COMBINING, "");

/** Upper case without diacritics; full-width forms become plain letters. Scripts other than Latin, Greek and Cyrillic keep their marks. */
export function fold(raw: string): string {
  if (PLAIN.test(raw)) return raw.toUpperCase();
  const upper = unmark(raw.replace(INVISIBLE, "")).toUpperCase();
  // upper case can bring marks back, and a folded letter can be an invisible one
  return unmark(upper)
    .replace(WHOLE_LETTER, (letter) => WHOLE[letter] ?? letter)
    .replace(INVISIBLE, "")
    .normalize("NFC");
}

/** Text of any country in one form: folded, whitespace single and trimmed, control characters dropped. Idempotent. */
export const canonicalText = (raw: string): string => fold(raw).replace(/\s+/g, " ").trim();
