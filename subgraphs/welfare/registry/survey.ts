import type { Answer, Answers } from "../../../drizzle/tables/welfare/registry.ts";
import { badInput } from "../../kit/errors.ts";
import type { SurveyAnswerInput } from "../generated.ts";
import type { VariableRow } from "./data.ts";

/** An answer with its question. */
export interface AnswerRow {
  readonly variable: VariableRow;
  readonly answer: Answer;
}

/** The value that counts: the correction where the original was found wrong. */
export const inForce = ([original, , correction]: Answer): string => correction ?? original;

/** Answers as they are kept. Refuses a variable asked twice and a correction of what was not found wrong; what a variable may be, the instrument says. */
export function answersOf(inputs: readonly SurveyAnswerInput[]): Answers {
  const codes = inputs.map(({ code }) => code);
  const twice = codes.filter((code, at) => codes.indexOf(code) !== at).map((code) => `${code}: answered twice`);
  const faults = [...twice, ...inputs.flatMap(tripleFaults)];
  if (faults.length > 0) throw badInput(faults.join("; "));
  return Object.fromEntries(inputs.map((input) => [input.code, tripleOf(input)]));
}

function tripleFaults({ code, confirmation = null, correction = null }: SurveyAnswerInput): string[] {
  if (confirmation !== null && confirmation !== 1 && confirmation !== 2) return [`${code}: confirmation is 1 or 2`];
  return (confirmation === 2) === (correction !== null)
    ? []
    : [`${code}: a correction goes with confirmation 2, and only with it`];
}

function tripleOf({ original, confirmation, correction }: SurveyAnswerInput): Answer {
  if (correction != null) return [original, 2, correction];
  return confirmation === 1 ? [original, 1] : [original];
}

/** The answers of one opening, in order of code. A variable that the instrument does not know is not told. */
export function told(answers: Answers, variables: readonly VariableRow[], opens: VariableRow["opens"]): AnswerRow[] {
  return variables.flatMap((variable) => {
    const answer = variable.opens === opens ? answers[variable.code] : undefined;
    return answer ? [{ variable, answer }] : [];
  });
}
