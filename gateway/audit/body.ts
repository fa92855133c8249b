import { hash } from "node:crypto";
import type { Caller } from "../../schema/caller.ts";
import { type Refusal, scrub } from "../../schema/errors.ts";
import type { Asked, Disclosure, Planned, Stamps } from "../types/chain.ts";
import type { Step } from "../types/plan.ts";
import type { SourceFact } from "../types/sources.ts";
import type { News } from "./news.ts";

/** Furthest a request came: what is known of who asked. */
export interface Traced extends Asked {
  readonly client?: string;
  readonly agency?: string;
  readonly officer?: string | null;
  readonly caller?: Caller;
  readonly stamps?: Stamps;
}

export interface LineOutcome {
  readonly answer?: Disclosure;
  readonly refusal?: Refusal;
  /** How many, counted after duplicates are gone. */
  readonly subjects: number;
  /** Keyed mark of the document. */
  readonly document: string;
  /** Keyed mark of the variables; null without any. */
  readonly variables: string | null;
  /** Id of the entry that announced this mutation. */
  readonly intent?: string | undefined;
  /** Of a part of a streamed answer: its own receipt, and which it is. */
  readonly part?: { readonly receipt: string; readonly ordinal: number };
}

/** One line of the record before it is written. `body` is final: its bytes are what the leaf stands for. */
export interface Line {
  /** Hex. */
  readonly leaf: string;
  readonly body: string;
  readonly receiptId: string;
  readonly client: string | null;
  readonly agreement: string | null;
  readonly subjects: Buffer;
  /** Kept with the line or neither is; null: nothing new. */
  readonly news: News | null;
}

/** Hash of a leaf of the record's tree (RFC 9162 §2.1.1), hex. */
export const leafOf = (body: string): string => hash("sha256", `\0${body}`, "hex");

/**
 * Text of an entry, keys in one fixed order. Says who asked, under what, for which coordinates, and how it ended. Never a value:
 * of verdicts only how many of each, of the document only the hash, of the variables only the mark, of the subjects only the count. Of a mutation that was announced it
 * ends with the id of that entry.
 */
export function bodyOf(traced: Traced, outcome: LineOutcome): string {
  const { answer, refusal, subjects, variables, intent, part } = outcome;
  return JSON.stringify({
    ...headOf(traced, { receipt: part?.receipt ?? traced.receiptId, document: outcome.document }),
    shown: answer?.shown ?? [],
    masked: answer?.transformed ?? [],
    denied: answer?.denied ?? [],
    used: usedOf(answer?.fetches ?? []),
    variables,
    subjects,
    ...(answer?.transferred && { transferred: answer.transferred }),
    ...(answer && Object.keys(answer.verdicts).length > 0 && { verdicts: answer.verdicts }),
    sources: sourcesOf(answer?.fetches ?? []),
    status: refusal?.failures[0]?.code ?? "ANSWERED",
    ...underOf(traced),
    ...(intent !== undefined && { intent }),
    ...(part && { part: part.ordinal, of: traced.receiptId }),
  });
}

/** What a mutation is about to do. */
export interface LineIntent extends Pick<LineOutcome, "subjects" | "document" | "variables"> {
  readonly receipt: string;
  readonly planned: Planned;
}

/** Text of the entry that announces a mutation: who will do what, before it is known how it ends. */
export const intentOf = (traced: Traced, { receipt, planned, subjects, document, variables }: LineIntent): string =>
  JSON.stringify({
    ...headOf(traced, { receipt, document }),
    asked: [...planned.rewrite.asked].sort(),
    denied: planned.rewrite.denied,
    used: [...new Set(planned.plan.steps.flatMap((step) => (step ? usesOf(step, planned.coerced) : [])))].sort(),
    variables,
    subjects,
    status: "INTENDED",
    ...underOf(traced),
  });

function usesOf(step: Step, coerced: Planned["coerced"]): readonly string[] {
  if ("steps" in step) return step.steps.flatMap((inner) => usesOf(inner, coerced));
  return step.fetch.coordinates(coerced).arguments;
}

const headOf = (traced: Traced, { receipt, document }: { readonly receipt: string; readonly document: string }) => ({
  v: 1,
  at: new Date().toISOString(),
  requestId: traced.requestId,
  receipt,
  ...whoOf(traced),
  operation: { name: nameOf(traced), mark: document },
});

/** The policy it was judged by, and what was extraordinary about it. */
const underOf = ({ caller, stamps = {} }: Traced) => ({ epoch: caller?.epoch ?? null, table: caller?.table ?? null, ...stamps });

/** As far as it was known: a request may be refused before its agreement is. */
function whoOf({ caller, client, agency, officer }: Traced) {
  if (caller) {
    const { agreement, version, purpose } = caller;
    const who = { client: caller.client, agency: caller.agency, officer: caller.officer };
    return { ...who, agreement, version, purpose, case: caller.case };
  }
  const who = { client: client ?? null, agency: agency ?? null, officer: officer ?? null };
  return { ...who, agreement: null, version: null, purpose: null, case: null };
}

/** The client chose the name, so it may hold anything. */
const nameOf = ({ operationName }: Asked): string | null => (operationName === null ? null : scrub(operationName.slice(0, 100)));

/** Arguments, input fields and order values the sources were asked with. */
const usedOf = (fetches: readonly SourceFact[]): string[] =>
  [...new Set(fetches.flatMap(({ coordinates }) => coordinates.arguments))].sort();

/** Worst outcome of each source, in order of name. */
function sourcesOf(fetches: readonly SourceFact[]): Record<string, string> {
  const outcomes = new Map<string, string>();
  for (const { service, outcome } of fetches) if (outcome !== "ok" || !outcomes.has(service)) outcomes.set(service, outcome);
  return Object.fromEntries([...outcomes].sort(([a], [b]) => (a < b ? -1 : 1)));
}
