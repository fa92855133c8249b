import type { Slice } from "../../drizzle/client.ts";
import { behind } from "../../drizzle/cluster.ts";
import { ConfigFaults } from "../../schema/settings.ts";
import { readConfig } from "../../subgraphs/kit/serve/config.ts";
import { startSubgraph, subgraphs } from "../../subgraphs/main.ts";
import { stopSignal } from "./ending.ts";

export const help = `
npx hub subgraph NAME — run one subgraph alone, until SIGINT or SIGTERM

NAME is one of ${subgraphs.map(({ name }) => name).join(", ")}. It answers the gateway only: every request must carry an envelope.

Settings (NAME in capitals):
  HUB_DATABASE_URL_NAME      PostgreSQL, as the role hub_name (or …_FILE)
  HUB_DATABASE_READ_URL_NAME streaming replica that questions go to while it is at most HUB_REPLICA_LAG_MS (1000) behind; not for governance
  HUB_ENVELOPE_SECRET_NAME   secret shared with the gateway, at least 32 characters (or …_FILE); HUB_ENV=dev knows one
  HUB_ATTESTATION_KEY_NAME   population, welfare, programs: secret of the key it attests with (or …_FILE); HUB_ENV=dev knows one
  HUB_EVIDENCE_URL           welfare: where evidence is kept, a folder or a bucket; HUB_ENV=dev: .hub/evidence
  HUB_PORT_NAME              port; else HUB_SUBGRAPH_PORT, else 4001 population, 4002 welfare, 4003 programs, 4004 governance
  HUB_HOST                   address to listen on (127.0.0.1)
  HUB_TLS_CA_FILE, HUB_TLS_CERT_FILE, HUB_TLS_KEY_FILE
                             TLS for the gateway alone, renewed in place (SIGHUP: at once); needed in production beyond 127.0.0.1
  HUB_TLS_CLIENT             name the gateway's certificate must carry (hub-gateway)
  HUB_HEALTH_PORT            port for probes, which have no certificate: GET /health and nothing else
  HUB_POOL_SIZE              connections to PostgreSQL (10)
  HUB_LOG_LEVEL              fatal, error, warn, info, debug, trace or silent (info)
  HUB_ENV                    dev allows the insecure defaults

It starts without its database, and not on one that lacks migrations (npx hub migrate).

Example: HUB_ENV=dev HUB_DATABASE_URL_WELFARE=postgres://hub_welfare@127.0.0.1/welfare npx hub subgraph welfare
`;

/** Runs until told to stop; then fetches under way finish first. */
export async function subgraph(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || rest.length > 0 || !subgraphs.some((known) => known.name === name)) {
    process.stderr.write(
      `hub subgraph: name one of ${subgraphs.map((known) => known.name).join(", ")}. npx hub subgraph --help explains.\n`,
    );
    return 2;
  }
  try {
    const fault = await behind(name as Slice, readConfig(name, process.env).databaseUrl);
    if (fault !== null) throw new ConfigFaults([fault]);
    const running = await startSubgraph(name, process.env);
    process.stderr.write(`hub subgraph: ${name} listens on ${running.url}\n`);
    process.on("SIGHUP", () => void running.renew());
    await stopSignal();
    await running.close();
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    for (const fault of error.faults) process.stderr.write(`hub subgraph: ${fault}\n`);
    return 1;
  }
}
