import { randomUUID } from "node:crypto";
import { type Act, acting, changedMeanwhile, citizenActing, officerActing } from "../../kit/acts/acting.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type {
  CandidateInput,
  DeliberationInput,
  EndorsementInput,
  OwnProposalInput,
  ProposalInput,
  RepairInput,
  ResponsibilityInput,
} from "../generated.ts";
import {
  candidatesFaults,
  claimFaults,
  type Faults,
  hashFault,
  manyFault,
  mustBeSound,
  textFault,
  villageFault,
} from "./claims.ts";
import * as data from "./data.ts";
import type { Act as Deed } from "./machine.ts";

const MAX_TEXT = 100;
const MAX_REASON = 500;
const MAX_ADDRESS = 200;

/** Acts of officers and persons on proposals. The rules of the database say who may do what when; what is refused undoes the whole act. */
export function acts(asking: Asking) {
  const act = acting(asking);
  return {
    draft: (input: ProposalInput) =>
      act((one) => {
        officerActing(one.caller);
        return enter(one, { ...input, basis: input.basis ?? "DTSEN" });
      }),
    submitOwn: (input: OwnProposalInput) =>
      act(async (one) => {
        citizenActing(one.caller);
        const { id, version } = await enter(one, { ...input, channel: "PERLINSOS_SELF", basis: "DTSEN" });
        return (await moveAll(one, "SUBMIT", { seen: [{ id, version }] }))[0] ?? null;
      }),
    repair: (input: RepairInput) => act((one) => repair(one, input)),
    move: (deed: Deed, seen: readonly data.Seen[], reason?: string) =>
      act((one) => {
        const faults: Faults = [];
        manyFault(
          faults,
          "proposals",
          seen.map(({ id }) => id),
        );
        textFault(faults, ["reason", reason, MAX_REASON]);
        mustBeSound(faults);
        return moveAll(one, deed, { seen, ...(reason !== undefined && { reason }) });
      }),
    deliberate: (input: DeliberationInput) => act((one) => deliberate(one, input)),
    attest: (input: ResponsibilityInput) => act((one) => attest(one, input)),
    endorse: (input: EndorsementInput) =>
      act((one) => {
        const { letterNumber, letterSha256, proposals } = input;
        const faults: Faults = [];
        textFault(faults, ["letterNumber", letterNumber, MAX_TEXT]);
        hashFault(faults, "letterSha256", letterSha256);
        manyFault(
          faults,
          "proposals",
          proposals.map(({ id }) => id),
        );
        mustBeSound(faults);
        return moveAll(one, "ENDORSE", { seen: proposals, letterNumber, letterSha256 });
      }),
  };
}

const claimOf = (id: string, input: CandidateInput): data.ClaimedCandidate => ({
  id,
  relation: input.relation,
  claimedName: input.claimedName,
  claimedNik: input.claimedNik ?? null,
  claimedBirthDate: input.claimedBirthDate ?? null,
  claimedSex: input.claimedSex ?? null,
  claimedBirthPlace: input.claimedBirthPlace ?? null,
  claimedCardNumber: input.claimedCardNumber ?? null,
});

type Entered = OwnProposalInput & Pick<ProposalInput, "channel"> & Pick<data.NewProposal, "basis">;

async function enter({ db }: Act, { village, address, aid, channel, basis, candidates }: Entered): Promise<data.ProposalRow> {
  const faults: Faults = [];
  villageFault(faults, village);
  textFault(faults, ["address", address, MAX_ADDRESS]);
  if (aid.length === 0) faults.push("aid must name at least one kind");
  candidatesFaults(faults, candidates);
  mustBeSound(faults);
  const id = randomUUID();
  const row = { id, region: village, channel, aid: [...new Set(aid)], basis, address };
  await data.insertProposal(
    db,
    row,
    candidates.map((input) => claimOf(randomUUID(), input)),
  );
  const [entered] = await data.proposalsById(db, [id]);
  if (!entered) throw new Error("a proposal just entered is not seen by who entered it");
  return entered;
}

/** Moves all or none. The rules name what they refuse; what is not as it was seen is told apart from what is unknown. */
async function moveAll(
  { db }: Act,
  deed: Deed,
  { seen, ...papers }: data.Papers & { readonly seen: readonly data.Seen[] },
): Promise<data.ProposalRow[]> {
  const moved = new Map((await data.moveProposals(db, deed, { seen, ...papers })).map((row) => [row.id, row]));
  if (moved.size < seen.length) {
    const ids = seen.map(({ id }) => id);
    const known = await data.proposalsById(db, ids);
    throw known.length < ids.length ? badInput("proposals: one of them is unknown") : changedMeanwhile("a proposal");
  }
  return seen.flatMap(({ id }) => moved.get(id) ?? []);
}

async function repair(one: Act, { proposal, address, candidates }: RepairInput): Promise<data.ProposalRow | null> {
  const faults: Faults = [];
  textFault(faults, ["address", address, MAX_ADDRESS]);
  for (const [i, { claim }] of candidates.entries()) claimFaults(faults, `candidates[${i}].claim`, claim);
  if (new Set(candidates.map(({ id }) => id)).size < candidates.length) faults.push("candidates must name each once");
  mustBeSound(faults);
  const [found] = await data.proposalsById(one.db, [proposal.id]);
  if (!found) throw badInput("proposal is unknown");
  const claims = candidates.map(({ id, claim }) => claimOf(id, claim));
  if ((await data.repairClaims(one.db, found.id, claims)) < claims.length)
    throw badInput("candidates: one is not of this proposal");
  const deed = found.state === "DRAFT" ? "EDIT" : "REPAIR";
  const [repaired] = await moveAll(one, deed, { seen: [proposal], ...(address != null && { address }) });
  return repaired ?? null;
}

async function deliberate(one: Act, input: DeliberationInput): Promise<data.DeliberationRow | null> {
  const { village: region, decisions, ...minutes } = input;
  minutesMustBeSound(input);
  const id = randomUUID();
  const decided = decisions.map(({ proposal, decision, reason }) => ({
    proposalId: proposal.id,
    decision,
    reason: reason ?? null,
  }));
  await data.insertDeliberation(one.db, { ...minutes, id, region }, decided);
  for (const [outcome, deed] of [
    ["ACCEPTED", "ACCEPT"],
    ["REJECTED", "REJECT"],
  ] as const) {
    const seen = decisions.filter(({ decision }) => decision === outcome).map(({ proposal }) => proposal);
    if (seen.length > 0) await moveAll(one, deed, { seen, deliberationId: id });
  }
  return (await data.deliberationsById(one.db, [id]))[0] ?? null;
}

function minutesMustBeSound({
  village,
  minutesNumber,
  attendees,
  quorum,
  documentSha256,
  listSha256,
  decisions,
}: DeliberationInput): void {
  const faults: Faults = [];
  villageFault(faults, village);
  textFault(faults, ["minutesNumber", minutesNumber, MAX_TEXT]);
  for (const [i, { name, office }] of attendees.entries()) {
    textFault(faults, [`attendees[${i}].name`, name, MAX_TEXT]);
    textFault(faults, [`attendees[${i}].office`, office, MAX_TEXT]);
  }
  if (quorum < 1 || attendees.length < quorum) faults.push("attendees must not be fewer than the quorum, which is at least 1");
  hashFault(faults, "documentSha256", documentSha256);
  hashFault(faults, "listSha256", listSha256);
  manyFault(
    faults,
    "decisions",
    decisions.map(({ proposal }) => proposal.id),
  );
  for (const [i, { decision, reason }] of decisions.entries()) {
    if (decision === "REJECTED" && reason == null) faults.push(`decisions[${i}].reason is needed for a rejection`);
    textFault(faults, [`decisions[${i}].reason`, reason, MAX_REASON]);
  }
  mustBeSound(faults);
}

async function attest(one: Act, input: ResponsibilityInput): Promise<data.StatementRow | null> {
  const { statementNumber, village: region, signedOn, documentSha256, proposals: seen } = input;
  const faults: Faults = [];
  villageFault(faults, region);
  textFault(faults, ["statementNumber", statementNumber, MAX_TEXT]);
  hashFault(faults, "documentSha256", documentSha256);
  manyFault(
    faults,
    "proposals",
    seen.map(({ id }) => id),
  );
  mustBeSound(faults);
  const id = randomUUID();
  await data.insertStatement(one.db, { id, region, statementNumber, signedOn, documentSha256 });
  await moveAll(one, "ATTEST", { seen, statementId: id });
  return (await data.statementsById(one.db, [id]))[0] ?? null;
}
