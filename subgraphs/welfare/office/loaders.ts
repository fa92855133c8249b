import { randomUUID } from "node:crypto";
import { acting, officerActing } from "../../kit/acts/acting.ts";
import { manyByKey } from "../../kit/byKey.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { AssignDutyInput } from "../generated.ts";
import type { Desk } from "../held.ts";
import { dutiesAt, dutiesById, endDuty, insertDuty, transitionsOf } from "./data.ts";

const ID = /^[a-z0-9][a-z0-9._-]{1,99}$/;

export const office = (asking: Asking, _desk: Desk) => {
  const { db, caller, now } = asking;
  const act = acting(asking);
  return {
    myDuties: async () => (caller.officer === null ? [] : dutiesAt(db, caller.officer, now)),
    /** Histories of rows of one kind: a loader a kind, made once a request. */
    historyOf: (kind: string) =>
      manyByKey(
        (ids: readonly string[]) => transitionsOf(db, kind, ids),
        (row) => row.subjectId,
      ),
    assign: ({ officer, role, region }: AssignDutyInput) =>
      act(async (one) => {
        const assignedBy = officerActing(one.caller);
        if (!ID.test(officer)) throw badInput("officer must be the id of an officer");
        const validFrom = one.now.toISOString();
        const duty = { id: randomUUID(), officerId: officer, agency: caller.agency, role, region, validFrom, assignedBy };
        return (await insertDuty(one.db, duty)) ?? null;
      }),
    end: (id: string) =>
      act(async (one) => {
        officerActing(one.caller);
        const [known] = await dutiesById(one.db, [id]);
        const ended = known && (await endDuty(one.db, id, one.now.toISOString()));
        if (!ended) throw badInput("id: there is no such duty in force");
        return ended;
      }),
  };
};
