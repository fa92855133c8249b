import { parseArgs } from "node:util";
import type { Env } from "../../schema/settings.ts";
import { clock, kind, persons, roles } from "./checks/databases.ts";
import { type Check, type Finding, messageOf, type Place, type State, sayingIn } from "./checks/finding.ts";
import { moved, policy, record, seals } from "./checks/governing.ts";
import { certificates, disks, exportFolder, node } from "./checks/machine.ts";
import { gateway, issuer, settings, sources } from "./checks/servers.ts";
import { locate } from "./checks/where.ts";

/** What is looked at, in the order in which one thing keeps the next from working. */
const CHECKS: Readonly<Record<string, readonly Check[]>> = {
  machine: [node, disks, exportFolder, certificates],
  settings: [settings],
  databases: [kind, roles, clock],
  governance: [policy, record, seals, moved],
  servers: [sources, issuer, gateway],
};

export const help = `
Usage: npx hub doctor [--only GROUP,…] [--persons] [--json]

Looks at an installation with the settings of whoever runs it, changes nothing, and says of each fault what to do: Node, disks, certificates,
settings, databases and their roles, migrations, clocks, policy, record and witnesses, subgraphs (asked under an envelope, as the gateway does),
issuer, gateway. On a host that runs only a part of the hub it looks at that part.

  --only      some of: ${Object.keys(CHECKS).join(", ")}
  --persons   also whether welfare and programs name only persons whom population has; reads every one of them, as the owners
  --json      one JSON list: group, check, state (GOOD, NOTE, BAD, SKIPPED), seen, todo

Exit codes: 0 nothing is bad, 1 something is, 2 wrong usage.
`;

const MARKS: Readonly<Record<State, string>> = { GOOD: "✓", NOTE: "·", BAD: "✗", SKIPPED: "–" };

/** `argv`: what follows `doctor`. */
export async function doctor(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: "string" },
      persons: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const groups = values.only?.split(",") ?? Object.keys(CHECKS);
  const unknown = groups.filter((name) => !Object.hasOwn(CHECKS, name));
  if (unknown.length > 0) {
    process.stderr.write(`hub doctor: knows no ${unknown.join(", ")}; it knows ${Object.keys(CHECKS).join(", ")}\n`);
    return 2;
  }
  const findings = await examine(process.env, { groups, withPersons: values.persons });
  process.stdout.write(values.json ? `${JSON.stringify(findings, null, 2)}\n` : report(findings));
  return findings.some(({ state }) => state === "BAD") ? 1 : 0;
}

/** Every check of these groups, each told even where one before it failed. */
async function examine(
  env: Env,
  { groups, withPersons }: { readonly groups: readonly string[]; readonly withPersons: boolean },
): Promise<Finding[]> {
  const place: Place = { env, databases: await locate(env), now: Date.now };
  const findings: Finding[] = [];
  for (const group of groups) {
    const said = sayingIn(group);
    const checks = [...(CHECKS[group] ?? []), ...(group === "databases" && withPersons ? [persons] : [])];
    for (const check of checks)
      await check(place, said).catch((error: unknown) =>
        said.bad(check.name, messageOf(error), "see what is bad above, and the logs"),
      );
    findings.push(...said.findings);
  }
  return findings;
}

function report(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ check, state, seen, todo }) => [
    `${MARKS[state]} ${check}: ${seen}`,
    ...(todo === undefined ? [] : [`    → ${todo}`]),
  ]);
  const bad = findings.filter(({ state }) => state === "BAD").length;
  return `${[...lines, "", bad === 0 ? "nothing is bad" : `${bad} to do`].join("\n")}\n`;
}
