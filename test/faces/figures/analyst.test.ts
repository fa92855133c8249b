import { expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { type Answered, useHub } from "../../kit/hub.ts";

const hub = useHub();

const codesOf = ({ errors }: Answered) => [...new Set(errors.map(({ extensions }) => extensions["code"] as string))];
const ME = "{ me { client agreement { number purpose { code } } steward { id name roles } } }";
const HOUSEHOLDS = "{ households(first: 5) { nodes { id region { code } members { person { id fullName nik } } } } }";

test("an analyst asks what the services of the agency may ask, field by field, and is told by name", async () => {
  for (const [analyst, client, agreement] of [
    ["analis.dinsos_banyuwangi", "dinsos-banyuwangi", "PKS-2025-004"],
    ["analis.bpjs_kesehatan", "bpjs-kesehatan", "PKS-2025-002"],
    ["analis.kemendikdasmen", "kemendikdasmen", "PKS-2025-003"],
    ["analis.bappenas", "bappenas", "PKS-2025-005"],
  ] as const) {
    const [person, service] = [hub.as(analyst), hub.as(client)];
    const { data } = await person.ask(ME);
    expect(data["me"]).toMatchObject({ agreement: { number: agreement }, steward: { id: analyst, roles: ["ANALYST"] } });
    const [own, theirs] = [await person.ask(HOUSEHOLDS), await service.ask(HOUSEHOLDS)];
    expect(own.data, analyst).toEqual(theirs.data);
    expect([own.status, own.denied, own.masked]).toEqual([theirs.status, theirs.denied, theirs.masked]);
  }
});

test("the record names the analyst who asked, as it names officers", async () => {
  const { governance } = await hub.as("analis.bappenas").ask(ME);
  const owner = rawClient(hub.urls.governance.owner, { max: 1 });
  const rows = await owner<{ body: string }[]>`select body from governance.entry order by id desc limit 20`;
  await owner.end();
  expect(governance["agreement"]).toBe("PKS-2025-005");
  expect(rows.map(({ body }) => JSON.parse(body)).some(({ officer }) => officer === "analis.bappenas")).toBe(true);
});

test("an analyst governs nothing, keeps no registry, runs no program and is no citizen, whatever agreement is named", async () => {
  const OTHERS = [
    ["analis.dinsos_banyuwangi", "PKS-2025-021"],
    ["analis.dinsos_banyuwangi", "PKS-2025-026"],
    ["analis.dinsos_banyuwangi", "PKS-2025-104"],
    ["analis.dinsos_banyuwangi", "PKS-2025-002"],
    ["analis.bappenas", "PKS-2025-105"],
    ["analis.bappenas", "PKS-2025-008"],
    ["analis.kemendikdasmen", "PKS-2025-029"],
  ] as const;
  for (const [analyst, agreement] of OTHERS)
    expect(codesOf(await hub.as(analyst, { agreement }).ask(ME)), `${analyst} under ${agreement}`).toEqual(["FORBIDDEN"]);
});

test("nor does a steward, an officer or an officer of programs ask what only an analyst may", async () => {
  for (const who of ["steward.dinsos_banyuwangi", "verifikator.dinsos_banyuwangi", "bansos.dinsos_banyuwangi"])
    expect(codesOf(await hub.as(who, { agreement: "PKS-2025-004" }).ask(HOUSEHOLDS)), who).toEqual(["FORBIDDEN"]);
});

test("to the sources an analyst is no officer: what is for officers stays shut, and other agencies' agreements unseen", async () => {
  const analyst = hub.as("analis.dinsos_banyuwangi");
  const { data } = await analyst.ask("{ agreements { number } stewards: __typename }");
  const service = await hub.as("dinsos-banyuwangi").ask("{ agreements { number } stewards: __typename }");
  expect(data).toEqual(service.data);
  for (const query of ['{ explainAccess(requestId: "x") { requestId } }', "{ policyEvents(first: 1) { nodes { at } } }"])
    expect(codesOf(await analyst.ask(query))).toEqual(codesOf(await hub.as("dinsos-banyuwangi").ask(query)));
});

test("an analyst tries no other agreement", async () => {
  const response = await fetch(hub.url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await hub.tokenOf("analis.bappenas")}`,
      "content-type": "application/json",
      "hub-try-as": "PKS-2025-002",
    },
    body: JSON.stringify({ query: ME }),
  });
  const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
  expect(errors[0]?.extensions.code).toBe("FORBIDDEN");
});

test("an analyst registers documents of the agency's agreement, and they bear the analyst's name", async () => {
  const { data, errors } = await hub
    .as("analis.bpjs_kesehatan")
    .ask(
      `mutation ($documents: [DocumentInput!]!) { registerDocuments(agreement: "PKS-2025-002", documents: $documents) { registered { id } } }`,
      { documents: [{ document: "{ me { client } }", name: "Me" }] },
    );
  expect(errors).toEqual([]);
  expect(data["registerDocuments"].registered).toHaveLength(1);
  const owner = rawClient(hub.urls.governance.owner, { max: 1 });
  const rows = await owner`select registered_by as by from governance.trusted_document where agreement_number = 'PKS-2025-002'`;
  await owner.end();
  expect(rows.map(({ by }) => by)).toEqual(["analis.bpjs_kesehatan"]);
});

test("an analyst who signs in at the console asks through it, with a choice of agreement", async () => {
  const visitor = await hub.signedIn("analis.dinsos_banyuwangi");
  const ask = async (headers: Record<string, string>) => {
    const response = await visitor.ask(hub.url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query: ME }),
    });
    const { data, errors } = (await response.json()) as { data?: any; errors?: any[] };
    return data?.me ?? errors?.[0]?.extensions.code;
  };
  const me = { client: "konsol", agreement: { number: "PKS-2025-004" }, steward: { id: "analis.dinsos_banyuwangi" } };
  expect(await ask({})).toMatchObject(me);
  expect(await ask({ "hub-agreement": "PKS-2025-004" })).toMatchObject(me);
  expect(await ask({ "hub-agreement": "PKS-2025-021" })).toBe("FORBIDDEN");
});

test("whoever signs in is told exactly the agreements that they may ask under", async () => {
  const owner = rawClient(hub.urls.governance.owner, { max: 1 });
  const all = (await owner<{ number: string }[]>`select number from governance.agreement`).map(({ number }) => number);
  await owner.end();
  for (const who of ["analis.dinsos_banyuwangi", "analis.bappenas", "steward.kemensos", "verifikator.dinsos_banyuwangi"]) {
    const visitor = await hub.signedIn(who);
    const told = (await (await visitor.ask(`${hub.gatewayUrl}/session/agreements`)).json()) as string[];
    const open: string[] = [];
    for (const agreement of all) {
      const body = JSON.stringify({ query: "{ me { client } }" });
      const headers = { "content-type": "application/json", "hub-agreement": agreement, "hub-case": "K-1" };
      const { data } = (await (await visitor.ask(hub.url, { method: "POST", headers, body })).json()) as { data?: unknown };
      if (data) open.push(agreement);
    }
    expect(told.length, who).toBeGreaterThan(0);
    expect(told, who).toEqual(open.sort());
  }
  const stranger = await fetch(`${hub.gatewayUrl}/session/agreements`);
  expect(stranger.status).toBe(401);
});

test("of the people of the console none takes another's streams of events", async () => {
  const leaving = new AbortController();
  const [one, other] = [await hub.signedIn("analis.kemendikdasmen"), await hub.signedIn("analis.dinsos_banyuwangi")];
  const follow = async (visitor: typeof one) => {
    const { status } = await visitor.ask(`${hub.gatewayUrl}/events`, { signal: leaving.signal });
    return status;
  };
  for (const _ of [1, 2, 3, 4]) expect(await follow(one)).toBe(200);
  expect([await follow(one), await follow(other)]).toEqual([429, 200]);
  leaving.abort();
});
