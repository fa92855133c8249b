import type { Db } from "../../../drizzle/client.ts";
import { ownersAsked } from "../../../drizzle/policy/compile.ts";
import { newestSupergraph } from "../../../drizzle/policy/ground.ts";
import type { ApprovalCapacity } from "../generated.ts";
import { type ApprovalRow, governedByNumber, keyOf, pinnedOf, type VersionRow } from "./data.ts";

export interface Missing {
  readonly agencyCode: string;
  readonly capacity: ApprovalCapacity;
}

/** Whom a version concerns: the consumer, and the controllers of everything it pins that is not public. */
export interface Parties {
  readonly consumer: string;
  readonly owners: readonly string[];
}

export async function partiesOf(db: Db, row: VersionRow): Promise<Parties> {
  const [agreement] = await governedByNumber(db, [row.agreementNumber]);
  const coordinates = (await pinnedOf(db, [keyOf(row)])).map(({ coordinate }) => coordinate);
  return { consumer: agreement?.consumerAgency ?? "", owners: ownersAsked({ coordinates }, await newestSupergraph(db)) };
}

/** Who has not approved the content a version has now, as the database reckons it on `approved`. Only what is in review waits for anybody. */
export function missingApprovals(
  { state, contentSha256 }: Pick<VersionRow, "state" | "contentSha256">,
  { consumer, owners }: Parties,
  approvals: readonly ApprovalRow[],
): Missing[] {
  if (state !== "in_review") return [];
  const given = new Set(
    approvals
      .filter((row) => row.decision === "APPROVED" && row.contentSha256 === contentSha256)
      .map(({ capacity, ownerAgency }) => `${capacity} ${ownerAgency}`),
  );
  const needed: Missing[] = [
    ...owners.map((agencyCode) => ({ agencyCode, capacity: "OWNER" as const })),
    { agencyCode: consumer, capacity: "DPO" },
  ];
  return needed.filter(({ capacity, agencyCode }) => !given.has(`${capacity} ${agencyCode}`));
}
