import type { FastifyReply, FastifyRequest } from "fastify";
import { Refusal } from "../../../schema/errors.ts";
import type { InRoom } from "../../types/border.ts";
import type { HttpAnswer, Incoming } from "../../types/chain.ts";
import type { FaceAnswer } from "../../types/faces.ts";
import { sendFace } from "../faces.ts";
import { refuse } from "../respond.ts";
import { Admission, type Leave } from "./admission.ts";

interface RoomOptions {
  /** Most requests at one time. */
  readonly most: number;
  /** Who may come in of those who ask. */
  readonly admission: Admission;
  readonly asking: (request: FastifyRequest, reply: FastifyReply) => Incoming;
  /** Told of each that is refused. */
  readonly full: () => void;
}

/** By this process's own clock and work. */
export const createAdmission = (most: number): Admission =>
  new Admission({ most, now: () => performance.now(), busy: busyShare() });

/** Room for questions, and apart from it for the pages that ask some in their turn: those that find none are a page that says so. */
export function createRoom({ most, admission, asking, full }: RoomOptions) {
  const coming = comers();
  const enter = () => {
    coming.enters();
    return admission.enter();
  };
  return {
    counted: counter({ asking, full, enter }),
    handled: counter({ asking, full, enter: places(most) }),
    unread: unreadIfFull({ admission, coming, asking, full }),
    inRoom: placed(admission, full),
  };
}

interface Counting extends Pick<RoomOptions, "asking" | "full"> {
  readonly enter: () => Leave | null | Promise<Leave | null>;
}

/** Requests of one kind, each with a place while it is answered. */
function counter({ asking, enter, full }: Counting) {
  return (work: (asked: Incoming, request: FastifyRequest) => Promise<FaceAnswer>) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const asked = asking(request, reply);
      const place = enter();
      const leave = place instanceof Promise ? await place : place;
      if (!leave) {
        full();
        return sendFace(reply, overloaded(asked));
      }
      try {
        // who left while waiting for a place hears nothing
        return sendFace(reply, asked.signal.aborted ? overloaded(asked) : await work(asked, request));
      } finally {
        leave();
      }
    };
}

/** A question that no request of its own brings: it waits for its place, and is refused, as any. */
const placed =
  (admission: Admission, full: () => void): InRoom =>
  async (work) => {
    const leave = await admission.enter();
    if (!leave) {
      full();
      throw new Refusal({ code: "OVERLOADED" });
    }
    try {
      return await work();
    } finally {
      leave();
    }
  };

const overloaded = (asked: Incoming): HttpAnswer => refuse(new Refusal({ code: "OVERLOADED" }), asked);

/**
 * Who was let through in this turn of the loop and has not entered yet. Of many that are taken up at one time the last are refused by it at once, before the
 * first are worked on. Only so long: who sends a body bit by bit takes nobody's place.
 */
function comers() {
  let count = 0;
  return {
    get count() {
      return count;
    },
    comes(): void {
      if (count === 0)
        setImmediate(() => {
          count = 0;
        });
      count += 1;
    },
    enters(): void {
      count = Math.max(0, count - 1);
    },
  };
}

interface Unread extends Pick<RoomOptions, "admission" | "asking" | "full"> {
  readonly coming: ReturnType<typeof comers>;
}

/** Where there is not even room to wait, nobody reads what was sent. */
const unreadIfFull =
  ({ admission, coming, asking, full }: Unread) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (!admission.isFull(coming.count)) {
      coming.comes();
      return undefined;
    }
    full();
    return sendFace(reply, overloaded(asking(request, reply)));
  };

/** So many at one time, and nobody waits. */
function places(most: number): () => Leave | null {
  let taken = 0;
  return () => {
    if (taken >= most) return null;
    taken += 1;
    return () => {
      taken -= 1;
    };
  };
}

/** Share of the time since it was last asked in which this process was not idle. */
function busyShare(): () => number {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
}
