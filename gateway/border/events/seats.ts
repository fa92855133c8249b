import { Refusal } from "../../../schema/errors.ts";
import type { Known } from "../../types/chain.ts";

/** Takes a seat for whoever was admitted, until the signal aborts; refuses where none is left. */
export type Seated = (caller: Pick<Known["caller"], "client" | "officer" | "citizen">, until: AbortSignal) => void;

/** Streams of one asker at one time: of the people of one portal none takes another's. A seat is taken before anything is waited for, so however many come at once, no more sit. */
export function seatsOf(most: number): Seated {
  const taken = new Map<string, number>();
  const tooMany = {
    id: `Paling banyak ${most} aliran sekaligus; tutup salah satunya dahulu.`,
    en: `At most ${most} streams at one time; close one of them first.`,
  };
  return ({ client, officer, citizen }, until) => {
    const asker = `${client} ${officer ?? citizen}`;
    const others = taken.get(asker) ?? 0;
    if (others >= most) throw new Refusal({ code: "QUOTA_EXCEEDED", reason: tooMany });
    if (until.aborted) return;
    taken.set(asker, others + 1);
    const leave = () => {
      const left = (taken.get(asker) ?? 1) - 1;
      if (left > 0) taken.set(asker, left);
      else taken.delete(asker);
    };
    until.addEventListener("abort", leave, { once: true });
  };
}
