import type { GraphQLEnumType } from "graphql";
import { labelled } from "../errors.ts";
import { saidIn } from "./concept.ts";
import type { CodeList, FieldMetadata } from "./words.ts";
import type { Written } from "./written.ts";

/** Region codes are some ninety thousand: the hub's regions hold them. */
export const REGION_LIST: CodeList = {
  name: "RegionCode",
  concept: "Kode wilayah",
  definition:
    "Code and data of regions of government administration, by the Ministry of Home Affairs, without dots: 2 digits province, 4 regency, 6 district, 10 village; 0 the whole country. The codes are told by the regions of the API.",
  publisher: "Kementerian Dalam Negeri",
  legalBasis: "Kepmendagri 300.2.2-2138/2025",
  values: [],
};

interface Used {
  /** One field that takes its codes. */
  readonly field: Pick<FieldMetadata, "producer">;
  readonly written: Written;
}

/** An enum as a list of reference codes, each with its label in both languages. Pure. */
export function codeListOf(type: GraphQLEnumType, { field, written }: Used): CodeList {
  const { concept, meaning } = saidIn(type.description ?? type.name);
  const legalBasis = Object.values(written.slices).flatMap(({ elements }) => elements[type.name]?.legalBasis ?? [])[0];
  return {
    name: type.name,
    ...{ concept, definition: meaning || `${concept}.`, publisher: field.producer.name.id, legalBasis: legalBasis ?? null },
    values: type.getValues().map(({ name, description }) => {
      const said = saidIn(description ?? name);
      return { code: name, label: labelled("enums", `${type.name}.${name}`), definition: said.meaning || said.concept };
    }),
  };
}
