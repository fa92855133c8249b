import { hash } from "node:crypto";
import type { Caller } from "../../schema/caller.ts";
import { type Refusal, scrub } from "../../schema/errors.ts";
import type { Asked, Disclosure, Planned, Stamps } from "../types/chain.ts";
import type { Rewrite } from "../types/document.ts";
import type { SourceFact } from "../types/sources.ts";
import type { Lookups } from "./alarms.ts";
import type { Marks } from "./keys.ts";
import type { News } from "./news.ts";
import { fetchedBy, type Tagged } from "./subjects.ts";

/** Furthest a request came: what is known of who asked. */
export interface Traced extends Asked {
  readonly client?: string;
  readonly agency?: string;
  readonly officer?: string | null;
  readonly caller?: Caller;
  readonly stamps?: Stamps;
}

/** What every entry says beside who asked. */
interface Written {
  readonly at: Date;
  readonly marks: Marks;
  readonly whom: Tagged;
}

export interface LineOutcome extends Written {
  readonly answer?: Disclosure | undefined;
  readonly refusal?: Refusal | undefined;
  readonly lookups?: Lookups | undefined;
  /** Receipt of the entry that announced it. */
  readonly intent?: string | undefined;
  /** Of a part of a streamed answer: its own receipt, and which it is. */
  readonly part?: { readonly receipt: string; readonly ordinal: number } | undefined;
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

/**
 * Text of an entry, keys in one fixed order. Says who asked, under what, for which coordinates, and how it ended. Never a value:
 * of verdicts only how many of each, of the document and the variables only keyed marks, of the subjects only how many of each type and
 * the hash of their tags. Of a question that was planned it ends with the receipt of the entry that announced it. What is undefined JSON leaves
 * out. Written out as one literal: spread together of its parts it takes six times as long (docs/performance.md).
 */
export function bodyOf(traced: Traced, { at, answer, refusal, marks, whom, lookups, intent, part }: LineOutcome): string {
  const [who, stamps, fetches] = [whoOf(traced), stampsOf(traced), answer?.fetches ?? []];
  return JSON.stringify({
    v: VERSION,
    at: at.toISOString(),
    requestId: traced.requestId,
    receipt: part?.receipt ?? traced.receiptId,
    client: who.client,
    agency: who.agency,
    officer: who.officer,
    agreement: who.agreement,
    version: who.version,
    purpose: who.purpose,
    case: who.case,
    operation: { name: nameOf(traced), mark: marks.document },
    shown: answer?.shown ?? [],
    masked: answer?.transformed ?? [],
    denied: answer?.denied ?? [],
    used: usedOf(fetches),
    variables: marks.variables,
    subjects: whom.count,
    subjectTypes: whom.types,
    tagsHash: tagsHash(whom),
    lookups,
    transferred: answer?.transferred,
    verdicts: answer && verdictsOf(answer),
    sources: sourcesOf(fetches),
    status: refusal?.failures[0]?.code ?? "ANSWERED",
    epoch: traced.caller?.epoch ?? null,
    table: traced.caller?.table ?? null,
    brokenGlass: stamps.brokenGlass,
    triedAs: stamps.triedAs,
    untrusted: stamps.untrusted,
    intent,
    part: part?.ordinal,
    of: part && traced.receiptId,
  });
}

/** What is about to be asked or done. */
export interface LineIntent extends Written {
  readonly receipt: string;
  readonly planned: Planned;
}

/** Text of the entry that announces a question: who is about to ask or do what, before it is known how it ends. */
export function intentOf(traced: Traced, { at, receipt, planned, marks, whom }: LineIntent): string {
  const [who, stamps] = [whoOf(traced), stampsOf(traced)];
  return JSON.stringify({
    v: VERSION,
    at: at.toISOString(),
    requestId: traced.requestId,
    receipt,
    client: who.client,
    agency: who.agency,
    officer: who.officer,
    agreement: who.agreement,
    version: who.version,
    purpose: who.purpose,
    case: who.case,
    operation: { name: nameOf(traced), mark: marks.document },
    asked: sortedAsked(planned.rewrite),
    denied: planned.rewrite.denied,
    used: [...new Set(fetchedBy(planned).flatMap((one) => one.arguments))].sort(),
    variables: marks.variables,
    subjects: whom.count,
    subjectTypes: whom.types,
    tagsHash: tagsHash(whom),
    status: "INTENDED",
    epoch: traced.caller?.epoch ?? null,
    table: traced.caller?.table ?? null,
    brokenGlass: stamps.brokenGlass,
    triedAs: stamps.triedAs,
    untrusted: stamps.untrusted,
  });
}

/** Answers that left while the record was away: how many under one agreement, and since when. */
export interface LineUnrecorded {
  readonly at: Date;
  readonly receipt: string;
  readonly caller: Caller;
  readonly count: number;
  readonly since: Date;
}

/** Text of the entry that says afterwards how many public aggregates were answered without one. */
export const unrecordedOf = ({ at, receipt, caller, count, since }: LineUnrecorded): string =>
  JSON.stringify({
    ...{ v: VERSION, at: at.toISOString(), requestId: receipt, receipt },
    ...{ client: caller.client, agency: caller.agency, officer: null },
    ...{ agreement: caller.agreement, version: caller.version, purpose: caller.purpose, case: null },
    ...{ unrecorded: count, since: since.toISOString(), status: "UNRECORDED", epoch: caller.epoch, table: caller.table },
  });

/** Every question has an entry that lists them, and a rewrite serves many questions. */
const asked = new WeakMap<Rewrite, readonly string[]>();
function sortedAsked(rewrite: Rewrite): readonly string[] {
  const sorted = asked.get(rewrite) ?? [...rewrite.asked].sort();
  asked.set(rewrite, sorted);
  return sorted;
}

const VERSION = 2;

/** Over the column of tags, which is no part of the body: years later it may be gone, and the body still verifies. */
const tagsHash = ({ tags }: Tagged): string => hash("sha256", tags, "hex");

const verdictsOf = ({ verdicts }: Disclosure) => (Object.keys(verdicts).length > 0 ? verdicts : undefined);

/** What was extraordinary about it. Each by its name: one that is missing does not compile. */
const stampsOf = ({ stamps = {} }: Traced): { readonly [Name in keyof Stamps]-?: Stamps[Name] | undefined } => ({
  brokenGlass: stamps.brokenGlass,
  triedAs: stamps.triedAs,
  untrusted: stamps.untrusted,
});

/** As far as it was known: a request may be refused before its agreement is. */
function whoOf({ caller, client, agency, officer }: Pick<Traced, "caller" | "client" | "agency" | "officer">) {
  if (caller) return caller;
  const known = { client: client ?? null, agency: agency ?? null, officer: officer ?? null };
  return { ...known, agreement: null, version: null, purpose: null, case: null };
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
