import { useCallback, useEffect, useState } from "react";
import { useAnswer } from "../../../kit/use/useAnswer.ts";
import { MY_KEYS } from "../questions.ts";
import type { StewardKey } from "../types.ts";
import { type HeldKey, keysHeldBy } from "./keyStore.ts";

interface Answer {
  readonly stewards: readonly { readonly keys: readonly StewardKey[] }[] | null;
}

/** Keys of a steward: those this browser holds, and those the hub has enrolled. Only what is both signs anything. */
export function useKeys(steward: string | undefined) {
  const { data, error } = useAnswer<Answer>(MY_KEYS, { id: steward }, { pause: steward === undefined });
  const [held, setHeld] = useState<readonly HeldKey[]>([]);
  const look = useCallback(async () => {
    if (steward !== undefined) setHeld(await keysHeldBy(steward));
  }, [steward]);
  useEffect(() => void look(), [look]);
  return { held, enrolled: data?.stewards?.[0]?.keys ?? [], error, look };
}
