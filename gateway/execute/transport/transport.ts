import type { SourceAnswer, SourceCall, Transport } from "../../types/sources.ts";
import { SILENT, type Telemetry } from "../../types/telemetry.ts";
import { Ceiling } from "./ceiling.ts";
import { Circuit, type Permit, type Verdict } from "./circuit.ts";
import { atLeave } from "./leaving.ts";
import { createPools, type Identity, type Pools } from "./pools.ts";
import { type Ending, ended, Reply } from "./reply.ts";
import { type Watch, watching } from "./watch.ts";

export interface TransportOptions {
  /** Most that one call to a source may take; the question's own deadline can only shorten it. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  /** Calls to one source at one time; the next waits 50 ms at most. */
  readonly concurrent?: number;
  /** Who asks subgraphs by https; undefined: none is. */
  readonly identity?: Identity | undefined;
  /** Called for each attempt: a retry needs an envelope of its own. */
  readonly headers: (call: SourceCall) => Record<string, string>;
  /** Context of a call of our own that a source accepts and that asks for nothing; undefined: only questions find out that it is back. */
  readonly prober?: (() => unknown) | undefined;
  readonly telemetry?: Telemetry;
  /** Aborted when another takes over: what becomes of our circuits is then nobody's news. */
  readonly parting?: AbortSignal;
}

/** Kept for ourselves at the end of a question: the answer must still be masked, recorded and sent. */
const RESERVE_MS = 50;
const RETRY_AFTER_MS = { min: 10, max: 50 };
/** Kept at the end of a fetch: what the source says when its time is up is heard before we give up, and shows that it is there. */
const HEARING_MS = 100;
/** Retries a source may have in so long before they are held to a tenth of its calls: a source in trouble gets no second flood. */
const FREE_RETRIES = 10;
const RETRIES_MS = 10_000;
/** Eight times the connections to a source: a burst passes, what hangs cannot pile up. */
const CONCURRENT = 256;
const WAIT_MS = 50;
/** A timeout given less says nothing of its source. */
const TELLING_MS = 1000;
/** Asked, it has said nothing for so long: what is asked from now on goes by new connections, for those that stand may be dead. */
const MUTE_MS = 3000;
const PROBE = { body: '{"query":"{__typename}"}', timeoutMs: 1200 };
const NO_COORDINATES = { output: [], internal: [], arguments: [] };
const NEVER = new AbortController().signal;

const NOT_YET = Number.NEGATIVE_INFINITY;

/** One address of one source. */
interface Door {
  readonly service: string;
  readonly origin: string;
  readonly path: string;
  readonly circuit: Circuit;
  readonly watch: Watch | null;
  readonly ceiling: Ceiling;
  /** When calls were sent that have no answer yet, the oldest first. */
  readonly underWay: Set<{ readonly sentAt: number }>;
  /** When something good came from it last. */
  heardAt: number;
  renewedAt: number;
  /** Since when the calls and retries are counted. */
  countedFrom: number;
  calls: number;
  retries: number;
}

/** HTTP to the subgraphs, one pool each. Never rejects; timeouts are our own, because undici's clock is coarse to a second. */
export function createTransport(given: TransportOptions): Transport {
  const ground: Ground = { ...given, telemetry: given.telemetry ?? SILENT, pools: createPools(given) };
  const doors = new Map<string, Door>();
  let isClosed = false;
  const isOver = () => isClosed || given.parting?.aborted === true;
  const doorTo = ({ url, service }: SourceCall): Door => {
    const place = `${service} ${url}`;
    const known = doors.get(place) ?? openDoor({ url, service }, { ...ground, isOver });
    doors.set(place, known);
    return known;
  };
  return {
    get unreachable() {
      return [...new Set([...doors.values()].filter(({ circuit }) => circuit.state !== "closed").map(({ service }) => service))];
    },
    async send(call) {
      const startedAt = performance.now();
      const answer = await through(call, { doorTo, ground }).catch(
        (error: unknown): SourceAnswer => ({ failed: "SUBGRAPH_UNAVAILABLE", detail: String(error) }),
      );
      ground.telemetry.fetched({ service: call.service, outcome: outcomeOf(answer), ms: performance.now() - startedAt });
      return answer;
    },
    async close() {
      isClosed = true;
      for (const { watch } of doors.values()) watch?.stop();
      await ground.pools.close();
      doors.clear();
    },
  };
}

/** How a call ended, in one word. */
const outcomeOf = (answer: SourceAnswer) => {
  if ("failed" in answer) return answer.failed;
  return Array.isArray(answer.errors) && answer.errors.length > 0 ? "errors" : "ok";
};

interface Ground extends Omit<TransportOptions, "telemetry"> {
  readonly telemetry: Telemetry;
  readonly pools: Pools;
}

function openDoor({ url, service }: Pick<SourceCall, "url" | "service">, ground: Ground & { isOver: () => boolean }): Door {
  const { prober, telemetry, isOver, concurrent = CONCURRENT } = ground;
  const { origin, pathname, search } = new URL(url);
  const now = () => performance.now();
  const circuit = new Circuit({
    ...{ now, random: Math.random, hasProber: prober !== undefined },
    onChange: (state) => {
      if (!isOver()) telemetry.circuit({ service, state });
      if (state !== "open") return;
      renew(door, ground);
      door.watch?.wake();
    },
  });
  const ask = () => probe(door, { url, ground });
  const door: Door = {
    ...{ service, origin, path: `${pathname}${search}`, circuit, ceiling: new Ceiling(concurrent) },
    watch: prober ? watching(circuit, { ask, now }) : null,
    ...{ underWay: new Set(), heardAt: NOT_YET, renewedAt: NOT_YET, countedFrom: now(), calls: 0, retries: 0 },
  };
  if (!isOver()) telemetry.circuit({ service, state: "closed" });
  return door;
}

/** Nothing that hangs keeps a connection or a place from who comes now: it has its own deadline. */
function renew(door: Door, { pools }: Ground): void {
  door.renewedAt = performance.now();
  pools.renew(door.origin, door.service);
  door.ceiling.forget();
}

/** It is asked, and has said nothing for too long. */
function isMute({ underWay, heardAt, renewedAt }: Door, now: number): boolean {
  const [oldest] = underWay;
  return oldest !== undefined && now - Math.max(oldest.sentAt, heardAt, renewedAt) > MUTE_MS;
}

const unsent = (detail: string): SourceAnswer => ({ failed: "SUBGRAPH_UNAVAILABLE", detail, isUnsent: true });

interface Way {
  readonly doorTo: (call: SourceCall) => Door;
  readonly ground: Ground;
}

/** Circuit, then room, then the wire. */
async function through(call: SourceCall, { doorTo, ground }: Way): Promise<SourceAnswer> {
  const door = doorTo(call);
  const now = performance.now();
  const budgetMs = Math.min(ground.timeoutMs, call.deadline - RESERVE_MS - now);
  if (budgetMs <= 0) return { failed: "SUBGRAPH_TIMEOUT", detail: "no time left: not sent", isUnsent: true };
  const permit = door.circuit.admit(call.idempotent ? "question" : "act");
  if (!permit) return unsent("its circuit is open: not sent");
  if (isMute(door, now)) renew(door, ground);
  const enter = door.ceiling.enter(Math.min(WAIT_MS, budgetMs));
  const leave = enter instanceof Promise ? await enter : enter;
  if (!leave) {
    permit.settle("neither");
    ground.telemetry.shed("source");
    return unsent("as many calls as may be are under way: not sent");
  }
  try {
    return await twiceAtMost(call, { door, ground, permit, budgetMs, until: now + budgetMs });
  } finally {
    leave();
    permit.settle("neither");
  }
}

interface Trying {
  readonly door: Door;
  readonly ground: Ground;
  readonly permit: Permit;
  /** What the whole call was given, a retry included. */
  readonly budgetMs: number;
  readonly until: number;
}

async function twiceAtMost(call: SourceCall, trying: Trying): Promise<SourceAnswer> {
  const { door, ground, permit, until } = trying;
  count(door);
  const first = await attempt(call, trying);
  const pause = RETRY_AFTER_MS.min + Math.random() * (RETRY_AFTER_MS.max - RETRY_AFTER_MS.min);
  const mayTry = first.again && mayRepeat(call, door) && performance.now() + pause < until;
  if (mayTry) {
    door.retries += 1; // before the pause: those who fail at one moment are counted together
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  // what shut meanwhile is not asked again; a call that its retry saves says nothing bad of the source
  const isLast = !mayTry || call.signal.aborted || door.circuit.state !== "closed";
  if (mayTry && !isLast) ground.telemetry.retried(call.service);
  const last = isLast ? first : await attempt(call, trying);
  permit.settle(last.verdict);
  return last.answer;
}

function count(door: Door): void {
  const now = performance.now();
  if (now - door.countedFrom >= RETRIES_MS) Object.assign(door, { countedFrom: now, calls: 0, retries: 0 });
  door.calls += 1;
}

const mayRepeat = ({ idempotent, signal }: SourceCall, { circuit, retries, calls }: Door): boolean =>
  idempotent && !signal.aborted && circuit.state === "closed" && retries <= FREE_RETRIES + calls / 10;

async function attempt(call: SourceCall, { door, ground, budgetMs, until }: Omit<Trying, "permit">): Promise<Ending> {
  const sent = { sentAt: performance.now() };
  const left = until - sent.sentAt;
  if (left <= 0) return ended("SUBGRAPH_TIMEOUT", "no time left: not sent");
  const reply = new Reply();
  const late = () => {
    // whoever answered others meanwhile is not down: one asker's slow questions shut no source to all
    const verdict = budgetMs >= TELLING_MS && door.heardAt < sent.sentAt ? "bad" : "neither";
    reply.giveUp(ended("SUBGRAPH_TIMEOUT", `no answer within ${Math.round(budgetMs)} ms`, { verdict }));
  };
  const timer = setTimeout(late, left);
  const leave = () => reply.giveUp(ended("SUBGRAPH_UNAVAILABLE", "the client left"));
  const stays = call.idempotent ? atLeave(call.signal, leave) : null;
  door.underWay.add(sent);
  try {
    const headers = headersOf(call, { ground, left });
    ground.pools.to(door.origin, door.service).dispatch({ path: door.path, method: "POST", headers, body: call.body }, reply);
    const ending = await reply.ending;
    if (ending.verdict === "good") door.heardAt = performance.now();
    return ending;
  } finally {
    door.underWay.delete(sent);
    clearTimeout(timer);
    stays?.();
  }
}

/** Passed on is what this fetch has left, not the whole question: the source stops when nobody waits any more. */
const headersOf = (call: SourceCall, { ground, left }: { ground: Ground; left: number }): Record<string, string> => ({
  "content-type": "application/json",
  accept: "application/json",
  ...ground.headers(call),
  "hub-deadline-ms": String(Math.max(1, Math.floor(left - HEARING_MS))),
});

/** Is it back? Asked in nobody's name and for nothing. */
async function probe(door: Door, { url, ground }: { url: string; ground: Ground }): Promise<Verdict> {
  const budgetMs = PROBE.timeoutMs;
  const until = performance.now() + budgetMs;
  const call: SourceCall = {
    ...{ service: door.service, url, body: PROBE.body, idempotent: true, coordinates: NO_COORDINATES },
    ...{ deadline: until, context: ground.prober?.(), signal: NEVER },
  };
  const { verdict } = await attempt(call, { door, ground, budgetMs, until }).catch(() => ({ verdict: "bad" as const }));
  return verdict;
}
