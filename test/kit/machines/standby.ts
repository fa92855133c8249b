import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../vitest/ports.ts";

const VERSIONS = "/usr/lib/postgresql";
const NOBODY = 65534;

/** Folder of the machine's own PostgreSQL that can copy a running server; null: it has none, and the embedded one cannot. */
export function serverTools(): string | null {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).filter((version) => Number(version) >= 15) : [];
  const folders = versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(VERSIONS, version, "bin"));
  return folders.find((bin) => existsSync(join(bin, "pg_basebackup")) && existsSync(join(bin, "postgres"))) ?? null;
}

/** A server and a streaming replica of it, on this machine. */
export interface Standby {
  readonly primaryUrl: string;
  readonly replicaUrl: string;
  /** As a crash: nobody is told good-bye. */
  crashReplica(): Promise<void>;
  startReplica(): Promise<void>;
  stop(): Promise<void>;
}

const FAST = "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=300";

/** Starts both: seconds. `onReplica` are settings of the replica alone. */
export async function startStandby(bin: string, onReplica = ""): Promise<Standby> {
  const isRoot = process.getuid?.() === 0;
  const folder = mkdtempSync(join(tmpdir(), "hub-standby-"));
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const run = async (tool: string, ...args: readonly string[]) => {
    const asNobody = isRoot ? ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"] : [];
    const [command = "", ...rest] = [...asNobody, join(bin, tool), ...args];
    const child = spawn(command, rest, { stdio: "ignore", cwd: folder }); // a server that is started keeps what it was given
    const [status] = await once(child, "exit");
    if (status !== 0) throw new Error(`${tool} ${args[0]} ended with ${status}`);
  };
  const [primaryPort = 0, replicaPort = 0] = await freePorts(2);
  const [primary, replica] = [join(folder, "primary"), join(folder, "replica")];
  const start = (data: string, port: number, more = "") =>
    run("pg_ctl", "start", "-D", data, "-w", "-l", `${data}.log`, "-o", `${FAST} -c port=${port} ${more}`);
  const stop = (data: string) => run("pg_ctl", "stop", "-D", data, "-m", "immediate");
  await run("initdb", "-D", primary, "-U", "postgres", "-A", "trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
  await start(primary, primaryPort);
  const at = ["-h", "127.0.0.1", "-p", String(primaryPort), "-U", "postgres"];
  await run("pg_basebackup", "-D", replica, ...at, "-R", "-X", "stream", "-c", "fast", "--no-sync");
  const startReplica = () => start(replica, replicaPort, onReplica);
  await startReplica();
  const running = new Set([primary, replica]);
  return {
    primaryUrl: `postgres://postgres@127.0.0.1:${primaryPort}/postgres`,
    replicaUrl: `postgres://postgres@127.0.0.1:${replicaPort}/postgres`,
    async crashReplica() {
      await stop(replica);
      running.delete(replica);
    },
    async startReplica() {
      await startReplica();
      running.add(replica);
    },
    async stop() {
      await Promise.all([...running].map(stop));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
