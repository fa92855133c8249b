import type { Caller } from "../../../schema/caller.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { doing } from "../../kit/acts/acting.ts";
import { type Loader, manyByKey } from "../../kit/byKey.ts";
import { regionsAsked } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { Inbox } from "../held.ts";
import { transitionsOf } from "../office/data.ts";
import { decide, propose, proposeEnd } from "./acts.ts";
import * as data from "./data.ts";
import { registryDeliveries } from "./deliveries.ts";
import { reasonsOf } from "./evidence.ts";

/** A verdict and what was asked. */
export interface Eligibility {
  readonly row: data.VerdictRow;
  readonly judging: data.Judging;
}
export type EligibilityPage = Page<Eligibility>;
export type ClaimPage = Page<data.ClaimRow>;

interface Asked {
  readonly program: string;
  readonly on?: string | null;
}

const [DECILE_UNKNOWN, RANK_UNKNOWN, NEVER] = [99, "9223372036854775807", "9999-12-31"];
/** Regions are ordered by need as a whole: a province would be sorted anew for each page. */
const REGENCY_DIGITS = 4;

export const candidates = (asking: Asking, inbox: Inbox) => ({
  ...judging(asking),
  ...claims(asking),
  deliver: registryDeliveries(asking, inbox),
  registryEventCursor: async () => {
    const last = await data.lastRegistryEvent(asking.db);
    return last === 0n ? null : String(last);
  },
});

/** The asker's own agreement reaches everywhere, or it is a person who asks about themself: who is not found does not stand there. */
const knowsAll = ({ citizen, rows }: Caller): boolean =>
  citizen !== null || rows.regions.some(([from, before]) => from === "0" && before === "A");

/** A person is told of nobody else: not who draws the family's aid either. */
const toldTo = ({ citizen }: Caller, row: data.VerdictRow): data.VerdictRow =>
  citizen === null || row.personId === citizen ? row : { ...row, personId: null };

const judging = (asking: Asking) => {
  const { db, caller, now, cursors } = asking;
  const judgingOf = ({ program, on }: Asked): data.Judging => ({ program, on: on ?? dayInWib(now), known: now });
  const persons = perQuestion((one, ids) => data.verdictsOnPersons(db, one, ids));
  const families = perQuestion((one, ids) => data.verdictsOnFamilies(db, one, ids));
  const barrings = perQuestion(async (one, ids) =>
    (await data.barringsOf(db, one, ids)).map((b) => ({ ...b, asked: b.familyId })),
  );
  const rules = perQuestion(async (one) => (await data.rulesOn(db, one)).map((rule) => ({ ...rule, asked: "" })));
  const delivery = once(() => data.deliveryInForce(db));
  const missing = perQuestion((one, ids) => data.unregistered(db, one, ids));
  const verdictOf = (one: data.Judging) => (row: data.VerdictRow | undefined) =>
    row ? { row: toldTo(caller, row), judging: one } : null;
  return {
    delivery,
    async ofPerson(person: string, asked: Asked): Promise<Eligibility | null> {
      if (caller.citizen !== null && caller.citizen !== person) return null;
      const one = judgingOf(asked);
      const [found] = await persons(one).load(person);
      if (found || !knowsAll(caller)) return verdictOf(one)(found);
      const [nobody] = await missing(one).load(person);
      return nobody ? { row: unregistered(person), judging: one } : null;
    },
    async ofFamily(family: string, asked: Asked): Promise<Eligibility | null> {
      const one = judgingOf(asked);
      return verdictOf(one)((await families(one).load(family))[0]);
    },
    async reasons({ row, judging: one }: Eligibility) {
      if (row.reasons.length === 0) return [];
      const own = row.familyId === null ? [] : await barrings(one).load(row.familyId);
      return reasonsOf(row, { barrings: own, rules: await rules(one).load(""), delivery: await delivery() });
    },
    list({ region, program, ...paging }: Paging & Asked & { readonly region: string }): EligibilityPage {
      if (region.length < REGENCY_DIGITS) throw badInput("region must be a regency or below it");
      const one = judgingOf({ program });
      const regions = regionsAsked(caller.rows, region);
      return pageOf(paging, {
        of: `eligibility:${program}`,
        cursors,
        positionOf: ({ row }) => [row.decile ?? DECILE_UNKNOWN, row.rank ?? RANK_UNKNOWN, row.firstOn ?? NEVER, row.unitId],
        rows: async (window) =>
          (await data.listVerdicts(db, one, { ...window, regions })).map((row) => ({ row: toldTo(caller, row), judging: one })),
        count: () => data.countCandidates(db, program, regions),
      });
    },
  };
};

const unregistered = (person: string): data.VerdictRow => ({
  asked: person,
  personId: person,
  ...{ unitId: null, familyId: null, region: null, decile: null, rank: null, firstOn: null, yearly: null, staleSince: null },
  ...{ isEligible: false, reasons: ["NOT_REGISTERED"], components: [], counted: [], barred: [] },
});

type Fetch<Row> = (one: data.Judging, ids: readonly string[]) => Promise<readonly Row[]>;

/** A loader for each program and day asked about in a request: what is asked of many subjects travels in one statement. */
function perQuestion<Row extends { readonly asked: string }>(fetch: Fetch<Row>) {
  const loaders = new Map<string, Loader<string, readonly Row[]>>();
  return (one: data.Judging): Loader<string, readonly Row[]> => {
    const key = `${one.program} ${one.on}`;
    const loader =
      loaders.get(key) ??
      manyByKey(
        (ids: readonly string[]) => fetch(one, ids),
        (row: Row) => row.asked,
      );
    loaders.set(key, loader);
    return loader;
  };
}

function once<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let asked: Promise<Value> | undefined;
  return () => {
    asked ??= ask();
    return asked;
  };
}

interface ClaimsAsked extends Paging {
  readonly region: string;
  readonly state?: data.ClaimRow["state"] | null;
}

const claims = (asking: Asking) => {
  const { db, caller, cursors } = asking;
  const act = doing(asking);
  return {
    claims({ region, state, ...paging }: ClaimsAsked): ClaimPage {
      const list = { regions: regionsAsked(caller.rows, region), state: state ?? null };
      return pageOf(paging, {
        of: "exclusionClaims",
        cursors,
        positionOf: (row) => [row.madeAt, row.id],
        rows: (window) => data.listClaims(db, list, window),
        count: () => data.countClaims(db, list),
      });
    },
    history: manyByKey(
      (ids: readonly string[]) => transitionsOf(db, "EXCLUSION_CLAIM", ids),
      (row) => row.subjectId,
    ),
    propose: act(propose),
    proposeEnd: act(proposeEnd),
    decide: act(decide),
  };
};
