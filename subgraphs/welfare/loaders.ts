import { reachesOf } from "../../schema/policy/scopeText.ts";
import { regionRange } from "../../schema/values/regionCode.ts";
import { byKey, manyByKey } from "../kit/byKey.ts";
import { regionsAsked } from "../kit/data.ts";
import { badInput } from "../kit/errors.ts";
import { type Page, type Paging, pageOf } from "../kit/page.ts";
import type { Asking, SliceContext } from "../kit/serve/context.ts";
import { changes } from "./changes/loaders.ts";
import * as data from "./data.ts";
import { determination } from "./determination/loaders.ts";
import { evidence } from "./evidence/loaders.ts";
import { exchange } from "./exchange/loaders.ts";
import type { Desk } from "./held.ts";
import { needs } from "./needs/loaders.ts";
import { objections } from "./objections/loaders.ts";
import { office } from "./office/loaders.ts";
import { packet } from "./packet/loaders.ts";
import { proposals } from "./proposals/loaders.ts";
import { quality } from "./quality/loaders.ts";
import { ranking } from "./ranking/loaders.ts";
import { registry } from "./registry/loaders.ts";
import { type Released, release } from "./release.ts";
import { standing } from "./standing/loaders.ts";

export type Context = SliceContext<ReturnType<typeof loaders>>;
export type HouseholdPage = Page<data.HouseholdRow>;
export type PsksInstitutionPage = Page<data.PsksInstitutionRow>;
export type Statistics = Released & { readonly version: data.RegistryVersionRow };

export interface HouseholdsAsked extends Paging {
  readonly filter?: (data.HouseholdFilter & { readonly region?: string | null }) | null;
  readonly orderBy?: Exclude<data.HouseholdOrder, "ID"> | null;
}
export interface InstitutionsAsked extends Paging {
  readonly region?: string | null;
}
type Ids = readonly string[];

export const loaders = (asking: Asking, desk: Desk) => ({
  ...registryLoaders(asking),
  ...publicLoaders(asking),
  ...listLoaders(asking),
  office: office(asking, desk),
  registry: registry(asking, desk),
  proposals: proposals(asking, desk),
  evidence: evidence(asking, desk),
  changes: changes(asking, desk),
  ranking: ranking(asking, desk),
  determination: determination(asking, desk),
  objections: objections(asking, desk),
  needs: needs(asking, desk),
  packet: packet(asking, desk),
  exchange: exchange(asking, desk),
  quality: quality(asking, desk),
  standing: standing(asking, desk),
});

/** Households, families, members and what hangs on them. */
const registryLoaders = ({ db, caller }: Asking) => ({
  household: byKey(
    (ids: Ids) => data.householdsById(db, ids),
    (row) => row.id,
  ),
  member: byKey(
    (ids: Ids) => data.membersById(db, ids),
    (row) => row.id,
  ),
  family: byKey(
    (ids: Ids) => data.familiesById(db, ids),
    (row) => row.id,
  ),
  membersOfHousehold: manyByKey(
    (ids: Ids) => data.membersOfHouseholds(db, ids),
    (row) => row.householdId,
  ),
  membersOfFamily: manyByKey(
    (ids: Ids) => data.membersOfFamilies(db, ids),
    (row) => row.familyId,
  ),
  membersOfPerson: manyByKey(
    (ids: Ids) => data.membersOfPersons(db, ids, { isToldMerged: caller.citizen === null }),
    (row) => row.personId ?? "",
  ),
  deciles: manyByKey(
    (ids: Ids) => data.decilesOfHouseholds(db, ids),
    (row) => row.householdId,
  ),
  ppks: manyByKey(
    (ids: Ids) => data.ppksOfMembers(db, ids),
    (row) => row.memberId,
  ),
  toldOfMember: manyByKey(
    (ids: Ids) => data.flagsToldOfMembers(db, ids),
    (row) => row.memberId,
  ),
  psksRoles: manyByKey(
    (ids: Ids) => data.psksRolesOfPersons(db, ids),
    (row) => row.personId,
  ),
});

const publicLoaders = ({ db, keyFor }: Asking) => ({
  registryVersions: once(() => data.listRegistryVersions(db)),
  registryVersion: byKey(
    (ids: Ids) => data.registryVersionsById(db, ids),
    (row) => row.id,
  ),
  psksInstitution: byKey(
    (ids: Ids) => data.psksInstitutionsById(db, ids),
    (row) => row.id,
  ),
  async statistics(versionId: string | null): Promise<Statistics | null> {
    const found = await data.versionWithCounts(db, versionId);
    return found && { version: found.version, ...release(keyFor("rounding"), found.version.id, found.cells) };
  },
});

/** Asked when first needed, then remembered for the request. */
function once<T>(ask: () => PromiseLike<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= Promise.resolve(ask());
    return answer;
  };
}

const listLoaders = ({ db, caller, cursors }: Asking) => ({
  households({ filter, orderBy, ...paging }: HouseholdsAsked): HouseholdPage {
    const { decileAtMost } = filter ?? {};
    if (decileAtMost != null && (decileAtMost < 1 || decileAtMost > 10))
      throw badInput("filter.decileAtMost must be from 1 to 10");
    const order: data.HouseholdOrder = orderBy ?? "ID";
    const regions = regionsAsked(caller.rows, filter?.region);
    const list = { regions, decileMax: caller.rows.decileMax, filter: filter ?? {}, order };
    return pageOf(paging, {
      of: `households:${order}`,
      cursors,
      positionOf: (row) => data.householdPosition(order, row),
      rows: (window) => data.listHouseholds(db, list, window),
      count: () => data.countHouseholds(db, list),
    });
  },

  reach: byKey(
    (scopes: readonly string[]) =>
      reachesOf(scopes, ({ regions, decileMax }) => data.countHouseholds(db, { regions, decileMax, filter: {}, order: "ID" })),
    (row) => row.scope,
  ),

  psksInstitutions({ region, ...paging }: InstitutionsAsked): PsksInstitutionPage {
    const range = region == null ? null : regionRange(region);
    return pageOf(paging, {
      of: "psksInstitutions",
      cursors,
      positionOf: (row) => [row.id],
      rows: (window) => data.listPsksInstitutions(db, range, window),
      count: () => data.countPsksInstitutions(db, range),
    });
  },
});
