import { type GraphQLObjectType, type GraphQLSchema, getNullableType, isEnumType, isListType, isNonNullType } from "graphql";
import type { CatalogueEntry } from "../sdl/catalogue.ts";
import { definitionOf, type Said, saidIn } from "./concept.ts";
import { fieldSource, type Source, type Telling } from "./sources.ts";
import { RULES } from "./texts.ts";
import { UNITS, unitByName } from "./units.ts";
import type { DataType, FieldMetadata } from "./words.ts";
import type { Written } from "./written.ts";

interface Around {
  readonly type: GraphQLObjectType;
  /** Of the type. */
  readonly said: Said;
  readonly source: Source;
  readonly telling: Telling;
}

const DATA_TYPES: Readonly<Record<string, DataType>> = {
  ...{ String: "TEXT", Int: "INTEGER", Float: "DECIMAL", Boolean: "BOOLEAN", ID: "IDENTIFIER" },
  ...{ Rupiah: "RUPIAH", Date: "DATE", DateTime: "INSTANT", RegionCode: "REGION_CODE" },
};
/** Kelas data from the loosest on. */
const STRICTNESS = ["PUBLIC", "GENERAL", "DERIVED", "SPECIFIC", "ADMINDUK_84", "ADMINISTRATION"] as const;

/** Metadata of a field. Pure. */
export function fieldOf(entry: CatalogueEntry, { type, said, source, telling }: Around): FieldMetadata {
  const { api, written } = telling;
  const [, name = ""] = entry.coordinate.split(".");
  const own = saidIn(entry.description);
  const given = type.getFields()[name]?.type;
  const dataType = dataTypeOf(entry.type, api);
  const data = strictest(entry);
  const measured = measuredBy(entry, dataType, written);
  return {
    ...{ coordinate: entry.coordinate, name, concept: own.concept },
    definition:
      dataType === "OBJECT"
        ? definitionOf(own, saidIn(api.getType(entry.type)?.description ?? ""))
        : definitionOf(own, said, source.definition),
    ...fieldSource(entry, source, written),
    ...{ class: data.class, topic: data.topic, isOpen: data.class === "PUBLIC" || entry.isStatistics, dataType },
    ...{ type: String(given), isList: given ? isListType(getNullableType(given)) : false, isRequired: isNonNullType(given) },
    ...{ measure: measured?.measure ?? null, unit: measured?.unit ?? null, rule: RULES[dataType] },
    codeList: dataType === "CODE" || dataType === "REGION_CODE" ? entry.type : null,
  };
}

const dataTypeOf = (name: string, api: GraphQLSchema): DataType =>
  DATA_TYPES[name] ?? (isEnumType(api.getType(name)) ? "CODE" : "OBJECT");

const strictest = ({ classes }: CatalogueEntry) =>
  [...classes].sort((one, other) => STRICTNESS.indexOf(other.class) - STRICTNESS.indexOf(one.class))[0] ??
  ({ class: "SPECIFIC", topic: null } as const);

function measuredBy({ coordinate, owners }: CatalogueEntry, dataType: DataType, { slices }: Written) {
  if (dataType === "RUPIAH") return UNITS.RUPIAH;
  if (dataType !== "INTEGER" && dataType !== "DECIMAL") return undefined;
  const [, name = ""] = coordinate.split(".");
  const said = owners.map((slice) => slices[slice]?.units[coordinate]).find((unit) => unit !== undefined);
  const unit = said ?? unitByName(name);
  return unit && UNITS[unit];
}
