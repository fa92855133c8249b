import { ask as askHub } from "../answer.ts";
import type { GatewayConfig } from "../runtime/config.ts";
import type { Current } from "../runtime/reload/current.ts";
import type { AskHub, BorderRoute } from "../types/border.ts";
import { dciRoutes } from "./dci/routes.ts";
import { dukcapil } from "./dukcapil/dukcapil.ts";
import { metadataRoutes } from "./metadata/metadata.ts";
import { openapi } from "./openapi/openapi.ts";
import { regions } from "./regions/crosswalk.ts";
import { rest } from "./rest/rest.ts";

export interface BorderOptions {
  readonly current: Current;
  readonly config: GatewayConfig;
  /** Called when the gateway closes, after the last request. */
  readonly atEnd: (end: () => Promise<void>) => void;
  /** Called when it begins to close: what goes on beside requests ends before the record does. */
  readonly atStop: (stop: () => Promise<void>) => void;
  readonly log: { warn(fields: object, text: string): void };
}

/** What each standard is spoken with. */
export interface BorderTools extends BorderOptions {
  readonly ask: AskHub;
}

/** One standard: its addresses. */
type Standard = (tools: BorderTools) => readonly BorderRoute[];
const STANDARDS: readonly Standard[] = [rest, metadataRoutes, dukcapil, regions, dciRoutes];

/** All addresses of other standards. What they answer are questions of who asks: nothing is known here that GraphQL would not tell. */
export function borderRoutes(options: BorderOptions): readonly BorderRoute[] {
  const ask: AskHub = options.current.by((hub) => (asked, errand) => askHub(asked, errand, hub));
  const tools = { ...options, ask };
  const routes = STANDARDS.flatMap((standard) => standard(tools));
  return [...routes, ...openapi(tools, routes)];
}
