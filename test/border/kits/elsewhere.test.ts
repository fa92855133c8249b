import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { tokenOf } from "../../../cli/remote/credentials.ts";
import { runHub } from "../../record/logKit.ts";

// Kits and command against a far side that is no friend of theirs: only that side is made up here.

type Answer = readonly [status: number, headers: Record<string, string>, body?: object];
const servers: Server[] = [];
afterAll(() => Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve)))));

/** A server by its answers to a path; `asked` has the paths and credentials it was shown. */
async function serving(answers: (path: string, url: string) => Answer) {
  const asked: [path: string, credentials: string | undefined][] = [];
  const server = createServer((request, response) => {
    asked.push([request.url ?? "", request.headers.authorization]);
    const [status, headers, body] = answers(request.url ?? "", url);
    response.writeHead(status, { connection: "close", "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked };
}

const program = (name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  new Promise<{ readonly out: string; readonly err: string; readonly code: number | string }>((resolve) => {
    const variables = { PATH: process.env["PATH"] ?? "", ...env };
    execFile(name, args, { env: variables }, (error, out, err) => resolve({ out, err, code: error ? (error.code ?? 1) : 0 }));
  });
const isHere = async (name: string) => (await program("sh", ["-c", `command -v ${name}`])).code === 0;

test("a client's secret goes to no other issuer than the one that was named, by redirect or by another's description", async () => {
  const stranger = await serving((_, url) => [200, {}, { issuer: url, token_endpoint: `${url}/token`, access_token: "t" }]);
  const redirecting = await serving((path) => [302, { location: `${stranger.url}${path}` }]);
  const posing = await serving(() => [200, {}, { issuer: stranger.url, token_endpoint: `${stranger.url}/token` }]);
  const token = (issuer: string) => tokenOf({ issuer, client: "bpjs-kesehatan" });
  await expect(token(redirecting.url)).rejects.toThrow("no issuer answers at");
  await expect(token(posing.url)).rejects.toThrow(/is another issuer/);
  expect(stranger.asked.filter(([path]) => path === "/token")).toEqual([]);
  expect(await token(stranger.url)).toBe("t");
});

test("the Postman environment names no address that a secret would go to in the clear", async () => {
  const clear = await serving((_, issuer) => [200, {}, { issuer, token_endpoint: "http://issuer.example/token" }]);
  const question = "docs/questions/receipt.graphql";
  const { code, err } = await runHub(["kit", "postman", "--hub", clear.url, "--issuer", clear.url, question]);
  expect([code, err]).toEqual([2, expect.stringContaining("HTTPS only")]);
});

const IN_PYTHON = `import sys
sys.path.insert(0, "docs/clients/python")
from dtks_hub import Hub, HubError, Token
hub = Hub(sys.argv[1], Token(sys.argv[1] + "/token", "c", "s"))
def failed(work):
    try:
        return len(list(work()))
    except HubError as error:
        return error.code
print([failed(lambda: hub.ask("mutation M { a }", {})) for _ in range(2)])
print(failed(lambda: hub.pages("query Q { a }", {}, lambda data: data["list"])))`;

test("the Python kit shows a refused token once, and takes half a list for none", async (context) => {
  if (!(await isHere("python3"))) return context.skip("python3 is not installed: the Python kit was not asked");
  let times = 0;
  const hub = await serving((path): Answer => {
    if (path === "/token") return [200, {}, { access_token: `t${++times}`, expires_in: 300 }];
    if (times <= 2) return [401, {}, { errors: [{ message: "no", extensions: { code: "UNAUTHENTICATED" } }] }];
    return [200, {}, { data: { list: { nodes: [1], pageInfo: { hasNextPage: true, endCursor: null } } } }];
  });
  const { out, err } = await program("python3", ["-B", "-c", IN_PYTHON, hub.url]);
  expect([out, err]).toEqual(["['UNAUTHENTICATED', 'UNAUTHENTICATED']\nNO_ANSWER\n", ""]);
  expect(hub.asked.filter(([path]) => path === "/graphql").map(([, shown]) => shown)).toEqual([
    "Bearer t1",
    "Bearer t2",
    "Bearer t3",
  ]);
});

test("the shell example sends any secret whole, none in the clear, waits for no midnight, and takes half a list for none", async (context) => {
  if (!(await isHere("curl"))) return context.skip("curl is not installed: the shell example was not run");
  const secret = 'a"b\\c d';
  const run = (url: string) =>
    program("sh", ["docs/clients/curl/pages.sh"], {
      ...{ DTKS_HUB: url, DTKS_TOKEN_URL: `${url}/token`, DTKS_AGREEMENT: "A" },
      ...{ DTKS_CLIENT: "c", DTKS_CLIENT_SECRET: secret },
    });
  const token: Answer = [200, {}, { access_token: "t" }];
  const spent = await serving((path) => (path === "/token" ? token : [429, { "retry-after": "30000" }]));
  expect((await run(spent.url)).code).not.toBe(0);
  const [[, shown = ""] = []] = spent.asked;
  expect(Buffer.from(shown.slice(6), "base64").toString()).toBe(`c:${secret}`);
  expect(spent.asked).toHaveLength(2);
  const pageInfo = { hasNextPage: true, endCursor: null };
  const half = await serving((path) => (path === "/token" ? token : [200, {}, { data: { list: { pageInfo } } }]));
  expect(await run(half.url)).toMatchObject({ code: 1, err: expect.stringContaining("no cursor") });
  const clear = await run("http://hub.example");
  expect([clear.code, clear.err]).toEqual([1, expect.stringMatching(/protocol/i)]);
});
