import { randomUUID } from "node:crypto";
import { type Act, acting, changedMeanwhile, officerActing } from "../kit/acts/acting.ts";
import { words } from "../kit/acts/words.ts";
import { badInput } from "../kit/errors.ts";
import type { Asking } from "../kit/serve/context.ts";
import { type AidRow, aidsById, changeMonth, endAid, insertAid, insertMonth, type MonthRow } from "./data.ts";
import type { ConfirmMealsInput, EndMealsInput, RecordMealsInput, StartMealsInput } from "./generated.ts";

const MAX_DECISION = 60;

/** What officers of the regency do. The rules of the database hold who may, and what follows. */
export const acts = (asking: Pick<Asking, "write" | "caller" | "now">) => {
  const act = acting(asking);
  return {
    start: (input: StartMealsInput) => act((one) => startMeals(one, input)),
    end: (input: EndMealsInput) => act((one) => endMeals(one, input)),
    record: (input: RecordMealsInput) => act((one) => recordMeals(one, input)),
    confirm: (input: ConfirmMealsInput) => act((one) => confirmMeals(one, input)),
  };
};

async function startMeals({ db, caller }: Act, input: StartMealsInput): Promise<AidRow | null> {
  const startedBy = officerActing(caller);
  const decision = words("decision", input.decision, MAX_DECISION);
  const { person: personId, region, startedOn } = input;
  return (await insertAid(db, { id: randomUUID(), personId, region, startedOn, decision, startedBy })) ?? null;
}

async function endMeals({ db, caller }: Act, { id, version, endedOn, reason }: EndMealsInput): Promise<AidRow> {
  const endedBy = officerActing(caller);
  const ended = await endAid(db, { id, version }, { endedOn, reason: words("reason", reason), endedBy });
  if (!ended) throw changedMeanwhile("this aid");
  return ended;
}

async function recordMeals({ db, caller }: Act, input: RecordMealsInput): Promise<MonthRow | null> {
  const { id, month, meals, version } = input;
  const said = { meals, recordedBy: officerActing(caller), reason: words("reason", input.reason) };
  if (version != null) return changed(await changeMonth(db, { aidId: id, month, version }, said));
  const [aid] = await aidsById(db, [id]);
  if (!aid) throw badInput("id: there is no such aid");
  const { personId, region } = aid;
  return (await insertMonth(db, { ...said, aidId: id, personId, region, month })) ?? null;
}

async function confirmMeals({ db, caller }: Act, { id, month, version, reason }: ConfirmMealsInput): Promise<MonthRow> {
  const confirmedBy = officerActing(caller);
  return changed(await changeMonth(db, { aidId: id, month, version }, { confirmedBy, reason: words("reason", reason) }));
}

function changed(month: MonthRow | undefined): MonthRow {
  if (!month) throw changedMeanwhile("this month");
  return month;
}
