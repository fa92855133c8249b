import { type GraphQLSchema, isEnumType } from "graphql";
import { labelled, type Text } from "../errors.ts";
import { CUBES, type CubeDefinition, TOTAL } from "../statistics/cubes.ts";
import { agencyOf } from "./agencies.ts";
import { definitionOf, saidIn } from "./concept.ts";
import { RETENTIONS, TIME_REFERENCES } from "./texts.ts";
import { UNITS } from "./units.ts";
import type { IndicatorMetadata } from "./words.ts";

const PROTECTED: Text = {
  id: "Sel dengan kurang dari 10 orang disamarkan dan banyaknya dibulatkan ke kelipatan 5; jumlah dibulatkan sendiri-sendiri.",
  en: "Cells of fewer than 10 persons are withheld and counts rounded to base 5; sums are rounded by themselves.",
};
const OFFICIAL: Text = {
  id: "Angka sebagaimana ditetapkan: tidak menghitung orang, maka tidak disamarkan dan tidak dibulatkan.",
  en: "Figures as decreed: they count nobody, so nothing is withheld or rounded.",
};
const ALL: Text = { id: "Semua", en: "All" };

/** Metadata of the registered cubes this schema tells of, by code. Pure. */
export function indicatorsIn(api: GraphQLSchema): IndicatorMetadata[] {
  const codes = api.getType("CubeCode");
  const told = new Map(isEnumType(codes) ? codes.getValues().map(({ name, description }) => [name, description ?? name]) : []);
  return CUBES.filter(({ code }) => told.has(code))
    .map((cube) => indicatorOf(cube, told.get(cube.code) ?? cube.code))
    .sort((one, other) => (one.code < other.code ? -1 : 1));
}

function indicatorOf(cube: CubeDefinition, description: string): IndicatorMetadata {
  const said = saidIn(description);
  const { name, keeper } = agencyOf(cube.owner);
  return {
    ...{ code: cube.code, concept: said.concept, definition: definitionOf(said, said) },
    ...{ producer: { code: cube.owner, name }, keeper },
    ...{ legalBasis: cube.openness === "PUBLIC" ? "Perpres 39/2019" : "PKS", frequency: cube.refresh, validFrom: "2026-11-22" },
    ...{ retention: RETENTIONS.PERMANENT, timeReference: cube.isDated ? TIME_REFERENCES.EVENT : TIME_REFERENCES.MONTH_END },
    interpretation: cube.isOfficial ? OFFICIAL : PROTECTED,
    ...{ measure: UNITS.ITEM.measure, unit: labelled("enums", `StatisticsUnit.${cube.unit}`), level: cube.depth },
    dimensions: cube.dimensions.map(({ name, codes, hasTotal }) => ({
      name,
      label: labelled("dimensions", name),
      values: [
        ...codes.map((code) => ({ code, label: labelled("dimensions", `${name}.${code}`) })),
        ...(hasTotal ? [TOTALLED] : []),
      ],
    })),
    ...{ builtFrom: cube.readOff?.cube ?? null, isOpen: cube.openness === "PUBLIC" },
  };
}

const TOTALLED = { code: TOTAL, label: ALL };
