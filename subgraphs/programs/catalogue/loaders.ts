import { dayInWib } from "../../../schema/values/wib.ts";
import { type Act, acting, changedMeanwhile } from "../../kit/acts/acting.ts";
import { manyByKey } from "../../kit/byKey.ts";
import { badInput } from "../../kit/errors.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { Inbox } from "../held.ts";
import { transitionsOf } from "../office/data.ts";
import { onDuty } from "../office/duty.ts";
import { type Calculated, calculate } from "./calculator.ts";
import * as data from "./data.ts";
import { draft, endOf, rateOf, ruleOf, termOf } from "./drafts.ts";

export type ChangePage = Page<data.ChangeRow>;
export type OverlapPage = Page<data.OverlapRow>;

export const catalogue = (asking: Asking, _inbox: Inbox) => ({ ...reading(asking), ...listing(asking), ...changing(asking) });

interface AwardAsked {
  readonly program: string;
  readonly components: readonly string[];
  readonly months?: number | null;
  readonly on?: string | null;
}

const [MOST_COMPONENTS, YEAR] = [99, 12];
const REGENCY_DIGITS = 4;

/** Whether a row of the catalogue holds on a day. */
const holdsOn = (day: string) => (row: { readonly validFrom: string; readonly validTo: string | null }) =>
  row.validFrom <= day && (row.validTo === null || day <= row.validTo);

const reading = ({ db, now }: Asking) => {
  const today = dayInWib(now);
  const terms = manyByKey(
    (programs: readonly string[]) => data.termsOf(db, programs),
    (row) => row.program,
  );
  const rates = manyByKey(
    (programs: readonly string[]) => data.ratesOf(db, programs),
    (row) => row.program,
  );
  const on = <Row extends { readonly validFrom: string; readonly validTo: string | null }>(
    rows: readonly Row[],
    day?: string | null,
  ) => (day == null ? rows : rows.filter(holdsOn(day)));
  return {
    terms: async (program: string, day?: string | null) => on(await terms.load(program), day),
    rates: async (program: string, day?: string | null) => on(await rates.load(program), day),
    /** The term of today; null: none holds. */
    term: async (program: string) => (await terms.load(program)).find(holdsOn(today)) ?? null,
    history: manyByKey(
      (ids: readonly string[]) => transitionsOf(db, "CATALOGUE_CHANGE", ids),
      (row) => row.subjectId,
    ),
    rulesOn: (day?: string | null) => data.rulesOn(db, day ?? today),
    async award({ program, components, months, on: asked }: AwardAsked): Promise<Calculated | null> {
      const day = asked ?? today;
      if (components.length > MOST_COMPONENTS) throw badInput(`components must be at most ${MOST_COMPONENTS}`);
      if (months != null && (months < 1 || months > YEAR)) throw badInput(`months must be from 1 to ${YEAR}`);
      const term = (await terms.load(program)).find(holdsOn(day));
      if (!term) return null;
      const own = on(await rates.load(program), day).map((rate) => ({ ...rate, yearly: BigInt(rate.yearly) }));
      return calculate({ program, on: day, term, rates: own, components, months: months ?? term.monthsAPayment });
    },
  };
};

interface ChangesAsked extends Paging {
  readonly state?: data.ChangeRow["state"] | null;
}
interface OverlapsAsked extends Paging {
  readonly filter: { readonly region: string; readonly program?: string | null; readonly finding?: string | null };
}

const listing = ({ db, cursors }: Asking) => ({
  changes: ({ state, ...paging }: ChangesAsked): ChangePage =>
    pageOf(paging, {
      of: "catalogueChanges",
      cursors,
      positionOf: (row) => [row.madeAt, row.id],
      rows: (window) => data.listChanges(db, state, window),
      count: () => data.countChanges(db, state),
    }),
  overlaps({ filter, ...paging }: OverlapsAsked): OverlapPage {
    if (filter.region.length < REGENCY_DIGITS) throw badInput("filter.region must be a regency or smaller");
    const asked = { region: filter.region, program: filter.program ?? null, finding: filter.finding ?? null };
    return pageOf(paging, {
      of: "overlaps",
      cursors,
      positionOf: (row) => [row.enrolmentId, row.otherEnrolmentId],
      rows: (window) => data.listOverlaps(db, asked, window),
      count: () => data.countOverlaps(db, asked),
    });
  },
});

const changing = (asking: Asking) => {
  const act = acting(asking);
  const drafting =
    <Input>(said: (input: Input) => Parameters<typeof draft>[1]) =>
    (input: Input) =>
      act((one) => draft(one, said(input)));
  return {
    draftTerm: drafting(termOf),
    draftRate: drafting(rateOf),
    draftEnd: drafting(endOf),
    draftRule: drafting(ruleOf),
    decide: (decision: data.Decision) => act((one) => decide(one, decision)),
  };
};

async function decide(one: Act, decision: data.Decision): Promise<data.ChangeRow> {
  const [change] = await data.changesById(one.db, [decision.id]);
  if (!change) throw badInput("id: there is no such change of the catalogue");
  await onDuty(one, ["PROGRAM_STEWARD", "PROGRAM_HEAD"], { program: change.program, region: "" });
  const decided = await data.decideChange(one.db, decision);
  if (!decided) throw changedMeanwhile("this change of the catalogue");
  return decided;
}
