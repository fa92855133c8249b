import type { Metadata } from "../../../schema/metadata/words.ts";
import { tagged, tagOf } from "../../receive/routes/told.ts";
import type { HttpAnswer, Incoming } from "../../types/chain.ts";

export interface Kept {
  readonly body: string;
  readonly etag: string;
}

export const keptAs = (body: string): Kept => ({ body, etag: tagOf(body) });

/** Pages by address, made once for each schema: what has no page is never kept, so there are as many as the schema has. */
const pages = new WeakMap<Metadata, Map<string, Kept>>();

/** A page of metadata, made when it is first asked for; null: there is none. */
export function pageOf(metadata: Metadata, address: string, make: () => unknown): Kept | null {
  const known = pages.get(metadata) ?? new Map<string, Kept>();
  pages.set(metadata, known);
  const found = known.get(address);
  if (found) return found;
  const told = make();
  if (told === undefined) return null;
  const page = keptAs(JSON.stringify(told));
  known.set(address, page);
  return page;
}

/** What everybody may keep. */
export function keepable(asked: Incoming, { body, etag }: Kept, mediaType: string): HttpAnswer {
  const headers = {
    ...{ "content-type": `${mediaType}; charset=utf-8`, "x-request-id": asked.requestId },
    ...{ "cache-control": "public, max-age=300", "access-control-allow-origin": "*" },
  };
  return tagged({ status: 200, headers, body }, asked, etag);
}
