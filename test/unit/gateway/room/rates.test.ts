import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { CHOICES, createRates, ratesFor } from "../../../../gateway/authenticate/rates.ts";
import type { Identified, Known } from "../../../../gateway/types/chain.ts";
import type { RateLimits, Tally } from "../../../../gateway/types/rates.ts";
import { SILENT } from "../../../../gateway/types/telemetry.ts";
import { Refusal } from "../../../../schema/errors.ts";
import { DATA_SUBJECT_RIGHTS, RECIPIENT_CHECKING } from "../../../../schema/policy/words.ts";

const asker = (client: string, citizen: string | null = null) =>
  ({ client, officer: null, citizen, tally: {} }) as unknown as Identified;
/** How it ended, and what its answer tells. */
const ended = ({ tally }: { tally?: Tally | undefined }, error?: unknown) => ({
  status: error instanceof Refusal ? error.status : 200,
  headers: { ...tally?.headers?.(), ...(error instanceof Refusal && error.headers) } as Record<string, string>,
  error,
});

/** Rates under a clock of our own. */
function world({ places, ...limits }: Partial<RateLimits> & { places?: () => number } = {}, persons = 0) {
  const clock = { ms: 0 };
  const shed: string[] = [];
  const telemetry = { ...SILENT, shed: (by: string) => void shed.push(by) };
  const options = { burst: 10, windowSeconds: 10, concurrent: 2, ...limits };
  const rates = createRates({
    ...options,
    personsToday: () => persons,
    telemetry,
    now: () => clock.ms,
    ...(places && { places }),
  });
  const of = (agreement: string, { purpose = "EDUCATION_AID", quota = null as number | null, isPaced = false } = {}) =>
    ({
      caller: { agreement, purpose, verification: { persons: quota } },
      tally: {},
      ...(isPaced && { isPaced }),
    }) as unknown as Known;
  const once = async (known: Known) => {
    const turn = rates.open();
    try {
      return ended(await turn.of(known));
    } catch (error) {
      return ended(known, error);
    } finally {
      turn.end();
    }
  };
  return { clock, rates, of, once, shed };
}

test("an agreement may ask in a burst, then as often as its window lets it; one refused is told when to come back", async () => {
  const { clock, of, once, shed } = world();
  for (let n = 0; n < 10; n += 1) expect((await once(of("A"))).status).toBe(200);
  const refused = await once(of("A"));
  expect([refused.status, refused.headers["retry-after"]]).toEqual([429, "1"]);
  expect([refused.headers["ratelimit-policy"], refused.headers["ratelimit"]]).toEqual(['"burst";q=10;w=10', '"burst";r=0;t=10']);
  expect(shed).toEqual(["agreement"]);
  expect((await once(of("B"))).status, "another agreement has its own").toBe(200);
  clock.ms += 1_000;
  expect((await once(of("A"))).status).toBe(200);
  expect((await once(of("A"))).status).toBe(429);
  clock.ms += 3_600_000;
  const { headers } = await once(of("A"));
  expect(headers["ratelimit"], "no more than a burst is saved up").toBe('"burst";r=9;t=1');
});

test("the day's persons are a policy of their own, with what is left of them until midnight in western Indonesia", async () => {
  const { of, once } = world({}, 40);
  const { headers } = await once(of("A", { quota: 100 }));
  expect(headers["ratelimit-policy"]).toBe('"burst";q=10;w=10, "persons";q=100;w=86400');
  expect(headers["ratelimit"]).toMatch(/^"burst";r=9;t=1, "persons";r=60;t=\d{1,5}$/);
  expect((await world({}, 400).once(of("A", { quota: 100 }))).headers["ratelimit"]).toContain('"persons";r=0;');
});

test("what is left is told as it is when the answer leaves, also to whom the hub paces; who has no answer to come is counted all the same", async () => {
  const { rates, of, once } = world();
  const known = of("A");
  const turn = rates.open();
  await turn.of(known);
  expect((await once({ ...of("A"), tally: undefined } as unknown as Known)).headers).toEqual({});
  expect(ended(known).headers["ratelimit"]).toBe('"burst";r=8;t=2');
  expect((await once(of("A", { isPaced: true }))).headers["ratelimit"]).toBe('"burst";r=8;t=2');
});

test("so many at one time: the next waits for a place, and is refused when none comes free in time", async () => {
  const { rates, of } = world();
  const [first, second] = [rates.open(), rates.open()];
  await first.of(of("A"));
  await second.of(of("A"));
  const third = rates.open();
  const waits = third.of(of("A"));
  first.end();
  first.end();
  await waits;
  const late = await rates
    .open()
    .of(of("A"))
    .catch((error: unknown) => error);
  expect(late).toMatchObject({ status: 429, failures: [{ code: "REQUEST_RATE_LIMITED" }], headers: { "retry-after": "1" } });
  second.end();
  third.end();
  await pause(0);
  const free = [rates.open(), rates.open()];
  for (const turn of free) await turn.of(of("A"));
});

test("no more wait than are under way: whoever comes then is refused at once", async () => {
  const { rates, of } = world({ concurrent: 1 });
  const [held, waiting] = [rates.open(), rates.open()];
  await held.of(of("A"));
  const inTurn = waiting.of(of("A"));
  const refused = rates
    .open()
    .of(of("A"))
    .catch(({ status }) => status);
  expect(await Promise.race([refused, turn("later")])).toBe(429);
  held.end();
  await inTurn;
});

test("no agreement holds more than half of the hub's places, whatever its setting, nor has more than a quarter of them wait", async () => {
  let places = 8;
  const { rates, of } = world({ concurrent: 100, burst: 100, places: () => places });
  const turns = Array.from({ length: 6 }, () => rates.open());
  const [first, ...others] = turns.map((turn) => turn.of(of("A"))); // four, and two that wait
  await expect(rates.open().of(of("A"))).rejects.toMatchObject({ status: 429 });
  await rates.open().of(of("B"));
  await first;
  for (const turn of turns) turn.end();
  await Promise.all(others.slice(0, 4));
  places = 100;
  await Promise.all(Array.from({ length: 40 }, () => rates.open().of(of("C"))));
});

test("a stream keeps no place, and what the hub paces itself counts nothing at all", async () => {
  const { rates, of, once } = world({ concurrent: 1, burst: 3 });
  await rates.passing().of(of("A"));
  await rates.passing().of(of("A"));
  for (let n = 0; n < 20; n += 1) await rates.passing().of(of("A", { isPaced: true }));
  expect((await once(of("A"))).status).toBe(200);
  await expect(rates.passing().of(of("A"))).rejects.toMatchObject({ status: 429 });
});

test("the agreements the public asks under have ten times the requests and twice the places", () => {
  const limits = { burst: 600, windowSeconds: 60, concurrent: 100 };
  for (const purpose of [RECIPIENT_CHECKING, DATA_SUBJECT_RIGHTS])
    expect(ratesFor(purpose, limits)).toEqual({ burst: 6000, windowSeconds: 60, concurrent: 200 });
  expect(ratesFor("EDUCATION_AID", limits)).toEqual(limits);
});

test("of many refused in a second one is put on record", async () => {
  const { clock, of, once } = world({ burst: 1, windowSeconds: 1000 });
  await once(of("A"));
  const kept = async () => {
    const told = await once(of("A"));
    return told.error instanceof Refusal && !told.error.isRepeated;
  };
  expect([await kept(), await kept(), await kept()]).toEqual([true, false, false]);
  clock.ms += 1_000;
  expect([await kept(), await kept()]).toEqual([true, false]);
});

test("an agreement's own limits of one question stand beside its rates, each a policy without a window and never wider than the hub's", async () => {
  const { rates, of } = world();
  const known = { ...of("A", { quota: 100 }), ceilings: { persons: 100, depth: 5, bodyBytes: 20_000 } };
  const { headers } = ended(await rates.open().of(known));
  expect(headers["ratelimit-policy"]).toBe(
    '"burst";q=10;w=10, "persons";q=100;w=86400, "bodyBytes";q=20000;qu="content-bytes", "depth";q=5;qu="depth"',
  );
  expect(headers["ratelimit"]).toMatch(/^"burst";r=9;t=1, "persons";r=100;t=\d{1,5}$/);
});

test("who asks under which agreements they may ask has a rate of their own, each person of a portal apart, and is told it", () => {
  const { clock, rates, shed } = world();
  const ask = (who: Identified) => {
    try {
      return ended(rates.choosing().of(who));
    } catch (error) {
      return ended(who, error);
    }
  };
  for (let n = 0; n < CHOICES.burst; n += 1) expect(ask(asker("portal", "a")).status).toBe(200);
  const refused = ask(asker("portal", "a"));
  expect([refused.status, refused.headers["retry-after"], shed]).toEqual([429, "1", ["agreement"]]);
  expect([refused.headers["ratelimit-policy"], refused.headers["ratelimit"]]).toEqual([
    '"choices";q=120;w=60',
    '"choices";r=0;t=60',
  ]);
  expect(ask(asker("portal", "b")).status).toBe(200);
  clock.ms += 500;
  expect(ask(asker("portal", "a")).status).toBe(200);
});
