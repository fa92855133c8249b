import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { useHub } from "../../kit/hub.ts";

const QUESTION = readFileSync("docs/questions/households.graphql", "utf8");
const hub = useHub();

/** SQL statements by source of one asking of the README's question. */
async function statementsFor(first: number): Promise<{ households: number; statements: Record<string, number> }> {
  hub.facts.length = 0;
  const { data, errors } = await hub.as("kemensos").ask(QUESTION, { first });
  expect(errors).toEqual([]);
  const statements: Record<string, number> = {};
  for (const { service, statements: count } of hub.facts) statements[service] = (statements[service] ?? 0) + count;
  return { households: data["households"].nodes.length, statements };
}

test("a page of fifty households costs exactly as many SQL statements as a page of three", async () => {
  const few = await statementsFor(3);
  const many = await statementsFor(50);
  expect([few.households, many.households]).toEqual([3, 50]);
  expect(many.statements).toEqual(few.statements);
});

test("at most one statement an access path", async () => {
  const { statements } = await statementsFor(50);
  // welfare: page, members, deciles, versions, statistics with its version · population: persons, regions · programs: enrolments,
  // payments, programs · governance: agency, agreement
  expect(statements["welfare"]).toBeLessThanOrEqual(6);
  expect(statements["population"]).toBeLessThanOrEqual(2);
  expect(statements["programs"]).toBeLessThanOrEqual(3);
  expect(statements["governance"]).toBeLessThanOrEqual(3);
  expect(Object.values(statements).every((count) => count > 0)).toBe(true);
});
