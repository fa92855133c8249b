/** One line of CSV (RFC 4180) with its end; lists are parted by spaces, null is empty. A text that a spreadsheet would run is told as text. */
export const csvLine = (values: readonly unknown[]): string => `${values.map(fieldOf).join()}\r\n`;

/** What `csvLine` was given for this field, read back: the quote before a text that a spreadsheet would run is no part of it. */
export const unguarded = (field: string): string => field.replace(GUARD, "");

// a text that has such a quote of its own gets one more, so that each reads back as it was
const FORMULA = /^'*[=+\-@\t\r]/;
const GUARD = /^'(?='*[=+\-@\t\r])/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A text as a cell that no spreadsheet runs. */
export const guarded = (text: string): string => (FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text);

function fieldOf(value: unknown): string {
  const plain = Array.isArray(value) ? value.join(" ") : String(value ?? "");
  const text = typeof value === "number" ? plain : guarded(plain);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
