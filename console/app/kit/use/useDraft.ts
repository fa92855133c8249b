import { useCallback, useState } from "react";
import { keep, kept } from "./kept.ts";

/**
 * What is typed into a form, kept for this person in this tab until it is cleared: a session that ends, or a page left by mistake, loses nothing.
 * `name` says what the form is about, too: what is typed about one case must not come up with another.
 */
export function useDraft<T extends object>(
  name: string,
  empty: T,
): readonly [draft: T, change: (part: Partial<T>) => void, clear: () => void] {
  const [held, hold] = useState(() => ({ name, draft: draftOf(name, empty) }));
  const { draft } = held.name === name ? held : { draft: draftOf(name, empty) };
  const change = useCallback(
    (part: Partial<T>) =>
      hold((before) => {
        const next = { ...(before.name === name ? before.draft : draftOf(name, empty)), ...part };
        keep(`draft.${name}`, next);
        return { name, draft: next };
      }),
    [name, empty],
  );
  const clear = useCallback(() => {
    keep(`draft.${name}`, null);
    hold({ name, draft: empty });
  }, [name, empty]);
  return [draft, change, clear];
}

const draftOf = <T extends object>(name: string, empty: T): T => ({ ...empty, ...kept<Partial<T>>(`draft.${name}`) });
