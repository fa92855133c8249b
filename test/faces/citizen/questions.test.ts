import { readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";
import { expect, test } from "vitest";
import { ACCOUNTABILITY, ACCOUNTABILITY_FILE } from "../../../console/citizen/public/accountability.ts";
import { FIND_REGIONS, REGIONS } from "../../../console/citizen/public/regions.ts";
import { RECIPIENT } from "../../../console/citizen/public/result.ts";
import * as own from "../../../console/citizen/questions.ts";

const schema = buildSchema(readFileSync(new URL("../../../schema/api.graphql", import.meta.url), "utf8"));

test("every question of the citizens' pages is one the published schema answers", () => {
  const documents = { ...own, ACCOUNTABILITY, ACCOUNTABILITY_FILE, REGIONS, FIND_REGIONS, RECIPIENT };
  expect(Object.keys(documents).length).toBeGreaterThan(20);
  for (const [name, document] of Object.entries(documents))
    expect(
      validate(schema, parse(document)).map(({ message }) => message),
      name,
    ).toEqual([]);
});
