import type { DescribedOperation } from "../../types/border.ts";

const text = { type: "string" } as const;
const short = { type: "string", minLength: 1, maxLength: 99 } as const;
const instant = { type: "string", format: "date-time" } as const;

const header = {
  type: "object",
  required: ["message_id", "message_ts", "action", "sender_id", "total_count"],
  properties: {
    version: { type: "string", default: "1.0.0" },
    message_id: short,
    message_ts: instant,
    action: text,
    sender_id: short,
    sender_uri: text,
    receiver_id: text,
    total_count: { type: "integer", minimum: 0 },
    is_msg_encrypted: { type: "boolean", default: false },
    meta: { type: "object" },
  },
} as const;

const item = {
  type: "object",
  required: ["reference_id", "timestamp", "search_criteria"],
  properties: { reference_id: short, timestamp: instant, search_criteria: { type: "object" }, locale: text },
} as const;

const envelope = (message: object) => ({
  type: "object",
  required: ["header", "message"],
  properties: { signature: text, header: { $ref: "#/components/schemas/DciHeader" }, message },
});
const messageOf = (name: string, value: object) => ({
  type: "object",
  required: ["transaction_id", name],
  properties: { transaction_id: short, [name]: value },
});

/** Messages of the standard as the hub takes and gives them. */
export const SCHEMAS: Readonly<Record<string, object>> = {
  DciHeader: header,
  DciSearchRequest: envelope(messageOf("search_request", { type: "array", minItems: 1, maxItems: 50, items: item })),
  DciEnrolledRequest: envelope(messageOf("enrolled_criteria", { type: "object" })),
  DciDisabledRequest: envelope(messageOf("disabled_criteria", { type: "object" })),
  DciAnswer: envelope({
    type: "object",
    required: ["transaction_id", "correlation_id"],
    properties: { transaction_id: short, correlation_id: short },
  }),
  DciKeys: { type: "object", required: ["keys"], properties: { keys: { type: "array", items: { type: "object" } } } },
};

const json = (name: string) => ({ "application/json": { schema: { $ref: `#/components/schemas/${name}` } } });

/** An operation that takes one message and gives another. */
export const describes = (operationId: string, summary: string, takes: string): DescribedOperation => ({
  operationId,
  tags: ["DCI"],
  summary,
  requestBody: { required: true, content: json(takes) },
  responses: { "200": { description: "Pesan jawaban yang ditandatangani / signed answer", content: json("DciAnswer") } },
});

export const KEYS_OPERATION: DescribedOperation = {
  operationId: "dciKeys",
  tags: ["DCI"],
  summary: "Kunci publik pesan DCI / public key of the hub's DCI messages",
  responses: { "200": { description: "JWK Set (RFC 7517)", content: json("DciKeys") } },
  isPublic: true,
};
