import { describe, expect, test } from "vitest";
import { Admission, type Leave } from "../../../../gateway/receive/room/admission.ts";

interface Machine {
  /** Milliseconds of work of one answer; the machine does one at a time. */
  readonly workMs: number;
  /** What an answer waits for besides, however few there are. */
  readonly restMs: number;
  readonly most?: number;
  readonly busy?: number;
}

/** Whoever has a place by now is in it. */
const settled = async () => {
  for (let turn = 0; turn < 12; turn += 1) await undefined;
};

/** A hub on a clock of its own: answers take turns at one processor. */
class Simulation {
  at = 0;
  readonly admission: Admission;
  readonly latencies: number[] = [];
  refused = 0;
  private readonly machine: Machine;
  private freeAt = 0;
  private readonly due: { at: number; work: () => void }[] = [];

  constructor(machine: Machine) {
    this.machine = machine;
    const { most = 256 } = machine;
    const busy = () => this.machine.busy ?? 1;
    this.admission = new Admission({ most, now: () => this.at, busy, after: (ms, work) => this.after(ms, work) });
  }

  /** So many clients, each of which asks again when it has its answer, or a moment after it was refused. */
  async clients(many: number, ms: number): Promise<void> {
    const until = this.at + ms;
    const client = async () => {
      while (this.at < until) {
        const isRefused = !(await this.come());
        await new Promise<void>((resolve) => void this.after(isRefused ? 1 : 0, resolve));
      }
    };
    for (let n = 0; n < many; n += 1) void client();
    await settled();
    await this.advance(until);
  }

  /** So many a second, evenly, for so long. */
  async load(perSecond: number, ms: number): Promise<void> {
    const until = this.at + ms;
    for (let next = this.at; next < until; next += 1000 / perSecond) {
      await this.advance(next);
      void this.come();
      await settled();
    }
    await this.advance(until);
  }

  /** Whether it was let in; then when it has its answer. */
  private async come(): Promise<boolean> {
    const cameAt = this.at;
    const leave = await this.admission.enter();
    if (leave === null) this.refused += 1;
    if (leave === null) return false;
    const { workMs, restMs } = this.machine;
    this.freeAt = Math.max(this.freeAt, this.at) + workMs;
    const end = this.freeAt + restMs;
    this.latencies.push(end - cameAt);
    await new Promise<void>((resolve) => void this.after(end - this.at, resolve));
    leave();
    return true;
  }

  private after(ms: number, work: () => void): () => void {
    const one = { at: this.at + ms, work };
    const place = this.due.findLastIndex(({ at }) => at <= one.at) + 1;
    this.due.splice(place, 0, one);
    return () => {
      one.work = () => {};
    };
  }

  private async advance(to: number): Promise<void> {
    for (let next = this.due[0]; next && next.at <= to; next = this.due[0]) {
      this.due.shift();
      this.at = next.at;
      next.work();
      await settled();
    }
    this.at = to;
  }
}

const p99 = (latencies: readonly number[]): number =>
  latencies.toSorted((a, b) => a - b)[Math.floor(latencies.length * 0.99)] ?? 0;
/** Latencies of the accepted among what is asked at that rate for so long. */
const during = async (hub: Simulation, perSecond: number, ms: number) => {
  const [before, refused] = [hub.latencies.length, hub.refused];
  await hub.load(perSecond, ms);
  const accepted = hub.latencies.slice(before);
  return { accepted: accepted.length, refused: hub.refused - refused, p99: p99(accepted) };
};

test("at three times what the hub can do, who is let in waits no longer than for those it has room for, and it does as much as it can", async () => {
  const hub = new Simulation({ workMs: 1, restMs: 40 }); // a thousand a second; 41 of them in the time of one
  const quiet = await during(hub, 100, 5000);
  expect([quiet.refused, quiet.p99]).toEqual([0, 41]);
  await during(hub, 3000, 1000);
  const flood = await during(hub, 3000, 10_000);
  expect(hub.admission.limit).toBe(128);
  expect(flood.p99).toBeLessThan(128 + 50);
  expect(flood.accepted).toBeGreaterThan(9000);
  expect(flood.refused).toBeGreaterThan(15_000);
  await during(hub, 500, 1000);
  const after = await during(hub, 500, 4000);
  expect([after.refused, after.p99 < 2 * quiet.p99]).toEqual([0, true]);
});

test("64 clients and one more, each of which asks when it has its answer, are all answered after a calm start", async () => {
  const hub = new Simulation({ workMs: 1, restMs: 5 });
  await during(hub, 50, 5000);
  await hub.clients(65, 10_000);
  expect(hub.latencies.length).toBeGreaterThan(9000);
  expect(hub.refused).toBe(0);
});

test("more clients than there are places share them: the limit keeps its least, and most of what is done is an answer", async () => {
  const hub = new Simulation({ workMs: 1, restMs: 5 });
  await during(hub, 50, 5000);
  await hub.clients(132, 10_000);
  expect(hub.admission.limit).toBe(128);
  expect(hub.refused / (hub.refused + hub.latencies.length)).toBeLessThan(0.05);
});

test("slow sources are not our being busy: who waits for them takes no place from others, and the limit grows to its ceiling", async () => {
  const hub = new Simulation({ workMs: 0, restMs: 5000, busy: 0.1 });
  await during(hub, 10, 1000);
  const slow = await during(hub, 40, 5000); // 200 inside, none of which leaves in the meantime
  expect([slow.refused, hub.admission.limit]).toEqual([0, 256]);
});

test("once it was busy and is no more, the limit grows again", async () => {
  const machine = { workMs: 1, restMs: 150, busy: 1 };
  const hub = new Simulation(machine);
  await during(hub, 50, 5000);
  await during(hub, 5000, 5000);
  const floor = hub.admission.limit;
  machine.busy = 0.5;
  await during(hub, 5000, 1000);
  expect([floor < 256, hub.admission.limit]).toEqual([true, 256]);
});

test("the limit never passes its ceiling, however low", async () => {
  const hub = new Simulation({ workMs: 1, restMs: 150, most: 100, busy: 0.5 });
  await during(hub, 900, 3000);
  expect(hub.admission.limit).toBe(100);
});

test("a machine that is slow for everybody refuses nobody as long as no more than 128 ask at a time", async () => {
  const hub = new Simulation({ workMs: 100, restMs: 900 });
  await during(hub, 2, 20_000);
  await during(hub, 200, 10_000); // a flood that has taught it its least
  expect(hub.admission.limit).toBe(128);
  await during(hub, 1, 15_000); // what was let in then has its answer
  expect((await during(hub, 9, 20_000)).refused).toBe(0);
});

test("nobody is cut where nobody has to wait, however the time of an answer grows", async () => {
  const hub = new Simulation({ workMs: 5, restMs: 0 });
  await during(hub, 20, 3000);
  const { limit } = hub.admission;
  await during(hub, 199, 20_000);
  expect(hub.admission.limit).toBe(limit);
});

describe("who finds no place", () => {
  const full = (most: number) => {
    const admission = new Admission({ most, now: () => performance.now(), busy: () => 1 });
    const leaves = Array.from({ length: most }, () => admission.enter() as Leave);
    return { admission, leaves };
  };

  test("waits a moment, in turn", async () => {
    const { admission, leaves } = full(2);
    const order: number[] = [];
    const waiting = [1, 2].map(async (n) => {
      const leave = await admission.enter();
      if (leave) order.push(n);
      return leave;
    });
    for (const leave of leaves) leave();
    expect((await Promise.all(waiting)).every((leave) => leave !== null)).toBe(true);
    expect(order).toEqual([1, 2]);
  });

  test("and finds none in it is refused, and keeps no place", async () => {
    const { admission, leaves } = full(2);
    expect(await Promise.all([admission.enter(), admission.enter()])).toEqual([null, null]);
    leaves[0]?.();
    leaves[0]?.(); // a second time gives no second place
    expect(typeof admission.enter()).toBe("function");
    expect(await admission.enter()).toBeNull();
  });

  test("is refused unread and at once when as many wait as there are places", async () => {
    const { admission } = full(3);
    const waiting = Array.from({ length: 3 }, () => admission.enter());
    expect(admission.isFull()).toBe(true);
    expect(await admission.enter()).toBeNull();
    await Promise.all(waiting);
    expect(admission.isFull()).toBe(false);
  });

  test("is refused unread, too, where those who come before it will take what room is left", () => {
    const { admission, leaves } = full(3);
    expect([admission.isFull(2), admission.isFull(3)]).toEqual([false, true]);
    leaves[0]?.();
    expect([admission.isFull(3), admission.isFull(4)]).toEqual([false, true]);
  });
});
