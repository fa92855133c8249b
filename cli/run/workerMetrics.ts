import { followTasks } from "../../drizzle/queue.ts";
import { listenForScrapes } from "../../schema/observe/listener.ts";
import { Meter, remembered } from "../../schema/observe/meter.ts";
import type { Env } from "../../schema/settings.ts";

/** Queues that processes of their own work at. */
type Queue = "matching" | "registry" | "programs";

const QUEUES_FOR_MS = 10_000;

/**
 * What a worker shows operators on HUB_METRICS_PORT: `/metrics` with its process and the tasks of its queue, `/health` for probes. Undefined where the setting
 * is not given. Throws when it is no port, or the port is taken.
 */
export async function showWorker(
  queue: Queue,
  url: string,
  env: Env,
): Promise<{ readonly url: string; close(): Promise<void> } | undefined> {
  const { HUB_METRICS_PORT: given, HUB_HOST: host = "127.0.0.1" } = env;
  if (!given) return undefined;
  if (!/^\d{1,5}$/.test(given)) throw new Error("HUB_METRICS_PORT must be a port");
  const tasks = followTasks(url);
  const told = remembered(QUEUES_FOR_MS, tasks.count);
  const meter = new Meter();
  const labels = ["queue", "state"] as const;
  meter.gauge({ name: "hub_queue_jobs", help: "Work that waits or failed, by queue and state.", labels }, async () =>
    Object.entries((await told()).counts).map(([state, value]) => ({ labels: { queue, state }, value })),
  );
  meter.gauge({ name: "hub_queue_oldest_seconds", help: "Age of the oldest of them.", labels }, async () => [
    { labels: { queue, state: "waiting" }, value: (await told()).oldestSeconds },
  ]);
  const place = { host, port: Number(given), movedBy: "HUB_METRICS_PORT" };
  const listening = await listenForScrapes({ metrics: () => meter.text() }, place).catch(async (error: unknown) => {
    await tasks.end();
    throw error;
  });
  return { url: listening.url, close: async () => void (await Promise.all([listening.close(), tasks.end()])) };
}
