import { setTimeout as pause } from "node:timers/promises";
import type { Held } from "../../../runtime/reload/current.ts";
import { carry, type Delivering } from "./delivery.ts";

export interface CourierOptions extends Omit<Delivering, "hub" | "signal"> {
  /** The hub that a message is answered with. */
  readonly hold: () => Held;
  readonly log: { warn(fields: object, text: string): void };
}

const SECOND = 1000;
const LOOK_MS = 1 * SECOND;
const SWEEP_MS = 30 * SECOND;
const GOOD_BYE_MS = 2 * SECOND;
/** Messages one gateway is at: it has others to answer. */
const MOST = 4;

/** What goes on as long as the gateway runs. */
export interface Courier {
  /** Gives what is under way back to whoever is next. */
  close(): Promise<void>;
}

/** Answers what was asked by the standard's later ways as long as the gateway runs. Any number of gateways; a database that is away is waited for. */
export function startCourier({ hold, log, ...delivering }: CourierOptions): Courier {
  const { store, attempts } = delivering;
  const { signal, failed, every, close } = roundsOf(log);
  const busy = new Set<Promise<void>>();
  const look = async (): Promise<void> => {
    if (busy.size >= MOST || isParting(hold)) return;
    for (const leased of await store.lease(MOST - busy.size, attempts)) {
      const { hub, release } = hold();
      const work = carry(leased, { ...delivering, hub, signal })
        .catch(failed)
        .finally(() => {
          release();
          busy.delete(work);
        });
      busy.add(work);
    }
  };
  const rounds = [every(LOOK_MS, look), every(SWEEP_MS, () => sweep(delivering))];
  return { close: () => close([...rounds, ...busy]) };
}

type Sweeping = Pick<CourierOptions, "store" | "attempts">;

/** Ends and forgets messages whose time is over also where the standard is not spoken any more. */
export function startSweeper({ log, ...sweeping }: Sweeping & Pick<CourierOptions, "log">): Courier {
  const { every, close } = roundsOf(log);
  const round = every(SWEEP_MS, () => sweep(sweeping));
  return { close: () => close([round]) };
}

async function sweep({ store, attempts }: Sweeping): Promise<void> {
  await store.expire(attempts);
  await store.forget();
}

function roundsOf(log: CourierOptions["log"]) {
  const closing = new AbortController();
  const { signal } = closing;
  const failed = (error: unknown) =>
    void (signal.aborted || log.warn({ err: error }, "messages of the DCI standard cannot be answered"));
  const every = async (ms: number, work: () => Promise<void>): Promise<void> => {
    while (!signal.aborted) {
      await work().catch(failed);
      await pause(ms, undefined, { signal, ref: false }).catch(() => {});
    }
  };
  const close = async (works: readonly Promise<void>[]): Promise<void> => {
    closing.abort();
    await Promise.race([Promise.all(works), pause(GOOD_BYE_MS, undefined, { ref: false })]);
  };
  return { signal, failed, every, close };
}

/** The process makes room for another: it begins nothing any more. */
function isParting(hold: CourierOptions["hold"]): boolean {
  const { hub, release } = hold();
  release();
  return hub.parting?.aborted ?? false;
}
