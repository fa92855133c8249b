/** Figures on their way from the slice they are of to the statistics: a head, a cell a line (JSON), and a last line in which the slice attests them. */

export interface ReleaseHead {
  readonly cube: string;
  /** `YYYY-MM`. */
  readonly period: string;
  /** Of this cube and month, from 1; a later one takes the place of an earlier one. */
  readonly number: number;
  /** Instant the figures are of, RFC 3339 in UTC. */
  readonly asOf: string;
  /** The month is over. */
  readonly isFinal: boolean;
}

/**
 * One cell, fit to be published. `region`: `0` the country, else digits. `key`: a code of every dimension of the cube, in its order, `*` for all of them.
 * All null: withheld. `persons` is null in cubes of households and families (`showsPersons`). `units` and `persons` are rounded to base 5; `total` is whole rupiah, null too where the cube has none or a few dominate it.
 */
export interface ReleasedCell {
  readonly region: string;
  readonly key: readonly string[];
  readonly persons: number | null;
  readonly units: number | null;
  readonly total: string | null;
}

/** What a slice attests of a release. `sha256`: of all lines before the last, line ends included, hex. */
export interface ReleaseSaid extends ReleaseHead {
  readonly cells: number;
  readonly sha256: string;
}

/** Kind of the attestation in the last line, `{"attestation": …}`; it is about `<cube>/<period>/<number>`. */
export const RELEASE = "RELEASE";
