import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { subgraphs } from "../../subgraphs/main.ts";
import { freePorts } from "../kit/vitest/ports.ts";

export interface Hub {
  readonly url: string;
  stop(): Promise<unknown>;
}

/** The whole hub as `npm start` runs it, in a folder of its own. */
export async function startHub(folder: string): Promise<Hub> {
  const names = ["HUB_PORT", "HUB_ISSUER_PORT", "HUB_LOG_PORT", ...subgraphs.map(({ name }) => `HUB_PORT_${name.toUpperCase()}`)];
  const free = await freePorts(names.length);
  const ports = Object.fromEntries(names.map((name, at) => [name, String(free[at])]));
  const { HUB_DATABASE_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, ["cli/hub.js", "start", "--json", "--households", "500"], {
    env: {
      ...env,
      HUB_ENV: "dev",
      HUB_DATA_DIR: folder,
      HUB_PG_DIR: join(folder, "pg"),
      HUB_PG_PORT: "0",
      ...ports,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit").then(() => Promise.reject(new Error("the hub ended before it was up")));
  ended.catch(() => {});
  await Promise.race([once(child.stdout, "data"), ended]);
  return {
    url: `http://127.0.0.1:${ports["HUB_PORT"]}`,
    async stop() {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
}
