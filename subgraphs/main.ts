import { banyuwangi } from "./banyuwangi/index.ts";
import { governance } from "./governance/index.ts";
import { readConfig, rereadSecret } from "./kit/serve/config.ts";
import type { Subgraph } from "./kit/serve/createSubgraph.ts";
import { createLog } from "./kit/serve/log.ts";
import type { Running } from "./kit/serve/serve.ts";
import { population } from "./population/index.ts";
import { programs } from "./programs/index.ts";
import { statistics } from "./statistics/index.ts";
import { welfare } from "./welfare/index.ts";

/** Every subgraph of the hub. A new data domain is one line here. */
export const subgraphs: readonly Subgraph[] = [population, welfare, programs, banyuwangi, statistics, governance];

/** Starts one subgraph with the settings of its environment. Throws ConfigFaults, or an error that names the subgraphs there are. */
export async function startSubgraph(name: string, env: Parameters<typeof readConfig>[1]): Promise<Running> {
  const subgraph = subgraphs.find((candidate) => candidate.name === name);
  if (!subgraph) throw new Error(`there is no subgraph "${name}"; there are ${subgraphs.map((one) => one.name).join(", ")}`);
  const { logLevel, ...config } = readConfig(name, env);
  return subgraph.start({ ...config, rereadSecret: () => rereadSecret(name, env), log: createLog({ name, level: logLevel }) });
}
