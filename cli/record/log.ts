import { ConfigFaults } from "../../schema/settings.ts";
import { openServerDatabase } from "../data/databases.ts";
import { stopSignal } from "../run/ending.ts";
import { startLog } from "./process.ts";
import { readLogConfig } from "./settings.ts";

export const help = `
Usage: npx hub log

Runs the log of the access record until Ctrl-C or SIGTERM: once a second it takes what was written into the tree, signs a checkpoint, watches for
misuse and counts what is reported; every ten seconds it has the newest checkpoint cosigned by the witnesses (HUB_WITNESSES).
Several may run; one works, and another takes over within a second.

  GET /checkpoint                  the newest checkpoint, with its cosignatures (C2SP tlog-checkpoint)
  GET /tile/<level>/<n>[.p/<w>]    hashes of the tree (C2SP tlog-tiles); the entries themselves are not public
  GET /health, /metrics            for operators

Settings: HUB_DATABASE_URL_LOG (role hub_log; or the databases as for every command), HUB_LOG_KEY, HUB_LOG_ORIGIN, HUB_LOG_PORT (4006),
HUB_WITNESSES, HUB_RECORD_KEYS, HUB_ALERT_WEBHOOK with HUB_ALERT_SECRET.
Exit codes: 0 stopped, 1 cannot run, 2 wrong usage.
`;

/** `argv`: what follows `log`. */
export async function log(argv: readonly string[]): Promise<number> {
  if (argv.length > 0) {
    note("takes no arguments; settings are HUB_* variables (npx hub log --help)");
    return 2;
  }
  try {
    const config = readLogConfig(process.env);
    const stop = stopSignal();
    const database = await openServerDatabase("log", process.env, note);
    try {
      const running = await startLog({ ...config, databaseUrl: database.url, note });
      note(`the log ${config.by.key.name} is at ${running.url}/checkpoint`);
      await stop;
      await running.close();
      return 0;
    } finally {
      await database.close();
    }
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    for (const fault of error.faults) note(fault);
    return 1;
  }
}

function note(text: string): void {
  process.stderr.write(`hub log: ${text}\n`);
}
