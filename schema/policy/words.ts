// The closed lists of policy. Tables, seeds, API and decisions take theirs from here; a test holds the enums of the SDL equal.

/** What a grant does to a coordinate, from open to closed: the order is the order of restrictiveness. */
export const EFFECTS = ["allow", "mask", "band", "claim", "pseudonym", "aggregate", "deny"] as const;
export type Effect = (typeof EFFECTS)[number];

/** What may be done with a coordinate. */
export const USES = ["OUTPUT", "LOOKUP", "VERIFY", "FILTER", "SORT", "GROUP", "AGGREGATE"] as const;
export type Use = (typeof USES)[number];

/** How strictly a coordinate is governed (UU 27/2022 art. 4, UU 24/2013 art. 84). */
export const DATA_CLASSES = ["PUBLIC", "GENERAL", "SPECIFIC", "ADMINDUK_84", "DERIVED", "ADMINISTRATION"] as const;
export type DataClass = (typeof DATA_CLASSES)[number];

/** Narrow a class where one ceiling for all of it would be wrong. */
export const DATA_TOPICS = ["HEALTH", "BIOMETRIC", "GENETIC", "CRIME", "CHILD", "FINANCE"] as const;
export type DataTopic = (typeof DATA_TOPICS)[number];

/** Life cycle of an agreement version. */
export const AGREEMENT_STATES = [
  "draft",
  "in_review",
  "approved",
  "active",
  "suspended",
  "revoked",
  "expired",
  "superseded",
] as const;
export type AgreementState = (typeof AGREEMENT_STATES)[number];

/** Grounds of processing (UU 27/2022 art. 20). */
export const LEGAL_BASES = [
  "CONSENT",
  "CONTRACT",
  "LEGAL_OBLIGATION",
  "VITAL_INTEREST",
  "PUBLIC_TASK",
  "LEGITIMATE_INTEREST",
] as const;

/**
 * What a person may do for their agency: draft and approve, stop as its data protection officer, read everything, run the hub; an OFFICER acts in
 * the registry, a PROGRAM_OFFICER in the aid programs, and an ANALYST asks what the agency's own services may ask; those three govern nothing.
 */
export const STEWARD_ROLES = ["STEWARD", "DPO", "AUDITOR", "OPERATOR", "OFFICER", "PROGRAM_OFFICER", "ANALYST"] as const;
export type StewardRole = (typeof STEWARD_ROLES)[number];

/** Why a version is suspended. */
export const SUSPENSION_REASONS = ["REPORT_OVERDUE", "REVIEW_OVERDUE", "OWNER_STOP", "DPO_STOP", "INCIDENT"] as const;
export type SuspensionReason = (typeof SUSPENSION_REASONS)[number];

/** Which documents an agreement may send: any; any, and untrusted ones are counted; trusted ones only. */
export const DOCUMENT_RULES = ["open", "report", "trusted"] as const;
export type DocumentRule = (typeof DOCUMENT_RULES)[number];

/** Code of the agency that runs the hub. */
export const HUB = "HUB";
/** Purposes the hub itself is bound to: stewards govern access, data subjects exercise their rights (UU 27/2022 art. 5–13). */
export const ACCESS_GOVERNANCE = "ACCESS_GOVERNANCE";
export const DATA_SUBJECT_RIGHTS = "DATA_SUBJECT_RIGHTS";
/** The public asks whether somebody receives aid, counted by what the hub's own portal says of who asks. */
export const RECIPIENT_CHECKING = "RECIPIENT_CHECK";
/** Officers keep the registry (Permensos 3/2021), its services exchange events between controllers. */
export const REGISTRY_MANAGEMENT = "REGISTRY_MANAGEMENT";
export const REGISTRY_EXCHANGE = "REGISTRY_EXCHANGE";
/** Officers run the aid programs (Permensos 1/2018; Perpres 63/2017), from the catalogue to the payment. */
export const PROGRAM_MANAGEMENT = "PROGRAM_MANAGEMENT";
