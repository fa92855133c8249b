import { expect, test } from "vitest";
import { exploreAll } from "./explore.ts";

test("a random question under random denials is answered as one source would answer it under the same denials", async () => {
  const seen = await exploreAll({ apart: 1_000_000, worlds: 6, questions: 10, isDenying: true });
  expect(seen.questions).toBeGreaterThan(seen.worlds * 9);
  expect(seen.withDenials).toBeGreaterThan(seen.questions / 20);
}, 7_200_000);
