import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";

/** Holds the state of a witness against every other process. */
export interface StateLock {
  /** Throws when the state is not this process's own any more: nothing may be signed then. */
  assertHeld(): void;
  release(): void;
}

/** Of this process: a lock that names its id and is not among them was left by one before it that had the same id. */
const held = new Set<string>();

/**
 * Takes `<state>.lock`, or throws: two witnesses on one state would each sign a history of its own. One left behind by a process of this machine that
 * has died is taken over; of another machine nobody can tell, and a person has to remove it.
 */
export function lockState(state: string): StateLock {
  const path = `${state}.lock`;
  const token = randomUUID();
  if (existsSync(path) && isLeftBehind(path)) rmSync(path, { force: true });
  try {
    writeFileSync(path, `${JSON.stringify({ host: hostname(), pid: process.pid, token })}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new Error(`${path} is there: another witness works on this state. Remove it only when none does`);
  }
  held.add(token);
  const isHeld = () => existsSync(path) && readLock(path)?.token === token;
  return {
    assertHeld() {
      if (!isHeld()) throw new Error(`${path} is not of this witness any more: another has taken its state`);
    },
    release() {
      if (isHeld()) rmSync(path, { force: true });
      held.delete(token);
    },
  };
}

interface Lock {
  readonly host: string;
  readonly pid: number;
  readonly token: string;
}

function isLeftBehind(path: string): boolean {
  const lock = readLock(path);
  if (lock?.host !== hostname()) return false;
  return lock.pid === process.pid ? !held.has(lock.token) : !isRunning(lock.pid);
}

/** Null: half written, by a process that runs or a machine that lost its power. */
function readLock(path: string): Lock | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Lock;
  } catch {
    return null;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
