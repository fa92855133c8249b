import { createHash } from "node:crypto";
import type { Loader } from "../../../drizzle/copy.ts";
import { type AttestationKeys, readAttestation } from "../../../schema/attestation.ts";
import type { CubeDefinition } from "../../../schema/statistics/cubes.ts";
import { COUNTRY } from "../../../schema/statistics/cubes.ts";
import { RELEASE, type ReleasedCell, type ReleaseHead, type ReleaseSaid } from "../../../schema/statistics/release.ts";
import { parentOf } from "../../../schema/values/regionCode.ts";
import { UNIVERSES } from "./schedule.ts";
import { cellIn, headIn, Untaken } from "./wire.ts";

/** What came of a release. `isNew` false: it is in force already, and nothing changed. */
export interface Taken extends ReleaseHead {
  readonly isNew: boolean;
  readonly cells: number;
}

/** Of a release, without line ends. */
export type Lines = Iterable<string> | AsyncIterable<string>;

/**
 * Takes a release in, whole or not at all, and puts it in force in place of the one before: every line is held against the registered cube, and the last
 * must attest, by the key of the slice the cube is of, all before it. One in force already changes nothing; one that is older is refused. Constant memory.
 * In a transaction of the role that publishes, which whoever gets Untaken MUST roll back.
 */
export async function takeRelease(loader: Loader, lines: Lines, keys: AttestationKeys): Promise<Taken> {
  const reading = read(lines);
  const first = await reading.next();
  const { head, cube } = headIn(first.value);
  await loader.query("select pg_advisory_xact_lock(hashtext('statistics.release'), hashtext($1))", [head.cube]);
  const before = await inForce(loader, head);
  const isNew = isNewBeside(head, before);
  if (isNew) await loader.query("delete from statistics.cell where cube = $1 and period = $2", [head.cube, head.period]);
  const hash = createHash("sha256").update(`${first.value}\n`);
  const { cells, last } = await stage(reading, { hash, head, cube, loader: isNew ? loader : null });
  const sha256 = hash.digest("hex");
  mustBeAttested(last, { ...head, cells, sha256 }, { cube, keys });
  if (!isNew && before?.sha256 !== sha256) throw new Untaken(`another release bears the number ${head.number} already`);
  if (isNew) await putInForce(loader, { ...head, cells, sha256 }, attestationIn(last));
  return { isNew, ...head, cells };
}

/** Cubes of a universe show a cell in all of them or in none, which holds within one release: throws Untaken where one is new without all others of that instant. */
export function mustBeTogether(taken: readonly Taken[]): void {
  for (const { cube, period, asOf } of taken.filter(({ isNew }) => isNew)) {
    const universe = UNIVERSES.find(({ cubes }) => cubes.includes(cube));
    const isThere = (code: string) => taken.some((one) => one.cube === code && one.period === period && one.asOf === asOf);
    const missing = universe?.cubes.filter((code) => !isThere(code)) ?? [];
    if (missing.length > 0) throw new Untaken(`${cube} ${period} comes without ${missing.join(", ")} of the same release`);
  }
}

/** All lines but the last, which it returns. */
async function* read(lines: Lines): AsyncGenerator<string, string> {
  let last: string | null = null;
  for await (const line of lines) {
    if (last !== null) yield last;
    last = line;
  }
  return last ?? "";
}

interface InForce {
  readonly number: number;
  readonly sha256: string;
  readonly isFinal: boolean;
}

async function inForce(loader: Loader, { cube, period }: ReleaseHead): Promise<InForce | undefined> {
  const [row] = await loader.query<InForce & Record<string, unknown>>(
    `select number, sha256, is_final as "isFinal" from statistics.release where cube = $1 and period = $2 and is_in_force`,
    [cube, period],
  );
  return row;
}

function isNewBeside({ number, isFinal }: ReleaseHead, before: InForce | undefined): boolean {
  if (before === undefined) return true;
  if (number < before.number) throw new Untaken(`a later release is in force, number ${before.number}`);
  if (before.isFinal && !isFinal) throw new Untaken("figures of the month when it was over are in force");
  return number > before.number;
}

interface Staging {
  readonly hash: { update(text: string): unknown };
  readonly head: ReleaseHead;
  readonly cube: CubeDefinition;
  /** Null: the lines are checked, and nothing is written. */
  readonly loader: Loader | null;
}

const CELLS_A_STATEMENT = 2000;

async function stage(reading: AsyncGenerator<string, string>, { hash, head, cube, loader }: Staging) {
  let cells = 0;
  let batch: ReleasedCell[] = [];
  for (;;) {
    const line = await reading.next();
    const isFull = batch.length === CELLS_A_STATEMENT || line.done;
    if (isFull && loader && batch.length > 0) await insert(loader, { head, cube }, batch);
    if (isFull) batch = [];
    if (line.done) return { cells, last: line.value };
    cells += 1;
    hash.update(`${line.value}\n`);
    batch.push(cellIn(line.value, { cube, at: cells + 1 }));
  }
}

// COPY is closed to whom policies of rows bind
const INSERT = `insert into statistics.cell (cube, period, is_public, region, parent, key, persons, units, total)
  select $1, $2, $3, n.region, n.parent, n.key::text[], n.persons, n.units, n.total
  from unnest($4::text[], $5::text[], $6::text[], $7::int[], $8::int[], $9::bigint[]) as n (region, parent, key, persons, units, total)`;
const TWICE = "23505";

async function insert(loader: Loader, { head, cube }: Pick<Staging, "head" | "cube">, cells: readonly ReleasedCell[]) {
  const of = <T>(value: (cell: ReleasedCell) => T) => cells.map(value);
  const values = [
    ...[head.cube, head.period, cube.openness === "PUBLIC"],
    ...[
      of(({ region }) => region),
      of(({ region }) => aboveOf(region)),
      of(({ key }) => `{${key.map((code) => `"${code}"`).join()}}`),
    ],
    ...[of(({ persons }) => persons), of(({ units }) => units), of(({ total }) => total)],
  ];
  await loader.query(INSERT, values).catch((error: { code?: unknown }) => {
    throw error.code === TWICE ? new Untaken("a cell stands in it twice") : error;
  });
}

const aboveOf = (region: string): string | null => (region === COUNTRY ? null : (parentOf(region) ?? COUNTRY));

interface Believing {
  readonly cube: CubeDefinition;
  readonly keys: AttestationKeys;
}

function mustBeAttested(line: string, read: ReleaseSaid, { cube: { slice }, keys }: Believing): void {
  const fact = readAttestation<ReleaseSaid>(attestationIn(line), { by: slice, kind: RELEASE, keys });
  if (fact === null)
    throw new Untaken(`the last line is no attestation of ${slice}: the release is cut, or signed by another key`);
  const isSaid = (Object.keys(read) as (keyof ReleaseSaid)[]).every((field) => fact.says[field] === read[field]);
  if (!isSaid || fact.about !== `${read.cube}/${read.period}/${read.number}`)
    throw new Untaken(`the lines are not those that ${slice} attested`);
}

function attestationIn(line: string): string {
  try {
    return String((JSON.parse(line) as { attestation?: unknown } | null)?.attestation);
  } catch {
    return "";
  }
}

async function putInForce(loader: Loader, said: ReleaseSaid, attestation: string): Promise<void> {
  const { cube, period, number, asOf, isFinal, cells, sha256 } = said;
  await loader.query("update statistics.release set is_in_force = false where cube = $1 and period = $2 and is_in_force", [
    cube,
    period,
  ]);
  await loader.query(
    `insert into statistics.release (cube, period, number, as_of, is_final, cells, sha256, attestation, received_at, is_in_force)
     values ($1, $2, $3, $4, $5, $6, $7, $8, now(), true)`,
    [cube, period, number, asOf, isFinal, cells, sha256, attestation],
  );
}
