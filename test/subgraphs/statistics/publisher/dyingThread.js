import { parentPort, workerData } from "node:worker_threads";

// In place of the publisher's thread: ready, and a moment later at its end, as one that runs out of memory is.
parentPort.postMessage({ isReady: true });
setImmediate(() => {
  if (workerData.dies === "by an error") throw new Error("out of memory");
  if (workerData.dies === "without a word") process.exit(7);
});
parentPort.once("message", () => process.exit(0));
