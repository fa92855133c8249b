import type { Slice } from "../client.ts";

/** Where the tables of one database stand on Citus. A table is named once; names are without the slice's own schema. */
export interface Layout {
  readonly why: string;
  /** Spread over the nodes by this column, all of them co-located. Parents first. */
  readonly distributed: Readonly<Record<string, string>>;
  /** Whole on every node. Parents first. */
  readonly reference: readonly string[];
  /** On the coordinator, by what keeps them there. */
  readonly local: Readonly<Record<string, readonly string[]>>;
}

/** Schemas of libraries: local whatever they hold. */
export const LIBRARIES = ["drizzle", "graphile_worker"];

const SMALL = "small: codes, rules and versions, with triggers that keep them; read by functions on the coordinator";
const ROLLUP = "counted figures: thousands of rows, written by jobs on the coordinator";
const WORK = "work under way: steps of officers and jobs, locked one by one, gone or closed in weeks";
const FEED = "one order for all readers: a number drawn under one lock";
const SEED = "markers and truth of the made-up population";
const ONCE = "rows of seconds or of a day, written at every act: a node more would only make them slower";

export const LAYOUT: Readonly<Record<Slice, Layout>> = {
  population: {
    why: "the register: 280 million persons, and as many memberships on family cards and more",
    distributed: { person: "id", family_card_member: "person_id" },
    reference: ["region"],
    local: {
      "90 million rows of four columns, found by number, and unique by it": ["family_card"],
      "names one person of the register each, merges by chains of other keys; a tenth of the register's width": [
        "individual",
        "individual_row",
        "individual_event",
      ],
      [WORK]: ["review_case", "match.artefact", "match.job", "match.chunk", "match.reject", "match.result"],
      [FEED]: ["civil_event"],
      [ROLLUP]: ["cube", "rollup_cell", "rollup_period", "rollup_release", "rollup_touched"],
      [ONCE]: ["verification_attempt", "verification_count", "used_envelope"],
      [SEED]: ["synthetic_seed"],
    },
  },
  welfare: {
    why: "the registry: 95 million families in their households, their members, ranks and the history of each",
    distributed: {
      household: "id",
      family: "household_id",
      member: "household_id",
      ppks_status: "household_id",
      ranking: "household_id",
      ranking_score: "household_id",
      survey: "household_id",
      survey_member: "household_id",
      external_id: "household_id",
      member_lineage: "household_id",
      determined: "household_id",
      registry_history: "household_id",
      registry_change: "household_id",
    },
    reference: ["registry_version", "ranking_run", "weight_file"],
    local: {
      [SMALL]: [
        "calendar_window",
        "clock_rule",
        "contribution_line",
        "integrity_rule",
        "objection_term",
        "poverty_rule",
        "proposal_step",
        "psks_institution",
        "psks_kind",
        "survey_variable",
        "weight",
      ],
      [WORK]: [
        "change_request",
        "deliberation",
        "deliberation_decision",
        "determination",
        "determination_change",
        "determination_part",
        "determination_tally",
        "determination_village",
        "eligibility_decision",
        "evidence",
        "external_id_conflict",
        "field_presence",
        "field_verification",
        "import_run",
        "need",
        "need_group",
        "objection",
        "officer_duty",
        "packet",
        "packet_change",
        "proposal",
        "proposal_candidate",
        "psks_role",
        "ranking_chunk",
        "ranking_objection",
        "responsibility_statement",
        "service_given",
        "transition",
      ],
      [FEED]: ["outbox", "population_event"],
      [ROLLUP]: [
        "cube",
        "decile_count",
        "integrity_breach",
        "rollup_cell",
        "rollup_period",
        "rollup_release",
        "rollup_touched",
        "village_breaches",
        "village_dirty",
        "village_match",
        "village_score",
      ],
      [ONCE]: ["used_envelope"],
      [SEED]: ["synthetic_seed", "synthetic_truth"],
    },
  },
  programs: {
    why: "the aid programs: tens of millions of enrolments, each with payments every period, and the lists they are selected from",
    distributed: {
      enrolment: "person_id",
      payment_period: "person_id",
      payment_account: "person_id",
      account_secret: "person_id",
      commitment_case: "person_id",
      commitment_check: "person_id",
      ending: "person_id",
      school_aid: "person_id",
      candidate_family: "person_id",
      candidate_member: "person_id",
      selection_entry: "person_id",
    },
    reference: ["program", "ending_rule"],
    local: {
      [SMALL]: [
        "channel_rule",
        "clock_rule",
        "college_ground",
        "combination_rule",
        "commitment_rule",
        "component_rate",
        "eligibility_rule",
        "payment_failure",
        "payment_rule",
        "payment_step",
        "pbi_term",
        "program_term",
        "school_grade_rule",
        "selection_rule",
        "trace_step",
        "tuition_cap",
      ],
      [WORK]: [
        "catalogue_change",
        "college_aid",
        "college_semester",
        "error_candidate",
        "error_search",
        "exclusion",
        "exclusion_claim",
        "officer_duty",
        "payment_batch",
        "payment_difference",
        "payment_file",
        "payment_line",
        "payment_run",
        "pbi_replacement",
        "pbi_replacement_line",
        "pbi_request",
        "quota",
        "school_nomination",
        "selection_chunk",
        "selection_run",
        "selection_seat",
        "simulation",
        "simulation_cell",
        "target_delivery",
        "transition",
      ],
      [FEED]: ["aid_event", "aid_event_head", "population_event", "registry_event"],
      [ROLLUP]: ["cube", "rollup_cell", "rollup_period", "rollup_release", "rollup_touched"],
      [ONCE]: ["used_envelope"],
      [SEED]: ["synthetic_seed"],
    },
  },
  banyuwangi: plain("one district: it fits any machine"),
  statistics: plain("released figures: thousands of cells a release"),
  governance: plain("policy and record: small, in one order, and on another cluster than the data they record"),
};

/** A database that is never on Citus: whatever it holds stays where it is. */
function plain(why: string): Layout {
  return { why, distributed: {}, reference: [], local: {} };
}

/** Whether Citus has any part in this database. */
export const isPlain = ({ distributed }: Layout): boolean => Object.keys(distributed).length === 0;

/** `table` → `slice.table`; what names a schema stays. */
export const qualified = (slice: Slice, name: string): string => (name.includes(".") ? name : `${slice}.${name}`);
