import { newestSupergraph } from "../../../../drizzle/policy/ground.ts";
import { reachToday } from "../../../../drizzle/policy/reach.ts";
import { approvalText, challengeOf } from "../../../../schema/policy/approval.ts";
import type { DecisionTable } from "../../../../schema/policy/decisionTable.ts";
import { controllersOf } from "../../../../schema/policy/insight/ground.ts";
import { byKey, manyByKey } from "../../../kit/byKey.ts";
import { type Page, type Paging, pageOf } from "../../../kit/page.ts";
import type { Asking } from "../../../kit/serve/context.ts";
import { listStewards, stewardsById } from "../../data.ts";
import type { ApprovalCapacity, ApprovalDecision, TextToSign, UnboundSlice } from "../../generated.ts";
import { mustHold, type Steward, stewardAsking, stewardOrNull } from "../../steward.ts";
import {
  approvalsOf,
  countEvents,
  countGoverned,
  type EventRow,
  type GovernedRow,
  governedByNumber,
  grantsOf,
  keyOf,
  keysOf,
  listEvents,
  listGoverned,
  type Missing,
  missingApprovals,
  pendingOf,
  pinnedOf,
  suspensionsOf,
  type VersionRow,
  versionsByKey,
  versionsOf,
} from "../data.ts";
import { unboundSlices } from "../draft/unbound.ts";
import { MUTATIONS, type Permission, permissionOf, READERS, whoControlsEvents } from "../needs.ts";
import { coordinatesLike, type Listed, tableOf, tablesOf, type Wanted } from "./coordinates.ts";
import { expiringOf, inboxOf, pendingFieldsOf } from "./stewardship.ts";

export type GovernedPage = Page<GovernedRow>;
export type EventPage = Page<EventRow>;
export type CoordinatePage = Page<Listed>;

/** How much of one agency's data a version reaches. */
export interface Owned {
  readonly agencyCode: string;
  readonly coordinates: number;
}

/** What stewards read, once a request: roots only for them (Refusal FORBIDDEN). */
export const readsOf = (asking: Asking) => ({ ...byKeys(asking), ...lists(asking), ...ofVersions(asking), ...person(asking) });

const byKeys = ({ db }: Asking) => ({
  governed: byKey(
    (numbers: readonly string[]) => governedByNumber(db, numbers),
    (row) => row.number,
  ),
  version: byKey((keys: readonly string[]) => versionsByKey(db, keys), keyOf),
  versions: manyByKey(
    (numbers: readonly string[]) => versionsOf(db, numbers),
    (row) => row.agreementNumber,
  ),
  grants: manyByKey((keys: readonly string[]) => grantsOf(db, keys), keyOf),
  approvals: manyByKey((keys: readonly string[]) => approvalsOf(db, keys), keyOf),
  pending: manyByKey((keys: readonly string[]) => pendingOf(db, keys), keyOf),
  keys: manyByKey(
    (ids: readonly string[]) => keysOf(db, ids),
    (row) => row.stewardId,
  ),
  suspension: byKey(
    (numbers: readonly string[]) => suspensionsOf(db, numbers),
    (row) => row.number,
  ),
  steward: byKey(
    (ids: readonly string[]) => stewardsById(db, ids),
    (row) => row.id,
  ),
});

const person = ({ db, caller }: Asking) => {
  let known: Promise<Steward | null> | undefined;
  const asks = () => {
    known ??= stewardOrNull(db, caller);
    return known;
  };
  return {
    asks,
    async permissions(): Promise<Permission[] | null> {
      const steward = await asks();
      if (!steward) return null;
      const [table, eventsOf] = [await tableOf(db, caller), await whoControlsEvents(db)];
      return MUTATIONS.filter((name) => table.verdict(`Mutation.${name}`).effect !== "deny").map((name) =>
        permissionOf(steward, name, eventsOf),
      );
    },
  };
};

const lists = ({ db, caller, now, cursors }: Asking) => {
  const reader = async (): Promise<Steward> => {
    const steward = await stewardAsking(db, caller);
    mustHold(steward, ...READERS);
    return steward;
  };
  let tables: Promise<ReadonlyMap<string, DecisionTable>> | undefined;
  return {
    reader,
    stewards: (id: string | null): Promise<Steward[]> => listStewards(db, id),
    inbox: (steward: Steward) => inboxOf(db, steward),
    expiring: (steward: Steward) => expiringOf(db, steward, now),
    pendingFields: (steward: Steward) => pendingFieldsOf(db, steward),
    async openedBy(coordinate: string): Promise<string[]> {
      tables ??= tablesOf(db, caller.agency, now);
      return [...(await tables)].filter(([, table]) => table.verdict(coordinate).effect !== "deny").map(([number]) => number);
    },
    agreements: (paging: Paging): GovernedPage =>
      pageOf(paging, {
        of: "allAgreements",
        cursors,
        positionOf: (row) => [row.number],
        rows: (window) => listGoverned(db, window),
        count: () => countGoverned(db),
      }),
    events: ({ agreement = null, ...paging }: Paging & { readonly agreement?: string | null }): EventPage =>
      pageOf(paging, {
        of: `policyEvents:${agreement ?? ""}`,
        cursors,
        positionOf: (row) => [String(row.id)],
        rows: (window) => listEvents(db, agreement, window),
        count: () => countEvents(db, agreement),
      }),
    coordinates({ search, class: dataClass, owner, ...paging }: Paging & Wanted): CoordinatePage {
      const all = coordinatesLike(db, { search: search ?? null, class: dataClass ?? null, owner: owner ?? null });
      return pageOf(paging, {
        of: "coordinates",
        cursors,
        positionOf: (row) => [row.coordinate],
        rows: async ({ limit, after }) =>
          (await all).filter(({ coordinate }) => after === null || coordinate > String(after[0])).slice(0, limit),
        count: async () => (await all).length,
      });
    },
  };
};

const ofVersions = ({ db, caller }: Asking) => {
  /** What a version opens: as pinned, or as a draft would today. */
  const opened = async (row: VersionRow): Promise<readonly string[]> => {
    if (row.state !== "draft") return (await pinnedOf(db, [keyOf(row)])).map(({ coordinate }) => coordinate);
    return reachToday(db, { agreement: row.agreementNumber, version: row.version });
  };
  return {
    missing: (row: VersionRow): Promise<Missing[]> => missingApprovals(db, row),
    async ownedBy(row: VersionRow): Promise<Owned[]> {
      const published = await newestSupergraph(db);
      const counts = new Map<string, number>();
      for (const coordinate of await opened(row))
        for (const owner of controllersOf(published, coordinate)) counts.set(owner, (counts.get(owner) ?? 0) + 1);
      return [...counts].map(([agencyCode, coordinates]) => ({ agencyCode, coordinates })).sort(byAgency);
    },
    unbound: async (row: VersionRow): Promise<UnboundSlice[]> =>
      unboundSlices(row.rowScope, await opened(row), (await newestSupergraph(db)).catalogue),
    toSign({ agreementNumber, version, state, contentSha256 }: VersionRow, how: Capacity): TextToSign | null {
      if (state !== "in_review" || contentSha256 === null) return null;
      const decided = { agreement: agreementNumber, version, owner: caller.agency, contentSha256, ...how };
      return { text: approvalText(decided), challenge: challengeOf(decided), contentSha256 };
    },
  };
};

interface Capacity {
  readonly capacity: ApprovalCapacity;
  readonly decision: ApprovalDecision;
}

const byAgency = (a: Owned, b: Owned) => (a.agencyCode < b.agencyCode ? -1 : 1);
