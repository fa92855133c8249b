import { Refusal } from "../../../schema/errors.ts";
import { cubeOf } from "../../../schema/statistics/cubes.ts";
import type { Hub } from "../../answer.ts";
import { refuse } from "../../receive/respond.ts";
import { withReceipt } from "../../receive/routes/told.ts";
import type { HttpAnswer, Incoming } from "../../types/chain.ts";
import { keepable, keptAs } from "../metadata/kept.ts";
import { type CubeRelease, catalogueOf, type OpenCube, type Site, tableOf } from "./catalogue.ts";
import { keptForAll } from "./inName.ts";

const CUBES = {
  operation: "OpenData",
  document: "query OpenData { cubes { code isPublic releases { period number asOf isFinal cells sha256 } } }",
  variables: {},
};
const KEEP_MS = 5_000;

/** What is open, and where that is on record. */
export interface OpenNow {
  readonly cubes: readonly OpenCube[];
  readonly receipt: string | undefined;
}

/** Open cubes of the last five seconds. */
export const keepOpenCubes = () =>
  keptForAll<OpenNow>(KEEP_MS, CUBES, ({ data, receipt }) => {
    const cubes = openIn(data);
    return cubes && { cubes, receipt };
  });

/** What open data there are, for everybody; away when the portal's agreement is. None of it rejects. */
export function createOpenDataDoor(url: string) {
  const openCubes = keepOpenCubes();
  return (hub: Hub) => doorOf({ url, api: hub.supergraph.api }, (request) => openCubes(request, hub));
}

function doorOf(site: Site, openCubes: (request: Incoming) => Promise<OpenNow>) {
  const answered = async (request: Incoming, pick: (cubes: readonly OpenCube[]) => object | null): Promise<HttpAnswer> => {
    try {
      const { cubes, receipt } = await openCubes(request);
      const picked = pick(cubes);
      if (!picked) throw new Refusal({ code: "NOT_FOUND" });
      const answer = keepable(request, keptAs(JSON.stringify(picked)), "application/json");
      return { ...answer, headers: withReceipt(answer, receipt) };
    } catch (error) {
      return refuse(error, request);
    }
  };
  return {
    catalogue: (request: Incoming) => answered(request, (cubes) => catalogueOf(cubes, site)),
    table: (request: Incoming, code: string) =>
      answered(request, (cubes) => {
        const one = cubes.find(({ cube }) => cube.code === code);
        return one ? tableOf(one, site) : null;
      }),
  };
}

interface Told {
  readonly code: string | null;
  readonly isPublic: boolean | null;
  readonly releases: readonly CubeRelease[] | null;
}

function openIn(data: Readonly<Record<string, unknown>> | null): OpenCube[] | null {
  const cubes = data?.["cubes"] as readonly Told[] | null | undefined;
  return (
    cubes?.flatMap(({ code, isPublic, releases }) => {
      const cube = isPublic ? cubeOf(code ?? "") : undefined;
      return cube ? [{ cube, releases: releases ?? [] }] : [];
    }) ?? null
  );
}
