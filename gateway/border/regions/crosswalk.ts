import { hash } from "node:crypto";
import { Refusal } from "../../../schema/errors.ts";
import { HISTORY_FROM } from "../../../schema/values/crosswalk/changes.ts";
import { csvLine } from "../../../schema/values/csv.ts";
import { parseDay } from "../../../schema/values/scalars.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { isHeld } from "../../receive/negotiate.ts";
import { refuse } from "../../receive/respond.ts";
import type { BorderRequest, BorderRoute } from "../../types/border.ts";
import type { HttpAnswer } from "../../types/chain.ts";
import type { BorderTools } from "../routes.ts";
import { describedAs, SCHEMAS } from "./described.ts";
import { type KnownCrosswalk, keepCrosswalk, type RegionRow } from "./known.ts";

const COLUMNS = [
  ...(["kemendagri", "bps", "level", "name", "validFrom", "validTo", "basis", "predecessors", "successors"] as const),
];
const ATTRIBUTION =
  "Nama: idn-area-data (ODbL 1.0). Kode: Kemendagri; kode BPS: Badan Pusat Statistik. / Names: idn-area-data (ODbL 1.0). Codes: Kemendagri; those of BPS: Statistics Indonesia.";

const FORMS = {
  json: {
    type: "application/json; charset=utf-8",
    bodyOf: (regions: readonly RegionRow[], asOf: string | null) =>
      JSON.stringify({ asOf, historyFrom: HISTORY_FROM, attribution: ATTRIBUTION, regions }),
  },
  csv: {
    type: "text/csv; charset=utf-8",
    bodyOf: (regions: readonly RegionRow[]) =>
      [csvLine(COLUMNS), ...regions.map((row) => csvLine(COLUMNS.map((column) => row[column])))].join(""),
  },
} as const;
type Form = keyof typeof FORMS;

/** `/regions/crosswalk.json` and `.csv`: both numberings with their history, for everybody; with `asOf` as they stood on that day. */
export function regions({ current }: BorderTools): readonly BorderRoute[] {
  const known = current.by(keepCrosswalk());
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

interface Answering {
  readonly form: Form;
  readonly asOf: string | null;
  readonly known: KnownCrosswalk;
}

function answered({ asked }: BorderRequest, { form, asOf, known }: Answering): HttpAnswer {
  const { type, bodyOf } = FORMS[form];
  const body = bodyOf(asOf === null ? known.rows : known.rows.filter((row) => stoodOn(row, asOf)), asOf);
  const etag = `"${hash("sha256", body).slice(0, 32)}"`;
  const headers = {
    ...{ "content-type": type, "x-request-id": asked.requestId, etag },
    ...{ "cache-control": "public, max-age=300", "access-control-allow-origin": "*" },
    ...(known.receipt !== undefined && { "hub-receipt": known.receipt }),
  };
  return isHeld(asked.headers["if-none-match"], etag) ? { status: 304, headers, body: "" } : { status: 200, headers, body };
}

const stoodOn = ({ validFrom, validTo }: RegionRow, day: string): boolean =>
  (validFrom ?? "") <= day && (validTo === null || day < validTo);
