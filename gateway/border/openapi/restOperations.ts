import { isListType } from "graphql";
import type { Supergraph } from "../../types/supergraph.ts";
import { isPublic, type RestDocument } from "../rest/document.ts";
import type { Parameter } from "../rest/parameters.ts";
import { told as answerOf, type Described, headerOf, type Part, refTo } from "./parts.ts";
import { shapeOf } from "./selection.ts";
import { describedBy, inputOf } from "./types.ts";

/** The addresses of a document, as OpenAPI tells them: parameters by its variables, answers by its selection and the schema. */
export function describedDocument(document: RestDocument, supergraph: Supergraph): readonly Described[] {
  const { name, operation, operationName, fragments, classes, byGet, isCurated, connection } = document;
  const root = supergraph.api.getRootType(operation.operation);
  if (!root) return [];
  const [first] = Object.values(operation.selectionSet.selections).flatMap((node) => (node.kind === "Field" ? [node] : []));
  const summaryOf = (verb: string) =>
    `${operationName}: ${isCurated ? "dokumen hub / document of the hub" : "dokumen PKS / document of the agreement"}, ${verb}`;
  const shape = shapeOf(root, operation.selectionSet.selections, { supergraph, fragments });
  const schemas = { [schemaOf(operationName)]: { ...shape, properties: { ...(shape["properties"] as object), errors: ERRORS } } };
  const told = {
    tags: ["rest"],
    ...describedBy(first && root.getFields()[first.name.value]?.description),
    "x-classification": classes,
  };
  const byPost: Described = {
    ...{ method: "POST", path: `/rest/${name}`, schemas },
    describes: {
      ...{ ...told, operationId: `${lower(operationName)}ByPost`, summary: summaryOf("POST") },
      ...(document.parameters.length > 0 && { requestBody: bodyOf(document) }),
      responses: responsesOf(operationName, connection !== null, false),
    },
  };
  if (!byGet) return [byPost];
  const get: Described = {
    ...{ method: "GET", path: `/rest/${name}`, schemas },
    describes: {
      ...{ ...told, operationId: `${lower(operationName)}ByGet`, summary: summaryOf("GET") },
      parameters: document.parameters.map(queryParameter),
      responses: { ...responsesOf(operationName, connection !== null, true), ...(isPublic(document) && UNCHANGED) },
    },
  };
  return [get, byPost];
}

const lower = (name: string): string => `rest${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** What whoever asked may keep. */
const UNCHANGED = { 304: answerOf("Tidak berubah / not changed.") };

const schemaOf = (operationName: string): string => `Rest${operationName}`;
/** Beside the data where a part of them is missing. */
const ERRORS = { type: "array", items: refTo("Error") };

function responsesOf(operationName: string, isList: boolean, byGet: boolean): Readonly<Record<string, object>> {
  const rows = { "application/x-ndjson": { schema: { type: "string", description: "Satu baris satu objek / one row a line." } } };
  return {
    200: {
      description: "Data; sebagian bila ada Hub-Partial / the data, a part of them where Hub-Partial stands.",
      headers: {
        ...{ "Hub-Receipt": headerOf("Receipt"), "Hub-Partial": headerOf("Partial") },
        ...(isList && byGet && { Link: headerOf("Next") }),
      },
      content: { "application/json": { schema: refTo(schemaOf(operationName)) }, ...(isList && rows) },
    },
  };
}

function queryParameter({ name, type, isRequired, byDefault, description }: Parameter): Part {
  const schema = withDefault(notNull(inputOf(type)), byDefault);
  const isList = isListType(type) || ("ofType" in type && isListType(type.ofType));
  return {
    ...{ name, in: "query", required: isRequired, ...describedBy(description), schema },
    ...(isList && { style: "form", explode: true }),
  };
}

/** In an address nothing is null: what is not said is not there. */
function notNull(schema: Part): Part {
  const { type, enum: values } = schema;
  if (!Array.isArray(type)) return schema;
  return { ...schema, type: type[0] as unknown, ...(Array.isArray(values) && { enum: values.filter((one) => one !== null) }) };
}

const withDefault = (schema: Part, byDefault: unknown): Part =>
  byDefault === undefined ? schema : { ...schema, default: byDefault };

function bodyOf({ parameters }: RestDocument): Part {
  const required = parameters.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  const properties = Object.fromEntries(
    parameters.map(({ name, type, byDefault, description }) => [
      name,
      { ...withDefault(inputOf(type), byDefault), ...describedBy(description) },
    ]),
  );
  const schema = { type: "object", properties, ...(required.length > 0 && { required }), additionalProperties: false };
  return { required: required.length > 0, content: { "application/json": { schema } } };
}
