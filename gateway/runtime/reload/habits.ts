import { setImmediate as turn } from "node:timers/promises";
import { isInForce } from "../../../schema/policy/inForce.ts";
import type { Hub } from "../../answer.ts";
import { prepare } from "../../authorize/authorize.ts";
import { decidingVariables } from "../../authorize/conditions.ts";
import { planOf } from "../../plan/plan.ts";
import type { Known, Planned } from "../../types/chain.ts";
import type { Rewrite } from "../../types/document.ts";
import type { Decisions, Policy } from "../../types/policy.ts";

/** One form of a document under one agreement. Of variables only what @skip and @include read of them. */
interface Habit {
  readonly document: string;
  readonly operationName: string | null;
  readonly agreement: string;
  readonly shown: Readonly<Record<string, boolean>>;
  times: number;
}

const MOST = 500;
const MOST_CHARS = 2_000_000;
/** Of those, the ones that are read ahead. */
const TOP = 100;

/** What is asked of a hub most: a supergraph that takes over has read it before anybody asks. Bounded; what was not asked for longest goes first. */
export class Habits {
  private readonly known = new Map<Rewrite, Habit>();
  private chars = 0;

  note({ rewrite, reading, coerced, document, operationName, caller: { agreement } }: Known & Planned): void {
    const known = this.known.get(rewrite);
    if (known) this.known.delete(rewrite);
    else this.chars += document.length;
    const shown = () => Object.fromEntries(decidingVariables(reading.conditions).map((name) => [name, Boolean(coerced[name])]));
    const habit = known ?? { document, operationName, agreement, shown: shown(), times: 0 };
    habit.times += 1;
    this.known.set(rewrite, habit);
    for (const [oldest, { document: text }] of this.known) {
      if (this.known.size <= MOST && this.chars <= MOST_CHARS) return;
      this.known.delete(oldest);
      this.chars -= text.length;
    }
  }

  top(): readonly Habit[] {
    return [...this.known.values()].sort((a, b) => b.times - a.times).slice(0, TOP);
  }
}

/** Reads, judges and plans what is asked most, as `next` would when it is asked. Never rejects: what is refused there is told to who asks. */
export async function warm(next: Pick<Hub, "grants" | "supergraph">, habits: readonly Habit[]): Promise<void> {
  const decisionsOf = decisionsIn(next.grants.current());
  for (const { document, operationName, agreement, shown } of habits) {
    await turn(); // requests go on in between
    const decisions = decisionsOf.get(agreement);
    try {
      if (decisions) planOf(prepare({ document, operationName, decisions }, shown, next.supergraph), next.supergraph);
    } catch {
      // refused under the next one
    }
  }
}

function decisionsIn({ agreementsOf }: Policy): ReadonlyMap<string, Decisions> {
  const now = Date.now();
  const all = [...agreementsOf.values()].flat().flatMap(({ number, versions }) => {
    const { terms } = versions.find((one) => one.state === "active" && isInForce(one, now)) ?? {};
    return terms ? [[number, terms.decisions] as const] : [];
  });
  return new Map(all);
}
