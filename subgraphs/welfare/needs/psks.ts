import { createHmac } from "node:crypto";
import { PSKS_KINDS } from "../../../drizzle/tables/welfare/welfare.ts";

/** One of the social-welfare potential: `institution` or `person` says which. */
export interface PsksRow {
  /** Opaque, and no way to the person's id, which an agreement may show as a pseudonym only. */
  readonly id: string;
  readonly kind: string;
  readonly region: string;
  readonly areas: readonly string[];
  readonly institution: string | null;
  readonly person: string | null;
}

interface Role {
  readonly personId: string;
  readonly kind: string;
  readonly region: string;
  readonly areas: readonly string[];
}
interface Institution extends Omit<Role, "personId"> {
  readonly id: string;
}

export const psksOfInstitution = ({ id, kind, region, areas }: Institution): PsksRow => ({
  id,
  kind,
  region,
  areas,
  institution: id,
  person: null,
});

/** `key`: of the slice, for this use only. Pure. */
export const psksOfRole = (key: Uint8Array, { personId, kind, region, areas }: Role): PsksRow => ({
  id: createHmac("sha256", key).update(`${personId}/${kind}`).digest("base64url").slice(0, 22),
  kind,
  region,
  areas,
  institution: null,
  person: personId,
});

/** The kind as the enum has it: one of the nation, or a region's own. Pure. */
export const enumKindOf = (code: string): (typeof PSKS_KINDS)[number] | "LOCAL" =>
  PSKS_KINDS.find((kind) => kind === code) ?? "LOCAL";
