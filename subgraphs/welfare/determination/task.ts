import type { Loader, LoadPool } from "../../../drizzle/copy.ts";
import { DETERMINE, LOOK_AHEAD } from "./difference.ts";
import { rootOf, WRITE_VILLAGES } from "./hashes.ts";
import { inputsOf } from "./inputs.ts";

/** What a task of the registry works with. */
export interface RegistryWork {
  readonly pool: LoadPool;
  readonly note: (text: string) => void;
  /** The instant that what it writes happens. */
  readonly now: () => Date;
}

interface Prepared {
  readonly id: string;
  readonly state: "DRAFT" | "WITHDRAWN" | "QUEUED" | "DETERMINED";
  /** Parameters of the statements, without determination and regency. */
  readonly inputs: readonly unknown[];
}

/** Tells the rules of the database when it happens, and the history who did it. */
const SAY = "select set_config('hub.now', $1, true), set_config('hub.actor', 'registry_determine', true)";
/** Regencies at a time: a transaction each. */
const LANES = 2;

/** Counts, regency by regency, what a draft would change. */
export async function previewTask(work: RegistryWork, id: string): Promise<void> {
  const { pool } = work;
  const prepared = await preparedOf(work, id, true);
  if (prepared?.state === "DRAFT")
    await forEachPart(pool, prepared, { column: "compared_at", isPreview: true, statement: LOOK_AHEAD });
}

/** Writes a signed determination. What was done of it stays done: a second run goes on where the first was killed. */
export async function determineTask(work: RegistryWork, id: string): Promise<void> {
  const { pool, now } = work;
  const prepared = await preparedOf(work, id, false);
  if (prepared?.state !== "QUEUED") return;
  await forEachPart(pool, prepared, { column: "compared_at", isPreview: false, statement: DETERMINE });
  // only now: a mover's row closes with the regency they came to
  await forEachPart(pool, prepared, { column: "hashed_at", isPreview: false, statement: HASH });
  await pool.load((loader) => finish(loader, id, now()));
}

const HASH = `with villages as (${WRITE_VILLAGES}) update welfare.determination_part set hashed_at = clock_timestamp()
  where determination_id = $1 and region = $2 and not is_preview`;

/** A determination with its regencies laid out; null: there is none. */
const preparedOf = ({ pool, now }: RegistryWork, id: string, isPreview: boolean): Promise<Prepared | null> =>
  pool.load(async (loader) => {
    await loader.query(SAY, [now().toISOString()]);
    const [row] = await loader.query(
      `select d.state, not exists (select from welfare.determination e
         where e.basis = d.basis and e.state = 'DETERMINED' and e.month < d.month) as is_first
       from welfare.determination d where d.id = $1`,
      [id],
    );
    if (!row) return null;
    const state = row["state"] as Prepared["state"];
    if (state === (isPreview ? "DRAFT" : "QUEUED")) await layOut(loader, id, isPreview);
    return { id, state, inputs: [...(await inputsOf(loader, id)), row["is_first"], isPreview] };
  });

/**
 * Once: the proposals due become members; then every regency where the registry has households, the last determination has rows or a proposal waits.
 * What is being written is nobody's to withdraw: the row is held until its regencies tell so.
 */
async function layOut(loader: Loader, id: string, isPreview: boolean): Promise<void> {
  const known = "select from welfare.determination_part where determination_id = $1 and is_preview = $2 limit 1";
  if ((await loader.query(known, [id, isPreview])).length > 0) return;
  const held = "select from welfare.determination where id = $1 and state = 'QUEUED' for no key update";
  if (!isPreview && (await loader.query(held, [id])).length === 0) return;
  if (!isPreview) await loader.query("select welfare.determine_proposals($1)", [id]);
  await loader.query(
    `insert into welfare.determination_part (determination_id, region, is_preview)
     select $1::uuid, region, $2::boolean
     from (select left(region, 4) as region from welfare.household union select left(region, 4) from welfare.determined where to_month is null
       union select left(region, 4) from welfare.proposal where state = 'SENT_TO_CENTRE') r
     on conflict do nothing`,
    [id, isPreview],
  );
}

interface Step {
  readonly column: "compared_at" | "hashed_at";
  readonly isPreview: boolean;
  readonly statement: string;
}

async function forEachPart(pool: LoadPool, prepared: Prepared, step: Step): Promise<void> {
  const lane = async () => {
    while (await pool.load((loader) => workOnPart(loader, prepared, step)));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** The next regency that nobody works on, if there is one. */
async function workOnPart(loader: Loader, { id, inputs }: Prepared, { column, isPreview, statement }: Step): Promise<boolean> {
  const [part] = await loader.query<{ region: string }>(
    `select region from welfare.determination_part where determination_id = $1 and is_preview = $2 and ${column} is null
     order by region limit 1 for update skip locked`,
    [id, isPreview],
  );
  if (!part) return false;
  // tables that fill while they are read have no statistics: a regency is always found by an index
  await loader.query("set local enable_seqscan = off");
  await loader.query(statement, column === "hashed_at" ? [id, part.region] : [id, part.region, ...inputs]);
  return true;
}

/** Nothing of it is in force before the hash is there. */
async function finish(loader: Loader, id: string, now: Date): Promise<void> {
  await loader.query(SAY, [now.toISOString()]);
  const [left] = await loader.query(
    "select from welfare.determination_part where determination_id = $1 and not is_preview and hashed_at is null limit 1",
    [id],
  );
  if (left) throw new Error("another worker is still at it");
  const { hash, members, households } = await rootOf(loader, id);
  await loader.query(
    `update welfare.determination set state = 'DETERMINED', determined_at = $5, hash = $2, members = $3, households = $4
     where id = $1 and state = 'QUEUED'`,
    [id, hash, members, households, now.toISOString()],
  );
}
