import { expect, test } from "vitest";
import { drawnMarks, exploreAll } from "./explore.ts";

test("a random question over a random supergraph is answered as one source would answer it", async () => {
  const seen = await exploreAll({ apart: 0, worlds: 12, questions: 10 });
  expect(seen.worlds).toBeGreaterThanOrEqual(12);
  expect(seen.questions).toBeGreaterThan(seen.worlds * 9);
  expect(seen.fetches).toBeGreaterThan(seen.questions);
  expect(seen.withErrors).toBeGreaterThan(seen.questions / 100);
  expect(seen.mutations).toBeGreaterThan(seen.questions / 100);
  for (const [mark, count] of Object.entries(seen.marks))
    if (seen.worlds > 200) expect(count, mark).toBeGreaterThan(seen.worlds / 50);
}, 7_200_000);

test("everything that a supergraph may hold is drawn", () => {
  const worlds = 300;
  for (const [mark, count] of Object.entries(drawnMarks(worlds))) expect(count, mark).toBeGreaterThan(worlds / 50);
});
