import type { CopyValue, Loader } from "../copy.ts";
import { OFFICERS } from "../policy/officers.ts";
import { INSTRUMENT } from "../registry/instrument.ts";
import { CANDIDATES, loadSyntheticDelivery, settleSyntheticDelivery } from "./aid/candidates.ts";
import { loadMealReference, MEALS } from "./aid/meals.ts";
import { loadAidReference } from "./aid/reference.ts";
import type { MadeFamily, MadeHousehold, MadeMember } from "./model.ts";
import { answersOf } from "./people/answers.ts";
import { uuidFrom } from "./random.ts";
import { VERSIONS } from "./ranks.ts";
import type { Regions } from "./regions.ts";

type Row = readonly CopyValue[];

/** What of a household goes into which table. */
interface Target {
  readonly table: string;
  readonly columns: readonly string[];
  /** Columns that are the same in every row, as SQL. */
  readonly fixed?: Readonly<Record<string, string>>;
  rowsOf(household: MadeHousehold): readonly Row[];
}

/** The synthetic registry is as old as its first version. */
const SINCE_THE_BEGINNING = { valid_from: "date '2025-01-01'", known_from: "timestamptz '2025-01-01 00:00+07'" };

const perFamily =
  (rowsOf: (family: MadeFamily, household: MadeHousehold, position: number) => readonly Row[]) => (household: MadeHousehold) =>
    household.families.flatMap((family, position) => rowsOf(family, household, position));
const perMember = (rowOf: (member: MadeMember, family: MadeFamily, household: MadeHousehold) => Row | null) =>
  perFamily((family, household) =>
    family.members.map((member) => rowOf(member, family, household)).filter((row) => row !== null),
  );

/** Newborns join a card that is older than they. */
const onCardSince = (issuedOn: string, birthDate: string) => [issuedOn, birthDate].sort().at(-1) ?? issuedOn;

const POPULATION: readonly Target[] = [
  {
    table: "population.family_card",
    columns: ["id", "number", "region", "issued_on"],
    rowsOf: perFamily(({ card }, { region }) => [[card.id, card.number, region, card.issuedOn]]),
  },
  {
    table: "population.person",
    columns: [
      "id",
      "nik",
      "full_name",
      "sex",
      "birth_date",
      "birth_place",
      "mother_name",
      "address",
      "region",
      "is_alive",
      "disability",
      "family_card_id",
    ],
    rowsOf: perMember(({ person: p }, { card }, { region, address }) => [
      p.id,
      p.nik,
      p.fullName,
      p.sex,
      p.birthDate,
      p.birthPlace,
      p.motherName,
      address,
      region,
      p.isAlive,
      p.disability,
      card.id,
    ]),
  },
  {
    table: "population.family_card_member",
    columns: ["person_id", "family_card_id", "valid_from", "position", "region"],
    rowsOf: perFamily(({ card, members }, { region }) =>
      [...members]
        .sort((a, b) => (a.suffix < b.suffix ? -1 : 1))
        .map(({ person }, position) => [person.id, card.id, onCardSince(card.issuedOn, person.birthDate), position + 1, region]),
    ),
  },
];

const WELFARE: readonly Target[] = [
  {
    table: "welfare.household",
    fixed: SINCE_THE_BEGINNING,
    columns: ["id", "region", "address", "monthly_income", "floor_area", "surveyed_on", "decile"],
    rowsOf: (h) => [[h.id, h.region, h.address, h.monthlyIncome, h.floorArea, h.surveyedOn, h.decile]],
  },
  {
    table: "welfare.family",
    fixed: SINCE_THE_BEGINNING,
    columns: [
      "id",
      "household_id",
      "registry_number",
      "number_in_household",
      "family_card_id",
      "claimed_card_number",
      "region",
      "household_decile",
    ],
    rowsOf: perFamily((family, { id, region, decile }, position) => [
      [family.id, id, family.registryNumber, position + 1, family.card.id, family.card.number, region, decile],
    ]),
  },
  {
    table: "welfare.member",
    fixed: SINCE_THE_BEGINNING,
    columns: [
      "id",
      "household_id",
      "family_id",
      "suffix",
      "relation",
      "match_status",
      "person_id",
      "claimed_name",
      "claimed_nik",
      "state",
      "region",
      "household_decile",
    ],
    rowsOf: perMember((m, family, { id, region, decile }) => {
      const personId = m.matchStatus === "MATCHED" ? m.person.id : null;
      return [
        m.id,
        id,
        family.id,
        m.suffix,
        m.relation,
        m.matchStatus,
        personId,
        m.claimedName,
        m.claimedNik,
        m.state,
        region,
        decile,
      ];
    }),
  },
  {
    table: "welfare.survey",
    columns: ["id", "household_id", "visited_on", "answers", "known_from"],
    fixed: { method: "'INTERVIEW'" },
    rowsOf: (h) =>
      h.surveyedOn === null
        ? []
        : [[uuidFrom("survey", h.id), h.id, h.surveyedOn, JSON.stringify(answersOf(h)), `${h.surveyedOn} 12:00+07`]],
  },
  {
    table: "welfare.ranking",
    columns: ["household_id", "version_id", "percentile", "decile", "region", "household_decile"],
    rowsOf: ({ id, rankings, region, decile }) => rankings.map((r) => [id, r.versionId, r.percentile, r.decile, region, decile]),
  },
  {
    table: "welfare.ppks_status",
    columns: ["member_id", "household_id", "kind", "since", "region", "household_decile"],
    rowsOf: perFamily(({ members }, { id, region, decile }) =>
      members.flatMap((member) => member.ppks.map((kind): Row => [member.id, id, kind, "2023-03-01", region, decile])),
    ),
  },
  {
    table: "welfare.psks_role",
    columns: ["person_id", "kind", "since", "region"],
    rowsOf: perMember(({ person, psks }, _, { region }) => (psks === null ? null : [person.id, psks, "2022-01-15", region])),
  },
  {
    table: "welfare.synthetic_truth",
    columns: ["member_id", "person_id"],
    rowsOf: perMember(({ id, person }) => [id, person.id]),
  },
];

const PROGRAM_ROWS: readonly Target[] = [
  {
    table: "programs.enrolment",
    columns: ["id", "person_id", "program", "state", "component", "region", "started_on", "ended_on"],
    rowsOf: ({ enrolments, region }) =>
      enrolments.map((e) => [e.id, e.personId, e.program, e.state, e.component, region, e.startedOn, e.endedOn]),
  },
  {
    table: "programs.payment_period",
    columns: [
      "id",
      "enrolment_id",
      "person_id",
      "program",
      "region",
      "period",
      "starts_on",
      "ends_on",
      "amount",
      "state",
      "credited_on",
      "channel",
      "failure",
    ],
    rowsOf: ({ enrolments, region }) =>
      enrolments.flatMap((e) =>
        e.payments.map(
          (p): Row => [
            p.id,
            e.id,
            e.personId,
            e.program,
            region,
            p.period,
            p.startsOn,
            p.endsOn,
            p.amount,
            p.state,
            p.creditedOn,
            p.channel,
            p.failure ?? null,
          ],
        ),
      ),
  },
  ...CANDIDATES,
];

export const SEEDED = ["population", "welfare", "programs", "banyuwangi"] as const;
export type Seeded = (typeof SEEDED)[number];
const TARGETS: Readonly<Record<Seeded, readonly Target[]>> = {
  population: POPULATION,
  welfare: WELFARE,
  programs: PROGRAM_ROWS,
  banyuwangi: MEALS,
};

/** Tables that know no household and stand before the others. Repeatable. */
export async function loadReference(loader: Loader, slice: Seeded, regions: Regions): Promise<void> {
  if (slice === "banyuwangi") return loadMealReference(loader);
  if (slice === "population") {
    const [found] = await loader.query("select from population.region limit 1");
    if (found) return;
    const rows = regions.rows.map(({ code, name, level, parentCode }): Row => [code, name, level, parentCode]);
    await loader.copy("population.region", ["code", "name", "level", "parent_code"], rows);
  } else if (slice === "welfare") {
    for (const { id, basis, publishedOn, legalBasis } of VERSIONS)
      await loader.query("insert into welfare.registry_version values ($1, $2, $3, $4) on conflict do nothing", [
        id,
        basis,
        publishedOn,
        legalBasis,
      ]);
    await loadInstrument(loader);
    await loadDuties(loader);
  } else {
    await loadAidReference(loader);
    await loadSyntheticDelivery(loader);
  }
}

/** The survey's variables. Repeatable. */
const loadInstrument = (loader: Loader) =>
  loader.query(
    `insert into welfare.survey_variable (code, raw_name, scope, kind, unit, labels, opens, source, valid_from)
     select code, "rawName", scope, kind, unit, labels, opens, source, "validFrom"
     from jsonb_to_recordset($1::jsonb) as v (code text, "rawName" text, scope text, kind text, unit text, labels jsonb, opens text, source text, "validFrom" date)
     on conflict do nothing`,
    [JSON.stringify(INSTRUMENT)],
  );

/** Duties of the ready-made officers. Repeatable. */
async function loadDuties(loader: Loader): Promise<void> {
  for (const { id, agency, duty, region } of OFFICERS)
    if (duty !== null)
      await loader.query(
        `insert into welfare.officer_duty (id, officer_id, agency, role, region, valid_from, assigned_by)
         select gen_random_uuid(), $1, $2, $3, $4, '2025-01-01T00:00:00+07:00', 'SYSTEM'
         where not exists (select from welfare.officer_duty where officer_id = $1 and agency = $2 and role = $3 and region = $4)`,
        [id, agency, duty, region],
      );
}

/** Where the households of one load go: staged batch by batch, then moved into the tables, whose policies forbid COPY. */
export interface Intake {
  add(households: readonly MadeHousehold[]): Promise<void>;
  finish(): Promise<void>;
}

/** Opens the staging tables of a slice; they go when it is finished, or with the transaction. */
export async function openIntake(loader: Loader, slice: Seeded): Promise<Intake> {
  const targets = TARGETS[slice].map((target) => ({ ...target, staging: `pg_temp.${target.table.replace(".", "_")}` }));
  // keeps autovacuum away, and nobody else: it would count none of the rows of this transaction, and references be looked for accordingly
  await loader.query(`lock table ${targets.map(({ table }) => table).join()} in share update exclusive mode`);
  for (const { table, staging, columns } of targets)
    await loader.query(`create temporary table ${staging} on commit drop as select ${columns.join()} from ${table} with no data`);
  return {
    async add(households) {
      for (const { staging, columns, rowsOf } of targets) await loader.copy(staging, columns, households.flatMap(rowsOf));
    },
    async finish() {
      for (const { table, staging, columns, fixed = {} } of targets) {
        const into = [...columns, ...Object.keys(fixed)].join();
        await loader.query(
          `insert into ${table} (${into}) select ${[...columns, ...Object.values(fixed)].join()} from ${staging}`,
        );
        await loader.query(`drop table ${staging}`); // the transaction may load another batch
        await loader.query(`analyze ${table}`);
      }
      if (slice === "welfare") await countDeciles(loader);
      if (slice === "programs") await settleSyntheticDelivery(loader);
    },
  };
}

/** Refreshes the roll-up that registry statistics are answered from. */
async function countDeciles(loader: Loader): Promise<void> {
  await loader.query(`insert into welfare.decile_count (version_id, decile, households)
    select version_id, decile, count(*) from welfare.ranking group by version_id, decile
    on conflict on constraint decile_count_cell do update set households = excluded.households`);
}
