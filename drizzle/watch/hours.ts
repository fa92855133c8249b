import { type Alert, hourOf, raise } from "./alerts.ts";
import { askerOf, groupBy, type LogTransaction, type Told } from "./read.ts";

/** Of fewer the first slip would be an alarm. Registers differ by a few per cent; who guesses numbers misses nearly always. */
const [ENOUGH_TRIED, TOLERATED_PERCENT] = [50, 20];
const ENOUGH_SEQUENTIAL = 10;
const ENOUGH_NEWLY_DENIED = 5;
const BULK_SUBJECTS = 1_000;
const [USUAL_WITHIN, KEPT_FOR] = ["30 days", "31 days"];

interface HourRow {
  readonly asker: string;
  readonly hour: Date;
  readonly tried: number;
  readonly missed: number;
  readonly sequential: number;
  readonly subjects: string;
  readonly is_off: boolean;
  readonly is_usual: boolean;
}

/** Adds entries to what their askers did within each clock hour, and judges those hours, one after the other. */
export async function watchHours(tx: LogTransaction, told: readonly Told[]): Promise<void> {
  const outcomes = told.filter(({ client, status }) => client !== null && status !== "INTENDED");
  for (const [hour, entries] of groupBy(outcomes, ({ at }) => hourOf(at))) {
    const askers = new Map(entries.map((entry) => [askerOf(entry), { client: entry.client, agency: entry.agency }]));
    const rows = await addHour(tx, hour, entries);
    const judged = rows.flatMap((row) => judge(row).map((alert) => ({ ...alert, ...askers.get(row.asker) })));
    await raise(tx, [...judged, ...(await newlyDenied(tx, hour, entries))]);
  }
}

/** Of each asker what was added up in this hour so far, with these. */
async function addHour(tx: LogTransaction, hour: string, entries: readonly Told[]): Promise<HourRow[]> {
  const sums = [...groupBy(entries, askerOf)].sort().map(([asker, own]) => {
    const sum = (of: (entry: Told) => number | undefined) => own.reduce((total, entry) => total + (of(entry) ?? 0), 0);
    return {
      asker,
      tried: sum(({ lookups }) => lookups?.tried),
      missed: sum(({ lookups }) => lookups?.missed),
      sequential: sum(({ lookups }) => lookups?.sequential),
      subjects: sum(({ status, subjects }) => (status === "ANSWERED" ? subjects : 0)),
    };
  });
  await tx`delete from governance.watch_hour where hour < ${hour}::timestamptz - ${KEPT_FOR}::interval`;
  return tx<HourRow[]>`
    insert into governance.watch_hour as h (client, hour, tried, missed, sequential, subjects)
    select asker, ${hour}::timestamptz, tried, missed, sequential, subjects from json_to_recordset(${JSON.stringify(sums)}::text::json)
      as r(asker text, tried integer, missed integer, sequential integer, subjects bigint)
    on conflict (client, hour) do update set tried = h.tried + excluded.tried, missed = h.missed + excluded.missed,
      sequential = h.sequential + excluded.sequential, subjects = h.subjects + excluded.subjects
    returning client as asker, hour, tried, missed, sequential, subjects, ${isOff(tx, "h.hour")} as is_off,
      exists (select from governance.watch_hour u where u.client = h.client and u.hour < h.hour and u.hour >= h.hour - ${USUAL_WITHIN}::interval
        and u.subjects > ${BULK_SUBJECTS} and ${isOff(tx, "u.hour")}) as is_usual`;
}

/** Nights (20 to 6 o'clock WIB) and weekends; public holidays are not known here. */
const isOff = (tx: LogTransaction, hour: string) =>
  tx.unsafe(
    `(extract(isodow from ${hour} at time zone 'Asia/Jakarta') >= 6 or extract(hour from ${hour} at time zone 'Asia/Jakarta') not between 6 and 19)`,
  );

function judge({ asker, hour, tried, missed, sequential, subjects, is_off: isOff, is_usual: isUsual }: HourRow): Alert[] {
  const about = { once: `${asker}:${hour.toISOString()}` };
  const from = hour.toISOString();
  const alerts: (Alert | false)[] = [
    tried >= ENOUGH_TRIED &&
      missed * 100 > tried * TOLERATED_PERCENT && { ...about, kind: "LOOKUP_MISSES", detail: { hour: from, tried, missed } },
    sequential >= ENOUGH_SEQUENTIAL && { ...about, kind: "SEQUENTIAL_NIKS", detail: { hour: from, tried, sequential } },
    isOff &&
      !isUsual &&
      Number(subjects) > BULK_SUBJECTS && {
        ...about,
        kind: "OFF_HOURS_BULK",
        detail: { hour: from, subjects: Number(subjects) },
      },
  ];
  return alerts.filter((alert) => alert !== false);
}

/** Askers that within this hour were denied five coordinates and more that they were never denied before. */
async function newlyDenied(tx: LogTransaction, hour: string, entries: readonly Told[]): Promise<Alert[]> {
  const denied = entries.flatMap((entry) => entry.denied.map((coordinate) => ({ asker: askerOf(entry), coordinate })));
  if (denied.length === 0) return [];
  const rows = await tx<{ asker: string; coordinates: string[] }[]>`
    with added as (
      insert into governance.watch_denied (client, coordinate, first_at)
      select distinct asker, coordinate, ${hour}::timestamptz from json_to_recordset(${JSON.stringify(denied)}::text::json) as r(asker text, coordinate text)
      order by asker, coordinate on conflict do nothing returning client, coordinate
    ), of_hour as (
      select client, coordinate from added union select d.client, d.coordinate from governance.watch_denied d
      where d.first_at = ${hour}::timestamptz and d.client in (select client from added)
    )
    select client as asker, json_agg(coordinate order by coordinate) as coordinates from of_hour group by client having count(*) >= ${ENOUGH_NEWLY_DENIED}`;
  return rows.map(({ asker, coordinates }) => {
    const last = entries.findLast((entry) => askerOf(entry) === asker && entry.denied.length > 0);
    const about = { client: last?.client, agency: last?.agency, agreement: last?.agreement };
    return { kind: "DENIED_PROBING", ...about, detail: { hour, coordinates }, once: `${asker}:${hour}` };
  });
}
