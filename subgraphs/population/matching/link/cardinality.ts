import { surestFirst } from "../cluster/edges.ts";
import type { Scored } from "./score.ts";

/** Each row on either side in one link at most, the surest first; ties by the left row, then the asking one. Numbers of the pairs that lose. */
export function oneToOne({ edges, numbers }: Scored["links"], isDedupe: boolean): Set<number> {
  const left = new Set<number>();
  const right = isDedupe ? left : new Set<number>();
  const lost = new Set<number>();
  for (const link of surestFirst(edges)) {
    const [a, b] = [edges.a[link] as number, edges.b[link] as number];
    if (left.has(a) || right.has(b)) lost.add(numbers[link] as number);
    else {
      left.add(a);
      right.add(b);
    }
  }
  return lost;
}
