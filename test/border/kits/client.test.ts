import { jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import type { TypedDocument } from "../../../docs/clients/typescript/src/document.ts";
import { CODES, HubError } from "../../../docs/clients/typescript/src/errors.ts";
import { connect, type HubOptions, whole } from "../../../docs/clients/typescript/src/hub.ts";
import { holdBackMs, limitsOf, retryAfterOf } from "../../../docs/clients/typescript/src/limits.ts";
import { type Connection, pages } from "../../../docs/clients/typescript/src/pages.ts";
import { clientCredentials } from "../../../docs/clients/typescript/src/token.ts";
import { labels, Refusal } from "../../../schema/errors.ts";

// The client that partners copy; only the far side of its wire is made up here.

type Json = Record<string, any>;
interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Json;
}
/** A hub that answers one after the other, and the last for ever. */
function wire(
  ...answers: readonly { readonly status?: number; readonly body?: object; readonly headers?: Record<string, string> }[]
) {
  const sent: Sent[] = [];
  const send: typeof fetch = async (url, init) => {
    const {
      status = 200,
      body = { data: { ok: true } },
      headers = {},
    } = answers[Math.min(sent.length, answers.length - 1)] ?? {};
    sent.push({ url: String(url), headers: new Headers(init?.headers), body: JSON.parse(String(init?.body)) });
    return new Response(JSON.stringify(body), { status, headers });
  };
  return { sent, send };
}
const refused = (code: string, more: Json = {}) => ({ errors: [{ message: `told: ${code}`, extensions: { code, ...more } }] });
const document = <Variables = Json>(kind: "query" | "mutation", name = "Satu"): TypedDocument<{ ok: boolean }, Variables> => ({
  ...{ id: "a".repeat(64), name, kind },
  text: `${kind} ${name} { ok }`,
});
const asking = (send: typeof fetch, more: Partial<HubOptions> = {}) => {
  const slept: number[] = [];
  const token = { get: async () => "t", forget: () => undefined };
  const hub = connect({ url: "https://hub.example/", token, fetch: send, sleep: async (ms) => void slept.push(ms), ...more });
  return { hub, slept };
};
const failed = (work: Promise<unknown>): Promise<HubError> =>
  work.then(
    () => expect.fail("it was answered"),
    (error) => error,
  );

describe("asking", () => {
  test("names the document by its hash, the agreement and the case; the text goes only where that was chosen", async () => {
    const { sent, send } = wire();
    await asking(send, { agreement: "PKS-2025-001", caseNumber: "K/1", language: "en" }).hub.ask(document("query"), { n: 1 });
    await asking(send, { documents: "text" }).hub.ask(document("query"), {});
    expect(sent[0]?.url).toBe("https://hub.example/graphql");
    expect(sent[0]?.body).toEqual({ documentId: `sha256:${"a".repeat(64)}`, operationName: "Satu", variables: { n: 1 } });
    expect(["authorization", "hub-agreement", "hub-case", "accept-language"].map((name) => sent[0]?.headers.get(name))).toEqual([
      ...["Bearer t", "PKS-2025-001", "K/1", "en"],
    ]);
    expect([sent[1]?.body["query"], sent[1]?.headers.get("hub-agreement")]).toEqual(["query Satu { ok }", null]);
  });

  test("tells what was denied and masked beside the data, so that no mask is taken for a value", async () => {
    const governance = { denied: ["Person.nik"], masked: ["Person.fullName"], maskedInSomeRows: ["Person.birthDate"] };
    const body = {
      data: { ok: null },
      ...refused("FIELD_NOT_GRANTED", { clause: "Ps. 4(2)", owner: "DUKCAPIL" }),
      extensions: { governance },
    };
    const answer = await asking(wire({ body }).send).hub.ask(document("query"), {});
    expect([answer.denied, answer.masked, answer.receipt]).toEqual([
      ["Person.nik"],
      ["Person.fullName", "Person.birthDate"],
      null,
    ]);
    expect(answer.failures[0]?.extensions.code).toBe("FIELD_NOT_GRANTED");
    const error = await failed((async () => whole(answer))());
    expect([error.code, error.clause]).toEqual(["FIELD_NOT_GRANTED", "Ps. 4(2)"]);
    expect(error.explain).toBe("FIELD_NOT_GRANTED: told: FIELD_NOT_GRANTED · clause Ps. 4(2) · ask DUKCAPIL");
  });

  test("waits as long as it is told, and a little more, when too much was asked or the hub is busy", async () => {
    const { sent, send } = wire(
      { status: 429, body: refused("REQUEST_RATE_LIMITED"), headers: { "retry-after": "2" } },
      { status: 503, body: refused("OVERLOADED"), headers: { "retry-after": "1" } },
      {},
    );
    const { hub, slept } = asking(send);
    expect((await hub.ask(document("query"), {})).data).toEqual({ ok: true });
    expect(sent).toHaveLength(3);
    expect(slept.map((ms) => Math.floor(ms / 1000))).toEqual([2, 1]);
  });

  test("is over at once where nobody says when to come back, or only tomorrow, or after as many tries as were allowed", async () => {
    const never = wire({ status: 503, body: refused("OVERLOADED") });
    expect((await failed(asking(never.send).hub.ask(document("query"), {}))).code).toBe("OVERLOADED");
    const tomorrow = wire({ status: 429, body: refused("QUOTA_EXCEEDED"), headers: { "retry-after": "30000" } });
    const spent = await failed(asking(tomorrow.send).hub.ask(document("query"), {}));
    expect([spent.code, spent.retryAfterMs]).toEqual(["QUOTA_EXCEEDED", 30_000_000]);
    const always = wire({ status: 503, body: refused("OVERLOADED"), headers: { "retry-after": "1" } });
    await failed(asking(always.send, { retries: 2 }).hub.ask(document("query"), {}));
    const counted = wire({ status: 503, body: refused("OVERLOADED"), headers: { "retry-after": "1" } });
    await failed(asking(counted.send).hub.ask(document("query"), {}, { retries: 0 }));
    const broken = wire({ status: 500, body: refused("INTERNAL_SERVER_ERROR"), headers: { "retry-after": "1" } });
    await failed(asking(broken.send).hub.ask(document("query"), {}));
    expect([never, tomorrow, always, counted, broken].map(({ sent }) => sent.length)).toEqual([1, 1, 3, 1, 1]);
  });

  test("a mutation is sent once, whatever the hub says", async () => {
    for (const [status, code] of [
      [503, "OVERLOADED"],
      [429, "REQUEST_RATE_LIMITED"],
      [401, "UNAUTHENTICATED"],
      [500, "OUTCOME_UNCONFIRMED"],
    ] as const) {
      const receipt = { id: "r", leaf: "0" };
      const { sent, send } = wire({ status, body: refused(code, { receipt }), headers: { "retry-after": "1" } });
      const { hub, slept } = asking(send);
      const error = await failed(hub.ask(document("mutation"), {}));
      expect([error.code, error.status, error.receipt, sent.length, slept]).toEqual([code, status, receipt, 1, []]);
    }
  });

  test("a token that ended before its time is renewed once, for a query", async () => {
    const forgotten: string[] = [];
    let made = 0;
    const token = { get: async () => `t${made++}`, forget: (one: string) => void forgotten.push(one) };
    const { sent, send } = wire({ status: 401, body: refused("UNAUTHENTICATED") });
    expect((await failed(asking(send, { token }).hub.ask(document("query"), {}))).code).toBe("UNAUTHENTICATED");
    expect([sent.length, forgotten, sent[1]?.headers.get("authorization")]).toEqual([2, ["t0", "t1"], "Bearer t1"]);
  });

  test("a token that a mutation was refused with is not shown again", async () => {
    const forgotten: string[] = [];
    const token = { get: async () => "t", forget: (one: string) => void forgotten.push(one) };
    const { sent, send } = wire({ status: 401, body: refused("UNAUTHENTICATED") });
    await failed(asking(send, { token }).hub.ask(document("mutation"), {}));
    expect([sent.length, forgotten]).toEqual([1, ["t"]]);
  });

  test("what is no answer of a hub is an error without a code of the hub's, and never data", async () => {
    const { hub } = asking(async () => new Response("<html>", { status: 200 }));
    expect((await failed(hub.ask(document("query"), {}))).code).toBe("NO_ANSWER");
    const gone = asking(() => Promise.reject(new TypeError("fetch failed")));
    expect((await failed(gone.hub.ask(document("query"), {}))).status).toBe(0);
  });

  test("the next question is held back when the burst is used up, and not before", async () => {
    const headers = (left: number) => ({ "ratelimit-policy": `"burst";q=100;w=60`, ratelimit: `"burst";r=${left};t=60` });
    const { send } = wire({ headers: headers(1) }, { headers: headers(0) }, {});
    const { hub, slept } = asking(send);
    await hub.ask(document("query"), {});
    expect((await hub.ask(document("query"), {})).limits).toEqual({
      burst: { quota: 100, windowSeconds: 60, remaining: 0, resetSeconds: 60 },
    });
    expect(slept).toEqual([]);
    await hub.ask(document("mutation"), {});
    expect(slept).toEqual([600]);
  });
});

test("no token and no secret goes in the clear to another machine", () => {
  const token = { get: async () => "t", forget: () => undefined };
  for (const address of ["http://hub.example", "ftp://hub.example", "http://127.0.0.1.example", "http://localhost.example"]) {
    expect(() => connect({ url: address, token })).toThrow("HTTPS only");
    expect(() => clientCredentials({ tokenUrl: address, clientId: "a", secret: "b" })).toThrow("HTTPS only");
  }
  for (const address of ["https://hub.example", "http://127.0.0.1:4000", "http://localhost:4000", "http://[::1]:4000"])
    expect(connect({ url: address, token })).toBeDefined();
});

describe("headers", () => {
  test("limits are read as the hub writes them, and anything else is none", () => {
    const told = new Headers({
      "ratelimit-policy": `"burst";q=6000;w=60, "persons";q=500;w=86400`,
      ratelimit: `"burst";r=0;t=1, "persons";r=7;t=100`,
    });
    expect(limitsOf(told)["persons"]).toEqual({ quota: 500, windowSeconds: 86_400, remaining: 7, resetSeconds: 100 });
    expect(holdBackMs(limitsOf(told))).toBe(10);
    for (const hostile of ["", ",", ";;", `"burst"`, `"burst";r=x`])
      expect(holdBackMs(limitsOf(new Headers({ ratelimit: hostile })))).toBe(0);
  });
  test("Retry-After is seconds or a date", () => {
    const of = (text: string) => retryAfterOf(new Headers({ "retry-after": text }), Date.parse("2026-11-23T00:00:00Z"));
    expect(["3", "Mon, 23 Nov 2026 00:00:05 GMT", "Sun, 22 Nov 2026 00:00:05 GMT", "soon", ""].map(of)).toEqual([
      3000,
      5000,
      0,
      null,
      null,
    ]);
  });
});

describe("a token", () => {
  const issuer = (lives = 300) => {
    const asked: { readonly headers: Headers; readonly fields: URLSearchParams }[] = [];
    const send: typeof fetch = async (_, init) => {
      asked.push({ headers: new Headers(init?.headers), fields: new URLSearchParams(String(init?.body)) });
      return Response.json({ access_token: `t${asked.length}`, expires_in: lives });
    };
    return { asked, send };
  };
  const of = (send: typeof fetch, more: object = { secret: "s:/ x" }) => {
    const clock = { now: 1_000_000 };
    const options = { tokenUrl: "https://issuer.example/token", clientId: "bank a", fetch: send, now: () => clock.now, ...more };
    return { source: clientCredentials(options), clock };
  };

  test("is asked for once by however many ask at once, kept, and renewed before it ends", async () => {
    const { asked, send } = issuer();
    const { source, clock } = of(send);
    expect(await Promise.all(Array.from({ length: 20 }, () => source.get()))).toEqual(Array(20).fill("t1"));
    clock.now += 269_000;
    expect(await source.get()).toBe("t1");
    clock.now += 2_000; // 29 seconds before its end
    expect(await Promise.all([source.get(), source.get()])).toEqual(["t2", "t2"]);
    expect(asked).toHaveLength(2);
    expect(atob(asked[0]?.headers.get("authorization")?.slice(6) ?? "")).toBe("bank+a:s%3A%2F+x");
  });
  test("that was forgotten is asked for anew; forgetting an older one changes nothing", async () => {
    const { source } = of(issuer().send);
    const first = await source.get();
    source.forget(first);
    const second = await source.get();
    source.forget(first);
    expect([first, second, await source.get()]).toEqual(["t1", "t2", "t2"]);
  });
  test("is not waited for without end", async () => {
    const silent: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
    const error = await failed(of(silent, { secret: "s", timeoutMs: 5 }).source.get());
    expect(error.name).toBe("TimeoutError");
  });
  test("that is refused is an error, and the next one who asks tries again", async () => {
    const answers = [
      Response.json({ error: "invalid_client" }, { status: 401 }),
      Response.json({ access_token: "t", expires_in: 60 }),
    ];
    const { source } = of(async () => answers.shift() as Response);
    expect((await failed(source.get())).message).toBe("the issuer gives no token: invalid_client");
    expect(await source.get()).toBe("t");
  });
  test("is asked for with a signature where the client has a key: nothing secret goes out", async () => {
    const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, [
      "sign",
      "verify",
    ]);
    const { asked, send } = issuer();
    await of(send, { key: { privateKey, id: "k1" }, now: Date.now }).source.get();
    const { fields, headers } = asked[0] as (typeof asked)[number];
    const { payload, protectedHeader } = await jwtVerify(fields.get("client_assertion") ?? "", publicKey, {
      audience: "https://issuer.example/token",
    });
    expect([protectedHeader.kid, payload.iss, payload.sub, headers.get("authorization")]).toEqual([
      "k1",
      "bank a",
      "bank a",
      null,
    ]);
  });
});

describe("pages", () => {
  type Data = { readonly list: Connection<number> | null };
  const reading = (lists: readonly (Connection<number> | null)[]) => {
    const { sent, send } = wire(...lists.map((list) => ({ body: { data: { list } } })));
    const listed = document("query") as unknown as TypedDocument<Data, { after?: string | null }>;
    const read = async () => {
      const found: number[] = [];
      for await (const { nodes } of pages(asking(send).hub, listed, { variables: {}, list: ({ list }) => list }))
        found.push(...nodes);
      return found;
    };
    return { sent, read };
  };
  const page = (nodes: (number | null)[], endCursor: string | null, hasNextPage = true) => ({
    nodes,
    pageInfo: { hasNextPage, endCursor },
  });

  test("come one after the other until the last, rows that are null left out", async () => {
    const { sent, read } = reading([page([1, null], "a"), page([2], "b"), page([3], "c", false)]);
    expect(await read()).toEqual([1, 2, 3]);
    expect(sent.map(({ body }) => body["variables"])).toEqual([{ after: null }, { after: "a" }, { after: "b" }]);
  });
  test("end where the hub says so, never quietly before it, and never go round in a circle", async () => {
    expect(await reading([page([1], null, false)]).read()).toEqual([1]);
    for (const pageInfo of [
      { hasNextPage: true, endCursor: null },
      { hasNextPage: null, endCursor: "a" },
    ])
      expect(await failed(reading([{ nodes: [1], pageInfo }]).read())).toBeInstanceOf(HubError);
    await expect(reading([page([1], "a")]).read()).rejects.toThrow("the same page came twice");
  });
  test("of a list that is closed are an error, not an empty list", async () => {
    for (const list of [null, { nodes: [1] }]) expect(await failed(reading([list]).read())).toBeInstanceOf(HubError);
  });
});

test("the kit knows every code of the hub", () => {
  const known = Object.keys(labels.en["codes"] ?? {}).filter((code) => new Refusal({ code: code as never }).status !== undefined);
  expect(known.length).toBeGreaterThan(30);
  expect(known.filter((code) => !CODES.some((one) => one === code))).toEqual([]);
});
