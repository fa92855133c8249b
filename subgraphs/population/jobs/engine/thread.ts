import { parentPort, workerData } from "node:worker_threads";
import { type Opened, openRegister } from "../../matching/linkage/linkage.ts";
import { learn } from "./learn.ts";
import { Matcher } from "./match.ts";
import { loadRegister, type Snapshot } from "./register.ts";
import { sampleOf } from "./sample.ts";
import type { Answer, Request } from "./threads.ts";

/** One thread of the engine: answers one request after the other. */

const { place } = workerData as { readonly place: number };
/** The register in use, and the job matched last: a job's chunks come one after the other, mostly. */
let open: { readonly snapshot: Snapshot; readonly opened: Opened } | null = null;
let last: { readonly job: string; readonly matcher: Matcher } | null = null;

async function answer(request: Request): Promise<Answer["value"]> {
  switch (request.kind) {
    case "load":
      return loadRegister(request.url);
    case "sample":
      return sampleOf(request.part, request.mapping, request.share);
    case "learn":
      return learn(request.snapshot, request.lesson);
    case "open":
      open = { snapshot: request.snapshot, opened: openRegister(request.snapshot.register, place) };
      last = null;
      return null;
    case "match": {
      if (!open) throw new Error("the thread has no register");
      const matcher = last?.job === request.job ? last.matcher : new Matcher(open.snapshot, open.opened, request.judging);
      last = { job: request.job, matcher };
      return matcher.match(request.part);
    }
  }
}

let before: Promise<void> = Promise.resolve();
parentPort?.on("message", (request: Request) => {
  before = before
    .then(() => answer(request))
    .then(
      (value) => parentPort?.postMessage({ value }),
      (error: unknown) => parentPort?.postMessage({ error }),
    );
});
