import { setMaxListeners } from "node:events";
import { type Dispatcher, errors } from "undici";
import type { SourceAnswer, SourceCall, SourceFailure, Transport } from "../types/sources.ts";
import { createPools, type Pools } from "./pools.ts";
import { isTree } from "./tree.ts";

export interface TransportOptions {
  /** Most that one call to a source may take; the question's own deadline can only shorten it. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  /** Called for each attempt: a retry needs an envelope of its own. */
  readonly headers: (call: SourceCall) => Record<string, string>;
}

/** Kept for ourselves at the end of a question: the answer must still be masked, recorded and sent. */
const RESERVE_MS = 50;
const RETRY_AFTER_MS = { min: 10, max: 50 };
/** Retries a source may have before they are held to a tenth of its calls: a source in trouble gets no second flood. */
const FREE_RETRIES = 10;

interface Door {
  readonly origin: string;
  readonly path: string;
  calls: number;
  retries: number;
}

type Attempt = SourceAnswer & { readonly again?: boolean };

/** HTTP to the subgraphs, one pool each. Never rejects; timeouts are our own, because undici's clock is coarse to a second. */
export function createTransport(options: TransportOptions): Transport {
  const doors = new Map<string, Door>();
  const pools = createPools(options);
  const doorTo = ({ url }: SourceCall): Door => {
    const known = doors.get(url);
    if (known) return known;
    const { origin, pathname, search } = new URL(url);
    const door = { origin, path: `${pathname}${search}`, calls: 0, retries: 0 };
    doors.set(url, door);
    return door;
  };

  return {
    async send(call) {
      try {
        const door = doorTo(call);
        door.calls += 1;
        // The whole call, a retry included, stays within one budget.
        const until = Math.min(performance.now() + options.timeoutMs, call.deadline - RESERVE_MS);
        const first = await attempt(door, { call, until, options, pools });
        if (!first.again || !call.idempotent || call.signal.aborted || door.retries > FREE_RETRIES + door.calls / 10)
          return plain(first);
        const pause = RETRY_AFTER_MS.min + Math.random() * (RETRY_AFTER_MS.max - RETRY_AFTER_MS.min);
        if (performance.now() + pause >= until) return plain(first);
        door.retries += 1;
        await new Promise((resolve) => setTimeout(resolve, pause));
        return plain(await attempt(door, { call, until, options, pools }));
      } catch (error) {
        return failed("SUBGRAPH_UNAVAILABLE", String(error));
      }
    },
    async close() {
      await pools.close();
      doors.clear();
    },
  };
}

const plain = ({ again: _, ...answer }: Attempt): SourceAnswer => answer as SourceAnswer;
const failed = (code: SourceFailure, detail: string, again = false): Attempt => ({ failed: code, detail, again });

interface Trying {
  readonly call: SourceCall;
  readonly until: number;
  readonly options: TransportOptions;
  readonly pools: Pools;
}

async function attempt(door: Door, { call, until, options, pools }: Trying): Promise<Attempt> {
  const left = until - performance.now();
  if (left <= 0) return failed("SUBGRAPH_TIMEOUT", "no time left: not sent");
  const reply = new Reply();
  const timer = setTimeout(() => reply.giveUp(failed("SUBGRAPH_TIMEOUT", `no answer within ${Math.round(left)} ms`)), left);
  const leave = () => reply.giveUp(failed("SUBGRAPH_UNAVAILABLE", "the client left"));
  if (call.idempotent) {
    setMaxListeners(0, call.signal); // a question has as many as it has calls under way
    call.signal.addEventListener("abort", leave, { once: true });
    if (call.signal.aborted) leave();
  }
  try {
    const headers = { "content-type": "application/json", accept: "application/json", ...options.headers(call) };
    pools.to(door.origin).dispatch({ path: door.path, method: "POST", headers, body: call.body }, reply);
    return await reply.attempt;
  } finally {
    clearTimeout(timer);
    call.signal.removeEventListener("abort", leave);
  }
}

/**
 * One answer, gathered straight from the dispatcher: the request call's stream and abort signal cost more than the rest of a small
 * fetch (measured 2026-11-21, bench gateway). Settles once; who gives up leaves no connection waiting.
 */
class Reply implements Dispatcher.DispatchHandler {
  readonly attempt: Promise<Attempt>;
  private settle: (attempt: Attempt) => void = () => {};
  private controller: Dispatcher.DispatchController | undefined;
  private isOver = false;
  private status = 0;
  private readonly chunks: Buffer[] = [];

  constructor() {
    this.attempt = new Promise((resolve) => {
      this.settle = resolve;
    });
  }

  /** Also while the call still queues for a connection: it is then never sent. */
  giveUp(attempt: Attempt): void {
    this.isOver = true;
    this.settle(attempt);
    this.controller?.abort(new Error("given up"));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.isOver) controller.abort(new Error("given up"));
  }
  onResponseStart(_: Dispatcher.DispatchController, status: number): void {
    this.status = status;
  }
  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
  }
  onResponseEnd(): void {
    const [first = Buffer.alloc(0), ...rest] = this.chunks;
    this.settle(readAnswer(this.status, (rest.length === 0 ? first : Buffer.concat(this.chunks)).toString("utf8")));
  }
  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    const isTooLarge = error instanceof errors.ResponseExceededMaxSizeError;
    if (isTooLarge) this.settle(failed("SUBGRAPH_INVALID_RESPONSE", "the answer is too large"));
    else this.settle(failed("SUBGRAPH_UNAVAILABLE", codeOf(error), true));
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : String(error));

/** Statuses that say "ask again". */
const PASSING = new Set([502, 503, 504]);
/** Statuses of a source that will not serve us, whatever its body says. */
const REFUSED = new Set([401, 403, 407, 408, 429]);

function readAnswer(statusCode: number, text: string): Attempt {
  if (statusCode >= 500 || REFUSED.has(statusCode))
    return failed("SUBGRAPH_UNAVAILABLE", `status ${statusCode}`, PASSING.has(statusCode));
  const answer = parsed(text);
  if (!isTree(answer) || !("data" in answer || Array.isArray(answer["errors"])))
    return failed("SUBGRAPH_INVALID_RESPONSE", `status ${statusCode}, no GraphQL answer`);
  const { data, errors: faults } = answer;
  return { data, ...(Array.isArray(faults) && { errors: faults }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
