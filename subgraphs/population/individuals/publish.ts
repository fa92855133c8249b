import { randomUUID } from "node:crypto";
import type { CopyValue, Loader } from "../../../drizzle/copy.ts";
import { type Assignment, assign, type Known, type MergedRow, rowKey } from "./assign.ts";

/** A row that may be a person: weights in bits, a level a comparison, and the parts that add up to the weight (merge/parts.ts). */
export interface Doubt {
  readonly source: string;
  readonly row: string;
  readonly person: string;
  readonly weight: number;
  readonly margin: number;
  readonly levels: Uint8Array;
  readonly bits: readonly number[];
  readonly personDigest: string;
}

export interface Publication {
  /** All rows of the sources the merge read, in any order. */
  readonly rows: readonly MergedRow[];
  readonly doubts: readonly Doubt[];
  /** Of a person's values in the register, by id; null: the person is gone. Asked for those that cases were decided about. */
  readonly digestOfPerson: (person: string) => string | null;
  readonly by: string;
  /** ISO instant. */
  readonly at: string;
}

/** What a merge changed. */
export interface Published {
  readonly created: number;
  readonly identified: number;
  readonly joined: number;
  readonly gone: number;
  readonly emptied: number;
  readonly opened: number;
  readonly superseded: number;
}

/** Tables of the jobs' own schema that live as long as the transaction: its role may make no temporary ones. */
const STAGED = ["match.merge_row", "match.merge_person", "match.merge_doubt", "match.merge_change"];

/**
 * Makes individuals what a merge says, in one transaction of the jobs' role. Ids, and what human beings decided, outlive a re-run: a
 * decision falls only when its row or person has changed, and the merge it caused with it. One at a time; the second waits, and so do
 * human beings who decide or merge. Who reads does not.
 */
export async function publish(loader: Loader, publication: Publication): Promise<Published> {
  // in the order a decision takes them: whoever decides meanwhile waits, for a row decided behind our back would be moved
  await loader.query("lock table population.review_case, population.individual in exclusive mode");
  await stage(loader, publication);
  const superseded = await supersede(loader, publication);
  const changes = assign(publication.rows, await knownBefore(loader), randomUUID);
  const gone = await removeGone(loader, publication);
  await write(loader, changes, publication);
  const opened = await openDoubts(loader);
  await loader.query(`drop table ${STAGED.join()}`);
  const { created, identified, joined, emptied } = changes;
  return {
    created: created.length,
    identified: identified.length,
    joined: joined.length,
    gone,
    emptied: emptied.length,
    opened,
    superseded,
  };
}

async function stage(loader: Loader, { rows, doubts, digestOfPerson }: Publication): Promise<void> {
  await loader.query(
    `create unlogged table match.merge_row (source text collate "C", "row" text collate "C", agency text, digest text)`,
  );
  await loader.query(`create unlogged table match.merge_person (person uuid, digest text)`);
  await loader.query(
    `create unlogged table match.merge_doubt (source text collate "C", "row" text collate "C", person uuid, weight float8, margin float8, levels text,
      bits text, person_digest text)`,
  );
  await loader.copy(
    "match.merge_row",
    ["source", '"row"', "agency", "digest"],
    mapped(rows, (row) => [row.source, row.row, row.agency, row.digest]),
  );
  const decided = await loader.query<{ person: string }>(
    "select distinct person_id as person from population.review_case where state = 'DECIDED'",
  );
  await loader.copy(
    "match.merge_person",
    ["person", "digest"],
    mapped(decided, ({ person }) => [person, digestOfPerson(person)]),
  );
  await loader.copy(
    "match.merge_doubt",
    ["source", '"row"', "person", "weight", "margin", "levels", "bits", "person_digest"],
    mapped(doubts, ({ source, row, person, weight, margin, levels, bits, personDigest }) => [
      source,
      row,
      person,
      weight,
      margin,
      Buffer.from(levels).toString("hex"),
      `{${bits.join()}}`,
      personDigest,
    ]),
  );
  await loader.query("analyze match.merge_row");
}

function* mapped<One>(all: Iterable<One>, fieldsOf: (one: One) => readonly CopyValue[]): Generator<readonly CopyValue[]> {
  for (const one of all) yield fieldsOf(one);
}

/** Decisions about rows or persons that are not what they were, and the merges they caused, fall; so do open cases nobody asks any more. */
async function supersede(loader: Loader, { by, at }: Publication): Promise<number> {
  const fallen = await loader.query<{ id: string }>(
    `update population.review_case c set state = 'SUPERSEDED'
      where (c.state = 'OPEN' and not exists (select from match.merge_doubt d join match.merge_row r using (source, "row")
          where (d.source, d."row", d.person) = (c.source, c."row", c.person_id) and d.person_digest = c.person_digest and r.digest = c.row_digest))
        or (c.state = 'DECIDED' and (
          not exists (select from match.merge_row r where (r.source, r."row", r.digest) = (c.source, c."row", c.row_digest))
          or not exists (select from match.merge_person p where (p.person, p.digest) = (c.person_id, c.person_digest))))
      returning c.id`,
  );
  await loader.query(
    `with undone as (
        insert into population.individual_event (individual, kind, other, undoes, by, reason, at)
        select e.individual, 'UNMERGED', e.other, e.id, $2, 'row or person changed after the decision', $3
        from population.individual_event e
        where e.review_case = any($1::uuid[]) and e.kind = 'MERGED'
          and not exists (select from population.individual_event u where u.undoes = e.id)
        returning individual)
      update population.individual i set merged_into = null from undone where i.id = undone.individual`,
    [fallen.map(({ id }) => id), by, at],
  );
  return fallen.length;
}

/** Rows of decided cases and of merged individuals are held: human beings put them there. */
async function knownBefore(loader: Loader): Promise<Known> {
  const rows = await loader.query<{ source: string; row: string; individual: string; held: boolean }>(
    `select r.source, r."row", r.individual, i.merged_into is not null or exists (select from population.review_case c
        where (c.source, c."row") = (r.source, r."row") and c.state = 'DECIDED') as held
      from population.individual_row r join population.individual i on i.id = r.individual`,
  );
  const individuals = await loader.query<{ id: string; person_id: string | null; merged_into: string | null }>(
    "select id, person_id, merged_into from population.individual",
  );
  return {
    rows: new Map(rows.map((row) => [rowKey(row), row.individual])),
    persons: new Map(individuals.flatMap(({ id, person_id }) => (person_id === null ? [] : [[person_id, id] as const]))),
    provisional: new Set(
      individuals.filter(({ person_id, merged_into }) => person_id === null && merged_into === null).map(({ id }) => id),
    ),
    held: new Set(rows.filter(({ held }) => held).map(rowKey)),
  };
}

/** Rows that their sources no longer have. */
async function removeGone(loader: Loader, { by, at }: Publication): Promise<number> {
  const gone = await loader.query(
    `with gone as (
        delete from population.individual_row r
        where r.source in (select distinct source from match.merge_row)
          and not exists (select from match.merge_row n where (n.source, n."row") = (r.source, r."row"))
        returning r.source, r."row", r.individual)
      insert into population.individual_event (individual, kind, source, "row", by, reason, at)
      select individual, 'ROW_GONE', source, "row", $1, 'the source no longer has the row', $2 from gone returning id`,
    [by, at],
  );
  return gone.length;
}

async function write(
  loader: Loader,
  { created, identified, joined, emptied }: Assignment,
  { by, at }: Publication,
): Promise<void> {
  await loader.query(
    `create unlogged table match.merge_change (id uuid, kind text, person uuid, source text, "row" text, other uuid)`,
  );
  await loader.copy(
    "match.merge_change",
    ["id", "kind", "person", "source", '"row"', "other"],
    [
      ...mapped(created, ({ id, person }) => [id, "CREATED", person, null, null, null]),
      ...mapped(identified, ({ id, person }) => [id, "IDENTIFIED", person, null, null, null]),
      ...mapped(joined, ({ row, individual }) => [individual, "ROW_JOINED", null, row.source, row.row, null]),
      ...mapped(emptied, ({ id, into }) => [id, "MERGED", null, null, null, into]),
    ],
  );
  for (const statement of [
    "analyze match.merge_change",
    "insert into population.individual (id, person_id) select id, person from match.merge_change where kind = 'CREATED'",
    "update population.individual i set person_id = c.person from match.merge_change c where c.kind = 'IDENTIFIED' and i.id = c.id",
    "update population.individual i set merged_into = c.other from match.merge_change c where c.kind = 'MERGED' and i.id = c.id",
    `insert into population.individual_row (source, "row", agency, individual, digest)
      select n.source, n."row", n.agency, c.id, n.digest from match.merge_change c join match.merge_row n using (source, "row") where c.kind = 'ROW_JOINED'
      on conflict (source, "row") do update set individual = excluded.individual`,
    `update population.individual_row r set digest = n.digest, agency = n.agency from match.merge_row n
      where (n.source, n."row") = (r.source, r."row") and (n.digest, n.agency) is distinct from (r.digest, r.agency)`,
  ])
    await loader.query(statement);
  await loader.query(
    `insert into population.individual_event (individual, kind, other, source, "row", by, reason, at)
      select id, kind::population.individual_event_kind, other, source, "row", $1, 'merge of the sources', $2 from match.merge_change
      order by array_position('{CREATED,IDENTIFIED,ROW_JOINED,MERGED}', kind), id, source, "row"`,
    [by, at],
  );
}

/** Opens a case for every doubt that has none standing. */
async function openDoubts(loader: Loader): Promise<number> {
  const opened = await loader.query(
    `insert into population.review_case (id, source, "row", agency, person_id, weight, margin, levels, bits, row_digest, person_digest)
      select gen_random_uuid(), d.source, d."row", r.agency, d.person, d.weight, d.margin, decode(d.levels, 'hex'), d.bits::float8[], r.digest, d.person_digest
      from match.merge_doubt d join match.merge_row r using (source, "row")
      on conflict (source, "row", person_id) where state <> 'SUPERSEDED' do nothing returning id`,
  );
  return opened.length;
}
