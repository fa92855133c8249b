import { createHash } from "node:crypto";
import { rawClient } from "../../../../drizzle/client.ts";

/** Messages that came, in governance's database: a message that came to one gateway comes to none again. */
export interface Seen {
  /** False: it came before. Rejects when the database is away. */
  first(sender: string, messageId: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Of so many messages one looks for what may be forgotten, which is then so much at most. */
const [EVERY, FORGOTTEN_AT_ONCE] = [16, 500];

/** What is kept of a message is a mark: a partner may have put anybody's number into it. */
export function seenBy(databaseUrl: string): Seen {
  const sql = rawClient(databaseUrl, { max: 2, connect_timeout: 2, max_lifetime: null });
  const forget = () => sql`delete from governance.dci_message where mark in (
    select mark from governance.dci_message where seen_at < clock_timestamp() - interval '30 minutes' limit ${FORGOTTEN_AT_ONCE})`;
  return {
    async first(sender, messageId) {
      const mark = createHash("sha256")
        .update(JSON.stringify([sender, messageId]))
        .digest();
      const came = await sql`insert into governance.dci_message (mark) values (${mark}) on conflict do nothing returning mark`;
      if ((mark[0] ?? 0) % EVERY === 0) await forget().catch(() => undefined); // another gateway is at it, or the next will be
      return came.length > 0;
    },
    close: () => sql.end({ timeout: 1 }),
  };
}
