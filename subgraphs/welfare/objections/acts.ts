import { randomUUID } from "node:crypto";
import { Refusal } from "../../../schema/errors.ts";
import { type Act, changedMeanwhile, citizenActing, officerActing } from "../../kit/acts/acting.ts";
import { words } from "../../kit/acts/words.ts";
import { uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import type {
  AnswerRankingObjectionInput,
  AppealObjectionInput,
  DecideObjectionInput,
  FileObjectionByNameInput,
  FileObjectionInput,
  ObjectToRankingInput,
} from "../generated.ts";
import {
  type EligibilityDecisionRow,
  entriesOf,
  identifyObjection,
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
const MAX_NAME = 100;

// Who may take which step, and when, say the rules of the database (migrations 0010, 0022): here only what was sent is put into their words.

const WHAT = "the objection";
const moved = <Row>(row: Row | undefined, what = WHAT): Row => {
  if (row === undefined) throw changedMeanwhile(what);
  return row;
};

/** What cannot be an id at all is looked for like an id that nobody has. */
const idOr = (id: string): string => uuids([id])[0] ?? randomUUID();

type Told = Omit<FileObjectionInput, "member">;

/** What is told of a recipient, however they are meant. */
function told({ caller }: Act, { program = null, reason, photo, latitude, longitude }: Told) {
  const citizenId = citizenActing(caller);
  const isInCountry = latitude >= -11 && latitude <= 6 && longitude >= 95 && longitude <= 141;
  if (!isInCountry) throw badInput("latitude, longitude: must lie in Indonesia, in degrees");
  if (program !== null && !/^[A-Z][A-Z0-9_]{1,31}$/.test(program)) throw badInput("program must be the code of a program");
  const ids = { id: randomUUID(), citizenId, photoId: idOr(photo) };
  return { ...ids, program, reason: words("reason", reason, MAX_TEXT), latitude, longitude };
}

export async function file(act: Act, input: FileObjectionInput): Promise<ObjectionRow> {
  const row = { ...told(act, input), memberId: idOr(input.member), claimedName: null };
  return moved(await insertObjection(act.db, row, act.now));
}

/** Looks nobody up: the database writes the name down, and a reviewer reads it. */
export async function fileByName(act: Act, input: FileObjectionByNameInput): Promise<ObjectionRow> {
  const claimedName = words("name", input.name, MAX_NAME);
  if (!/^[\p{L}\p{M}][\p{L}\p{M}\s.,'’-]+$/u.test(claimedName)) throw badInput("name: must be a full name, without digits");
  return moved(await insertObjection(act.db, { ...told(act, input), memberId: null, claimedName }, act.now));
}

export async function identify({ db, caller }: Act, { id, member }: { id: string; member: string }): Promise<ObjectionRow> {
  officerActing(caller);
  return moved(await identifyObjection(db, id, idOr(member)));
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
