import { randomUUID } from "node:crypto";
import { beforeAll, beforeEach } from "vitest";
import type { Caller } from "../../../../schema/caller.ts";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { type Asked, callerWith, useSlice } from "../../../kit/slice.ts";

// A regency that does not exist, a village of it and one of its neighbour.
export const [HERE, THERE] = ["9801011001", "9702011001"];
export const TODAY = "2026-08-03";
const MORNING = Date.parse(`${TODAY}T03:00:00Z`); // 10:00 in Jakarta

const DUTIES = [
  ["district.x", "DISTRICT", "*", "9801"],
  ["district2.x", "DISTRICT", "*", "9801"],
  ["steward.x", "PROGRAM_STEWARD", "*", ""],
  ["bpnt.x", "DISTRICT", "BPNT", "9801"],
  ["elsewhere.x", "DISTRICT", "*", "9702"],
  ["companion.x", "COMPANION", "PKH", "980101"],
  ["companion2.x", "COMPANION", "PKH", "980102"],
  ["both.x", "COMPANION", "PKH", "9801"],
  ["both.x", "DISTRICT", "*", "9801"],
  ["bank.x", "BANK", "*", ""],
] as const;

export const as = (officer: string, differences: Partial<Caller> = {}) => ({
  caller: callerWith({
    client: officer,
    officer,
    agency: "DINSOS_X",
    agreement: "PKS-X",
    purpose: "PROGRAM_MANAGEMENT",
    ...differences,
  }),
});
export const [DISTRICT, OTHER, COMPANION] = [as("district.x"), as("district2.x"), as("companion.x")];
export const citizen = (person: string) => ({
  caller: callerWith({
    client: "portal-warga",
    agency: "HUB",
    citizen: person,
    agreement: "PKS-2025-008",
    purpose: "DATA_SUBJECT_RIGHTS",
  }),
});

export interface Enrolled {
  readonly id: string;
  readonly person: string;
  readonly unit: string;
}

const ENROLMENT = "id version state ending graduation endedOn history { actor act from to reason }";
const ENDING = "id version state reason endsOn revocableUntil proposedBy decidedBy history { act reason actor }";
const STEP = (mutation: string) => `mutation ($input: EnrolmentStepInput!) { ${mutation}(input: $input) { ${ENROLMENT} } }`;
const END = (mutation: string) => `mutation ($input: EndEnrolmentInput!) { ${mutation}(input: $input) { ${ENDING} } }`;
const DECIDE = (mutation: string) =>
  `mutation ($id: ID!, $version: Int!) { ${mutation}(id: $id, version: $version) { ${ENDING} } }`;
const REJECT = `mutation ($input: RejectEndingInput!) { rejectEnding(input: $input) { ${ENDING} } }`;
const WITHDRAW = `mutation ($input: WithdrawFromProgramInput!) { withdrawFromProgram(input: $input) { ${ENDING} } }`;
const RECORD = `mutation ($input: RecordCommitmentInput!) { recordCommitment(input: $input) { id version kind isFulfilled } }`;
const CONCLUDE = `mutation ($input: ConcludeCommitmentsInput!) { concludeCommitments(input: $input) { version stage period history { from to reason actor } } }`;

type Who = ReturnType<typeof as>;

/** The slice on a test file's own database, at an instant the test sets, with officers and a way to enrol families. */
export function useHistory() {
  const databases = useDatabases();
  const clock = { now: MORNING };
  const slice = useSlice(programs, { databaseUrl: () => databases.urls.programs.runtime, now: () => clock.now });
  const owner = <T>(work: (sql: Parameters<Parameters<typeof asRole<T>>[1]>[0]) => Promise<T>) =>
    asRole(databases.urls.programs.owner, work);
  beforeAll(() =>
    owner(async (sql) => {
      await sql`insert into clock_rule default values on conflict do nothing`;
      for (const [officer, role, program, region] of DUTIES)
        await sql`insert into officer_duty (id, officer_id, agency, role, region, program, valid_from, assigned_by)
          values (gen_random_uuid(), ${officer}, 'DINSOS_X', ${role}, ${region}, ${program}, '2020-01-01', 'test')`;
    }),
  );
  beforeEach(() => {
    clock.now = MORNING;
  });

  const send = (query: string, variables: object, who: Who): Promise<Asked> =>
    slice.ask(query, { ...who, variables: variables as Record<string, unknown> });
  return {
    slice,
    clock,
    owner,
    get urls() {
      return databases.urls;
    },
    /** A family enrolled, as an import of old lists leaves it: without history. */
    enrol: ({ state = "ACTIVE", program = "PKH", region = HERE, flag = null as string | null } = {}): Promise<Enrolled> =>
      owner(async (sql) => {
        const row = { id: randomUUID(), person: randomUUID(), unit: randomUUID() };
        await sql`insert into enrolment ${sql({
          ...{ id: row.id, person_id: row.person, unit_id: row.unit, program, state, region, started_on: "2024-01-01" },
          ...{ flag, flagged_since: flag === null ? null : "2026-07-01" },
        })}`;
        return row;
      }),
    read: async ({ id }: { id: string }, who: Who = DISTRICT) =>
      (await slice.ask(`query ($id: ID!) { enrolment(id: $id) { ${ENROLMENT} } }`, { ...who, variables: { id } })).data.enrolment,
    suspend: (of: Enrolled, version: number, who = DISTRICT) =>
      send(STEP("suspendEnrolment"), { input: { enrolment: of.id, version, reason: "alamat tidak ditemukan" } }, who),
    resume: (of: Enrolled, version: number, who = DISTRICT) =>
      send(STEP("resumeEnrolment"), { input: { enrolment: of.id, version, reason: "alamat sudah jelas" } }, who),
    exit: (of: Enrolled, input: object = {}, who = DISTRICT) =>
      send(
        END("exitEnrolment"),
        { input: { enrolment: of.id, version: 1, reason: "MOVED_ABROAD", words: "pindah", ...input } },
        who,
      ),
    graduate: (of: Enrolled, input: object = {}, who = DISTRICT) =>
      send(
        END("graduateEnrolment"),
        { input: { enrolment: of.id, version: 1, reason: "SELF_RELIANT", words: "mandiri", ...input } },
        who,
      ),
    confirm: ({ id, version }: Seen, who = OTHER) => send(DECIDE("confirmEnding"), { id, version }, who),
    reject: ({ id, version }: Seen, who = OTHER) => send(REJECT, { input: { id, version, reason: "bukti belum cukup" } }, who),
    withdraw: (of: Enrolled, input: object = {}, who = citizen(of.person)) =>
      send(WITHDRAW, { input: { enrolment: of.id, version: 1, isConfirmed: true, ...input } }, who),
    revoke: ({ id, version }: Seen, who: Who) => send(DECIDE("revokeProgramWithdrawal"), { id, version }, who),
    record: (of: Enrolled, input: object = {}, who = COMPANION) =>
      send(
        RECORD,
        {
          input: {
            ...{ enrolment: of.id, member: of.person, period: "2026-Q2", kind: "FAMILY_MEETING", attended: 1 },
            ...input,
          },
        },
        who,
      ),
    conclude: (of: Enrolled, input: object = {}, who = DISTRICT) =>
      send(CONCLUDE, { input: { enrolment: of.id, period: "2026-Q2", version: 0, ...input } }, who),
  };
}

interface Seen {
  readonly id: string;
  readonly version: number;
}
