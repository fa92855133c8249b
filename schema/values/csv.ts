/** One line of CSV (RFC 4180) with its end; lists are parted by spaces, null is empty. A text that a spreadsheet would run is told as text. */
export const csvLine = (values: readonly unknown[]): string => `${values.map(fieldOf).join()}\r\n`;

const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function fieldOf(value: unknown): string {
  const plain = Array.isArray(value) ? value.join(" ") : String(value ?? "");
  const isFormula = typeof value !== "number" && FORMULA.test(plain) && !NUMBER.test(plain);
  const text = isFormula ? `'${plain}` : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
