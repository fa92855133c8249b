import { behind } from "../../drizzle/cluster.ts";
import { startGateway } from "../../gateway/main.ts";
import { readConfig, settingsOf } from "../../gateway/runtime/config.ts";
import { ConfigFaults } from "../../schema/settings.ts";
import { stopSignal } from "./ending.ts";
import { facesOf } from "./faces.ts";

export const help = `
Usage: npx hub gateway

Runs the gateway alone. All settings come from HUB_* variables; every fault in them is named at once. It starts without
database, issuer or subgraphs and is ready (GET /ready) once policy and record are there; on a database that lacks migrations it does not start.
Another supergraph in its file, and other keys in theirs, are taken over within a second or two; SIGHUP: at once, and says what takes a restart.
SIGTERM or Ctrl-C drains: unready, new requests still answered (HUB_DRAIN_GRACE_MS), running requests finish (HUB_DRAIN_MS at most), the record is
flushed. A second one ends at once.
`;

/** Exit codes: 0 after a clean drain, 1 for a failed start, bad settings included. */
export async function gateway(argv: readonly string[]): Promise<number> {
  if (argv.length > 0) {
    process.stderr.write("hub gateway: takes no arguments; settings are HUB_* variables (npx hub gateway --help)\n");
    return 2;
  }
  try {
    const config = readConfig();
    const fault = await behind("governance", config.databaseUrl);
    if (fault !== null) throw new ConfigFaults([fault]);
    const stopped = stopSignal(); // also while it starts
    const running = await startGateway(config, { ...facesOf(config), settings: settingsOf() });
    process.on("SIGHUP", () => void running.reload());
    process.stderr.write(`gateway listens on ${running.url}\n`);
    await stopped;
    await running.close();
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    for (const fault of error.faults) process.stderr.write(`hub gateway: ${fault}\n`);
    return 1;
  }
}
