import { randomUUID } from "node:crypto";
import type { Db } from "../../../drizzle/client.ts";
import { changedMeanwhile } from "../../kit/acts/acting.ts";
import { uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { atMost } from "../duties/words.ts";
import { ruled } from "../faults.ts";
import type { SubscribeToEventsInput } from "../generated.ts";
import { type Mutation, stewardFor } from "../lifecycle/needs.ts";
import { refuseFaults, textFaults } from "../lifecycle/says.ts";
import { type Steward, stewardAsking } from "../steward.ts";
import {
  type DeadRow,
  deadOf,
  insertSubscription,
  moveSubscription,
  queueDead,
  type SubscriptionRow,
  subscriptionById,
  subscriptionsFor,
} from "./data.ts";

/** Which row, as it was read. */
export interface Read {
  readonly id: string;
  readonly version: number;
}
type Move = Parameters<typeof moveSubscription>[2];

/** Webhooks of events: who may do what with them is said by the database (migration 0023). */
export const eventSubscriptions = ({ db, write, caller, now }: Asking) => {
  const acting = <T>(mutation: Mutation, work: (to: Db, steward: Steward) => Promise<T>): Promise<T> =>
    ruled(write(async (to) => work(to, await stewardFor(to, caller, mutation))));
  const move = (mutation: Mutation, { id, version }: Read, set: (steward: Steward) => Move): Promise<SubscriptionRow | null> =>
    acting(mutation, async (to, steward) => {
      if (uuids([id]).length === 0) throw badInput("id: there is no such subscription");
      const moved = await moveSubscription(to, { id, version }, set(steward));
      if (moved.length === 0) throw changedMeanwhile("the subscription");
      return (await subscriptionById(to, id)) ?? null;
    });
  const ended = (read: Read, state: "PAUSED" | "REVOKED", reason: string) =>
    move(state === "PAUSED" ? "pauseEventSubscription" : "revokeEventSubscription", read, () => {
      refuseFaults(textFaults("reason", reason));
      return { state, reason: reason.trim() };
    });
  return {
    async list(first: number): Promise<SubscriptionRow[]> {
      const { id: steward, agencyCode: agency } = await stewardAsking(db, caller);
      return subscriptionsFor(db, { agency, steward, first: atMost(first) });
    },
    dead: (id: string, first: number): Promise<DeadRow[]> => deadOf(db, id, atMost(first)),
    subscribe: (input: SubscribeToEventsInput): Promise<SubscriptionRow | null> =>
      acting("subscribeToEvents", async (to, steward) => {
        refuseFaults(faultsOf(input));
        const id = randomUUID();
        const { agreement: agreementNumber, client: clientId, url, format } = input;
        const [programs, kinds] = [[...(input.programs ?? [])], [...(input.kinds ?? [])]];
        const made = { state: "PROPOSED" as const, madeBy: steward.id, madeAt: now.toISOString() };
        await insertSubscription(to, { id, agreementNumber, clientId, url, format, programs, kinds, ...made });
        return (await subscriptionById(to, id)) ?? null;
      }),
    approve: (read: Read) => move("approveEventSubscription", read, ({ id }) => ({ state: "ACTIVE", approvedBy: id })),
    pause: (read: Read, reason: string) => ended(read, "PAUSED", reason),
    resume: (read: Read) => move("resumeEventSubscription", read, () => ({ state: "ACTIVE", reason: null })),
    revoke: (read: Read, reason: string) => ended(read, "REVOKED", reason),
    redeliver: (id: string): Promise<DeadRow | null> =>
      acting("redeliverEvents", async (to, steward) => {
        const [queued] = uuids([id]).length === 0 ? [] : await queueDead(to, id, steward.id);
        if (!queued) throw badInput("id: nothing of that id was given up");
        return queued;
      }),
  };
};

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;

function faultsOf({ url, programs = [], kinds = [] }: SubscribeToEventsInput): string[] {
  const isCode = (codes: readonly string[]) => codes.length <= 50 && codes.every((code) => CODE.test(code));
  return [
    ...(isAddress(url) ? [] : ["url: an https address of at most 500 characters, without user, query and fragment"]),
    ...(isCode(programs) ? [] : ["programs: codes, at most 50"]),
    ...(isCode(kinds) ? [] : ["kinds: codes, at most 50"]),
  ];
}

/** Where it may lead is looked at again whenever something is sent: names change their addresses. */
function isAddress(text: string): boolean {
  if (text.length > 500 || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash, href } = new URL(text);
  if (username || password || search || hash || /[\s#@?]/.test(href)) return false;
  return protocol === "https:" || (protocol === "http:" && hostname === "127.0.0.1");
}
