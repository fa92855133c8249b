import type { FastifyInstance, FastifyReply } from "fastify";
import { Refusal } from "../../../schema/errors.ts";
import type { HttpAnswer, Incoming, StreamedAnswer } from "../../types/chain.ts";
import { refuse } from "../respond.ts";
import { cutWhenSlow } from "./events.ts";
import { breakOff, GRACE_MS, handlerOf, type JobOptions, LEAST_BYTES_A_SECOND, NO_HEAD } from "./jobs.ts";

type Told = Promise<HttpAnswer | StreamedAnswer>;

/** What the gateway does with files of figures; none of it rejects. */
export interface ExportDoor {
  /** Of a cube, for a client or a feed key. */
  cube(request: Incoming, code: string, query: URLSearchParams): Told;
  /** Of an open cube, for everybody. */
  open(request: Incoming, code: string, query: URLSearchParams): Told;
}

/** `/v1/export/<cube>`: released figures as a file, at an address that stays; `/data/<cube>.<format>`: those that are open, without credentials. */
export function addExports(
  app: FastifyInstance,
  { exports, incoming }: Pick<JobOptions, "incoming"> & { readonly exports: ExportDoor },
): void {
  const [forClients, forAll] = [handlerOf({ incoming }), handlerOf({ incoming })];
  const queryOf = ({ url }: { readonly url: string }) => new URL(url, "http://hub").searchParams;
  app.get(
    "/v1/export/:cube",
    NO_HEAD,
    forClients(async (asked, request, reply) =>
      patient(reply, await exports.cube(asked, (request.params as { readonly cube: string }).cube, queryOf(request))),
    ),
  );
  app.route({
    method: ["GET", "HEAD"],
    url: "/data/:file",
    exposeHeadRoute: false,
    handler: forAll(async (asked, request, reply) => {
      const [, cube, format] = FILE.exec((request.params as { readonly file: string }).file) ?? [];
      const query = queryOf(request);
      if (cube === undefined || format === undefined || query.has("format"))
        return refuse(new Refusal({ code: "NOT_FOUND" }), asked);
      query.set("format", format);
      const answer = patient(reply, await exports.open(asked, cube, query));
      return "pieces" in answer ? { ...answer, pieces: atPace(answer.pieces, () => breakOff(reply)) } : answer;
    }),
  });
}

const FILE = /^([A-Z][A-Z_]{0,40})\.(csv|jsonl|json|parquet|xlsx)$/;

/** A group of rows is some pages, none of which takes longer than a request may. */
const SLOWEST_MS = 120_000;

/** Whoever takes nothing for so long gives the place to another. */
function patient<T extends HttpAnswer | StreamedAnswer>(reply: FastifyReply, answer: T): T {
  if ("pieces" in answer) cutWhenSlow(reply, SLOWEST_MS);
  return answer;
}

/** Pieces as long as they are taken at the pace at which a file must come in; only the reader's time counts. Behind it `cut` is called, once. */
export async function* atPace(
  pieces: StreamedAnswer["pieces"],
  cut: () => void,
  graceMs = GRACE_MS,
): AsyncGenerator<string | Uint8Array> {
  let leftMs = graceMs;
  for await (const piece of pieces) {
    leftMs += (Buffer.byteLength(piece) / LEAST_BYTES_A_SECOND) * 1000;
    const began = performance.now();
    const timer = setTimeout(cut, leftMs);
    try {
      yield piece;
    } finally {
      clearTimeout(timer);
    }
    leftMs -= performance.now() - began;
  }
}
