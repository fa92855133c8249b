import { randomUUID } from "node:crypto";
import type { Caller } from "../../../schema/caller.ts";
import { holdsNik } from "../../../schema/errors.ts";
import { badInput } from "../../kit/errors.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import {
  type CaseRow,
  casePosition,
  casesById,
  countOpenCases,
  type Deed,
  decideCase,
  type EventRow,
  historyOf,
  individualOf,
  type Listing,
  mergeIndividuals,
  openCases,
  type Resolved,
  type ReviewDecision,
  rowsOf,
  unmergeIndividuals,
} from "./data.ts";

export type CasePage = Page<CaseRow>;
/** An event as an agency may see it from one of the two individuals it is about. */
export type Told = Pick<EventRow, "kind" | "by" | "other"> & {
  readonly id: string;
  readonly at: string;
  readonly reason: string | null;
};

interface Reasoned {
  readonly reason: string;
}

/** Individuals and the review queue of the asking agency. Acts are durable when they resolve, and what is read afterwards knows of them. */
export const individuals = ({ db, write, caller, now, cursors }: Asking) => {
  const deed = ({ reason }: Reasoned): Deed => ({ by: nameOf(caller), reason: checked(reason), at: now.toISOString() });
  const individual = async (id: string): Promise<Resolved | null> => (await individualOf(db, [id]))[0] ?? null;
  return {
    individual,
    rows: (survivor: string): Promise<Listing[]> => rowsOf(db, [survivor]),
    history: async (survivor: string) => (await historyOf(db, survivor)).map((event) => told(event, survivor, caller)),
    cases: (paging: Paging): CasePage =>
      pageOf(paging, {
        of: "reviewCases",
        cursors,
        positionOf: casePosition,
        rows: (window) => openCases(db, window),
        count: () => countOpenCases(db),
      }),
    async decide({ case: id, decision, ...said }: Reasoned & { readonly case: string; readonly decision: ReviewDecision }) {
      const act = { case: id, decision, fresh: randomUUID(), ...deed(said) };
      await write((writing) => decideCase(writing, act));
      return (await casesById(db, [id]))[0] ?? null;
    },
    async merge({ into, merged, ...said }: Reasoned & { readonly into: string; readonly merged: string }) {
      const act = { into, merged, ...deed(said) };
      await write((writing) => mergeIndividuals(writing, act));
      return individual(into);
    },
    async unmerge({ event, ...said }: Reasoned & { readonly event: string }) {
      const act = { event: eventId(event), ...deed(said) };
      return individual(await write((writing) => unmergeIndividuals(writing, act)));
    },
  };
};

/** Who acts, as far as the hub knows: agency and client. No agency's code holds a colon. */
const nameOf = ({ agency, client }: Pick<Caller, "agency" | "client">): string => `${agency}:${client}`;

const [SHORTEST, LONGEST] = [5, 500];

/** It stays on record for good, where other agencies' clerks may not look a NIK up. */
function checked(reason: string): string {
  const said = reason.trim();
  if (said.length < SHORTEST || said.length > LONGEST) throw badInput(`reason must have ${SHORTEST} to ${LONGEST} characters`);
  if (holdsNik(said)) throw badInput("reason must not hold a number of 16 digits");
  return said;
}

/** Ids of events are a bigint's digits. Whatever else a client sends is no merge either. */
const eventId = (text: string): bigint => (/^\d{1,18}$/.test(text) ? BigInt(text) : 0n);

function told({ id, kind, at, by, reason, individual, other }: EventRow, asked: string, { agency }: Caller): Told {
  const [author, client] = by.split(":");
  const isAnothers = client !== undefined && author !== agency;
  return { id: `${id}`, kind, at, by, reason: isAnothers ? null : reason, other: other === asked ? individual : other };
}
