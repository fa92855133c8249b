import { isApprovalSigned } from "../../approval.ts";
import { readContent, sha256Hex } from "../../content.ts";
import { isEndorsed } from "../../endorsement.ts";
import { isSignedBy, keyIdOf } from "../../keys.ts";
import { canonical } from "./canonical.ts";
import { type FileApproval, type PolicyFile, signedText } from "./policyFile.ts";

/** What a verifier believes: keys of governance (SPKI, base64url; none: the file's own), and origins of consoles. */
export interface Trust {
  readonly keys: readonly string[];
  readonly origins: readonly string[];
}

/** What is wrong with the hashes and signatures of a file, as sentences; none: it is what it says. */
export function faultsOfSignatures(file: PolicyFile, trust: Trust): string[] {
  const { signature, ...unsigned } = file;
  const { publicKey, keyId, value } = signature;
  const isSigned = isSignedBy(publicKey, signedText(unsigned), value) && keyId === keyIdOf(publicKey);
  const isTrusted = trust.keys.length === 0 || trust.keys.includes(publicKey);
  return [
    ...(isSigned ? [] : ["signature: not governance's over this file"]),
    ...(isTrusted ? [] : [`signature: by the key ${keyId}, which is not trusted here`]),
    ...(saysTheSame(unsigned) ? [] : ["content: not what the signed text says"]),
    ...unsigned.approvals.flatMap((approval, at) => {
      const fault = faultOf(approval, file, trust);
      return fault === null ? [] : [`approvals[${at}]: ${fault}`];
    }),
  ];
}

function faultOf(approval: FileApproval, { content, text, keys, signature }: PolicyFile, { origins }: Trust): string | null {
  const { steward, keyId, owner, capacity, decision, contentSha256 } = approval;
  if (contentSha256 !== sha256Hex(text)) return "of another content";
  const key = keys.find((one) => one.keyId === keyId);
  const isTheirs =
    key !== undefined && key.stewardId === steward && key.agencyCode === owner && isEndorsed(key, signature.publicKey);
  const mayDecide = isTheirs && steward !== content.author && key.roles.includes(capacity === "DPO" ? "DPO" : "STEWARD");
  if (!mayDecide) return `the key is not one ${steward} may decide with`;
  const { agreement, version } = content;
  const decided = { agreement, version, owner, capacity, decision, contentSha256 };
  return isApprovalSigned(decided, { key, signature: approval.signature, origins }) ? null : "a bad signature";
}

function saysTheSame({ text, content }: Pick<PolicyFile, "text" | "content">): boolean {
  try {
    return canonical(readContent(text)) === canonical(content);
  } catch {
    return false;
  }
}
