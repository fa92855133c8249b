import { parseArgs } from "node:util";
import type { Env } from "../../schema/settings.ts";
import { ASKING, ASKING_HELP, hubUrl, telling } from "../remote/hub.ts";
import { plain } from "../remote/plain.ts";
import { clock, kind, persons, roles } from "./checks/databases.ts";
import { type Check, type Finding, messageOf, type Place, type State, sayingIn } from "./checks/finding.ts";
import { moved, policy, record, seals } from "./checks/governing.ts";
import { certificates, disks, exportFolder, node } from "./checks/machine.ts";
import { issuer as givesTokens, limits, question, token } from "./checks/partner/asking.ts";
import type { Partner, PartnerCheck } from "./checks/partner/partner.ts";
import { certificate, name, clock as partnerClock, ready } from "./checks/partner/reach.ts";
import { receipt } from "./checks/partner/receipt.ts";
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

/** The same of a hub one only asks. */
const PARTNER_CHECKS: readonly PartnerCheck[] = [
  name,
  certificate,
  partnerClock,
  ready,
  givesTokens,
  token,
  question,
  limits,
  receipt,
];

export const help = `
Usage: npx hub doctor [--only GROUP,…] [--persons] [--json]
       npx hub doctor --hub URL --client CLIENT [--log-key VKEY] [--json]

Looks at an installation with the settings of whoever runs it, changes nothing, and says of each fault what to do: Node, disks, certificates,
settings, databases and their roles, migrations, clocks, policy, record and witnesses, subgraphs (asked under an envelope, as the gateway does),
issuer, gateway. On a host that runs only a part of the hub it looks at that part.

  --only      some of: ${Object.keys(CHECKS).join(", ")}
  --persons   also whether welfare and programs name only persons whom population has; reads every one of them, as the owners
  --json      one JSON list: group, check, state (GOOD, NOTE, BAD, SKIPPED), seen, todo

With --hub it looks at a hub as a partner sees it, from this host: name, certificate, clock, whether it is ready, issuer, token, agreement, limits
told, and whether the receipt of the first answer is proved by the log.

  --log-key VKEY      verifier key of the log you hold; without it receipts are checked by the key the hub itself names
${ASKING_HELP}

Exit codes: 0 nothing is bad, 1 something is, 2 wrong usage.
`;

const MARKS: Readonly<Record<State, string>> = { GOOD: "✓", NOTE: "·", BAD: "✗", SKIPPED: "–" };

const OPTIONS = {
  ...ASKING,
  only: { type: "string" },
  persons: { type: "boolean", default: false },
  "log-key": { type: "string" },
  json: { type: "boolean", default: false },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

/** `argv`: what follows `doctor`. */
export async function doctor(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS });
  if (values.hub !== undefined) return telling("doctor", () => fromOutside(values));
  const groups = values.only?.split(",") ?? Object.keys(CHECKS);
  const unknown = groups.filter((name) => !Object.hasOwn(CHECKS, name));
  if (unknown.length > 0) {
    process.stderr.write(`hub doctor: knows no ${unknown.join(", ")}; it knows ${Object.keys(CHECKS).join(", ")}\n`);
    return 2;
  }
  return told(await examine(process.env, { groups, withPersons: values.persons }), values.json);
}

/** Exit code 1 where something is bad. */
function told(findings: readonly Finding[], isJson: boolean): number {
  process.stdout.write(isJson ? `${JSON.stringify(findings, null, 2)}\n` : plain(report(findings)));
  return findings.some(({ state }) => state === "BAD") ? 1 : 0;
}

async function fromOutside(values: Values): Promise<number> {
  const partner: Partner = { url: hubUrl(values), asked: values, logKey: values["log-key"], now: Date.now };
  const said = sayingIn("partner");
  for (const check of PARTNER_CHECKS)
    await check(partner, said).catch((error: unknown) => said.bad(check.name, messageOf(error), "see what is bad above"));
  return told(said.findings, values.json);
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
