import { createHash } from "node:crypto";
import { badInput } from "../../kit/errors.ts";
import type { ReportPaymentsInput } from "../generated.ts";

/** A line about a payment, as the database takes it. `amount`: whole rupiah as digits. */
export interface ReportedLine {
  readonly line: number;
  readonly payment: string;
  readonly amount: string | null;
  readonly state: string;
  readonly on: string | null;
  readonly failure: string | null;
}

const MOST_LINES = 1000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The lines of a report, numbered from 1. BAD_USER_INPUT: none, too many, an id that none can be. Pure. */
export function linesOf({ kind, lines }: Pick<ReportPaymentsInput, "kind" | "lines">): ReportedLine[] {
  if (kind === "TREASURY_RELEASE") throw badInput("kind: releases come by releaseFunds, or as a file");
  if (lines.length < 1 || lines.length > MOST_LINES) throw badInput(`lines must be 1 to ${MOST_LINES}`);
  const wrong = lines.flatMap(({ payment }, at) => (UUID.test(payment) ? [] : [at + 1]));
  if (wrong.length > 0) throw badInput(`lines ${wrong.slice(0, 20).join(", ")}: payment is no id`);
  return lines.map(({ payment, amount, state, on, failure }, at) => {
    return { line: at + 1, payment, amount: amount ?? null, state, on: on ?? null, failure: failure ?? null };
  });
}

/** SHA-256 of the lines as JSON: the same lines in the same order are the same report. Pure. */
export const digestOf = (lines: readonly ReportedLine[]): string =>
  createHash("sha256").update(JSON.stringify(lines)).digest("hex");
