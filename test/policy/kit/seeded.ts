import { rawClient } from "../../../drizzle/client.ts";
import { type CeilingRule, ceilingsFor } from "../../../schema/policy/ceilings.ts";
import { readContent } from "../../../schema/policy/content.ts";
import type { Ceiling } from "../../../schema/policy/decisionTable.ts";
import type { Grant } from "../../../schema/policy/policy.ts";

/** An agreement version as stewards signed it, with the ceilings its purpose has. */
export interface SeededAgreement {
  readonly number: string;
  readonly agency: string;
  readonly purpose: string;
  readonly rows: readonly Grant[];
  readonly pinned: ReadonlySet<string>;
  readonly ceilings: readonly Ceiling[];
}

/** Every version in force, read as the owner of governance. */
export async function readSeeded(ownerUrl: string): Promise<SeededAgreement[]> {
  const sql = rawClient(ownerUrl, { max: 1 });
  try {
    const rules = await sql<CeilingRule[]>`
      select class, topic, ceiling, prohibited_purposes as "prohibitedPurposes" from governance.class_ceiling`;
    const versions = await sql<{ content: string }[]>`
      select governance.content_of(agreement_number, version) as content
      from governance.agreement_version where state = 'active' order by agreement_number, version`;
    return versions.map(({ content }) => {
      const { agreement: number, consumer: agency, purpose, grants: rows, coordinates } = readContent(content);
      return { number, agency, purpose, rows, pinned: new Set(coordinates), ceilings: ceilingsFor(purpose, rules) };
    });
  } finally {
    await sql.end();
  }
}
