import { Refusal } from "../../../schema/errors.ts";
import { HISTORY_FROM } from "../../../schema/values/crosswalk/changes.ts";
import { parseDay } from "../../../schema/values/scalars.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { refuse } from "../../receive/respond.ts";
import { withReceipt } from "../../receive/routes/told.ts";
import type { BorderRequest, BorderRoute } from "../../types/border.ts";
import type { HttpAnswer } from "../../types/chain.ts";
import { keepable } from "../metadata/kept.ts";
import type { BorderTools } from "../routes.ts";
import { describedAs, SCHEMAS } from "./described.ts";
import { FORMS, type Form, fileOf, type Wanted } from "./files.ts";
import { type KnownCrosswalk, keepCrosswalk } from "./known.ts";

/** `/regions/crosswalk.json` and `.csv`: both numberings with their history, for everybody; with `asOf` as they stood on that day. */
export function regions({ current }: BorderTools): readonly BorderRoute[] {
  const crosswalk = keepCrosswalk();
  const known = current.by((hub) => (request) => crosswalk(request, hub));
  return (Object.keys(FORMS) as Form[]).map((form) => ({
    method: "GET",
    path: `/regions/crosswalk.${form}`,
    describes: describedAs(form),
    schemas: SCHEMAS,
    answer: async (request) => {
      try {
        const asOf = dayAsked(request);
        return answered(request, { form, asOf, known: await known(request.asked) });
      } catch (error) {
        return refuse(error, request.asked);
      }
    },
  }));
}

/** Null: the whole history. */
function dayAsked({ query }: BorderRequest): string | null {
  if ([...query.keys()].some((name) => name !== "asOf") || query.getAll("asOf").length > 1)
    throw new Refusal({ code: "BAD_REQUEST", detail: "the one parameter is asOf" });
  const asOf = query.get("asOf");
  if (asOf !== null && !(parseDay(asOf) !== null && asOf >= HISTORY_FROM && asOf <= dayInWib(new Date())))
    throw new Refusal({ code: "BAD_REQUEST", detail: `asOf must be a day from ${HISTORY_FROM} to today, such as 2022-07-25` });
  return asOf;
}

interface Answering extends Wanted {
  readonly known: KnownCrosswalk;
}

function answered({ asked }: BorderRequest, { known, ...wanted }: Answering): HttpAnswer {
  const answer = keepable(asked, fileOf(known, wanted), FORMS[wanted.form].type);
  return { ...answer, headers: withReceipt(answer, known.receipt) };
}
