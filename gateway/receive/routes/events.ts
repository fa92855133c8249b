import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Refusal } from "../../../schema/errors.ts";
import type { HttpAnswer, Incoming, StreamedAnswer } from "../../types/chain.ts";
import { single } from "../negotiate.ts";
import { refuse } from "../respond.ts";
import { breakOff, handlerOf, type JobOptions, NO_HEAD } from "./jobs.ts";

/** What the gateway does with events; none of it rejects. */
export interface EventDoor {
  follow(
    request: Incoming,
    asked: {
      readonly after: string | null;
      readonly programs: readonly string[] | null;
      readonly kinds: readonly string[] | null;
    },
  ): Promise<HttpAnswer | StreamedAnswer>;
  /** Public keys that webhooks are signed with, newest first. */
  readonly keys: readonly string[];
}

export interface EventOptions extends Pick<JobOptions, "incoming"> {
  readonly events: EventDoor;
}

/** Who takes nothing for so long is cut; the place it had is not lost. */
const SLOWEST_MS = 30_000;
const PLACE = /^\d{1,18}$/;
const CODES = /^[A-Z][A-Z0-9_]*(,[A-Z][A-Z0-9_]*)*$/;

/** `/events`: the feed of the aid programs as Server-Sent Events; `/events/keys`: what its webhooks are verified with. */
export function addEvents(app: FastifyInstance, { events, incoming }: EventOptions): void {
  const closing = new AbortController();
  app.addHook("preClose", (done) => {
    closing.abort(); // whoever follows comes back to the next gateway by itself
    done();
  });
  const streamed = handlerOf({ incoming });
  app.get(
    "/events",
    NO_HEAD,
    streamed(async (asked, request, reply) => {
      const { after, programs, kinds, fault } = askedIn(request);
      if (fault) return refuse(new Refusal({ code: "BAD_REQUEST", detail: fault }), asked);
      const signal = AbortSignal.any([asked.signal, closing.signal]);
      const answer = await events.follow({ ...asked, signal }, { after, programs, kinds });
      if ("pieces" in answer) cutWhenSlow(reply, SLOWEST_MS);
      return answer;
    }),
  );
  app.get("/events/keys", (_: FastifyRequest, reply: FastifyReply) =>
    reply.header("cache-control", "public, max-age=300").send({ keys: events.keys }),
  );
}

/** A browser comes back with Last-Event-ID, which is newer than its address. */
function askedIn({ url, headers }: FastifyRequest) {
  const query = new URL(url, "http://hub").searchParams;
  const after = single(headers["last-event-id"]) || query.get("after");
  const [programs, kinds] = [query.get("programs"), query.get("kinds")];
  const faults = [
    ...(after === null || PLACE.test(after) ? [] : ["after (or Last-Event-ID): the place of an event, digits only"]),
    ...(programs === null || CODES.test(programs) ? [] : ["programs: codes by commas"]),
    ...(kinds === null || CODES.test(kinds) ? [] : ["kinds: codes by commas"]),
  ];
  return { after, programs: programs?.split(",") ?? null, kinds: kinds?.split(",") ?? null, fault: faults.join("; ") };
}

/** Something is written more often than that, so a connection without any traffic is one whose reader takes nothing. Node sets the time back when the answer has ended. */
export function cutWhenSlow(reply: FastifyReply, slowestMs: number): void {
  reply.raw.setTimeout(slowestMs, () => breakOff(reply));
}
