import { hash } from "node:crypto";
import { type Code, type Receipt, Refusal } from "../../../schema/errors.ts";
import type { HttpAnswer, Incoming } from "../../types/chain.ts";
import { isHeld } from "../negotiate.ts";
import { refuse } from "../respond.ts";

/** An error as GraphQL tells it. */
export interface ErrorEntry {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: Code; readonly coordinate?: string; readonly receipt?: Receipt };
}

/** A question's answer, and what stands in it. */
export interface Told {
  readonly http: HttpAnswer;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly ErrorEntry[];
  readonly receipt: string | undefined;
}

type Body = Partial<Pick<Told, "data" | "errors">> & {
  readonly extensions?: { readonly governance?: { readonly receipt?: Receipt | null } };
};

/** What a question of the hub's own, or a document, came to. One that is hidden from who asks is forbidden, under the same receipt: it is good in itself. */
export function told(http: HttpAnswer, asked: Incoming): Told {
  const { data = null, errors = [], extensions } = JSON.parse(http.body) as Body;
  const receipt = extensions?.governance?.receipt ?? errors[0]?.extensions.receipt;
  if (errors[0]?.extensions.code === "GRAPHQL_VALIDATION_FAILED") return told(forbidden(asked, receipt), asked);
  return { http, data, errors, receipt: receipt?.id };
}

const forbidden = (asked: Incoming, receipt: Receipt | null | undefined): HttpAnswer =>
  refuse(new Refusal({ code: "FORBIDDEN", ...(receipt && { receipt }) }), asGraphql(asked));

/** GraphQL's own media type: of it alone every refusal has a status of its own. */
export const asGraphql = (asked: Incoming): Incoming => ({
  ...asked,
  headers: { ...asked.headers, accept: "application/graphql-response+json" },
});

export const withReceipt = ({ headers }: HttpAnswer, receipt: string | undefined): HttpAnswer["headers"] => ({
  ...headers,
  ...(receipt !== undefined && { "hub-receipt": receipt }),
});

/** The tag of a text: another text has another. */
export const tagOf = (text: string): string => `"${hash("sha256", text, "base64url")}"`;

/** An answer with its tag; to whoever holds it already, that nothing has changed. */
export function tagged(answer: HttpAnswer, { headers: asked }: Pick<Incoming, "headers">, etag = tagOf(answer.body)): HttpAnswer {
  const headers = { ...answer.headers, etag };
  if (!isHeld(asked["if-none-match"], etag)) return { ...answer, headers };
  const { "content-type": _, ...bare } = headers as HttpAnswer["headers"];
  return { status: 304, headers: bare, body: "" };
}
