import { randomUUID } from "node:crypto";
import { dayInWib } from "../../../schema/values/wib.ts";
import { type Act, changedMeanwhile, officerActing } from "../../kit/acts/acting.ts";
import { uuids } from "../../kit/data.ts";
import type {
  ActivateSchoolAidsInput,
  ExtendSchoolNominationInput,
  GrantSchoolAidsInput,
  NominatePupilsInput,
} from "../generated.ts";
import { dutiesAt } from "../office/data.ts";
import { decreeFault, listFault, reasonFault, refuseFaults } from "../office/faults.ts";
import * as data from "./data.ts";
import { faultsOfPupils, type LineFault } from "./nominate.ts";

// Who may take which step, and when, say the rules of the database (migration 0010): here only what was sent is put into their words.

export interface NominationReport {
  readonly isDryRun: boolean;
  readonly accepted: number;
  readonly nomination: data.NominationRow | null;
  readonly faults: readonly LineFault[];
}

/** Tries a list of pupils, and nominates them where nothing is wrong with any and it is no trial. */
export async function nominate(act: Act, input: NominatePupilsInput): Promise<NominationReport> {
  const { db } = act;
  const { pupils, dryRun: isDryRun } = input;
  refuseFaults([listFault("pupils", pupils), decreeFault(input.decree)]);
  const decree = await data.nominationOf(db, input.decree.trim());
  const faults = [...faultsOfDecree(act, input, decree), ...(await faultsOfList(act, input))];
  const accepted = faults.length > 0 ? 0 : pupils.length;
  if (isDryRun || faults.length > 0) return { isDryRun, accepted, nomination: null, faults };
  const made = { id: randomUUID(), number: input.decree.trim(), year: input.year, activateBy: input.activateBy };
  const nomination = decree ?? (await data.insertNomination(db, made));
  if (!nomination) throw changedMeanwhile("the decree");
  await data.insertAids(
    db,
    pupils.map(({ person, village, ...pupil }) => ({
      ...pupil,
      id: randomUUID(),
      personId: person,
      region: village,
      nominationId: nomination.id,
    })),
  );
  return { isDryRun, accepted, nomination, faults };
}

function faultsOfDecree(
  { now }: Act,
  { year, activateBy }: NominatePupilsInput,
  decree: data.NominationRow | undefined,
): LineFault[] {
  const deadline = decree?.activateBy ?? activateBy;
  const checks = [
    ["year", year !== (decree?.year ?? year), "must be the decree's"],
    ["year", year < 2014 || year > 2100, "must be from 2014 on"],
    ["activateBy", deadline < dayInWib(now), "must not be past"],
    ["activateBy", ![year, year + 1].includes(Number(deadline.slice(0, 4))), "must lie in the year or the next"],
  ] as const;
  return checks.filter(([, isWrong]) => isWrong).map(([field, , fault]) => ({ line: 0, field, fault }));
}

/** Faults of the lines, by what the programs know of the pupils. FORBIDDEN for whoever is no officer. */
async function faultsOfList({ db, caller, now }: Act, { pupils, year }: NominatePupilsInput): Promise<LineFault[]> {
  const duties = await dutiesAt(db, officerActing(caller), now);
  const persons = uuids(pupils.map(({ person }) => person));
  const rules = await data.gradeRulesOn(db, dayInWib(now));
  return faultsOfPupils(pupils, {
    classes: new Set(rules.map(({ level, grade }) => `${level} ${grade}`)),
    regions: duties
      .filter(({ role, program }) => role === "EDUCATION" && ["*", "KIP"].includes(program))
      .map(({ region }) => region),
    barred: await data.barredPupils(db, persons),
    aided: await data.aidedIn(db, year, { persons, nisns: pupils.map(({ nisn }) => nisn) }),
  });
}

export async function extend({ db, caller }: Act, input: ExtendSchoolNominationInput): Promise<data.NominationRow> {
  officerActing(caller);
  refuseFaults([reasonFault(input.reason)]);
  const step = { activateBy: input.activateBy, extensionReason: input.reason.trim() };
  const extended = await data.extendNomination(db, input, step);
  if (!extended) throw changedMeanwhile("the decree");
  return extended;
}

export const activate = (act: Act, { aids, activatedOn }: ActivateSchoolAidsInput): Promise<data.SchoolAidRow[]> =>
  move(act, aids, { state: "ACCOUNT_ACTIVATED", activatedOn });

export function grant(act: Act, { aids, decree }: GrantSchoolAidsInput): Promise<data.SchoolAidRow[]> {
  refuseFaults([decreeFault(decree)]);
  return move(act, aids, { state: "GRANTED", grantDecree: decree.trim() });
}

/** All of them or none; answered in the order in which they were sent. */
async function move(
  { db, caller }: Act,
  seen: readonly data.Seen[],
  step: Parameters<typeof data.moveAids>[2],
): Promise<data.SchoolAidRow[]> {
  officerActing(caller);
  refuseFaults([listFault("aids", seen)]);
  const sent = [...new Set(seen.map(({ id }) => id.toLowerCase()))];
  const moved = new Map((await data.moveAids(db, seen, step)).map((row) => [row.id, row]));
  if (moved.size !== sent.length) throw changedMeanwhile("one of the aids");
  return sent.flatMap((id) => moved.get(id) ?? []);
}
