import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Told } from "../../../console/citizen/types.ts";
import { citizens, hiddenOf, textOf, VILLAGE } from "../../faces/citizen/kit.ts";

// Waiting at Cek Bansos, with a clock of our own: every pause is written down, and ends when `go` is called or at once.

const clock = vi.hoisted(() => ({ ms: 0, pauses: [] as number[], held: null as (() => void)[] | null }));
vi.mock("node:timers/promises", () => ({
  setTimeout: async (ms: number) => {
    clock.pauses.push(ms);
    const { held } = clock;
    if (held) await new Promise<void>((resolve) => held.push(resolve));
    clock.ms += ms;
  },
}));
const { createPatience } = await import("../../../console/citizen/http/patience.ts");

beforeEach(() => {
  Object.assign(clock, { ms: 0, pauses: [], held: null });
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-21T03:00:00Z") });
  const spy = vi.spyOn(performance, "now").mockImplementation(() => clock.ms);
  return () => {
    spy.mockRestore();
    vi.useRealTimers();
  };
});

const NOBODY: Told = { data: { recipientByFacts: null }, errors: [] };
const FACTS = { nama: "SITI AMINAH", lahir: "12", "lahir-month": "4", "lahir-year": "1988", wilayah: VILLAGE };

/** Sends the form as soon as it was shown, or as people do. */
async function searching(answer: () => Told = () => NOBODY) {
  const pages = citizens(answer);
  const tanda = hiddenOf((await pages.open(`/cek-bansos?wilayah=${VILLAGE}`)).body, "tanda");
  return { ...pages, search: () => pages.open("/cek-bansos", { post: { ...FACTS, tanda } }) };
}

describe("T48 one network that asks without end", () => {
  test("has ten that wait, and the next goes at once; another network waits as if nobody did", async () => {
    let now = 0;
    const { slowDown } = createPatience(() => now);
    for (let i = 0; i < 30; i += 1) expect(await slowDown("a")).toBe(true);
    clock.held = [];
    const waiting = Array.from({ length: 10 }, () => slowDown("a"));
    expect(await slowDown("a")).toBe(false);
    const other = slowDown("b", 2_000);
    now += 11 * 60 * 1000;
    expect(await slowDown("a", 2_000), "those who wait are counted beyond the ten minutes").toBe(false);
    expect(await slowDown("a"), "who need not wait takes no place").toBe(true);
    for (const go of clock.held.splice(0)) go();
    expect(await Promise.all([...waiting, other])).toEqual(Array(11).fill(true));
    clock.held = null;
    expect(await slowDown("a", 2_000), "places come back").toBe(true);
  });

  test("is told at once that much is asked for, where ten of its machines wait for their haste", async () => {
    const { search, asked } = await searching();
    clock.held = [];
    const waiting = Array.from({ length: 10 }, search);
    await expect.poll(() => clock.held?.length).toBe(10);
    const { status, headers, body } = await search();
    expect([status, headers["retry-after"], Buffer.byteLength(body)]).toEqual([503, "20", 13_312]);
    expect(textOf(body)).not.toContain("SITI");
    expect(asked.filter(({ query }) => query.includes("recipientByFacts"))).toEqual([]);
    for (const go of clock.held.splice(0)) go();
    clock.held = null;
    expect(new Set((await Promise.all(waiting)).map(({ status: told }) => told))).toEqual(new Set([200]));
  });
});

test("T48 the question has a whole beat to itself, however long who asks was made to wait", async () => {
  const { search } = await searching(() => {
    clock.ms += 100;
    return NOBODY;
  });
  expect((await search()).status).toBe(200);
  expect(clock.pauses).toEqual([2_000, 650]);
});
