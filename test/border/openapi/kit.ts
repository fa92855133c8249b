import { holdsNik } from "../../../schema/errors.ts";

type Json = Record<string, any>;

const METHODS = ["get", "post", "put", "delete"];
const TYPES = ["object", "array", "string", "integer", "number", "boolean", "null"];

/** All that stands in a document, with where. */
function* walk(value: unknown, at = "#"): Generator<readonly [string, Json]> {
  if (typeof value !== "object" || value === null) return;
  yield [at, value as Json];
  for (const [key, below] of Object.entries(value))
    yield* walk(below, `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
}

export const resolve = (document: Json, ref: string): Json | undefined =>
  ref
    .slice(2)
    .split("/")
    .reduce<any>((at, key) => at?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], document);

const doubles = (names: readonly string[]): string[] => names.filter((name, at) => names.indexOf(name) !== at);

/** What is wrong with an OpenAPI 3.1 document, by the rules a client generator stumbles over. */
export function faultsIn(document: Json): string[] {
  const operations = Object.entries(document["paths"] as Json).flatMap(([path, item]) =>
    Object.entries(item as Json).map(([method, operation]) => ({ path, method, operation: operation as Json })),
  );
  const tags = (document["tags"] ?? []).map(({ name }: Json) => name) as string[];
  const templates = Object.keys(document["paths"]).map((path) => path.replaceAll(/\{\w+\}/g, "{}"));
  const text = JSON.stringify(document);
  return [
    ...(/^3\.1\.\d$/.test(document["openapi"]) ? [] : ["openapi: must be 3.1"]),
    ...(document["info"]?.title && document["info"].version ? [] : ["info: needs title and version"]),
    ...(document["servers"]?.[0]?.url ? [] : ["servers: none"]),
    ...doubles(operations.map(({ operation }) => operation["operationId"])).map((id) => `operationId ${id}: is given twice`),
    ...doubles(templates).map((path) => `${path}: several paths are this one`),
    ...doubles(tags).map((tag) => `tag ${tag}: is declared twice`),
    ...operations.flatMap((one) => ofOperation(document, one, tags).map((fault) => `${one.method} ${one.path}: ${fault}`)),
    ...[...walk(document)].flatMap(([at, value]) => ofPlace(document, at, value).map((fault) => `${at}: ${fault}`)),
    ...(holdsNik(text) ? ["something may be a NIK"] : []),
    ...Object.keys(document["components"]?.schemas ?? {})
      .filter((name) => !text.includes(`"#/components/schemas/${name}"`))
      .map((name) => `schema ${name}: nobody refers to it`),
  ];
}

interface One {
  readonly path: string;
  readonly method: string;
  readonly operation: Json;
}

function ofOperation(document: Json, one: One, tags: readonly string[]): string[] {
  const { method, operation } = one;
  const { operationId = "", summary = "", security = document["security"], tags: own = [] } = operation as Json;
  const rules: readonly (readonly [isKept: boolean, fault: string])[] = [
    [METHODS.includes(method), "no method of ours"],
    [/^[a-zA-Z]\w*$/.test(operationId), "needs an operationId"],
    [summary.includes("/"), "needs a summary in both languages"],
    [own.length > 0, "needs a tag"],
    [security !== undefined, "says nothing of security"],
    [method !== "get" || !operation["requestBody"], "by GET there is no body"],
    ...own.map((tag: string) => [tags.includes(tag), `tag ${tag} is not declared`] as const),
    ...(security ?? [])
      .flatMap(Object.keys)
      .map((name: string) => [name in document["components"].securitySchemes, name] as const),
  ];
  const faults = rules.filter(([isKept]) => !isKept).map(([, fault]) => fault);
  return [...faults, ...ofParameters(document, one), ...ofResponses(operation["responses"] ?? {})];
}

function ofParameters(document: Json, { path, operation }: One): string[] {
  const parameters: Json[] = (operation["parameters"] ?? []).map((one: Json) =>
    one["$ref"] ? resolve(document, one["$ref"]) : one,
  );
  const told = parameters.filter((one) => one["in"] === "path");
  const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  const names = told.map((one) => one["name"]).sort();
  return [
    ...(String(wanted) === String(names) ? [] : [`parameters of the path are ${wanted}, told ${names}`]),
    ...told.filter((one) => one["required"] !== true).map((one) => `${one["name"]}: must be required`),
    ...doubles(parameters.map((one) => `${one["in"]} ${one["name"]}`)).map((name) => `${name}: is told twice`),
    ...parameters.filter((one) => !one["schema"]).map((one) => `${one["name"]}: has no schema`),
  ];
}

function ofResponses(responses: Json): string[] {
  const statuses = Object.keys(responses);
  return [
    ...(statuses.some((status) => /^2\d\d$/.test(status)) ? [] : ["needs an answer of success"]),
    ...statuses.filter((status) => !/^(?:[1-5]\d\d|default)$/.test(status)).map((status) => `${status} is no status`),
    ...statuses.filter((status) => !responses[status].description).map((status) => `${status} has no description`),
  ];
}

const SCHEMA = /\/(?:schema|items|schemas\/[^/]+|properties\/[^/]+|anyOf\/\d+|allOf\/\d+|oneOf\/\d+)$/;

function ofPlace(document: Json, at: string, value: Json): string[] {
  if (typeof value["$ref"] === "string") return resolve(document, value["$ref"]) ? [] : [`${value["$ref"]} leads nowhere`];
  if (!SCHEMA.test(at)) return [];
  const { type = [], items, required = [], properties, enum: values = [""] } = value as Json;
  const types: string[] = [type].flat();
  return [
    ...types.filter((one) => !TYPES.includes(one)).map((one) => `${one} is no type`),
    ...(types.includes("array") && !items ? ["an array of what?"] : []),
    ...("nullable" in value ? ["nullable is of OpenAPI 3.0"] : []),
    ...(values.length === 0 || doubles(values.map(String)).length > 0 ? ["an odd enum"] : []),
    ...required
      .filter((name: string) => properties && !(name in properties))
      .map((name: string) => `requires ${name}, which it does not know`),
  ];
}

/** Where a value is not what a schema of the document says; the words of it that we use. */
export function misfits(document: Json, schema: Json, value: unknown): string[] {
  if (schema["$ref"]) return misfits(document, resolve(document, schema["$ref"]) ?? {}, value);
  const { anyOf, type = TYPES, enum: values, pattern } = schema as Json;
  if (anyOf) return anyOf.some((one: Json) => misfits(document, one, value).length === 0) ? [] : ["fits nothing"];
  if (![type].flat().some((one) => isOf(one, value))) return [`${JSON.stringify(value)} is no ${type}`];
  if (values && !values.includes(value)) return ["is not of the enum"];
  if (typeof value === "string" && pattern && !new RegExp(pattern).test(value)) return [`is not ${pattern}`];
  return isOf("array", value) || isOf("object", value) ? misfitsBelow(document, schema, value as Json) : [];
}

function misfitsBelow(document: Json, schema: Json, value: Json): string[] {
  const told = (at: string, faults: readonly string[]) => faults.map((fault) => `${at}: ${fault}`);
  if (Array.isArray(value)) return value.flatMap((one, at) => told(`[${at}]`, misfits(document, schema["items"] ?? {}, one)));
  const { properties = {}, required = [], additionalProperties } = schema as Json;
  const missing = required.filter((name: string) => !(name in value)).map((name: string) => `${name}: is missing`);
  const below = Object.entries(value).flatMap(([name, one]) => {
    if (properties[name]) return told(name, misfits(document, properties[name], one));
    return additionalProperties === false ? [`${name}: nobody told of it`] : [];
  });
  return [...missing, ...below];
}

const isOf = (type: string, value: unknown): boolean =>
  ({
    null: value === null,
    array: Array.isArray(value),
    object: typeof value === "object" && value !== null && !Array.isArray(value),
    integer: Number.isInteger(value),
  })[type] ?? typeof value === type;
