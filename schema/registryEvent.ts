import { type AttestationKeys, type Attested, readAttestation } from "./attestation.ts";

/** What the programs must know of the registry. */
export const REGISTRY_EVENT_KINDS = [
  "FAMILY_CHANGED",
  "MEMBER_DIED",
  "MEMBER_REVIVED",
  "NOT_ELIGIBLE",
  "ELIGIBLE_AGAIN",
] as const;

/** What a registry event says: ids only. `on`: WIB day from which it holds. `program`, `reason`: of eligibility alone; a program null: every one. */
export interface RegistrySaid {
  readonly kind: (typeof REGISTRY_EVENT_KINDS)[number];
  readonly on: string;
  readonly members: readonly string[];
  readonly persons: readonly string[];
  readonly families: readonly string[];
  readonly program?: string | null;
  readonly reason?: string;
}

/** The event an attestation of welfare proves; null: it proves none. `about`: its place, 1, 2, 3 …, without a gap. */
export const readRegistryEvent = (attestation: string, keys: AttestationKeys): Attested<RegistrySaid> | null =>
  readAttestation<RegistrySaid>(attestation, { by: "welfare", kind: "REGISTRY_EVENT", keys });
