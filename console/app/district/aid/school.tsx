import { day } from "../../kit/format.ts";
import { type Act, seen } from "../acts/act.ts";
import { Clock, State } from "../kit/Facts.tsx";
import type { QueueOf } from "../kit/Queue.tsx";
import { ACTIVATE, SCHOOL_AIDS } from "./questions.ts";

interface SchoolAid {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly year: number;
  readonly activatedOn: string | null;
  readonly region: { readonly code: string; readonly name: string } | null;
  readonly person: { readonly id: string; readonly fullName?: string | null } | null;
  /** The education ministry, which knows no names here, knows pupils by it. */
  readonly nisn?: string | null;
  readonly nomination: { readonly number: string; readonly activateBy: string } | null;
}

const ACTS: readonly Act<SchoolAid>[] = [
  {
    ...{
      name: "activate",
      document: ACTIVATE,
      by: ["EDUCATION"],
      isOfMany: true,
      fits: ({ state }: SchoolAid) => state === "NOMINATED",
    },
    fields: [{ name: "activatedOn", kind: "date" }],
    variables: (rows, { activatedOn }) => ({ input: { aids: rows.map(seen), activatedOn } }),
  },
];

/** Its last instant in Jakarta. */
const endOf = (date: string): string => `${date}T23:59:59+07:00`;

const nameOf = ({ person, nisn, id }: SchoolAid): string => person?.fullName ?? (nisn == null ? id : `NISN ${nisn}`);

export const SCHOOL_QUEUE: QueueOf<SchoolAid> = {
  name: "school",
  query: SCHOOL_AIDS,
  root: "schoolAids",
  hasNames: true,
  filters: [
    {
      name: "state",
      kind: "choice",
      type: "SchoolAidState",
      values: ["NOMINATED", "ACCOUNT_ACTIVATED", "GRANTED", "PAID", "CANCELLED"],
      preset: "NOMINATED",
    },
    { name: "region", kind: "region" },
  ],
  variables: ({ state, region }) => ({ filter: { state, region } }),
  nameOf,
  acts: ACTS,
  columns: [
    { name: "pupil", cell: nameOf },
    { name: "year", cell: ({ year }) => year },
    { name: "village", cell: ({ region }) => region?.name },
    { name: "nomination", cell: ({ nomination }) => nomination?.number },
    { name: "state", cell: ({ state }) => <State type="SchoolAidState" value={state} /> },
    { name: "activatedOn", cell: ({ activatedOn }) => activatedOn && day(activatedOn) },
    {
      name: "left",
      cell: ({ state, nomination }) => (
        <Clock until={state === "NOMINATED" && nomination ? endOf(nomination.activateBy) : null} />
      ),
    },
  ],
};
