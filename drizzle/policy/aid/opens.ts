/**
 * What one part of the aid programs opens to whom: schema coordinates. Officers of the ministry and of districts read the classes PUBLIC and GENERAL besides,
 * so for them only SPECIFIC and DERIVED coordinates are listed; all others read PUBLIC alone, so everything they need is listed.
 */
export interface OpensAid {
  /** Officers of the ministry's programs. */
  readonly ministry?: readonly string[];
  /** Officers of a regency, within it. */
  readonly district?: readonly string[];
  /** Officers of the treasury: every coordinate. */
  readonly treasury?: readonly string[];
  /** Officers of a bank or the post: every coordinate. */
  readonly bank?: readonly string[];
  /** Officers of the education ministries: every coordinate. */
  readonly education?: readonly string[];
  /** Officers of BPJS Kesehatan: every coordinate. */
  readonly health?: readonly string[];
  /** Persons, about themselves: every coordinate. */
  readonly citizen?: readonly string[];
  /** The exchange service between controllers: every coordinate. */
  readonly exchange?: readonly string[];
  /** Partners who subscribe to events (BPJS Kesehatan, the education ministry, the regency): every coordinate. */
  readonly subscriber?: readonly string[];
  /** Planners, who read released counts alone: coordinates with the effect `aggregate`. */
  readonly planner?: readonly string[];
  /** Not for the ministry's own machine client (PKS-2025-001), which reads whole classes. */
  readonly notForPrograms?: readonly string[];
}
