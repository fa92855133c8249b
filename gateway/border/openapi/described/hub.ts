import { body, type Described, inPath, inQuery, OBJECT, refTo, STRING, told } from "../parts.ts";

const GRAPHQL = ["application/graphql-response+json", "application/json"];
const ANSWER = {
  type: "object",
  properties: { data: { type: ["object", "null"] }, errors: { type: "array", items: refTo("Error") }, extensions: OBJECT },
};
const REQUEST = {
  type: "object",
  properties: { query: STRING, documentId: STRING, operationName: { type: ["string", "null"] }, variables: OBJECT },
};
const PLAN = {
  type: "object",
  properties: {
    ...{ agreement: STRING, version: { type: "integer" }, rounds: { type: "integer" }, mermaid: STRING, cost: OBJECT },
    ...{
      denied: { type: "array", items: STRING },
      masked: { type: "array", items: STRING },
      fetches: { type: "array", items: OBJECT },
    },
  },
};
const variables = inQuery("variables", "JSON; tanpa identitas / as JSON, never an identifier.");

const json = told("Isi / what it says.", "application/json");
const open = { tags: ["hub"], isPublic: true } as const;
const ready = {
  ...open,
  summary: "Kesiapan / Whether the hub can answer, and what is missing",
  responses: { 200: json, 503: told("Belum siap / not ready.", "application/json") },
};
const labels = { ...open, responses: { 200: told("Teks menurut kunci / texts by key.", "application/json") } };

/** GraphQL, and what the hub tells of itself. */
export const HUB: readonly Described[] = [
  {
    ...{ method: "POST", path: "/graphql" },
    describes: {
      ...{ operationId: "ask", tags: ["graphql"], summary: "Tanya dengan GraphQL / Ask by GraphQL" },
      requestBody: body("Satu operasi / one operation.", "application/json", REQUEST),
      responses: { 200: told("Jawaban / the answer.", GRAPHQL, ANSWER) },
    },
  },
  {
    ...{ method: "GET", path: "/graphql" },
    describes: {
      ...{ operationId: "askByGet", tags: ["graphql"], summary: "Tanya dengan GET / Ask a query by GET, without identifiers" },
      parameters: [inQuery("query", "Dokumen / the document."), inQuery("operationName", "Operasi / operation."), variables],
      responses: {
        200: told("Jawaban / the answer.", GRAPHQL, ANSWER),
        405: told("Harus POST / by POST only.", GRAPHQL, refTo("Errors")),
      },
    },
  },
  {
    ...{ method: "GET", path: "/graphql/{documentId}" },
    describes: {
      ...{ operationId: "askTrusted", tags: ["graphql"], summary: "Tanya dokumen terdaftar / Ask a trusted document by its id" },
      parameters: [inPath("documentId", "sha256:<hex>"), variables],
      responses: { 200: told("Jawaban / the answer.", GRAPHQL, ANSWER) },
    },
  },
  {
    ...{ method: "GET", path: "/schema.graphql" },
    describes: {
      ...{ operationId: "schema", tags: ["graphql"], summary: "Skema pemanggil / The schema as the caller's agreement sees it" },
      responses: { 200: told("SDL.", "application/graphql") },
    },
  },
  {
    ...{ method: "POST", path: "/plan" },
    describes: {
      ...{
        operationId: "plan",
        tags: ["graphql"],
        summary: "Rencana pertanyaan / How a question would be fetched; it fetches nothing",
      },
      requestBody: body("Seperti POST /graphql / as POST /graphql.", "application/json", REQUEST),
      responses: { 200: told("Rencana / the plan.", "application/json", PLAN) },
    },
  },
  {
    ...{ method: "GET", path: "/session/agreements" },
    describes: {
      ...{
        operationId: "agreements",
        tags: ["hub"],
        summary: "PKS pemanggil / Numbers of the agreements the caller may ask under",
      },
      responses: { 200: told("Nomor / numbers.", "application/json", { type: "array", items: STRING }) },
    },
  },
  {
    ...{ method: "GET", path: "/health" },
    describes: {
      ...{ ...open, operationId: "health", summary: "Hidup / Whether the process lives" },
      parameters: [inQuery("ready", "Seperti /ready / as /ready.")],
      responses: { 200: json, 503: told("Belum siap / not ready.", "application/json") },
    },
  },
  { method: "GET", path: "/ready", describes: { ...ready, operationId: "ready" } },
  { method: "GET", path: "/readiness", describes: { ...ready, operationId: "readiness" } },
  {
    ...{ method: "GET", path: "/labels/id.json" },
    describes: { ...labels, operationId: "labelsId", summary: "Teks bahasa Indonesia / Texts in Indonesian" },
  },
  {
    ...{ method: "GET", path: "/labels/en.json" },
    describes: { ...labels, operationId: "labelsEn", summary: "Teks bahasa Inggris / Texts in English" },
  },
  {
    ...{ method: "GET", path: "/limits.json" },
    describes: { ...open, operationId: "limits", summary: "Batas / Every limit and its words", responses: { 200: json } },
  },
];
