import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** What a process holds at an instant. */
export interface Held {
  readonly residentMb: number;
  /** After a collection that was asked for. */
  readonly heapMb: number;
  readonly descriptors: number;
  /** Timers, sockets and whatever else keeps it from ending. */
  readonly handles: number;
}

export interface PartOptions {
  readonly name: string;
  /** What follows `npx hub`; or a file of its own. */
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where it says that it lives; absent: it is asked nothing but what it holds. */
  readonly health?: string;
}

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const PATIENCE_MS = 120_000;

/** In each process of ours before its first line: it tells what it holds, and its clock can be set wrong. Nothing else of it is changed. */
const PROBE = `
const Real = Date, now = Real.now;
let shift = 0;
Real.now = () => now() + shift;
globalThis.Date = new Proxy(Real, {
  construct: (at, given, as) => Reflect.construct(at, given.length > 0 ? given : [Real.now()], as),
});
process.on("message", (asked) => {
  if (asked.shiftMs !== undefined) shift = asked.shiftMs;
  globalThis.gc();
  process.send({ id: asked.id, heap: process.memoryUsage().heapUsed, handles: process.getActiveResourcesInfo().length });
});
process.channel.unref();
`;

/** One process of a hub, which can be killed, stopped, started again and asked what it holds. */
export class Part {
  readonly name: string;
  /** All it ever wrote, of each of its lives. */
  said = "";
  private readonly options: PartOptions;
  private child: ChildProcess | undefined;
  private asked = 0;

  constructor(options: PartOptions) {
    this.name = options.name;
    this.options = options;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Resolves when it says that it lives. */
  async start(): Promise<void> {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(HUB_|VITEST|NODE_OPTIONS)/.test(name));
    const child = spawn(
      process.execPath,
      ["--expose-gc", "--import", `data:text/javascript,${encodeURIComponent(PROBE)}`, ...this.options.argv],
      {
        cwd: ROOT,
        env: { ...Object.fromEntries(inherited), HUB_ENV: "dev", ...this.options.env },
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      },
    );
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (text) => {
        this.said += text;
      });
    child.channel?.unref();
    const { health } = this.options;
    if (health !== undefined) await until(`${this.name} lives`, async () => this.lives() && (await fetch(health)).ok);
  }

  /** Has it not ended by itself? Throws then: no fault of the schedule makes it. */
  private lives(): boolean {
    if (this.child?.exitCode === null) return true;
    throw new Ended(`${this.name} ended with ${this.child?.exitCode}: ${this.said.slice(-2000)}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Resolves with its exit code once it is gone; null: by a signal. */
  async end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const gone = once(child, "exit");
    child.kill(signal);
    return (await gone)[0] as number | null;
  }

  async setClock(shiftMs: number): Promise<void> {
    await this.told({ shiftMs });
  }

  async held(): Promise<Held> {
    const { heap, handles } = await this.told({});
    return { ...outsideOf(this.pid), heapMb: heap / 2 ** 20, handles };
  }

  private async told(what: object): Promise<{ heap: number; handles: number }> {
    const { child } = this;
    const id = ++this.asked;
    if (!child) throw new Error(`${this.name} was not started`);
    child.send({ ...what, id });
    for (const signal = AbortSignal.timeout(PATIENCE_MS); ; ) {
      const [told] = await once(child, "message", { signal });
      if (told.id === id) return told;
    }
  }
}

class Ended extends Error {}

/** What is known of a process without asking it. Linux only. */
export function outsideOf(pid: number): Pick<Held, "residentMb" | "descriptors"> {
  const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return { residentMb: Number(resident) / 1024, descriptors: readdirSync(`/proc/${pid}/fd`).length };
}

/** Waits until it holds; whatever is thrown meanwhile counts as not yet. */
export async function until(what: string, holds: () => unknown, patienceMs = PATIENCE_MS): Promise<void> {
  let last: unknown;
  for (const end = performance.now() + patienceMs; performance.now() < end; await sleep(25)) {
    try {
      if (await holds()) return;
    } catch (error) {
      if (error instanceof Ended) throw error;
      last = error;
    }
  }
  throw new Error(`waited in vain: ${what}`, { cause: last });
}
