import type { DataType, FieldMetadata } from "../../../schema/metadata/words.ts";
import { inBoth } from "./terms.ts";

const DATATYPES: Readonly<Record<DataType, string>> = {
  ...{ TEXT: "xsd:string", INTEGER: "xsd:integer", DECIMAL: "xsd:double", RUPIAH: "xsd:integer", BOOLEAN: "xsd:boolean" },
  ...{ DATE: "xsd:date", INSTANT: "xsd:dateTimeStamp", IDENTIFIER: "xsd:string", REGION_CODE: "xsd:string", CODE: "xsd:string" },
  OBJECT: "xsd:anyURI",
};

/** A field as a column of CSV on the Web; its class and its code list under the names the JSON has. Pure. */
export const columnOf = (field: FieldMetadata, url: string) => ({
  "@type": "csvw:Column",
  ...{ "csvw:name": field.name, "dct:identifier": field.coordinate, "dct:title": { "@value": field.concept, "@language": "id" } },
  ...{
    "dct:description": inBoth(field.definition),
    "csvw:datatype": DATATYPES[field.dataType],
    "csvw:required": field.isRequired,
  },
  "dct:accessRights": { "@type": "dct:RightsStatement", "dct:identifier": field.class },
  ...(field.codeList !== null && { "dct:conformsTo": { "@id": `${url}/metadata/codes/${field.codeList}.json` } }),
  ...(field.unit && { "dct:extent": inBoth(field.unit) }),
});
