import { type CannotLink, type Edges, surestFirst } from "./edges.ts";
import { Groups } from "./groups.ts";

/**
 * Everything that hangs together, surest edges first; row → lowest row of its cluster. Two clusters stay apart when a row of the one cannot
 * be with a row of the other. One wrong edge joins two people: for permissive thresholds take `complete`.
 */
export function components(rows: number, edges: Edges, cannotLink: CannotLink | null = null): Int32Array {
  const groups = new Groups(rows);
  if (cannotLink === null) {
    for (let edge = 0; edge < edges.length; edge += 1) groups.join(edges.a[edge] as number, edges.b[edge] as number);
    return groups.names();
  }
  const members = new Map<number, number[]>();
  const membersOf = (group: number) => members.get(group) ?? [group];
  for (const edge of surestFirst(edges)) {
    const [x, y] = [groups.of(edges.a[edge] as number), groups.of(edges.b[edge] as number)];
    if (x === y) continue;
    const [first, second] = [membersOf(x), membersOf(y)];
    if (first.some((a) => second.some((b) => cannotLink(a, b)))) continue;
    members.set(groups.join(x, y), [...first, ...second]);
  }
  return groups.names();
}
