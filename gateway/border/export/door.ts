import { Refusal } from "../../../schema/errors.ts";
import { cubeOf } from "../../../schema/statistics/cubes.ts";
import type { Hub } from "../../answer.ts";
import { single } from "../../receive/negotiate.ts";
import { refuse } from "../../receive/respond.ts";
import type { HttpAnswer, Incoming, StreamedAnswer } from "../../types/chain.ts";
import { exportCube, withoutRows } from "./cubes.ts";
import { inNameOf, OPEN_DATA } from "./inName.ts";
import { type FeedKeys, isFeedKey } from "./keys.ts";
import { keepOpenCubes } from "./openData.ts";

/** Files of open data at one time, of all and of one address. */
const MOST_OPEN = 16;
const MOST_OF_ADDRESS = 4;

type Answer = Promise<HttpAnswer | StreamedAnswer>;

/** Files of released figures: for clients and holders of feed keys, and of open cubes for everybody. None of it rejects. */
export function createExportDoor(keys: FeedKeys) {
  const openCubes = keepOpenCubes();
  const take = placesOf();
  return (hub: Hub) => ({
    async cube(request: Incoming, code: string, query: URLSearchParams): Answer {
      const authorization = single(request.headers["authorization"]);
      const asking = isFeedKey(authorization) ? await byKey(request, { authorization, code, hub, keys }) : { request, hub };
      const guard = !isFeedKey(authorization) && (await isPerson(authorization ?? null, hub));
      return exportCube(asking.request, code, { hub: asking.hub, query, guard, isOpen: false });
    },
    /** Without a region's level as deep as the cube goes. */
    async open(request: Incoming, code: string, query: URLSearchParams): Answer {
      const cube = cubeOf(code);
      if (cube?.openness !== "PUBLIC") return refuse(new Refusal({ code: "NOT_FOUND" }), request);
      if (!query.has("level")) query.set("level", cube.depth);
      try {
        const one = (await openCubes(request, hub)).cubes.find((open) => open.cube === cube);
        return (
          (one && withoutRows(request, query, one)) ?? (await written(request, code, { query, hub, left: take(request.address) }))
        );
      } catch (error) {
        return refuse(error, request);
      }
    },
  });
}

interface Written {
  readonly query: URLSearchParams;
  readonly hub: Hub;
  /** Gives the place back; as often as it likes. */
  readonly left: () => void;
}

async function written(request: Incoming, code: string, { query, hub, left }: Written): Answer {
  const asking = inNameOf(request, OPEN_DATA, hub);
  const answer = await exportCube(asking.request, code, { hub: asking.hub, query, guard: true, isOpen: true });
  if (!("pieces" in answer)) {
    left();
    return answer;
  }
  request.signal.addEventListener("abort", left, { once: true });
  if (request.signal.aborted) left();
  return { ...answer, pieces: ending(answer.pieces, left) };
}

/** Takes a place for an address and tells how to give it back; throws the Refusal where there is none. */
function placesOf(): (address: string) => () => void {
  const taken = new Map<string, number>();
  let all = 0;
  return (address) => {
    const network = networkOf(address);
    const own = taken.get(network) ?? 0;
    if (own >= MOST_OF_ADDRESS)
      throw new Refusal({ code: "QUOTA_EXCEEDED", reason: TOO_MANY }, { headers: { "retry-after": "10" } });
    if (all >= MOST_OPEN) throw new Refusal({ code: "OVERLOADED" });
    all += 1;
    taken.set(network, own + 1);
    return onceOf(() => {
      all -= 1;
      const others = (taken.get(network) ?? 1) - 1;
      if (others > 0) taken.set(network, others);
      else taken.delete(network);
    });
  };
}

const TOO_MANY = {
  id: `Paling banyak ${MOST_OF_ADDRESS} berkas sekaligus dari satu alamat; tunggu sampai salah satunya selesai.`,
  en: `At most ${MOST_OF_ADDRESS} files at one time from one address; wait until one of them is done.`,
};

/** Of IPv6 the first half: whoever has one address there has all the others of its second. */
const networkOf = (address: string): string => {
  const [head = ""] = address.split("::");
  return address.includes(":") && !address.includes(".") ? `${head}:0:0:0:0`.split(":").slice(0, 4).join(":") : address;
};

const onceOf = (work: () => void): (() => void) => {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
};

async function* ending(pieces: StreamedAnswer["pieces"], ended: () => void): AsyncGenerator<string | Uint8Array> {
  try {
    yield* pieces;
  } finally {
    ended();
  }
}

interface Keyed {
  readonly authorization: string;
  readonly code: string;
  readonly hub: Hub;
  readonly keys: FeedKeys;
}

/** In the name of the key's client under the key's agreement; a refusal is told by the pipeline, so it is on record. */
async function byKey(request: Incoming, { authorization, code, hub, keys }: Keyed) {
  const admitted = async () => {
    const holder = await keys.holder(authorization, request.address);
    if (!holder.cubes.includes(code)) throw new Refusal({ code: "FORBIDDEN" });
    return holder;
  };
  try {
    const { client, agreement } = await admitted();
    return inNameOf(request, { client, agreement, admit: admitted }, hub);
  } catch (error) {
    const verify = () => Promise.reject(error);
    return { request, hub: { ...hub, verify } };
  }
}

/** Whoever signed in, and no program that asks for itself. */
const isPerson = async (authorization: string | null, { verify }: Hub): Promise<boolean> =>
  verify(authorization).then(
    ({ clientId, subject }) => clientId !== subject,
    () => false,
  );
