import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { PG_BIN } from "../../kit/machines/machinePostgres.ts";

/** The shell lines of a page, in its order. */
export const stepsOf = (page: string): string[] =>
  [...readFileSync(`docs/operations/${page}.md`, "utf8").matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = ""]) => text);

export interface Ran {
  readonly code: number | null;
  readonly out: string;
}

/** Runs lines as whoever follows the page would; `npx hub` is this hub. Answers all they printed. */
export function follow(lines: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  const own = `set -euo pipefail\nnpx() { shift; "${process.execPath}" cli/hub.js "$@"; }\n`;
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-c", own + lines], {
      env: { HOME: process.env["HOME"], PATH: `${PG_BIN}:${process.env["PATH"]}`, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        out += text;
      });
    child.once("error", reject).once("close", (code) => resolve({ code, out }));
  });
}

/** The whole hub as one process of its own, until `stop`. Rejects with what it said when it does not come up. */
export function startHub(env: Readonly<Record<string, string>>): Promise<{ stop(): Promise<number | null> }> {
  const child = spawn(process.execPath, ["cli/hub.js", "start", "--json"], {
    env: { HOME: process.env["HOME"], PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  let said = "";
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (said.includes('"gateway"'))
          resolve({
            stop() {
              child.kill("SIGTERM");
              return ended;
            },
          });
      });
    ended.then((code) => reject(new Error(`the hub ended with ${code}: ${said}`)), reject);
  });
}
