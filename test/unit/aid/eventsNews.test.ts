import { expect, test } from "vitest";
import type { News } from "../../../subgraphs/programs/events/data.ts";
import { WINDOW } from "../../../subgraphs/programs/events/feed.ts";
import { streams } from "../../../subgraphs/programs/events/streams.ts";

type Asked = Parameters<typeof streams.aidEventNews>[0];
const caller = { rows: {}, agency: "x", officer: null, citizen: null, agreement: "x", purpose: "x" };

/** What is told while the last place is these, one look after another, and news are one's own as `isMine` says. */
async function told(places: readonly bigint[], isMine: (after: bigint, until: bigint) => boolean) {
  const leaving = new AbortController();
  const left = [...places];
  const news: Pick<News, "look" | "concern"> = {
    look: async () => {
      const place = left.shift() ?? 0n;
      if (left.length === 0) leaving.abort();
      return place;
    },
    concern: async (_, { after, until }) => isMine(after, until),
  };
  const asked = {
    held: { news },
    caller,
    envelope: { mayRead: () => true },
    head: {},
    signal: leaving.signal,
    parting: new AbortController().signal,
  };
  const heard: string[] = [];
  for await (const line of streams.aidEventNews(asked as unknown as Asked)) heard.push((line as { position: string }).position);
  return heard;
}

test("whoever follows hears where the places end, and then of their own news alone", async () => {
  const isMine = (after: bigint, until: bigint) => after < 12n && until >= 12n;
  expect(await told([5n, 5n, 9n, 13n, 13n, 20n], isMine)).toEqual(["5", "13"]);
});

test("what happens to others is told once their places are more than one answer reads through", async () => {
  const heard = await told([0n, WINDOW - 1n, WINDOW, WINDOW + 1n, 2n * WINDOW], () => false);
  expect(heard).toEqual(["0", String(WINDOW), String(2n * WINDOW)]);
});
