import type { AgreementSeed } from "../readyMade.ts";

/** Who asks in everybody's name: the portal of Satu Data Indonesia, by the gateway itself and without a token. */
export const OPEN_DATA_AGENCY = ["SATU_DATA", "Portal Satu Data Indonesia", "dpo@satudata.example"] as const;
export const OPEN_DATA_CLIENT = ["publik", OPEN_DATA_AGENCY[0]] as const;
export const OPEN_DATA_PURPOSE = [
  ...(["OPEN_DATA", "Data terbuka", "PUBLIC_TASK", "UU 14/2008 Ps. 9; Perpres 39/2019 Ps. 3"] as const),
  false,
] as const;

const of = (type: string, ...fields: string[]) => fields.map((field) => ({ selector: `${type}.${field}` }));

/** Released figures of open cubes, what they are, and what their codes mean. No figure of a partner's cube: that takes a use nobody here is granted. */
export const OPEN_DATA: AgreementSeed = {
  number: "PKS-2025-031",
  title: "Data terbuka statistik kesejahteraan sosial",
  agency: OPEN_DATA_AGENCY[0],
  purpose: OPEN_DATA_PURPOSE[0],
  scope: { regions: ["0"], programs: null, decileMax: null },
  grants: [
    ...of("Query", "cubes", "cube", "statistics", "reconciliation"),
    ...of(
      "Cube",
      "code",
      "owner",
      "slice",
      "unit",
      "depth",
      "dimensions",
      "hasTotal",
      "isPublic",
      "isOfficial",
      "refresh",
      "releases",
    ),
    ...of("CubeDimension", "name", "codes", "hasTotal"),
    ...of("CubeRelease", "period", "number", "asOf", "isFinal", "cells", "sha256"),
    ...of("StatisticsConnection", "nodes", "pageInfo", "totalCount"),
    ...of("PageInfo", "hasNextPage", "endCursor"),
    ...of("StatisticsCell", "period", "regionCode", "region", "key", "persons", "units", "total", "isSuppressed", "asOf"),
    ...of("Reconciliation", "code", "cube", "key", "regionCode", "published", "publishedAsOf", "source", "ours", "period"),
    ...of("Reconciliation", "difference", "perMille"),
    ...of("Region", "code", "bpsCode", "name", "level", "parent"),
    ...of("Query", "regionCrosswalk"),
    ...of("RegionCrosswalkConnection", "nodes", "pageInfo", "totalCount"),
    ...of("RegionCrosswalk", "level", "name", "kemendagriCode", "bpsCode", "validFrom", "validTo", "basis"),
    ...of("RegionCrosswalk", "predecessors", "successors", "on"),
  ],
};
