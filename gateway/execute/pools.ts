import { Pool } from "undici";

export interface PoolOptions {
  readonly maxResponseBytes: number;
}

/** Connections to the subgraphs, one pool an origin. */
export interface Pools {
  to(origin: string): Pool;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

/** Time limits are the transport's own: undici's clock is coarse to a second. */
export function createPools({ maxResponseBytes }: PoolOptions): Pools {
  const pools = new Map<string, Pool>();
  const limits = { connections: 32, pipelining: 1, headersTimeout: 0, bodyTimeout: 0, maxResponseSize: maxResponseBytes };
  return {
    to(origin) {
      const pool = pools.get(origin) ?? new Pool(origin, limits);
      pools.set(origin, pool);
      return pool;
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      pools.clear();
    },
  };
}
