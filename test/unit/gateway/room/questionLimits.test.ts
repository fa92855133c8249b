import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ceilingsOf, refuseLong } from "../../../../gateway/authenticate/ceilings.ts";
import { authorize } from "../../../../gateway/authorize/authorize.ts";
import { loadSupergraph, STANDARD_LIMITS } from "../../../../gateway/plan/supergraph.ts";
import type { Ceilings, Known } from "../../../../gateway/types/chain.ts";
import type { Decisions } from "../../../../gateway/types/policy.ts";
import { Refusal } from "../../../../schema/errors.ts";
import { readContent } from "../../../../schema/policy/content.ts";
import { HUB_LIMITS, LIMIT_NAMES, limitsUnder, narrowed } from "../../../../schema/policy/questionLimits.ts";
import { RECIPIENT_CHECKING } from "../../../../schema/policy/words.ts";
import { contentWith } from "../../../policy/kit/contents.ts";

const supergraph = loadSupergraph(readFileSync("schema/supergraph.graphql", "utf8"));
const decisions: Decisions = {
  ...{ key: "all", hidden: new Set() },
  ...{ verdict: () => ({ effect: "allow" }), transform: (_, value) => value },
};

/** The limit that whatever is done is refused by; null: it is not. */
function refused(done: () => unknown) {
  try {
    done();
    return null;
  } catch (error) {
    return error instanceof Refusal ? error.failures[0]?.limit : expect.fail(String(error));
  }
}
const asked = (document: string, ceilings?: Ceilings) =>
  refused(() => authorize({ document, decisions, deadline: Infinity, ...(ceilings && { ceilings }) }, supergraph));

test("what stewards may write as limits ends where the gateway's own begin", () => {
  const { bodyBytes, ...written } = HUB_LIMITS;
  expect(STANDARD_LIMITS).toMatchObject(written);
  expect(bodyBytes).toBe(100_000);
});

const DEEP = "{ me { agreement { purpose { code } } } }";
const ALIASED = "{ a: __typename b: __typename c: __typename }";
test.each<[string, Ceilings, { name: string; actual: number; max: number } | null]>([
  [DEEP, { depth: 3 }, { name: "depth", actual: 4, max: 3 }],
  [DEEP, { depth: 4 }, null],
  [ALIASED, { aliases: 2 }, { name: "aliases", actual: 3, max: 2 }],
  [ALIASED, { rootFields: 2 }, { name: "rootFields", actual: 3, max: 2 }],
  [ALIASED, { depth: 99, aliases: 99, rootFields: 99, tokens: 99_999 }, null],
])("%s under %j is refused by its own limits, also when another agreement has had it read", (document, ceilings, limit) => {
  expect(asked(document, ceilings)).toEqual(limit);
  expect(asked(document)).toBeNull();
  expect(asked(document, ceilings)).toEqual(limit);
});

test("tokens are counted no further than the agreement may go, and to the end once the document is known", () => {
  const document = `{ ${"__typename ".repeat(9)} me { client } }`;
  expect(asked(document, { tokens: 10 })).toEqual({ name: "tokens", actual: 11, max: 10 });
  expect(asked(document)).toBeNull();
  expect(asked(document, { tokens: 10 })).toEqual({ name: "tokens", actual: 15, max: 10 });
});

test("a document over its agreement's limits is refused before it is validated", () => {
  expect(asked("{ nobody { knows { this } } }", { depth: 2 })).toMatchObject({ name: "depth" });
});

test("limits wider than the hub's widen nothing", () => {
  expect(narrowed(STANDARD_LIMITS, { depth: 99, tokens: 1e9, aliases: 500, rootFields: 50 })).toEqual(STANDARD_LIMITS);
  expect(limitsUnder("ANY", { depth: 99, subjects: 1e9 })).toEqual(HUB_LIMITS);
  expect(ceilingsOf("ANY", null, { depth: 99, aliases: 3 })).toEqual({ depth: 14, aliases: 3 });
});

test("of an agreement's own limit and its purpose's the least holds", () => {
  expect(ceilingsOf(RECIPIENT_CHECKING, 7, { subjects: 500, depth: 3 })).toEqual({ subjects: 100, depth: 3, persons: 7 });
  expect(ceilingsOf(RECIPIENT_CHECKING, null, { subjects: 5 })).toEqual({ subjects: 5 });
  expect(ceilingsOf("ANY", null, null)).toEqual({});
  expect(limitsUnder(RECIPIENT_CHECKING, { subjects: 500 }).subjects).toBe(100);
});

test("a body is measured as it came", () => {
  const sent = (bodyBytes: number, ceilings?: Ceilings) => refused(() => refuseLong({ bodyBytes, ceilings } as unknown as Known));
  expect(sent(601, { bodyBytes: 600 })).toEqual({ name: "bodyBytes", actual: 601, max: 600 });
  expect([sent(600, { bodyBytes: 600 }), sent(90_000, {}), sent(90_000)]).toEqual([null, null, null]);
});

test("a content whose limits are none is not read: what is no number would hold nobody back", () => {
  const content = (limits: unknown) => JSON.stringify({ ...contentWith(), limits });
  expect(readContent(content({ depth: 3 })).limits).toEqual({ depth: 3 });
  for (const limits of [{ depth: "3" }, { depth: -1 }, { depth: 0 }, { depth: 1.5 }, { width: 3 }, [3], null, "3"])
    expect(() => readContent(content(limits)), JSON.stringify(limits)).toThrow("not the content");
  expect(LIMIT_NAMES).toHaveLength(7);
});
