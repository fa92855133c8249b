import type { Db } from "../../../drizzle/client.ts";
import { type Compiler, compileVersion, contentOf, type Which } from "../../../drizzle/policy/compile.ts";
import { ceilingRules, newestSupergraph } from "../../../drizzle/policy/ground.ts";
import { reachToday } from "../../../drizzle/policy/reach.ts";
import { ceilingsFor } from "../../../schema/policy/ceilings.ts";
import { readContent } from "../../../schema/policy/content.ts";
import type { SuspensionReason } from "../../../schema/policy/words.ts";
import { badInput } from "../../kit/errors.ts";
import { refused, type Steward } from "../steward.ts";
import {
  approvalsOf,
  governedByNumber,
  inTheWayOf,
  keyOf,
  lockVersion,
  moveTo,
  noteAsked,
  noteEvent,
  type Parties,
  partiesOf,
  pin,
  type VersionRow,
} from "./data.ts";
import type { Draft } from "./draft/draft.ts";
import { draftFaults } from "./draft/draftFaults.ts";
import { conflict, named, refuseFaults, textFaults } from "./says.ts";

/** A steward at work: inside one transaction that may write. */
export interface Act {
  readonly db: Db;
  readonly steward: Steward;
  readonly now: Date;
}

/** A version, locked. Refusal BAD_USER_INPUT when there is none. */
export async function existing(db: Db, which: Which): Promise<VersionRow> {
  const row = await lockVersion(db, which);
  if (!row) throw badInput("version: there is no such version");
  return row;
}

/** Draft → in review: pins what it reaches today. */
export async function submit({ db, steward, now }: Act, which: Which): Promise<VersionRow> {
  const row = await existing(db, which);
  await mustConsume(db, steward, which.agreement);
  if (row.state !== "draft") throw conflict(`${named(row)} is ${row.state} already`);
  const content = readContent(await contentOf(db, which));
  const { catalogue } = await newestSupergraph(db);
  const ceilings = ceilingsFor(content.purpose, await ceilingRules(db));
  refuseFaults(draftFaults(content as unknown as Draft, { catalogue, ceilings, now, purpose: content.purpose }));
  await pin(db, which, await reachToday(db, which));
  const moved = await move(db, row, { state: "in_review" });
  const decided = await approvalsOf(db, [keyOf(row)]);
  const rejected = decided.find((one) => one.decision === "REJECTED" && one.contentSha256 === moved.contentSha256);
  if (rejected) throw conflict(`${rejected.ownerAgency} has rejected this very content of ${named(row)}: change it first`);
  return moved;
}

export async function withdraw(act: Act, { reason, ...which }: Which & { readonly reason: string }): Promise<VersionRow> {
  const row = await existing(act.db, which);
  await mustConsume(act.db, act.steward, which.agreement);
  refuseFaults(textFaults("reason", reason));
  if (row.state !== "in_review") throw conflict(`${named(row)} is ${row.state}, not in review`);
  await note(act, row, reason);
  return move(act.db, row, { state: "draft" });
}

/** Approved → active, with the table gateways judge by; `supersede` ends what is in the way. */
export async function activate(
  { db, steward, now }: Act,
  { supersede, ...which }: Which & { readonly supersede: boolean },
  compiler: Compiler,
): Promise<VersionRow> {
  const row = await existing(db, which);
  mustBeParty(steward, await partiesOf(db, row));
  if (row.state !== "approved") throw conflict(`${named(row)} is ${row.state}, not approved`);
  const before = supersede ? await inTheWayOf(db, row) : [];
  const stopped = before.find(({ state }) => state === "suspended");
  if (stopped) throw conflict(`${named(stopped)} is suspended: it is resumed or revoked before another takes its place`);
  if (before.length > 0 && new Date(row.validFrom) > now)
    throw conflict(`${named(row)} has not begun: nothing would be in force until then`);
  await compileVersion(db, which, compiler);
  for (const one of before) await move(db, one, { state: "superseded" });
  return move(db, row, { state: "active" });
}

/** Who may give a reason to stop; the rest is the clock's to give. Who must be the second to resume after it, too. */
const OWN_REASON: Partial<Record<SuspensionReason, (steward: Steward, parties: Parties) => boolean>> = {
  OWNER_STOP: ({ agencyCode }, { owners }) => owners.includes(agencyCode),
  DPO_STOP: ({ roles }) => roles.includes("DPO"),
  INCIDENT: () => true,
};
const WHOSE: Partial<Record<SuspensionReason, string>> = {
  OWNER_STOP: "a controller of its data",
  DPO_STOP: "a data protection officer",
};

/** Active → suspended, by any one of the parties. */
export async function suspend(
  act: Act,
  { reason, note: text, ...which }: Which & { readonly reason: SuspensionReason; readonly note: string },
): Promise<VersionRow> {
  const row = await existing(act.db, which);
  const parties = await partiesOf(act.db, row);
  mustBeParty(act.steward, parties);
  const mayGive = OWN_REASON[reason];
  refuseFaults([...(mayGive ? [] : [`reason: ${reason} is given by the clock`]), ...textFaults("note", text)]);
  if (!mayGive?.(act.steward, parties)) throw refused(`${reason} is for ${WHOSE[reason]} to say`);
  await note(act, row, text);
  return move(act.db, row, { state: "suspended", suspensionReason: reason });
}

/** The first of two. Whoever asks last is the one who asked. */
export async function askToResume(act: Act, which: Which): Promise<VersionRow> {
  const row = await existing(act.db, which);
  mustBeParty(act.steward, await partiesOf(act.db, row));
  if (row.state !== "suspended") throw conflict(`${named(row)} is ${row.state}, not suspended`);
  if (row.resumeAskedBy === act.steward.id) return row;
  await note(act, row, "asked to resume");
  return (await noteAsked(act.db, row, act.steward.id)) ?? row;
}

/** The second of two. */
export async function resume({ db, steward }: Act, which: Which): Promise<VersionRow> {
  const row = await existing(db, which);
  const parties = await partiesOf(db, row);
  mustBeParty(steward, parties);
  if (row.state !== "suspended") throw conflict(`${named(row)} is ${row.state}, not suspended`);
  if (row.resumeAskedBy === null) throw conflict(`nobody has asked to resume ${named(row)}: askToResume comes first`);
  if (row.resumeAskedBy === steward.id) throw refused("who asked to resume a version does not resume it: ask another steward");
  mustLift(steward, row, parties);
  return move(db, row, { state: "active" });
}

/** A stop is lifted, and what it fell on ended, by those whose reason it is. */
function mustLift(steward: Steward, row: VersionRow, parties: Parties): void {
  const { suspensionReason: reason, state } = row;
  if (state !== "suspended" || reason === null || OWN_REASON[reason]?.(steward, parties) !== false) return;
  throw refused(`${named(row)} was stopped as ${reason}: only ${WHOSE[reason]} resumes or revokes it`);
}

/** Approved, active or suspended → revoked, by any one of the parties; what was stopped, by one who could resume it. */
export async function revoke(act: Act, { reason, ...which }: Which & { readonly reason: string }): Promise<VersionRow> {
  const row = await existing(act.db, which);
  const parties = await partiesOf(act.db, row);
  mustBeParty(act.steward, parties);
  mustLift(act.steward, row, parties);
  refuseFaults(textFaults("reason", reason));
  await note(act, row, reason);
  return move(act.db, row, { state: "revoked" });
}

/** Moves a version; a state it has already is a CONFLICT, what the life cycle forbids the database says. */
export async function move(db: Db, row: VersionRow, to: Parameters<typeof moveTo>[2]): Promise<VersionRow> {
  const moved = await moveTo(db, row, to);
  if (!moved) throw conflict(`${named(row)} is ${to.state} already`);
  return moved;
}

/** Drafting is the consumer's, or the hub's operator's for it. */
export async function mustConsume(db: Db, { agencyCode, roles }: Steward, number: string): Promise<void> {
  const [agreement] = await governedByNumber(db, [number]);
  if (!agreement) throw badInput("agreement: there is no such agreement");
  if (agreement.consumerAgency === agencyCode || roles.includes("OPERATOR")) return;
  throw refused(`${number} is drafted by stewards of ${agreement.consumerAgency}`);
}

function mustBeParty({ agencyCode }: Steward, { consumer, owners }: Parties): void {
  if (agencyCode === consumer || owners.includes(agencyCode)) return;
  throw refused(`only stewards of ${[...new Set([consumer, ...owners])].join(", ")} may`);
}

export const note = ({ db, steward }: Act, { agreementNumber, version }: VersionRow, text: string): Promise<void> =>
  noteEvent(db, { actor: steward.id, kind: "note", agreementNumber, version, detail: text.trim() });
