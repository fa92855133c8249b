import { expect, test } from "vitest";
import { seatsOf } from "../../../../gateway/border/events/seats.ts";
import { codeOf } from "../../door/kit.ts";

const of = (client: string, officer: string | null = null) => ({ client, officer, citizen: null });

test("each asker has so many seats, and gets one back when a stream ends, once", () => {
  const seated = seatsOf(2);
  const [first, second, gone] = [new AbortController(), new AbortController(), AbortSignal.abort()];
  const sits = (asker: ReturnType<typeof of>, until = new AbortController().signal) => codeOf(() => seated(asker, until));
  expect([sits(of("dinas"), first.signal), sits(of("dinas"), second.signal)]).toEqual(["GRANTED", "GRANTED"]);
  expect(sits(of("dinas"))).toBe("QUOTA_EXCEEDED");
  expect([sits(of("dinas", "sari")), sits(of("bank"))]).toEqual(["GRANTED", "GRANTED"]);
  first.abort();
  first.abort();
  expect(sits(of("dinas"), gone)).toBe("GRANTED"); // who left already keeps none
  expect([sits(of("dinas")), sits(of("dinas"))]).toEqual(["GRANTED", "QUOTA_EXCEEDED"]);
});
