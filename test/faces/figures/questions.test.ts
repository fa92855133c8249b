import { readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";
import { expect, test } from "vitest";
import { documentsOfCommands, documentsOfPages, ownManifest } from "../../../cli/remote/ownDocuments.ts";
import { canonicalDocument } from "../../../schema/sdl/canonicalDocument.ts";

const schema = buildSchema(readFileSync("schema/api.graphql", "utf8"), { assumeValid: true });
const documents = [...documentsOfPages(), ...documentsOfCommands()].map(({ name, text }) => [name, text] as const);

test("the faces ask the hub something, and so do its commands", () => {
  expect(documentsOfPages().length).toBeGreaterThan(100);
  expect(documentsOfCommands().length).toBeGreaterThan(10);
});

test.each(documents)("%s is a question the hub's schema knows", (_, text) => {
  expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
});

test("all of them stand in the manifest by which their clients may ask them: `npx hub documents own > cli/run/ownDocuments.json`", () => {
  expect(readFileSync("cli/run/ownDocuments.json", "utf8")).toBe(ownManifest());
  expect(documents.filter(([, text]) => canonicalDocument(text) === null)).toEqual([]);
});
