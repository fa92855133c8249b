import { reachesOf } from "../../schema/policy/scopeText.ts";
import { byKey, manyByKey } from "../kit/byKey.ts";
import { regionsAsked } from "../kit/data.ts";
import { type Page, type Paging, pageOf } from "../kit/page.ts";
import type { Asking, SliceContext } from "../kit/serve/context.ts";
import type { Register } from "./civil/held.ts";
import { civil } from "./civil/loaders.ts";
import { validations } from "./civil/validation.ts";
import {
  countPersons,
  familyCardsById,
  listPersons,
  type PersonFilter,
  type PersonOrder,
  type PersonRow,
  personPosition,
  personsById,
  personsByNik,
  personsOnCards,
  regionsByCode,
} from "./data.ts";
import { individuals } from "./individuals/review.ts";
import { matchJobs } from "./jobs/door/jobs.ts";
import { crosswalk } from "./regions/crosswalk.ts";
import { regions } from "./regions/loaders.ts";
import { verifications } from "./verification/identity.ts";
import { recipients } from "./verification/recipient.ts";

export type PersonPage = Page<PersonRow>;
export type Context = SliceContext<ReturnType<typeof loaders>>;

export interface PersonsAsked extends Paging {
  readonly filter?: (PersonFilter & { readonly region?: string | null }) | null;
  readonly orderBy?: PersonOrder | null;
}

export const loaders = (asking: Asking, door: Register) => ({
  ...loadersOver(asking, door, asking),
  ...reaching(asking),
  ...regions(asking),
  ...crosswalk(asking),
  civil: civil(asking, door),
  validation: validations(asking, door),
});

const reaching = ({ db }: Asking) => ({
  reach: byKey(
    (scopes: readonly string[]) => reachesOf(scopes, ({ regions }) => countPersons(db, { regions, filter: {}, order: "ID" })),
    (row) => row.scope,
  ),
});

const loadersOver = (asking: Asking, door: Register, { db, caller, cursors }: Asking) => ({
  person: byKey(
    (ids: readonly string[]) => personsById(db, ids),
    (row) => row.id,
  ),
  personByNik: byKey(
    (niks: readonly string[]) => personsByNik(db, niks),
    (row) => row.nik,
  ),
  familyCard: byKey(
    (ids: readonly string[]) => familyCardsById(db, ids),
    (row) => row.id,
  ),
  personsOnCard: manyByKey(
    (cardIds: readonly string[]) => personsOnCards(db, cardIds),
    (row) => row.cardId,
  ),
  region: byKey(
    (codes: readonly string[]) => regionsByCode(db, codes),
    (row) => row.code,
  ),
  verification: verifications(asking),
  recipient: recipients(asking),
  matching: matchJobs(asking, door),
  individuals: individuals(asking),

  persons({ filter, orderBy, ...paging }: PersonsAsked): PersonPage {
    const order = orderBy ?? "ID";
    const list = { regions: regionsAsked(caller.rows, filter?.region), filter: filter ?? {}, order };
    return pageOf(paging, {
      of: `persons:${order}`,
      cursors,
      positionOf: (row) => personPosition(order, row),
      rows: (window) => listPersons(db, list, window),
      count: () => countPersons(db, list),
    });
  },
});
