import { randomUUID } from "node:crypto";
import { type Act, changedMeanwhile, citizenActing, officerActing } from "../../kit/acts/acting.ts";
import { words } from "../../kit/acts/words.ts";
import { uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import { type EnrolmentRow, enrolmentsById } from "../data.ts";
import type {
  ConcludeCommitmentsInput,
  EndEnrolmentInput,
  EnrolmentStepInput,
  RecordCommitmentInput,
  RejectEndingInput,
  WithdrawFromProgramInput,
} from "../generated.ts";
import * as data from "./data.ts";

// Who may take which step, and when, say the rules of the database (migration 0009): here only what was sent is put into their words.

const [ENROLMENT, ENDING, CHECK, CASE] = ["the enrolment", "the ending", "the verification", "the case"] as const;
const QUARTER = /^20\d\d-Q[1-4]$/;

const moved = <Row>(row: Row | undefined, what: string): Row => {
  if (row === undefined) throw changedMeanwhile(what);
  return row;
};

/** What is not the asker's to see is told like what there is not. */
const seen = async ({ db }: Act, id: string): Promise<EnrolmentRow> => moved((await enrolmentsById(db, [id]))[0], ENROLMENT);

const stepTo =
  (state: "ACTIVE" | "SUSPENDED") =>
  async ({ db, caller }: Act, { enrolment, version, reason }: EnrolmentStepInput): Promise<EnrolmentRow> => {
    officerActing(caller);
    await data.tellReason(db, words("reason", reason));
    return moved(await data.moveEnrolment(db, { id: enrolment, version }, state), ENROLMENT);
  };

export const suspend = stepTo("SUSPENDED");
export const resume = stepTo("ACTIVE");

type Proposed = Pick<data.EndingRow, "reason" | "words" | "endsOn"> & { readonly enrolment: string; readonly version: number };

async function propose(act: Act, { enrolment, version, ...why }: Proposed): Promise<data.EndingRow> {
  const { personId, program, region } = await seen(act, enrolment);
  const row = { id: randomUUID(), enrolmentId: enrolment, enrolmentVersion: version, personId, program, region, ...why };
  return moved(await data.insertEnding(act.db, row, act.now), ENDING);
}

const endAs =
  (endsAs: "GRADUATED" | "EXITED") =>
  async (act: Act, { reason, endsOn, ...input }: EndEnrolmentInput): Promise<data.EndingRow> => {
    officerActing(act.caller);
    const rules = await data.listEndingRules(act.db);
    if (!rules.some((rule) => rule.code === reason && rule.endsAs === endsAs))
      throw badInput(`reason: must be one that ends as ${endsAs} (endingRules)`);
    return propose(act, { ...input, reason, endsOn: endsOn ?? null, words: words("words", input.words) });
  };

export const graduate = endAs("GRADUATED");
export const exit = endAs("EXITED");

export async function confirm({ db, caller }: Act, ending: data.Seen): Promise<data.EndingRow> {
  officerActing(caller);
  return moved(await data.moveEnding(db, ending, { state: "CONFIRMED" }), ENDING);
}

export async function reject({ db, caller }: Act, { reason, ...ending }: RejectEndingInput): Promise<data.EndingRow> {
  officerActing(caller);
  const step = { state: "REJECTED", decisionWords: words("reason", reason) } as const;
  return moved(await data.moveEnding(db, ending, step), ENDING);
}

export async function withdraw(act: Act, { isConfirmed, ...input }: WithdrawFromProgramInput): Promise<data.EndingRow> {
  citizenActing(act.caller);
  if (!isConfirmed) throw badInput("isConfirmed: must be true: the aid stops at once");
  return propose(act, { ...input, reason: "WITHDRAWN", words: null, endsOn: null });
}

export async function revoke({ db, caller }: Act, ending: data.Seen): Promise<data.EndingRow> {
  citizenActing(caller);
  return moved(await data.moveEnding(db, ending, { state: "REVOKED" }), ENDING);
}

export async function record(act: Act, input: RecordCommitmentInput): Promise<data.CheckRow> {
  officerActing(act.caller);
  const { db, now } = act;
  const { enrolment, kind, attended, held = null, exception = null, version = null } = input;
  const period = quarter(input.period);
  if (exception !== null && input.words == null) throw badInput("words: an exception needs them");
  if (attended < 0 || attended > (held ?? MAX_TIMES)) throw badInput(`attended: must be from 0 to held, at most ${MAX_TIMES}`);
  if (held !== null && (held < 1 || held > MAX_TIMES)) throw badInput(`held: must be from 1 to ${MAX_TIMES}`);
  const found = { attended, held, exception, words: input.words == null ? null : words("words", input.words) };
  const { program, region } = await seen(act, enrolment);
  const of = { enrolmentId: enrolment, personId: uuids([input.member])[0] ?? randomUUID(), period, kind };
  const row =
    version === null
      ? await data.insertCheck(db, { id: randomUUID(), program, region, ...of, ...found }, now)
      : await data.correctCheck(db, { ...of, version }, found);
  return moved(row, CHECK);
}

export async function conclude(act: Act, { enrolment, version, ...input }: ConcludeCommitmentsInput): Promise<data.CaseRow> {
  officerActing(act.caller);
  const { db, now } = act;
  const period = quarter(input.period);
  const own = await seen(act, enrolment);
  const row =
    version === 0 ? await data.insertCase(db, own, { period, now }) : await data.moveCase(db, { id: enrolment, version }, period);
  return moved(row, CASE);
}

const MAX_TIMES = 400;

function quarter(text: string): string {
  if (!QUARTER.test(text)) throw badInput("period: must be a quarter such as 2026-Q3");
  return text;
}
