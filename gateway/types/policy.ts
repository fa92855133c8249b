import type { RowScope, VerificationTerms } from "../../schema/caller.ts";
import type { Text } from "../../schema/errors.ts";
import type { Validity } from "../../schema/policy/inForce.ts";
import type { RowRule } from "../../schema/policy/masks.ts";
import type { DocumentRule } from "../../schema/policy/words.ts";

/** Everybody's policy as of one epoch, in one consistent reading. Immutable: a reload makes a new one. */
export interface Policy {
  readonly epoch: number;
  readonly clients: ReadonlyMap<string, PolicyClient>;
  /** Agency of each steward who may act. */
  readonly officers: ReadonlyMap<string, string>;
  /** Agreements by the agency that consumes. */
  readonly agreementsOf: ReadonlyMap<string, readonly Agreement[]>;
}

export interface PolicyClient {
  readonly agency: string;
  readonly isActive: boolean;
}

export interface Agreement {
  readonly number: string;
  readonly purpose: string;
  /** Only persons ask under it. */
  readonly needsOfficer: boolean;
  readonly versions: readonly AgreementVersion[];
}

export interface AgreementVersion extends Validity {
  readonly version: number;
  /** When an armed version is open, from and before in ms of the Unix epoch; null: it is not armed. */
  readonly windows: readonly (readonly [from: number, before: number])[] | null;
  /** What the version opens; null: it opens nothing now or soon, is still being read, or could not be compiled and is closed. */
  readonly terms: Terms | null;
}

export interface Terms {
  readonly rows: RowScope;
  readonly verification: VerificationTerms;
  readonly decisions: Decisions;
  readonly needsCase: boolean;
  readonly needsOfficer: boolean;
  /** May a request come from this address? */
  admits(address: string): boolean;
  readonly documents: DocumentRule;
  /** Opens nothing until two officers break the glass; then answers are stamped. */
  readonly isArmed: boolean;
  /** Refuse a question of which any part is denied. */
  readonly rejectsDenied: boolean;
}

/** `values`: the only ones an argument may take. `rows`: where a row is treated more strictly than the verdict says. */
export type Verdict =
  | { readonly effect: "allow"; readonly values?: readonly (string | number)[]; readonly rows?: readonly RowRule[] }
  | { readonly effect: "transform"; readonly kind: string; readonly rows?: readonly RowRule[] }
  | {
      readonly effect: "deny";
      readonly code: DenialCode;
      readonly reason?: Text;
      readonly clause?: string;
      readonly owner?: string;
      readonly instead?: readonly string[];
    };

export type DenialCode = "FIELD_NOT_GRANTED" | "FIELD_PROHIBITED" | "USE_NOT_GRANTED";

/** The policy of one caller, as the runtime sees it. Equal key ⇒ equal hidden set and equal verdicts. */
export interface Decisions {
  readonly key: string;
  /** Coordinates this caller's view of the schema does not contain. */
  readonly hidden: ReadonlySet<string>;
  /** "Person.nik" "Query.people(nik:)" "PersonWhere.name" "PersonOrder.DECILE": object, input and enum coordinates, never interface ones. */
  verdict(coordinate: string): Verdict;
  /** Holds the caller's secrets: called per request, never captured in anything cached. Null stays null and never gets here. */
  transform(kind: string, value: unknown, coordinate: string): unknown;
}
