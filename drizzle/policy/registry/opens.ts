/**
 * What one part of the registry opens to whom beyond the classes PUBLIC and GENERAL, which every officer reads: schema coordinates. Mutations are
 * GENERAL: who may do what is the duty's, not the agreement's.
 */
export interface Opens {
  /** Officers of regencies, within their regency. */
  readonly regency?: readonly string[];
  /** Officers of the ministry. */
  readonly ministry?: readonly string[];
  /** Officers of BPS, who rank. */
  readonly ranking?: readonly string[];
  /** Officers of the civil registry. */
  readonly civil?: readonly string[];
  /** Persons, about themselves: every coordinate, for their agreement opens no class. */
  readonly citizen?: readonly string[];
  /** The exchange service between controllers: every coordinate. */
  readonly exchange?: readonly string[];
  /** Not for the ministry's own programs (PKS-2025-001), which read whole classes. */
  readonly notForPrograms?: readonly string[];
}
