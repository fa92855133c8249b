import { createHash, hkdfSync } from "node:crypto";
import type { Loader, LoadPool } from "../../../drizzle/copy.ts";
import { attest } from "../../../schema/attestation.ts";
import type { Signer } from "../../../schema/policy/keys.ts";
import type { CubeDefinition } from "../../../schema/statistics/cubes.ts";
import { RELEASE, type ReleaseHead, type ReleaseSaid } from "../../../schema/statistics/release.ts";
import { type RegionAxis, regionAxis } from "./disclosure/axis.ts";
import { cellsOf } from "./disclosure/cells.ts";
import { emptyLedger, type Ledger } from "./disclosure/ledger.ts";
import { addLeaf, emptyTable, type Leaf, rollUp, type Table } from "./disclosure/table.ts";
import { type Counted, type Fixed, type Universe, universeOf } from "./disclosure/universe.ts";
import { withhold } from "./disclosure/withhold.ts";

export interface ReleaseAsked {
  /** Database of the slice, as the role of its jobs. */
  readonly pool: LoadPool;
  readonly slice: CubeDefinition["slice"];
  /** As in schema/statistics/cubes.ts: all its cubes are released together. */
  readonly universe: string;
  /** `YYYY-MM`. */
  readonly month: string;
  /** The slice's attestation key; the key of the rounding is drawn from it. */
  readonly signer: Signer;
  readonly now: Date;
  readonly isFinal: boolean;
  /**
   * Codes of all regions there are, of every level: one with few persons is listed as withheld, and so is one with none. Without them neither is listed, or
   * what is listed would tell the two apart.
   */
  readonly regions?: readonly string[];
}

/** One cube, fit to be published. */
export interface Released {
  readonly said: ReleaseSaid;
  /** Head, cells, attestation; without line ends. Any number of times, always the same. */
  lines(): Iterable<string>;
}

/** Nothing is released; the message says why. */
export class Unreleased extends Error {}

const MOST_RELEASES = 6;

/**
 * Releases the cubes of a universe for a month out of one snapshot of the roll-ups. The numbers are on the books of the slice (committed) before a line is
 * had: what is lost on the way burns a number, and no number ever bears two releases. Throws Unreleased where a month is not counted, or has been released
 * six times.
 */
export async function releaseUniverse(asked: ReleaseAsked): Promise<readonly Released[]> {
  const { slice, month, now, isFinal } = asked;
  const universe = universeOf(slice, asked.universe);
  return asked.pool.load(async (loader) => {
    await loader.query("set transaction isolation level repeatable read");
    const numbers = await nextNumbers(loader, asked, universe);
    const isOfficial = universe.cubes.every((cube) => cube.isOfficial);
    const ledgers = await (isOfficial ? decreed : disclosed)(loader, asked, universe);
    const released = universe.cubes.map((cube) => {
      const head = { cube: cube.code, period: month, number: numbers.get(cube.code) ?? 1, asOf: now.toISOString(), isFinal };
      return attested(head, ledgers.get(cube.code) ?? emptyLedger(), asked);
    });
    for (const { said } of released)
      await loader.query(
        `insert into ${slice}.rollup_release (cube, period, number, as_of, is_final, sha256) values ($1, $2, $3, $4, $5, $6)`,
        [said.cube, month, said.number, said.asOf, isFinal, said.sha256],
      );
    return released;
  });
}

/** Numbers of the releases to come, by cube. */
async function nextNumbers(loader: Loader, { slice, month }: ReleaseAsked, { cubes }: Universe): Promise<Map<string, number>> {
  const rows = await loader.query<{ cube: string; number: number }>(
    `select p.cube, 1 + coalesce((select max(r.number) from ${slice}.rollup_release r where r.cube = p.cube and r.period = p.period), 0)::int as number
     from ${slice}.rollup_period p where p.cube = any($1) and p.period = $2`,
    [cubes.map(({ code }) => code), month],
  );
  const numbers = new Map(rows.map(({ cube, number }) => [cube, number]));
  for (const { code } of cubes) {
    const number = numbers.get(code);
    if (number === undefined) throw new Unreleased(`${code}: ${month} has not been counted yet`);
    if (number > MOST_RELEASES)
      throw new Unreleased(`${code}: ${month} has been released ${MOST_RELEASES} times; one more look would tell of people`);
  }
  return numbers;
}

/** Cells of each cube, by code. */
async function disclosed(loader: Loader, asked: ReleaseAsked, universe: Universe): Promise<Map<string, Ledger>> {
  const ledgers = new Map(universe.cubes.map(({ code }) => [code, emptyLedger()]));
  const regions = regionAxis(await regionsOf(loader, asked, universe));
  const key = roundingKey(asked.signer);
  for (const { fixed, counted: own } of universe.parts) {
    const tables = new Map<Table, Counted>();
    for (const counted of own) tables.set(await tableOf(loader, asked, { counted, fixed, regions }), counted);
    withhold([...tables.keys()]);
    for (const [table, { shown }] of tables)
      for (const cube of shown) ledgers.get(cube.code)?.addAll(cellsOf(table, { cube, fixed, key, listed: asked.regions ?? [] }));
  }
  return ledgers;
}

interface Counting {
  readonly counted: Counted;
  readonly fixed: Fixed;
  readonly regions: RegionAxis;
}

async function tableOf(loader: Loader, asked: ReleaseAsked, { counted, fixed, regions }: Counting): Promise<Table> {
  const { cube } = counted;
  const table = emptyTable(counted.table, regions);
  const places = table.axes.map((axis) => cube.dimensions.findIndex(({ name }) => name === axis.name));
  for await (const { key, ...row } of rowsOf(loader, asked, { cube, fixed }))
    addLeaf(table, { ...row, key: places.map((at) => key[at] ?? "") }, counted.table.depth);
  rollUp(table);
  return table;
}

/** Figures of decrees, as they are. */
async function decreed(loader: Loader, asked: ReleaseAsked, { cubes }: Universe): Promise<Map<string, Ledger>> {
  const ledgers = new Map<string, Ledger>();
  for (const cube of cubes) {
    const ledger = emptyLedger();
    for await (const { region, key, persons, units, total } of rowsOf(loader, asked, { cube, fixed: {} }))
      ledger.addAll([{ region, key, persons, units, total: cube.hasTotal ? String(total) : null }]);
    ledgers.set(cube.code, ledger);
  }
  return ledgers;
}

async function regionsOf(loader: Loader, { slice, month }: ReleaseAsked, { cubes }: Universe): Promise<string[]> {
  const rows = await loader.query<{ region: string }>(
    `select distinct region from ${slice}.rollup_cell where cube = any($1) and period = $2`,
    [cubes.map(({ code }) => code), month],
  );
  return rows.map(({ region }) => region);
}

const ROWS_A_FETCH = 20_000;

/** Counted leaves of a cube, or of those of its cells that bear some codes. */
async function* rowsOf(
  loader: Loader,
  { slice, month }: ReleaseAsked,
  { cube, fixed }: { cube: CubeDefinition; fixed: Fixed },
): AsyncGenerator<Leaf> {
  // written out, because a cursor is declared by a text: codes and months are registered words
  const said = (word: string) => `'${word.replaceAll("'", "''")}'`;
  const kept = cube.dimensions.flatMap(({ name }, at) =>
    fixed[name] === undefined ? [] : [`and key[${at + 1}] in (${fixed[name].map(said).join()})`],
  );
  await loader.query(`declare leaf no scroll cursor for
    select region, key, persons, units, (cell_key & 4294967295)::float8 as "cellKey", total::float8, largest::float8, second::float8
    from ${slice}.rollup_cell where cube = ${said(cube.code)} and period = ${said(month)} ${kept.join(" ")}`);
  for (let rows: Leaf[] = []; ; ) {
    rows = await loader.query<Leaf & Record<string, unknown>>(`fetch ${ROWS_A_FETCH} from leaf`);
    yield* rows;
    if (rows.length < ROWS_A_FETCH) break;
  }
  await loader.query("close leaf");
}

/**
 * Key by which a slice rounds, in every month and cube: an Ed25519 signature is the same each time (RFC 8032 §5.1.6), and nobody makes it without the
 * attestation key. A new key rounds all figures otherwise, which is one more look at the same people.
 */
const roundingKey = (signer: Pick<Signer, "sign">): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", signer.sign("hub-release/v1|rounding"), "", "hub-release/v1", 32));

function attested(head: ReleaseHead, ledger: Ledger, { slice, signer }: ReleaseAsked): Released {
  const hash = createHash("sha256");
  for (const line of linesOf(head, ledger)) hash.update(`${line}\n`);
  const said: ReleaseSaid = { ...head, cells: ledger.size, sha256: hash.digest("hex") };
  const about = `${head.cube}/${head.period}/${head.number}`;
  const attestation = attest(signer, { by: slice, kind: RELEASE, about, at: head.asOf, says: said });
  return {
    said,
    *lines() {
      yield* linesOf(head, ledger);
      yield JSON.stringify({ attestation });
    },
  };
}

function* linesOf(head: ReleaseHead, ledger: Ledger): Generator<string> {
  yield JSON.stringify(head);
  for (const cell of ledger.cells()) yield JSON.stringify(cell);
}
