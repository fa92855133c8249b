import { parseArgs } from "node:util";
import { type Plan, planAll } from "../../drizzle/citus/distribute.ts";
import { openDatabases } from "./databases.ts";

export const help = `
Usage: npx hub citus [--plan]

Prints, for each database, the SQL with which npx hub migrate under HUB_CITUS=true would lay its tables out on a Citus cluster, or what stands in
the way: one line each, by rule. --plan: the SQL alone. Spreads nothing; migrations that are missing are made, as by every command.
docs/operations/citus.md.
`;

/** Exit codes: 0 printed. */
export async function citus(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { plan: { type: "boolean", default: false } } });
  const databases = await openDatabases(process.env, (text) => void process.stderr.write(`hub citus: ${text}\n`));
  try {
    const plans = await planAll(databases.urls);
    const lines = plans.flatMap((plan) => (values.plan && plan.state !== "ready" ? [] : linesOf(plan)));
    process.stdout.write(`${lines.join("\n")}\n`);
    return 0;
  } finally {
    await databases.close();
  }
}

function linesOf(plan: Plan): string[] {
  const head = `-- ${plan.slice}: ${plan.why}`;
  if (plan.state === "plain") return [`${head}; not on Citus`];
  if (plan.state === "ready")
    return [
      head,
      ...(plan.statements.length > 0 ? ["begin", ...plan.statements, "commit"].map((sql) => `${sql};`) : ["-- laid out already"]),
    ];
  const ways = plan.breaches.map(({ rule, what }) => `--   ${rule}: ${what}`);
  return [head, `-- stays on one node: ${ways.length} things stand in the way`, ...ways];
}
