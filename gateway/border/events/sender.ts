import { randomUUID } from "node:crypto";
import { Refusal } from "../../../schema/errors.ts";
import type { Hub } from "../../answer.ts";
import type { Incoming } from "../../types/chain.ts";
import { noticeOf } from "../dci/later/notices.ts";
import type { Facade } from "../dci/types.ts";
import { type AddressRules, addressOf, type Pinned, Undeliverable } from "./address.ts";
import { HOPELESS, LeaseLost, waitAfter } from "./attempts.ts";
import { type Asking, type Batch, batchAt, eventsAfter, type FeedEvent, openFeed } from "./batches.ts";
import { type Posting, post } from "./post.ts";
import type { Message } from "./sign.ts";
import type { Dead, Leased, Ledger, Places } from "./store.ts";

export interface Sending extends AddressRules {
  readonly hub: Hub;
  readonly ledger: Ledger;
  readonly sign: (message: Message, at: Date) => Record<string, string>;
  /** How messages of the DCI standard are signed; undefined: none are sent. */
  readonly signed: Facade["signed"] | undefined;
  /** Pause before the second attempt. */
  readonly retryMs: number;
  /** How often a message is tried. */
  readonly attempts: number;
  readonly signal: AbortSignal;
}

const [SECOND, MINUTE] = [1000, 60_000];
/** An agreement that does not let its client ask is asked about again after this; an outage sooner. */
const REFUSED_MS = 10 * MINUTE;
const OUTAGE_MS = 10 * SECOND;
const ASK_MS = 15 * SECOND;
/** Of events behind a place that is forgotten. */
const NO_LONGER_KEPT = "NO_LONGER_KEPT";

/** Delivers a subscription until it fails, is no longer ours, or the signal says so: in order, each message at least once. Rejects only for the database, and for our bugs. */
export async function deliver(leased: Leased, sending: Sending): Promise<void> {
  const { ledger } = sending;
  try {
    await new Delivery(leased, sending, await addressOf(new URL(leased.url), sending)).run();
    await ledger.release(leased.lease, { code: null, waitMs: 0 });
  } catch (error) {
    await afterFailure(error, leased.lease, sending);
  }
}

async function afterFailure(error: unknown, lease: string, { ledger, signal }: Sending): Promise<void> {
  if (signal.aborted || error instanceof LeaseLost) return ledger.release(lease, { code: null, waitMs: 0 });
  if (error instanceof Undeliverable)
    return HOPELESS.has(error.code)
      ? ledger.pause(lease, error.code)
      : ledger.astray(lease, { code: error.code, waitMs: OUTAGE_MS });
  if (!(error instanceof Refusal)) throw error;
  const code = error.failures[0]?.code ?? null;
  if (code !== null && isMeaningless(error)) return ledger.pause(lease, code);
  await ledger.release(lease, { code, waitMs: error.status >= 500 ? OUTAGE_MS : REFUSED_MS });
}

/** Asked again, it is refused again. */
const isMeaningless = (error: unknown): boolean => error instanceof Refusal && error.status === 400;

class Delivery {
  private readonly leased: Leased;
  private readonly sending: Sending;
  private readonly to: Pinned;
  private readonly asking: Asking;
  /** Of the message under way, if one failed. */
  private pendingUntil: string | null;
  private attempts: number;

  constructor(leased: Leased, sending: Sending, to: Pinned) {
    this.leased = leased;
    this.sending = sending;
    this.to = to;
    this.pendingUntil = leased.pendingUntil;
    this.attempts = leased.attempts;
    const { client, programs, kinds, position } = leased;
    // whoever this gateway knows by itself needs no token; all else about them is judged as ever
    const hub: Hub = { ...sending.hub, verify: async () => ({ clientId: client, subject: client }) };
    const asked = { after: position, programs: orAll(programs), kinds: orAll(kinds) };
    this.asking = { request: requestOf(leased, to, sending.signal), asked, hub };
  }

  async run(): Promise<void> {
    const { leased, sending, asking } = this;
    const { batches, close } = await openFeed(asking.request, asking.asked, asking.hub);
    try {
      for await (const batch of batches) {
        await this.holds();
        const queued = await sending.ledger.queued(leased.id);
        for (const dead of queued) await this.again(dead);
        if (batch !== null && !(await this.told(batch, queued.length === 0))) return;
      }
    } catch (error) {
      if (!isMeaningless(error)) throw error;
      await this.gap(error);
    } finally {
      close();
    }
  }

  /** Keeps the lease: before each message, so that none is sent by two. */
  private async holds(): Promise<void> {
    if (!(await this.sending.ledger.renew(this.leased.lease))) throw new LeaseLost();
  }

  /** Where what lies behind the place is forgotten, the receiver is told so and may go on with the oldest kept. Throws what else was refused. */
  private async gap(refused: unknown): Promise<void> {
    const { leased, sending, asking } = this;
    const { events, until } = await eventsAfter(null, asking);
    const [oldest] = events;
    const lost = oldest ? String(BigInt(oldest.id) - 1n) : until;
    if (!(await sending.ledger.gap(leased.lease, lost, NO_LONGER_KEPT))) throw refused;
  }

  /** False: it was not taken, and who is next goes on with it. `isFresh`: nothing was waited for since it was judged. */
  private async told(batch: Batch, isFresh: boolean): Promise<boolean> {
    const parts = partsOf(batch, this.pendingUntil);
    for (const part of parts) {
      const { code, isSent } = await this.outcomeOf(isFresh && part === parts[0] ? part : await this.judged(part));
      if (code !== null) {
        await this.failed(part, code);
        return false;
      }
      await this.sending.ledger.advance(this.leased.lease, part.until, isSent);
      [this.pendingUntil, this.attempts] = [null, 0];
    }
    return true;
  }

  /** Why a message was not taken; null: it was, or there is none. */
  private async outcomeOf(batch: Batch): Promise<{ readonly code: string | null; readonly isSent: boolean }> {
    try {
      return { code: null, isSent: batch.events.length > 0 && (await this.send(batch)) };
    } catch (error) {
      if (!(error instanceof Undeliverable) || HOPELESS.has(error.code) || this.sending.signal.aborted) throw error;
      return { code: error.code, isSent: false };
    }
  }

  private failed({ after, until }: Places, code: string): Promise<void> {
    const { lease } = this.leased;
    const { ledger, retryMs, attempts: most } = this.sending;
    const attempts = this.attempts + 1;
    return attempts < most
      ? ledger.failed(lease, { after, until, code, waitMs: waitAfter(attempts, retryMs) })
      : ledger.giveUp(lease, { after, until, code, attempts });
  }

  /** As the receiver may see it now: sending takes its time, and meanwhile somebody's data may have been restricted. */
  private judged(places: Places): Promise<Batch> {
    return batchAt(places, async (after) => {
      await this.holds();
      return eventsAfter(after, this.asking);
    });
  }

  private async again(dead: Dead): Promise<void> {
    const { sending } = this;
    try {
      const batch = await this.judged(dead);
      if (batch.events.length > 0) await this.send(batch);
      await sending.ledger.resent(dead, null);
    } catch (error) {
      if (error instanceof Undeliverable) await sending.ledger.resent(dead, error.code);
      else if (isMeaningless(error)) await sending.ledger.resent(dead, NO_LONGER_KEPT);
      else throw error;
    }
  }

  /** False: there was nothing to send. */
  private async send(batch: Batch): Promise<boolean> {
    const { leased, sending, to } = this;
    const message = leased.format === "DCI" ? await this.notice(batch) : this.webhook(batch);
    if (!message) return false; // nobody wants to be told of these
    await this.holds();
    await post({ to, ...message, signal: sending.signal });
    return true;
  }

  private webhook({ after, events, until }: Batch): Outgoing {
    const { leased, sending } = this;
    const { id: subscription, agreement, url } = leased;
    const at = new Date();
    const data = { subscription, agreement, after, until, events };
    const body = JSON.stringify({ type: "aid.events", timestamp: at.toISOString(), data });
    return { url: new URL(url), headers: sending.sign({ id: `${subscription}.${after}-${until}`, body }, at), body };
  }

  private async notice(batch: Batch): Promise<Outgoing | null> {
    const { leased, sending } = this;
    if (!sending.signed) throw new Refusal({ code: "INTERNAL_SERVER_ERROR" }); // another gateway may speak the standard
    return noticeOf(batch, { leased, wishes: await sending.ledger.wishes(leased.id), signed: sending.signed });
  }
}

type Outgoing = Pick<Posting, "url" | "headers" | "body">;

const orAll = (codes: readonly string[]): readonly string[] | null => (codes.length > 0 ? codes : null);

/** What was under way when it failed goes again as it was; what came since is a message of its own. */
function partsOf(batch: Batch, pendingUntil: string | null): Batch[] {
  if (pendingUntil === null || BigInt(pendingUntil) >= BigInt(batch.until)) return [batch];
  const isPending = ({ id }: FeedEvent) => BigInt(id) <= BigInt(pendingUntil);
  const { after, events, until } = batch;
  const rest = { after: pendingUntil, events: events.filter((event) => !isPending(event)), until };
  return [{ after, events: events.filter(isPending), until: pendingUntil }, rest];
}

/** As the receiver would ask: what an agreement says about addresses holds for the one that its data go to. */
const requestOf = ({ agreement }: Leased, { address }: Pinned, signal: AbortSignal): Incoming => ({
  requestId: randomUUID(),
  receiptId: randomUUID(),
  method: "POST",
  url: "/graphql",
  headers: { "hub-agreement": agreement },
  body: null,
  address,
  deadline: performance.now() + ASK_MS,
  signal,
});
