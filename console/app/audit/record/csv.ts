import { csvLine } from "../../../../schema/values/csv.ts";
import type { Entry } from "./types.ts";

const HEAD = ["receipt", "at", "agency", "client", "officer", "case", "agreement", "version", "purpose", "operation", "status"];
const MORE = ["subjects", "shown", "masked", "denied", "disclosure", "leaf", "index"];

/** The entries of a page as a table: machine names, instants in UTC. */
export const csvOf = (entries: readonly Entry[]): string =>
  [
    [...HEAD, ...MORE],
    ...entries.map((one) => [
      ...[one.receipt, one.at, one.agency?.code, one.client, one.officer, one.case, one.agreement, one.version],
      ...[one.purpose?.code, one.operation, one.status, one.subjects, one.shown, one.masked, one.denied],
      ...[one.disclosure, one.leaf, one.index],
    ]),
  ]
    .map(csvLine)
    .join("");
