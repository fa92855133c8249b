import { dayInWib } from "../../../schema/values/wib.ts";
import { byKey, manyByKey } from "../../kit/byKey.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { Office } from "../held.ts";
import { countersOf, reportsOf } from "./data.ts";
import { documents } from "./documents.ts";
import { glass } from "./glass.ts";
import { reidentification } from "./reidentify.ts";
import { reports } from "./reports.ts";
import { requests } from "./requests.ts";

export const duties = (asking: Asking, _office: Office) => ({
  reports: reports(asking),
  requests: requests(asking),
  glass: glass(asking),
  documents: documents(asking),
  reidentify: reidentification(asking),
  reportsOf: manyByKey(
    (numbers: readonly string[]) => reportsOf(asking.db, numbers),
    (row) => row.agreementNumber,
  ),
  usedToday: byKey(
    (numbers: readonly string[]) => countersOf(asking.db, numbers, dayInWib(asking.now)),
    (row) => row.agreementNumber,
  ),
});
