import type { Answered, Planned } from "../types/chain.ts";
import type { Transport } from "../types/sources.ts";
import { introspect } from "./introspect.ts";
import { Run } from "./run.ts";

/** Fetches everything planned into one tree. Never rejects for what a source does: a failure becomes a fault, the rest stays whole. */
export async function execute<Q extends Planned>(planned: Q, transport: Transport): Promise<Q & Answered> {
  const run = new Run(planned, transport);
  // One step for a query; one a root field for a mutation, each complete before the next.
  for (const fetches of planned.plan.steps) await run.all(fetches);
  const { tree, faults, fetches } = run;
  const found: Omit<Answered, keyof Planned | symbol> = { tree, faults, fetches, introspected: introspect(planned) };
  return { ...planned, ...found } as Q & Answered;
}
