import { byKey, manyByKey } from "../kit/byKey.ts";
import type { Asking, SliceContext } from "../kit/serve/context.ts";
import {
  type Access,
  actingPerson,
  agenciesByCode,
  agreementsByNumber,
  grantsOfAgreements,
  listAgencies,
  listAgreements,
  listCeilings,
  listPurposes,
  purposesByCode,
} from "./data.ts";
import { duties } from "./duties/loaders.ts";
import { eventSubscriptions } from "./events/subscriptions.ts";
import { feedKeys } from "./feeds/keys.ts";
import type { Office } from "./held.ts";
import { insight } from "./insight/loaders.ts";
import { lifecycle } from "./lifecycle/loaders.ts";
import { metadata } from "./metadata/loaders.ts";
import { schemaNotices } from "./notices/notices.ts";
import { oversight } from "./oversight/loaders.ts";
import { record } from "./record/loaders.ts";
import { rights } from "./rights/loaders.ts";
import { search } from "./search/search.ts";

export type Context = SliceContext<ReturnType<typeof loaders>>;

export const loaders = (asking: Asking, office: Office) => ({
  ...access(asking),
  lifecycle: lifecycle(asking, office),
  insight: insight(asking, office),
  duties: duties(asking, office),
  record: record(asking, office),
  rights: rights(asking, office),
  oversight: oversight(asking, office),
  events: eventSubscriptions(asking),
  feeds: feedKeys(asking),
  search: search(asking, office),
  metadata: metadata(asking),
  notices: schemaNotices(asking),
});

const access = ({ db, caller, now }: Asking) => ({
  me: (): Access => ({ client: caller.client, agencyCode: caller.agency, agreementNumber: caller.agreement }),
  acting: () => actingPerson(db, caller.officer ?? caller.analyst ?? null),
  agencies: () => listAgencies(db),
  agency: byKey(
    (codes: readonly string[]) => agenciesByCode(db, codes),
    (row) => row.code,
  ),
  agreements: () => listAgreements(db, now, caller.agency),
  agreement: byKey(
    (numbers: readonly string[]) => agreementsByNumber(db, numbers, now),
    (row) => row.number,
  ),
  grants: manyByKey(
    (numbers: readonly string[]) => grantsOfAgreements(db, numbers),
    (row) => row.agreementNumber,
  ),
  purposes: () => listPurposes(db),
  purpose: byKey(
    (codes: readonly string[]) => purposesByCode(db, codes),
    (row) => row.code,
  ),
  ceilings: () => listCeilings(db),
});
