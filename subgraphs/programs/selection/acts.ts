import { randomUUID } from "node:crypto";
import { dayInWib } from "../../../schema/values/wib.ts";
import { type Act, acting, changedMeanwhile } from "../../kit/acts/acting.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type {
  DraftQuotaInput,
  PrepareSelectionInput,
  ProposeSeatsInput,
  SignSelectionInput,
  SimulatePolicyInput,
} from "../generated.ts";
import { onDuty } from "../office/duty.ts";
import * as data from "./data.ts";
import { decreeOf, periodOf, placeOf, policyOf, reasonOf, seatsOf } from "./input.ts";

const COUNTRY = "";
const PLANNING = "DEVELOPMENT_PLANNING";

/** Acts on quotas. */
export const allotting = (asking: Asking) => {
  const act = acting(asking);
  return {
    draft: ({ program, period, kind, region, seats, reason }: DraftQuotaInput) =>
      act(async (one) => {
        const place = { program, region: placeOf(region) };
        const madeBy = await onDuty(one, ["PROGRAM_STEWARD"], place);
        const told = { period: periodOf(period), kind: kind ?? "REGULAR", proposed: seatsOf(seats), reason: reasonOf(reason) };
        const row = { ...place, ...told, id: randomUUID(), madeBy, madeAt: one.now.toISOString() };
        return (await data.insertQuota(one.db, row)) ?? null;
      }),
    propose: ({ seats, reason, ...read }: ProposeSeatsInput) =>
      act(async (one) => {
        const madeBy = await onDuty(one, ["PROGRAM_STEWARD"], await quotaOf(one, read));
        const told = { proposed: seatsOf(seats), reason: reasonOf(reason), madeBy, madeAt: one.now.toISOString() };
        return moved(await data.moveQuota(one.db, read, { ...told, approvedBy: null, approvedAt: null }), "the quota");
      }),
    approve: (read: data.Read) =>
      act(async (one) => {
        const { proposed, ...quota } = await quotaOf(one, read);
        const approvedBy = await onDuty(one, ["PROGRAM_STEWARD", "PROGRAM_HEAD"], quota);
        if (proposed === null) throw badInput("id: nothing is proposed for this quota");
        const step = {
          state: "IN_FORCE",
          seats: proposed,
          proposed: null,
          approvedBy,
          approvedAt: one.now.toISOString(),
        } as const;
        return moved(await data.moveQuota(one.db, read, step), "the quota");
      }),
    withdraw: (read: data.Read) =>
      act(async (one) => {
        const quota = await quotaOf(one, read);
        await onDuty(one, ["PROGRAM_STEWARD"], quota);
        const state = quota.state === "DRAFT" ? "WITHDRAWN" : quota.state;
        return moved(await data.moveQuota(one.db, read, { state, proposed: null }), "the quota");
      }),
  };
};

/** Acts on selections. */
export const selecting = (asking: Asking) => {
  const act = acting(asking);
  return {
    prepare: ({ program, period, reason }: PrepareSelectionInput) =>
      act(async (one) => {
        const madeBy = await onDuty(one, ["PROGRAM_STEWARD"], { program, region: COUNTRY });
        const at = one.now.toISOString();
        const told = { program, period: periodOf(period), reason: reasonOf(reason), delivery: await delivered(one) };
        const row = { ...told, id: randomUUID(), day: dayInWib(one.now), known: at, madeBy, madeAt: at };
        return (await data.insertRun(one.db, row)) ?? null;
      }),
    start: (read: data.Read) =>
      act(async (one) => {
        await onDuty(one, ["PROGRAM_STEWARD"], await runOf(one, read));
        return moved(
          await data.moveRun(one.db, { ...read, states: ["DRAFT", "RUNNING"] }, { state: "RUNNING" }),
          "the selection",
        );
      }),
    discard: (read: data.Read, reason: string) =>
      act(async (one) => {
        const run = await runOf(one, read);
        await onDuty(one, run.state === "SIGNED" ? ["PROGRAM_HEAD"] : ["PROGRAM_STEWARD", "PROGRAM_HEAD"], run);
        const states = ["DRAFT", "RUNNING", "READY", "SIGNED"] as const;
        return moved(
          await data.moveRun(one.db, { ...read, states }, { state: "DISCARDED", reason: reasonOf(reason) }),
          "the selection",
        );
      }),
    sign: ({ decree, ...read }: SignSelectionInput) =>
      act(async (one) => {
        const signedBy = await onDuty(one, ["PROGRAM_HEAD"], await runOf(one, read));
        const step = { state: "SIGNED", decree: decreeOf(decree), signedBy, signedAt: one.now.toISOString() } as const;
        return moved(await data.moveRun(one.db, { ...read, states: ["READY"] }, step), "the selection");
      }),
  };
};

/** Asks for a simulation: of a steward of the program, or for planning. */
export const simulating = (asking: Asking) => (input: SimulatePolicyInput) =>
  acting(asking)(async (one) => {
    const { caller, now } = one;
    const policy = policyOf(input);
    if (caller.purpose !== PLANNING) await onDuty(one, ["PROGRAM_STEWARD", "PROGRAM_HEAD"], { ...policy, region: COUNTRY });
    const at = now.toISOString();
    const asked = { agency: caller.agency, askedBy: caller.officer ?? "SYSTEM", askedAt: at };
    const row = { ...policy, ...asked, id: randomUUID(), delivery: await delivered(one), day: dayInWib(now), known: at };
    return (await data.insertSimulation(one.db, row)) ?? null;
  });

async function delivered({ db }: Act): Promise<number> {
  const delivery = await data.deliveryInForce(db);
  if (delivery === null) throw badInput("no candidates have been delivered yet");
  return delivery;
}

/** The quota, its seats kept from all others meanwhile. */
async function quotaOf({ db }: Act, { id }: data.Read): Promise<data.QuotaRow> {
  const [quota] = await data.quotasById(db, [id]);
  if (!quota) throw badInput("id: there is no such quota");
  await data.lockSeats(db, quota.program);
  return quota;
}

async function runOf({ db }: Act, { id }: data.Read): Promise<data.RunRow & { readonly region: string }> {
  const [run] = await data.runsById(db, [id]);
  if (!run) throw badInput("id: there is no such selection");
  return { ...run, region: COUNTRY };
}

function moved<Row>(row: Row | undefined, what: string): Row {
  if (!row) throw changedMeanwhile(what);
  return row;
}
