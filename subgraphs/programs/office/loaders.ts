import { manyByKey } from "../../kit/byKey.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { Inbox } from "../held.ts";
import { dutiesAt, transitionsOf } from "./data.ts";

export const office = ({ db, caller, now }: Asking, _inbox: Inbox) => ({
  myDuties: async () => (caller.officer === null ? [] : dutiesAt(db, caller.officer, now)),
  /** Histories of rows of one kind: a loader a kind, made once a request. */
  historyOf: (kind: string) =>
    manyByKey(
      (ids: readonly string[]) => transitionsOf(db, kind, ids),
      (row) => row.subjectId,
    ),
});
