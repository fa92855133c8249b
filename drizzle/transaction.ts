import { setTimeout as sleep } from "node:timers/promises";
import type { rawClient } from "./client.ts";

type Sql = ReturnType<typeof rawClient>;
type TransactionSql = Parameters<Parameters<Sql["begin"]>[1]>[0];
type Work<T> = (tx: TransactionSql) => Promise<T>;

/** Codes of postgres.js, of the system and of PostgreSQL that say or announce the end of a connection. */
const ENDS = /^(?:CONNECTION_\w+|CONNECT_TIMEOUT|ECONNRESET|EPIPE|ETIMEDOUT|57P0[1-5])$/;
/** A new one each time: one for all would keep whoever waits for it. */
const never = () => new Promise<never>(() => {});
/** How long a connection that is said to end may take to, in ms. One that has not is alive, and hears the rollback. */
const ENDING = 1000;

/**
 * One transaction of a client without scope: committed when `work` answers, rolled back when it throws. Rejects when the connection is lost;
 * whether a commit under way then came to pass nobody knows.
 *
 * In place of `begin` of postgres.js (3.4.9): that sends its last word to a lost connection too, which is a write to nobody, and ends the process.
 */
export const inTransaction = <T>(sql: Sql, work: Work<T>): Promise<T> => begin(sql, "", work);

/** As inTransaction, and all that is read is of the same instant; nothing can be written. */
export const atOneInstant = <T>(sql: Sql, work: Work<T>): Promise<T> =>
  begin(sql, "isolation level repeatable read read only", work);

async function begin<T>(sql: Sql, mode: string, work: Work<T>): Promise<T> {
  let isLost = false;
  const begun = sql.begin(mode, async (tx) => {
    const done = await work(untilLost(tx, () => isLost)).catch(async (error: unknown) => {
      if (endsConnection(error)) await Promise.race([begun.catch(() => {}), sleep(ENDING)]);
      return isLost ? never() : Promise.reject(error);
    });
    return isLost ? never() : done;
  });
  begun.catch(() => {
    isLost = true;
  });
  return begun as Promise<T>;
}

/** Asks nothing of a connection that is lost. */
function untilLost(tx: TransactionSql, isLost: () => boolean): TransactionSql {
  const mustBeThere = () => {
    if (isLost()) throw new Error("the connection was lost during the transaction");
  };
  return new Proxy(tx, {
    apply(target, self, given) {
      mustBeThere();
      return Reflect.apply(target as unknown as () => unknown, self, given);
    },
    get(target, name) {
      if (name === "unsafe") mustBeThere();
      return Reflect.get(target, name);
    },
  });
}

const endsConnection = (error: unknown): boolean => {
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: unknown };
  return (typeof code === "string" && ENDS.test(code)) || (cause !== undefined && endsConnection(cause));
};
