import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Db, drizzleOn, rawClient } from "../../drizzle/client.ts";
import { ownPublication, type Publication, publish } from "../../drizzle/policy/publish.ts";
import { POLICY_KEY, signerOf } from "../../schema/policy/keys.ts";
import { ConfigFaults } from "../../schema/settings.ts";
import { policySecret } from "../../subgraphs/kit/serve/config.ts";
import { openDatabases } from "../data/databases.ts";

/** Signs in governance's name with HUB_POLICY_KEY. Throws ConfigFaults. */
export function policySigner() {
  const faults: string[] = [];
  const secret = policySecret(process.env, faults);
  if (faults.length > 0) throw new ConfigFaults(faults);
  return signerOf(secret, POLICY_KEY);
}

/** Prints the public key of HUB_POLICY_KEY, for HUB_POLICY_PUBLIC_KEYS of the gateways. */
export async function key(): Promise<number> {
  process.stdout.write(`${policySigner().publicKey}\n`);
  return 0;
}

/**
 * Publishes a supergraph: its catalogue, and a signed decision table for every version approved or in force. Exit codes: 0 all are compiled, 1 some
 * are not: each is told, and their agreements are closed under it.
 */
export async function publishSupergraph(argv: readonly string[]): Promise<number> {
  const options = { supergraph: { type: "string" }, controllers: { type: "string" } } as const;
  const { values } = parseArgs({ args: [...argv], options });
  const signer = policySigner();
  const databases = await openDatabases(process.env, (text) => void process.stderr.write(`hub policy: ${text}\n`));
  const connection = rawClient(databases.urls.governance.owner, { max: 1 });
  try {
    const faults = await drizzleOn(connection).transaction((tx) =>
      publish(tx as unknown as Db, publicationOf(values), { signer, origins: originsOf(process.env["HUB_CONSOLE_ORIGINS"]) }),
    );
    for (const fault of faults) process.stdout.write(`${fault}\n`);
    if (faults.length === 0) process.stderr.write("hub policy: published; every agreement has its table\n");
    return faults.length > 0 ? 1 : 0;
  } finally {
    await connection.end();
    await databases.close();
  }
}

const originsOf = (text: string | undefined): string[] => (text ?? "").split(",").filter(Boolean);

function publicationOf({
  supergraph,
  controllers,
}: {
  supergraph?: string | undefined;
  controllers?: string | undefined;
}): Publication {
  const own = ownPublication();
  return {
    sdl: supergraph === undefined ? own.sdl : readFileSync(supergraph, "utf8"),
    controllers:
      controllers === undefined ? own.controllers : (JSON.parse(readFileSync(controllers, "utf8")) as Record<string, string>),
  };
}
