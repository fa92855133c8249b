import type { Language } from "../../../schema/errors.ts";
import type { CodeList, IndicatorMetadata, Metadata, TypeMetadata } from "../../../schema/metadata/words.ts";

/** By which structure and by whose leave. */
const STANDARD = ["Perpres 39/2019", "Peraturan BPS 4/2020", "Peraturan BPS 5/2020"];

/** What there is metadata of, and where. Pure. */
export const indexOf = ({ types, codeLists, indicators }: Metadata, url: string) => ({
  standard: STANDARD,
  types: types.map(({ fields, ...type }) => ({ ...type, fields: fields.length, href: `${url}/metadata/${type.name}.json` })),
  codeLists: codeLists.map(({ values, ...list }) => ({ ...list, values: values.length, href: codesAt(list, url) })),
  indicators: indicators.map(({ code, concept, isOpen }) => ({ code, concept, isOpen, href: indicatorAt(code, url) })),
  dcat: `${url}/metadata/dcat.jsonld`,
});

const codesAt = ({ name }: Pick<CodeList, "name">, url: string) => `${url}/metadata/codes/${name}.json`;
const indicatorAt = (code: string, url: string) => `${url}/metadata/indicators/${code}.json`;

type Page = TypeMetadata | CodeList | IndicatorMetadata;
/** Of one type, code list or indicator; undefined: there is none of this name. */
export const PAGES = {
  type: ({ types }: Metadata, name: string): Page | undefined => types.find((type) => type.name === name),
  codeList: ({ codeLists }: Metadata, name: string): Page | undefined => codeLists.find((list) => list.name === name),
  indicator: ({ indicators }: Metadata, name: string): Page | undefined => indicators.find(({ code }) => code === name),
};

/** The same in one language: each text in both becomes that one, or the other where only it is written. Pure. */
export function inLanguage(told: unknown, language: Language): unknown {
  if (Array.isArray(told)) return told.map((one) => inLanguage(one, language));
  if (typeof told !== "object" || told === null) return told;
  if (isText(told)) return told[language] ?? told.en;
  return Object.fromEntries(Object.entries(told).map(([name, value]) => [name, inLanguage(value, language)]));
}

/** Ids of the API are never beside an `en`. */
const isText = (told: object): told is Record<Language, string | null> => "id" in told && "en" in told;
