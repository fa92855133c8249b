import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { supergraphOf } from "./hubOf.ts";

const folder = mkdtempSync(join(tmpdir(), "hub-dev-supergraph-"));
const file = join(folder, "supergraph.graphql");
writeFileSync(file, supergraphOf([["a", "type Query { one: Int }", {}]]));
writeFileSync(join(folder, "broken.graphql"), "type Query {");
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

function run(args: readonly string[], environment = "dev") {
  const child = spawn(process.execPath, ["cli/hub.js", "dev-supergraph", ...args], {
    env: { ...process.env, HUB_ENV: environment },
  });
  started.push(child);
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    said.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said.err += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const serving = new Promise<string>((resolve) => child.stdout.on("data", () => resolve(/http:\S+/.exec(said.out)?.[0] ?? "")));
  return { child, said, ended, serving };
}

test("any supergraph is served for conformance suites, with a warning, until it is told to stop", async () => {
  const { child, said, ended, serving } = run(["--supergraph", file, "--port", "0"]);
  const url = await serving;
  expect(said.err).toMatch(/NOTHING IS PROTECTED/);
  const ask = async (query: string) => {
    const body = JSON.stringify({ query });
    return (await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body })).json();
  };
  expect(await ask("{ __schema { queryType { fields { name } } } }")).toEqual({
    data: { __schema: { queryType: { fields: [{ name: "one" }] } } },
  });
  expect(await ask("{ one }")).toMatchObject({
    data: { one: null },
    errors: [{ extensions: { code: "SUBGRAPH_UNAVAILABLE", service: "a" } }],
  });
  expect((await fetch(url.replace("/graphql", "/health"))).status).toBe(200);
  const taken = run(["--supergraph", file, "--port", new URL(url).port]);
  expect(await taken.ended).toBe(1);
  child.kill("SIGTERM");
  const from = performance.now();
  expect(await ended).toBe(0);
  expect(performance.now() - from).toBeLessThan(1000);
});

test("outside development, with a bad file or without arguments it opens no port and says why", async () => {
  const cases: [args: string[], environment: string, code: number, reason: RegExp][] = [
    [["--supergraph", file, "--port", "0"], "", 1, /HUB_ENV=dev/],
    [["--supergraph", join(folder, "broken.graphql"), "--port", "0"], "dev", 1, /not readable GraphQL/],
    [["--supergraph", join(folder, "absent.graphql"), "--port", "0"], "dev", 1, /ENOENT/],
    [["--port", "0"], "dev", 2, /needs --supergraph/],
    [["--supergraph", file, "--port", "x"], "dev", 2, /needs --supergraph/],
  ];
  const results = await Promise.all(
    cases.map(async ([args, environment, code, reason]) => {
      const { ended, said } = run(args, environment);
      return { code: await ended, said, want: { code, reason } };
    }),
  );
  for (const { code, said, want } of results) {
    expect(said.err).toMatch(want.reason);
    expect(code).toBe(want.code);
    expect(said.out).toBe("");
  }
});
