import { type Loader, openLoadPool } from "../../../../drizzle/copy.ts";
import { dayInWib } from "../../../../schema/values/wib.ts";
import type { Predicted } from "../../matching/decide/rehearsal.ts";
import { buildRegister, openRegister } from "../../matching/linkage/linkage.ts";
import { frameOf, functionsOf, newLexica } from "../../matching/linkage/prepared.ts";
import { PEMADANAN } from "../../matching/pemadanan.ts";
import { gather } from "../merge/islands.ts";
import { MERGE_RULES, mergeIslands } from "../merge/mergeIslands.ts";
import { partsBy } from "../merge/parts.ts";
import { publicationOf } from "../merge/publication.ts";
import { type Publication, type Published, publish } from "../publish.ts";
import { learnTogether } from "./learn.ts";
import { readPeople } from "./people.ts";
import { type MappedFile, readFiles } from "./sources.ts";

export interface MergeRun {
  /** PostgreSQL of population, as hub_population_jobs. */
  readonly url: string;
  /** Sources MUST differ. */
  readonly files: readonly MappedFile[];
  /** Whose the rows of a source are: that agency sees and decides them. */
  readonly agencyOf: (source: string) => string;
  readonly now: Date;
  /** Told what is being done. */
  readonly note: (text: string) => void;
}

/** How individuals stand after a merge, those of sources it did not read with them. */
export interface Standing {
  readonly individuals: number;
  readonly rows: number;
  readonly rowsWithPerson: number;
  /** Individuals whom the register does not name. */
  readonly provisionalGroups: number;
  readonly openCases: number;
  /** What human beings decided and merged, and the engine left as it is. */
  readonly decisionsKept: number;
  readonly mergesKept: number;
}

export interface MergeReport {
  readonly people: number;
  /** Rows of the files. */
  readonly read: number;
  readonly changes: Published;
  readonly standing: Standing;
  /** Of rows that hang on a person by their weight alone; null where nothing could be rehearsed. */
  readonly predicted: Predicted | null;
}

/** The engine's name in history. */
const ENGINE = "hub merge";

/**
 * Merges files into single individuals and publishes it, all or nothing. The same files over the same register change nothing. Throws
 * ConfigFaults with all faults of the files. Holds register and files in memory and blocks its thread: minutes for a few million rows.
 */
export async function runMerge(run: MergeRun): Promise<MergeReport> {
  const { url, note } = run;
  const prepared = await prepare(run);
  note("publishing");
  const pool = openLoadPool(url, { max: 1 });
  try {
    return await pool.load(async (loader) => {
      const changes = await publish(loader, prepared.publication);
      return { ...prepared.figures, changes, standing: await standingOf(loader) };
    });
  } finally {
    await pool.end();
  }
}

async function prepare({ url, files, agencyOf, now, note }: MergeRun) {
  const frame = frameOf(PEMADANAN);
  const lexica = newLexica(frame);
  note("reading the register");
  const people = await readPeople(url, frame, lexica);
  const growing = { frame, table: people.table, lexica, functions: functionsOf(frame, lexica) };
  const islands = await readFiles(files, growing);
  const read = islands.reduce((sum, { table }) => sum + table.rows, 0);
  note(`${people.ids.length} people, ${read} rows of ${islands.length} sources; learning`);
  const register = buildRegister(frame, people.table, lexica, 1);
  const opened = openRegister(register, 0);
  const { model, rehearsal } = learnTogether(register, opened, gather(frame.layout, islands).table);
  note("merging");
  const rules = { ...MERGE_RULES, niks: { referenceDate: dayInWib(now), allowSynthetic: true } };
  const merged = mergeIslands({ ...register, model }, opened, { islands, rules });
  const rowIds = new Map(islands.map((island) => [island.source, island.rowIds]));
  const rowId = (source: string, row: number) => rowIds.get(source)?.[row] as string;
  const named = publicationOf(merged, opened, {
    rowId,
    agencyOf,
    personIds: people.ids,
    partsOf: partsBy({ ...register, model }, opened),
  });
  const publication: Publication = { ...named, by: ENGINE, at: now.toISOString() };
  const predicted = rehearsal?.predicted.find(({ weight }) => weight >= rules.stars.alone.weight) ?? null;
  return { publication, figures: { people: people.ids.length, read, predicted } };
}

async function standingOf(loader: Loader): Promise<Standing> {
  const [standing] = await loader.query<Standing & Record<string, number>>(
    `with recursive whole (id, survivor, person) as (
        select id, id, person_id from population.individual where merged_into is null
        union all select i.id, w.survivor, w.person from whole w join population.individual i on i.merged_into = w.id)
      select count(distinct w.survivor)::int as individuals, count(*)::int as rows,
        (count(*) filter (where w.person is not null))::int as "rowsWithPerson",
        (count(distinct w.survivor) filter (where w.person is null))::int as "provisionalGroups",
        (select count(*) from population.review_case where state = 'OPEN')::int as "openCases",
        (select count(*) from population.review_case where state = 'DECIDED')::int as "decisionsKept",
        (select count(*) from population.individual_event e where e.kind = 'MERGED' and e.by <> $1
          and not exists (select from population.individual_event u where u.undoes = e.id))::int as "mergesKept"
      from population.individual_row r join whole w on w.id = r.individual`,
    [ENGINE],
  );
  if (!standing) throw new Error("nothing was counted");
  return standing;
}
