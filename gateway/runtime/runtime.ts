import { setMaxListeners } from "node:events";
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { type Caller, createMinter, ENVELOPE_HEADER, FRESH_HEADER, STREAM_HEADER, streamText } from "../../schema/caller.ts";
import { sha256Hex } from "../../schema/policy/content.ts";
import type { Hub } from "../answer.ts";
import type { RecordBook } from "../audit/audit.ts";
import type { Logger } from "../audit/log.ts";
import { confirm } from "../authenticate/agreement.ts";
import { type Followed, followGrants } from "../authorize/grants/grants.ts";
import { createStreams } from "../execute/stream.ts";
import type { FollowedIdentity } from "../execute/transport/certificates.ts";
import { prober } from "../execute/transport/prober.ts";
import { createTransport } from "../execute/transport/transport.ts";
import { loadSupergraphInTurns } from "../plan/supergraph.ts";
import type { SourceCall, Streams, Transport } from "../types/sources.ts";
import type { Supergraph } from "../types/supergraph.ts";
import type { Telemetry } from "../types/telemetry.ts";
import { envelopeSecretsFor, type GatewayConfig, requireSafeWays } from "./config.ts";
import { Habits } from "./reload/habits.ts";

/** All that belongs to one supergraph under one set of keys. Several stand side by side while one takes over from another. */
export interface Runtime {
  readonly hub: Hub;
  readonly recipe: Recipe;
  readonly grants: Followed;
  /** Keeps it open until what it answers is called; a second call does nothing. */
  hold(): () => void;
  /** Ends what has no end of its own: whoever follows something comes back by itself. */
  part(): void;
  /** Parts, and closes all connections when the last holder has let go, or after so long. */
  retire(patienceMs?: number): Promise<void>;
}

/** What a runtime is made of; whoever has one knows that it is sound in itself. */
export interface Recipe {
  readonly config: GatewayConfig;
  readonly supergraph: Supergraph;
  /** Of each subgraph the secret its envelopes are made with. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** What all runtimes of a process share. */
export interface Ground {
  /** What of a hub is the process's: counted over all its requests, or asked of others. */
  readonly shared: Omit<Hub, "grants" | "supergraph" | "sources" | "streams" | "record" | "parting" | "habits">;
  readonly book: RecordBook;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  /** Who asks the subgraphs, by TLS; undefined: none is asked by it. */
  readonly identity: FollowedIdentity | undefined;
  /** Stand-ins for tests and `npx hub start`. */
  readonly sources?: ((supergraph: Supergraph) => Transport) | undefined;
  readonly streams?: Streams | undefined;
}

/** Reads the supergraph's file, or takes the one of before where it is the same. Rejects for a file, or secrets, that nothing can be served with. */
export async function readRecipe(config: GatewayConfig, before?: Recipe): Promise<Recipe> {
  const sdl = await readFile(config.supergraph, "utf8");
  if (before?.supergraph.hash === sha256Hex(sdl)) return recipeOf(config, before.supergraph);
  return recipeOf(config, await loadSupergraphInTurns(sdl, { urls: Object.fromEntries(config.subgraphUrls) }));
}

/** The same for a supergraph that is read. Throws. */
export function recipeOf(config: GatewayConfig, supergraph: Supergraph): Recipe {
  const nobodys = ungoverned(supergraph);
  if (nobodys.length > 0) throw new Error(`fields without a class, which no agreement can open: ${nobodys.join(", ")}`);
  requireSafeWays(config, supergraph.sources);
  return { config, supergraph, secrets: envelopeSecretsFor(config, [...supergraph.sources.keys()]) };
}

/** Fields of which no subgraph says what they hold. */
const ungoverned = ({ entries }: Supergraph): string[] =>
  [...entries.values()]
    .filter(({ kind, classes }) => kind === "output" && classes.length === 0)
    .map(({ coordinate }) => coordinate);

/** Opens connections of its own. A database that is away only makes it unready; resolves after the first look at it. */
export async function openRuntime(recipe: Recipe, ground: Ground): Promise<Runtime> {
  const { config, supergraph } = recipe;
  const { databaseUrl, policyKeys, pseudonymKey: pseudonymMaster, recordKeys } = config;
  const { shared, book, log } = ground;
  const parting = new AbortController();
  setMaxListeners(0, parting.signal); // as many as follow something
  const way: Way = { ...ground, mint: minting(recipe), parting: parting.signal };
  const sources = ground.sources?.(supergraph) ?? signedTransport(config, way);
  const streams = ground.streams ?? signedStreams(way);
  const grants = await followGrants({ databaseUrl, supergraph, policyKeys, pseudonymMaster, log });
  const record = book.under({
    recordKeys,
    confirm: (caller, release) => confirm(caller, grants.current(), release),
    reached: (epoch) => grants.reached(epoch),
    catalogue: supergraph,
  });
  const hub: Hub = { ...shared, grants, supergraph, sources, streams, record, parting: parting.signal, habits: new Habits() };
  const close = async () => void (await Promise.all([grants.close(), sources.close(), streams.close()]));
  return { hub, recipe, grants, ...holding({ part: () => parting.abort(), close }) };
}

interface Ending {
  readonly part: () => void;
  readonly close: () => Promise<void>;
}

/** Counts who holds; closes when it is to and nobody does. */
function holding({ part, close }: Ending): Pick<Runtime, "hold" | "part" | "retire"> {
  const holders = new Set<object>();
  let left = () => {};
  const isLeft = new Promise<void>((resolve) => {
    left = resolve;
  });
  let closed: Promise<void> | undefined;
  let isRetired = false;
  const settle = () => void (isRetired && holders.size === 0 && left());
  return {
    hold() {
      const holder = {};
      holders.add(holder);
      return () => void (holders.delete(holder) && settle());
    },
    part,
    async retire(patienceMs) {
      part();
      isRetired = true;
      settle();
      await (patienceMs === undefined ? isLeft : Promise.race([isLeft, pause(patienceMs, undefined, { ref: false })]));
      closed ??= close();
      await closed;
    },
  };
}

/** A page of a hundred households with all it may hold is below 2 MB; parsing and masking what is larger would hold up everybody else. */
const MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

type Signing = Pick<SourceCall, "service" | "context" | "coordinates" | "traceparent"> & { readonly body: string };

/** Headers of a call: an envelope over `body` that only its subgraph can open. */
function minting({ supergraph, secrets }: Recipe): (call: Signing) => Record<string, string> {
  const minters = new Map(
    [...supergraph.sources.values()].map(({ service, coordinates }) => {
      const secret = secrets.get(service) ?? "";
      return [service, createMinter({ audience: service, secret, list: coordinates })] as const;
    }),
  );
  return ({ service, context, coordinates, traceparent, body }) => {
    const mint = minters.get(service);
    if (!mint) throw new Error(`no envelope secret for subgraph ${service}`);
    const caller = context as Caller;
    const envelope = { [ENVELOPE_HEADER]: mint({ caller, verbs: coordinates, body }), "x-request-id": caller.requestId };
    return traceparent === undefined ? envelope : { ...envelope, traceparent };
  };
}

interface Way extends Pick<Ground, "identity" | "telemetry"> {
  readonly mint: ReturnType<typeof minting>;
  readonly parting: AbortSignal;
}

/** The way to the subgraphs: every call under an envelope of its own. */
const signedTransport = (
  { subgraphTimeoutMs: timeoutMs }: GatewayConfig,
  { mint, identity, telemetry, parting }: Way,
): Transport =>
  createTransport({
    ...{ timeoutMs, identity, telemetry, prober, parting },
    maxResponseBytes: MAX_RESPONSE_BYTES,
    headers: (call) => ({ ...(call.isFresh && { [FRESH_HEADER]: "1" }), ...mint(call) }),
  });

/** The same for streams, of which the head is signed (docs/adr/0008). */
const signedStreams = ({ mint, identity }: Way): Streams =>
  createStreams({
    identity,
    headers: (call) => {
      const head = JSON.stringify(call.head);
      return {
        ...mint({ ...call, body: streamText(call.name, head) }),
        [STREAM_HEADER]: Buffer.from(head).toString("base64url"),
      };
    },
  });
