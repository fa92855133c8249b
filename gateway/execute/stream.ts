import { Readable } from "node:stream";
import { request } from "undici";
import { type Failure, Refusal } from "../../schema/errors.ts";
import type { StreamCall, Streams } from "../types/sources.ts";
import { failureOf } from "./faults.ts";
import { createPools, type Identity } from "./transport/pools.ts";
import { isTree } from "./tree.ts";

export interface StreamOptions {
  /** Who asks subgraphs by https; undefined: none is. */
  readonly identity?: Identity | undefined;
  readonly headers: (call: StreamCall) => Record<string, string>;
}

const CONNECTIONS = 128;
/** A line is a page of rows. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;

/** HTTP to the streams of the subgraphs. Nothing is ever sent twice. */
export function createStreams({ headers, identity }: StreamOptions): Streams {
  const pools = createPools({ connections: CONNECTIONS, pipelining: 0, identity });
  return {
    async open(call) {
      const leaving = new AbortController();
      const signal = AbortSignal.any([call.signal, leaving.signal]);
      const sending = call.body && Readable.from(call.body);
      const how = { method: "POST", headers: headers(call), bodyTimeout: call.idleMs } as const;
      const url = new URL(`/streams/${call.name}`, call.url);
      const ask = async () => request(url, { ...how, body: sending, signal, dispatcher: pools.to(url.origin, call.service) });
      const answer = await ask().catch((error: unknown) => {
        throw sending?.errored ?? unavailable(call, error);
      });
      if (answer.statusCode === 200) return linesOf(answer.body, () => leaving.abort());
      const text = await answer.body.text().catch(() => "");
      leaving.abort(); // what is still being sent need not be
      throw refusalOf(text, call);
    },
    close: () => pools.close(),
  };
}

const unavailable = ({ service }: StreamCall, cause: unknown) =>
  cause instanceof Refusal ? cause : new Refusal({ code: "SUBGRAPH_UNAVAILABLE", service }, { cause });

async function* linesOf(body: AsyncIterable<Uint8Array>, leave: () => void): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const piece of body) {
      const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > MAX_LINE_BYTES) throw new Error("a line of a stream is too long");
      for (const line of lines) yield JSON.parse(line) as unknown;
    }
    if (rest !== "") throw new Error("a stream was cut in the middle of a line");
  } finally {
    leave();
  }
}

function refusalOf(text: string, { service }: StreamCall): Refusal {
  const errors = errorsIn(text);
  const failures = errors.map(
    (error): Failure => (error["code"] === "NOT_FOUND" ? { code: "NOT_FOUND" } : failureOf({ extensions: error }, service)),
  );
  return new Refusal(failures.length > 0 ? failures : { code: "SUBGRAPH_UNAVAILABLE", service });
}

function errorsIn(text: string): Record<string, unknown>[] {
  try {
    const answer: unknown = JSON.parse(text);
    const errors = isTree(answer) && Array.isArray(answer["errors"]) ? answer["errors"] : [];
    return errors.flatMap((error) => (isTree(error) && isTree(error["extensions"]) ? [error["extensions"]] : []));
  } catch {
    return [];
  }
}
