import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema, parse, validate } from "graphql";
import { expect, test } from "vitest";

const CONSOLE = join(import.meta.dirname, "../../console");
const schema = buildSchema(readFileSync(join(CONSOLE, "../schema/api.graphql"), "utf8"), { assumeValid: true });
const FILES = readdirSync(CONSOLE, { recursive: true, encoding: "utf8" }).filter(
  (name) => /\.tsx?$/.test(name) && !name.startsWith("dist"),
);
/** Documents stand in their files as they are: what is filled in by `${…}` is a fragment of the same file. */
const documents = FILES.flatMap((name) => {
  const source = readFileSync(join(CONSOLE, name), "utf8");
  const parts = [...source.matchAll(/const (\w+) = \/\* GraphQL \*\/ `([^`]*)`/g)].map(([, part, text]) => [part, text] as const);
  const named = new Map(parts);
  const filled = (text: string): string => text.replace(/\$\{(\w+)\}/g, (_, part: string) => filled(named.get(part) ?? ""));
  return parts.map(([part, text]) => [`${name} ${part}`, filled(text as string)] as const);
}).filter(([, text]) => /^\s*(?:query|mutation)\b/.test(text));

test("the faces ask the hub something", () => {
  expect(documents.length).toBeGreaterThan(0);
});

test.each(documents)("%s is a question the hub's schema knows", (_, text) => {
  expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
});
