import { randomUUID } from "node:crypto";
import type { Act } from "../../kit/acts/acting.ts";
import { badInput } from "../../kit/errors.ts";
import type { CatalogueEndInput, CombinationRuleInput, ComponentRateInput, ProgramTermInput } from "../generated.ts";
import { onDuty } from "../office/duty.ts";
import { type ChangeRow, insertChange } from "./data.ts";

type Draft = Parameters<typeof insertChange>[1];
/** What a draft says; who drafts it and when, the act knows. */
type Said = Omit<Draft, "id" | "madeBy" | "madeAt">;

const PERIODS = [1, 2, 3, 4, 6, 12];
const CODE = /^[A-Z][A-Z0-9_]{1,39}$/;
const isPositive = (value: number | string | null | undefined) => value == null || BigInt(value) > 0n;
const isSaid = (text: string) => text.trim().length > 2;

/** New terms of a program. */
export const termOf = (input: ProgramTermInput): Said => ({ kind: "TERM", ...input });

/** A component, or a new amount of one. */
export const rateOf = (input: ComponentRateInput): Said => ({ kind: "COMPONENT", ...input });

/** The end of a component, or of a program. */
export const endOf = (input: CatalogueEndInput): Said => ({
  kind: input.component == null ? "PROGRAM_END" : "COMPONENT_END",
  ...input,
});

/** A rule about two programs, the smaller code first. */
export function ruleOf({ program, otherProgram, ...input }: CombinationRuleInput): Said {
  const [first, second] = program < otherProgram ? [program, otherProgram] : [otherProgram, program];
  return { kind: "COMBINATION", program: first, otherProgram: second, ...input };
}

/** Drafts what is said, of a steward of all programs it names. Refusal BAD_USER_INPUT with all faults at once. */
export async function draft(one: Act, said: Said): Promise<ChangeRow | null> {
  const programs = [said.program, said.otherProgram].filter((code) => code != null);
  const faults = faultsOf(said, programs);
  if (faults.length > 0) throw badInput(faults.join("; "));
  let madeBy = "";
  for (const program of programs) madeBy = await onDuty(one, ["PROGRAM_STEWARD"], { program, region: "" });
  return (await insertChange(one.db, { ...said, id: randomUUID(), madeBy, madeAt: one.now.toISOString() })) ?? null;
}

const faultsOf = (said: Said, programs: readonly string[]): string[] =>
  [
    programs.every((code) => CODE.test(code)) || "program and otherProgram are codes, such as PKH",
    isSaid(said.legalBasis) || "legalBasis must be said",
    isSaid(said.source) || "source must be said",
    isSaid(said.reason) || "reason must be said",
    said.kind !== "TERM" || PERIODS.includes(said.monthsAPayment ?? 0) || `monthsAPayment must be one of ${PERIODS.join(", ")}`,
    said.decileLimit == null || (said.decileLimit >= 1 && said.decileLimit <= 10) || "decileLimit must be from 1 to 10",
    ...(["monthly", "mostCounted", "planned", "yearly", "rank", "atMost"] as const).map(
      (name) => isPositive(said[name]) || `${name} must be greater than 0`,
    ),
    said.reentryMonths == null || said.reentryMonths >= 0 || "reentryMonths must be 0 or more",
    said.kind !== "COMPONENT" || isSaid(said.target ?? "") || "target must be said",
  ].filter((fault) => fault !== true);
