import type { GraphQLSchema } from "graphql";
import type { Catalogue, CatalogueEntry } from "../sdl/catalogue.ts";
import { agencyOf } from "./agencies.ts";
import { RETENTIONS, TIME_REFERENCES } from "./texts.ts";
import type { Described } from "./words.ts";
import { UNWRITTEN, type Written, type WrittenElement } from "./written.ts";

/** A schema, as policy and as clients read it. */
export interface Schema {
  readonly catalogue: Pick<Catalogue, "entries">;
  readonly api: GraphQLSchema;
}

export interface Telling extends Schema {
  readonly written: Written;
}

/** Who answers for a type, and what they wrote of it. */
export interface Source {
  /** Slice that owns the type. */
  readonly slice: string;
  /** Of the type, in Indonesian; null: nobody has written it. */
  readonly definition: string | null;
  readonly described: Answered;
}

/** What is said of where data come from. */
type Answered = Omit<Described, "concept" | "definition">;

/** Source of a type. Of several slices the one that wrote its definition owns it. */
export function describedBy(type: string, entries: readonly CatalogueEntry[], written: Written): Source {
  const slices = [...new Set(entries.flatMap(({ owners }) => owners))].sort();
  const definition = (slice: string) => written.slices[slice]?.elements[type]?.definition;
  const slice = slices.find(definition) ?? slices[0] ?? "";
  return { slice, definition: definition(slice) ?? null, described: answeredBy(slice, [type], written) };
}

/** Source of a field: what is written of it, then of its type where one slice has both, then of the slice. */
export function fieldSource({ coordinate, owners }: CatalogueEntry, source: Source, written: Written): Answered {
  const [type = ""] = coordinate.split(".");
  const slice = owners.includes(source.slice) ? source.slice : (owners[0] ?? source.slice);
  return answeredBy(slice, slice === source.slice ? [coordinate, type] : [coordinate], written);
}

/** The first that says something has it. */
function answeredBy(slice: string, names: readonly string[], { slices, controllers }: Written): Answered {
  const own = slices[slice] ?? UNWRITTEN;
  const said = names.flatMap((name) => own.elements[name] ?? []);
  const first = <Part extends keyof WrittenElement>(part: Part) => said.find((one) => one[part] !== undefined)?.[part];
  const code = first("producer") ?? controllers[slice] ?? slice;
  const { name, keeper } = agencyOf(code);
  return {
    ...{ producer: { code, name }, keeper },
    legalBasis: first("legalBasis") ?? own.legalBasis,
    frequency: first("frequency") ?? own.frequency,
    retention: RETENTIONS[first("retention") ?? own.retention],
    timeReference: TIME_REFERENCES[first("timeReference") ?? own.timeReference],
    validFrom: first("since") ?? own.since,
  };
}
