import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { restDocument } from "../../../gateway/border/rest/document.ts";
import type { Ready } from "../../../gateway/border/rest/rest.ts";
import { createRows } from "../../../gateway/border/rest/rows.ts";
import { loadSupergraph } from "../../../gateway/plan/supergraph.ts";
import { refuse } from "../../../gateway/receive/respond.ts";
import type { Admission } from "../../../gateway/receive/room/admission.ts";
import { asGraphql } from "../../../gateway/receive/routes/told.ts";
import { createServer } from "../../../gateway/receive/server.ts";
import type { BorderRoute, InRoom } from "../../../gateway/types/border.ts";
import type { HttpAnswer, Incoming } from "../../../gateway/types/chain.ts";
import { Refusal } from "../../../schema/errors.ts";

// A list by rows, with the hub behind it made up: how it goes on, and how it ends.

const supergraph = loadSupergraph(readFileSync("schema/supergraph.graphql", "utf8"));
const document = restDocument(readFileSync("docs/questions/rest/regions.graphql", "utf8"), supergraph, true);
if (!document) throw new Error("regions has no address");

const answered = (body: object, { status = 200, headers = {} } = {}): HttpAnswer => ({
  ...{ status, headers: { "content-language": "id", "x-request-id": "x", ...headers } },
  body: JSON.stringify(body),
});
/** Page `n` of a list of so many, of one row each. */
const page = (n: number, of: number) =>
  answered({ data: { regions: { nodes: [{ code: String(n) }], pageInfo: { hasNextPage: n < of, endCursor: `after-${n}` } } } });
const refusal = (code: string, status: number, headers = {}) =>
  answered({ errors: [{ message: code, extensions: { code } }] }, { status, headers });

const atOnce: InRoom = (work) => work();

function ready(
  ask: Ready["ask"],
  { signal = new AbortController().signal, inRoom = atOnce } = {},
): [ready: Ready, inRoom: InRoom] {
  const asked = { method: "GET", url: "/rest/regions", headers: {}, body: null, signal } as unknown as Incoming;
  const caller = { client: "kemensos", officer: null, citizen: null } as Ready["asker"]["caller"];
  const request = { asked, params: { name: "regions" }, query: new URLSearchParams() };
  const asker = { caller, documents: "open" as const };
  const named = { document: document as NonNullable<typeof document>, variables: {}, publicUrl: "https://hub" };
  const refused: Ready["refused"] = async (error) => refuse(error, asGraphql(asked));
  return [{ ask, asker, request, ...named, refused }, inRoom];
}
const variablesOf = ({ url }: Incoming) => JSON.parse(new URL(url, "http://hub").searchParams.get("variables") ?? "{}");

/** Pieces as they come, and how it ended. */
async function taken(pieces: AsyncIterable<string | Uint8Array>) {
  const lines: string[] = [];
  try {
    for await (const piece of pieces) lines.push(String(piece));
    return { lines, isWhole: true };
  } catch {
    return { lines, isWhole: false };
  }
}
const piecesOf = (answer: object) =>
  "pieces" in answer ? (answer.pieces as AsyncIterable<string>) : expect.fail(JSON.stringify(answer));

test("a page is asked when the one before is taken, each from where that one ended", async () => {
  const asked: unknown[] = [];
  const rows = await createRows()(...ready(async (question) => page(asked.push(variablesOf(question)), 3)));
  const pieces = piecesOf(rows)[Symbol.asyncIterator]();
  expect((await pieces.next()).value).toBe('{"code":"1"}\n');
  expect(asked, "nobody has asked for more").toEqual([{ first: 100 }]);
  expect(await taken({ [Symbol.asyncIterator]: () => pieces })).toEqual({
    lines: ['{"code":"2"}\n', '{"code":"3"}\n'],
    isWhole: true,
  });
  expect(asked).toEqual([{ first: 100 }, { first: 100, after: "after-1" }, { first: 100, after: "after-2" }]);
});

test("what is refused in the middle says so in the last line, and the list has no end", async () => {
  let n = 0;
  const rows = await createRows()(...ready(async () => (++n < 3 ? page(n, 9) : refusal("QUOTA_EXCEEDED", 429))));
  const { lines, isWhole } = await taken(piecesOf(rows));
  expect([lines.length, isWhole]).toEqual([3, false]);
  expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ $problem: { status: 429, code: "QUOTA_EXCEEDED" } });
});

test("a source that fails, or a list that goes in a circle, breaks it off, too", async () => {
  const failing = { data: { regions: null }, errors: [{ message: "x", extensions: { code: "SUBGRAPH_TIMEOUT" } }] };
  for (const second of [answered(failing), page(1, 9)]) {
    let n = 0;
    const rows = await createRows()(...ready(async () => (++n === 1 ? page(1, 9) : second)));
    const { lines, isWhole } = await taken(piecesOf(rows));
    expect([lines.length, isWhole, "$problem" in JSON.parse(lines.at(-1) ?? "")]).toEqual([2, false, true]);
  }
});

test("a field that is denied is missing in every row from the first page on; one of a single row, or of a later page alone, is no list", async () => {
  const denied = (coordinate: string, at: readonly (string | number)[] = []) => ({
    ...{ message: "x", path: ["regions", "nodes", ...at, "name"] },
    extensions: { code: "FIELD_PROHIBITED", coordinate },
  });
  const withErrors = (n: number, ...errors: object[]) => answered({ ...JSON.parse(page(n, 2).body), errors });
  const told = async (...answers: HttpAnswer[]) => {
    const rows = await createRows()(...ready(async () => answers.shift() ?? expect.fail("asked too often")));
    return "pieces" in rows ? (await taken(piecesOf(rows))).lines.map((line) => Object.keys(JSON.parse(line))[0]) : rows.status;
  };
  const name = denied("Region.name");
  expect(await told(withErrors(1, name), withErrors(2, name))).toEqual(["code", "code"]);
  expect(await told(page(1, 2), withErrors(2, name))).toEqual(["code", "$problem"]);
  expect(await told(withErrors(1, name), withErrors(2, name, denied("Region.name", [0])))).toEqual(["code", "$problem"]);
  expect(await told(withErrors(1, denied("Region.name", [0])))).toBe(403);
});

test("each page takes a place of its own among the hub's questions, and where there is none waits for one", async () => {
  let places = 0;
  const inRoom: InRoom = async (work) => {
    places += 1;
    if (places === 2) throw new Refusal({ code: "OVERLOADED" }, { headers: { "retry-after": "0" } });
    return work();
  };
  let n = 0;
  const rows = await createRows()(...ready(async () => page(++n, 2), { inRoom }));
  expect(await taken(piecesOf(rows))).toEqual({ lines: ['{"code":"1"}\n', '{"code":"2"}\n'], isWhole: true });
  expect(places).toBe(3);
});

test("a hub that tells others it is full has no place for the pages of a list either", async () => {
  const shed: string[] = [];
  const full = { enter: () => Promise.resolve(null), isFull: () => false } as unknown as Admission;
  const [list] = ready(async () => expect.fail("nobody is asked"));
  const route = { method: "GET" as const, path: "/rest/{name}", describes: {} as BorderRoute["describes"] };
  const rows = createRows();
  const app = createServer({
    ...{ answer: () => Promise.reject(new Error("nobody is asked")), unready: () => [], admission: full },
    telemetry: { shed: (whose) => void shed.push(whose) },
    border: [{ ...route, answer: () => expect.fail("it is a list"), rows: (_, inRoom) => rows(list, inRoom) }],
  });
  const told = await app.inject({ url: "/rest/regions", headers: { accept: "application/x-ndjson" } });
  expect([told.statusCode, told.json().code, shed]).toEqual([503, "OVERLOADED", ["hub"]]);
  await app.close();
});

test("an agreement that has asked too often goes on when it may", async () => {
  const told = [page(1, 2), refusal("REQUEST_RATE_LIMITED", 429, { "retry-after": "0" }), page(2, 2)];
  const rows = await createRows()(...ready(async () => told.shift() ?? expect.fail("asked too often")));
  expect(await taken(piecesOf(rows))).toEqual({ lines: ['{"code":"1"}\n', '{"code":"2"}\n'], isWhole: true });
});

test("what is refused at once is a problem with its status, and takes nobody's place", async () => {
  const rows = createRows();
  for (let times = 0; times < 5; times++)
    expect(await rows(...ready(async () => refusal("FORBIDDEN", 403)))).toMatchObject({ status: 403 });
});

test("of one asker two lists run at one time; who leaves makes room", async () => {
  const rows = createRows();
  const leaving = new AbortController();
  const ask: Ready["ask"] = async () => page(1, 1);
  const lists = [await rows(...ready(ask, leaving)), await rows(...ready(ask))];
  expect(lists.map(({ status }) => status)).toEqual([200, 200]);
  expect(await rows(...ready(ask))).toMatchObject({ status: 429 });
  leaving.abort();
  expect(await rows(...ready(ask))).toMatchObject({ status: 200 });
});
