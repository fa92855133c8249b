import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { dropped, found, kept, TooLong } from "../../../console/session/cookies.ts";
import type { IssuerClient, Tokens } from "../../../console/session/issuer.ts";
import { isOwn, originOf, safePath } from "../../../console/session/origin.ts";
import { createSealer } from "../../../console/session/seal.ts";
import { createSessions, type FaceName, IDLE_MS, LONGEST_MS, type Session } from "../../../console/session/session.ts";
import type { Incoming } from "../../../gateway/types/chain.ts";

const MINUTE = 60_000;
const NOW = Date.parse("2026-11-22T08:00:00+07:00");
const sealer = createSealer("s".repeat(40));
const with_ = (headers: Record<string, string>): Incoming => ({ headers }) as unknown as Incoming;
/** What a browser sends back of what it was told to keep. */
const sentBack = (lines: readonly string[]) => with_({ cookie: lines.map((line) => line.split(";")[0]).join("; ") });

describe("a text kept in cookies", () => {
  test("comes back whole, in as many cookies as it needs, each of which a browser takes", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w.-]{1,7200}$/), fc.boolean(), (text, isSecure) => {
        const lines = kept("hub_console", text, { isSecure, forMs: MINUTE });
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(4096);
        expect(found("hub_console", sentBack(lines), { isSecure })).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  test("is bound to this very host where the hub is published over https, and no script reads it", () => {
    const [line] = kept("hub_console", "x", { isSecure: true, forMs: MINUTE });
    expect(line).toBe("__Host-hub_console=1.x; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
    expect(found("hub_console", with_({ cookie: "hub_console=1.planted" }), { isSecure: true })).toBeNull();
  });

  test("is dropped with all its pieces", () => {
    const lines = kept("hub_console", "x".repeat(7000), { isSecure: false, forMs: MINUTE });
    expect(lines).toHaveLength(2);
    expect(dropped("hub_console", sentBack(lines), { isSecure: false }).map((line) => line.split("=")[0])).toEqual([
      "hub_console",
      "hub_console.1",
    ]);
  });

  test("is refused where browsers and servers would no longer take it", () => {
    expect(() => kept("hub_console", "x".repeat(7201), { isSecure: true, forMs: MINUTE })).toThrow(TooLong);
  });

  test.each(["", "x", "0.", "9.x", "2.half", "=", "1", "x.y"])("is not made out of %j", (value) => {
    const got = found("hub_console", with_({ cookie: `hub_console=${value}` }), { isSecure: false });
    expect(got === null || got === "half").toBe(true);
  });
});

describe("where a sign-in leads", () => {
  test.each([
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "evil.example",
    "",
    "/a b",
    "/console\r\nset-cookie: x=1",
    "/\u2028/evil",
  ])("%j is nowhere of ours", (path) => {
    expect(safePath(path, "/console/")).toBe("/console/");
  });

  test("whatever is let through is a path of this very origin, as browsers read it", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webPath(), fc.stringMatching(/^\/[/\\.@:a-z\t\n]*$/)), (path) => {
        expect(new URL(safePath(path, "/"), "https://hub.example").origin).toBe("https://hub.example");
      }),
      { numRuns: 2000 },
    );
    expect(safePath("/console/access?agency=BPS#top", "/")).toBe("/console/access?agency=BPS#top");
  });

  test("is the published origin, whatever host a request names; on one machine its own port", () => {
    expect(originOf(with_({ host: "evil.example" }), "https://hub.example")).toBe("https://hub.example");
    expect(originOf(with_({ host: "127.0.0.1:6100" }), "https://hub.example")).toBe("https://hub.example");
    expect(originOf(with_({ host: "evil.example" }), "http://127.0.0.1:4000")).toBe("http://127.0.0.1:4000");
    expect(originOf(with_({ host: "localhost:6100" }), "http://127.0.0.1:4000")).toBe("http://localhost:6100");
    expect(originOf(with_({ host: "[::1]:6100" }), "http://127.0.0.1:4000")).toBe("http://[::1]:6100");
    expect(originOf(with_({ host: "127.0.0.1@evil.example" }), "http://127.0.0.1:4000")).toBe("http://127.0.0.1:4000");
  });

  test("a page of ours is one that the browser says is ours, or that an old browser names the origin of", () => {
    const isOurs = (headers: Record<string, string>) => isOwn(with_(headers), "https://hub.example");
    expect(isOurs({ "sec-fetch-site": "same-origin" })).toBe(true);
    expect(isOurs({ origin: "https://hub.example" })).toBe(true);
    for (const site of ["cross-site", "same-site", "none", ""])
      expect(isOurs({ "sec-fetch-site": site, origin: "https://hub.example" })).toBe(false);
    expect(isOurs({ origin: "https://evil.example" })).toBe(false);
    expect(isOurs({})).toBe(false);
  });
});

describe("a session", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: NOW }));
  afterEach(() => void vi.useRealTimers());

  const begun: Session = {
    ...{ id: "s1", subject: "steward.kemensos", name: "Pengelola", startedAt: NOW, seenAt: NOW },
    ...{ accessToken: "a1", accessUntil: NOW + 5 * MINUTE, refreshToken: "r1" },
  };
  const sessionsOf = (refresh: IssuerClient["refresh"], face: FaceName = "console") =>
    createSessions({ face, issuer: { refresh } as IssuerClient, sealer, publicUrl: "https://hub.example" });
  const renewed = (): Promise<Tokens> =>
    Promise.resolve({ accessToken: "a2", accessUntil: Date.now() + 5 * MINUTE, refreshToken: "r2" });
  const never = () => Promise.reject(new Error("the issuer is away"));
  const cookieOf = async (session: Session = begun, face: FaceName = "console") =>
    sentBack(await sessionsOf(never, face).keep(session, with_({})));
  const again = (request: Incoming): Incoming => ({ ...request });
  const at = (ms: number) => vi.setSystemTime(NOW + ms);

  test("is sealed: nothing of its tokens can be read in the cookie, and it opens with nothing but its own key and use", async () => {
    const cookie = String((await cookieOf()).headers["cookie"]);
    for (const value of ["steward.kemensos", "a1", Buffer.from("steward.kemensos").toString("base64url")])
      expect(cookie).not.toContain(`"${value}"`);
    const sealed = await sealer.seal("session console", begun, NOW + MINUTE);
    expect(await sealer.open("session console", sealed)).toMatchObject({ subject: "steward.kemensos" });
    for (const use of ["session warga", "sign-in console", ""]) expect(await sealer.open(use, sealed)).toBeNull();
    expect(await createSealer("t".repeat(40)).open("session console", sealed)).toBeNull();
  });

  test("does not survive a change of any one character", async () => {
    const sealed = await sealer.seal("session console", begun, NOW + MINUTE);
    for (let i = 0; i < sealed.length; i += 7) {
      const changed = `${sealed.slice(0, i)}${sealed[i] === "A" ? "B" : "A"}${sealed.slice(i + 1)}`;
      const opened = await sealer.open<Session>("session console", changed);
      // the last character of a part may carry bits that nothing is made of
      expect(opened === null || opened.subject === begun.subject).toBe(true);
      if (sealed[i] !== "." && i > 60 && i < sealed.length - 30) expect(opened).toBeNull();
    }
  });

  test("goes on without asking anybody while its token is good", async () => {
    const held = await sessionsOf(never).of(await cookieOf());
    expect(held?.session).toMatchObject({ subject: "steward.kemensos", accessToken: "a1" });
    expect(held?.cookies).toEqual([]);
  });

  test("renews its token before the last minute, and the browser is told", async () => {
    const cookie = await cookieOf();
    at(4 * MINUTE + 1);
    const held = await sessionsOf(renewed).of(cookie);
    expect(held?.session).toMatchObject({ id: "s1", accessToken: "a2", refreshToken: "r2", startedAt: NOW });
    expect(held?.cookies[0]).toMatch(/^__Host-hub_console=1\./);
    expect((await sessionsOf(never).of(sentBack(held?.cookies ?? [])))?.session.accessToken).toBe("a2");
  });

  test("renews once, however many requests come with the same cookie, together or a moment later", async () => {
    const cookie = await cookieOf();
    at(4.5 * MINUTE);
    const refresh = vi.fn(renewed);
    const sessions = sessionsOf(refresh);
    const together = await Promise.all(Array.from({ length: 20 }, () => sessions.of(again(cookie))));
    expect(new Set(together.map((held) => held?.session.accessToken))).toEqual(new Set(["a2"]));
    expect((await sessions.of(again(cookie)))?.session.accessToken).toBe("a2");
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  test("ends after eight hours however busy, and after half an hour in which nobody was there", async () => {
    const busy = await cookieOf({ ...begun, seenAt: NOW + LONGEST_MS - MINUTE, accessUntil: NOW + LONGEST_MS + 5 * MINUTE });
    at(LONGEST_MS - 1000);
    expect(await sessionsOf(renewed).of(again(busy))).not.toBeNull();
    at(LONGEST_MS + 1000);
    expect(await sessionsOf(renewed).of(again(busy))).toBeNull();
    at(0);
    const idle = await cookieOf({ ...begun, accessUntil: NOW + 60 * MINUTE });
    at(IDLE_MS - 1000);
    expect(await sessionsOf(renewed).of(again(idle))).not.toBeNull();
    at(IDLE_MS);
    expect(await sessionsOf(renewed).of(again(idle))).toBeNull();
  });

  test("ends with its token where the issuer gives nothing more for it, or is away", async () => {
    const cookie = await cookieOf();
    for (const refresh of [async () => null, never]) {
      at(4.5 * MINUTE);
      expect((await sessionsOf(refresh).of(again(cookie)))?.session.accessToken).toBe("a1");
      at(5 * MINUTE);
      expect(await sessionsOf(refresh).of(again(cookie))).toBeNull();
    }
  });

  test("goes on where two gateways with one key renew it at one time, and the issuer takes a refresh token once", async () => {
    const cookie = await cookieOf();
    at(4.5 * MINUTE);
    let taken = 0;
    const rotating = async () => (++taken > 1 ? null : await renewed());
    const [first, second] = [sessionsOf(rotating), sessionsOf(rotating)];
    const [one, other] = [await first.of(again(cookie)), await second.of(again(cookie))];
    expect([one?.session.accessToken, other?.session.accessToken, other?.cookies]).toEqual(["a2", "a1", []]);
    expect((await second.of(sentBack(one?.cookies ?? [])))?.session.accessToken).toBe("a2");
  });

  test("without a refresh token ends with its access token", async () => {
    const cookie = await cookieOf({ ...begun, refreshToken: null });
    at(4.9 * MINUTE);
    expect(await sessionsOf(never).of(again(cookie))).not.toBeNull();
    at(5 * MINUTE);
    expect(await sessionsOf(never).of(again(cookie))).toBeNull();
  });

  test("that was signed out of is not brought back by what was sent before and is answered after", async () => {
    const cookie = await cookieOf();
    at(4.5 * MINUTE);
    let give: (tokens: Tokens) => void = () => {};
    const sessions = sessionsOf(() => new Promise((resolve) => (give = resolve)));
    const underWay = sessions.of(again(cookie));
    expect((await sessions.end(again(cookie))).map((line) => line.split(";")[0])).toEqual(["__Host-hub_console="]);
    give(await renewed());
    expect(await underWay).toBeNull();
    at(30 * MINUTE - 1000);
    expect(await sessions.of(again(cookie))).toBeNull();
    expect(await sessionsOf(renewed).of(again(cookie))).not.toBeNull(); // else it would have been over anyway
  });

  test("of one face is none of another, also under the other's name", async () => {
    const own = String((await cookieOf()).headers["cookie"]);
    const asOther = with_({ cookie: own.replace("hub_console", "hub_warga") });
    expect(await sessionsOf(renewed, "warga").of(with_({ cookie: own }))).toBeNull();
    expect(await sessionsOf(renewed, "warga").of(asOther)).toBeNull();
  });
});
