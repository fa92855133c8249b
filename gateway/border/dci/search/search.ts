import type { Known } from "../../../types/chain.ts";
import { isObject } from "../envelope/envelope.ts";
import type { Asking, Json, JsonObject, SearchAnswer } from "../types.ts";
import { answered, answerOfItem, isReference, knownFor, type Run } from "./ask.ts";
import { type Wanted, wantedOf } from "./criteria.ts";
import { LEAP, leapOf, questionOf } from "./question.ts";
import { dataOf } from "./records.ts";
import { badCriteria, rejected } from "./refusal.ts";

/** One request of a search, as a question of whoever asks. What is not understood whole, or not answered whole, is rejected. Never rejects. */
export function answerSearch(given: Json, asking: Asking): Promise<SearchAnswer> {
  const item = isObject(given) ? given : {};
  return answerOfItem(item, asking, (run) => searched(item, run));
}

async function searched(item: JsonObject, run: Run): Promise<Readonly<Record<string, unknown>>> {
  const { reference_id: reference, timestamp } = item;
  if (!isReference(reference)) throw rejected("rjct.reference_id.invalid", "reference_id: 1 to 99 characters");
  if (typeof timestamp !== "string" || Number.isNaN(Date.parse(timestamp)))
    throw rejected("rjct.timestamp.invalid", "timestamp: a time with its zone");
  const wanted = wantedOf(item["search_criteria"], run.asking.registry);
  return found(wanted, await knownFor(wanted.purposes, run), run);
}

async function found(wanted: Wanted, known: Known, run: Run): Promise<Readonly<Record<string, unknown>>> {
  const { pageSize, pageNumber, entity, by } = wanted;
  const place = await placeOf(wanted, run);
  if (place === undefined) return { data: dataOf(run.asking.registry, entity, []) };
  const { errand, rows: rowsIn, total: totalIn } = questionOf(wanted, known, place);
  const data = await answered(errand, run);
  const rows = rowsIn(data);
  if (rows === null) throw badCriteria("the records were not answered");
  const total = totalIn(data, rows);
  const page = {
    page_size: by.kind === "filter" ? pageSize : Math.max(1, rows.length),
    page_number: pageNumber,
    total_count: total,
  };
  return { data: dataOf(run.asking.registry, entity, rows), ...(total !== undefined && { pagination: page }) };
}

/** Where the page begins: null, at the beginning; undefined, behind the last record. */
async function placeOf(wanted: Wanted, run: Run): Promise<string | null | undefined> {
  let place: string | null = null;
  for (let left = wanted.pageSize * (wanted.pageNumber - 1); left > 0; left -= LEAP) {
    const { errand, end } = leapOf(wanted, Math.min(left, LEAP), place);
    place = end(await answered(errand, run));
    if (place === null) return undefined;
  }
  return place;
}
