/** A list of the schema as a table. Its columns are the only ones there are: nobody puts a question of their own. */
export interface Dataset {
  /** Field of Query, a connection by keyset. */
  readonly field: string;
  /** Name of the operation its questions are on record as. */
  readonly operation: string;
  /** List of each node whose items are the rows; absent: the nodes are. */
  readonly each?: Each;
  /** By the column's name: where its value stands, from the node on. Of a list on the way (newest first) the first item is meant. */
  readonly columns: Readonly<Record<string, string>>;
}

interface Each {
  readonly list: string;
  /** Most items the list tells, which its question asks for; a node that has so many may have more. */
  readonly latest?: number;
}

const PERSON = (at: string) => ({
  person: `${at}.id`,
  nik: `${at}.nik`,
  full_name: `${at}.fullName`,
  sex: `${at}.sex`,
  birth_date: `${at}.birthDate`,
});

const ENROLMENT = { enrolment: "id", program: "program.code", region: "region.code" };

export const DATASETS: ReadonlyMap<string, Dataset> = new Map<string, Dataset>([
  [
    "households",
    {
      field: "households",
      operation: "HouseholdsExport",
      columns: {
        household: "id",
        region: "region.code",
        region_name: "region.name",
        address: "address",
        member_count: "memberCount",
        decile: "deciles.decile",
        decile_version: "deciles.version.id",
        monthly_income: "monthlyIncome",
        income_band: "incomeBand",
        floor_area: "floorArea",
        surveyed_on: "surveyedOn",
      },
    },
  ],
  [
    "members",
    {
      field: "households",
      operation: "MembersExport",
      each: { list: "members" },
      columns: {
        household: "id",
        region: "region.code",
        member: "members.id",
        suffix: "members.suffix",
        relation: "members.relation",
        state: "members.state",
        match_status: "members.matchStatus",
        claimed_name: "members.claimedName",
        claimed_nik: "members.claimedNik",
        ...PERSON("members.person"),
      },
    },
  ],
  [
    "enrolments",
    {
      field: "enrolments",
      operation: "EnrolmentsExport",
      columns: {
        ...ENROLMENT,
        state: "state",
        component: "component",
        started_on: "startedOn",
        ended_on: "endedOn",
        ending: "ending",
        decree: "decree",
        ...PERSON("person"),
      },
    },
  ],
  [
    "payments",
    {
      field: "enrolments",
      operation: "PaymentsExport",
      each: { list: "payments", latest: 24 },
      columns: {
        ...ENROLMENT,
        person: "person.id",
        payment: "payments.id",
        period: "payments.period",
        starts_on: "payments.startsOn",
        ends_on: "payments.endsOn",
        amount: "payments.amount",
        payment_state: "payments.state",
        credited_on: "payments.creditedOn",
        channel: "payments.channel",
      },
    },
  ],
  [
    "meal_aids",
    {
      field: "mealAids",
      operation: "MealAidsExport",
      columns: {
        meal_aid: "id",
        region: "region.code",
        decision: "decision",
        started_on: "startedOn",
        ended_on: "endedOn",
        reason: "reason",
        ...PERSON("person"),
      },
    },
  ],
]);
