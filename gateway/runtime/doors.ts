import { answer, ask, choices, describe, outline } from "../answer.ts";
import { seatsOf } from "../border/events/seats.ts";
import { webhookKeyOf } from "../border/events/sign.ts";
import { createFeedDoor } from "../border/events/sse.ts";
import { createExportDoor } from "../border/export/door.ts";
import type { Exports } from "../border/export/jobs/exports.ts";
import type { FeedKeys } from "../border/export/keys.ts";
import { createOpenDataDoor } from "../border/export/openData.ts";
import { borderRoutes } from "../border/routes.ts";
import { deliver, download, follow, upload } from "../border/transfer.ts";
import type { EvidenceDoor } from "../receive/routes/evidence.ts";
import type { ExportJobDoor } from "../receive/routes/exportJobs.ts";
import type { JobDoor } from "../receive/routes/jobs.ts";
import type { ServerOptions } from "../receive/server.ts";
import type { GatewayConfig } from "./config.ts";
import type { Current } from "./reload/current.ts";

interface DoorOptions {
  readonly config: GatewayConfig;
  readonly keys: FeedKeys;
  readonly rowExports: Exports | undefined;
  readonly atEnd: (end: () => Promise<void>) => void;
  readonly atStop: (stop: () => Promise<void>) => void;
  readonly log: { warn(fields: object, text: string): void };
}

type Doors = Pick<
  ServerOptions,
  | "answer"
  | "describe"
  | "outline"
  | "ask"
  | "choices"
  | "jobs"
  | "evidence"
  | "events"
  | "exports"
  | "openData"
  | "exportJobs"
  | "border"
>;

/** All that is asked of the hub over HTTP. What is counted over requests is counted here, once; each request has the hub of its beginning. */
export function doorsOf(current: Current, { config, keys, rowExports, ...works }: DoorOptions): Doors {
  const feed = createFeedDoor();
  const files = createExportDoor(keys);
  const openData = createOpenDataDoor(config.publicUrl);
  return {
    answer: current.by((hub) => (request) => answer(request, hub)),
    describe: current.by((hub) => (request) => describe(request, hub)),
    outline: current.by((hub) => (request) => outline(request, hub)),
    ask: current.by((hub) => (request, errand) => ask(request, errand, hub)),
    choices: current.by((hub) => (request) => choices(request, hub)),
    jobs: jobDoorOf(current),
    evidence: evidenceDoorOf(current),
    events: { follow: current.by(feed), keys: [webhookKeyOf(config.eventsKey)] },
    exports: { cube: current.by((hub) => files(hub).cube), open: current.by((hub) => files(hub).open) },
    openData: { catalogue: current.by((hub) => openData(hub).catalogue), table: current.by((hub) => openData(hub).table) },
    border: borderRoutes({ current, config, ...works }),
    ...(rowExports && { exportJobs: exportJobDoorOf(current, rowExports) }),
  };
}

/** Streams of one asker at one time, of matching jobs and of evidence: a page shows many photos at once. */
const [MOST_OF_JOBS, MOST_OF_EVIDENCE] = [4, 20];

const jobDoorOf = (current: Current, seated = seatsOf(MOST_OF_JOBS)): JobDoor => ({
  ask: current.by((hub) => (request, errand) => ask(request, errand, hub)),
  upload: current.by((hub) => (request, sending) => upload(request, sending, hub)),
  download: current.by((hub) => (request, fetching) => download(request, fetching, { ...hub, seated })),
  follow: current.by((hub) => (request, following) => follow(request, following, { ...hub, seated })),
});

const evidenceDoorOf = (current: Current, seated = seatsOf(MOST_OF_EVIDENCE)): EvidenceDoor => ({
  upload: current.by((hub) => (request, sending) => upload(request, sending, hub)),
  deliver: current.by((hub) => (request, delivering) => deliver(request, delivering, { ...hub, seated })),
});

const exportJobDoorOf = (current: Current, { door }: Exports): ExportJobDoor => ({
  place: current.by((hub) => door(hub).place),
  list: current.by((hub) => door(hub).list),
  read: current.by((hub) => door(hub).read),
  cancel: current.by((hub) => door(hub).cancel),
  fetch: current.by((hub) => door(hub).fetch),
});
