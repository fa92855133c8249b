import * as inForce from "../../schema/policy/inForce.ts";
import type { AgreementState, Effect } from "../../schema/policy/words.ts";

/** State of a version at `now` as the API names it. */
export const stateAt = (version: { readonly state: AgreementState; readonly validTo: string }, now: Date) =>
  upper(inForce.stateAt({ state: version.state, validTo: Date.parse(version.validTo) }, now.getTime()));

/** The effect of a grant as the API names it. */
export const effectOf = (effect: Effect) => upper(effect);

/** The words of policy are lower case in tables, upper case in GraphQL. */
const upper = <Word extends string>(word: Word) => word.toUpperCase() as Uppercase<Word>;
