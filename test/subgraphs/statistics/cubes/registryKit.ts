import { parseNik } from "../../../../schema/nik.ts";
import { cubeOf } from "../../../../schema/statistics/cubes.ts";
import { asRole } from "../../../kit/database.ts";

/** One row behind a cell: who contributes, and the unit they make up. `who` null: the unit has nobody. */
interface Behind {
  readonly region: string;
  readonly key: readonly string[];
  readonly unit: string;
  readonly who: string | null;
  readonly recordKey: string | null;
}

/** The leaves of a cube, a line each, as roll-ups are compared: region, key, persons, units, cell key, and no sums. */
function leavesOf(rows: readonly Behind[]): string[] {
  const leaves = new Map<string, { units: Set<string>; keys: Map<string, bigint> }>();
  for (const { region, key, unit, who, recordKey } of rows) {
    const name = `${region} ${key.join("/")}`;
    const leaf = leaves.get(name) ?? { units: new Set(), keys: new Map() };
    leaves.set(name, leaf);
    leaf.units.add(unit);
    if (who !== null) leaf.keys.set(who, BigInt(recordKey ?? 0));
  }
  const sum = (keys: ReadonlyMap<string, bigint>) => [...keys.values()].reduce((all, key) => all + key, 0n);
  return [...leaves].map(([name, { units, keys }]) => `${name} ${keys.size} ${units.size} ${sum(keys)} 0 0 0`).sort();
}

/** Code of the band of a dimension that a whole number lies in, as the code itself says. */
function bandOf(cube: string, at: number, value: number): string | undefined {
  return cubeOf(cube)?.dimensions[at]?.codes.find((code) => {
    const [from = Number.NaN, to = Number.POSITIVE_INFINITY] = code.replace("+", "").split("-").map(Number);
    return value >= from && value <= to;
  });
}

const lastDayOf = (month: string): string =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).toISOString().slice(0, 10);

/** Sex and age band that a claimed NIK says in a month. */
function saidBy(nik: string | null, month: string): [string, string] {
  const read = parseNik(nik ?? "", { referenceDate: lastDayOf(month), allowSynthetic: true });
  if (!("nik" in read)) return ["UNKNOWN", "UNKNOWN"];
  const { sex, birthDate } = read.nik;
  const years = Number(month.slice(0, 4)) - Number(birthDate.slice(0, 4));
  const age = Math.max(0, birthDate.slice(5) > `${month.slice(5)}-01` ? years - 1 : years);
  return [sex, bandOf("REGISTRY_MEMBERS", 2, age) ?? "none"];
}

interface MemberRow {
  readonly id: string;
  readonly household_id: string;
  readonly region: string;
  readonly decile: number | null;
  readonly match_status: string;
  readonly claimed_nik: string | null;
  readonly who: string;
  readonly record_key: string;
}

interface ProposalRow {
  readonly id: string;
  readonly region: string;
  readonly state: string;
  readonly waited: number;
  readonly who: string | null;
  readonly record_key: string | null;
}

const MEMBERS = `select m.id, m.household_id, h.region, h.decile, m.match_status, m.claimed_nik, coalesce(m.person_id, m.id) as who,
    welfare.record_key(coalesce(m.person_id, m.id)) as record_key
  from welfare.member m join welfare.household h on h.id = m.household_id where m.state = 'ACTIVE'`;
const PROPOSALS = `select p.id, p.region, p.state, greatest(0, $1::date - (coalesce(
      (select max(t.at) from welfare.transition t where t.subject_id = p.id and t.to_state = p.state and t.from_state is distinct from p.state and p.act = 'APPROVE'),
      p.moved_at) at time zone 'Asia/Jakarta')::date) as waited,
    coalesce(c.person_id, c.id) as who, welfare.record_key(coalesce(c.person_id, c.id)) as record_key
  from welfare.proposal p left join welfare.proposal_candidate c on c.proposal_id = p.id where p.state <> 'DRAFT'`;

/** What the cubes of the registry hold by its rows, cube by cube, without the functions that count them. `day`: to which waiting is counted. */
export async function countedByHand(owner: string, day: string): Promise<Record<string, string[]>> {
  const [members, proposals] = await asRole(owner, async (sql) => [
    (await sql.unsafe(MEMBERS)) as unknown as MemberRow[],
    (await sql.unsafe(PROPOSALS, [day])) as unknown as ProposalRow[],
  ]);
  const month = day.slice(0, 7);
  const rows = (digits: number, of: (row: MemberRow) => { unit: string; key: readonly string[] }) =>
    leavesOf(
      members.map((row) => ({ region: row.region.slice(0, digits), who: row.who, recordKey: row.record_key, ...of(row) })),
    );
  const decile = (row: MemberRow) => String(row.decile ?? "NONE");
  return {
    REGISTRY_HOUSEHOLDS: rows(10, (row) => ({ unit: row.household_id, key: [decile(row)] })),
    REGISTRY_MEMBERS: rows(4, (row) => ({ unit: row.id, key: [decile(row), ...saidBy(row.claimed_nik, month)] })),
    MATCH_QUALITY: rows(6, (row) => ({ unit: row.id, key: [row.match_status] })),
    PROPOSAL_FUNNEL: leavesOf(
      proposals.map(({ id, region, state, waited, who, record_key }) => ({
        ...{ region: region.slice(0, 6), unit: id, who, recordKey: record_key },
        key: [state, bandOf("PROPOSAL_FUNNEL", 1, waited) ?? "none"],
      })),
    ),
  };
}

/** What the registry's workers do with its roll-ups, as their role. `url` answers when asked. */
export function registryRollups(url: () => string | undefined) {
  const ask = async <Row>(text: string, values: string[]) =>
    asRole(url() ?? "", async (sql) => [...(await sql.unsafe(text, values))] as unknown as Row[]);
  const number = async (text: string, values: string[]) => (await ask<{ n: number | null }>(text, values))[0]?.n;
  const lines = async (text: string, values: string[]) =>
    (await ask<{ line: string }>(text, values)).map(({ line }) => line).sort();
  return {
    /** Works everything off, as of an instant. */
    async fold(at: string) {
      while ((await number("select welfare.fold_touched($1) as n", [at])) !== 0);
    },
    /** Cells that differed; null: cannot be said. */
    rebuild: (cube: string, month: string, at: string) =>
      number("select welfare.rebuild_rollup($1, $2, $3) as n", [cube, month, at]),
    /** Cells as `countedByHand` writes them. */
    cells: (cube: string, month: string) =>
      lines(
        `select concat_ws(' ', region, array_to_string(key, '/'), persons, units, cell_key, total, largest, second) as line
          from welfare.rollup_cell where cube = $1 and period = $2`,
        [cube, month],
      ),
    /** What waits to be worked off, each once: `cube region`. */
    touched: () => lines("select distinct concat_ws(' ', cube, period, region) as line from welfare.rollup_touched", []),
  };
}
