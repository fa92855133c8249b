import { describe, expect, test } from "vitest";
import { devEnvelopeSecret, ENVELOPE_HEADER, envelopeKey, seal } from "../../../schema/caller.ts";
import { subgraphs } from "../../../subgraphs/main.ts";
import { allBut, codesOf, post, useSlice } from "../../kit/slice.ts";

// T12: somebody reaches a subgraph's port without going through the gateway. The servers are real; their database is not there,
// so a request that gets past every guard ends in SUBGRAPH_UNAVAILABLE and never looks like a refusal.

const DAY = 24 * 60 * 60 * 1000;
/** Byte for byte the same, whatever was wrong. */
const REFUSED = {
  status: 401,
  text: '{"errors":[{"message":"The credential is missing, not valid or expired.","extensions":{"code":"UNAUTHENTICATED"}}]}',
};
const LET_IN = { status: 200, text: '{"data":{"__typename":"Query"}}\n' };
/** For each subgraph: an entity with its key, and a root field with an argument. */
const CASES = {
  population: {
    type: "Person",
    key: "id",
    field: "nik",
    root: "persons(first: 1) { nodes { id } }",
    argument: "Query.persons(first:)",
  },
  welfare: {
    type: "Household",
    key: "id",
    field: "monthlyIncome",
    root: "households(first: 1) { nodes { id } }",
    argument: "Query.households(first:)",
  },
  programs: {
    type: "Enrolment",
    key: "id",
    field: "component",
    root: "enrolments(first: 1) { nodes { id } }",
    argument: "Query.enrolments(first:)",
  },
  banyuwangi: {
    type: "MealAid",
    key: "id",
    field: "decision",
    root: "mealAids(first: 1) { nodes { id } }",
    argument: "Query.mealAids(first:)",
  },
  statistics: {
    type: "Region",
    key: "code",
    field: "code",
    root: "statistics(cube: RESIDENTS, first: 1) { totalCount }",
    argument: "Query.statistics(first:)",
  },
  governance: {
    type: "Agreement",
    key: "number",
    field: "title",
    root: 'agency(code: "BPK") { name }',
    argument: "Query.agency(code:)",
  },
} as const;

let clock = Date.now();
const now = () => clock;

test("T12 every subgraph of the hub is attacked", () => {
  expect(subgraphs.map(({ name }) => name).sort()).toEqual(Object.keys(CASES).sort());
});

describe.each(subgraphs.map((subgraph) => [subgraph.name, subgraph] as const))("T12 a direct call to %s", (name, subgraph) => {
  const slice = useSlice(subgraph, { now });
  const { type, key, field, root, argument } = CASES[name as keyof typeof CASES];
  const question = `{ ${root} }`;
  const body = JSON.stringify({ query: "{ __typename }" });
  const entities = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${type} { ${field} } } }`;
  const variables = { r: [{ __typename: type, [key]: "00000000-0000-4000-8000-000000000001" }] };
  const send = async (envelope: string, text = body) => {
    const answer = await post(slice.url, text, { [ENVELOPE_HEADER]: envelope });
    return { status: answer.status, text: answer.text };
  };
  /** A right envelope for `body`, changed and signed again with the key of `day`. */
  const resealed = (changes: Record<string, unknown>, day: string) => {
    const payload = JSON.parse(Buffer.from(slice.mint(body).split(".")[0] ?? "", "base64url").toString());
    return seal(envelopeKey(devEnvelopeSecret(name), name, day), JSON.stringify({ ...payload, ...changes }));
  };
  const dayAgo = (days: number) => new Date(clock - days * DAY).toISOString().slice(0, 10);

  test("T12 with a right envelope gets past the door, so the refusals below mean something", async () => {
    expect(await send(slice.mint(body))).toEqual(LET_IN);
    expect(codesOf(await slice.ask(question))).toEqual(["SUBGRAPH_UNAVAILABLE"]);
  });

  test("T12 without an envelope is refused", async () => {
    expect(await slice.ask(question, { envelope: null })).toMatchObject(REFUSED);
    expect(await send("")).toEqual(REFUSED);
  });

  test("T12 with an envelope minted for another subgraph is refused", async () => {
    const other = name === "welfare" ? "programs" : "welfare";
    expect(await send(resealed({ aud: other }, dayAgo(0)))).toEqual(REFUSED); // our key, their name
    const payload = Buffer.from(slice.mint(body).split(".")[0] ?? "", "base64url").toString();
    expect(await send(seal(envelopeKey(devEnvelopeSecret(other), other, dayAgo(0)), payload))).toEqual(REFUSED); // their key, our name
  });

  test("T12 with a changed body is refused, were it one space", async () => {
    expect(await send(slice.mint(body), `${body} `)).toEqual(REFUSED);
    expect(await send(slice.mint(body), JSON.stringify({ query: question }))).toEqual(REFUSED);
  });

  test("T12 with a changed envelope is refused", async () => {
    const [payload = "", signature = ""] = slice.mint(body).split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    const wider = Buffer.from(JSON.stringify({ ...claims, caller: { ...claims.caller, agency: "BPK" } })).toString("base64url");
    expect(await send(`${wider}.${signature}`)).toEqual(REFUSED);
    expect(await send(payload)).toEqual(REFUSED);
    expect(await send(`${payload}.`)).toEqual(REFUSED);
  });

  test("T12 with an expired envelope is refused", async () => {
    const envelope = slice.mint(body);
    clock += 10_001;
    expect(await send(envelope)).toEqual(REFUSED);
  });

  test("T12 with a replayed envelope is refused, the first use is not", async () => {
    const envelope = slice.mint(body);
    expect(await send(envelope)).toEqual(LET_IN);
    expect(await send(envelope)).toEqual(REFUSED);
  });

  test("T12 with the key of another day is refused; yesterday's still holds over midnight", async () => {
    expect(await send(resealed({ kid: dayAgo(2) }, dayAgo(2)))).toEqual(REFUSED);
    expect(await send(resealed({ kid: dayAgo(-1) }, dayAgo(-1)))).toEqual(REFUSED);
    expect(await send(resealed({ kid: dayAgo(0) }, dayAgo(1)))).toEqual(REFUSED); // yesterday's key under today's name
    expect(await send(resealed({ kid: dayAgo(1) }, dayAgo(1)))).toEqual(LET_IN);
  });

  test("T12 with an envelope over another coordinate list is refused", async () => {
    expect(await send(resealed({ sx: "of an older schema" }, dayAgo(0)))).toEqual(REFUSED);
  });

  test("T12 by _entities without an envelope is refused", async () => {
    expect(await slice.ask(entities, { variables, envelope: null })).toMatchObject(REFUSED);
  });

  test("T12 by _entities under an envelope without the key is denied whole", async () => {
    const answer = await slice.ask(entities, { variables, verbs: allBut(subgraph, [`${type}.${key}`]) });
    expect(codesOf(answer)).toEqual(["FIELD_NOT_GRANTED"]);
    expect(answer.errors[0]?.extensions.coordinate).toBe("Query._entities");
    expect(answer.data).toBeNull();
  });

  test("T12 by _entities with a key field outside the envelope, or a type nobody resolves, is denied whole", async () => {
    const smuggled = { r: [{ ...variables.r[0], [field]: "echo me" }] };
    const verbs = allBut(subgraph, [`${type}.${field}`]);
    expect(codesOf(await slice.ask(entities, { variables: smuggled, verbs }))).toEqual(["FIELD_NOT_GRANTED"]);
    for (const __typename of ["PageInfo", "Nobody", "__Type"])
      expect(codesOf(await slice.ask(entities, { variables: { r: [{ __typename, id: "1" }] } }))).toEqual(["FIELD_NOT_GRANTED"]);
  });

  test("T12 by _service is denied under the widest envelope", async () => {
    const answer = await slice.ask("{ _service { sdl } }");
    expect(codesOf(answer)).toEqual(["FIELD_NOT_GRANTED"]);
    expect(answer.text).not.toContain("@key");
  });

  test("T12 by introspection is denied under the widest envelope", async () => {
    for (const query of ["{ __schema { types { name } } }", `{ __type(name: "${type}") { fields { name } } }`]) {
      const answer = await slice.ask(query);
      expect(codesOf(answer)).toEqual(["GRAPHQL_VALIDATION_FAILED"]);
      expect(answer.text).not.toContain(`"name":"${field}"`);
    }
  });

  test("T12 for a field outside the envelope is denied: plain, under an alias, inside fragments", async () => {
    const coordinate = `Query.${root.split(/[( ]/)[0]}`;
    const verbs = allBut(subgraph, [coordinate]);
    const ways = [
      question,
      `{ innocent: ${root} }`,
      `{ ... on Query { ${root} } }`,
      `{ ...f } fragment f on Query { x: ${root} }`,
      `query ($yes: Boolean = true) { ${root.replace(" {", " @include(if: $yes) {")} }`,
    ];
    for (const query of ways) {
      const answer = await slice.ask(query, { verbs });
      expect(answer.errors.map(({ extensions }) => [extensions.code, extensions.coordinate])).toEqual([
        ["FIELD_NOT_GRANTED", coordinate],
      ]);
    }
  });

  test("T12 for an argument outside the envelope is denied: literal and by variable", async () => {
    const verbs = allBut(subgraph, [argument]);
    const [given = ""] = /(?<=\()\w+/.exec(argument) ?? [];
    const [literal = ""] = new RegExp(`(?<=${given}: )[^,)]+`).exec(root) ?? [];
    const declared = `query ($v: ${name === "governance" ? "ID!" : "Int"}) { ${root.replace(literal, "$v")} }`;
    for (const answer of [
      await slice.ask(question, { verbs }),
      await slice.ask(declared, { verbs, variables: { v: JSON.parse(literal) } }),
    ])
      expect(answer.errors.map(({ extensions }) => [extensions.code, extensions.coordinate])).toEqual([
        ["USE_NOT_GRANTED", argument],
      ]);
  });

  test("T12 by a stranger's GET, PUT or another path is refused", async () => {
    const get = await fetch(`${slice.url}?query=${encodeURIComponent(question)}`, {
      headers: { [ENVELOPE_HEADER]: slice.mint("") },
    });
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST"]);
    expect((await fetch(slice.url, { method: "PUT", body })).status).toBe(405);
    expect((await fetch(slice.url.replace("/graphql", "/"), { method: "POST", body })).status).toBe(404);
    expect((await fetch(slice.url.replace("/graphql", "/health"))).status).toBe(200);
  });

  test("T12 refusals leave the failed check in the log and no envelope", async () => {
    await slice.ask(question, { envelope: "a.b" });
    expect(slice.log.filter((line) => line.includes("an envelope was refused")).length).toBeGreaterThan(0);
    expect(slice.log.join("")).not.toContain(slice.mint(body).split(".")[0]?.slice(0, 40));
  });
});
