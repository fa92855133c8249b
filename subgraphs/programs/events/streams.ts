import { Refusal } from "../../../schema/errors.ts";
import type { Stream } from "../../kit/serve/streams.ts";
import type { Inbox } from "../held.ts";
import { WINDOW } from "./feed.ts";

/** Codes asked for, as the gateway wrote them; null: all. */
interface Head {
  readonly programs: readonly string[] | null;
  readonly kinds: readonly string[] | null;
}

/**
 * The last place given: at once, and whenever something happens in the rows of whoever follows. It tells that, not what, where or to whom. Of what happens
 * to others alone it tells nothing, until so many places have gone by that whoever comes back would be long in reading through them.
 */
const aidEventNews: Stream<Inbox> = async function* ({ held: { news }, caller, envelope, head, signal, parting }) {
  if (!envelope.mayRead("Query.aidEvents")) throw new Refusal({ code: "FIELD_NOT_GRANTED", coordinate: "Query.aidEvents" });
  const { rows, agency, officer, citizen, agreement, purpose } = caller;
  const scope = { ...rows, agency, officer, citizen, agreement, purpose };
  const { programs, kinds } = head as unknown as Head;
  let after = await news.look();
  yield { position: String(after) };
  for (let told = after; !signal.aborted && !parting.aborted; ) {
    const until = await news.look();
    const isFar = until - told >= WINDOW;
    if (isFar || (until > after && (await news.concern(scope, { after, until, programs, kinds })))) {
      yield { position: String(until) };
      told = until;
    }
    after = until;
  }
};

export const streams = { aidEventNews };
