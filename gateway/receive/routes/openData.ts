import type { FastifyInstance } from "fastify";
import type { HttpAnswer, Incoming } from "../../types/chain.ts";
import { handlerOf, type JobOptions } from "./jobs.ts";

/** What open data there are; none of it rejects. */
export interface OpenDataDoor {
  catalogue(request: Incoming): Promise<HttpAnswer>;
  /** Columns of a cube's table. */
  table(request: Incoming, code: string): Promise<HttpAnswer>;
}

/** `/data.json`: the catalogue of open data; `/data/tables/<cube>.json`: what the columns of one are. For everybody, without credentials. */
export function addOpenData(
  app: FastifyInstance,
  { openData, incoming }: Pick<JobOptions, "incoming"> & { readonly openData: OpenDataDoor },
): void {
  const handled = handlerOf({ incoming });
  app.get(
    "/data.json",
    handled((asked) => openData.catalogue(asked)),
  );
  app.get(
    "/data/tables/:code.json",
    handled((asked, { params }) => openData.table(asked, String((params as { code?: unknown }).code))),
  );
}
