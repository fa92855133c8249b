import { afterAll, expect, test } from "vitest";
import { exploreAll } from "./explore.ts";
import { SecondOpinion } from "./secondOpinion.ts";

const second = new SecondOpinion();
afterAll(() => second.close());

test("no plan takes more round trips than another planner's", async () => {
  const counted = { plans: 0, none: 0, rounds: 0, theirRounds: 0, fetches: 0, theirFetches: 0, withMoreFetches: 0 };
  const longer: string[] = [];
  await exploreAll({
    apart: 2_000_000,
    worlds: 4,
    questions: 8,
    async onQuestion(twin, text, seed) {
      for (const { document, rounds, fetches } of twin.planned(text)) {
        const theirs = await second.ask(twin.sdl, document);
        counted.none += Number(!theirs);
        if (!theirs) continue;
        counted.plans += 1;
        counted.rounds += rounds;
        counted.theirRounds += theirs.rounds;
        counted.fetches += fetches;
        counted.theirFetches += theirs.fetches;
        counted.withMoreFetches += Number(fetches > theirs.fetches);
        if (rounds > theirs.rounds) longer.push(`seed ${seed}: ${rounds} in place of ${theirs.rounds}: ${document}`);
      }
    },
  });
  process.stdout.write(`second opinion: ${JSON.stringify({ ...counted, longer: longer.length, crashes: second.crashes })}\n`);
  expect(counted.plans).toBeGreaterThan(counted.none);
  expect(longer).toEqual([]);
}, 7_200_000);
