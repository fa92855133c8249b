import { acting } from "../../kit/acts/acting.ts";
import { byKey, manyByKey } from "../../kit/byKey.ts";
import { regionsAsked } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { ProposalFilter, ValidationRefusal } from "../generated.ts";
import type { Desk } from "../held.ts";
import { transitionsOf } from "../office/data.ts";
import { acts } from "./acts.ts";
import { calendar } from "./calendar.ts";
import * as data from "./data.ts";
import { type Answer, answerOf, type Claimed, judge } from "./validation.ts";
import { visits } from "./visits.ts";

export type ProposalPage = Page<data.ProposalRow>;
type Ids = readonly string[];
const MAX_FIRST = 100;

export interface ProposalsAsked extends Paging {
  readonly filter?: ProposalFilter | null;
}

/** What became of one attestation. */
export interface Receipt {
  readonly about: string | null;
  readonly refusal: ValidationRefusal | null;
}

export const proposals = (asking: Asking, desk: Desk) => ({
  ...readers(asking),
  ...papers(asking),
  ...acts(asking),
  calendar: calendar(asking),
  visits: visits(asking),
  list: listed(asking),
  validate: (attestations: readonly string[]) => validate(asking, desk, attestations),
});

const readers = ({ db, caller }: Asking) => ({
  proposal: byKey(
    (ids: Ids) => data.proposalsById(db, ids),
    (row) => row.id,
  ),
  candidate: byKey(
    (ids: Ids) => data.candidatesById(db, ids),
    (row) => row.id,
  ),
  candidatesOf: manyByKey(
    (ids: Ids) => data.candidatesOf(db, ids),
    (row) => row.proposalId,
  ),
  history: historyOf(db, "PROPOSAL"),
  mine: async () => (caller.citizen === null ? [] : data.proposalsOfCitizen(db, caller.citizen)),
  candidatesWaiting: (first: number) => data.candidatesWaiting(db, sizeOf(first)),
  membersWaiting: (first: number) => data.membersWaiting(db, sizeOf(first)),
});

/** Minutes, statements and visits: what a proposal rests on. */
const papers = ({ db }: Asking) => ({
  deliberation: byKey(
    (ids: Ids) => data.deliberationsById(db, ids),
    (row) => row.id,
  ),
  decisionsOf: manyByKey(
    (ids: Ids) => data.decisionsOf(db, ids),
    (row) => row.deliberationId,
  ),
  statement: byKey(
    (ids: Ids) => data.statementsById(db, ids),
    (row) => row.id,
  ),
  visit: byKey(
    (ids: Ids) => data.visitsById(db, ids),
    (row) => row.id,
  ),
  visitsOf: manyByKey(
    (ids: Ids) => data.visitsOf(db, ids),
    (row) => row.proposalId,
  ),
  presencesOf: manyByKey(
    (ids: Ids) => data.presencesOf(db, ids),
    (row) => row.visitId,
  ),
  visitHistory: historyOf(db, "FIELD_VERIFICATION"),
});

const historyOf = (db: Asking["db"], kind: string) =>
  manyByKey(
    (ids: Ids) => transitionsOf(db, kind, ids),
    (row) => row.subjectId,
  );

function sizeOf(first: number): number {
  if (first < 1 || first > MAX_FIRST) throw badInput(`first must be from 1 to ${MAX_FIRST}`);
  return first;
}

const listed =
  ({ db, caller, cursors }: Asking) =>
  ({ filter, ...paging }: ProposalsAsked): ProposalPage => {
    const regions = regionsAsked(caller.rows, filter?.region);
    const list = { regions, state: filter?.state ?? null, channel: filter?.channel ?? null };
    return pageOf(paging, {
      of: "proposals",
      cursors,
      positionOf: ({ number }) => [number],
      rows: (window) => data.listProposals(db, list, window),
      count: () => data.countProposals(db, list),
    });
  };

/** Records what population answered, each once and in any order; a claim answered twice at once takes the later answer. */
async function validate(asking: Asking, { attestation }: Desk, attestations: readonly string[]): Promise<Receipt[]> {
  if (attestations.length < 1 || attestations.length > MAX_FIRST) throw badInput(`attestations must be 1 to ${MAX_FIRST}`);
  const answers = attestations.map((text) => answerOf(text, attestation.keys));
  return acting(asking)(async ({ db, now }) => {
    const about = answers.flatMap((answer) => answer?.about ?? []);
    await data.holdClaims(db, about);
    const claims = await claimsOf(db, about);
    const judged = answers.map((answer) => ({
      answer,
      verdict: answer ? judge(answer, claims.get(answer.about), now) : ("NOT_GENUINE" as const),
    }));
    const fresh = new Map(
      judged.flatMap(({ answer, verdict }) =>
        answer && (verdict === null || verdict === "STANDS") ? [[answer.about, recorded(answer)]] : [],
      ),
    );
    if (fresh.size > 0) await data.recordAnswers(db, [...fresh.values()]);
    return judged.map(({ answer, verdict }) => ({
      about: answer?.about ?? null,
      refusal: verdict === "STANDS" ? null : verdict,
    }));
  });
}

const recorded = ({ about, at, says }: Answer): data.Recorded => ({
  about,
  at,
  status: says.status,
  person: says.personId,
  reasons: says.reasons,
});

/** Claims of candidates and members by id, as they stand and are held. */
async function claimsOf(db: Asking["db"], about: Ids): Promise<ReadonlyMap<string, Claimed>> {
  const candidates = await data.candidatesById(db, about);
  const parents = new Map(
    (
      await data.proposalsById(
        db,
        candidates.map(({ proposalId }) => proposalId),
      )
    ).map((row) => [row.id, row]),
  );
  const members = await data.membersClaiming(db, about);
  return new Map<string, Claimed>([
    ...candidates.map((row) => [row.id, candidateClaimed(row, parents.get(row.proposalId))] as const),
    ...members.map((row) => [row.id, memberClaimed(row)] as const),
  ]);
}

const candidateClaimed = (row: data.CandidateRow, parent: data.ProposalRow | undefined): Claimed => ({
  claim: {
    nik: row.claimedNik,
    name: row.claimedName,
    birthDate: row.claimedBirthDate,
    sex: row.claimedSex,
    birthPlace: row.claimedBirthPlace,
    cardNumber: row.claimedCardNumber,
  },
  status: row.matchStatus,
  personId: row.personId,
  since: parent?.movedAt ?? null,
  answeredAt: row.validatedAt,
  waits: parent?.state === "IN_VERIFICATION",
});

const memberClaimed = (row: Awaited<ReturnType<typeof data.membersClaiming>>[number]): Claimed => ({
  claim: { nik: row.claimedNik, name: row.claimedName, birthDate: null, sex: null, birthPlace: null, cardNumber: null },
  status: row.matchStatus,
  personId: row.personId,
  since: null,
  answeredAt: row.validatedAt,
  waits: row.state === "ACTIVE" || row.state === "DORMANT",
});
