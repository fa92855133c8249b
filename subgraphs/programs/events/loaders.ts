import type { Asking } from "../../kit/serve/context.ts";
import type { Inbox } from "../held.ts";
import { type AidEventRow, eventHead, eventsIn, numberEvents } from "./data.ts";
import { type FeedAsked, stretchOf } from "./feed.ts";

/** Some events, and where to ask on. */
export interface Feed {
  readonly nodes: readonly AidEventRow[];
  readonly until: string;
  readonly hasMore: boolean;
}

export const events = ({ db, write }: Asking, _inbox: Inbox) => ({
  async feed(asked: FeedAsked): Promise<Feed> {
    await write(numberEvents);
    const head = await eventHead(db); // before the events: what comes in between is told the next time
    const stretch = stretchOf(asked, head);
    const nodes = await eventsIn(db, { ...stretch, programs: asked.programs ?? null, kinds: asked.kinds ?? null });
    const until = nodes.length === stretch.limit ? (nodes.at(-1)?.position ?? stretch.until) : stretch.until;
    return { nodes, until: String(until), hasMore: until < head.position };
  },
});
