import { afterAll, beforeAll, expect } from "vitest";
import { type LoadPool, openLoadPool } from "../../../../drizzle/copy.ts";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { promoteTask, publishTask, selectTask, simulateTask } from "../../../../subgraphs/programs/selection/task.ts";
import { asRole, asServer, useDatabases } from "../../../kit/database.ts";
import { callerWith, useSlice } from "../../../kit/slice.ts";

const MANAGING = { agreement: "PKS-2025-025", purpose: "PROGRAM_MANAGEMENT" } as const;
const officer = (id: string) => callerWith({ ...MANAGING, client: id, officer: id });
export const steward = officer("program.kemensos");
export const steward2 = officer("program2.kemensos");
export const head = officer("direktur.kemensos");
export const planner = callerWith({
  client: "bappenas",
  agency: "BAPPENAS",
  agreement: "PKS-2025-005",
  purpose: "DEVELOPMENT_PLANNING",
});

export interface Family {
  readonly n: number;
  readonly region: string;
  readonly decile: number;
  readonly rank: number;
}

/** Id of a made-up family or its recipient. */
export const idOf = (kind: "family" | "person", n: number): string =>
  `${kind === "family" ? "fa" : "be"}000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

const QUOTA = "id version state seats used proposed approvedBy";
const RUN = "id version state selected waiting hash decree";
const ACTS = {
  draft: `mutation ($input: DraftQuotaInput!) { draftQuota(input: $input) { ${QUOTA} } }`,
  propose: `mutation ($input: ProposeSeatsInput!) { proposeSeats(input: $input) { ${QUOTA} } }`,
  approve: `mutation ($id: ID!, $version: Int!) { approveQuota(id: $id, version: $version) { ${QUOTA} } }`,
  withdraw: `mutation ($id: ID!, $version: Int!) { withdrawQuota(id: $id, version: $version) { ${QUOTA} } }`,
  prepare: `mutation ($input: PrepareSelectionInput!) { prepareSelection(input: $input) { ${RUN} } }`,
  start: `mutation ($id: ID!, $version: Int!) { startSelection(id: $id, version: $version) { ${RUN} } }`,
  discard: `mutation ($id: ID!, $version: Int!, $reason: String!) { discardSelection(id: $id, version: $version, reason: $reason) { ${RUN} } }`,
  sign: `mutation ($input: SignSelectionInput!) { signSelection(input: $input) { ${RUN} } }`,
  simulate: `mutation ($input: SimulatePolicyInput!) { simulatePolicy(input: $input) { id isDone } }`,
} as const;

/** Programs' database with no enrolment and no candidate but those a test makes up, its slice, and its worker's work as plain calls. */
export function useSelections(begins = "2026-11-02T03:00:00Z") {
  const databases = useDatabases();
  const at = Date.parse(begins);
  const slice = useSlice(programs, { databaseUrl: () => databases.urls.programs.runtime, now: () => at });
  let pool: LoadPool;
  const owner = (text: string, values: unknown[] = []) =>
    asRole(databases.urls.programs.owner, async (client) => [...(await client.unsafe(text, values as never[]))]);
  /** Neither enrolments, quotas, lists nor candidates. */
  const clear = async () => {
    await asServer(databases.urls.programs.owner, async (client) => {
      await client`set session_replication_role = replica`;
      await client.unsafe(`truncate programs.payment_period, programs.enrolment, programs.transition, programs.quota, programs.selection_seat, programs.selection_chunk,
        programs.selection_run, programs.candidate_family, programs.candidate_member, programs.exclusion, programs.simulation_cell, programs.simulation, programs.target_delivery cascade`);
      for (const { relid } of await client.unsafe(
        "select relid::text from pg_partition_tree('programs.selection_entry') where isleaf",
      ))
        await client.unsafe(`drop table ${relid}`);
    });
    await owner("insert into programs.clock_rule default values on conflict do nothing");
    await owner(`insert into programs.target_delivery (number, basis, version, determined_on, received_at, families, members, sha256, state)
      values (7, 'DTSEN', 'DTSEN-2026-Q3', '2026-09-30', now(), 0, 0, repeat('0', 64), 'IN_FORCE')`);
  };
  beforeAll(async () => {
    pool = openLoadPool(databases.urls.allocation ?? "", { max: 6 });
    await clear();
  });
  afterAll(() => pool?.end());
  const work = () => ({ pool, note: () => {}, now: () => new Date(at) });
  const tell = async (act: keyof typeof ACTS, variables: Record<string, unknown>, caller = steward) => {
    const answer = await slice.ask(ACTS[act], { caller, variables });
    return { ...answer, row: answer.data === null ? null : (Object.values(answer.data as object)[0] as any) };
  };
  const must = async (act: keyof typeof ACTS, variables: Record<string, unknown>, caller = steward) => {
    const { errors, row } = await tell(act, variables, caller);
    expect(errors).toEqual([]);
    return row;
  };
  const kit = {
    slice,
    urls: databases.urls,
    owner,
    clear,
    tell,
    must,
    get pool() {
      return pool;
    },
    now: () => new Date(at),
    families: (families: readonly Family[], program = 7) =>
      owner(
        `insert into programs.candidate_family (delivery, family_id, region, person_id, decile, rank, first_on, components, barred)
         select $1, f.family, f.region, f.person, f.decile, f.rank, '2025-01-01', '{}', '{}'
         from jsonb_to_recordset($2::text::jsonb) as f (family uuid, person uuid, region text, decile smallint, rank bigint)`,
        [
          program,
          JSON.stringify(families.map((row) => ({ ...row, family: idOf("family", row.n), person: idOf("person", row.n) }))),
        ],
      ),
    /** Seats in force of BPNT, drafted by one and approved by another; the quota's id. */
    async seats(region: string, seats: number, kind = "REGULAR"): Promise<{ id: string; version: number }> {
      const input = { program: "BPNT", period: "2026", region: region || null, kind, seats, reason: "Keputusan uji" };
      const draft = await must("draft", { input });
      return must("approve", { id: draft.id, version: draft.version }, steward2);
    },
    async addSeats({ id, version }: { id: string; version: number }, seats: number) {
      const proposed = await must("propose", { input: { id, version, seats, reason: "Kuota tambahan" } });
      return must("approve", { id, version: proposed.version }, head);
    },
    /** A list that is READY. */
    async list(on: LoadPool = pool) {
      const draft = await must("prepare", { input: { program: "BPNT", period: "2026", reason: "Seleksi uji" } });
      await must("start", { id: draft.id, version: draft.version });
      await selectTask({ ...work(), pool: on }, draft.id);
      return kit.read(draft.id);
    },
    read: async (id: string) =>
      (await slice.ask(`query ($id: ID!) { selection(id: $id) { ${RUN} } }`, { caller: steward, variables: { id } })).data
        .selection,
    sign: (run: { id: string; version: number }, decree: string) =>
      tell("sign", { input: { id: run.id, version: run.version, decree } }, head),
    select: (id: string, on = pool) => selectTask({ ...work(), pool: on }, id),
    publish: (id: string, on = pool) => publishTask({ ...work(), pool: on }, id),
    promote: (reason = "QUOTA_ADDED") => promoteTask(work(), `BPNT ${reason}`),
    simulate: (id: string) => simulateTask(work(), id),
    /** Numbers of the families whose enrolment is in a state, in order. */
    async inState(state: string): Promise<number[]> {
      const rows = await owner(
        `select right(unit_id::text, 12)::int as n from programs.enrolment where state = '${state}' order by 1`,
      );
      return rows.map((row) => Number(row["n"]));
    },
    /** What quotas say is used, against what is held; and that nothing is over. */
    async mustAddUp() {
      const rows = await owner(`select q.region, q.used, q.reserved, q.seats, (select count(*)::int from programs.enrolment e
          where e.program = q.program and starts_with(e.region, q.region) and e.state in ('ACTIVE', 'SUSPENDED') and e.is_emergency = (q.kind = 'EMERGENCY')) as held
        from programs.quota q where q.state = 'IN_FORCE'`);
      for (const row of rows) {
        expect(row["used"]).toBe(row["held"]);
        expect(Number(row["used"]) + Number(row["reserved"])).toBeLessThanOrEqual(Number(row["seats"]));
      }
      return rows;
    },
  };
  return kit;
}

/** A pool that breaks at the n-th transaction, as if the worker had been killed there. */
export function killedAt(pool: LoadPool, n: number): LoadPool {
  let seen = 0;
  return {
    end: () => pool.end(),
    load: (work, agreed) => {
      seen += 1;
      if (seen < n) return pool.load(work, agreed);
      return pool.load(async (loader) => {
        await work(loader);
        throw new Error("killed");
      }, agreed);
    },
  };
}
