import type { Described, IndicatorMetadata, Metadata, TypeMetadata } from "../../../schema/metadata/words.ts";
import { columnOf } from "./columns.ts";
import { accessOf, agentOf, CONTEXT, EU, frequencyOf, inBoth, inIndonesian, LICENCE, node } from "./terms.ts";

const TITLE = { id: "Metadata dtks-hub", en: "Metadata of dtks-hub" };
const ABOUT = {
  id: "Metadata Satu Data atas setiap tipe dan indikator hub.",
  en: "Satu Data metadata of every type and indicator of the hub.",
};
const OPERATOR = { id: "Penyelenggara dtks-hub", en: "Operator of dtks-hub" };

/** The metadata as a catalogue in DCAT-AP 3 (JSON-LD): a data set for each type and each indicator. Pure. */
export const dcatOf = ({ types, indicators }: Metadata, url: string) => ({
  "@context": CONTEXT,
  ...{ "@id": `${url}/metadata/dcat.jsonld`, "@type": "dcat:Catalog" },
  ...{ "dct:title": inBoth(TITLE), "dct:description": inBoth(ABOUT), "dct:publisher": agentOf(OPERATOR) },
  "dct:language": [node(`${EU}/language/IND`), node(`${EU}/language/ENG`)],
  ...{ "dct:license": node(LICENCE), "dct:spatial": node(`${EU}/country/IDN`), "foaf:homepage": node(url) },
  "dcat:dataset": [...types.map((type) => typeSet(type, url)), ...indicators.map((indicator) => indicatorSet(indicator, url))],
  "dcat:service": {
    ...{ "@id": `${url}/graphql`, "@type": "dcat:DataService", "dct:title": inIndonesian("API GraphQL dtks-hub") },
    ...{ "dcat:endpointURL": node(`${url}/graphql`), "dcat:endpointDescription": node(`${url}/openapi.json`) },
  },
});

interface Told {
  /** Where it is told of. */
  readonly page: string;
  readonly isOpen: boolean;
  readonly keywords: readonly string[];
  readonly distribution: object;
}

function typeSet(type: TypeMetadata, url: string) {
  const page = `${url}/metadata/${type.name}.json`;
  const isOpen = type.fields.every((field) => field.isOpen);
  const service = node(`${url}/graphql`);
  const distribution = { "dcat:accessURL": service, "dcat:accessService": service, "dcat:mediaType": GRAPHQL };
  return {
    ...dataSet(type, { page, isOpen, keywords: [type.concept, type.name], distribution }),
    "csvw:tableSchema": { "@type": "csvw:Schema", "csvw:column": type.fields.map((field) => columnOf(field, url)) },
  };
}

const GRAPHQL = "application/graphql-response+json";

function indicatorSet(indicator: IndicatorMetadata, url: string) {
  const { code, concept, isOpen, dimensions } = indicator;
  const distribution = { "dcat:accessURL": node(`${url}/data/${code}.csv`), "dcat:mediaType": "text/csv" };
  const keywords = [concept, code, ...dimensions.map(({ label }) => label.id)];
  return dataSet(indicator, { page: `${url}/metadata/indicators/${code}.json`, isOpen, keywords, distribution });
}

const dataSet = (described: Described, { page, isOpen, keywords, distribution }: Told) => ({
  ...{ "@id": page, "@type": "dcat:Dataset", "dct:identifier": page },
  ...{ "dct:title": inIndonesian(described.concept), "dct:description": inBoth(described.definition) },
  ...{ "dct:publisher": agentOf(described.producer.name), "dct:rightsHolder": agentOf(described.keeper) },
  "dcat:contactPoint": { "@type": "vcard:Kind", "vcard:fn": described.keeper.id },
  ...{ "dct:accessRights": accessOf(isOpen), "dct:accrualPeriodicity": frequencyOf(described.frequency) },
  ...{ "dct:rights": described.legalBasis, "dct:issued": { "@value": described.validFrom, "@type": "xsd:date" } },
  ...{ "dcat:theme": node(`${EU}/data-theme/SOCI`), "dct:spatial": node(`${EU}/country/IDN`), "foaf:page": node(page) },
  ...{ "dct:conformsTo": node("https://www.w3.org/TR/tabular-data-model/"), "dcat:keyword": keywords.map(inIndonesian) },
  "dcat:distribution": [
    {
      ...{ "@type": "dcat:Distribution", "dct:title": inIndonesian(described.concept), ...distribution },
      ...(isOpen && { "dct:license": node(LICENCE) }),
    },
  ],
});
