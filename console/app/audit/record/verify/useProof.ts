import type { CombinedError } from "@urql/core";
import { useCallback, useState } from "react";
import { useClient } from "urql";
import { type Claim, type Step, type Verdict, verify } from "../../proof/verify.ts";
import { PROOF } from "../questions.ts";
import { publicLog } from "./publicLog.ts";

interface Given {
  readonly verifyReceipt: {
    readonly reason: string;
    readonly index: number | null;
    readonly checkpoint: string | null;
    readonly proof: readonly string[] | null;
  } | null;
  readonly recordLogKey: string | null;
}

/** What is to be proven. `key`: the log's as the reader has it; empty: as the hub tells it. */
export interface Proposition extends Pick<Claim, "leaf" | "text"> {
  readonly receipt: string;
  readonly key: string;
}

export interface Proven {
  readonly verdict: Verdict;
  readonly steps: readonly Step[];
  /** What the hub says of it itself. */
  readonly said: string;
  /** Verifier key that was used; empty: none is known. */
  readonly key: string;
}

export interface Proving {
  readonly proven?: Proven;
  readonly error?: CombinedError | undefined;
  readonly isBusy: boolean;
  prove(): Promise<void>;
}

/** Gets place and proof of a receipt from the hub, and checks them here. What was found of anything but `about` as it is now is not told. */
export function useProof(about: Proposition): Proving {
  const client = useClient();
  const [{ of, ...found }, setFound] = useState<Omit<Proving, "prove"> & { readonly of?: string }>({ isBusy: false });
  const { receipt, leaf, text, key } = about;
  const now = JSON.stringify([receipt, leaf, text, key]);
  const prove = useCallback<Proving["prove"]>(async () => {
    const setState = (next: Omit<Proving, "prove">) => setFound({ ...next, of: now });
    setState({ isBusy: true });
    const { data, error } = await client
      .query<Given>(PROOF, { id: receipt, leaf }, { requestPolicy: "network-only" })
      .toPromise();
    const given = data?.verifyReceipt;
    if (!given) return setState({ isBusy: false, error });
    const { index, checkpoint, proof, reason } = given;
    const used = key || (data.recordLogKey ?? "");
    const { verdict, steps } = await verify({ leaf, text, index, checkpoint, proof }, { key: used, log: publicLog });
    setState({ isBusy: false, proven: { verdict: isRefuted(reason) ? "ALTERED" : verdict, steps, said: reason, key: used } });
  }, [client, receipt, leaf, text, key, now]);
  return of === now ? { ...found, prove } : { isBusy: false, prove };
}

/** The hub may only make the verdict worse: that it says PROVEN proves nothing here. */
const isRefuted = (reason: string): boolean => reason === "LEAF_DIFFERS" || reason === "NOT_PROVEN";
