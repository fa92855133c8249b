import { createConfig, lintFromString } from "@redocly/openapi-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describedServer } from "./server.ts";

// /openapi.json by the rules that Redocly recommends: those of others, so that no fault is ours alone to see.

let server: Awaited<ReturnType<typeof describedServer>>;
beforeAll(async () => {
  server = await describedServer();
});
afterAll(() => server.close());

async function problemsIn(document: object): Promise<string[]> {
  const config = await createConfig({ extends: ["recommended"] });
  const source = JSON.stringify(document);
  const found = await lintFromString({ source, absoluteRef: "/openapi.json", config });
  return found.map(({ ruleId, location: [at], message }) => `${ruleId} ${at?.pointer}: ${message}`);
}

test("the description of all addresses keeps the rules that Redocly recommends, to the last warning", async () => {
  expect(await problemsIn(server.document)).toEqual([]);
});

test("a planted fault of each kind is found", async () => {
  const { document } = server;
  const [path = ""] = Object.keys(document["paths"]);
  const lost = structuredClone(document);
  lost["paths"][path].get.responses["200"].content = { "application/json": { schema: { $ref: "#/components/schemas/Lost" } } };
  lost["tags"].push({ name: "wordless" });
  delete lost["paths"]["/graphql"].post.operationId;
  const problems = (await problemsIn(lost)).join("\n");
  for (const rule of ["no-unresolved-refs", "tag-description", "operation-operationId"]) expect(problems).toContain(rule);
});
