import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { Admission } from "../../../../gateway/receive/room/admission.ts";
import { createRoom } from "../../../../gateway/receive/room/room.ts";
import type { Incoming } from "../../../../gateway/types/chain.ts";

type Room = ReturnType<typeof createRoom>;
type Call = Parameters<Room["unread"]>;

const PLACES = 4;
const ANSWER = { status: 200, headers: {}, body: "" };

function room() {
  const admission = new Admission({ most: PLACES, now: () => 0, busy: () => 0, after: () => () => {} });
  const asking = () => ({ requestId: "r", headers: {}, signal: new AbortController().signal }) as unknown as Incoming;
  const statuses: number[] = [];
  const reply = {
    code(status: number) {
      statuses.push(status);
      return reply;
    },
    headers: () => reply,
    send: () => reply,
  };
  const { unread, counted } = createRoom({ most: PLACES, admission, asking, full: () => {} });
  const call = [{}, reply] as unknown as Call;
  return {
    statuses,
    comes: () => void unread(...call),
    asks: (work: Promise<unknown>) =>
      counted(async () => {
        await work;
        return ANSWER;
      })(...call),
  };
}

test("of many that are taken up at one time the last are refused before anything of the first is read", async () => {
  const { comes, statuses } = room();
  for (let nth = 0; nth < 2 * PLACES; nth += 1) comes();
  expect(statuses).toEqual([]);
  for (let nth = 0; nth < 3; nth += 1) comes();
  expect(statuses).toEqual([503, 503, 503]);
});

test("whose body does not come in the same turn takes nobody's place", async () => {
  const { comes, statuses } = room();
  for (let nth = 0; nth < 2 * PLACES; nth += 1) comes();
  await turn();
  for (let nth = 0; nth < 2 * PLACES; nth += 1) comes();
  expect(statuses).toEqual([]);
});

test("who has entered counts once: as one who asks, and no more as one who comes", async () => {
  const { comes, asks, statuses } = room();
  let end = () => {};
  const work = new Promise<void>((resolve) => {
    end = resolve;
  });
  const inside: Promise<unknown>[] = [];
  for (let nth = 0; nth < 2 * PLACES; nth += 1) {
    comes();
    inside.push(asks(work));
  }
  expect(statuses).toEqual([]);
  comes();
  expect(statuses).toEqual([503]);
  end();
  await Promise.all(inside);
  expect(statuses.filter((status) => status === 200)).toHaveLength(2 * PLACES);
});
