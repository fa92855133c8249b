import type { feature } from "topojson-client";

type Topology = Parameters<typeof feature>[0];
export type Shape = Topology["objects"][string];

/** Boundaries as whoever runs the hub has set them (`HUB_MAP_TOPOJSON`). */
export interface Boundaries {
  readonly topology: Topology;
  /** By region code. */
  readonly shapes: ReadonlyMap<string, Shape>;
  /** As the file says; empty: it does not. */
  readonly attribution: string;
}

const ADDRESS = "/console/map.json";

let known: Promise<Boundaries | null> | undefined;

/** Null: none are set, or they cannot be read. Asked once. */
export function topologyOf(): Promise<Boundaries | null> {
  known ??= fetch(ADDRESS).then(
    async (answer) =>
      answer.status === 200 && answer.headers.get("content-type")?.includes("json") ? boundariesOf(await answer.json()) : null,
    () => null,
  );
  return known.catch(() => null);
}

type Properties = { readonly code?: unknown; readonly kode?: unknown } | undefined;

/** Null: it is no topology of regions with a `code` or `kode`. */
export function boundariesOf(read: unknown): Boundaries | null {
  const topology = read as Topology & { readonly attribution?: unknown };
  if (topology?.type !== "Topology" || typeof topology.objects !== "object") return null;
  const geometries = Object.values(topology.objects).flatMap((object) =>
    object.type === "GeometryCollection" ? object.geometries : [object],
  );
  const shapes = new Map(
    geometries.flatMap((geometry): [string, Shape][] => {
      const { code, kode } = (geometry.properties as Properties) ?? {};
      const digits = String(code ?? kode ?? "").replaceAll(".", "");
      return digits === "" ? [] : [[digits, geometry]];
    }),
  );
  const { attribution } = topology;
  return shapes.size === 0 ? null : { topology, shapes, attribution: typeof attribution === "string" ? attribution : "" };
}
