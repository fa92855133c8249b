import { Refusal } from "../../../schema/errors.ts";
import type { Told } from "../../receive/routes/told.ts";
import { keptForAll } from "../export/inName.ts";

const QUESTION = {
  operation: "RegionCrosswalk",
  document: `query RegionCrosswalk { regionCrosswalk(history: true, first: 700) { pageInfo { hasNextPage } nodes {
    level name kemendagriCode bpsCode validFrom validTo basis predecessors { kemendagriCode } successors { kemendagriCode } } } }`,
  variables: {},
};
const KEEP_MS = 60_000;

/** One province or regency over one span of time; what was before and after it by Kemendagri's numbers. */
export interface RegionRow {
  readonly kemendagri: string;
  readonly bps: string | null;
  readonly level: string;
  readonly name: string | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly basis: string | null;
  readonly predecessors: readonly string[];
  readonly successors: readonly string[];
}

export interface KnownCrosswalk {
  readonly rows: readonly RegionRow[];
  readonly receipt: string | undefined;
}

/** The whole history, a minute at most old. */
export const keepCrosswalk = () => keptForAll(KEEP_MS, QUESTION, crosswalkIn);

interface Node extends Omit<RegionRow, "kemendagri" | "bps" | "predecessors" | "successors"> {
  readonly kemendagriCode: string;
  readonly bpsCode: string | null;
  readonly predecessors: readonly Pick<Node, "kemendagriCode">[];
  readonly successors: readonly Pick<Node, "kemendagriCode">[];
}
interface Data {
  readonly regionCrosswalk: { readonly pageInfo: { readonly hasNextPage: boolean }; readonly nodes: readonly Node[] } | null;
}

function crosswalkIn({ data, receipt }: Told): KnownCrosswalk | null {
  const page = (data as Data | null)?.regionCrosswalk;
  if (!page) return null;
  if (page.pageInfo.hasNextPage) throw new Refusal({ code: "INTERNAL_SERVER_ERROR" }); // half of it would pass for all
  return { rows: page.nodes.map(rowOf), receipt };
}

const codesOf = (spans: readonly Pick<Node, "kemendagriCode">[]) => spans.map(({ kemendagriCode }) => kemendagriCode);

const rowOf = ({ kemendagriCode, bpsCode, predecessors, successors, ...node }: Node): RegionRow => ({
  ...{ kemendagri: kemendagriCode, bps: bpsCode },
  ...node,
  ...{ predecessors: codesOf(predecessors), successors: codesOf(successors) },
});
