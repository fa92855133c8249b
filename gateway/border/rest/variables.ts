import { type GraphQLInputType, getNullableType, isEnumType, isListType } from "graphql";
import { holdsNik, scrub } from "../../../schema/errors.ts";
import type { RestDocument } from "./document.ts";
import type { Parameter } from "./parameters.ts";

/** Variables of a question; or what is wrong with them, each fault by the name of its parameter and without its value. */
export type Given =
  | { readonly variables: Readonly<Record<string, unknown>>; readonly faults?: undefined }
  | { readonly faults: readonly string[] };

/** Parameters of an address, by the types of the variables. What is not said stays unsaid: the document's defaults hold. */
export function variablesIn(query: URLSearchParams, document: RestDocument): Given {
  const names = [...new Set(query.keys())];
  const variables: Record<string, unknown> = {};
  const faults = unknownIn(names, document);
  for (const parameter of document.parameters) {
    const texts = query.getAll(parameter.name);
    if (texts.length === 0) continue;
    const read = readValue(texts, parameter);
    if ("fault" in read) faults.push(`${parameter.name}: ${read.fault}`);
    else variables[parameter.name] = read.value;
  }
  return faults.length > 0 ? { faults: faults.slice(0, MOST_TOLD) } : { variables };
}

/** Faults beyond that are not told: who mends these learns of the next. */
const MOST_TOLD = 3;

/** Members of a body; their values are judged as those of any question. */
export function variablesOf(body: string | null, document: RestDocument): Given {
  const read = body ? json(body) : {};
  if (typeof read !== "object" || read === null || Array.isArray(read))
    return { faults: ["the body must be a JSON object of parameters"] };
  const faults = unknownIn(Object.keys(read), document);
  return faults.length > 0 ? { faults } : { variables: read as Readonly<Record<string, unknown>> };
}

function unknownIn(names: readonly string[], { name: document, parameters }: RestDocument): string[] {
  const known = parameters.map(({ name }) => name);
  const rest = known.length > 0 ? `it takes ${known.join(", ")}` : "it takes none";
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return [];
  const told = unknown.slice(0, MOST_TOLD).map((name) => JSON.stringify(scrub(name).slice(0, 40)));
  const more = unknown.length > MOST_TOLD ? ` (${unknown.length} in all)` : "";
  return [`${told.join(", ")}${more}: is no parameter of ${document}, ${rest}`];
}

type Read = { readonly value: unknown } | { readonly fault: string };

function readValue(texts: readonly string[], { type }: Parameter): Read {
  if (texts.some(holdsNik)) return { fault: "what may be a NIK has no place in an address; send it by POST" };
  const inner = getNullableType(type);
  if (!isListType(inner)) return texts.length > 1 ? { fault: "is given twice" } : oneOf(texts[0] ?? "", inner);
  const read = texts.map((text) => oneOf(text, getNullableType(inner.ofType)));
  return read.find((one) => "fault" in one) ?? { value: read.map((one) => ("value" in one ? one.value : null)) };
}

/** Of other scalars the text is the value. */
const READERS: Readonly<Record<string, readonly [pattern: RegExp, read: (text: string) => unknown, expects: string]>> = {
  Int: [/^-?\d{1,10}$/, Number, "must be a whole number"],
  Float: [/^-?\d{1,15}(?:\.\d{1,15})?$/, Number, "must be a number"],
  Boolean: [/^(?:true|false)$/, (text) => text === "true", "must be true or false"],
};

function oneOf(text: string, type: GraphQLInputType): Read {
  if (isEnumType(type)) {
    const names = type.getValues().map(({ name }) => name);
    return names.includes(text) ? { value: text } : { fault: `must be of ${names.join(", ")}` };
  }
  const [pattern, read, expects] = READERS[String(type)] ?? [/^/, String, ""];
  return pattern.test(text) ? { value: read(text) } : { fault: expects };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
