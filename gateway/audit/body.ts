import { hash } from "node:crypto";
import type { Caller } from "../../schema/caller.ts";
import { type Refusal, scrub } from "../../schema/errors.ts";
import type { Answer, Asked, FetchFact } from "../types.ts";

/** Furthest a request came: what is known of who asked. */
export interface Traced extends Asked {
  readonly client?: string;
  readonly agency?: string;
  readonly caller?: Caller;
}

export interface LineOutcome {
  readonly answer?: Answer;
  readonly refusal?: Refusal;
  /** How many, counted after duplicates are gone. */
  readonly subjects: number;
  /** Keyed mark of the document. */
  readonly document: string;
  /** Keyed mark of the variables; null without any. */
  readonly variables: string | null;
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
}

/** Hash of a leaf of the record's tree (RFC 9162 §2.1.1), hex. */
export const leafOf = (body: string): string => hash("sha256", `\0${body}`, "hex");

/**
 * Text of an entry, keys in one fixed order. Says who asked, under what, for which coordinates, and how it ended. Never a value:
 * of the document only the hash, of the variables only the mark, of the subjects only the count.
 */
export function bodyOf(traced: Traced, { answer, refusal, subjects, document, variables }: LineOutcome): string {
  const { caller } = traced;
  return JSON.stringify({
    v: 1,
    at: new Date().toISOString(),
    requestId: traced.requestId,
    receipt: traced.receiptId,
    ...whoOf(traced),
    operation: { name: nameOf(traced), mark: document },
    shown: answer?.shown ?? [],
    masked: answer?.transformed ?? [],
    denied: answer?.denied ?? [],
    used: usedOf(answer?.fetches ?? []),
    variables,
    subjects,
    sources: sourcesOf(answer?.fetches ?? []),
    status: refusal?.failures[0]?.code ?? "ANSWERED",
    epoch: caller?.epoch ?? null,
    table: caller?.table ?? null,
  });
}

/** As far as it was known: a request may be refused before its agreement is. */
function whoOf({ caller, client, agency }: Traced) {
  if (caller) {
    const { agreement, version, purpose } = caller;
    return { client: caller.client, agency: caller.agency, agreement, version, purpose, case: caller.case };
  }
  return { client: client ?? null, agency: agency ?? null, agreement: null, version: null, purpose: null, case: null };
}

/** The client chose the name, so it may hold anything. */
const nameOf = ({ operationName }: Asked): string | null => (operationName === null ? null : scrub(operationName.slice(0, 100)));

/** Arguments, input fields and order values the sources were asked with. */
const usedOf = (fetches: readonly FetchFact[]): string[] =>
  [...new Set(fetches.flatMap(({ coordinates }) => coordinates.arguments))].sort();

/** Worst outcome of each source, in order of name. */
function sourcesOf(fetches: readonly FetchFact[]): Record<string, string> {
  const outcomes = new Map<string, string>();
  for (const { service, outcome } of fetches) if (outcome !== "ok" || !outcomes.has(service)) outcomes.set(service, outcome);
  return Object.fromEntries([...outcomes].sort(([a], [b]) => (a < b ? -1 : 1)));
}
