import type { Folder, Item, Request } from "./collection.ts";
import { exampleOf, type Schema } from "./example.ts";

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
  readonly example?: unknown;
}
interface Media {
  readonly schema?: Schema;
  readonly example?: unknown;
}
interface Operation {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, Media>> };
  readonly security?: readonly object[];
}
/** An OpenAPI 3.1 description, as far as a collection needs it. */
export interface Described {
  readonly security?: readonly object[];
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: {
    readonly schemas?: Readonly<Record<string, Schema>>;
    readonly parameters?: Readonly<Record<string, Parameter>>;
  };
}

const METHODS = ["get", "post", "put", "patch", "delete"];

/** A folder a tag, a request an operation. Null: nothing is described. */
export function restFolders(openApi: Described | null): Folder[] {
  const folders = new Map<string, Item[]>();
  for (const [path, operations] of Object.entries(openApi?.paths ?? {}))
    for (const method of METHODS) {
      const operation = operations[method] as Operation | undefined;
      if (operation === undefined || path === "/graphql") continue; // GraphQL has a folder of its own, with questions in it
      const [tag = "REST"] = operation.tags ?? [];
      const name = operation.summary ?? operation.operationId ?? `${method} ${path}`;
      const item = { name, request: requestOf(openApi as Described, { method, path, operation }) };
      folders.set(tag, [...(folders.get(tag) ?? []), item]);
    }
  return [...folders].map(([name, item]) => ({ name, item }));
}

interface Addressed {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

function requestOf(openApi: Described, { method, path, operation }: Addressed): Request {
  const parameters = (operation.parameters ?? []).flatMap((one) => parameterOf(one, openApi));
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const isPublic = operation.security?.length === 0 || (operation.security === undefined && openApi.security?.length === 0);
  const header = parameters
    .filter((one) => one.in === "header")
    .map(({ name, ...one }) => ({ key: name, value: headerValue(name, one) }));
  return {
    method: method.toUpperCase(),
    header: [...(type === undefined ? [] : [{ key: "content-type", value: type }]), ...header],
    url: urlOf(path, parameters),
    ...(operation.description !== undefined && { description: operation.description }),
    ...(isPublic && { auth: { type: "noauth" } }),
    ...(type !== undefined && media && { body: bodyOf(type, media, openApi) }),
  };
}

function parameterOf(one: Parameter | { readonly $ref: string }, { components }: Described): Parameter[] {
  if (!("$ref" in one)) return [one];
  const found = components?.parameters?.[one.$ref.split("/").at(-1) ?? ""];
  return found ? [found] : [];
}

/** The agreement is the environment's, whatever the description gives for an example. */
const headerValue = (name: string, { schema, example }: Pick<Parameter, "schema" | "example">): string =>
  name.toLowerCase() === "hub-agreement" ? "{{agreement}}" : givenValue({ schema, example });

const givenValue = ({ schema, example }: { schema?: Schema | undefined; example?: unknown }): string =>
  String(example ?? schema?.example ?? schema?.default ?? schema?.enum?.[0] ?? "");

function urlOf(path: string, parameters: readonly Parameter[]): object {
  const parts = path.split("/").filter((part) => part !== "");
  const named = parts.map((part) => (part.includes("{") ? `:${part.replaceAll(/[{}]/g, "")}` : part));
  const query = parameters
    .filter((one) => one.in === "query")
    .map((one) => ({ key: one.name, value: givenValue(one), disabled: one.required !== true, ...described(one) }));
  const variable = parts.filter((part) => part.includes("{")).map((part) => variableOf(part, parameters));
  const asked = query.filter(({ disabled }) => !disabled).map(({ key, value }) => `${key}=${value}`);
  const raw = `{{hubUrl}}/${named.join("/")}${asked.length > 0 ? `?${asked.join("&")}` : ""}`;
  return { raw, host: ["{{hubUrl}}"], path: named, ...(query.length > 0 && { query }), ...(variable.length > 0 && { variable }) };
}

/** A variable of Postman is a whole part of the path: `{code}.json` is one, too. */
function variableOf(part: string, parameters: readonly Parameter[]): object {
  const of = (name: string) => parameters.find((one) => one.in === "path" && one.name === name);
  const value = part.replaceAll(/\{(\w+)\}/g, (_, name: string) => givenValue(of(name) ?? {}));
  const [, first = ""] = /\{(\w+)\}/.exec(part) ?? [];
  const parameter = of(first);
  return { key: part.replaceAll(/[{}]/g, ""), value, ...(parameter && described(parameter)) };
}

const described = ({ description }: Parameter) => (description === undefined ? {} : { description });

function bodyOf(type: string, media: Media, { components }: Described): object {
  const example = media.example ?? exampleOf(media.schema ?? {}, components?.schemas ?? {});
  if (!type.includes("json")) return { mode: "raw", raw: typeof example === "string" ? example : "" };
  return { mode: "raw", raw: JSON.stringify(example, null, 2), options: { raw: { language: "json" } } };
}
