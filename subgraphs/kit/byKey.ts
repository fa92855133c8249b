import DataLoader from "dataloader";

/** Answers of one access path, batched: all keys asked for in one turn of the event loop travel in one call of `fetch`. */
export interface Loader<Key, Value> {
  /** A key that is null has no row: a representation names what it likes. */
  load(key: Key): Promise<Value>;
}

type Fetch<Key, Row> = (keys: readonly Key[]) => Promise<readonly Row[]>;
type Key = string | number;

/** One row a key, in the order asked; null for a key without a row. `fetch` may answer in any order. */
export function byKey<K extends Key, Row>(fetch: Fetch<K, Row>, keyOf: (row: Row) => K): Loader<K, Row | null> {
  const loader = new DataLoader<K, Row | null>(async (keys) => {
    const rows = new Map((await fetch(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => rows.get(key) ?? null);
  });
  return orNone(loader, null);
}

/** All rows of a key, in the order `fetch` gives them; an empty list for a key without rows. */
export function manyByKey<K extends Key, Row>(fetch: Fetch<K, Row>, keyOf: (row: Row) => K): Loader<K, readonly Row[]> {
  const loader = new DataLoader<K, readonly Row[]>(async (keys) => {
    const groups = groupBy(await fetch(keys), keyOf);
    return keys.map((key) => groups.get(key) ?? []);
  });
  return orNone(loader, []);
}

const orNone = <K extends Key, Value>(loader: Loader<K, Value>, none: Value): Loader<K, Value> => ({
  load: (key: K | null | undefined) => (key === null || key === undefined ? Promise.resolve(none) : loader.load(key)),
});

/** The first `n` rows of a key. Different `n` in one batch still make one call: `fetch` gets the largest, each asker its own share. */
export function topByKey<K extends Key, Row>(
  fetch: (keys: readonly K[], n: number) => Promise<readonly Row[]>,
  keyOf: (row: Row) => K,
): { load(key: K, n: number): Promise<readonly Row[]> } {
  const loader = new DataLoader<{ key: K; n: number }, readonly Row[], string>(
    async (asked) => {
      const keys = [...new Set(asked.map(({ key }) => key))];
      const groups = groupBy(await fetch(keys, Math.max(...asked.map(({ n }) => n))), keyOf);
      return asked.map(({ key, n }) => groups.get(key)?.slice(0, n) ?? []);
    },
    { cacheKeyFn: ({ key, n }) => `${n}:${key}` },
  );
  return { load: (key, n) => loader.load({ key, n }) };
}

function groupBy<K, Row>(rows: readonly Row[], keyOf: (row: Row) => K): Map<K, Row[]> {
  const groups = new Map<K, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
