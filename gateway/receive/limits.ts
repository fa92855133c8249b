import type { FastifyInstance } from "fastify";
import { type Code, labelled, Refusal, type Text } from "../../schema/errors.ts";
import type { PublishedLimits } from "../types/rates.ts";

/** One limit as it is told. */
interface Told {
  readonly name: string;
  readonly max: number;
  /** What a request over it is refused with; absent: it is cut short. */
  readonly code?: Code;
  readonly status?: number;
  readonly description: Text;
}

/** GET /limits.json: every limit, its figure and its words. The same for everybody, so everybody may keep it. */
export function addLimits(app: FastifyInstance, published: PublishedLimits & { readonly bodyBytes: number }): void {
  const body = JSON.stringify(limitsTold(published));
  app.get("/limits.json", (_, reply) =>
    reply.headers({ "cache-control": "public, max-age=300", "content-type": "application/json; charset=utf-8" }).send(body),
  );
}

const [MAX_VALIDATION_ERRORS, MAX_ERRORS] = [5, 100];

function limitsTold(published: Parameters<typeof addLimits>[1]) {
  const { limits, rates, publicRates, choices, subjectsByPurpose, documents, bodyBytes } = published;
  return {
    question: [
      told("bodyBytes", bodyBytes, "PAYLOAD_TOO_LARGE"),
      ...Object.entries(limits).map(([name, max]) => told(name, max, "TOO_COSTLY")),
      told("validationErrors", MAX_VALIDATION_ERRORS),
      told("errors", MAX_ERRORS),
    ],
    agreement: {
      burst: { ...told("burst", rates.burst, "REQUEST_RATE_LIMITED"), windowSeconds: rates.windowSeconds },
      concurrent: told("concurrent", rates.concurrent, "REQUEST_RATE_LIMITED"),
      publicBurst: {
        ...told("publicBurst", publicRates.burst, "REQUEST_RATE_LIMITED"),
        windowSeconds: publicRates.windowSeconds,
      },
      choices: { ...told("choices", choices.burst, "REQUEST_RATE_LIMITED"), windowSeconds: choices.windowSeconds },
      publicConcurrent: told("publicConcurrent", publicRates.concurrent, "REQUEST_RATE_LIMITED"),
      persons: { name: "persons", code: "QUOTA_EXCEEDED", status: 429, windowSeconds: 86_400, description: words("persons") },
      ownLimits: { code: "TOO_COSTLY", status: 400, description: words("ownLimits") },
      subjectsByPurpose: { description: words("subjectsByPurpose"), max: subjectsByPurpose },
    },
    documents: { rule: documents, code: "DOCUMENT_NOT_TRUSTED", status: 400, description: words(`documents.${documents}`) },
    scope: words("scope"),
  };
}

const words = (name: string): Text => labelled("limits", name);

const told = (name: string, max: number, code?: Code): Told => ({
  name,
  max,
  ...(code && { code, status: new Refusal({ code }).status }),
  description: words(name),
});
