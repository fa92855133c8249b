import { useCallback } from "react";
import { useSearchParams } from "react-router";

/** What a list is narrowed to, kept in the address of the page so that it can be shared; an empty value is left out. */
export function useFilter(): readonly [value: (name: string) => string, set: (name: string, value: string) => void] {
  const [search, setSearch] = useSearchParams();
  const value = (name: string) => search.get(name) ?? "";
  const set = useCallback(
    (name: string, next: string) =>
      setSearch(
        (before) => {
          const after = new URLSearchParams(before);
          if (next === "") after.delete(name);
          else after.set(name, next);
          return after;
        },
        { replace: true, flushSync: true }, // what is typed is shown at once: a transition would lose letters
      ),
    [setSearch],
  );
  return [value, set];
}
