import { expect, test } from "vitest";
import { useHub } from "../../kit/hub.ts";
import { siti } from "../../kit/people.ts";
import { Visitor } from "../../kit/visitor.ts";

const hub = useHub();

const ME = "{ me { client agency { code } agreement { purpose { code } } steward { id name roles agency { code } } } }";
const asked = async (visitor: Visitor, headers: Record<string, string> = {}, query = ME) => {
  const response = await visitor.ask(hub.url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json", ...headers },
    body: JSON.stringify({ query }),
  });
  const body = (await response.json()) as { data?: any; errors?: { extensions: { code: string } }[] };
  return { status: response.status, data: body.data, code: body.errors?.[0]?.extensions.code, errors: body.errors };
};
const sessionOf = async (visitor: Visitor): Promise<Record<string, any>> => {
  const response = await visitor.ask(`${hub.gatewayUrl}/session`);
  return { status: response.status, ...((await response.json()) as object) };
};

test("a steward who signs in asks in the steward's own name, and every page knows who it is", async () => {
  const visitor = await hub.signedIn("steward.kemensos");
  expect([...visitor.cookies.keys()].filter((name) => name.startsWith("hub_"))).toEqual(["hub_console"]);
  const { data } = await asked(visitor);
  expect(data.me).toEqual({
    client: "konsol",
    agency: { code: "KEMENSOS" },
    agreement: { purpose: { code: "ACCESS_GOVERNANCE" } },
    steward: { id: "steward.kemensos", name: "Pengelola data KEMENSOS", roles: ["STEWARD"], agency: { code: "KEMENSOS" } },
  });
  const { status, face, person, expiresAt } = await sessionOf(visitor);
  expect([status, face, person]).toEqual([200, "console", { id: "steward.kemensos", name: "Pengelola data KEMENSOS" }]);
  expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(7.9 * 60 * 60 * 1000);
});

test("an officer of the registry signs in through the same console, under another agreement", async () => {
  const { data } = await asked(await hub.signedIn("verifikator.dinsos_banyuwangi"));
  expect(data.me).toMatchObject({
    agency: { code: "DINSOS_BANYUWANGI" },
    agreement: { purpose: { code: "REGISTRY_MANAGEMENT" } },
    steward: { id: "verifikator.dinsos_banyuwangi", roles: ["OFFICER"] },
  });
});

test("a citizen signs in at the citizens' pages, and is told as a person, not as a steward", async () => {
  const visitor = await hub.signedIn(`person:${siti.id}`);
  const { data } = await asked(visitor);
  expect(data.me).toMatchObject({
    client: "portal-warga",
    agreement: { purpose: { code: "DATA_SUBJECT_RIGHTS" } },
    steward: null,
  });
  expect(await sessionOf(visitor)).toMatchObject({ face: "warga", person: { id: `person:${siti.id}`, name: siti.fullName } });
  const { data: own } = await asked(visitor, {}, "{ dataSubject { fullName } }");
  expect(own.dataSubject).toEqual({ fullName: siti.fullName });
});

test("whoever is signed in at both faces is asked for by the page that asks", async () => {
  const visitor = await hub.signedIn("steward.kemensos");
  for (const [name, value] of (await hub.signedIn(`person:${siti.id}`)).cookies) visitor.cookies.set(name, value);
  const by = async (path: string) => (await asked(visitor, { referer: `${hub.gatewayUrl}${path}` })).data.me.client;
  expect(await by("/console/access")).toBe("konsol");
  expect(await by("/warga")).toBe("portal-warga");
  expect(await by("/warga/usul")).toBe("portal-warga");
});

test("whoever signs out is nobody, and the issuer gives nothing more for that sign-in", async () => {
  const visitor = await hub.signedIn("steward.kemensos");
  const held = visitor.header;
  const left = await visitor.ask(`${hub.gatewayUrl}/sign-out?face=console`, { method: "POST" });
  expect([left.status, left.headers.get("location")]).toEqual([303, "/console/"]);
  expect([...visitor.cookies.keys()].filter((name) => name.startsWith("hub_"))).toEqual([]);
  expect((await asked(visitor)).code).toBe("UNAUTHENTICATED");
  expect((await sessionOf(visitor))["status"]).toBe(401);
  expect(held).toContain("hub_console=");
});

test("a sign-in leads back to where it was begun", async () => {
  const visitor = new Visitor();
  const login = await visitor.open(
    `${hub.gatewayUrl}/sign-in?face=console&to=${encodeURIComponent("/console/access?agency=BPS")}`,
  );
  expect(await login.text()).toContain('<html lang="id">');
  const chosen = await visitor.ask(login.url, { method: "POST", body: new URLSearchParams({ id: "dpo.bps" }) });
  const resumed = await visitor.ask(chosen.headers.get("location") ?? "");
  const back = await visitor.ask(resumed.headers.get("location") ?? "");
  expect([back.status, back.headers.get("location")]).toEqual([303, "/console/access?agency=BPS"]);
});

test("one person after another signs in at the same browser, each asked who they are", async () => {
  const visitor = await hub.signedIn("steward.kemensos");
  const login = await visitor.open(`${hub.gatewayUrl}/sign-in?face=console`);
  expect(login.url).toMatch(/\/login\//);
  const chosen = await visitor.ask(login.url, { method: "POST", body: new URLSearchParams({ id: "auditor.bpk" }) });
  await visitor.open(new URL(chosen.headers.get("location") ?? "", login.url).href, {
    headers: { "sec-fetch-site": "cross-site" },
  });
  expect((await sessionOf(visitor))["person"]).toEqual({ id: "auditor.bpk", name: "Auditor BPK" });
});

test("the sign-in page says that there is nobody of an id, in words and in its title", async () => {
  const visitor = new Visitor();
  const { url } = await visitor.open(`${hub.gatewayUrl}/sign-in?face=console`);
  const refused = await visitor.ask(url, { method: "POST", body: new URLSearchParams({ id: '"><b>nobody' }) });
  const page = await refused.text();
  expect(refused.status).toBe(422);
  expect(page).toContain("<title>Kesalahan: ");
  expect(page).toContain('role="alert"');
  expect(page).not.toContain("<b>nobody");
});

test("every page has its headers, and the console a fresh nonce each time", async () => {
  const pages = await Promise.all(
    ["/console/", "/console/access", "/sign-in/callback", "/cek-bansos"].map((path) =>
      new Visitor().ask(`${hub.gatewayUrl}${path}`),
    ),
  );
  for (const { headers } of pages) {
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("permissions-policy")).toContain("camera=()");
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/);
  }
});
