import type { RowScope, VerificationTerms } from "../../schema/caller.ts";
import type { TableVerdict } from "../../schema/policy/decisionTable.ts";
import type { Validity } from "../../schema/policy/inForce.ts";
import type { QuestionLimits } from "../../schema/policy/questionLimits.ts";
import type { DocumentRule } from "../../schema/policy/words.ts";

/** Everybody's policy as of one epoch, in one consistent reading. Immutable: a reload makes a new one. */
export interface Policy {
  readonly epoch: number;
  readonly clients: ReadonlyMap<string, PolicyClient>;
  /** Every steward and officer, also one who may not act: whom a token names is never taken for the client alone. */
  readonly officers: ReadonlyMap<string, PolicyOfficer>;
  /** Agreements by the agency that consumes. */
  readonly agreementsOf: ReadonlyMap<string, readonly Agreement[]>;
  /** Persons whose data are restricted (UU 27/2022 art. 41). The same object while nobody is added or gone. */
  readonly restricted: ReadonlySet<string>;
}

export interface PolicyClient {
  readonly agency: string;
  readonly isActive: boolean;
  /** Before when a sanction shuts it out, in ms of the Unix epoch; Infinity: until it is lifted; absent: none does. */
  readonly shutUntil?: number;
}

export interface PolicyOfficer {
  readonly agency: string;
  /** May govern access for the agency. */
  readonly governs: boolean;
  /** May keep the registry for the agency. */
  readonly registers: boolean;
  /** May run aid programs for the agency. */
  readonly administers: boolean;
  /** May ask what the agency's own services may ask. */
  readonly analyses: boolean;
  /** Until when nothing may be asked as an analyst, because every client of the agency itself is shut out; as of a client. */
  readonly shutUntil?: number;
}

export interface Agreement {
  readonly number: string;
  readonly purpose: string;
  /** Only stewards ask under it. A hint, by which one is chosen that nobody named: what holds is `Terms.needsOfficer`, which is signed. */
  readonly needsOfficer: boolean;
  /** As of a client: a sanction on all of its agency. Never of an agreement about governing access, so that the agency can answer. */
  readonly shutUntil?: number;
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
  /** Limits of one question; null: it has none of its own. */
  readonly limits: QuestionLimits | null;
  /** Refuse a question of which any part is denied. */
  readonly rejectsDenied: boolean;
}

/** A verdict of a decision table, or of whoever else decides (the library door). */
export type Verdict = TableVerdict;

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
