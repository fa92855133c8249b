import type { WrittenScope } from "../../../../schema/policy/rowScope.ts";
import type { Catalogue } from "../../../../schema/sdl/catalogue.ts";
import type { ScopeDimension, UnboundSlice } from "../../generated.ts";

/** Slices whose rows know a dimension of the row scope, and so are bound by it (docs/adr/0005). */
const BOUND: Readonly<Record<ScopeDimension, readonly string[]>> = {
  REGIONS: ["population", "welfare", "programs"],
  DECILE: ["welfare"],
  PROGRAMS: ["programs"],
};
/** Its rows are agreements, which row-level security keeps to whom they concern. */
const NO_SUBJECTS = "governance";

/**
 * Where a scope does not bind: of every dimension it limits, the slices that do not know it, with the root fields among `opened` that answer out
 * of them. The approver reads it; nothing is refused for it.
 */
export function unboundSlices(scope: WrittenScope, opened: readonly string[], { entries }: Catalogue): UnboundSlice[] {
  const roots = opened.flatMap((coordinate) => {
    const entry = /^(?:Query|Mutation)\.\w+$/.test(coordinate) ? entries.get(coordinate) : undefined;
    const isGoverned = entry?.classes.some((data) => data.class !== "PUBLIC") ?? false;
    return isGoverned ? (entry?.owners ?? []).map((slice) => ({ coordinate, slice })) : [];
  });
  const slices = [...new Set(roots.map(({ slice }) => slice))].filter((slice) => slice !== NO_SUBJECTS);
  return limited(scope).flatMap((dimension) =>
    slices
      .filter((slice) => !BOUND[dimension].includes(slice))
      .map((slice) => ({
        slice,
        dimension,
        fields: roots.filter((root) => root.slice === slice).map((root) => root.coordinate),
      })),
  );
}

const limited = ({ regions, programs, decileMax }: WrittenScope): ScopeDimension[] => [
  ...(regions.includes("0") ? [] : (["REGIONS"] as const)),
  ...(programs === null ? [] : (["PROGRAMS"] as const)),
  ...(decileMax === null ? [] : (["DECILE"] as const)),
];
