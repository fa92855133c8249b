import { randomUUID } from "node:crypto";
import { Refusal } from "../../../schema/errors.ts";
import { type Act, changedMeanwhile, citizenActing, officerActing } from "../../kit/acting.ts";
import { uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import { words } from "../../kit/words.ts";
import type {
  AnswerRankingObjectionInput,
  AppealObjectionInput,
  DecideObjectionInput,
  FileObjectionInput,
  ObjectToRankingInput,
} from "../generated.ts";
import {
  type EligibilityDecisionRow,
  entriesOf,
  insertObjection,
  insertRankingObjections,
  insertWithdrawals,
  moveObjection,
  moveRankingObjection,
  type ObjectionRow,
  objectionsById,
  type RankingObjectionRow,
  revokeWithdrawals,
  type Seen,
} from "./data.ts";

const MAX_TEXT = 2000;

// Who may take which step, and when, say the rules of the database (migration 0010): here only what was sent is put into their words.

const WHAT = "the objection";
const moved = <Row>(row: Row | undefined, what = WHAT): Row => {
  if (row === undefined) throw changedMeanwhile(what);
  return row;
};

/** What cannot be an id at all is looked for like an id that nobody has. */
const idOr = (id: string): string => uuids([id])[0] ?? randomUUID();

export async function file({ db, caller, now }: Act, input: FileObjectionInput): Promise<ObjectionRow> {
  const citizenId = citizenActing(caller);
  const { latitude, longitude } = input;
  const isInCountry = latitude >= -11 && latitude <= 6 && longitude >= 95 && longitude <= 141;
  if (!isInCountry) throw badInput("latitude, longitude: must lie in Indonesia, in degrees");
  const program = input.program ?? null;
  if (program !== null && !/^[A-Z][A-Z0-9_]{1,31}$/.test(program)) throw badInput("program must be the code of a program");
  const told = { program, reason: words("reason", input.reason, MAX_TEXT), latitude, longitude };
  const row = { ...told, id: randomUUID(), citizenId, memberId: idOr(input.member), photoId: idOr(input.photo) };
  return moved(await insertObjection(db, row, now));
}

export async function appeal({ db, caller }: Act, { id, version, reason }: AppealObjectionInput): Promise<ObjectionRow> {
  citizenActing(caller);
  return moved(await moveObjection(db, { id, version }, { state: "APPEALED", appealReason: words("reason", reason, MAX_TEXT) }));
}

export async function take({ db, caller }: Act, seen: Seen): Promise<ObjectionRow> {
  officerActing(caller);
  return moved(await moveObjection(db, seen, { state: "UNDER_REVIEW" }));
}

/** Of an appeal a rejection is the end. */
export async function decide(
  { db, caller }: Act,
  { id, version, decision, reason }: DecideObjectionInput,
): Promise<ObjectionRow> {
  officerActing(caller);
  const why = words("reason", reason, MAX_TEXT);
  const [known] = await objectionsById(db, [id]);
  const step =
    known?.state === "APPEALED"
      ? ({ state: decision === "UPHELD" ? "UPHELD" : "CLOSED", closingReason: why } as const)
      : { state: decision, decisionReason: why };
  return moved(await moveObjection(db, { id, version }, step));
}

export async function withdraw({ db, caller, now }: Act): Promise<EligibilityDecisionRow[]> {
  const personId = citizenActing(caller);
  const entries = await entriesOf(db, personId, ["ACTIVE"]);
  if (entries.length === 0) throw new Refusal({ code: "CONFLICT", detail: "no entry of yours is active in the registry" });
  const rows = entries.map((memberId) => ({ id: randomUUID(), memberId, personId }));
  return insertWithdrawals(db, rows, now);
}

export async function revoke({ db, caller, now }: Act): Promise<EligibilityDecisionRow[]> {
  const revoked = await revokeWithdrawals(db, citizenActing(caller), now);
  if (revoked.length === 0)
    throw new Refusal({ code: "CONFLICT", detail: "there is no withdrawal of the last 30 days to take back" });
  return revoked;
}

export async function objectToRanking({ db, caller, now }: Act, input: ObjectToRankingInput): Promise<RankingObjectionRow[]> {
  const personId = citizenActing(caller);
  const reason = words("reason", input.reason, MAX_TEXT);
  const entries = await entriesOf(db, personId, ["ACTIVE", "DORMANT"]);
  if (entries.length === 0) throw new Refusal({ code: "CONFLICT", detail: "the registry has no entry of yours" });
  const rows = entries.map((memberId) => ({ id: randomUUID(), memberId, personId, about: input.about, reason }));
  return insertRankingObjections(db, rows, now);
}

export async function takeRanking({ db, caller }: Act, seen: Seen): Promise<RankingObjectionRow> {
  officerActing(caller);
  return moved(await moveRankingObjection(db, seen, { state: "UNDER_REVIEW" }));
}

export async function answerRanking({ db, caller }: Act, input: AnswerRankingObjectionInput): Promise<RankingObjectionRow> {
  officerActing(caller);
  const { id, version, outcome } = input;
  const step = { state: "ANSWERED", outcome, answer: words("answer", input.answer, MAX_TEXT) } as const;
  return moved(await moveRankingObjection(db, { id, version }, step));
}
