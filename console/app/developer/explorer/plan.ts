import { CombinedError } from "@urql/core";
import { headersUnder } from "../../kit/ask.tsx";

export type FieldTold =
  | {
      readonly field: string;
      readonly as?: string;
      readonly arguments?: readonly string[];
      readonly below?: readonly FieldTold[];
    }
  | { readonly on: string; readonly below: readonly FieldTold[] };

export interface FetchTold {
  readonly id: number;
  readonly round: number;
  readonly service: string;
  readonly waits: readonly number[];
  readonly finds: readonly { readonly type: string; readonly key: string | null; readonly from: readonly number[] }[];
  readonly asks: readonly { readonly type: string; readonly at: readonly string[]; readonly fields: readonly FieldTold[] }[];
  readonly output: readonly string[];
  readonly internal: readonly string[];
  readonly arguments: readonly string[];
  readonly reasons: readonly string[];
}

/** How the hub would fetch a question, as POST /plan tells it. */
export interface Plan {
  readonly agreement: string;
  readonly version: number;
  readonly denied: readonly string[];
  readonly rounds: number;
  readonly fetches: readonly FetchTold[];
  readonly mermaid: string;
}

export interface Asked {
  readonly question: string;
  /** JSON, as written; empty: none. */
  readonly variables: string;
  readonly operationName: string | null;
}

interface Under {
  readonly agreement: string | null;
  readonly caseNumber: string | null;
}

/** The plan of a question under an agreement, or what keeps it from one. Never rejects. */
export async function planOf({ question, variables, operationName }: Asked, under: Under): Promise<Plan | CombinedError> {
  try {
    const given: unknown = variables.trim() === "" ? {} : JSON.parse(variables);
    const headers = { ...headersUnder(under.agreement, under.caseNumber), "content-type": "application/json" };
    const body = JSON.stringify({ query: question, variables: given, operationName });
    const response = await fetch("/plan", { method: "POST", headers, body });
    const told = await response.json();
    return "fetches" in told ? (told as Plan) : new CombinedError({ graphQLErrors: told.errors, response });
  } catch (error) {
    return error instanceof SyntaxError
      ? new CombinedError({ graphQLErrors: [{ message: error.message }] })
      : new CombinedError({ networkError: error as Error });
  }
}

/** What a fetch asks, on one line: `Person { nama: fullName nik }`. */
export const asText = ({ type, fields }: FetchTold["asks"][number]): string => `${type} ${block(fields)}`;

const block = (fields: readonly FieldTold[]): string => `{ ${fields.map(fieldText).join(" ")} }`;

function fieldText(told: FieldTold): string {
  if ("on" in told) return `... on ${told.on} ${block(told.below)}`;
  const { field, as, arguments: given = [], below } = told;
  const used = given.length > 0 ? `(${given.map((one) => `${one}:`).join(" ")})` : "";
  return `${as === undefined ? "" : `${as}: `}${field}${used}${below ? ` ${block(below)}` : ""}`;
}
