import fc from "fast-check";
import { expect, test } from "vitest";
import { authorize } from "../../../gateway/authorize/authorize.ts";
import { loadSupergraph, NO_LIMITS } from "../../../gateway/plan/supergraph.ts";
import type { Question } from "../../../gateway/types/chain.ts";
import { Refusal } from "../../../schema/errors.ts";
import type { Content } from "../../../schema/policy/content.ts";
import { documentUses } from "../../../schema/policy/insight/document/documentUses.ts";
import { explain } from "../../../schema/policy/insight/explain/explain.ts";
import { tableOf } from "../../../schema/policy/insight/ground.ts";
import { isNightly } from "../../kit/vitest/nightly.ts";
import { GROUND, SDL, SEEDED } from "../kit/contents.ts";
import { anyDocument, type Generated } from "../kit/randomDocument.ts";

const supergraph = loadSupergraph(SDL, { limits: NO_LIMITS });
const { api: schema } = supergraph;
const { catalogue } = GROUND;

/** The gateway's own stage, over a table compiled from the same content. */
const decisions = new Map(
  SEEDED.map((content) => [content, { ...tableOf(content, GROUND), key: content.agreement, transform: () => null }]),
);
function judged({ document, variables }: Generated, content: Content) {
  const question = { document, variables, operationName: null, method: "POST", decisions: decisions.get(content) };
  try {
    const { denied, transformed } = authorize(question as unknown as Question, supergraph).rewrite;
    return { denied, masked: transformed };
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

function told({ document, variables }: Generated, content: Content) {
  const uses = documentUses(document, { schema, catalogue, variables });
  if ("faults" in uses) return null;
  const { denied, masked, refusals } = explain(uses, { ...GROUND, content, consents: [] });
  return refusals.length > 0 ? null : { denied, masked };
}

const anyNumber = fc.constantFrom(...SEEDED.map(({ agreement }) => agreement));
const contentNamed = (number: string): Content => SEEDED.find(({ agreement }) => agreement === number) as Content;

test("of documents nobody has thought of, the explanation says what the gateway does, under every ready-made agreement", () => {
  const seen = { answered: 0, refused: 0, denied: 0, masked: 0 };
  fc.assert(
    fc.property(anyDocument(schema, catalogue), anyNumber, (generated, number) => {
      const content = contentNamed(number);
      const real = judged(generated, content);
      expect(told(generated, content), generated.document).toEqual(real);
      seen[real ? "answered" : "refused"] += 1;
      seen.denied += real?.denied.length ?? 0;
      seen.masked += real?.masked.length ?? 0;
    }),
    { numRuns: isNightly ? 1000 : 300, seed: 2026 },
  );
  for (const count of Object.values(seen)) expect(count, JSON.stringify(seen)).toBeGreaterThan(5);
});

test("without variables, what hangs on them is judged by name: every coordinate that some variables close is told", () => {
  fc.assert(
    fc.property(anyDocument(schema, catalogue), anyNumber, (generated, number) => {
      const content = contentNamed(number);
      const [known, unknown] = [generated.variables, null].map((variables) =>
        documentUses(generated.document, { schema, catalogue, variables }),
      );
      if (!known || !unknown || "faults" in known || "faults" in unknown) return;
      const outputs = (uses: typeof known) =>
        explain(uses, { ...GROUND, content, consents: [] })
          .coordinates.filter(({ isInput }) => !isInput)
          .map(({ coordinate }) => coordinate);
      expect(outputs(unknown)).toEqual(expect.arrayContaining(outputs(known)));
    }),
    { numRuns: 100 },
  );
});
