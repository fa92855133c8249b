import type { FastifyInstance, FastifyRequest } from "fastify";
import type { HttpAnswer, Incoming, StreamedAnswer } from "../types/chain.ts";
import { handlerOf, type JobOptions } from "./jobs.ts";

/** What the gateway does with exports of rows; none of it rejects. */
export interface ExportJobDoor {
  place(request: Incoming): Promise<HttpAnswer>;
  list(request: Incoming): Promise<HttpAnswer>;
  read(request: Incoming, id: string): Promise<HttpAnswer>;
  cancel(request: Incoming, id: string): Promise<HttpAnswer>;
  fetch(request: Incoming, id: string): Promise<HttpAnswer | StreamedAnswer>;
}

export interface ExportJobOptions extends Pick<JobOptions, "incoming"> {
  readonly exportJobs: ExportJobDoor;
}

/** `/v1/exports`: files of rows, made while nobody waits (docs/statistics/jobs.md). */
export function addExportJobs(app: FastifyInstance, { exportJobs, incoming }: ExportJobOptions): void {
  const [answered, streamed] = [handlerOf({ incoming }), handlerOf({ incoming })];
  const idOf = ({ params }: FastifyRequest): string => String((params as { id?: unknown }).id);
  const silent = { exposeHeadRoute: false }; // a HEAD would be on record as a file given out
  app.post("/v1/exports", answered(exportJobs.place));
  app.get("/v1/exports", silent, answered(exportJobs.list));
  app.get(
    "/v1/exports/:id",
    silent,
    answered((asked, request) => exportJobs.read(asked, idOf(request))),
  );
  app.delete(
    "/v1/exports/:id",
    answered((asked, request) => exportJobs.cancel(asked, idOf(request))),
  );
  app.get(
    "/v1/exports/:id/file",
    silent,
    streamed((asked, request) => exportJobs.fetch(asked, idOf(request))),
  );
}
