import type { Db } from "../../../drizzle/client.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { ruled } from "../faults.ts";
import type { Office } from "../held.ts";
import { type Answering, fulfil, refuse, take } from "./answering.ts";
import { cancel, file, liftRestriction } from "./filing.ts";
import { readsOf } from "./reads.ts";
import { confirm, end, register } from "./representations.ts";

/** The rights of data subjects: `reads`, and acts, each one transaction. What is read after an act knows of it. */
export const rights = (asking: Asking, _office: Office) => {
  let reads = readsOf(asking);
  /** An act that takes what was sent as it is. */
  const doing =
    <Sent, Row>(work: (db: Db, who: Answering, sent: Sent) => Promise<Row | undefined>) =>
    async (sent: Sent): Promise<Row | null> => {
      const done = await ruled(asking.write((db) => work(db, asking, sent)));
      reads = readsOf(asking);
      return done ?? null;
    };
  return {
    get reads() {
      return reads;
    },
    file: doing(file),
    cancel: doing(cancel),
    lift: doing(liftRestriction),
    take: doing(take),
    fulfil: doing(fulfil),
    refuse: doing(refuse),
    register: doing(register),
    confirm: doing(confirm),
    end: doing(end),
  };
};
