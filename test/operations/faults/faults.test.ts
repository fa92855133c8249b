import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTransport, type TransportOptions } from "../../../gateway/execute/transport/transport.ts";
import type { SourceCall, Transport } from "../../../gateway/types/sources.ts";
import { SILENT, type Telemetry } from "../../../gateway/types/telemetry.ts";
import { type BrokenSource, brokenSource } from "../../kit/machines/brokenSource.ts";

// The way to one source that fails, without a hub around it: what is sent, how often, and when again.

const GOOD = { says: '{"data":{"a":1}}' };
const ANSWER = { data: { a: 1 } };
const PROBE = '{"query":"{__typename}"}';

let source: BrokenSource;
let transport: Transport;
/** What the operators were told, in order. */
let told: string[] = [];
const telemetry: Telemetry = {
  ...SILENT,
  circuit: ({ state }) => told.push(state),
  retried: (service) => told.push(`retried ${service}`),
  shed: (by) => told.push(`shed ${by}`),
};
let envelopes = 0;
const create = (options: Partial<TransportOptions> = {}): Transport => {
  transport = createTransport({
    timeoutMs: 20_000,
    maxResponseBytes: 10_000,
    headers: () => {
      envelopes += 1;
      return { "hub-envelope": String(envelopes) };
    },
    prober: () => "nobody",
    telemetry,
    ...options,
  });
  return transport;
};

beforeEach(async () => {
  source = await brokenSource(GOOD);
  told = [];
  envelopes = 0;
});
afterEach(async () => {
  await source.close(); // what still hangs ends
  await transport.close();
});

const never = new AbortController().signal;
const callTo = (url: string, differences: Partial<SourceCall> = {}): SourceCall => ({
  service: "population",
  url,
  body: '{"query":"{a}"}',
  idempotent: true,
  coordinates: { output: [], internal: [], arguments: [] },
  context: null,
  signal: never,
  deadline: performance.now() + 30_000,
  ...differences,
});
const send = (differences: Partial<SourceCall> = {}) => transport.send(callTo(source.url, differences));
const act = () => send({ idempotent: false, body: '{"query":"mutation{a}"}' });
const opened = async () => {
  source.behave("cut");
  for (let time = 0; time < 5; time += 1) await act(); // never repeated: five calls are five failures
  expect(transport.unreachable).toEqual(["population"]);
  return source.calls;
};
const recovered = () => expect.poll(() => transport.unreachable, { timeout: 30_000, interval: 20 }).toEqual([]);
const heardOf = (text: string) => source.heard.filter((request) => request.includes(text)).length;

describe("a circuit", () => {
  test("that is open answers at once and sends nothing", async () => {
    create({ prober: undefined });
    const before = await opened();
    expect(told.slice(0, 2)).toEqual(["closed", "open"]);
    const from = performance.now();
    const answers = await Promise.all(Array.from({ length: 100 }, () => send()));
    if (performance.now() - from < 700) {
      expect(answers.every((answer) => "failed" in answer && answer.isUnsent)).toBe(true); // unless the machine slept over the pause
      expect(source.calls).toBe(before);
    }
    expect(answers[0]).toMatchObject({ failed: "SUBGRAPH_UNAVAILABLE", isUnsent: true });
  });

  test("closes after the source is back although nobody asks, and the same question is answered at once", async () => {
    create();
    await opened();
    source.behave(GOOD);
    await recovered();
    expect(told).toEqual(["closed", "open", "half-open", "closed"]);
    expect(heardOf(PROBE), "two successes, both by asking its name").toBe(2);
    const before = source.calls;
    expect(await send()).toEqual(ANSWER);
    expect(source.calls).toBe(before + 1);
  });

  test("has no mutation for its probe: while it is not closed none is sent", async () => {
    create();
    await opened();
    const before = heardOf("mutation");
    source.behave(GOOD);
    const answers: unknown[] = [];
    while (transport.unreachable?.length) {
      answers.push(await act());
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const refused = answers.filter((answer) => (answer as { isUnsent?: boolean }).isUnsent).length;
    expect(refused).toBeGreaterThan(0);
    expect(heardOf("mutation") - before, "each that was not refused ran once, after it had closed").toBe(
      answers.length - refused,
    );
    expect(await act()).toEqual(ANSWER);
  });

  test("that finds its source still hanging costs no question its time: we ask first", async () => {
    create();
    await opened();
    source.behave("hang");
    await expect.poll(() => heardOf(PROBE), { timeout: 20_000 }).toBe(1);
    expect(await send()).toMatchObject({ failed: "SUBGRAPH_UNAVAILABLE", isUnsent: true });
    expect(heardOf("{a}"), "only the acts it opened by").toBe(5);
    await expect.poll(() => told.at(-1), { timeout: 20_000 }).toBe("open");
    source.behave(GOOD);
    await recovered();
  });

  test("does not open for slow questions of one asker while others are answered, and opens where nobody is", async () => {
    create({ timeoutMs: 1500 });
    const slowly = () => Array.from({ length: 6 }, () => act());
    source.behave("hang");
    const slow = slowly();
    await expect.poll(() => heardOf("mutation")).toBe(6);
    source.behave(GOOD);
    expect(await send()).toEqual(ANSWER);
    expect(await Promise.all(slow)).toMatchObject(slow.map(() => ({ failed: "SUBGRAPH_TIMEOUT" })));
    expect(told).toEqual(["closed"]);
    source.behave("hang");
    await Promise.all(slowly());
    expect(told).toContain("open");
  });

  test("of a transport that parted is nobody's news", async () => {
    const parting = new AbortController();
    create({ parting: parting.signal });
    await send();
    parting.abort();
    await opened();
    expect(told).toEqual(["closed"]);
  });

  test("does not open for what a source refuses or says in GraphQL, nor for timeouts too short to tell", async () => {
    create({ timeoutMs: 60 });
    source.behave({ says: '{"errors":[{"message":"no"}]}' });
    for (let time = 0; time < 12; time += 1) await send();
    source.behave("hang");
    for (let time = 0; time < 6; time += 1) expect(await send()).toMatchObject({ failed: "SUBGRAPH_TIMEOUT" });
    expect(told).toEqual(["closed"]);
  });
});

describe("a call", () => {
  test("is never joined with another: two callers, the same question, the same instant, two calls with an envelope each", async () => {
    create();
    source.behave({ ...GOOD, afterMs: 50 });
    expect(await Promise.all([send(), send()])).toEqual([ANSWER, ANSWER]);
    const given = source.heard.map((request) => /hub-envelope: (\d+)/.exec(request)?.[1]);
    expect(given.toSorted()).toEqual(["1", "2"]);
  });

  test("is repeated once at most after a cut, a mutation never", async () => {
    create();
    source.behave("cut");
    expect(await send()).toMatchObject({ failed: "SUBGRAPH_UNAVAILABLE" });
    expect([source.calls, told]).toEqual([2, ["closed", "retried population"]]);
    await act();
    expect([source.calls, heardOf("mutation")]).toEqual([3, 1]);
  });

  test("passes on what it has left itself, not what the whole question has", async () => {
    create({ timeoutMs: 3000 });
    await send();
    await send({ deadline: performance.now() + 1000 });
    const left = source.heard.map((request) => Number(/hub-deadline-ms: (\d+)/.exec(request)?.[1]));
    expect(left[0]).toBeLessThanOrEqual(2900); // the rest is for hearing what the source says when its time is up
    expect(left[1]).toBeLessThanOrEqual(850);
    expect(Math.min(...left)).toBeGreaterThanOrEqual(0);
  });

  test("cut or hung in the middle of a body costs itself only", async () => {
    create({ timeoutMs: 400 });
    source.behave("cutInBody");
    expect(await act()).toMatchObject({ failed: "SUBGRAPH_UNAVAILABLE" });
    source.behave("hangInBody");
    expect(await send()).toMatchObject({ failed: "SUBGRAPH_TIMEOUT" });
    source.behave(GOOD);
    expect(await send()).toEqual(ANSWER);
  });
});

describe("no dead call outlives a recovery", () => {
  test("connections that died unseen are not used once the circuit has opened, and none of the hung calls is in the way", async () => {
    create({ timeoutMs: 1000 });
    source.behave({ ...GOOD, afterMs: 30 });
    await Promise.all(Array.from({ length: 32 }, () => send()));
    source.deafen();
    await Promise.all(Array.from({ length: 6 }, () => act()));
    expect(told).toContain("open");
    await recovered();
    for (let time = 0; time < 32; time += 1) expect(await act()).toEqual(ANSWER);
  });

  test("a source that is back before its circuit opened answers who asks now, although every connection still hangs", async () => {
    create();
    source.behave("hang");
    const hung = Array.from({ length: 300 }, () => send());
    await expect.poll(() => source.calls).toBeGreaterThanOrEqual(32);
    source.behave(GOOD);
    await new Promise((resolve) => setTimeout(resolve, 3300));
    expect(await send()).toEqual(ANSWER);
    expect(told).not.toContain("open");
    await source.close();
    await Promise.all(hung);
  });

  test("a source that was down altogether is found again at its address", async () => {
    create();
    await send();
    await source.down();
    for (let time = 0; time < 5; time += 1) expect(await act()).toMatchObject({ failed: "SUBGRAPH_UNAVAILABLE" });
    await source.up();
    await recovered();
    expect(await act()).toEqual(ANSWER);
  });
});

describe("isolation", () => {
  test("calls of one source that hang take neither connections nor places from another at the same address", async () => {
    create({ concurrent: 40 });
    source.behave("hang");
    const hung = Array.from({ length: 40 }, () => send());
    await expect.poll(() => source.calls).toBe(32);
    source.behave(GOOD);
    expect(await send({ service: "welfare" })).toEqual(ANSWER);
    await source.close();
    await Promise.all(hung);
  });

  test("a call for which there is no room is not sent, and says so", async () => {
    create({ concurrent: 2 });
    source.behave("hang");
    const hung = [send(), send()];
    await expect.poll(() => source.calls).toBe(2);
    expect(await send()).toMatchObject({ failed: "SUBGRAPH_UNAVAILABLE", isUnsent: true });
    expect(told).toEqual(["closed", "shed source"]);
    expect(source.calls).toBe(2);
    await source.close();
    await Promise.all(hung);
  });

  test("a call that waits for room has its turn when a place is free", async () => {
    create({ concurrent: 1 });
    source.behave({ ...GOOD, afterMs: 5 });
    const answers = await Promise.all([send(), send()]);
    expect(answers.filter((answer) => !("failed" in answer)).length).toBeGreaterThanOrEqual(1);
    expect(await send()).toEqual(ANSWER);
  });
});
