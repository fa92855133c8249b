import { existsSync } from "node:fs";
import { join } from "node:path";
import { SLICES } from "../../../drizzle/client.ts";
import { type DatabaseUrls, urlsFor } from "../../../drizzle/cluster.ts";
import { runningEmbedded } from "../../../drizzle/embedded.ts";
import { isDev, issuerUrl } from "../../../gateway/runtime/config.ts";
import { POLICY_KEY, signerOf } from "../../../schema/policy/keys.ts";
import type { Env } from "../../../schema/settings.ts";
import { policySecret } from "../../../subgraphs/kit/serve/config.ts";
import { dataDir, secretOf, withFiles } from "../../data/databases.ts";
import { ownSecrets } from "../../run/start.ts";
import { type Located, messageOf } from "./finding.ts";

/** Roles beside those of the slices, by their settings HUB_DATABASE_URL_…. */
const MORE = ["gateway", "record", "log", "jobs", "registry", "allocation", "publication"] as const;

/** The databases the settings name. Unlike every other command it starts, makes and changes nothing. */
export async function locate(given: Env): Promise<Located> {
  try {
    const env = withFiles(given);
    const named = Object.fromEntries(
      [...SLICES, ...MORE].flatMap((name) => [
        ...at(name, env[`HUB_DATABASE_URL_${name.toUpperCase()}`]),
        ...at(`${name}_owner`, env[`HUB_DATABASE_OWNER_URL_${name.toUpperCase()}`]),
      ]),
    );
    if (Object.keys(named).length > 0) return { kind: "named", urls: named };
    const { HUB_DATABASE_URL: adminUrl } = env;
    if (adminUrl) return { kind: "one server", urls: byName(urlsFor({ adminUrl, secret: secretOf(env) })) };
    if (!isDev(env))
      return { kind: "none", urls: {}, fault: "no database is named: HUB_DATABASE_URL, or an address for each role" };
    const running = await runningEmbedded(env["HUB_PG_DIR"] ?? join(dataDir(env), "pg18"));
    if (running === undefined) return { kind: "embedded", urls: {}, fault: "the embedded PostgreSQL does not run: npm start" };
    return { kind: "embedded", urls: byName(urlsFor({ adminUrl: running, secret: new URL(running).password })) };
  } catch (error) {
    return { kind: "none", urls: {}, fault: messageOf(error) };
  }
}

const at = (name: string, url: string | undefined) => (url === undefined ? [] : [[name, url] as const]);

const byName = (urls: DatabaseUrls): Record<string, string> =>
  Object.fromEntries(
    Object.entries(urls).flatMap(([name, url]) =>
      typeof url === "object" ? [...at(name, url.runtime), ...at(`${name}_owner`, url.owner)] : at(name, url),
    ),
  );

/** Settings as the processes of this host have them: what `npx hub start` finds out by itself is added where it is at work. */
export function settingsHere(env: Env, { urls, kind }: Located): Env {
  if (kind === "named") return env;
  const addresses = Object.entries(urls).map(([name, url]) => [`HUB_DATABASE_URL_${name.toUpperCase()}`, url]);
  const own = isDev(env) && existsSync(join(dataDir(env), "envelope-secret")) ? ownSecrets(dataDir(env)) : {};
  const ports = SLICES.flatMap((name) => {
    const port = env[`HUB_PORT_${name.toUpperCase()}`];
    return port === undefined ? [] : [[`HUB_SUBGRAPH_URL_${name.toUpperCase()}`, `http://127.0.0.1:${port}/graphql`]];
  });
  const dev = isDev(env) && {
    HUB_OIDC_ISSUER: issuerUrl(env),
    HUB_POLICY_PUBLIC_KEYS: signerOf(policySecret(env, []), POLICY_KEY).publicKey,
    ...Object.fromEntries(ports),
  };
  const files = Object.fromEntries(addresses.map(([name]) => [`${name}_FILE`, undefined]));
  return { ...dev, ...own, ...env, ...files, ...Object.fromEntries(addresses.filter(([name]) => !name?.endsWith("_OWNER"))) };
}
