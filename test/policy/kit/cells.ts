import { compileTable, type DecisionTable, type TableVerdict } from "../../../schema/policy/decisionTable.ts";
import type { Grant } from "../../../schema/policy/policy.ts";
import { USES, type Use } from "../../../schema/policy/words.ts";
import type { Catalogue, CatalogueEntry } from "../../../schema/sdl/catalogue.ts";
import type { SeededAgreement } from "./seeded.ts";

/** One cell of the matrix: what an agreement lets be done with a coordinate. Of an input OUTPUT stands for sending it at all. */
export interface Cell {
  readonly entry: CatalogueEntry;
  readonly use: Use;
  readonly verdict: TableVerdict;
}

const probeOf = (coordinate: string, use: Use): string => `Probe.${use} ${coordinate}`;

/** The catalogue with an input for every use of every coordinate, so that a use can be asked about that no real input has yet. */
function withProbes({ entries, ...catalogue }: Catalogue): Catalogue {
  const probes = [...entries.values()].flatMap((entry) =>
    USES.filter((use) => use !== "OUTPUT").map((use): CatalogueEntry => {
      const guards =
        entry.kind === "output" ? [{ field: entry.coordinate, use }] : entry.guards.filter((guard) => guard.use === use);
      return { ...entry, coordinate: probeOf(entry.coordinate, use), kind: "input", carrier: null, guards };
    }),
  );
  return { ...catalogue, entries: new Map([...entries, ...probes.map((probe) => [probe.coordinate, probe] as const)]) };
}

/** The whole matrix of one agreement, and its table. */
export function cellsOf(
  { rows, ceilings, pinned }: SeededAgreement,
  catalogue: Catalogue,
): { cells: Cell[]; table: DecisionTable } {
  const probed = withProbes(catalogue);
  const probes = [...probed.entries.keys()].filter((coordinate) => !catalogue.entries.has(coordinate));
  const table = compileTable(rows, { ceilings, catalogue: probed, pinned: new Set([...pinned, ...probes]) });
  const cells = [...catalogue.entries.values()].flatMap((entry) =>
    USES.map((use): Cell => {
      const { coordinate } = entry;
      return { entry, use, verdict: table.verdict(use === "OUTPUT" ? coordinate : probeOf(coordinate, use)) };
    }),
  );
  return { cells, table };
}

/** Rows that speak of a coordinate for a use. */
export const rowsAbout = (rows: readonly Grant[], { coordinate, classes }: CatalogueEntry, use: Use): readonly Grant[] => {
  const { named, ofClasses } = sortedOut(rows);
  const ofThese = (ofClasses.get(use) ?? []).filter(({ selector, topic }) =>
    classes.some((data) => selector === data.class && [null, data.topic].includes(topic)),
  );
  return [...(named.get(`${use} ${coordinate}`) ?? []), ...ofThese];
};

interface SortedOut {
  readonly named: ReadonlyMap<string, readonly Grant[]>;
  readonly ofClasses: ReadonlyMap<Use, readonly Grant[]>;
}
const known = new WeakMap<readonly Grant[], SortedOut>();

/** Looked through once an agreement: the rules ask for each of its cells several times. */
function sortedOut(rows: readonly Grant[]): SortedOut {
  const found = known.get(rows) ?? {
    named: groups(rows, (row) => (row.kind === "coordinate" ? `${row.use} ${row.selector}` : null)),
    ofClasses: groups(rows, ({ kind, use }) => (kind === "coordinate" ? null : use)),
  };
  known.set(rows, found);
  return found;
}

function groups<K>(rows: readonly Grant[], keyOf: (row: Grant) => K | null): Map<K, Grant[]> {
  const all = new Map<K, Grant[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key !== null) all.set(key, [...(all.get(key) ?? []), row]);
  }
  return all;
}
