const TEXT = { $ref: "#/components/schemas/SatuDataText" };
const string = { type: "string" };
const list = (items: object) => ({ type: "array", items });
const nullable = (schema: object) => ({ anyOf: [schema, { type: "null" }] });

/** What a type, a field and an indicator say of themselves alike. */
const DESCRIBED = {
  ...{ concept: { ...string, description: "Konsep" }, definition: TEXT },
  producer: {
    type: "object",
    description: "Produsen data",
    properties: { code: string, name: TEXT },
    required: ["code", "name"],
  },
  ...{ keeper: TEXT, legalBasis: string, frequency: string, retention: TEXT, timeReference: TEXT },
  validFrom: { ...string, format: "date" },
};
const object = (properties: Readonly<Record<string, object>>) => ({
  ...{ type: "object", properties, required: Object.keys(properties) },
});

export const SCHEMAS: Readonly<Record<string, object>> = {
  SatuDataText: {
    description:
      "Teks dalam dua bahasa; satu teks saja bila `language` diminta / in both languages, or one text where `language` is asked",
    oneOf: [{ type: "object", properties: { id: nullable(string), en: string }, required: ["id", "en"] }, string],
  },
  SatuDataField: object({
    ...{ coordinate: string, name: string, ...DESCRIBED, class: string, topic: nullable(string), isOpen: { type: "boolean" } },
    ...{ dataType: string, type: string, isList: { type: "boolean" }, isRequired: { type: "boolean" } },
    ...{ measure: nullable(TEXT), unit: nullable(TEXT), rule: nullable(TEXT), codeList: nullable(string) },
  }),
  SatuDataType: object({
    ...{ name: string, ...DESCRIBED, classes: list(string), fields: list({ $ref: "#/components/schemas/SatuDataField" }) },
  }),
  SatuDataCodeList: object({
    ...{ name: string, concept: string, definition: string, publisher: string, legalBasis: nullable(string) },
    values: list(object({ code: string, label: TEXT, definition: string })),
  }),
  SatuDataIndicator: object({
    ...{
      code: string,
      ...DESCRIBED,
      interpretation: TEXT,
      measure: TEXT,
      unit: TEXT,
      level: string,
      isOpen: { type: "boolean" },
    },
    builtFrom: nullable(string),
    dimensions: list(object({ name: string, label: TEXT, values: list(object({ code: string, label: TEXT })) })),
  }),
  SatuDataIndex: object({
    ...{ standard: list(string), types: list({ type: "object" }), codeLists: list({ type: "object" }) },
    ...{ indicators: list({ type: "object" }), dcat: { ...string, format: "uri" } },
  }),
  SatuDataCatalogue: { type: "object", description: "DCAT-AP 3, JSON-LD" },
};
