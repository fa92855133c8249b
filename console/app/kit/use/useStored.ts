import { useCallback, useState } from "react";
import { keep, kept } from "./kept.ts";

/** A text kept for this person in this tab; null: none. */
export function useStored(name: string): readonly [value: string | null, set: (value: string | null) => void] {
  const [value, setValue] = useState(() => kept<string>(name));
  const set = useCallback(
    (next: string | null) => {
      keep(name, next);
      setValue(next);
    },
    [name],
  );
  return [value, set];
}
