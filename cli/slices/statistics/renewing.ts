import { readFileSync } from "node:fs";
import type { LoadPool } from "../../../drizzle/copy.ts";
import { createLogger } from "../../../gateway/audit/log.ts";
import { followGrants } from "../../../gateway/authorize/grants/grants.ts";
import { figuresOpen } from "../../../gateway/border/export/readers.ts";
import { loadSupergraph } from "../../../gateway/plan/supergraph.ts";
import { SETTINGS } from "../../../gateway/runtime/settings.ts";
import type { Env } from "../../../schema/settings.ts";
import { type Reader, renewReaders } from "../../../subgraphs/statistics/readers.ts";
import { policySigner } from "../../policy/publish.ts";

export interface Renewing {
  /** What the agreement opens of figures now; null: nothing. Throws while policy is not known. */
  termsOf(reader: Pick<Reader, "agency" | "agreement">): ReturnType<typeof figuresOpen>;
  /** Keeps the logins open whose agreement is in force, and closes the others. */
  renew(statistics: LoadPool): Promise<void>;
  close(): Promise<void>;
}

/** Follows governance's policy as a gateway does, by the address of the role hub_gateway, for the logins of BI tools. */
export async function followAgreements(env: Env, databaseUrl: string): Promise<Renewing> {
  const supergraph = loadSupergraph(readFileSync(env["HUB_SUPERGRAPH"] ?? SETTINGS.HUB_SUPERGRAPH.or, "utf8"));
  const policyKeys = env["HUB_POLICY_PUBLIC_KEYS"]?.split(",") ?? [policySigner().publicKey];
  const log = createLogger({ level: "warn" });
  const grants = await followGrants({ databaseUrl, supergraph, policyKeys, pseudonymMaster: "", log }); // no person is ever shown here
  const termsOf: Renewing["termsOf"] = (reader) => figuresOpen(grants.current(), reader);
  return { termsOf, renew: (statistics) => renewReaders(statistics, termsOf), close: () => grants.close() };
}
