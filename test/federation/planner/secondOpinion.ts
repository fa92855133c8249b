import { type ChildProcess, fork } from "node:child_process";
import type { PlanNode } from "@graphql-hive/router-query-planner";
import { VARIABLES } from "./question/values.ts";

/** Another planner's plan, counted: fetches, and how many of them wait for one another. */
export interface Opinion {
  readonly rounds: number;
  readonly fetches: number;
}

/**
 * The Rust planner in a process of its own, because some legal questions end its process. Null where it has no plan.
 */
export class SecondOpinion {
  /** How often its process ended. */
  crashes = 0;
  private child: ChildProcess | undefined;

  ask(sdl: string, document: string): Promise<Opinion | null> {
    this.child ??= fork(import.meta.filename, { execArgv: ["--import", "tsx"], stdio: ["ignore", "ignore", "ignore", "ipc"] });
    const child = this.child;
    return new Promise((resolve) => {
      const end = () => {
        this.crashes += 1;
        this.child = undefined;
        resolve(null);
      };
      child.once("exit", end);
      child.once("message", (opinion: Opinion | null) => {
        child.off("exit", end);
        resolve(opinion);
      });
      child.send({ sdl, document });
    });
  }

  close(): void {
    this.child?.kill();
  }
}

export function countedIn(node: PlanNode | null): Opinion {
  const both = (nodes: readonly PlanNode[], join: (rounds: readonly number[]) => number): Opinion => {
    const all = nodes.map(countedIn);
    return { rounds: join(all.map(({ rounds }) => rounds)), fetches: sum(all.map(({ fetches }) => fetches)) };
  };
  if (!node) return { rounds: 0, fetches: 0 };
  if (node.kind === "Sequence") return both(node.nodes, sum);
  if (node.kind === "Parallel") return both(node.nodes, (rounds) => Math.max(0, ...rounds));
  if (node.kind === "Flatten") return countedIn(node.node);
  if (node.kind === "Condition") {
    const holds = (VARIABLES as Record<string, unknown>)[node.condition] === true;
    return countedIn((holds ? node.ifClause : node.elseClause) ?? null);
  }
  return { rounds: 1, fetches: 1 };
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

if (process.send && process.argv[1] === import.meta.filename) {
  const { QueryPlanner } = await import("@graphql-hive/router-query-planner");
  let last: { readonly sdl: string; readonly planner: InstanceType<typeof QueryPlanner> } | undefined;
  process.on("message", ({ sdl, document }: { sdl: string; document: string }) => {
    try {
      if (last?.sdl !== sdl) last = { sdl, planner: new QueryPlanner(sdl) };
      process.send?.(countedIn(last.planner.plan(document, null, new Set(), 0).node ?? null));
    } catch {
      process.send?.(null);
    }
  });
}
