import type { Compiler } from "../../../drizzle/policy/compile.ts";
import { type Decided, isApprovalSigned } from "../../../schema/policy/approval.ts";
import { isEndorsed, type StewardKey } from "../../../schema/policy/endorsement.ts";
import { badInput } from "../../kit/errors.ts";
import type { DecideVersionInput } from "../generated.ts";
import { refused } from "../steward.ts";
import { type Act, existing, move, note } from "./acts.ts";
import { insertApproval, keyInUse, missingApprovals, type Parties, partiesOf, type VersionRow } from "./data.ts";
import { conflict, named, refuseFaults, textFaults } from "./says.ts";

/**
 * One decision about one content. The signature is verified before anything is written; the compiler verifies it again whenever it signs a table.
 * The last approval needed makes the version approved in the same transaction, a rejection a draft again.
 */
export async function decideVersion(act: Act, input: DecideVersionInput, compiler: Compiler): Promise<VersionRow> {
  const { db, steward } = act;
  const { agreement, version, capacity, decision, contentSha256, keyId, signature, reason, opened } = input;
  const row = await existing(db, { agreement, version });
  if (row.state !== "in_review") throw conflict(`${named(row)} is ${row.state}, not in review`);
  const parties = await partiesOf(db, row);
  mustBeAsked(act, input, { row, parties });
  refuseFaults([
    ...(decision === "REJECTED" && reason == null ? ["reason: needed with REJECTED"] : []),
    ...(reason == null ? [] : textFaults("reason", reason)),
  ]);
  if (contentSha256 !== row.contentSha256) throw conflict(`${named(row)} says something else than what was read: read it again`);
  const decided = { agreement, version, owner: steward.agencyCode, capacity, decision, contentSha256 };
  await verifySignature(act, { decided, keyId, signature }, compiler);
  await insertApproval(db, {
    ...{ agreementNumber: agreement, version, ownerAgency: steward.agencyCode, stewardId: steward.id, capacity, decision },
    ...{ contentSha256, keyId, signature, reason: reason?.trim() ?? null, opened: [...new Set(opened ?? [])] },
  });
  if (decision === "REJECTED") {
    await note(act, row, reason ?? "");
    return move(db, row, { state: "draft" });
  }
  const missing = await missingApprovals(db, row);
  return missing.length > 0 ? row : move(db, row, { state: "approved" });
}

function mustBeAsked(
  { steward }: Act,
  { capacity }: DecideVersionInput,
  { row, parties: { consumer, owners } }: { readonly row: VersionRow; readonly parties: Parties },
): void {
  if (row.author === steward.id) throw refused(`the author of ${named(row)} does not decide about it: ask another steward`);
  const asked = capacity === "OWNER" ? owners : [consumer];
  if (asked.includes(steward.agencyCode)) return;
  throw refused(
    capacity === "OWNER"
      ? `${steward.agencyCode} controls nothing that ${named(row)} opens; asked are ${owners.join(", ")}`
      : `the duties of ${named(row)} are accepted by the data protection officer of ${consumer}`,
  );
}

interface SignedDecision {
  readonly decided: Decided;
  readonly keyId: string;
  readonly signature: string;
}

async function verifySignature(
  { db, steward }: Act,
  { decided, keyId, signature }: SignedDecision,
  { signer, origins }: Compiler,
): Promise<void> {
  const key = (await keyInUse(db, keyId)) as StewardKey | undefined;
  if (key?.stewardId !== steward.id || key.agencyCode !== steward.agencyCode || !isEndorsed(key, signer.publicKey))
    throw badInput("keyId: not a key of the asking steward in use");
  const role = decided.capacity === "DPO" ? "DPO" : "STEWARD";
  if (!key.roles.includes(role)) throw badInput(`keyId: the key does not stand for the role ${role}`);
  if (!isApprovalSigned(decided, { key, signature, origins }))
    throw badInput("signature: not the key's over this decision (AgreementVersion.toSign says what to sign)");
}
