import { type CannotLink, type Edges, surestFirst } from "./edges.ts";

interface StarOptions {
  /** Rows below this number are centres, each of its own (a register); null: whichever row comes first becomes one. */
  readonly centres: number | null;
  readonly cannotLink?: CannotLink;
}

const NONE = -1;

/**
 * Stars: each row hangs on one centre by an edge of its own, the surest it has, so nothing chains two people together. Row → centre; rows
 * without an edge to a centre are their own. Without given centres the lower row of the surest free edge becomes one.
 */
export function star(rows: number, edges: Edges, { centres, cannotLink }: StarOptions): Int32Array {
  const centreOf = new Int32Array(rows).fill(NONE);
  if (centres !== null) for (let row = 0; row < centres; row += 1) centreOf[row] = row;
  const members = new Map<number, number[]>();
  for (const edge of surestFirst(edges)) {
    const found = spoke(edges.a[edge] as number, edges.b[edge] as number, { centreOf, isOpen: centres === null });
    if (!found) continue;
    const { centre, row } = found;
    const others = members.get(centre) ?? [centre];
    if (cannotLink && others.some((other) => cannotLink(other, row))) continue;
    centreOf[centre] = centre;
    centreOf[row] = centre;
    if (cannotLink) members.set(centre, [...others, row]);
  }
  return centreOf.map((centre, row) => (centre === NONE ? row : centre));
}

/** Which end of an edge is the centre and which the free row; null when it joins neither. */
function spoke(
  a: number,
  b: number,
  { centreOf, isOpen }: { centreOf: Int32Array; isOpen: boolean },
): { centre: number; row: number } | null {
  const isFree = (row: number) => centreOf[row] === NONE;
  const isCentre = (row: number) => centreOf[row] === row;
  if (isFree(a) && isFree(b)) return isOpen ? { centre: Math.min(a, b), row: Math.max(a, b) } : null;
  if (isCentre(a) && isFree(b)) return { centre: a, row: b };
  return isCentre(b) && isFree(a) ? { centre: b, row: a } : null;
}
