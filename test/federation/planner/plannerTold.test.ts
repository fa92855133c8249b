import { expect, test } from "vitest";
import { authorize } from "../../../gateway/authorize/authorize.ts";
import { outlineOf } from "../../../gateway/plan/outline/outline.ts";
import { keysGiven, sentBy } from "../../../gateway/plan/outline/sent.ts";
import { planOf } from "../../../gateway/plan/plan.ts";
import { loadSupergraph, NO_LIMITS } from "../../../gateway/plan/supergraph.ts";
import type { Fetch } from "../../../gateway/types/plan.ts";
import type { Supergraph } from "../../../gateway/types/supergraph.ts";
import { decide, supergraphOf } from "../runtime/hubOf.ts";
import { ask, asked } from "./question/question.ts";
import { drawWorld } from "./world/draw.ts";
import { randomOf } from "./world/random.ts";
import { sdlOf } from "./world/sdl.ts";

const [WORLDS, QUESTIONS] = [4, 8];

/** Random supergraphs that the composer takes. */
function* supergraphs(): Generator<readonly [seed: number, supergraph: Supergraph]> {
  for (let seed = 1, found = 0; found < WORLDS; seed++)
    try {
      const sdl = supergraphOf(drawWorld(seed).parts.map((part) => [part.name, sdlOf(part), {}]));
      yield [seed, loadSupergraph(sdl, { limits: NO_LIMITS })];
      found += 1;
    } catch {
      // refused by the composer
    }
}

/** Keys and inputs that an entity fetch sends and none of those it waits for has given. */
function ungiven(fetch: Fetch, step: readonly Fetch[], full: Supergraph["full"]): readonly string[] {
  const before = fetch.waits.map((at) => sentBy(step[at] as Fetch, full));
  return sentBy(fetch, full).parts.flatMap(({ group, paths }) => {
    const keys = new Set(
      [...(group?.key ?? []), ...(group?.requires ?? [])].flatMap((need) => ("key" in need ? [need.key] : [])),
    );
    return paths.flatMap((path) => {
      const given = new Set(before.flatMap((one) => keysGiven(one, path, keys)));
      return [...keys].filter((key) => !given.has(key));
    });
  });
}

test("of every random plan it is told who gave each key, and where its objects stand; who sees all has nothing hidden", () => {
  let entities = 0;
  for (const [seed, supergraph] of supergraphs()) {
    const random = randomOf(seed);
    for (let left = QUESTIONS; left > 0; left--) {
      const document = ask(supergraph.api, random) ?? "{ __typename }";
      const question = { ...asked(document), decisions: decide({}), deadline: Number.POSITIVE_INFINITY };
      const permitted = authorize(question, supergraph);
      const plan = planOf(permitted.rewrite, supergraph);
      const { fetches } = outlineOf({ ...permitted, plan }, { supergraph, seen: supergraph.full, language: "en" });
      const asks = fetches.flatMap((fetch) => fetch.asks);
      expect(
        asks.filter(({ at }) => at.some((path) => path.includes("…"))),
        document,
      ).toEqual([]);
      expect(
        fetches.filter(({ unseen, reasons }) => unseen > 0 || reasons.length === 0),
        document,
      ).toEqual([]);
      for (const step of plan.steps)
        for (const fetch of step) expect(ungiven(fetch, step, supergraph.full), `seed ${seed}: ${document}`).toEqual([]);
      entities += fetches.filter(({ kind }) => kind === "entities").length;
    }
  }
  expect(entities).toBeGreaterThan((WORLDS * QUESTIONS) / 2);
});
