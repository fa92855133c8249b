/** A row of a source as a merge leaves it. */
export interface MergedRow {
  readonly source: string;
  readonly row: string;
  readonly agency: string;
  /** Of the row's values: another digest, another row. */
  readonly digest: string;
  /** Person of the register, or null. */
  readonly person: string | null;
  /** What rows without a person have in common when they belong together. */
  readonly group: string;
}

/** What is known from merges before. Keys are `rowKey`s. */
export interface Known {
  /** Row → individual. */
  readonly rows: ReadonlyMap<string, string>;
  /** Person → individual, also one that was merged into another. */
  readonly persons: ReadonlyMap<string, string>;
  /** Individuals without a person that are not merged into others. */
  readonly provisional: ReadonlySet<string>;
  /** Rows that human beings have decided about: they stay where they are. */
  readonly held: ReadonlySet<string>;
}

/** What has to change so that individuals are as the merge says. */
export interface Assignment {
  readonly created: readonly { readonly id: string; readonly person: string | null }[];
  /** Provisional individuals whose person is known now. */
  readonly identified: readonly { readonly id: string; readonly person: string }[];
  /** Rows that are new or come to another individual. */
  readonly joined: readonly { readonly row: MergedRow; readonly individual: string }[];
  /** Provisional individuals all of whose rows went to one other: their ids have to resolve to it. */
  readonly emptied: readonly { readonly id: string; readonly into: string }[];
}

export const rowKey = ({ source, row }: Pick<MergedRow, "source" | "row">): string => `${source}\u0000${row}`;

/** Rows of one individual-to-be. */
interface Cluster {
  readonly person: string | null;
  readonly rows: MergedRow[];
}

/**
 * Gives the clusters of a merge the ids their rows have had, so that ids survive re-runs: a person keeps theirs; a provisional
 * individual's goes to the cluster with most of its rows, who becomes its person if it has one and had no id. Only then new ids are made. The
 * order of the rows does not matter; the same merge again changes nothing.
 */
export function assign(merged: Iterable<MergedRow>, known: Known, newId: () => string): Assignment {
  const clusters = clustersOf(merged, known.held);
  const { created, identified, idOf } = naming(clusters, known, newId);
  const joined: Assignment["joined"][number][] = [];
  const ends = new Map<string, Set<string>>();
  for (const cluster of clusters) {
    const id = idOf(cluster);
    for (const row of cluster.rows) {
      const before = known.rows.get(rowKey(row));
      if (before !== id) joined.push({ row, individual: id });
      if (before !== undefined) ends.set(before, (ends.get(before) ?? new Set()).add(id));
    }
  }
  return { created, identified, joined, emptied: emptiedOf(ends, known) };
}

/** Decides which id a cluster has, noting what is new. Once a cluster. */
function naming(clusters: readonly Cluster[], known: Known, newId: () => string) {
  const created: Assignment["created"][number][] = [];
  const identified: Assignment["identified"][number][] = [];
  const heirs = heirsOf(clusters, known);
  const idOf = (cluster: Cluster): string => {
    const { person } = cluster;
    const own = person === null ? undefined : known.persons.get(person);
    if (own !== undefined) return own;
    const [inherited] = heirs.get(cluster) ?? [];
    if (inherited !== undefined && person !== null) identified.push({ id: inherited, person });
    const id = inherited ?? newId();
    if (inherited === undefined) created.push({ id, person });
    return id;
  };
  return { created, identified, idOf };
}

/** `ends`: individual → where its rows are now. */
function emptiedOf(ends: ReadonlyMap<string, ReadonlySet<string>>, { rows, provisional, held }: Known): Assignment["emptied"] {
  const stays = new Set([...held].map((key) => rows.get(key)));
  return [...ends].flatMap(([id, now]) => {
    const [into, ...more] = now;
    const isEmpty = into !== undefined && into !== id && more.length === 0 && !stays.has(id);
    return isEmpty && provisional.has(id) ? [{ id, into }] : [];
  });
}

/** In the order of their first rows. */
function clustersOf(merged: Iterable<MergedRow>, held: ReadonlySet<string>): Cluster[] {
  const clusters = new Map<string, Cluster>();
  const rows = [...merged].filter((row) => !held.has(rowKey(row))).sort((a, b) => (rowKey(a) < rowKey(b) ? -1 : 1));
  for (const row of rows) {
    const key = row.person === null ? `group ${row.group}` : `person ${row.person}`;
    const cluster = clusters.get(key) ?? { person: row.person, rows: [] };
    cluster.rows.push(row);
    clusters.set(key, cluster);
  }
  return [...clusters.values()];
}

/** Cluster → provisional ids it inherits, those with most of its rows first; ties by id. An id goes to the cluster with most of its rows; ties to the first. */
function heirsOf(clusters: readonly Cluster[], { rows, provisional }: Known): Map<Cluster, string[]> {
  const shares = new Map<string, Map<Cluster, number>>();
  for (const cluster of clusters)
    for (const row of cluster.rows) {
      const id = rows.get(rowKey(row));
      if (id === undefined || !provisional.has(id)) continue;
      const share = shares.get(id) ?? new Map<Cluster, number>();
      shares.set(id, share.set(cluster, (share.get(cluster) ?? 0) + 1));
    }
  const heirs = new Map<Cluster, string[]>();
  const ordered = [...shares].map(([id, share]) => {
    const [cluster, count] = [...share].reduce((best, next) => (next[1] > best[1] ? next : best));
    return { id, cluster, count };
  });
  ordered.sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1));
  for (const { id, cluster } of ordered) heirs.set(cluster, [...(heirs.get(cluster) ?? []), id]);
  return heirs;
}
