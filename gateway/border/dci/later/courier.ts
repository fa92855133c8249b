import type { Held } from "../../../runtime/reload/current.ts";
import { Rounds, type RoundsLog } from "../../rounds.ts";
import { carry, type Delivering } from "./delivery.ts";

export interface CourierOptions extends Omit<Delivering, "hub" | "signal"> {
  /** The hub that a message is answered with. */
  readonly hold: () => Held;
  readonly log: RoundsLog;
}

/** Messages one gateway is at: it has others to answer. */
const MOST = 4;
const FAILED = "messages of the DCI standard cannot be answered";

/** Answers what was asked by the standard's later ways as long as the gateway runs; closed it gives back what is under way. Any number of gateways. */
export function startCourier({ hold, log, ...delivering }: CourierOptions): Pick<Rounds, "close"> {
  const { store, attempts } = delivering;
  const rounds = new Rounds(log, FAILED);
  rounds.look(MOST, async (room) => {
    if (isParting(hold)) return;
    for (const leased of await store.lease(room, attempts))
      rounds.begin(hold, (hub) => carry(leased, { ...delivering, hub, signal: rounds.signal }));
  });
  rounds.sweep(() => sweep(delivering));
  return rounds;
}

type Sweeping = Pick<CourierOptions, "store" | "attempts">;

/** Ends and forgets messages whose time is over also where the standard is not spoken any more. */
export function startSweeper({ log, ...sweeping }: Sweeping & Pick<CourierOptions, "log">): Pick<Rounds, "close"> {
  const rounds = new Rounds(log, FAILED);
  rounds.sweep(() => sweep(sweeping));
  return rounds;
}

async function sweep({ store, attempts }: Sweeping): Promise<void> {
  await store.expire(attempts);
  await store.forget();
}

/** The process makes room for another: it begins nothing any more. */
function isParting(hold: CourierOptions["hold"]): boolean {
  const { hub, release } = hold();
  release();
  return hub.parting?.aborted ?? false;
}
