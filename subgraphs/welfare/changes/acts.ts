import { randomUUID } from "node:crypto";
import { dayInWib } from "../../../schema/values/wib.ts";
import { type Act, changedMeanwhile, officerActing } from "../../kit/acts/acting.ts";
import { badInput } from "../../kit/errors.ts";
import type { ApproveChangeInput, ChangeInput, EndChangeInput, SubmitChangeInput } from "../generated.ts";
import { onDuty } from "../office/duty.ts";
import {
  applyChange,
  type ChangeRequestRow,
  changesById,
  holdHouseholds,
  householdsOf,
  householdsOfPerson,
  insertChange,
  stepChange,
  type Written,
} from "./data.ts";
import { changeIn, missingIn, readChange, type Sent } from "./input.ts";
import type { Plan } from "./preview/plan.ts";
import { type Intended, namedBy, previewsOf, type ShownChange } from "./previewing.ts";

const MAX_REASON = 500;
type Db = Act["db"];

/** What was sent, without fault in itself. */
export function sentIn(input: ChangeInput, now: Date): Sent {
  const read = readChange(input, dayInWib(now));
  if ("faults" in read) throw badInput(read.faults.join("; "));
  return read.sent;
}

/** What a change does today. Its faults refuse the act. */
export async function previewFor(db: Db, intended: Intended): Promise<ShownChange> {
  const [found = { faults: [] }] = await previewsOf(db, [intended]);
  if ("faults" in found) throw badInput(found.faults.join("; "));
  return found.preview;
}

/** Households a change touches, in one order for everybody. */
const homesOf = async (db: Db, change: Sent["change"]): Promise<string[]> =>
  [...new Set((await householdsOf(db, namedBy(change))).values())].sort();

/**
 * Enters a change, submitted: by a VILLAGE_OPERATOR over where it happens, or by a data subject for their own household. `source`: NEW_CARD needs the
 * number of the card.
 */
export async function enterChange(act: Act, sent: Sent, source: "NEW_CARD" | "PACKET"): Promise<ChangeRequestRow | null> {
  const { change, effectiveOn, cardNumber } = sent;
  if (source === "NEW_CARD" && cardNumber === null) throw badInput("cardNumber is needed of a new card");
  const { citizen } = act.caller;
  if (citizen === null) officerActing(act.caller);
  const [first = ""] = namedBy(change);
  const homes = await householdsOf(act.db, namedBy(change));
  const own = citizen === null ? null : new Set(await householdsOfPerson(act.db, citizen));
  const householdId = homes.get(first);
  if (householdId === undefined || (own && ![...homes.values()].every((home) => own.has(home))))
    throw badInput("the change names no member or family you may change");
  const id = randomUUID();
  await previewFor(act.db, { id, change, on: effectiveOn });
  const row = { id, kind: change.kind, source, personId: citizen, householdId, effectiveOn, cardNumber, input: change };
  return (await insertChange(act.db, { ...row, state: "SUBMITTED" })) ?? null;
}

/**
 * Submits a draft: completed by `change` of the same kind, or as it stands. What population attests may reach into a village the operator does not see:
 * as it stands it is held against the registry by the approval alone.
 */
export async function submitChange(
  act: Act,
  { id, version, change: input }: SubmitChangeInput,
): Promise<ChangeRequestRow | null> {
  const draft = await found(act.db, id);
  await onDuty(act, ["VILLAGE_OPERATOR"], draft.region);
  const sent = input ? sentIn(input, act.now) : null;
  if (sent && sent.change.kind !== draft.kind) throw badInput(`change must be a ${draft.kind}`);
  const change = sent?.change ?? changeIn(draft.input);
  if (change === null) throw badInput(`the draft lacks ${missingIn(draft.input).join(", ")}`);
  const effectiveOn = sent?.effectiveOn ?? draft.effectiveOn;
  if (sent) await previewFor(act.db, { id, change, on: effectiveOn });
  const cardNumber = sent?.cardNumber ?? draft.cardNumber;
  return stepped(await stepChange(act.db, { id, version }, { state: "SUBMITTED", input: change, effectiveOn, cardNumber }));
}

/** Approves and applies what another submitted, as it was previewed. */
export async function approveChange(act: Act, { id, version, digest }: ApproveChangeInput): Promise<ChangeRequestRow | null> {
  const request = await found(act.db, id);
  await onDuty(act, ["VERIFIER"], request.region);
  const change = changeIn(request.input);
  if (change === null) throw badInput("id: the change is not complete");
  // held first: nothing changes between what is compared here and what is written
  await holdHouseholds(act.db, await homesOf(act.db, change));
  if (request.version !== version) throw changedMeanwhile("the change");
  const preview = request.state === "SUBMITTED" ? await previewFor(act.db, { id, change, on: request.effectiveOn }) : null;
  if (preview && preview.digest !== digest) throw changedMeanwhile("the family");
  const plan = preview?.plan ?? { homes: [], relocations: [], families: [], entries: [], amendments: [] };
  if (!(await applyChange(act.db, request, written(plan, request)))) throw changedMeanwhile("the change");
  return (await changesById(act.db, [id]))[0] ?? null;
}

/** The new card is of the family that is founded, else of the one somebody enters, else of the family that was named. */
function written(plan: Plan, { cardNumber, input }: ChangeRequestRow): Written {
  const named = (input as { readonly familyId?: string }).familyId;
  const familyId = plan.families[0]?.id ?? plan.entries[0]?.familyId ?? named;
  return { ...plan, card: cardNumber !== null && familyId !== undefined ? { familyId, number: cardNumber } : null };
}

/** Rejects or withdraws; the rules of the database say who may. */
export const endChange =
  (state: "REJECTED" | "WITHDRAWN") =>
  async (act: Act, { id, version, reason }: EndChangeInput): Promise<ChangeRequestRow | null> => {
    if (reason.trim() === "" || reason.length > MAX_REASON) throw badInput(`reason must have 1 to ${MAX_REASON} characters`);
    const { region } = await found(act.db, id);
    if (state === "REJECTED") await onDuty(act, ["VERIFIER"], region);
    return stepped(await stepChange(act.db, { id, version }, { state, reason }));
  };

async function found(db: Db, id: string): Promise<ChangeRequestRow> {
  const [row] = await changesById(db, [id]);
  if (!row) throw badInput("id: there is no such change");
  return row;
}

function stepped(row: ChangeRequestRow | undefined): ChangeRequestRow {
  if (!row) throw changedMeanwhile("the change");
  return row;
}
