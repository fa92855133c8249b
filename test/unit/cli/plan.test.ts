import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runHub } from "../../record/logKit.ts";

const folder = mkdtempSync(join(tmpdir(), "hub-plan-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
const plan = (...args: string[]) => runHub(["plan", ...args]);
const QUESTION = file(
  "question.graphql",
  "query Q($n: Int!, $all: Boolean = true) { households(first: $n) { nodes { id members { person { nama: fullName enrolments @include(if: $all) { state } } } } } }",
);

test("a question of ours is printed round by round, as its page shows it: what waits for what, by which key, and why", async () => {
  const page = readFileSync("docs/life-of-a-plan.md", "utf8");
  const [, question = ""] = /```graphql\n(.*?)```/s.exec(page) ?? [];
  const [, shown = ""] = /```\n(2 rounds.*?)```/s.exec(page) ?? [];
  const { code, out, err } = await plan(file("page.graphql", question));
  expect([code, err]).toEqual([0, ""]);
  const lines = shown.split("\n").filter((line) => line.trim() !== "…");
  expect(lines.length).toBeGreaterThan(15);
  for (const line of lines) expect(out.split("\n")).toContain(line);
  for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(140);
  expect(out).toContain("why        Person.id: key or input of fetch 2 and 3; not shown for that.");
});

test("variables decide what is asked; the same plan comes as JSON and as a flowchart", async () => {
  const variables = file("variables.json", '{ "n": 7, "all": false }');
  const { out } = await plan(QUESTION, "--variables", variables, "--json");
  const { rounds, fetches, mermaid } = JSON.parse(out);
  expect([rounds, fetches.map(({ service }: { service: string }) => service)]).toEqual([2, ["welfare", "population"]]);
  expect((await plan(QUESTION, "--variables", variables, "--mermaid")).out).toBe(mermaid);
  expect(mermaid).toMatch(/^flowchart LR\n {2}subgraph r1\["Round 1"\]\n/);
});

test("a field that is none is named with its place, and what no subgraph answers by its coordinate", async () => {
  const unknown = await plan(file("unknown.graphql", "{ me { nothing } }"));
  expect([unknown.code, unknown.out]).toEqual([1, ""]);
  expect(unknown.err).toMatch(/^hub plan: .*Cannot query field "nothing" on type "MyAccess".*\(line 1, column 8\)\n$/);
  const broken = file(
    "broken.graphql",
    `enum join__Graph { A @join__graph(name: "a", url: "http://a.test") B @join__graph(name: "b", url: "http://b.test") }
     type Query @join__type(graph: A) @join__type(graph: B) { person: Person @join__field(graph: A) }
     type Person @join__type(graph: A) @join__type(graph: B) { name: String @join__field(graph: A) far: String @join__field(graph: B) }`,
  );
  const far = await plan(file("far.graphql", "{ person { name far } }"), "--supergraph", broken);
  expect([far.code, far.out]).toEqual([1, ""]);
  expect(far.err).toContain("no subgraph answers Person.far");
});

test.each([
  ["no file", []],
  ["two files", [QUESTION, QUESTION]],
  ["a file that is not there", ["nowhere.graphql"]],
  ["a supergraph that is none", [QUESTION, "--supergraph", QUESTION]],
  ["variables that are no object", [QUESTION, "--variables", QUESTION]],
  ["a file's supergraph and a hub's client", [QUESTION, "--supergraph", QUESTION, "--client", "bappenas"]],
])("%s is wrong usage", async (_, args) => {
  const { code, out, err } = await plan(...args);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(/^hub plan: .*npx hub plan --help explains\.\n$/s);
});
