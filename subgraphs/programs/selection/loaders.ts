import { byKey, manyByKey } from "../../kit/byKey.ts";
import { regionsAsked } from "../../kit/data.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { Inbox } from "../held.ts";
import { transitionsOf } from "../office/data.ts";
import { allotting, selecting, simulating } from "./acts.ts";
import * as data from "./data.ts";
import { bandOf, fullAt, regionsAbove } from "./explain.ts";
import { releaseChange } from "./released.ts";

export type QuotaPage = Page<data.QuotaRow>;
export type EntryPage = Page<data.EntryRow>;
type Ids = readonly string[];

export const selection = (asking: Asking, _inbox: Inbox) => ({
  ...reading(asking),
  ...explaining(asking),
  ...listing(asking),
  ...released(asking),
  quotaActs: allotting(asking),
  runActs: selecting(asking),
  simulate: simulating(asking),
});

const reading = ({ db }: Asking) => {
  const history = (kind: string) =>
    manyByKey(
      (ids: Ids) => transitionsOf(db, kind, ids),
      (row) => row.subjectId,
    );
  return {
    quota: byKey(
      (ids: Ids) => data.quotasById(db, ids),
      (row) => row.id,
    ),
    run: byKey(
      (ids: Ids) => data.runsById(db, ids),
      (row) => row.id,
    ),
    runs: (program: string) => data.listRuns(db, program),
    quotaHistory: history("QUOTA"),
    runHistory: history("SELECTION"),
  };
};

const explaining = ({ db }: Asking) => {
  const seats = manyByKey(
    (ids: Ids) => data.seatsOfRuns(db, ids),
    (row) => row.run,
  );
  const positions = byKey(
    (ids: Ids) => data.positionsOf(db, ids),
    (row) => row.enrolmentId,
  );
  const levelsOf = async ({ run, region }: data.EntryRow) => {
    const above = regionsAbove(region);
    return (await seats.load(run)).filter((row) => above.includes(row.region));
  };
  return {
    seatsOf: async (run: string, region: string | null | undefined) =>
      (await seats.load(run)).filter((row) => region == null || row.region === region),
    levelsOf,
    position: async (enrolment: string) => (await positions.load(enrolment))?.position ?? null,
    async band(enrolment: string) {
      const at = await positions.load(enrolment);
      return at === null ? null : bandOf(at.position);
    },
    async fullRegion(entry: data.EntryRow): Promise<string | null> {
      if (entry.verdict === "SELECTED") return null;
      return fullAt(entry.place, await levelsOf(entry))?.region || null;
    },
    entryOf: byKey(
      (ids: Ids) => data.entriesOfEnrolments(db, ids),
      (row) => row.enrolmentId,
    ),
  };
};

interface QuotasAsked extends Paging {
  readonly program: string;
  readonly region?: string | null;
}
interface EntriesAsked extends Paging {
  readonly region?: string | null;
  readonly verdict?: data.EntryRow["verdict"] | null;
}

const listing = ({ db, caller, cursors }: Asking) => ({
  quotas({ program, region, ...paging }: QuotasAsked): QuotaPage {
    const list = { program, prefix: region ?? "" };
    return pageOf(paging, {
      of: `quotas:${program}`,
      cursors,
      positionOf: (row) => [row.region, row.period, row.kind, row.id],
      rows: (window) => data.listQuotas(db, list, window),
      count: () => data.countQuotas(db, list),
    });
  },
  entries(run: string, { region, verdict, ...paging }: EntriesAsked): EntryPage {
    const list = { run, regions: regionsAsked(caller.rows, region), verdict: verdict ?? null };
    return pageOf(paging, {
      of: `selectionEntries:${run}`,
      cursors,
      positionOf: (row) => [row.place],
      rows: (window) => data.listEntries(db, list, window),
      count: () => data.countEntries(db, list),
    });
  },
});

interface ChangeAsked {
  readonly province: string | null | undefined;
  readonly isEntering: boolean;
}

const released = ({ db, keyFor }: Asking) => ({
  simulation: byKey(
    (ids: Ids) => data.simulationsById(db, ids),
    (row) => row.id,
  ),
  async change(simulation: data.SimulationRow, { province, isEntering }: ChangeAsked) {
    if (simulation.state !== "DONE") return null;
    const provinces = await data.regionsOf(db, simulation, null);
    const within = province == null ? null : { province, regencies: await data.regionsOf(db, simulation, province) };
    const cells = await data.cellsOf(db, simulation.id);
    return releaseChange({ key: keyFor("rounding"), simulation, cells, isEntering, provinces, within });
  },
});
