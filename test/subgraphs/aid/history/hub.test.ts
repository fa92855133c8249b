import { expect, test } from "vitest";
import { useHub } from "../../../kit/hub.ts";
import { siti, slamet } from "../../../kit/people.ts";

// Enrolments through the whole hub, by the ready-made officers and agreements.

const hub = useHub();
const bansos = hub.as("bansos.dinsos_banyuwangi");
const bansos2 = hub.as("bansos2.dinsos_banyuwangi");
const companion = hub.as("pendamping.dinsos_banyuwangi");
const siti_ = hub.as("portal-warga", { person: siti.id });

const OF_PERSON = `query ($id: ID!) { person(id: $id) { enrolments { id version program { code } state } } }`;
const enrolmentOf = async (voice: typeof bansos, person: string, program: string) => {
  const { data, errors } = await voice.ask(OF_PERSON, { id: person });
  expect(errors).toEqual([]);
  return data["person"].enrolments.find((one: any) => one.program.code === program);
};
const SUSPEND = `mutation ($input: EnrolmentStepInput!) { suspendEnrolment(input: $input) { version state history { actor act reason } } }`;
const RESUME = `mutation ($input: EnrolmentStepInput!) { resumeEnrolment(input: $input) { version state } }`;
const EXIT = `mutation ($input: EndEnrolmentInput!) { exitEnrolment(input: $input) { id version state } }`;
const REJECT = `mutation ($input: RejectEndingInput!) { rejectEnding(input: $input) { state decisionWords } }`;

test("a district suspends and resumes, and two officers decide an exit", async () => {
  const { id, version } = await enrolmentOf(bansos, siti.id, "PKH");
  const step = (at: number) => ({ input: { enrolment: id, version: at, reason: "alamat tidak ditemukan" } });
  const suspended = await bansos.ask(SUSPEND, step(version));
  expect([suspended.errors, suspended.data["suspendEnrolment"]]).toEqual([
    [],
    {
      version: version + 1,
      state: "SUSPENDED",
      history: [{ actor: "bansos.dinsos_banyuwangi", act: "SUSPEND", reason: "alamat tidak ditemukan" }],
    },
  ]);
  expect((await bansos2.ask(SUSPEND, step(version))).errors[0]?.extensions["code"]).toBe("CONFLICT");
  expect((await bansos.ask(RESUME, step(version + 1))).errors).toEqual([]);
  const exit = { enrolment: id, version: version + 2, reason: "NOT_ELIGIBLE", words: "mampu menurut musyawarah" };
  const { data, errors } = await bansos.ask(EXIT, { input: exit });
  expect(errors).toEqual([]);
  const { state: _, ...seen } = data["exitEnrolment"];
  const own = await bansos.ask(REJECT, { input: { ...seen, reason: "sendiri" } });
  expect(own.errors[0]?.extensions["code"]).toBe("FORBIDDEN");
  const other = await bansos2.ask(REJECT, { input: { ...seen, reason: "bukti belum cukup" } });
  expect(other.data["rejectEnding"]).toEqual({ state: "REJECTED", decisionWords: "bukti belum cukup" });
});

test("a companion records commitments; nobody reads health out of them, and the ministry's machine nothing at all", async () => {
  const { id } = await enrolmentOf(companion, siti.id, "PKH");
  const input = { enrolment: id, member: siti.id, period: "2026-Q2", kind: "FAMILY_MEETING", attended: 2 };
  const record = await companion.ask(
    `mutation ($input: RecordCommitmentInput!) { recordCommitment(input: $input) { kind isFulfilled recordedBy } }`,
    { input },
  );
  expect([record.errors, record.data["recordCommitment"]]).toEqual([
    [],
    { kind: "FAMILY_MEETING", isFulfilled: true, recordedBy: "pendamping.dinsos_banyuwangi" },
  ]);
  const READ = `query ($id: ID!) { enrolment(id: $id) { commitments { kind isFulfilled exception } commitmentsOfHealth { kind } } }`;
  for (const voice of [companion, hub.as("program.kemensos")]) {
    const read = await voice.ask(READ, { id });
    expect(read.data["enrolment"]).toEqual({
      commitments: [{ kind: "FAMILY_MEETING", isFulfilled: true, exception: null }],
      commitmentsOfHealth: null,
    });
    expect(read.denied).toEqual(["CommitmentCheck.exception", "Enrolment.commitmentsOfHealth"]);
  }
  const machine = hub.as("kemensos");
  const read = await machine.ask(READ, { id: (await enrolmentOf(machine, siti.id, "PKH")).id });
  expect(read.denied).toEqual(expect.arrayContaining(["Enrolment.commitments", "Enrolment.commitmentsOfHealth"]));
});

test("a person withdraws from a program and takes it back, reads why, and not which officer", async () => {
  const { data } = await siti_.ask(`{ dataSubject { enrolments { id version state program { code } } } }`);
  const { id, version } = data["dataSubject"].enrolments.find((one: any) => one.program.code === "BPNT");
  const withdrawn = await siti_.ask(
    `mutation ($input: WithdrawFromProgramInput!) { withdrawFromProgram(input: $input) { id version state revocableUntil } }`,
    { input: { enrolment: id, version, isConfirmed: true } },
  );
  expect(withdrawn.errors).toEqual([]);
  const { id: ending, version: seen } = withdrawn.data["withdrawFromProgram"];
  const back = await siti_.ask(
    `mutation ($id: ID!, $version: Int!) { revokeProgramWithdrawal(id: $id, version: $version) { state decidedAt } }`,
    { id: ending, version: seen },
  );
  expect(back.data["revokeProgramWithdrawal"].state).toBe("REVOKED");
  const read = await siti_.ask(
    `{ dataSubject { enrolments { program { code } state history { act reason actor } endings { proposedBy } } } myCommitments { kind attended recordedBy } }`,
  );
  expect(read.denied).toEqual(
    expect.arrayContaining(["AidTransition.actor", "EnrolmentEnding.proposedBy", "CommitmentCheck.recordedBy"]),
  );
  const bpnt = read.data["dataSubject"].enrolments.find((one: any) => one.program.code === "BPNT");
  expect([bpnt.state, bpnt.history.map((line: any) => line.act)]).toEqual(["ACTIVE", ["SUSPEND", "RESUME"]]);
  expect(read.data["myCommitments"]).toEqual([{ kind: "FAMILY_MEETING", attended: 2, recordedBy: null }]);
  const other = await hub
    .as("portal-warga", { person: slamet.id })
    .ask(`mutation ($input: WithdrawFromProgramInput!) { withdrawFromProgram(input: $input) { id } }`, {
      input: { enrolment: id, version: version + 2, isConfirmed: true },
    });
  expect(other.errors[0]?.extensions["code"]).toBe("CONFLICT");
});

test("a district's work list counts what must be looked at", async () => {
  const { data, errors } = await bansos.ask(
    `{ enrolmentsToReview(region: "3510") { totalCount nodes { reasons since enrolment { id state } } } }`,
  );
  expect(errors).toEqual([]);
  expect(data["enrolmentsToReview"].totalCount).toBe(data["enrolmentsToReview"].nodes.length);
});
