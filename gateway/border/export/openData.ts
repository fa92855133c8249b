import { hash, randomUUID } from "node:crypto";
import { Refusal } from "../../../schema/errors.ts";
import { cubeOf } from "../../../schema/statistics/cubes.ts";
import { ask, type Hub } from "../../answer.ts";
import { isHeld } from "../../receive/negotiate.ts";
import { refuse } from "../../receive/respond.ts";
import { told } from "../../receive/routes/errands.ts";
import type { HttpAnswer, Incoming } from "../../types/chain.ts";
import { type CubeRelease, catalogueOf, type OpenCube, type Site, tableOf } from "./catalogue.ts";
import { inNameOf, OPEN_DATA } from "./inName.ts";
import { refusalOf } from "./pages.ts";

const CUBES = {
  operation: "OpenData",
  document: "query OpenData { cubes { code isPublic releases { period number asOf isFinal cells sha256 } } }",
  variables: {},
};
const ASK_MS = 15_000;
/** Who asks for open data over and over fills no record with it: what is open is asked once in this time. */
const KEEP_MS = 5_000;
const KEEP_REFUSED_MS = 1_000;

/** What is open, and where that is on record. */
export interface OpenNow {
  readonly cubes: readonly OpenCube[];
  readonly receipt: string | undefined;
}

/** Open cubes of the last five seconds under the policy of now, asked in the portal's name for everybody. Rejects with the Refusal that was the answer. */
export function keepOpenCubes(): (request: Incoming, hub: Hub) => Promise<OpenNow> {
  let kept: { readonly hub: Hub; readonly epoch: number; until: number; readonly open: Promise<OpenNow> } | undefined;
  return async (request, hub) => {
    const { epoch } = hub.grants.current();
    const now = performance.now();
    if (kept?.hub === hub && kept.epoch === epoch && now < kept.until) return kept.open;
    const asked = { hub, epoch, until: now + KEEP_MS, open: openNow(request, hub) };
    asked.open.catch(() => {
      asked.until = performance.now() + KEEP_REFUSED_MS;
    });
    kept = asked;
    return asked.open;
  };
}

async function openNow(request: Incoming, hub: Hub): Promise<OpenNow> {
  // others wait for it, too: it does not end with whoever asked first
  const forAll = { receiptId: randomUUID(), deadline: performance.now() + ASK_MS, signal: new AbortController().signal };
  const named = inNameOf({ ...request, ...forAll }, OPEN_DATA, hub);
  const answer = told(await ask(named.request, CUBES, named.hub), request);
  const cubes = answer.errors.length === 0 ? openIn(answer.data) : null;
  if (!cubes) throw refusalOf(answer);
  return { cubes, receipt: answer.receipt };
}

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
      return keepable(request, picked, receipt);
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

function keepable({ headers: asked, requestId }: Incoming, told: object, receipt: string | undefined): HttpAnswer {
  const body = JSON.stringify(told);
  const etag = `"${hash("sha256", body).slice(0, 32)}"`;
  const headers = {
    ...{ "content-type": "application/json; charset=utf-8", "x-request-id": requestId, etag },
    ...{ "cache-control": "public, max-age=300", "access-control-allow-origin": "*" },
    ...(receipt !== undefined && { "hub-receipt": receipt }),
  };
  return isHeld(asked["if-none-match"], etag) ? { status: 304, headers, body: "" } : { status: 200, headers, body };
}
