import { basename } from "node:path";
import { Kind, parse, print } from "graphql";
import { type Described, restFolders } from "./rest.ts";

// Postman's collection format 2.1: https://schema.getpostman.com/json/collection/v2.1.0/collection.json

const SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

export interface Header {
  readonly key: string;
  readonly value: string;
}
export interface Request {
  readonly method: string;
  readonly header: readonly Header[];
  readonly url: object;
  readonly description?: string;
  readonly auth?: { readonly type: "noauth" };
  readonly body?: object;
}
export interface Item {
  readonly name: string;
  readonly request: Request;
}
export interface Folder {
  readonly name: string;
  readonly item: readonly Item[];
}

/** The questions of the files, and every address the hub describes. Secrets are variables of the environment, never values here. */
export function collectionOf(files: readonly (readonly [path: string, text: string])[], openApi: unknown): object {
  return {
    info: {
      name: "dtks-hub",
      schema: SCHEMA,
      description:
        "Tokens are asked for by client credentials: fill in clientId and clientSecret of the environment, then Get New Access Token.",
    },
    auth: { type: "oauth2", oauth2: Object.entries(AUTH).map(([key, value]) => ({ key, value, type: "string" })) },
    item: [
      { name: "GraphQL", item: files.flatMap(([path, text]) => questionsOf(basename(path, ".graphql"), text)) },
      ...restFolders(openApi as Described | null),
    ],
  };
}

const AUTH = {
  grant_type: "client_credentials",
  accessTokenUrl: "{{tokenUrl}}",
  clientId: "{{clientId}}",
  clientSecret: "{{clientSecret}}",
  client_authentication: "header",
  addTokenTo: "header",
  tokenName: "dtks-hub",
};

/** One request an operation of the document, each with the fragments of the whole. */
function questionsOf(file: string, text: string): Item[] {
  const { definitions } = parse(text, { noLocation: true });
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return definitions
    .filter((node) => node.kind === Kind.OPERATION_DEFINITION)
    .map((node) => {
      const query = print({ kind: Kind.DOCUMENT, definitions: [node, ...fragments] });
      const names = (node.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
      const variables = Object.fromEntries(names.map((name) => [name, null]));
      return { name: node.name?.value ?? file, request: questionOf(query, variables) };
    });
}

const questionOf = (query: string, variables: object): Request => ({
  method: "POST",
  header: [
    { key: "content-type", value: "application/json" },
    { key: "accept", value: "application/graphql-response+json" },
    { key: "hub-agreement", value: "{{agreement}}" },
  ],
  url: { raw: "{{hubUrl}}/graphql", host: ["{{hubUrl}}"], path: ["graphql"] },
  body: { mode: "graphql", graphql: { query, variables: JSON.stringify(variables, null, 2) } },
});

interface Places {
  readonly hub: string;
  readonly tokenUrl: string;
  readonly agreement: string;
}

/** Variables of the collection; those of a client are empty, and the secret is of the kind that is not shared. */
export const environmentOf = ({ hub, tokenUrl, agreement }: Places): object => ({
  name: "dtks-hub",
  _postman_variable_scope: "environment",
  values: [
    { key: "hubUrl", value: hub, type: "default", enabled: true },
    { key: "tokenUrl", value: tokenUrl, type: "default", enabled: true },
    { key: "agreement", value: agreement, type: "default", enabled: true },
    { key: "clientId", value: "", type: "default", enabled: true },
    { key: "clientSecret", value: "", type: "secret", enabled: true },
  ],
});
