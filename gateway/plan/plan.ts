import { hash } from "node:crypto";
import { Refusal } from "../../schema/errors.ts";
import type { Permitted, Planned } from "../types/chain.ts";
import type { Rewrite } from "../types/document.ts";
import type { Plan } from "../types/plan.ts";
import type { Supergraph } from "../types/supergraph.ts";
import { estimated } from "./cost.ts";
import { Assembler } from "./fetch/assemble.ts";

/** How to fetch what is left of a question. Throws a Refusal for what costs too much or cannot be planned. */
export function plan<Q extends Permitted>(permitted: Q, supergraph: Supergraph): Q & Planned {
  const estimate = estimated(permitted.reading, permitted, supergraph);
  return { ...permitted, plan: planOf(permitted.rewrite, supergraph), estimate } as Q & Planned;
}

const planned = new WeakMap<Rewrite, Plan>();

/** The plan of a rewrite, made when it is first asked for. Throws a Refusal for what cannot be planned. */
export function planOf(rewrite: Rewrite, supergraph: Supergraph): Plan {
  const known = planned.get(rewrite);
  if (known) return known;
  // By text, so that policy classes with equal rewrites share a plan; what was asked decides the verbs of each fetch.
  const text = JSON.stringify([rewrite.documents, [...rewrite.asked].sort()]);
  const key = hash("sha256", text, "base64url");
  const made = supergraph.plans.get(key) ?? make(rewrite, supergraph);
  supergraph.plans.set(key, made, text.length + (made instanceof Refusal ? 0 : sizeOf(made)));
  if (made instanceof Refusal) throw made;
  planned.set(rewrite, made);
  return made;
}

/** What a plan keeps, in bytes or nearly: texts, paths and coordinates, which may be many more than the question's own. */
function sizeOf({ steps }: Plan): number {
  const sizes = steps.flat().map(({ prefix, coordinates, what }) => {
    const { output, internal } = coordinates({});
    const paths = what.kind === "entities" ? what.groups.flatMap((group) => group.paths) : [what.path];
    return prefix.length + 40 * (output.length + internal.length) + 40 * paths.flat().length;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** What cannot be planned is kept as well: whoever asks again is refused at once. */
function make(rewrite: Rewrite, supergraph: Supergraph): Plan | Refusal {
  try {
    const assembler = new Assembler(supergraph, rewrite.asked);
    const steps = rewrite.documents.map((document) => assembler.fetches(supergraph.planner.plan(document)));
    return { steps, services: assembler.services };
  } catch (cause) {
    // Plain errors for what cannot be done; their text is for the log.
    return new Refusal(
      { code: "OPERATION_RESOLUTION_FAILURE", detail: "This operation cannot be planned over the sources." },
      { cause },
    );
  }
}
