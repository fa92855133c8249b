import { citizenActing, doing, officerActing } from "../../kit/acts/acting.ts";
import { byKey, type Loader, manyByKey } from "../../kit/byKey.ts";
import { regionsAsked } from "../../kit/data.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { EnrolmentState, PbiRequestFilter, PbiSide } from "../generated.ts";
import type { Inbox } from "../held.ts";
import { transitionsOf } from "../office/data.ts";
import * as acts from "./acts.ts";
import * as data from "./data.ts";
import { spanOf } from "./span.ts";

export type MembershipPage = Page<data.MembershipRow>;
export type PbiRequestPage = Page<data.PbiRequestRow>;
export type ReplacementLinePage = Page<data.ReplacementLineRow>;
type Ids = readonly string[];

export const contribution = (asking: Asking, _inbox: Inbox) => ({ ...reads(asking), ...lists(asking), ...deeds(asking) });

const reads = ({ db, caller }: Asking) => {
  const historyOf = (kind: string) =>
    manyByKey(
      (ids: Ids) => transitionsOf(db, kind, ids),
      (row) => row.subjectId,
    );
  return {
    request: byKey(
      (ids: Ids) => data.requestsById(db, ids),
      (row) => row.id,
    ),
    replacement: byKey(
      (ids: Ids) => data.replacementsById(db, ids),
      (row) => row.id,
    ),
    history: historyOf("PBI_REQUEST"),
    replacementHistory: historyOf("PBI_REPLACEMENT"),
    replacements: () => data.listReplacements(db),
    mine: async () => data.membershipsOf(db, citizenActing(caller)),
    myRequests: async () => data.requestsOf(db, citizenActing(caller)),
    due: dueBySpan(db),
  };
};

/** Contributions due for memberships in a span of months: one statement for all that ask of the same span. */
function dueBySpan(db: Asking["db"]) {
  const bySpan = new Map<string, Loader<string, data.ContributionRow | null>>();
  const loaderOf = (from: string, to: string) => {
    const span = spanOf(from, to);
    return byKey(
      (ids: Ids) => data.contributionsOf(db, ids, span),
      (row) => row.id,
    );
  };
  return (id: string, from: string, to: string) => {
    const loader = bySpan.get(from + to) ?? loaderOf(from, to);
    bySpan.set(from + to, loader);
    return loader.load(id);
  };
}

interface MembershipsAsked extends Paging {
  readonly region?: string | null;
  readonly state?: EnrolmentState | null;
}
interface RequestsAsked extends Paging {
  readonly filter?: PbiRequestFilter | null;
}

const lists = ({ db, caller, cursors }: Asking) => ({
  list({ region, state = null, ...paging }: MembershipsAsked): MembershipPage {
    officerActing(caller);
    const list = { regions: regionsAsked(caller.rows, region), state };
    return pageOf(paging, {
      of: "pbiMemberships",
      cursors,
      positionOf: ({ id }) => [id],
      rows: (window) => data.listMemberships(db, list, window),
      count: () => data.countMemberships(db, list),
    });
  },
  listRequests({ filter, ...paging }: RequestsAsked): PbiRequestPage {
    officerActing(caller);
    const { region, kind = null, state = null } = filter ?? {};
    const list = { regions: regionsAsked(caller.rows, region), kind, state };
    return pageOf(paging, {
      of: "pbiRequests",
      cursors,
      positionOf: ({ proposedAt, id }) => [proposedAt, id],
      rows: (window) => data.listRequests(db, list, window),
      count: () => data.countRequests(db, list),
    });
  },
  lines(batch: string, { side, ...paging }: Paging & { readonly side: PbiSide }): ReplacementLinePage {
    return pageOf(paging, {
      of: `pbiReplacementLines:${batch}:${side}`,
      cursors,
      positionOf: ({ place }) => [place],
      rows: (window) => data.listLines(db, { batch, side }, window),
      count: () => data.countLines(db, batch, side),
    });
  },
});

const deeds = (asking: Asking) => {
  const act = doing(asking);
  return {
    propose: act(acts.propose),
    decide: act(acts.decide),
    requestReplacement: act(acts.requestReplacement),
    signReplacement: act(acts.signReplacement),
    discardReplacement: act(acts.discardReplacement),
  };
};
