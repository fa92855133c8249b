import { randomUUID } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { type Db, drizzleOn, rawClient } from "../client.ts";
import { eventSubscription } from "../tables/governance/subscription.ts";
import { stewardOf } from "./readyMade.ts";

/** An address of the machine itself, without a path: a hub in development takes every port of it as agreed where nobody else reaches it. The port is where the standard's public suite listens. */
const THIS_MACHINE = "http://127.0.0.1:3336/";

/** Callbacks of the DCI standard that stewards of both sides have agreed on in the sandbox: whose, and who asked and approved. */
const CHANNELS = [
  ["PKS-2025-001", "kemensos", stewardOf("KEMENSOS"), "steward2.kemensos"],
  ["PKS-2025-002", "bpjs-kesehatan", stewardOf("BPJS_KESEHATAN"), stewardOf("KEMENSOS")],
] as const;

/** What a partner with an approved channel has, for outsiders who try the hub on their own machine. Repeatable: one that exists stays as stewards have left it. Development only, where the hub listens to this machine alone. */
export async function seedChannels(ownerUrl: string): Promise<void> {
  const connection = rawClient(ownerUrl, { max: 1 });
  try {
    await drizzleOn(connection).transaction(async (tx) => {
      for (const one of CHANNELS) await agree(tx as unknown as Db, one);
    });
  } finally {
    await connection.end();
  }
}

async function agree(db: Db, [agreementNumber, clientId, madeBy, approvedBy]: (typeof CHANNELS)[number]): Promise<void> {
  const where = { agreementNumber, clientId, url: THIS_MACHINE };
  const isThere = await db.$count(
    eventSubscription,
    and(eq(eventSubscription.agreementNumber, agreementNumber), eq(eventSubscription.url, THIS_MACHINE)),
  );
  if (isThere > 0) return;
  const id = randomUUID();
  const asked = { madeBy, madeAt: new Date().toISOString(), state: "PROPOSED", format: "DCI" } as const;
  await db.insert(eventSubscription).values({ id, ...where, ...asked, programs: [], kinds: [] });
  await db.update(eventSubscription).set({ state: "ACTIVE", approvedBy }).where(eq(eventSubscription.id, id));
}
