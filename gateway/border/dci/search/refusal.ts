/** A member of a table of ours by a name of the sender's: what every object inherits is none. */
export const own = <V>(table: Readonly<Record<string, V>>, name: string): V | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** Reasons the standard knows why one request of a message is rejected. */
export type Reason =
  | "rjct.reference_id.invalid"
  | "rjct.reference_id.duplicate"
  | "rjct.timestamp.invalid"
  | "rjct.search_criteria.invalid"
  | "rjct.filter.invalid"
  | "rjct.sort.invalid"
  | "rjct.pagination.invalid"
  | "rjct.search.too_many_records_found";

/** One request of a message is rejected: the others go on. Its words hold no value of the sender's. */
export class Rejection extends Error {
  readonly reason: Reason;

  constructor(reason: Reason, text: string) {
    super(text);
    this.name = "Rejection";
    this.reason = reason;
  }
}

export const rejected = (reason: Reason, text: string): Rejection => new Rejection(reason, text);
export const badCriteria = (text: string): Rejection => rejected("rjct.search_criteria.invalid", text);
