import { dayInWib } from "../../schema/values/wib.ts";
import { type LogClient, type LogTransaction, readOn, type Told } from "./read.ts";

/**
 * Counts what the record holds by day (WIB): requests and subjects by client, agreement, outcome and disclosure, and how often each field was
 * shown, masked or denied. An announcement is no request. A part of a streamed answer adds its subjects only: the whole has an entry of its own.
 * Sealed questions are counted, their fields are not: counts by agreement and field would say what the seal hides. 100,000 entries take some 3 seconds.
 */
export const account = (sql: LogClient): Promise<void> =>
  readOn(sql, "accounting", async (tx, told) => {
    const outcomes = told.filter(({ status }) => status !== "INTENDED");
    const disclosures = await disclosuresOf(tx, outcomes);
    const counted = outcomes.map((entry) => ({ ...entry, disclosure: disclosures.get(groundOf(entry)) ?? "SEALED" }));
    await addDays(tx, counted);
    await addFields(
      tx,
      counted.filter(({ part, disclosure }) => part === null && disclosure !== "SEALED"),
    );
  });

type Counted = Told & { readonly disclosure: string };

/** All that the disclosure of an entry hangs on, as text. */
const groundOf = ({ purpose, agency, case: number, brokenGlass }: Told): string =>
  JSON.stringify({ purpose, agency, number, broken: brokenGlass });

/** Disclosure by ground, as of now: entries are counted within seconds. */
async function disclosuresOf(tx: LogTransaction, told: readonly Told[]): Promise<Map<string, string>> {
  const grounds = [...new Set(told.map(groundOf))];
  const rows = await tx<{ ground: string; class: string }[]>`
    select g.ground, d.class from json_array_elements_text(${JSON.stringify(grounds)}::text::json) as g(ground),
      json_to_record(g.ground::json) as r(purpose text, agency text, number text, broken boolean),
      governance.disclosure_of(r.purpose, r.agency, r.number, r.broken, clock_timestamp(), clock_timestamp()) as d`;
  return new Map(rows.map((row) => [row.ground, row.class]));
}

async function addDays(tx: LogTransaction, counted: readonly Counted[]): Promise<void> {
  const sums = new Map<string, { requests: number; subjects: number }>();
  for (const { at, client, agreement, status, disclosure, part, subjects, unrecorded } of counted) {
    const sum = sumAt(sums, [dayInWib(at), client ?? "", agreement ?? "", status, disclosure], { requests: 0, subjects: 0 });
    if (part === null) sum.requests += unrecorded ?? 1;
    sum.subjects += subjects;
  }
  await tx`
    insert into governance.usage_day (day, client, agreement, status, disclosure, requests, subjects)
    select (k ->> 0)::date, k ->> 1, k ->> 2, k ->> 3, k ->> 4, requests, subjects
    from json_to_recordset(${rowsOf(sums)}::text::json) as r(k json, requests integer, subjects bigint)
    on conflict (day, client, agreement, status, disclosure)
      do update set requests = usage_day.requests + excluded.requests, subjects = usage_day.subjects + excluded.subjects`;
}

async function addFields(tx: LogTransaction, counted: readonly Counted[]): Promise<void> {
  const sums = new Map<string, { requests: number }>();
  for (const { at, agreement, shown, masked, denied } of counted) {
    const day = dayInWib(at);
    const add = (outcome: string) => (coordinate: string) => {
      sumAt(sums, [day, agreement ?? "", coordinate, outcome], { requests: 0 }).requests += 1;
    };
    shown.forEach(add("SHOWN"));
    masked.forEach(add("MASKED"));
    denied.forEach(add("DENIED"));
  }
  await tx`
    insert into governance.usage_field (day, agreement, coordinate, outcome, requests)
    select (k ->> 0)::date, k ->> 1, k ->> 2, k ->> 3, requests
    from json_to_recordset(${rowsOf(sums)}::text::json) as r(k json, requests integer)
    on conflict (day, agreement, coordinate, outcome) do update set requests = usage_field.requests + excluded.requests`;
}

function sumAt<Sum>(sums: Map<string, Sum>, key: readonly string[], zero: Sum): Sum {
  const text = JSON.stringify(key);
  const known = sums.get(text) ?? zero;
  sums.set(text, known);
  return known;
}

/** JSON, in order of key: two writers never wait for each other in a ring. */
const rowsOf = (sums: ReadonlyMap<string, object>): string =>
  JSON.stringify([...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, sum]) => ({ k: JSON.parse(key), ...sum })));
