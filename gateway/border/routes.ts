import { ask as askHub } from "../answer.ts";
import type { GatewayConfig } from "../runtime/config.ts";
import type { Current } from "../runtime/reload/current.ts";
import type { AskHub, BorderRoute } from "../types/border.ts";

export interface BorderOptions {
  readonly current: Current;
  readonly config: GatewayConfig;
}

/** What each standard is spoken with. */
export interface BorderTools extends BorderOptions {
  readonly ask: AskHub;
}

/** One standard: its addresses. */
type Standard = (tools: BorderTools) => readonly BorderRoute[];
const STANDARDS: readonly Standard[] = [];

/** All addresses of other standards. What they answer are questions of who asks: nothing is known here that GraphQL would not tell. */
export function borderRoutes({ current, config }: BorderOptions): readonly BorderRoute[] {
  const ask: AskHub = current.by((hub) => (asked, errand) => askHub(asked, errand, hub));
  return STANDARDS.flatMap((standard) => standard({ current, config, ask }));
}
