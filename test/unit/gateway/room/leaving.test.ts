import { expect, test, vi } from "vitest";
import { atLeave } from "../../../../gateway/execute/transport/leaving.ts";

test("a client that leaves ends all its calls under way, each once, and none that was over", () => {
  const client = new AbortController();
  const [first, second, over] = [vi.fn(), vi.fn(), vi.fn()];
  atLeave(client.signal, first);
  atLeave(client.signal, second);
  atLeave(client.signal, over)();
  client.abort();
  client.abort();
  expect([first, second, over].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 0]);
});

test("a call that begins when the client has left ends at once", () => {
  const late = vi.fn();
  atLeave(AbortSignal.abort(), late);
  expect(late).toHaveBeenCalledOnce();
});

test("a client is listened to once, however many calls its question has under way", () => {
  const { signal } = new AbortController();
  const listen = vi.spyOn(signal, "addEventListener");
  for (let call = 0; call < 50; call += 1) atLeave(signal, () => {});
  expect(listen).toHaveBeenCalledOnce();
});
