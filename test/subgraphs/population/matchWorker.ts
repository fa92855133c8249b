import { startWorker } from "../../../subgraphs/population/jobs/worker.ts";

// A matching worker as a process of its own, to be killed by matchJobs.test.ts.
const [, , url] = process.argv;
await startWorker({ url: url ?? "", threads: 1, note: (text) => void process.stderr.write(`${text}\n`) });
