import { isUsedUp, type Pool, type Scope, type ScopedSession } from "../../../drizzle/client.ts";
import { Refusal } from "../../../schema/errors.ts";
import type { Write } from "../serve/context.ts";

interface Writing {
  readonly pool: Pool;
  readonly scope: Scope;
  readonly limit: Parameters<Pool["session"]>[1] & {};
  /** Of the same request: what it reads after a write it reads where it was written. */
  readonly session: Pick<ScopedSession, "freshen">;
  /** Id of the envelope the request came under. */
  readonly envelope: string;
  /** Told when another replica has acted by it already. */
  readonly replayed: () => void;
  readonly sweep: Sweep;
}

/** `write` of one request, and the statements its transactions have asked so far. */
export interface Writer {
  readonly write: Write;
  readonly statements: number;
  /** What follows is a mutation: its first transaction that is committed uses up the envelope. */
  acts(): void;
}

export function createWriter({ pool, scope, limit, session: reading, envelope, ...told }: Writing): Writer {
  let statements = 0;
  let unused: { readonly envelope?: string } = {};
  return {
    get statements() {
      return statements;
    },
    acts() {
      unused = { envelope };
      reading.freshen(); // whoever acts must not judge by what was
    },
    async write(work) {
      const session = pool.writeSession(scope, { ...limit, ...unused });
      try {
        const answer = await work(session.db);
        await session.close();
        if (session.statements > 0 && unused.envelope !== undefined) {
          unused = {};
          told.sweep(scope);
        }
        return answer;
      } catch (error) {
        await session.rollback();
        if (!isUsedUp(error)) throw error;
        told.replayed();
        throw new Refusal({ code: "UNAUTHENTICATED" }, { cause: error }); // a stranger learns no more
      } finally {
        reading.freshen();
        statements += session.statements;
      }
    },
  };
}

type Sweep = (scope: Scope) => void;
const SWEEP_MS = 10 * 60 * 1000;

/** Has the database forget, every ten minutes that something is done, the envelopes that it lets go of. Whoever acts does not wait for it. */
export function createSweep(pool: Pool): Sweep {
  let sweptAt = Number.NEGATIVE_INFINITY;
  return (scope) => {
    if (performance.now() - sweptAt < SWEEP_MS) return;
    sweptAt = performance.now();
    const session = pool.writeSession(scope);
    session.db.execute("delete from used_envelope").then(
      () => session.close().catch(() => {}), // it is there the next time
      () => session.rollback(),
    );
  };
}

/** For Apollo: tells a request's writer, before anything is resolved, that it is an act. */
export const ACTING = {
  requestDidStart: async () => ({
    didResolveOperation: async (asked: {
      readonly operation?: { readonly operation: string } | undefined;
      readonly contextValue: { readonly acts: () => void };
    }) => {
      if (asked.operation?.operation === "mutation") asked.contextValue.acts();
    },
  }),
};
