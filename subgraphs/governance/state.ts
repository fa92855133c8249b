import * as inForce from "../../schema/policy/inForce.ts";
import type { AgreementState, Effect } from "../../schema/policy/words.ts";

interface Stored {
  readonly state: AgreementState;
  readonly validFrom: string;
  readonly validTo: string;
  readonly suspendsAt: string | null;
}

/** A version's validity as the rules of policy take it. */
export const validityOf = ({ state, validFrom, validTo, suspendsAt }: Stored): inForce.Validity => ({
  state,
  validFrom: Date.parse(validFrom),
  validTo: Date.parse(validTo),
  suspendsAt: suspendsAt === null ? null : Date.parse(suspendsAt),
});

/** State of a version at `now` as the API names it. */
export const stateAt = (version: Stored, now: Date) => upper(inForce.stateAt(validityOf(version), now.getTime()));

/** The effect of a grant as the API names it. */
export const effectOf = (effect: Effect) => upper(effect);

/** The words of policy are lower case in tables, upper case in GraphQL. */
export const upper = <Word extends string>(word: Word) => word.toUpperCase() as Uppercase<Word>;

/** A version's limits of verification as the API names them. */
export const verificationOf = ({ similarityFloor: floor, attemptsOnSubject, attemptsOfClient, quota: persons }: Limits) => ({
  floor,
  attemptsOnSubject,
  attemptsOfClient,
  persons,
});

interface Limits {
  readonly similarityFloor: number;
  readonly attemptsOnSubject: number;
  readonly attemptsOfClient: number;
  readonly quota: number | null;
}
