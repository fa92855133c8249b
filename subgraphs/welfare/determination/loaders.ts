import { randomUUID } from "node:crypto";
import { acting, changedMeanwhile } from "../../kit/acts/acting.ts";
import { byKey, manyByKey } from "../../kit/byKey.ts";
import { regionsAsked } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { DetermineInput, PrepareDeterminationInput } from "../generated.ts";
import type { Desk } from "../held.ts";
import { transitionsOf } from "../office/data.ts";
import { onDuty } from "../office/duty.ts";
import * as data from "./data.ts";
import { decreeOf, draftOf, monthOf } from "./draft.ts";
import { releaseOf } from "./release.ts";

export type DeterminationPage = Page<data.DeterminationRow>;
export type DeterminedPage = Page<data.DeterminedRow>;
export type DeterminationChangePage = Page<data.DeterminationChangeRow>;

interface RowsAsked extends Paging {
  readonly region?: string | null;
  readonly kind?: data.DeterminationChangeRow["kind"] | null;
}

/** The whole country, as a region that a duty is held over. */
const COUNTRY = "0";

export const determination = (asking: Asking, _desk: Desk) => ({
  ...readings(asking),
  ...figures(asking),
  ...lists(asking),
  ...deeds(asking),
});

const readings = ({ db, now }: Asking) => {
  const standings = new Map<string, ReturnType<typeof standing>>();
  const standing = (basis: data.Basis, month: string) =>
    byKey(
      (ids: readonly string[]) => data.standingOf(db, { basis, month }, ids),
      (row) => row.memberId,
    );
  const decrees = new Map<data.Basis, ReturnType<typeof decree>>();
  const decree = (basis: data.Basis) =>
    byKey(
      (ids: readonly string[]) => data.firstDecrees(db, basis, ids),
      (row) => row.memberId,
    );
  return {
    byId: byKey(
      (ids: readonly string[]) => data.determinationsById(db, ids),
      (row) => row.id,
    ),
    history: manyByKey(
      (ids: readonly string[]) => transitionsOf(db, "DETERMINATION", ids),
      (row) => row.subjectId,
    ),
    stretches: manyByKey(
      (ids: readonly string[]) => data.stretchesOf(db, ids),
      (row) => row.householdId,
    ),
    of: async (basis: data.Basis, day: string, knownAt: string | null) =>
      (await data.determinationOf(db, { basis, month: monthOf(day) }, knownAt ?? now.toISOString())) ?? null,
    standing(basis: data.Basis, day: string, member: string) {
      const key = `${basis} ${monthOf(day)}`;
      const known = standings.get(key) ?? standing(basis, monthOf(day));
      standings.set(key, known);
      return known.load(member);
    },
    async firstDecree(basis: data.Basis, member: string) {
      const known = decrees.get(basis) ?? decree(basis);
      decrees.set(basis, known);
      return (await known.load(member))?.decreeNumber ?? null;
    },
  };
};

/** Counts: many determinations' for the statements of one. */
const figures = ({ db, caller, keyFor }: Asking) => {
  const tally = (regions: typeof caller.rows.regions | null) =>
    manyByKey(
      (ids: readonly string[]) => data.tallies(db, ids, regions),
      (row) => row.determinationId,
    );
  const national = tally(null);
  const counted = byKey(
    (ids: readonly string[]) => data.counted(db, ids),
    (row) => row.determinationId,
  );
  return {
    tally: tally(caller.rows.regions),
    isCounted: async (id: string) => (await counted.load(id))?.isCounted ?? false,
    statistics: async (row: data.DeterminationRow) =>
      row.state === "DETERMINED" ? releaseOf(keyFor("rounding"), row, await national.load(row.id)) : null,
  };
};

const lists = ({ db, caller, cursors }: Asking) => ({
  list: (basis: data.Basis, paging: Paging): DeterminationPage =>
    pageOf(paging, {
      of: `determinations:${basis}`,
      cursors,
      positionOf: ({ month, id }) => [month, id],
      rows: (window) => data.listDeterminations(db, basis, window),
      count: () => data.countDeterminations(db, basis),
    }),
  members(determination: string, { region, ...paging }: RowsAsked): DeterminedPage {
    const list = { determination, regions: regionsAsked(caller.rows, region) };
    return pageOf(paging, {
      of: `determined:${determination}`,
      cursors,
      positionOf: (row) => [row.region, row.memberId],
      rows: (window) => data.listDetermined(db, list, window),
      count: () => data.countDetermined(db, list),
    });
  },
  changes(determination: string, { region, kind, ...paging }: RowsAsked): DeterminationChangePage {
    const list = { determination, regions: regionsAsked(caller.rows, region), kind: kind ?? null };
    return pageOf(paging, {
      of: `determinationChanges:${determination}`,
      cursors,
      positionOf: (row) => [row.region, row.memberId],
      rows: (window) => data.listChanges(db, list, window),
      count: () => data.countChanges(db, list),
    });
  },
});

const deeds = (asking: Asking) => {
  const act = acting(asking);
  return {
    prepare: (input: PrepareDeterminationInput) =>
      act(async (one) => {
        const preparedBy = await onDuty(one, ["MINISTRY"], COUNTRY);
        const told = draftOf(input, one.now);
        const registryVersion = await data.newestVersion(one.db, told.basis);
        if (registryVersion === undefined) throw badInput("basis: no version of it has been published yet");
        const at = one.now.toISOString();
        const draft = { ...told, id: randomUUID(), preparedBy, preparedAt: at, knownAt: at, registryVersion };
        return (await data.insertDraft(one.db, draft)) ?? null;
      }),
    withdraw: (id: string, version: number) =>
      act(async (one) => {
        await onDuty(one, ["MINISTRY"], COUNTRY);
        return decided(await data.decide(one.db, { id, version, states: ["DRAFT", "QUEUED"] }, { state: "WITHDRAWN" }));
      }),
    determine: (input: DetermineInput) =>
      act(async (one) => {
        const signedBy = await onDuty(one, ["MINISTER"], COUNTRY);
        const signed = { ...decreeOf(input), state: "QUEUED", signedBy, signedAt: one.now.toISOString() } as const;
        const woken = await data.wakeSigned(one.db, { id: input.id, ...signed });
        return woken ?? decided(await data.decide(one.db, { ...input, states: ["DRAFT"] }, signed));
      }),
  };
};

function decided(row: data.DeterminationRow | undefined): data.DeterminationRow {
  if (!row) throw changedMeanwhile("the determination");
  return row;
}
