import { subjectKey, tagsOf } from "../../schema/record/tags.ts";
import { keysOf, type YearKeys, yearInWib } from "../../schema/record/yearKeys.ts";
import { hourOf, raise } from "./alerts.ts";
import { askerOf, type LogTransaction, slicesOf, type Told } from "./read.ts";

/** Says when somebody is shown a canary, or asks for one by its id. `told` are neighbours in the tree. */
export async function watchCanaries(tx: LogTransaction, told: readonly Told[], keys: YearKeys): Promise<void> {
  const planted = await tx<{ id: string }[]>`select person_id as id from governance.canary where retired_at is null`;
  const ids = planted.map(({ id }) => id);
  const years = told.map(({ at }) => yearInWib(at));
  const tags = keysOf(keys, years).flatMap((key) => slicesOf(tagsOf(ids, subjectKey(key))));
  if (tags.length === 0) return;
  const touched = await tx<{ index: string }[]>`
    select distinct s.index from governance.entry_subject s
    where s.tag in (select decode(t, 'hex') from json_array_elements_text(${JSON.stringify(tags)}::text::json) t) and s.index between ${told[0]?.index ?? 0} and ${told.at(-1)?.index ?? 0}
    order by s.index`;
  const byIndex = new Map(told.map((entry) => [entry.index, entry]));
  const entries = touched.flatMap(({ index }) => byIndex.get(Number(index)) ?? []);
  await raise(
    tx,
    entries.map(({ client, agency, officer, agreement, at, receipt }) => ({
      kind: "CANARY_TOUCHED",
      ...{ client, agency, agreement },
      detail: { hour: hourOf(at), receipt },
      once: `${askerOf({ client, agency, officer })}:${hourOf(at)}`,
    })),
  );
}
