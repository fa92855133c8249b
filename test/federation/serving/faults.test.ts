import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { useHub } from "../../kit/hub.ts";
import { type Behaviour, type BrokenSource, brokenSource } from "../../kit/machines/brokenSource.ts";

// One source of four is broken, each way a source can break. Its fields are lost and nothing else; the error names it.

const source: BrokenSource = await brokenSource("hang");
const hub = useHub({ HUB_SUBGRAPH_TIMEOUT_MS: "2000", HUB_SUBGRAPH_URL_PROGRAMS: source.url });
afterAll(() => source.close());

const QUESTION =
  "{ households(first: 5) { nodes { id region { name } members { person { fullName enrolments { state } } } } } programs { code } }";
const ask = () => hub.as("kemensos").ask(QUESTION);
/** Each way of breaking meets a source that was well before: its circuit is closed. */
beforeEach(async () => {
  source.behave({ proxyTo: hub.slices.get("programs")?.url ?? "" });
  for (let time = 0; time < 2; time += 1) await expect.poll(async () => (await ask()).errors, { timeout: 30_000 }).toEqual([]);
});

describe.each<[Behaviour & string, code: string]>([
  ["hang", "SUBGRAPH_TIMEOUT"],
  ["cut", "SUBGRAPH_UNAVAILABLE"],
  ["error500", "SUBGRAPH_UNAVAILABLE"],
  ["html", "SUBGRAPH_INVALID_RESPONSE"],
  ["halfJson", "SUBGRAPH_INVALID_RESPONSE"],
  ["huge", "SUBGRAPH_INVALID_RESPONSE"],
])("a source that answers with %s", (behaviour, code) => {
  test("costs its own fields only, and the error names it", async () => {
    source.behave(behaviour);
    const { status, data, errors, text } = await ask();
    expect(status).toBe(200);
    expect(data["programs"]).toBeNull();
    const nodes = data["households"].nodes;
    expect(nodes).toHaveLength(5);
    expect(nodes.every((node: { region: { name: string } }) => node.region.name.length > 0)).toBe(true);
    const persons = nodes.flatMap((node: any) => node.members).flatMap((member: any) => member.person ?? []);
    expect(persons.length).toBeGreaterThan(0);
    expect(persons.every((person: any) => person.fullName !== null && person.enrolments === null)).toBe(true);
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(error.extensions).toMatchObject({ code, service: "programs" });
    expect(errors.every((error) => error.path !== undefined)).toBe(true);
    expect(text).not.toMatch(/127\.0\.0\.1|ECONN|at .*\.ts|oops|<html>/);
  });
});

test("the first question after recovery is answered whole", async () => {
  source.behave("hang");
  await ask();
  source.behave({ proxyTo: hub.slices.get("programs")?.url ?? "" });
  const { data, errors } = await ask();
  expect(errors).toEqual([]);
  expect(data["programs"].length).toBeGreaterThan(0);
});

test("a source that is down is never read as not registered: the field is null with an error, not an empty list", async () => {
  source.behave("cut");
  const { data, errors } = await hub.as("kemensos").ask("{ enrolments(first: 5) { nodes { id } totalCount } }");
  expect(data["enrolments"]).toBeNull();
  expect(errors.map((error) => error.extensions["code"])).toEqual(["SUBGRAPH_UNAVAILABLE"]);
});
