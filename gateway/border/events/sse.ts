import { Refusal } from "../../../schema/errors.ts";
import type { Hub } from "../../answer.ts";
import { refuse } from "../../receive/respond.ts";
import type { HttpAnswer, Incoming, StreamedAnswer } from "../../types/chain.ts";
import { type Batch, type Feed, type FeedAsked, type FeedEvent, openFeed } from "./batches.ts";
import { seatsOf } from "./seats.ts";

/** Streams of one asker at one time. */
const MOST_OF_AN_ASKER = 4;
/** When a client that was cut is to come back. */
const RETRY_MS = 3_000;

/**
 * Tells events as they come (Server-Sent Events). What is refused before the first batch has a status; later the stream ends with an event `closed` and
 * the code, and whoever comes back with the last place misses nothing. Never rejects.
 */
export function createFeedDoor() {
  const seated = seatsOf(MOST_OF_AN_ASKER);
  return (hub: Hub) =>
    async (request: Incoming, asked: FeedAsked): Promise<HttpAnswer | StreamedAnswer> => {
      let feed: Feed | undefined;
      try {
        feed = await openFeed(request, asked, { ...hub, seated });
        const first = await feed.batches.next();
        return {
          status: 200,
          headers: { ...HEADERS, "x-request-id": request.requestId, "hub-receipt": feed.receiptId },
          pieces: piecesOf(first.value ?? null, feed),
        };
      } catch (error) {
        feed?.close();
        const answer = refuse(error, request);
        return error instanceof Refusal ? { ...answer, status: error.status } : answer; // no GraphQL over HTTP, whose plain JSON says 200
      }
    };
}

/** Proxies are not to hold events back until they have a buffer full. */
const HEADERS = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store", "x-accel-buffering": "no" };

async function* piecesOf(first: Batch | null, { batches, close }: Feed): AsyncGenerator<string> {
  try {
    yield `retry: ${RETRY_MS}\n\n${textOf(first)}`;
    for await (const batch of batches) yield textOf(batch);
  } catch (error) {
    const code = error instanceof Refusal ? error.failures[0]?.code : undefined;
    yield `event: closed\ndata: ${JSON.stringify({ code: code ?? "INTERNAL_SERVER_ERROR" })}\n\n`;
  } finally {
    close();
  }
}

/** A beat is a comment; an id alone moves the place of who saw none of the events up to it. */
const textOf = (batch: Batch | null): string =>
  batch === null ? ": \n\n" : `${batch.events.map(textOfEvent).join("")}id: ${batch.until}\n\n`;

const textOfEvent = (event: FeedEvent): string =>
  `id: ${event.id}\nevent: ${event.kind ?? "message"}\ndata: ${JSON.stringify(event)}\n\n`;
