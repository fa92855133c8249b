import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../vitest/ports.ts";

/** Programs of the machine's own PostgreSQL, with the tools that the embedded one lacks. */
export const PG_BIN = "/usr/lib/postgresql/15/bin";
export const hasPostgres = existsSync(join(PG_BIN, "pg_dump"));
const NOBODY = 65534;

export interface MachineServer {
  /** Of its administrator. */
  readonly url: string;
  /** Stops it as a power cut would, and removes its files. */
  destroy(): void;
}

/** A new server of PostgreSQL 15 in a folder of its own. */
export async function startPostgres(): Promise<MachineServer> {
  const [port = 0] = await freePorts(1);
  const folder = mkdtempSync(join(tmpdir(), "hub-pg15-"));
  chmodSync(folder, 0o755);
  const isRoot = process.getuid?.() === 0; // PostgreSQL does not run as root
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const run = (program: string, ...args: string[]) => {
    const asNobody = ["--reuid", String(NOBODY), "--regid", String(NOBODY), "--clear-groups", join(PG_BIN, program), ...args];
    const [command, all] = isRoot ? ["setpriv", asNobody] : [join(PG_BIN, program), args];
    const { status, stderr, error } = spawnSync(command, all, { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
    if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr}`);
  };
  const data = join(folder, "data");
  run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
  const settings = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories= -c fsync=off -c max_connections=200`;
  run("pg_ctl", "-D", data, "-w", "-l", join(folder, "log"), "-o", settings, "start");
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    destroy() {
      run("pg_ctl", "-D", data, "-m", "immediate", "stop");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
