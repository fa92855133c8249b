import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from "fastify";
import type { HttpAnswer, Incoming, StreamedAnswer } from "../../types/chain.ts";
import { handlerOf, type JobOptions, NO_HEAD } from "./jobs.ts";

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
  /** Refuses before the body is read where there is no room. */
  readonly unread: onRequestAsyncHookHandler;
}

/** `/v1/exports`: files of rows, made while nobody waits (docs/statistics/jobs.md). */
export function addExportJobs(app: FastifyInstance, { exportJobs, incoming, unread }: ExportJobOptions): void {
  const [answered, streamed] = [handlerOf({ incoming }), handlerOf({ incoming })];
  const idOf = ({ params }: FastifyRequest): string => String((params as { id?: unknown }).id);
  app.post("/v1/exports", { onRequest: unread }, answered(exportJobs.place));
  app.get("/v1/exports", NO_HEAD, answered(exportJobs.list));
  app.get(
    "/v1/exports/:id",
    NO_HEAD,
    answered((asked, request) => exportJobs.read(asked, idOf(request))),
  );
  app.delete(
    "/v1/exports/:id",
    answered((asked, request) => exportJobs.cancel(asked, idOf(request))),
  );
  app.get(
    "/v1/exports/:id/file",
    NO_HEAD,
    streamed((asked, request) => exportJobs.fetch(asked, idOf(request))),
  );
}
