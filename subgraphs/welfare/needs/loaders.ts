import { Refusal } from "../../../schema/errors.ts";
import { parseRegionCode, regionRange } from "../../../schema/values/regionCode.ts";
import { byKey, manyByKey } from "../../kit/byKey.ts";
import { regionsAsked } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import { type Page, type Paging, pageOf, type Window } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { ANSWERED_PPKS_KINDS } from "../data.ts";
import type { Desk } from "../held.ts";
import { dutiesAt, transitionsOf } from "../office/data.ts";
import { needActs, psksActs } from "./acts.ts";
import { coversWhole, releaseNeeds } from "./counts.ts";
import * as data from "./data.ts";
import { NEED_KINDS } from "./kinds.ts";
import { type PsksRow, psksOfInstitution, psksOfRole } from "./psks.ts";

export type NeedPage = Page<data.NeedRow>;
export type PsksPage = Page<PsksRow>;

interface NeedsAsked extends Paging {
  readonly region?: string | null;
}
interface PsksAsked extends Paging {
  readonly filter?: { readonly kind?: string | null; readonly region?: string | null } | null;
}
type Ids = readonly string[];

export const needs = (asking: Asking, _desk: Desk) => ({
  ...needLoaders(asking),
  ...psksLoaders(asking),
  acts: needActs(asking),
  psksActs: psksActs(asking),
});

const needLoaders = ({ db, caller, cursors, keyFor, now }: Asking) => ({
  need: byKey(
    (ids: Ids) => data.needsById(db, ids),
    (row) => row.id,
  ),
  ofMember: manyByKey(
    (ids: Ids) => data.needsOfMembers(db, ids),
    (row) => row.memberId ?? "",
  ),
  group: byKey(
    (ids: Ids) => data.groupsById(db, ids),
    (row) => row.id,
  ),
  services: manyByKey(
    (ids: Ids) => data.servicesOfNeeds(db, ids),
    (row) => row.needId,
  ),
  history: manyByKey(
    (ids: Ids) => transitionsOf(db, "NEED", ids),
    (row) => row.subjectId,
  ),
  list({ region, ...paging }: NeedsAsked): NeedPage {
    const list = { unit: caller.agency, regions: regionsAsked(caller.rows, region) };
    return pageOf(paging, {
      of: "needs",
      cursors,
      positionOf: (row) => [row.until === null ? 0 : 1, row.id],
      rows: (window) => data.listNeeds(db, list, window),
      count: () => data.countNeeds(db, list),
    });
  },
  async counts(region: string) {
    if (parseRegionCode(region) === null) throw badInput("region must be the code of a region");
    const duties = caller.officer === null ? null : await dutiesAt(db, caller.officer, now);
    if (!coversWhole(region, caller.rows, duties))
      throw new Refusal({ code: "FORBIDDEN", detail: "a region is counted only for whoever sees all of it" });
    const counts = await data.countPersonsByKind(db, regionsAsked(caller.rows, region));
    return releaseNeeds({ key: keyFor("rounding"), region, counts, kinds: NEED_KINDS, plain: ANSWERED_PPKS_KINDS });
  },
});

const psksLoaders = ({ db, caller, cursors, keyFor }: Asking) => ({
  kind: byKey(
    (codes: Ids) => data.psksKindsByCode(db, codes),
    (row) => row.code,
  ),
  kinds: (region: string | null) => data.listPsksKinds(db, region),
  psks({ filter, ...paging }: PsksAsked): PsksPage {
    const { kind = null, region = null } = filter ?? {};
    const seats = region === null ? null : regionRange(region);
    const list = { kind, seats, homes: regionsAsked(caller.rows, region) };
    return pageOf(paging, {
      of: "psks",
      cursors,
      positionOf: ({ institution, person, kind }) => (institution === null ? [1, person, kind] : [0, institution]),
      rows: (window) => psksIn(db, { list, key: keyFor("psks") }, window),
      count: () => data.countPsks(db, list),
    });
  },
});

/** Institutions first; where they end, persons begin. */
async function psksIn(
  db: Asking["db"],
  { list, key }: { readonly list: data.PsksList; readonly key: Buffer },
  { limit, after }: Window,
): Promise<PsksRow[]> {
  const [place, ...behind] = after ?? [0];
  const seatsAfter = behind.length === 0 ? null : behind;
  const seats = place === 0 ? await data.institutionsOf(db, list, { limit, after: seatsAfter }) : [];
  if (seats.length === limit) return seats.map(psksOfInstitution);
  const rolesAfter = place === 0 ? null : behind;
  const roles = await data.rolesOf(db, list, { limit: limit - seats.length, after: rolesAfter });
  return [...seats.map(psksOfInstitution), ...roles.map((role) => psksOfRole(key, role))];
}
