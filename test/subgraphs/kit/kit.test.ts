import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { isObjectType } from "graphql";
import { describe, expect, test } from "vitest";
import { devEnvelopeSecret } from "../../../schema/caller.ts";
import { Refusal } from "../../../schema/errors.ts";
import { createSubgraph } from "../../../subgraphs/kit/serve/createSubgraph.ts";
import { createLog } from "../../../subgraphs/kit/serve/log.ts";
import { subgraphs } from "../../../subgraphs/main.ts";
import { allBut, callerWith, codesOf, post, useSlice } from "../../kit/slice.ts";

const SDL = `
type Query {
  "Kotak."
  box(id: ID!): Box
  "Kotak-kotak."
  boxes(filter: BoxFilter, order: BoxOrder, sizes: [BoxOrder!], first: Int = 2): [Box!]
  "Hari."
  echo(day: Date, amount: Rupiah, region: RegionCode, instant: DateTime): [String]
  "Rusak."
  broken(kind: String!): String
  "Lambat."
  slow: String
  "Penanya."
  asker: String
}
type Box @key(fields: "id") { id: ID! content: String inner: Box owner: Owner }
type Owner @key(fields: "id", resolvable: false) { id: ID! }
input BoxFilter { colour: String size: BoxOrder }
enum BoxOrder { SMALL LARGE }
`;

let release: () => void = () => {};
const gate = new Promise<string>((resolve) => {
  release = () => resolve("done");
});
const box = (id: string) => ({ id, content: `content of ${id}`, inner: { id: `${id}.1`, content: "inner" } });

const toy = createSubgraph({
  name: "toy",
  typeDefs: SDL,
  resolvers: {
    Query: {
      box: (_: unknown, { id }: { id: string }) => box(id),
      boxes: () => [box("a"), box("b")],
      echo: (_: unknown, given: Record<string, string>) => [given["day"], given["amount"], given["region"], given["instant"]],
      slow: () => gate,
      asker: (_: unknown, _args: unknown, { caller }: { caller: { agency: string } }) => caller.agency,
      broken(_: unknown, { kind }: { kind: string }) {
        if (kind === "sql")
          throw Object.assign(new Error("Failed query: select nik from person where nik = $1\nparams: 3510014107909001"), {
            query: "select nik",
            cause: Object.assign(new Error('no bigint: "SITI "A" AMINAH" near 3510014107909001'), { code: "22P02" }),
          });
        if (kind === "refusal") throw new Refusal({ code: "BAD_USER_INPUT", detail: "kind must be another" });
        throw new TypeError("x is not a function at /secret/path.ts");
      },
    },
    Box: { __resolveReference: ({ id }: { id: string }) => box(id) },
  },
  loaders: () => ({}),
});
const slice = useSlice(toy);
const denials = async (query: string, closed: string[], variables?: Record<string, unknown>) => {
  const answer = await slice.ask(query, { verbs: allBut(toy, closed), ...(variables && { variables }) });
  return answer.errors.map(({ extensions }) => `${extensions.code} ${extensions.coordinate}`);
};

describe("the guard", () => {
  test("stands on every field of every subgraph, as many as the SDL has", () => {
    const closed = { envelope: { mayRead: () => false, mayUse: () => true } };
    const fields = [...subgraphs, toy]
      .flatMap(({ schema }) => Object.values(schema.getTypeMap()).filter(isObjectType))
      .filter(({ name }) => !name.startsWith("_"))
      .flatMap((type) => Object.values(type.getFields()))
      .filter(({ name }) => !name.startsWith("_"));
    for (const { name, resolve } of fields)
      expect(() => resolve?.({}, {}, closed, {} as never), name).toThrow("FIELD_NOT_GRANTED");
    const listed = [...subgraphs, toy].flatMap(({ schema, coordinates }) =>
      coordinates.coordinates.filter((one) => isObjectType(schema.getType(one.split(".")[0] ?? "")) && !one.includes("(")),
    );
    expect(fields).toHaveLength(listed.length);
    expect(fields.length).toBeGreaterThan(130);
  });

  test("denies a field in the depth of an answer and leaves its neighbours", async () => {
    const answer = await slice.ask("{ boxes { id content } }", { verbs: allBut(toy, ["Box.content"]) });
    expect(answer.data).toEqual({
      boxes: [
        { id: "a", content: null },
        { id: "b", content: null },
      ],
    });
    expect(new Set(codesOf(answer))).toEqual(new Set(["FIELD_NOT_GRANTED"]));
  });

  test("denies a field behind _entities", async () => {
    const query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Box { id content } } }";
    const variables = { r: [{ __typename: "Box", id: "z" }] };
    expect((await slice.ask(query, { variables })).data).toEqual({ _entities: [{ id: "z", content: "content of z" }] });
    expect(await denials(query, ["Box.content"], variables)).toEqual(["FIELD_NOT_GRANTED Box.content"]);
  });

  test("denies an entity that another subgraph owns: it would only echo what was sent", async () => {
    const query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Owner { id } } }";
    const answer = await slice.ask(query, { variables: { r: [{ __typename: "Owner", id: "echo" }] } });
    expect([answer.data, codesOf(answer)]).toEqual([null, ["FIELD_NOT_GRANTED"]]);
  });

  test("opens a field that is only internal to the plan", async () => {
    const all = allBut(toy).output;
    const verbs = { output: all.filter((one) => one !== "Box.id"), internal: ["Box.id"], arguments: all };
    expect((await slice.ask("{ boxes { id } }", { verbs })).errors).toEqual([]);
  });

  test("denies an input field, an enum value and a list of them, by literal and by variable", async () => {
    const use = (coordinate: string) => [`USE_NOT_GRANTED ${coordinate}`];
    expect(await denials('{ boxes(filter: { colour: "red" }) { id } }', ["BoxFilter.colour"])).toEqual(use("BoxFilter.colour"));
    expect(await denials("{ boxes(filter: { size: LARGE }) { id } }", ["BoxOrder.LARGE"])).toEqual(use("BoxOrder.LARGE"));
    expect(await denials("{ boxes(order: LARGE) { id } }", ["BoxOrder.LARGE"])).toEqual(use("BoxOrder.LARGE"));
    expect(await denials("{ boxes(sizes: [SMALL, LARGE]) { id } }", ["BoxOrder.LARGE"])).toEqual(use("BoxOrder.LARGE"));
    expect(await denials("{ boxes(sizes: LARGE) { id } }", ["BoxOrder.LARGE"])).toEqual(use("BoxOrder.LARGE"));
    const byVariable = "query ($f: BoxFilter) { boxes(filter: $f) { id } }";
    expect(await denials(byVariable, ["BoxFilter.colour"], { f: { colour: "red" } })).toEqual(use("BoxFilter.colour"));
    expect(await denials(byVariable, ["BoxFilter.colour"], { f: { colour: null } })).toEqual(use("BoxFilter.colour"));
    expect(await denials(byVariable, ["BoxFilter.colour"], { f: { size: "SMALL" } })).toEqual([]);
    expect(await denials("{ boxes { id } }", ["Query.boxes(filter:)", "BoxOrder.LARGE"])).toEqual([]);
  });
});

describe("errors", () => {
  test("a fault of ours reaches the gateway as a code alone: no SQL, no stack, no NIK", async () => {
    for (const kind of ["sql", "bug"]) {
      const answer = await slice.ask("query ($k: String!) { broken(kind: $k) }", { variables: { k: kind } });
      expect(answer.errors).toEqual([
        { message: expect.any(String), path: ["broken"], extensions: { code: "INTERNAL_SERVER_ERROR" } },
      ]);
      expect(answer.text).not.toMatch(/select|bigint|3510|secret|TypeError|\.ts/);
    }
  });

  test("the log tells what broke, without the statement's parameters and without a NIK", async () => {
    await slice.ask('{ broken(kind: "sql") }');
    const line = slice.log.findLast((one) => one.includes("a resolver failed")) ?? "";
    expect(line).toContain("22P02");
    expect(JSON.parse(line ?? "{}").err.message).toMatch(/^no bigint: "…" near \[NIK:[0-9a-f]{8}\]$/);
    expect(line).not.toMatch(/3510014107909001|params|SITI|AMINAH/);
  });

  test("a refusal keeps its code and says what to mend", async () => {
    const answer = await slice.ask('{ broken(kind: "refusal") }');
    expect(answer.errors[0]?.extensions).toEqual({ code: "BAD_USER_INPUT", detail: "kind must be another" });
  });

  test("a malformed scalar is bad input that names the form and not the value, as literal and as variable", async () => {
    for (const [argument, type, value] of [
      ["day", "Date", "2026-02-30"],
      ["region", "RegionCode", "35-10"],
      ["amount", "Rupiah", "1.5"],
      ["instant", "DateTime", "yesterday"],
    ]) {
      const literal = await slice.ask(`{ echo(${argument}: "${value}") }`);
      const variable = await slice.ask(`query ($v: ${type}) { echo(${argument}: $v) }`, { variables: { v: value } });
      for (const answer of [literal, variable]) {
        expect(answer.errors[0]?.extensions).toMatchObject({
          code: "BAD_USER_INPUT",
          detail: expect.stringContaining(`a ${type} must be`),
        });
        expect(answer.text).not.toContain(value);
      }
    }
  });

  test("an unknown field, argument or variable type is refused without a suggestion", async () => {
    for (const query of ["{ boxs { id } }", "{ boxes(filtr: 1) { id } }", "{ boxes { idd } }"]) {
      const answer = await slice.ask(query);
      expect([answer.status, ...codesOf(answer)]).toEqual([400, "GRAPHQL_VALIDATION_FAILED"]);
      expect(answer.text).not.toMatch(/did you mean|boxes|filter/i);
    }
    const answer = await slice.ask("query ($id: ID!) { box(id: $id) { id } }", {
      variables: { id: { nik: "3510014107909001" } },
    });
    expect(codesOf(answer)).toEqual(["BAD_USER_INPUT"]);
    expect(answer.text).not.toContain("3510");
  });
});

describe("scalars", () => {
  test("region codes lose their dots, days and rupiah stay text, instants become UTC", async () => {
    const answer = await slice.ask(
      '{ echo(day: "2024-02-29", amount: "3000000000", region: "35.10.16.1001", instant: "2026-01-01T00:00:00+07:00") }',
    );
    expect(answer.data.echo).toEqual(["2024-02-29", "3000000000", "3510161001", "2025-12-31T17:00:00.000Z"]);
  });
});

describe("the door", () => {
  const headers = (body: string) => ({ "hub-envelope": slice.mint(body) });

  test("answers a body above 2 MB with 413, announced or streamed", async () => {
    const large = JSON.stringify({ query: `{ boxes { id } } #${"x".repeat(2 * 1024 * 1024)}` });
    const announced = await post(slice.url, large, headers(large));
    expect([announced.status, ...codesOf(announced)]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
    const streamed = await new Promise<number | undefined>((resolve, reject) => {
      const sending = request(slice.url, { method: "POST", headers: { "transfer-encoding": "chunked" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sending.on("error", reject);
      for (let i = 0; i < 40; i++) sending.write("x".repeat(64 * 1024));
      sending.end();
    });
    expect(streamed).toBe(413);
  });

  test("refuses what is no GraphQL request even under a right envelope: no JSON, a batch, no query", async () => {
    for (const body of ["{", '[{"query":"{ __typename }"}]', '{"variables":{}}', '{"query":"{ boxes {"}']) {
      const answer = await post(slice.url, body, headers(body));
      expect(answer.status).toBe(400);
      expect(codesOf(answer)).toEqual([expect.stringMatching(/^(BAD_REQUEST|GRAPHQL_PARSE_FAILED)$/)]);
    }
  });

  test("a port that is taken is an error at start, and nothing stays behind", async () => {
    const port = Number(new URL(slice.url).port);
    const log = createLog({ name: "toy", level: "silent" });
    const start = toy.start({
      databaseUrl: "postgres://nobody@127.0.0.1:1/none",
      envelopeSecret: devEnvelopeSecret("toy"),
      port,
      log,
    });
    await expect(start).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  test("drains: a fetch under way is answered, a new one finds the door shut", async () => {
    const running = await toy.start({
      databaseUrl: "postgres://nobody@127.0.0.1:1/none",
      envelopeSecret: devEnvelopeSecret("toy"),
      port: 0,
      log: createLog({ name: "toy", level: "silent" }),
    });
    const body = JSON.stringify({ query: "{ slow }" });
    const underWay = post(running.url, body, headers(body));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closed = running.close();
    await expect(fetch(running.url)).rejects.toThrow();
    release();
    expect((await underWay).data).toEqual({ slow: "done" });
    await closed;
  });
});

test("no resolver file holds SQL or a permission check", () => {
  const root = new URL("../../../subgraphs/", import.meta.url);
  const files = readdirSync(root).filter((name) => !["kit", "main.ts"].includes(name));
  expect(files.length).toBeGreaterThanOrEqual(4);
  for (const name of files)
    expect(readFileSync(new URL(`${name}/resolvers.ts`, root), "utf8")).not.toMatch(/drizzle|sql`|envelope|mayRead/);
});

test("the caller of a fetch is the envelope's, whatever else the request claims", async () => {
  const options = { caller: callerWith({ agency: "BPK" }), headers: { "hub-agency": "KEMENSOS" } };
  const body = { query: "{ asker }", extensions: { caller: { agency: "KEMENSOS" } } };
  expect((await slice.ask("{ asker }", options)).data).toEqual({ asker: "BPK" });
  const text = JSON.stringify(body);
  expect((await post(slice.url, text, { "hub-envelope": slice.mint(text, options) })).data).toEqual({ asker: "BPK" });
});
