import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Ceiling } from "../../../../gateway/execute/transport/ceiling.ts";
import { Circuit, type Kind, type Permit, type Verdict } from "../../../../gateway/execute/transport/circuit.ts";
import type { CircuitState } from "../../../../gateway/types/telemetry.ts";

/** A circuit with a clock of its own. */
function bench({ hasProber = true, random = () => 0.5 }: { hasProber?: boolean; random?: () => number } = {}) {
  let at = 1_000_000;
  const states: CircuitState[] = [];
  const circuit = new Circuit({ now: () => at, random, hasProber, onChange: (state) => states.push(state) });
  const send = (verdict: Verdict, kind: Kind = "question") => circuit.admit(kind)?.settle(verdict);
  const pass = (ms: number) => {
    at += ms;
    return circuit.state;
  };
  const fail = (times: number) => {
    for (let time = 0; time < times; time += 1) send("bad");
    return circuit.state;
  };
  return { circuit, states, send, pass, fail, now: () => at };
}

test("five failures in a row open it, four and an answer do not", () => {
  const { send, fail } = bench();
  expect(fail(4)).toBe("closed");
  send("good");
  expect(fail(4)).toBe("closed");
  expect(fail(1)).toBe("open");
});

test("half of at least twenty calls within ten seconds open it, of older ones nothing counts", () => {
  const alternate = ({ send, pass }: ReturnType<typeof bench>, { times, everyMs }: { times: number; everyMs: number }) => {
    for (let time = 0; time < times; time += 1) {
      send("good");
      send("bad");
      pass(everyMs);
    }
  };
  const quick = bench();
  alternate(quick, { times: 9, everyMs: 100 });
  expect(quick.circuit.state).toBe("closed");
  alternate(quick, { times: 1, everyMs: 100 });
  expect(quick.circuit.state).toBe("open");
  const slow = bench();
  alternate(slow, { times: 100, everyMs: 1200 });
  expect(slow.states).toEqual([]);
});

test("what ends for the asker's own doing says nothing", () => {
  const { send, states, fail } = bench();
  for (let time = 0; time < 100; time += 1) send("neither");
  expect([fail(4), states]).toEqual(["closed", []]);
});

test("open, nothing is let through; the pause is a second, then two, then four, never more", () => {
  for (const [random, pauses] of [
    [0.5, [1000, 2000, 4000, 4000]],
    [0, [800, 1600, 3200, 3200]],
    [0.999999, [1200, 2400, 4000, 4000]],
  ] as const) {
    const { circuit, fail, pass, send } = bench({ random: () => random });
    fail(5);
    for (const pause of pauses) {
      expect(pass(pause - 1)).toBe("open");
      expect(["question", "act", "own"].map((kind) => circuit.admit(kind as Kind))).toEqual([null, null, null]);
      expect(pass(2)).toBe("half-open");
      send("bad", "own");
      expect(circuit.state).toBe("open");
    }
  }
});

test("opened again soon after it closed it goes on with the longer pauses, after ten calm seconds it begins anew", () => {
  const { fail, pass, send } = bench();
  const heal = (pause: number) => {
    pass(pause);
    send("good", "own");
    send("good", "own");
  };
  fail(5);
  heal(1000);
  expect(fail(5)).toBe("open");
  expect([pass(1999), pass(1)]).toEqual(["open", "half-open"]);
  heal(0);
  pass(10_000);
  expect(fail(5)).toBe("open");
  expect([pass(999), pass(1)]).toEqual(["open", "half-open"]);
});

describe("half-open", () => {
  const halfOpen = (options?: Parameters<typeof bench>[0]) => {
    const made = bench(options);
    made.fail(5);
    made.pass(1000);
    return made;
  };

  test("an act is never the probe", () => {
    const { circuit, send } = halfOpen();
    expect(circuit.admit("act")).toBeNull();
    send("good", "own");
    expect([circuit.state, circuit.admit("act")]).toEqual(["half-open", null]);
    send("good");
    expect(circuit.admit("act")).not.toBeNull();
  });

  test("the first probe is ours where we can ask, so that no question waits for a source that still hangs; the second may be a question", () => {
    const { circuit, send } = halfOpen();
    expect(circuit.admit("question")).toBeNull();
    send("good", "own");
    send("good", "question");
    expect(circuit.state).toBe("closed");
    const library = halfOpen({ hasProber: false });
    library.send("good");
    library.send("good");
    expect(library.circuit.state).toBe("closed");
  });

  test("there is one probe at a time; one that says nothing for a second keeps no question from probing, and its failure still opens", () => {
    const { circuit, send, pass } = halfOpen();
    send("good", "own");
    const hung = circuit.admit("question");
    expect([circuit.admit("question"), circuit.admit("own")]).toEqual([null, null]);
    pass(1000);
    expect(circuit.admit("own"), "that it says its name does not outweigh a question that hangs").toBeNull();
    expect(circuit.admit("question")).not.toBeNull();
    hung?.settle("bad");
    expect(circuit.state).toBe("open");
  });

  test("what a hung probe took is part of the next pause", () => {
    const { circuit, pass } = halfOpen();
    const hung = circuit.admit("own");
    pass(1200);
    hung?.settle("bad");
    expect([pass(799), pass(1)]).toEqual(["open", "half-open"]);
  });

  test("what was sent before it opened says nothing any more", () => {
    const { circuit, fail, pass, send, states } = bench();
    const [late, later] = [circuit.admit("question"), circuit.admit("question")];
    fail(5);
    pass(1000);
    late?.settle("bad");
    expect(circuit.state).toBe("half-open");
    send("good", "own");
    send("good", "own");
    later?.settle("bad");
    expect(states).toEqual(["open", "half-open", "closed"]);
  });
});

test("who waits for a place at a source comes in when those inside count no more, and they give back nothing", async () => {
  const ceiling = new Ceiling(1);
  const hung = ceiling.enter(0);
  const waiting = ceiling.enter(60_000);
  ceiling.forget();
  const inside = await waiting;
  expect(inside).not.toBeNull();
  (await hung)?.();
  expect(await ceiling.enter(0)).toBeNull();
  inside?.();
  expect(await ceiling.enter(0)).not.toBeNull();
});

type Event =
  | { readonly ms: number }
  | { readonly kind: Kind }
  | { readonly nth: number; readonly verdict: Verdict }
  | { readonly failures: number };
const events = fc.array(
  fc.oneof(
    fc.record({ ms: fc.integer({ min: 0, max: 3000 }) }),
    fc.record({ kind: fc.constantFrom<Kind>("question", "act", "own") }),
    fc.record({ nth: fc.nat(2), verdict: fc.constantFrom<Verdict>("good", "good", "bad", "neither") }),
    fc.record({ failures: fc.integer({ min: 1, max: 6 }) }),
  ),
  { minLength: 100, maxLength: 200 },
);
const runs = fc.record({ seed: fc.double({ min: 0, max: 0.999, noNaN: true }), hasProber: fc.boolean(), events });

interface Pending {
  readonly permit: Permit;
  readonly sentAt: number;
  /** How often the state had changed when it was sent. */
  readonly era: number;
}

/** Does what is said, and holds against it what must be true whatever is said. */
class Drive {
  readonly made: ReturnType<typeof bench>;
  private readonly pending: Pending[] = [];
  private goods = 0;

  constructor({ seed, hasProber, events: all }: { seed: number; hasProber: boolean; events: readonly Event[] }) {
    this.made = bench({ hasProber, random: () => seed });
    for (const event of all) {
      if ("ms" in event) this.made.pass(event.ms);
      else if ("nth" in event) this.settle(event);
      else if ("kind" in event) this.ask(event.kind);
      else if (this.made.circuit.state === "closed") this.made.fail(event.failures);
    }
  }

  private ask(kind: Kind): void {
    const { circuit, states, now } = this.made;
    const { state } = circuit;
    const permit = circuit.admit(kind);
    if (state === "closed") expect(permit).not.toBeNull();
    if (state === "open") expect(permit).toBeNull();
    if (!permit) return;
    if (state === "half-open") this.mayProbe(kind);
    this.pending.push({ permit, sentAt: now(), era: states.length });
  }

  private mayProbe(kind: Kind): void {
    const { states, now } = this.made;
    expect(kind).not.toBe("act");
    expect(this.pending.filter(({ era, sentAt }) => era === states.length && now() - sentAt < 1000)).toEqual([]);
  }

  private settle({ nth, verdict }: { nth: number; verdict: Verdict }): void {
    const { circuit, states, now } = this.made;
    const before = circuit.state;
    const [one] = this.pending.splice(-1 - (nth % Math.max(1, this.pending.length)), 1);
    if (!one) return;
    const eras = states.length;
    if (one.era === eras && before === "half-open" && verdict === "good") this.goods += 1;
    one.permit.settle(verdict);
    if (states.length === eras) return;
    expect([one.era, states.length], "a call of before changes nothing").toEqual([eras, eras + 1]);
    if (states.at(-1) === "closed") expect([verdict, this.goods]).toEqual(["good", 2]);
    else expect([verdict, states.at(-1), circuit.until - now() <= 4000]).toEqual(["bad", "open", true]);
    this.goods = 0;
  }
}

test("whatever happens: open lets nothing through, half-open one probe and no act, only a failure opens, only two successes close", () => {
  const seen = { open: 0, closed: 0, "half-open": 0 };
  fc.assert(
    fc.property(runs, (run) => {
      for (const state of new Drive(run).made.states) seen[state] += 1;
    }),
    { numRuns: 200 },
  );
  expect([seen.open > 100, seen.closed > 20, seen["half-open"] > 100], JSON.stringify(seen)).toEqual([true, true, true]);
});

test("whatever has happened, a source that answers again is asked again within five seconds, with and without questions", () => {
  let wasShut = 0;
  fc.assert(
    fc.property(runs, fc.boolean(), ({ events: all, ...run }, isAsked) => {
      // no question still hangs: each is given up by a deadline of its own
      const quiet = all.filter((event) => !("kind" in event && event.kind === "question"));
      const { circuit, pass, send } = new Drive({ ...run, hasProber: true, events: isAsked ? all : quiet }).made;
      if (circuit.state !== "closed") wasShut += 1;
      for (let waited = 0; waited < 5000 && circuit.state !== "closed"; waited += 250) {
        pass(250);
        send("good", "own");
        if (isAsked) send("good");
      }
      expect(circuit.state).toBe("closed");
    }),
    { numRuns: 200 },
  );
  expect(wasShut).toBeGreaterThan(50);
});
