import type { DescribedOperation } from "../../types/border.ts";

const NAME = {
  name: "name",
  in: "path",
  required: true,
  description: "Nama dokumen / Name of the document, its operation's in kebab case.",
  schema: { type: "string", pattern: "^[a-z0-9]+(?:-[a-z0-9]+)*$" },
};

const whole = {
  description: "Data dokumen / The document's data.",
  content: { "application/json": { schema: { type: "object" } } },
};

const shared = {
  tags: ["rest"],
  parameters: [NAME],
  description:
    "Dokumen yang didaftarkan PKS pemanggil, atau dikirim bersama hub. / A document that the caller's agreement has registered, or that the hub ships. Each has an operation of its own here for whoever may ask it.",
};

/** What `/rest/{name}` is of documents that this description does not know. */
export const REST: Readonly<Record<"GET" | "POST", DescribedOperation>> = {
  GET: {
    ...shared,
    operationId: "askDocumentByGet",
    summary: "Tanya dokumen terdaftar / Ask a document by its name",
    responses: { 200: whole },
  },
  POST: {
    ...shared,
    operationId: "askDocument",
    summary: "Tanya dokumen terdaftar / Ask a document by its name, parameters in the body",
    requestBody: { content: { "application/json": { schema: { type: "object" } } } },
    responses: { 200: whole },
  },
};
