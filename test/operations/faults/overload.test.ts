import { afterAll, beforeAll, expect, test } from "vitest";
import { refuse } from "../../../gateway/receive/respond.ts";
import { Admission } from "../../../gateway/receive/room/admission.ts";
import { createServer } from "../../../gateway/receive/server.ts";
import type { HttpAnswer } from "../../../gateway/types/chain.ts";
import { Refusal } from "../../../schema/errors.ts";

// Promise 4, what of it does not depend on the machine; its times are `npm run bench -- overload` and test/unit/gateway/room/admission.test.ts.

const PLACES = 4;
const ANSWER: HttpAnswer = { status: 200, headers: { "content-type": "application/json" }, body: '{"data":{}}' };
const shed: string[] = [];
let running = 0;
let most = 0;
let held: Promise<unknown> = Promise.resolve();
const app = createServer({
  limits: { concurrent: PLACES },
  telemetry: { shed: (by) => shed.push(by) },
  unready: () => [],
  answer: async (request) => {
    running += 1;
    most = Math.max(most, running);
    await held;
    running -= 1;
    return request.signal.aborted ? refuse(new Refusal({ code: "INTERNAL_SERVER_ERROR" }), request) : ANSWER;
  },
});
let url = "";
beforeAll(async () => {
  url = await app.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(() => app.close());

const headers = { "content-type": "application/json" };
const post = () => fetch(`${url}/graphql`, { method: "POST", headers, body: '{"query":"{ a }"}' });
const hold = () => {
  let release = () => {};
  held = new Promise<void>((resolve) => {
    release = resolve;
  });
  return () => release();
};

test("promise 4: of ten times what there is room for the rest is refused with a time to come back, none of it is begun, and afterwards all is as before", async () => {
  const release = hold();
  const refused: Response[] = [];
  const answers = Array.from({ length: 10 * PLACES }, async () => {
    const answer = await post();
    if (answer.status !== 200) refused.push(answer);
    return answer;
  });
  await expect.poll(() => refused.length, { timeout: 30_000 }).toBe(9 * PLACES); // while those who have a place still have it
  for (const one of refused) {
    expect([one.status, one.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await one.json()).toMatchObject({ errors: [{ extensions: { code: "OVERLOADED" } }] });
  }
  expect([shed.length, new Set(shed), most]).toEqual([9 * PLACES, new Set(["hub"]), PLACES]);
  for (const path of ["/health", "/ready", "/labels/id.json"]) expect((await fetch(`${url}${path}`)).status, path).toBe(200);
  release();
  expect((await Promise.all(answers)).filter(({ status }) => status === 200)).toHaveLength(PLACES);
  for (let time = 0; time < 2 * PLACES; time += 1) expect((await post()).status).toBe(200);
  expect(shed).toHaveLength(9 * PLACES);
});

test("who leaves while waiting for a place gives it back unused", async () => {
  let [letIn, left, begun] = [() => {}, 0, 0];
  const turn = new Promise<() => void>((resolve) => {
    letIn = () =>
      resolve(() => {
        left += 1;
      });
  });
  const admission = new Admission({ most: PLACES, now: () => 0, busy: () => 0 });
  let asked = 0;
  admission.enter = () => {
    asked += 1;
    return turn;
  };
  const answer = async () => {
    begun += 1;
    return ANSWER;
  };
  const waiting = createServer({ admission, unready: () => [], answer });
  let departed = 0;
  waiting.addHook("onRequest", async (_, reply) => {
    reply.raw.once("close", () => {
      departed += 1;
    });
  });
  const address = await waiting.listen({ host: "127.0.0.1", port: 0 });
  const client = new AbortController();
  const { signal } = client;
  const gone = fetch(`${address}/graphql`, { method: "POST", headers, body: "{}", signal }).catch(() => "gone");
  await expect.poll(() => asked).toBe(1);
  client.abort();
  expect(await gone).toBe("gone");
  await expect.poll(() => departed).toBe(1);
  letIn();
  await expect.poll(() => left).toBe(1);
  expect(begun).toBe(0);
  await waiting.close();
});
