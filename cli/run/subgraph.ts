import { ConfigFaults } from "../../schema/settings.ts";
import { startSubgraph, subgraphs } from "../../subgraphs/main.ts";
import { stopSignal } from "../signals.ts";

export const help = `
npx hub subgraph NAME — run one subgraph alone, until SIGINT or SIGTERM

NAME is one of ${subgraphs.map(({ name }) => name).join(", ")}. It answers the gateway only: every request must carry an envelope.

Settings (NAME in capitals):
  HUB_DATABASE_URL_NAME      PostgreSQL, as the role hub_name (or …_FILE)
  HUB_ENVELOPE_SECRET_NAME   secret shared with the gateway, at least 32 characters (or …_FILE); HUB_ENV=dev knows one
  HUB_ATTESTATION_KEY_NAME   population, welfare, programs: secret of the key it attests with (or …_FILE); HUB_ENV=dev knows one
  HUB_EVIDENCE_URL           welfare: where evidence is kept, a folder or a bucket; HUB_ENV=dev: .hub/evidence
  HUB_PORT_NAME              port; else HUB_SUBGRAPH_PORT, else 4001 population, 4002 welfare, 4003 programs, 4004 governance
  HUB_HOST                   address to listen on (127.0.0.1)
  HUB_POOL_SIZE              connections to PostgreSQL (10)
  HUB_LOG_LEVEL              fatal, error, warn, info, debug, trace or silent (info)
  HUB_ENV                    dev allows the insecure defaults

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
    const running = await startSubgraph(name, process.env);
    process.stderr.write(`hub subgraph: ${name} listens on ${running.url}\n`);
    await stopSignal();
    await running.close();
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    for (const fault of error.faults) process.stderr.write(`hub subgraph: ${fault}\n`);
    return 1;
  }
}
