import type { BorderRoute } from "../../types/border.ts";

/** An address as it is described; whoever serves it stands elsewhere. */
export type Described = Pick<BorderRoute, "method" | "path" | "describes" | "schemas">;

/** A schema, a parameter or a response as OpenAPI writes it. */
export type Part = Readonly<Record<string, unknown>>;

export const STRING = { type: "string" };
export const OBJECT = { type: "object" };
export const refTo = (schema: string): Part => ({ $ref: `#/components/schemas/${schema}` });

export const headerOf = (name: string): Part => ({ $ref: `#/components/headers/${name}` });

export const inPath = (name: string, description: string, schema: Part = STRING): Part => ({
  ...{ name, in: "path", required: true, description, schema },
});
export const inQuery = (name: string, description: string, schema: Part = STRING): Part => ({
  ...{ name, in: "query", required: false, description, schema },
});
export const body = (description: string, mediaType = "application/json", schema: Part = OBJECT): Part => ({
  ...{ description, required: true, content: { [mediaType]: { schema } } },
});

/** An answer with content; without a media type it has none. */
export const told = (description: string, mediaType?: string | readonly string[], schema?: Part): Part => {
  const types = [mediaType ?? []].flat();
  const one = (type: string) => ({ schema: schema ?? (type.includes("json") ? OBJECT : STRING) });
  return { description, ...(types.length > 0 && { content: Object.fromEntries(types.map((type) => [type, one(type)])) }) };
};

export const TAGS: readonly { readonly name: string; readonly description: string }[] = [
  { name: "graphql", description: "GraphQL — pintu utama / the main door" },
  { name: "rest", description: "Dokumen terdaftar — trusted documents by name" },
  { name: "record", description: "Catatan akses — receipts, data tracker, a person's copy" },
  { name: "matching", description: "Pemadanan NIK — files matched against the register" },
  { name: "evidence", description: "Bukti — bytes of evidence" },
  { name: "events", description: "Peristiwa program — events of the aid programs" },
  { name: "figures", description: "Angka yang dirilis — released figures" },
  { name: "openData", description: "Data terbuka — figures for everybody" },
  { name: "exports", description: "Ekspor baris — files of rows" },
  { name: "hub", description: "Hub — health, limits, labels, this description" },
  { name: "DCI", description: "DCI — registri sosial menurut standar SPDCI / registries as the DCI standard asks them" },
  { name: "Satu Data", description: "Satu Data Indonesia — metadata of every type and field" },
  {
    name: "dukcapil",
    description: "Verifikasi elemen — bentuk permintaan Dukcapil / requests in the shape of Dukcapil's service",
  },
  { name: "regions", description: "Wilayah — kode BPS dan Kemendagri / region codes and their history" },
];

/** What a description is made of that no address has for itself. */
export const COMPONENTS = {
  securitySchemes: {
    token: {
      ...{ type: "http", scheme: "bearer", bearerFormat: "JWT" },
      description: "Token akses OAuth 2.0 klien / an access token of the client's issuer.",
    },
  },
  parameters: {
    HubAgreement: header("Hub-Agreement", "Nomor PKS / number of the agreement, where the client has several."),
    HubCase: header("Hub-Case", "Nomor perkara / case number, where the purpose asks for one; never a NIK."),
    AcceptLanguage: header("Accept-Language", "id (bawaan) atau en / language of messages."),
  },
  headers: {
    Receipt: { description: "Tanda terima — id of the answer's entry in the access record.", schema: STRING },
    Partial: { description: "Jumlah galat — how many errors stand in `errors`: a part of the data is missing.", schema: STRING },
    Next: { description: 'Halaman berikut — the address of the next page, `rel="next"`; absent on the last.', schema: STRING },
    RateLimit: { description: "Sisa laju — what is left of the agreement's rates (IETF draft 11).", schema: STRING },
    RateLimitPolicy: { description: "Aturan laju — the rates, and own limits of one question (IETF draft 11).", schema: STRING },
    RetryAfter: { description: "Detik — seconds until it may be tried again.", schema: { type: "integer" } },
  },
  schemas: {
    Error: {
      type: "object",
      description: "Galat — one error as GraphQL tells it.",
      properties: {
        message: { type: "string", description: "Menurut Accept-Language / by Accept-Language." },
        path: { type: "array", items: { type: ["string", "integer"] } },
        extensions: {
          type: "object",
          properties: { code: STRING, coordinate: STRING, requestId: STRING },
          required: ["code"],
          additionalProperties: true,
        },
      },
      required: ["message", "extensions"],
      additionalProperties: true,
    },
    Errors: {
      type: "object",
      properties: { errors: { type: "array", items: refTo("Error") } },
      required: ["errors"],
      additionalProperties: true,
    },
    Problem: {
      type: "object",
      description: "Masalah — RFC 9457, with the hub's code.",
      properties: {
        type: { type: "string", format: "uri", description: "Teks kode / where the code's text stands." },
        ...{ title: STRING, status: { type: "integer" }, detail: STRING, code: STRING, coordinate: STRING },
        ...{ requestId: STRING, receipt: STRING, errors: { type: "array", items: refTo("Error") } },
      },
      required: ["type", "title", "status", "code"],
    },
  },
} as const;

function header(name: string, description: string): Part {
  return { name, in: "header", required: false, description, schema: STRING };
}
