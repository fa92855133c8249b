import { hash } from "node:crypto";
import type { Text } from "../../../schema/errors.ts";
import type { Definition, Frequency } from "../../../schema/metadata/words.ts";

/** Lists the European Union keeps and DCAT-AP takes its codes from. */
export const EU = "http://publications.europa.eu/resource/authority";
export const LICENCE = "https://creativecommons.org/licenses/by/4.0/";

export const CONTEXT = {
  dcat: "http://www.w3.org/ns/dcat#",
  dct: "http://purl.org/dc/terms/",
  foaf: "http://xmlns.com/foaf/0.1/",
  vcard: "http://www.w3.org/2006/vcard/ns#",
  csvw: "http://www.w3.org/ns/csvw#",
  xsd: "http://www.w3.org/2001/XMLSchema#",
};

const FREQUENCIES: Readonly<Record<Frequency, string>> = {
  ...{ CONTINUOUS: "UPDATE_CONT", DAILY: "DAILY", WEEKLY: "WEEKLY", MONTHLY: "MONTHLY", QUARTERLY: "QUARTERLY" },
  ...{ YEARLY: "ANNUAL", IRREGULAR: "IRREG" },
};

export const node = (address: string) => ({ "@id": address });
const spoken = (text: string, language: "id" | "en") => ({ "@value": text, "@language": language });
export const inIndonesian = (text: string) => spoken(text, "id");

/** A text in the languages it is written in. */
export const inBoth = ({ id, en }: Text | Definition) => [...(id === null ? [] : [spoken(id, "id")]), spoken(en, "en")];

export const frequencyOf = (frequency: Frequency) => node(`${EU}/frequency/${FREQUENCIES[frequency]}`);
export const accessOf = (isOpen: boolean) => node(`${EU}/access-right/${isOpen ? "PUBLIC" : "RESTRICTED"}`);

/** An agency. Its name says who it is, so that two catalogues of one hub mean one. */
export const agentOf = (name: Text) => ({
  "@id": `urn:uuid:${uuidOf(name.id)}`,
  "@type": "foaf:Agent",
  "foaf:name": inBoth(name),
});

/** A UUID made from a text (version 8 of RFC 9562). */
function uuidOf(text: string): string {
  const digits = hash("sha256", text);
  const parts = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `8${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ];
  return parts.join("-");
}
