import type { Circuit, Verdict } from "./circuit.ts";

/** With nobody asking, the second probe comes after so long. */
const IDLE_MS = 250;

export interface Watch {
  /** To be told when the circuit opens. */
  wake(): void;
  stop(): void;
}

/** Asks a source itself as long as its circuit is not closed. `ask` MUST NOT reject. */
export function watching(circuit: Circuit, { ask, now }: { ask: () => Promise<Verdict>; now: () => number }): Watch {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const after = (ms: number) => {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(look, Math.max(1, Math.ceil(ms))).unref();
  };
  const look = async () => {
    const permit = circuit.admit("own");
    const { state } = circuit;
    if (state === "closed") return permit?.settle("neither");
    if (permit) permit.settle(await ask());
    if (circuit.state !== "closed") after(circuit.state === "open" ? circuit.until - now() : IDLE_MS);
  };
  return {
    wake: () => after(circuit.until - now()),
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
