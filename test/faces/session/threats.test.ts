import { expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { useHub } from "../../kit/hub.ts";
import { siti } from "../../kit/people.ts";
import { Visitor } from "../../kit/visitor.ts";

const heard: string[] = [];
const hub = useHub({}, { heard: (_, line) => heard.push(line) });

const ask = async (visitor: Visitor, headers: Record<string, string> = {}) => {
  const response = await visitor.ask(hub.url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json", ...headers },
    body: JSON.stringify({ query: "{ me { client steward { id } } }" }),
  });
  const { data, errors } = (await response.json()) as { data?: any; errors?: { extensions: { code: string } }[] };
  return data?.me?.steward?.id ?? data?.me?.client ?? errors?.[0]?.extensions.code;
};
const sessionCookies = (visitor: Visitor) => [...visitor.cookies].filter(([name]) => name.startsWith("hub_"));
/** A sign-in that has gone as far as the issuer's answer. */
const halfway = async (who: string, to = "/console/") => {
  const visitor = new Visitor();
  const login = await visitor.open(`${hub.gatewayUrl}/sign-in?face=console&to=${encodeURIComponent(to)}`);
  const chosen = await visitor.ask(login.url, { method: "POST", body: new URLSearchParams({ id: who }) });
  const resumed = await visitor.ask(chosen.headers.get("location") ?? "");
  return { visitor, callback: resumed.headers.get("location") ?? "" };
};

test("a page of another site asks as nobody, whatever it sends, and so does whatever is no browser's page", async () => {
  const visitor = await hub.signedIn("steward.kemensos");
  expect(await ask(visitor)).toBe("steward.kemensos");
  for (const site of ["cross-site", "same-site", "none", "same-origin, cross-site", ""])
    expect(await ask(visitor, { "sec-fetch-site": site }), site).toBe("UNAUTHENTICATED");
  const form = await fetch(hub.url, {
    method: "POST",
    headers: { cookie: visitor.header, "content-type": "text/plain" },
    body: "{}",
  });
  expect([401, 415]).toContain(form.status);
});

test("a credential of its own goes before the cookie, also a bad one", async () => {
  const visitor = await hub.signedIn("steward.kemensos");
  const token = await hub.tokenOf("bpjs-kesehatan");
  expect(await ask(visitor, { authorization: `Bearer ${token}` })).toBe("bpjs-kesehatan");
  for (const authorization of ["Bearer x", "Basic x", "Bearer"])
    expect(await ask(visitor, { authorization })).toBe("UNAUTHENTICATED");
});

test("a session counts at the pages of its own face only: neither at the other's, nor where no page says which it is", async () => {
  const [steward, citizen] = [await hub.signedIn("steward.kemensos"), await hub.signedIn(`person:${siti.id}`)];
  const at = (path: string) => ({ referer: path === "" ? "" : `${hub.gatewayUrl}${path}` });
  for (const path of ["/warga", "/warga/usul", "/", "/cek-bansos", "/akuntabilitas", "/consolex", ""]) {
    expect(await ask(steward, at(path)), path).toBe("UNAUTHENTICATED");
    const { status } = await steward.ask(`${hub.gatewayUrl}/session`, { headers: at(path) });
    expect(status, path).toBe(401);
  }
  for (const path of ["/console/", "/console/explorer", "/", "/cek-bansos", "/wargax", ""])
    expect(await ask(citizen, at(path)), path).toBe("UNAUTHENTICATED");
  expect([await ask(steward, at("/console")), await ask(citizen, at("/warga"))]).toEqual(["steward.kemensos", "portal-warga"]);
});

test("what everybody may keep neither asks for a session nor renews one", async () => {
  const visitor = await hub.signedIn("steward.kemensos");
  for (const path of ["/events/keys", "/data.json", "/data/REGISTRY.csv", "/labels/id.json"]) {
    const { headers } = await visitor.ask(`${hub.gatewayUrl}${path}`);
    expect([headers.get("set-cookie"), headers.get("x-content-type-options")], path).toEqual([null, "nosniff"]);
  }
});

test("whoever was signed out is nobody, also with a cookie copied before", async () => {
  const visitor = await hub.signedIn("steward.kemensos");
  const copied = visitor.header;
  expect(await ask(visitor, { cookie: copied })).toBe("steward.kemensos");
  await visitor.ask(`${hub.gatewayUrl}/sign-out?face=console`, { method: "POST" });
  expect(await ask(visitor, { cookie: copied })).toBe("UNAUTHENTICATED");
});

test("a cookie that is changed, cut, another face's or of a sign-in under way is nobody's", async () => {
  const { cookies } = await hub.signedIn("steward.kemensos");
  const good = cookies.get("hub_console") ?? "";
  const middle = Math.floor(good.length / 2);
  const { visitor: pending } = await halfway("steward.bps");
  for (const [name, value] of [
    ["hub_console", `${good.slice(0, middle)}${good[middle] === "A" ? "B" : "A"}${good.slice(middle + 1)}`],
    ["hub_console", good.slice(0, -30)],
    ["hub_warga", good],
    ["hub_console", pending.cookies.get("hub_sign_in_console") ?? ""],
    ["hub_console", ""],
  ] as const) {
    const visitor = new Visitor();
    visitor.cookies.set(name, value);
    expect(await ask(visitor), name).toBe("UNAUTHENTICATED");
  }
});

test("nobody is signed in as whoever sends them a link: the sign-in ends in the browser it began in", async () => {
  const { callback } = await halfway("steward.kemensos");
  const victim = new Visitor();
  expect((await victim.ask(callback, { headers: { "sec-fetch-site": "cross-site" } })).status).toBe(400);
  expect(sessionCookies(victim)).toEqual([]);
  const { visitor: other } = await halfway("steward.bps"); // one of their own under way
  expect((await other.ask(callback)).status).toBe(400);
  expect(await ask(other)).toBe("UNAUTHENTICATED");
});

test("an answer of the issuer counts once, also with the cookie it began with", async () => {
  const { visitor, callback } = await halfway("steward.kemensos");
  const before = new Map(visitor.cookies);
  expect((await visitor.ask(callback)).status).toBe(303);
  expect((await visitor.ask(callback)).status).toBe(400);
  const replayed = new Visitor();
  for (const [name, value] of before) replayed.cookies.set(name, value);
  expect((await replayed.ask(callback)).status).toBe(400);
  expect(await ask(replayed)).toBe("UNAUTHENTICATED");
});

test("an answer in another issuer's name, without a code, or with another code is none", async () => {
  for (const change of [
    (url: URL) => url.searchParams.set("iss", "https://evil.example"),
    (url: URL) => url.searchParams.delete("iss"),
    (url: URL) => url.searchParams.set("code", "guessed"),
    (url: URL) => url.searchParams.delete("code"),
    (url: URL) => url.searchParams.set("state", "console.guessed"),
    (url: URL) => url.searchParams.set("state", (url.searchParams.get("state") ?? "").replace("console", "warga")),
  ]) {
    const { visitor, callback } = await halfway("steward.kemensos");
    const url = new URL(callback);
    change(url);
    const answer = await visitor.ask(url.href);
    expect([400, 403]).toContain(answer.status);
    expect(await ask(visitor)).toBe("UNAUTHENTICATED");
  }
});

test("a session that was planted is gone when somebody signs in: every sign-in is a session of its own", async () => {
  const planted = (await hub.signedIn("steward.bps")).cookies.get("hub_console") ?? "";
  const { visitor, callback } = await halfway("steward.kemensos");
  visitor.cookies.set("hub_console", planted);
  await visitor.ask(callback);
  expect(visitor.cookies.get("hub_console")).not.toBe(planted);
  expect(await ask(visitor)).toBe("steward.kemensos");
});

test("a sign-in leads nowhere but to this hub", async () => {
  for (const to of ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"]) {
    const { visitor, callback } = await halfway("steward.kemensos", to);
    expect((await visitor.ask(callback)).headers.get("location"), to).toBe("/console/");
  }
});

test("no other page signs anybody out, and no link does", async () => {
  const visitor = await hub.signedIn("steward.kemensos");
  const out = `${hub.gatewayUrl}/sign-out?face=console`;
  for (const site of ["cross-site", "same-site", "none"])
    expect((await visitor.ask(out, { method: "POST", headers: { "sec-fetch-site": site } })).status).toBe(403);
  expect((await visitor.ask(out)).status).toBe(403);
  expect(await ask(visitor)).toBe("steward.kemensos");
});

test("the issuer signs people in by code and a proof by SHA-256 only, for the hub's own clients, back to this machine", async () => {
  const visitor = new Visitor();
  const begun = await visitor.ask(`${hub.gatewayUrl}/sign-in?face=console`);
  const good = new URL(begun.headers.get("location") ?? "");
  expect(good.searchParams.get("code_challenge_method")).toBe("S256");
  for (const change of [
    (url: URL) => url.searchParams.set("code_challenge_method", "plain"),
    (url: URL) => url.searchParams.delete("code_challenge"),
    (url: URL) => url.searchParams.set("response_type", "token"),
    (url: URL) => url.searchParams.set("response_type", "id_token"),
    (url: URL) => url.searchParams.set("client_id", "kemensos"),
    (url: URL) => url.searchParams.set("redirect_uri", "https://evil.example/sign-in/callback"),
    (url: URL) => url.searchParams.set("redirect_uri", "http://127.0.0.1:9/elsewhere"),
  ]) {
    const url = new URL(good);
    change(url);
    const answer = await fetch(url, { redirect: "manual" });
    expect(answer.headers.get("location") ?? "", url.search).not.toContain("/login/");
  }
});

test("cookies and tokens of a session are in no log and not on record", async () => {
  heard.length = 0;
  const visitor = await hub.signedIn(`person:${siti.id}`);
  await ask(visitor);
  await visitor.ask(`${hub.gatewayUrl}/warga`);
  await visitor.ask(`${hub.gatewayUrl}/me/copy`);
  const [, sealed = ""] = sessionCookies(visitor)[0] ?? [];
  expect(sealed.length).toBeGreaterThan(500);
  const secrets = [sealed.slice(0, 40), sealed.slice(-40), "hub_warga", "eyJ"]; // every token and every sealed value begins like JSON
  for (const secret of secrets) expect(heard.filter((line) => line.includes(secret))).toEqual([]);
  const owner = rawClient(hub.urls.governance.owner, { max: 1 });
  const rows = await owner`select e.body as line from governance.entry e`;
  await owner.end();
  expect(rows.length).toBeGreaterThan(0);
  for (const secret of secrets) expect(rows.filter(({ line }) => String(line).includes(secret))).toEqual([]);
});
