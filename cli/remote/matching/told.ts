import { plain } from "../plain.ts";
import type { Proven } from "../receipts.ts";
import type { Step } from "./follow.ts";
import type { RemoteJob } from "./jobs.ts";

const ERASE_LINE = "\r\u001b[K";
const WIDTH = 30;

/** What a command that waits for a hub tells on stderr, in its own name. */
export function teller(name: string) {
  let last = "";
  const isTerminal = process.stderr.isTTY;
  const note = (text: string): void => {
    const head = `${isTerminal ? ERASE_LINE : ""}hub ${name}: `;
    process.stderr.write(`${plain(text).replace(/^/gm, head)}\n`);
  };
  return {
    note,
    /** One line that changes on a terminal; elsewhere a line whenever it is of something else. */
    show(text: string): void {
      const [about = ""] = text.split(" ");
      if (isTerminal) process.stderr.write(`${ERASE_LINE}${plain(`hub ${name}: ${text}`)}`);
      else if (about !== last) note(text);
      last = about;
    },
  };
}

export type Teller = ReturnType<typeof teller>;

export function bar({ state, rows, rowsDone }: Step): string {
  const name = (state ?? "WORKING").toLowerCase().padEnd(9);
  if (rows === null || rowsDone === null) return name;
  const full = rows === 0 ? 0 : Math.round((rowsDone / rows) * WIDTH);
  return `${name} [${"#".repeat(full)}${".".repeat(WIDTH - full)}] ${rowsDone} of ${rows} rows`;
}

/** What came of a file, for people. */
export function reportOf({ counts, rows, predictedPrecision }: RemoteJob): string {
  const lines = (counts ?? []).map(
    ({ status, reason, rows: n, firstLine }) =>
      `${(status ?? "REJECTED").padEnd(16)}${(reason ?? "").padEnd(22)}${String(n ?? "?").padStart(12)}   first at line ${firstLine ?? "?"}`,
  );
  const whole = `${"rows of the file".padEnd(38)}${String(rows ?? "?").padStart(12)}`;
  const trust =
    predictedPrecision === null
      ? "Nothing could be rehearsed, or the agreement does not show it: how far these matches can be trusted is not predicted."
      : `Of the automatic matches without an exact NIK ${(100 * predictedPrecision).toFixed(2)} % are predicted to be right.`;
  return plain(`${[...lines, whole, trust].join("\n")}\n`);
}

/** What is known of a receipt, in a sentence. */
export function sentenceOf(id: string, proven: Proven): string {
  if (proven.verdict === "PENDING") return `receipt ${id}: not in the log yet; ask for it later (GET /receipts/${id})`;
  if (proven.verdict === "UNKNOWN")
    return `receipt ${id}: the hub names no key of its log; give the one you hold with --log-key VKEY`;
  if (proven.verdict === "BAD")
    return `receipt ${id} DOES NOT HOLD: ${proven.fault}. Keep the files, and tell the hub's data protection officer`;
  const by = proven.isByOwnKey ? "the key you hold" : "the key the hub itself names";
  return proven.isOfAnswer
    ? `receipt ${id}: this answer is entry ${proven.index} of the log, proved by ${by}`
    : `receipt ${id}: an entry of the log (${proven.index}), proved by ${by}; that it is this table's is the hub's word`;
}
