import { Refusal } from "../../../schema/errors.ts";
import { type Act, acting, changedMeanwhile, officerActing } from "../../kit/acts/acting.ts";
import { words } from "../../kit/acts/words.ts";
import { byKey, manyByKey } from "../../kit/byKey.ts";
import { regionsAsked } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { DecideErrorCandidateInput } from "../generated.ts";
import type { Inbox } from "../held.ts";
import { transitionsOf } from "../office/data.ts";
import { onDuty } from "../office/duty.ts";
import * as data from "./data.ts";
import { checkStretch, familyAid } from "./sums.ts";

export type ErrorPage = Page<data.ErrorCandidateRow>;

interface ErrorsAsked extends Paging {
  readonly filter?: (data.ErrorFilter & { readonly region?: string | null }) | null;
}

export const families = (asking: Asking, _inbox: Inbox) => ({ ...aids(asking), ...lists(asking), ...deeds(asking) });

const aids = ({ db }: Asking) => {
  const stretches = new Map<string, ReturnType<typeof within>>();
  const within = (stretch: data.Stretch) =>
    manyByKey(
      (ids: readonly string[]) => data.aidOfFamilies(db, ids, stretch),
      (row) => row.familyId,
    );
  return {
    async aid(familyId: string, stretch: data.Stretch) {
      checkStretch(stretch);
      const key = `${stretch.from}|${stretch.to}`;
      const loader = stretches.get(key) ?? within(stretch);
      stretches.set(key, loader);
      return familyAid(await loader.load(familyId), stretch);
    },
  };
};

const lists = ({ db, caller, cursors }: Asking) => ({
  error: byKey(
    (ids: readonly string[]) => data.errorsById(db, ids),
    (row) => row.id,
  ),
  history: manyByKey(
    (ids: readonly string[]) => transitionsOf(db, "ERROR_CANDIDATE", ids),
    (row) => row.subjectId,
  ),
  errors({ filter, ...paging }: ErrorsAsked): ErrorPage {
    const list = { regions: regionsAsked(caller.rows, filter?.region), filter: filter ?? {} };
    return pageOf(paging, {
      of: "errorCandidates",
      cursors,
      positionOf: (row) => [row.id],
      rows: (window) => data.listErrors(db, list, window),
      count: () => data.countErrors(db, list),
    });
  },
});

const REGENCY = /^[0-9]{4}$/;
const LEAST_WORDS = 3;

const deeds = (asking: Asking) => {
  const act = acting(asking);
  return {
    search: (region: string) =>
      act(async (one) => {
        if (!REGENCY.test(region)) throw badInput("region must be a regency, four digits");
        await onDuty(one, ["DISTRICT", "PROGRAM_STEWARD"], { program: "*", region });
        await data.searchErrors(one.db, region);
        return true;
      }),
    decide: (input: DecideErrorCandidateInput) => act((one) => decide(one, input)),
  };
};

async function decide(one: Act, { id, version, isConfirmed, reason }: DecideErrorCandidateInput) {
  officerActing(one.caller);
  if (words("reason", reason).length < LEAST_WORDS) throw badInput(`reason must say why, in at least ${LEAST_WORDS} characters`);
  const [known] = await data.errorsById(one.db, [id]);
  if (!known) throw badInput("id: there is no such error candidate");
  await onDuty(one, ["DISTRICT"], known);
  if (known.state !== "OPEN") throw new Refusal({ code: "CONFLICT", detail: `this error candidate is ${known.state}, not open` });
  const decided = await data.decideError(
    one.db,
    { id, version },
    { state: isConfirmed ? "CONFIRMED" : "DISMISSED", reason: reason.trim() },
  );
  if (!decided) throw changedMeanwhile("the error candidate");
  return decided;
}
