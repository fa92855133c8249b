import { Pool } from "undici";
import { type Credentials, tlsOptions } from "../../../schema/tls/credentials.ts";
import { hasEnded, isFor } from "../../../schema/tls/names.ts";

/** Who the gateway is to the subgraphs, and whom it believes. */
export interface Identity {
  /** Another object once certificates were renewed. */
  readonly certificates: { readonly current: Credentials };
  /** What the certificate of a subgraph must carry. */
  readonly nameOf: (service: string) => string;
  /** Told by its code of a connection that was not made. That the subgraph refused, it alone can tell: by TLS 1.3 it just closes. */
  readonly onFault?: (service: string, code: string) => void;
}

export interface PoolOptions {
  readonly connections?: number;
  readonly pipelining?: number;
  readonly maxResponseBytes?: number;
  /** Undefined: no subgraph is asked by https. */
  readonly identity?: Identity | undefined;
}

/** Connections to the subgraphs, one pool a subgraph and origin. */
export interface Pools {
  /**
   * To be asked for each call: after certificates were renewed it is another pool, while calls under way finish on the one before. Throws for
   * https without an identity of our own.
   */
  to(origin: string, service: string): Pool;
  /** Calls from now on get connections of their own making, for those that stand may be dead; what is under way is left to its deadline. */
  renew(origin: string, service: string): void;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

interface Entry {
  readonly pool: Pool;
  /** Undefined: plain http. */
  readonly under: Credentials | undefined;
}

/** Time limits are the transport's own: undici's clock is coarse to a second. */
export function createPools({ connections = 32, pipelining = 1, maxResponseBytes = -1, identity }: PoolOptions): Pools {
  const pools = new Map<string, Entry>();
  const leaving = new Set<Promise<void>>();
  const limits = { connections, pipelining, headersTimeout: 0, bodyTimeout: 0, maxResponseSize: maxResponseBytes };
  const open = (origin: string, service: string): Entry => {
    const under = origin.startsWith("https:") ? credentialsOf(identity) : undefined;
    const connect = under && identity ? { connect: connectionTo(identity.nameOf(service), under) } : {};
    const pool = new Pool(origin, { ...limits, ...connect });
    if (under) pool.on("connectionError", (_, __, error) => identity?.onFault?.(service, codeOf(error)));
    return { pool, under };
  };
  const retire = ({ pool }: Entry): void => {
    const gone = pool.close().finally(() => leaving.delete(gone));
    leaving.add(gone);
  };
  return {
    to(origin, service) {
      const place = `${service} ${origin}`;
      const known = pools.get(place);
      if (known && (known.under === undefined || known.under === identity?.certificates.current)) return known.pool;
      const entry = open(origin, service);
      pools.set(place, entry);
      if (known) retire(known);
      return entry.pool;
    },
    renew(origin, service) {
      const known = pools.get(`${service} ${origin}`);
      pools.delete(`${service} ${origin}`);
      if (known) retire(known);
    },
    async close() {
      await Promise.all([...leaving, ...[...pools.values()].map(({ pool }) => pool.close())]);
      pools.clear();
    },
  };
}

const codeOf = (error: Error): string => ("code" in error ? String(error.code) : error.name);

function credentialsOf(identity: Identity | undefined): Credentials {
  if (!identity) throw new Error("a subgraph is asked by https only where HUB_TLS_CERT_FILE says who asks");
  return identity.certificates.current;
}

/**
 * One name only, that of the subgraph: the host of its address may be that of others, too. Sessions are not resumed, for then nobody looks at
 * the certificate again.
 */
const connectionTo = (name: string, credentials: Credentials) => ({
  ...tlsOptions(credentials),
  rejectUnauthorized: true,
  maxCachedSessions: 0,
  checkServerIdentity: (_: string, shown: { readonly subjectaltname?: string | undefined; readonly valid_to: string }) =>
    isFor(name, shown) && !hasEnded(shown, Date.now())
      ? undefined
      : Object.assign(new Error("another's certificate"), { code: "HUB_TLS_NOT_THAT_SUBGRAPH" }),
});
