import { Refused } from "../faults.ts";
import type { Hub } from "../hub.ts";
import { jobAt, type RemoteJob, stream } from "./jobs.ts";
import { patiently, pause } from "./patience.ts";

export type Step = Pick<RemoteJob, "state" | "rows" | "rowsDone">;

export interface Following {
  readonly id: string;
  readonly signal: AbortSignal;
  readonly show: (step: Step) => void;
}

const ENDED: ReadonlySet<string | null> = new Set(["DONE", "FAILED", "CANCELLED"]);
const SECOND_MS = 1000;

/** The job when it has ended; null: somebody stopped waiting. Throws Refused. */
export async function followed(hub: Hub, following: Following): Promise<RemoteJob | null> {
  const { id, signal, show } = following;
  while (!signal.aborted) {
    const job = await patiently(signal, () => jobAt(hub, id)).catch((error: unknown) => {
      if (signal.aborted) return null;
      throw error;
    });
    if (signal.aborted) break;
    if (job === null) throw new Refused(`this agreement has no job ${id}`);
    show(job);
    if (ENDED.has(job.state)) return job;
    await listened(hub, following).catch(() => {}); // whatever cut the events short, the next look at the job tells it
    await pause(signal, SECOND_MS);
  }
  return null;
}

/** The hub is heard every five seconds while there is nothing to tell. */
const SILENT_MS = 30_000;

/** Shows events until they end. Rejects where they cannot be had. */
async function listened(hub: Hub, { id, signal, show }: Following): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENT_MS);
  try {
    const { pieces } = await stream(hub, { id, part: "events", signal: AbortSignal.any([signal, silence.signal]) });
    const decoder = new TextDecoder();
    let text = "";
    for await (const piece of pieces) {
      timer.refresh();
      const events = `${text}${decoder.decode(piece, { stream: true })}`.split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) showEvent(event, show);
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

function showEvent(event: string, show: (step: Step) => void): void {
  const data = /^data: (.*)$/m.exec(event)?.[1];
  if (data !== undefined) show({ state: null, rows: null, rowsDone: null, ...(JSON.parse(data) as object) });
}
