import type { Cache } from "../types/document.ts";

/**
 * A Map keeps insertion order: reading an entry puts it last, so the first is always the least recently used. Bounded by entries and
 * by the bytes they stand for; one that is larger than all is not kept.
 */
export function createCache<Value>(max: { readonly entries: number; readonly bytes: number }): Cache<Value> {
  const entries = new Map<string, { readonly value: Value; readonly bytes: number }>();
  let total = 0;
  const drop = (key: string): void => {
    total -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };
  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, bytes) {
      drop(key);
      if (bytes > max.bytes) return;
      entries.set(key, { value, bytes });
      total += bytes;
      while (entries.size > max.entries || total > max.bytes) drop(entries.keys().next().value as string);
    },
  };
}
