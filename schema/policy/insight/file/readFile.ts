import { LIMIT_NAMES } from "../../questionLimits.ts";
import { DATA_TOPICS, DOCUMENT_RULES, EFFECTS, STEWARD_ROLES, USES } from "../../words.ts";
import { type PolicyFile, SCHEMA } from "./policyFile.ts";
import { bool, list, matching, nullable, object, oneOf, record, text, textOrNumber, whole } from "./shapes.ts";

const instant = matching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/, "an instant in UTC (RFC 3339)");
const sha256 = matching(/^[0-9a-f]{64}$/, "a SHA-256 in hex");
const base64url = matching(/^[\w-]+$/, "base64url");

const grant = object({
  kind: oneOf(["coordinate", "class"]),
  selector: text,
  topic: nullable(oneOf(DATA_TOPICS)),
  use: oneOf(USES),
  effect: oneOf(EFFECTS),
  maskFn: nullable(text),
  params: nullable(record(list(textOrNumber))),
  clause: text,
  widenReason: nullable(text),
  home: nullable(list(text)),
  elsewhere: nullable(text),
  condition: nullable(text),
});

const said = {
  v: oneOf([1]),
  agreement: text,
  version: whole(1),
  consumer: text,
  purpose: text,
  needsCase: bool,
  needsOfficer: bool,
  validFrom: instant,
  validTo: instant,
  rowScope: object({ regions: list(text), programs: nullable(list(text)), decileMax: nullable(whole(0)) }),
  quota: nullable(whole(0)),
  verification: object({ floor: whole(1), attemptsOnSubject: whole(0), attemptsOfClient: whole(0) }),
  onDenied: oneOf(["null", "reject"]),
  addresses: list(text),
  documents: oneOf(DOCUMENT_RULES),
  armed: nullable(object({ minutes: whole(1), persons: whole(1) })),
  author: nullable(text),
  grants: list(grant),
  coordinates: list(text),
};
const limits = object({}, Object.fromEntries(LIMIT_NAMES.map((name) => [name, whole(1)])));
const content = object(said, { limits });

const approval = object({
  ...{ owner: text, steward: text, capacity: oneOf(["OWNER", "DPO"]), decision: oneOf(["APPROVED", "REJECTED"]) },
  ...{ contentSha256: sha256, keyId: base64url, signature: text, at: instant },
});
const key = object({
  ...{ keyId: base64url, stewardId: text, agencyCode: text, roles: list(oneOf(STEWARD_ROLES)) },
  ...{ kind: oneOf(["ED25519", "WEBAUTHN"]), publicKey: base64url, endorsement: base64url },
});
/** schema/policy/policy-file.schema.json says the same to others; a test holds them together. */
const file = object({
  ...{ $schema: oneOf([SCHEMA]), v: oneOf([1]), content, text, approvals: list(approval), keys: list(key) },
  signature: object({ keyId: base64url, publicKey: base64url, value: base64url }),
});

/** A policy file, or everything that is wrong with its form, each with its place. Signatures are not looked at. */
export function readPolicyFile(json: string): PolicyFile | { readonly faults: readonly string[] } {
  const faults: string[] = [];
  try {
    const value: unknown = JSON.parse(json);
    file(value, "", faults);
    return faults.length > 0 ? { faults } : (value as PolicyFile);
  } catch {
    return { faults: ["the file: is not JSON"] };
  }
}
