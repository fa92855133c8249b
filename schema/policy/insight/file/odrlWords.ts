import type { Content } from "../../content.ts";
import { scopeOfContent } from "../words/termWords.ts";

export const IRI = "https://hub.example/";

/** Terms of ODRL 2.2, DPV and ours, inline: nobody needs to fetch anything to read a policy. */
export const CONTEXT = {
  odrl: "http://www.w3.org/ns/odrl/2/",
  dpv: "https://w3id.org/dpv#",
  dct: "http://purl.org/dc/terms/",
  xsd: "http://www.w3.org/2001/XMLSchema#",
  hub: `${IRI}odrl-profile/v1#`,
  uid: "@id",
  profile: { "@id": "odrl:profile", "@type": "@id" },
  permission: { "@id": "odrl:permission", "@container": "@set" },
  prohibition: { "@id": "odrl:prohibition", "@container": "@set" },
  obligation: { "@id": "odrl:obligation", "@container": "@set" },
  duty: { "@id": "odrl:duty", "@container": "@set" },
  constraint: { "@id": "odrl:constraint", "@container": "@set" },
  target: { "@id": "odrl:target", "@type": "@id", "@container": "@set" },
  assigner: { "@id": "odrl:assigner", "@type": "@id" },
  assignee: { "@id": "odrl:assignee", "@type": "@id" },
  action: { "@id": "odrl:action", "@type": "@id" },
  leftOperand: { "@id": "odrl:leftOperand", "@type": "@id" },
  operator: { "@id": "odrl:operator", "@type": "@id" },
  rightOperand: { "@id": "odrl:rightOperand" },
  unit: { "@id": "odrl:unit", "@type": "@id" },
} as const;

export interface OdrlRule {
  readonly uid: string;
  readonly target: readonly string[];
  readonly action: string;
  readonly "dct:source": string;
  readonly duty?: readonly { readonly action: string }[];
}

const prefixed = (word: string): string => (word.includes(":") ? word : `odrl:${word}`);

const constraint = (leftOperand: string, operator: string, rightOperand: unknown): object => ({
  leftOperand: prefixed(leftOperand),
  operator: prefixed(operator),
  rightOperand,
});

/** `https://hub.example/schema#Person.nik`. */
export const ofCoordinate = (coordinate: string): string => `${IRI}schema#${encodeURIComponent(coordinate)}`;
export const party = (agency: string): string => `${IRI}agencies/${agency}`;

/** For what purpose, when, about which rows and how many persons a permission holds. */
export function constraintsOf(content: Content, dpvIri: string | null): object[] {
  const { regions, programs, decileMax } = scopeOfContent(content);
  return [
    constraint("purpose", "eq", dpvIri ?? `${IRI}purposes/${content.purpose}`),
    constraint("dateTime", "gteq", { "@value": content.validFrom, "@type": "xsd:dateTime" }),
    constraint("dateTime", "lt", { "@value": content.validTo, "@type": "xsd:dateTime" }),
    constraint(
      "spatial",
      "isAnyOf",
      regions.map((code) => `${IRI}regions/${code}`),
    ),
    ...(programs === null
      ? []
      : [
          constraint(
            "hub:program",
            "isAnyOf",
            programs.map((code) => `${IRI}programs/${code}`),
          ),
        ]),
    ...(decileMax === null ? [] : [constraint("hub:decile", "lteq", decileMax)]),
    ...(content.quota === null ? [] : [{ ...constraint("count", "lteq", content.quota), unit: "hub:personsADay" }]),
  ];
}
