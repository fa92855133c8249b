import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Crowd } from "./crowd.ts";
import type { Town } from "./town.ts";

// What goes by addresses of its own while everything breaks: files of rows, and feeds that come and go.

export interface Files {
  /** Jobs by how they ended, and downloads that broke off. */
  readonly ended: Record<string, number>;
  /** Files that came whole by HTTP and are not what their manifest says. */
  readonly wrong: string[];
  end(): Promise<void>;
}

const DATASETS = ["households", "members", "enrolments"];
const GIVEN_UP_MS = 90_000;

/** A client that has a file made, waits for it and takes it, again and again. */
export function exporting({ url }: Pick<Town, "url">, { tokenOf }: Pick<Crowd, "tokenOf">): Files {
  const [ended, wrong]: [Record<string, number>, string[]] = [{}, []];
  const counts = (how: string) => {
    ended[how] = (ended[how] ?? 0) + 1;
  };
  const state = { isOver: false };
  const call = async (path: string, init: RequestInit = {}) =>
    fetch(`${url}/v1/exports${path}`, {
      ...{ ...init, headers: { authorization: `Bearer ${await tokenOf("kemensos")}` } },
      signal: AbortSignal.timeout(GIVEN_UP_MS),
    });
  /** The file of a job that is ready, held to its manifest. */
  const taken = async (id: string, manifest: { readonly bytes: number; readonly sha256: string }): Promise<string> => {
    const answer = await call(`/${id}/file`);
    if (!answer.ok) return `kept back ${answer.status}`;
    const bytes = Buffer.from(await answer.arrayBuffer()); // rejects where it breaks off
    const isWhole = manifest.bytes === bytes.length && manifest.sha256 === createHash("sha256").update(bytes).digest("hex");
    if (!isWhole) wrong.push(`${id}: ${bytes.length} of ${manifest.bytes} bytes`);
    return "taken";
  };
  const followed = async (id: string): Promise<string> => {
    for (const until = performance.now() + GIVEN_UP_MS; performance.now() < until && !state.isOver; await sleep(200)) {
      const job = (await call(`/${id}`).then((answer) => (answer.ok ? answer.json() : {}))) as Record<string, any>;
      if (job["state"] === "ready") return taken(id, job["manifest"]);
      if (["failed", "expired"].includes(job["state"])) return job["state"];
    }
    return "given up";
  };
  const one = async (nth: number): Promise<string> => {
    const order = { dataset: DATASETS[nth % DATASETS.length], format: "jsonl" };
    const placed = await call("", { method: "POST", body: JSON.stringify(order) });
    if (placed.status !== 202) return `refused ${placed.status}`;
    const { id } = (await placed.json()) as { id: string };
    return followed(id).finally(() => call(`/${id}`, { method: "DELETE" }).catch(() => {})); // a client may have five at one time
  };
  const work = (async () => {
    for (let nth = 0; !state.isOver; nth += 1) {
      counts(await one(nth).catch(() => "broken off"));
      await sleep(500);
    }
  })();
  return {
    ended,
    wrong,
    end() {
      state.isOver = true;
      return work;
    },
  };
}

/** Clients who follow the feed of events for a moment, leave and come back. Answers how many feeds were opened. */
export function following({ url }: Pick<Town, "url">, { tokenOf }: Pick<Crowd, "tokenOf">, clients: number) {
  const state = { isOver: false, opened: 0 };
  const work = Array.from({ length: clients }, async (_, client) => {
    for (; !state.isOver; await sleep(200)) {
      const headers = { authorization: `Bearer ${await tokenOf("dinsos-banyuwangi")}` };
      const leaving = AbortSignal.timeout(1000 + 700 * client);
      const answer = await fetch(`${url}/events`, { headers, signal: leaving }).catch(() => null);
      if (answer?.ok) state.opened += 1;
      await answer?.text().catch(() => {}); // who leaves cuts it
    }
  });
  return {
    async end(): Promise<number> {
      state.isOver = true;
      await Promise.all(work);
      return state.opened;
    },
  };
}
