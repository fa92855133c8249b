import { createHash } from "node:crypto";
import type { CopyValue, Loader } from "../../../drizzle/copy.ts";
import { type AttestationKeys, type Attested, readAttestation } from "../../../schema/attestation.ts";
import { TARGETS, type TargetDecision, type TargetFamily, type TargetsSaid } from "../../../schema/targets.ts";

/** What came of a file. `isNew` false: it is in force already, and nothing changed. Of families: who came, went, or stands otherwise than before. */
export interface Taken {
  readonly isNew: boolean;
  readonly number: number;
  readonly version: string;
  readonly families: number;
  readonly members: number;
  readonly came: number;
  readonly went: number;
  readonly changed: number;
}

/** A file that is not taken; the message says why. */
export class Untaken extends Error {}

type Row = readonly CopyValue[];
interface Stage {
  readonly table: string;
  readonly columns: readonly string[];
  readonly types: string;
  readonly rowsOf: (family: TargetFamily) => readonly Row[];
}
const list = (words: readonly string[]): string => `{${words.join()}}`;
const COLUMNS = ["family_id", "region", "person_id", "decile", "rank", "first_on", "components", "barred"];
const OF_MEMBERS = [
  ...["member_id", "family_id", "suffix", "person_id", "match_status", "state", "region"],
  "components",
  "barred",
];

const FAMILIES: Stage = {
  table: "arriving_family",
  columns: COLUMNS,
  types:
    "family_id uuid, region text, person_id uuid, decile smallint, rank bigint, first_on date, components text[], barred text[]",
  rowsOf: (f) => [[f.id, f.region, f.drawer, f.decile, f.rank, f.firstOn, list(f.components), list(f.barred)]],
};
const MEMBERS: Stage = {
  table: "arriving_member",
  columns: [...OF_MEMBERS, "decile", "rank", "first_on"],
  types: `member_id uuid, family_id uuid, suffix text, person_id uuid, match_status text, state text, region text, components text[], barred text[],
    decile smallint, rank bigint, first_on date`,
  rowsOf: (f) =>
    f.members.map((m): Row => {
      const standing = [f.decile, f.rank, f.firstOn];
      return [m.id, f.id, m.suffix, m.person, m.match, m.state, f.region, list(m.components), list(m.barred), ...standing];
    }),
};
const DECISIONS: Stage = {
  table: "arriving_decision",
  columns: ["id", "person_id", "program", "reason", "since", "region"],
  types: "id uuid, person_id uuid, program text, reason text, since date, region text",
  rowsOf: (f) => f.decisions.map((d: TargetDecision): Row => [d.id, d.person, d.program, d.reason, d.on, f.region]),
};
const STAGES = [FAMILIES, MEMBERS, DECISIONS];

/**
 * Takes a delivery in, whole or not at all, and puts it in force: the last line must attest, by welfare's key, every line before it. A file in force
 * already changes nothing; one made before that in force is refused. `lines` without line ends. Throws Untaken. In the owner's transaction.
 */
export async function takeTargets(loader: Loader, lines: AsyncIterable<string>, keys: AttestationKeys): Promise<Taken> {
  await loader.query("select pg_advisory_xact_lock(hashtext('programs.target_delivery'))");
  for (const { table, types } of STAGES) await loader.query(`create temporary table ${table} (${types}) on commit drop`);
  const { sha256, families, members, last } = await stage(loader, lines);
  const fact = attestedIn(last, keys);
  const { says } = fact;
  if (says.sha256 !== sha256) throw new Untaken("the lines are not those that welfare attested");
  if (says.families !== families || says.members !== members)
    throw new Untaken("the file does not hold as many as welfare attested");
  const before = await inForce(loader, fact.at);
  if (before?.sha256 === sha256) return { isNew: false, ...says, number: before.number, came: 0, went: 0, changed: 0 };
  if (before?.isLater) throw new Untaken("a delivery that was made later is in force");
  return { isNew: true, ...says, ...(await putInForce(loader, fact, last)) };
}

const FAMILIES_A_COPY = 2000;

/** Streams all lines but the last into the staging tables. */
async function stage(loader: Loader, lines: AsyncIterable<string>) {
  const hash = createHash("sha256");
  let [families, members, number] = [0, 0, 0];
  let last: string | null = null;
  let batch: TargetFamily[] = [];
  const copy = async () => {
    for (const { table, columns, rowsOf } of STAGES) await loader.copy(table, columns, batch.flatMap(rowsOf));
    batch = [];
  };
  for await (const line of lines) {
    if (last !== null) {
      number += 1;
      hash.update(`${last}\n`);
      const family = familyIn(last, number);
      families += 1;
      members += family.members.length;
      batch.push(family);
      if (batch.length === FAMILIES_A_COPY) await copy();
    }
    last = line;
  }
  await copy();
  return { sha256: hash.digest("hex"), families, members, last: last ?? "" };
}

function familyIn(line: string, number: number): TargetFamily {
  try {
    const family = JSON.parse(line) as TargetFamily;
    if (Array.isArray(family.members) && Array.isArray(family.decisions)) return family;
  } catch {}
  throw new Untaken(`line ${number} is no family`);
}

function attestedIn(line: string, keys: AttestationKeys): Attested<TargetsSaid> {
  const fact = readAttestation<TargetsSaid>(attestationIn(line), { by: "welfare", kind: TARGETS, keys });
  if (fact === null) throw new Untaken("the last line is no attestation of welfare: the file is cut, or signed by another key");
  return fact;
}

function attestationIn(line: string): string {
  try {
    return String((JSON.parse(line) as { attestation?: unknown }).attestation);
  } catch {
    return "";
  }
}

/** The delivery in force, and whether it was made at an instant or later; what nobody attested was made before all others. */
async function inForce(loader: Loader, at: string) {
  const [row] = await loader.query<{ number: number; sha256: string; isLater: boolean }>(
    `select number, sha256, coalesce(made_at >= $1::timestamptz, false) as "isLater" from programs.target_delivery where state = 'IN_FORCE'`,
    [at],
  );
  return row;
}

const DIFFERENCES = `select count(*) filter (where b.family_id is null)::int as came, count(*) filter (where a.family_id is null)::int as went,
    count(*) filter (where (a.region, a.person_id, a.decile, a.components, a.barred) is distinct from (b.region, b.person_id, b.decile, b.components, b.barred)
      and a.family_id is not null and b.family_id is not null)::int as changed
  from arriving_family a full join (select * from programs.candidate_family where delivery = programs.delivery_in_force()) b using (family_id)`;

async function putInForce(loader: Loader, { at, says }: Attested<TargetsSaid>, last: string) {
  for (const { table } of STAGES) await loader.query(`analyze ${table}`);
  const [difference] = await loader.query<Pick<Taken, "came" | "went" | "changed">>(DIFFERENCES);
  const [made] = await loader.query<{ number: number }>(
    `insert into programs.target_delivery (number, basis, version, determined_on, received_at, families, members, sha256, attestation, made_at, state)
     select coalesce(max(number), 0) + 1, $1, $2, $3, now(), $4, $5, $6, $7, $8, 'LOADING' from programs.target_delivery returning number`,
    [says.basis, says.version, says.determinedOn, says.families, says.members, says.sha256, attestationIn(last), at],
  );
  const number = made?.number ?? 0;
  for (const [table, { table: from, columns }] of [
    ["candidate_family", FAMILIES] as const,
    ["candidate_member", MEMBERS] as const,
  ]) {
    await loader.query(`insert into programs.${table} (delivery, ${columns.join()}) select $1, ${columns.join()} from ${from}`, [
      number,
    ]);
    await loader.query(`analyze programs.${table}`); // or the planner takes the new delivery for empty
  }
  await loader.query("select programs.settle_delivery($1)", [number]);
  await loader.query("update programs.target_delivery set state = 'SUPERSEDED' where state = 'IN_FORCE'");
  await loader.query("update programs.target_delivery set state = 'IN_FORCE' where number = $1", [number]);
  await loader.query("select programs.follow_delivery($1)", [at]);
  return { number, came: difference?.came ?? 0, went: difference?.went ?? 0, changed: difference?.changed ?? 0 };
}
