import { randomUUID } from "node:crypto";
import { Refusal } from "../../../schema/errors.ts";
import { ask, type Hub } from "../../answer.ts";
import { told } from "../../receive/routes/errands.ts";
import type { Incoming } from "../../types/chain.ts";
import { inNameOf, OPEN_DATA } from "../export/inName.ts";
import { refusalOf } from "../export/pages.ts";

const QUESTION = {
  operation: "RegionCrosswalk",
  document: `query RegionCrosswalk { regionCrosswalk(history: true, first: 700) { pageInfo { hasNextPage } nodes {
    level name kemendagriCode bpsCode validFrom validTo basis predecessors { kemendagriCode } successors { kemendagriCode } } } }`,
  variables: {},
};
const ASK_MS = 15_000;
/** Who asks over and over fills no record with it. */
const KEEP_MS = 60_000;
const KEEP_REFUSED_MS = 1_000;

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

/** The whole history, asked in the portal's name for everybody, a minute at most old and under the policy of now. Rejects with the Refusal that was the answer. */
export function keepCrosswalk(): (hub: Hub) => (request: Incoming) => Promise<KnownCrosswalk> {
  let kept: { readonly hub: Hub; readonly epoch: number; until: number; readonly known: Promise<KnownCrosswalk> } | undefined;
  return (hub) => async (request) => {
    const { epoch } = hub.grants.current();
    if (kept?.hub === hub && kept.epoch === epoch && performance.now() < kept.until) return kept.known;
    const asked = { hub, epoch, until: performance.now() + KEEP_MS, known: crosswalkNow(request, hub) };
    asked.known.catch(() => {
      asked.until = performance.now() + KEEP_REFUSED_MS;
    });
    kept = asked;
    return asked.known;
  };
}

interface Node extends Omit<RegionRow, "kemendagri" | "bps" | "predecessors" | "successors"> {
  readonly kemendagriCode: string;
  readonly bpsCode: string | null;
  readonly predecessors: readonly Pick<Node, "kemendagriCode">[];
  readonly successors: readonly Pick<Node, "kemendagriCode">[];
}
interface Data {
  readonly regionCrosswalk: { readonly pageInfo: { readonly hasNextPage: boolean }; readonly nodes: readonly Node[] } | null;
}

async function crosswalkNow(request: Incoming, hub: Hub): Promise<KnownCrosswalk> {
  // others wait for it, too: it does not end with whoever asked first
  const forAll = { receiptId: randomUUID(), deadline: performance.now() + ASK_MS, signal: new AbortController().signal };
  const named = inNameOf({ ...request, ...forAll }, OPEN_DATA, hub);
  const answer = told(await ask(named.request, QUESTION, named.hub), request);
  const page = answer.errors.length === 0 ? (answer.data as Data | null)?.regionCrosswalk : null;
  if (!page) throw refusalOf(answer);
  if (page.pageInfo.hasNextPage) throw new Refusal({ code: "INTERNAL_SERVER_ERROR" }); // half of it would pass for all
  return { rows: page.nodes.map(rowOf), receipt: answer.receipt };
}

const codesOf = (spans: readonly Pick<Node, "kemendagriCode">[]) => spans.map(({ kemendagriCode }) => kemendagriCode);

const rowOf = ({ kemendagriCode, bpsCode, predecessors, successors, ...node }: Node): RegionRow => ({
  ...{ kemendagri: kemendagriCode, bps: bpsCode },
  ...node,
  ...{ predecessors: codesOf(predecessors), successors: codesOf(successors) },
});
