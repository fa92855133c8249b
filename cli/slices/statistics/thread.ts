import { parentPort, workerData } from "node:worker_threads";
import type { DatabaseUrls } from "../../../drizzle/cluster.ts";
import { startPublisher } from "../../../subgraphs/statistics/publication/publisher.ts";
import { publicationUrl, regionCodes, slicesOf } from "./desks.ts";

/** What a publisher's thread says: a note, or that its first round is over. */
export type Saying = { readonly note: string } | { readonly isReady: true };

const say = (saying: Saying): void => parentPort?.postMessage(saying);
const urls = workerData as DatabaseUrls;
const publisher = startPublisher({
  url: publicationUrl(urls),
  ...slicesOf(process.env, urls),
  regions: await regionCodes(),
  note: (text) => say({ note: text }),
});
parentPort?.once("message", () => void publisher.stop().then(() => parentPort?.close()));
await publisher.isReady;
say({ isReady: true });
