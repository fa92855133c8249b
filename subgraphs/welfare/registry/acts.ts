import { randomUUID } from "node:crypto";
import { Refusal } from "../../../schema/errors.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { type Act, acting, changedMeanwhile } from "../../kit/acts/acting.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { type HouseholdRow, householdsById, type MemberRow, membersById } from "../data.ts";
import type {
  CorrectHouseholdInput,
  CorrectMemberInput,
  MemberStateInput,
  RecordExternalIdInput,
  RecordSurveyInput,
} from "../generated.ts";
import { onDuty } from "../office/duty.ts";
import * as data from "./data.ts";
import { answersOf } from "./survey.ts";

const KEEPERS = ["VERIFIER", "HEAD_OF_OFFICE", "MINISTRY"] as const;
const SURVEYORS = ["ENUMERATOR", "VILLAGE_OPERATOR", "VERIFIER"] as const;
const RECORDERS = ["VILLAGE_OPERATOR", "VERIFIER", "MINISTRY"] as const;
const MAX_TEXT = 200;
const MAX_REASON = 500;

/** What a member may become by an officer's act, and from what. Merging has rules of its own. */
export const STEPS = {
  putToSleep: { from: "ACTIVE", to: "DORMANT" },
  revive: { from: "DORMANT", to: "ACTIVE" },
  markDeceased: { from: null, to: "DECEASED" },
  correctDeath: { from: "DECEASED", to: "ACTIVE" },
} as const satisfies Record<string, { from: MemberRow["state"] | null; to: MemberRow["state"] }>;

/** Acts of officers on entries of the registry. The rules of the database hold duty and states once more; what is refused undoes the whole act. */
export function acts(asking: Asking) {
  const act = acting(asking);
  return {
    recordSurvey: (input: RecordSurveyInput) => act((one) => recordSurvey(one, input)),
    correctMember: (input: CorrectMemberInput) => act((one) => correctMember(one, input)),
    correctHousehold: (input: CorrectHouseholdInput) => act((one) => correctHousehold(one, input)),
    recordExternalId: (input: RecordExternalIdInput) => act((one) => recordExternalId(one, input)),
    step: (name: keyof typeof STEPS, input: MemberStateInput) => act((one) => step(one, name, input), input.effectiveOn ?? null),
  };
}

async function recordSurvey(act: Act, { household, visitedOn, method, answers, members }: RecordSurveyInput) {
  const { id, region } = await known(householdsById(act.db, [household]), "household");
  await onDuty(act, SURVEYORS, region);
  const asked = (members ?? []).map((one) => ({ memberId: one.member, answers: answersOf(one.answers) }));
  const survey = { id: randomUUID(), householdId: id, visitedOn, method, answers: answersOf(answers), members: asked };
  return data.writeSurvey(act.db, survey);
}

async function correctMember(act: Act, input: CorrectMemberInput): Promise<MemberRow> {
  const { claimedName, claimedNik, relation } = input;
  if (claimedNik != null && !/^[0-9]{16}$/.test(claimedNik)) throw badInput("claimedNik must be 16 digits");
  if (claimedName != null) mustSay("claimedName", claimedName, MAX_TEXT);
  const patch = given({ claimed_name: claimedName, claimed_nik: claimedNik, relation });
  const read = () => known(membersById(act.db, [input.id]), "id");
  return correct(act, { kind: "MEMBER", input, patch, read });
}

async function correctHousehold(act: Act, input: CorrectHouseholdInput): Promise<HouseholdRow> {
  const { address, monthlyIncome, floorArea } = input;
  if (floorArea != null && floorArea < 0) throw badInput("floorArea must be 0 or more");
  if (address != null) mustSay("address", address, MAX_TEXT);
  const patch = given({ address, monthly_income: monthlyIncome, floor_area: floorArea });
  const read = () => known(householdsById(act.db, [input.id]), "id");
  return correct(act, { kind: "HOUSEHOLD", input, patch, read });
}

interface Correcting<Row> {
  readonly kind: "HOUSEHOLD" | "MEMBER";
  readonly input: Pick<CorrectMemberInput, "id" | "version" | "effectiveOn" | "until" | "reason">;
  readonly patch: Readonly<Record<string, unknown>>;
  readonly read: () => Promise<Row>;
}

async function correct<Row extends { readonly version: number; readonly region: string }>(
  act: Act,
  one: Correcting<Row>,
): Promise<Row> {
  const { kind, input, patch, read } = one;
  const { id, version, effectiveOn, until, reason } = input;
  mustSay("reason", reason, MAX_REASON);
  if (Object.keys(patch).length === 0) throw badInput("nothing is corrected");
  const { region } = await read();
  await onDuty(act, KEEPERS, region);
  await data.lockEntry(act.db, kind, id);
  if ((await read()).version !== version) throw changedMeanwhile(`this ${kind.toLowerCase()}`);
  await data.tellReason(act.db, reason);
  await data.correctPast(act.db, { kind, id, patch, from: effectiveOn ?? dayInWib(act.now), until: until ?? null });
  return read();
}

async function step(act: Act, name: keyof typeof STEPS, { id, version, reason }: MemberStateInput): Promise<MemberRow> {
  mustSay("reason", reason, MAX_REASON);
  const { state, region } = await known(membersById(act.db, [id]), "id");
  await onDuty(act, KEEPERS, region);
  const { from, to } = STEPS[name];
  if (from !== null && state !== from)
    throw new Refusal({ code: "CONFLICT", detail: `only a member who is ${from} becomes ${to} so` });
  await data.tellReason(act.db, reason);
  const changed = await data.updateMember(act.db, { id, version }, { state: to });
  if (!changed) throw changedMeanwhile("this member");
  return changed;
}

async function recordExternalId(act: Act, { member, scheme, value, validFrom, validTo }: RecordExternalIdInput) {
  if (!/^[A-Za-z0-9./-]{1,60}$/.test(value)) throw badInput("value must be letters, digits, dot, dash and slash, at most 60");
  if (validTo != null && validTo <= validFrom) throw badInput("validTo must come after validFrom");
  const { id: memberId, householdId, region } = await known(membersById(act.db, [member]), "member");
  await onDuty(act, RECORDERS, region);
  const row = { id: randomUUID(), scheme, value, memberId, householdId, validFrom, validTo: validTo ?? null };
  return (await data.insertExternalId(act.db, row)) ?? null;
}

/** The one row of an id that the asker sees. */
async function known<Row>(rows: PromiseLike<readonly Row[]>, name: string): Promise<Row> {
  const [row] = await rows;
  if (!row) throw badInput(`${name}: there is no such entry`);
  return row;
}

const given = (fields: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null));

function mustSay(name: string, text: string, max: number): void {
  if (text.trim() === "" || text.length > max) throw badInput(`${name} must be text of 1 to ${max} characters`);
}
