import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLog } from "../../../cli/record/process.ts";
import type { Listening } from "../../../cli/record/server.ts";
import { Households } from "../../../docs/clients/typescript/example/documents.ts";
import { connect } from "../../../docs/clients/typescript/src/hub.ts";
import { devClientSecret } from "../../../schema/devClients.ts";
import { vkeyOf } from "../../../schema/record/note.ts";
import { devYearKeys } from "../../../schema/record/yearKeys.ts";
import { useHub } from "../../kit/hub.ts";
import { LOG, runHub } from "../../record/logKit.ts";

// What partners copy (docs/clients), run against a hub as a partner would run it.

type Json = Record<string, any>;
const [CLIENT, AGREEMENT] = ["kemensos", "PKS-2025-001"];
const KIT = "docs/clients/typescript";
const hub = useHub();
const folder = mkdtempSync(join(tmpdir(), "hub-kits-"));
let log: Listening;
let issuer = "";

beforeAll(async () => {
  const [, claims = ""] = (await hub.tokenOf(CLIENT)).split(".");
  issuer = JSON.parse(Buffer.from(claims, "base64url").toString()).iss;
  log = await startLog({
    ...{ host: "127.0.0.1", port: 0, by: LOG, witnesses: [], recordKeys: devYearKeys(), webhook: null },
    ...{ databaseUrl: hub.urls.log ?? "", note: () => undefined },
  });
});
afterAll(async () => {
  await log?.close();
  rmSync(folder, { recursive: true, force: true });
});

const command = (...args: string[]) => runHub(args, { HUB_PUBLIC_URL: hub.gatewayUrl, HUB_OIDC_ISSUER: issuer });
const kit = (what: string, to: string, ...more: string[]) =>
  command("kit", what, "--agreement", AGREEMENT, "--to", join(folder, to), ...more);
const written = (...path: string[]) => readFileSync(join(folder, ...path), "utf8");

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
/** A program of its own, with what a partner's shell would have set and nothing of ours. */
const run = (program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  new Promise((resolve) => {
    const { PATH = "", HOME = "" } = process.env;
    execFile(program, args, { env: { PATH, HOME, ...env } }, (error, out, err) =>
      resolve({ code: error ? Number(error.code ?? 1) || 1 : 0, out, err }),
    );
  });
const partner = (): Record<string, string> => ({
  ...{ DTKS_HUB: hub.gatewayUrl, DTKS_AGREEMENT: AGREEMENT, DTKS_TOKEN_URL: `${issuer}/token` },
  ...{ DTKS_CLIENT: CLIENT, DTKS_CLIENT_SECRET: devClientSecret(CLIENT) },
  ...{ DTKS_LOG: log.url, DTKS_LOG_KEY: vkeyOf(LOG.key), DTKS_KEPT: join(folder, "checkpoint.txt") },
});
const tsc = (project: string) => run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", project]);

/** What a document is read into, and asked with. */
const HARD = `query Hard($first: Int! = 2, $filter: HouseholdFilter, $more: Boolean!) {
  kind: __typename
  page: households(first: $first, filter: $filter) { ...Page nodes { decileAtMost(n: 4) more: members @include(if: $more) { suffix } } }
  program(code: PKH) { code name }
}
fragment Page on HouseholdConnection { totalCount nodes { id region { ...Place } ... on Household { region { level } } } }
fragment Place on Region { code name }`;

describe("typed documents", () => {
  test("fit what the hub answers, field by field", async () => {
    const question = join(folder, "hard.graphql");
    writeFileSync(question, HARD);
    const made = await kit(
      "codegen",
      "typed",
      "--client",
      CLIENT,
      question,
      "docs/questions/households.graphql",
      "docs/questions/receipt.graphql",
    );
    expect([made.code, made.err, made.out.trim().split("\n").length]).toEqual([0, "", 4]);
    const asked: readonly (readonly [name: string, variables: Json])[] = [
      ["Households", { first: 2 }],
      ["Hard", { more: true, filter: { region: "3510" } }],
    ];
    const manifest = JSON.parse(written("typed", "documents.json")) as Record<string, string>;
    const literals = await Promise.all(
      asked.map(async ([name, variables]) => {
        const text = Object.values(manifest).find((one) => one.includes(`query ${name}(`)) ?? "";
        const { data, errors } = await hub.as(CLIENT, { agreement: AGREEMENT }).ask(text, variables);
        expect([name, errors]).toEqual([name, []]);
        return `const ${name}Told: ${name}Data = ${JSON.stringify(data)};\nconst ${name}Asked: ${name}Variables = ${JSON.stringify(variables)};`;
      }),
    );
    cpSync(join(KIT, "src"), join(folder, "typed", "src"), { recursive: true });
    writeFileSync(join(folder, "typed", "use.ts"), USE.replace("LITERALS", literals.join("\n")));
    writeFileSync(join(folder, "typed", "package.json"), `{ "type": "module" }`);
    const { compilerOptions } = JSON.parse(readFileSync(join(KIT, "tsconfig.json"), "utf8"));
    const options = { ...compilerOptions, rootDir: ".", noEmit: true };
    writeFileSync(
      join(folder, "typed", "tsconfig.json"),
      JSON.stringify({ compilerOptions: options, include: ["use.ts", "codegen.ts"] }),
    );
    expect(await tsc(join(folder, "typed"))).toEqual({ code: 0, out: "", err: "" });
  });

  test("are refused where the agreement does not open what they ask, and nothing is written", async () => {
    const question = join(folder, "closed.graphql");
    writeFileSync(question, "query Closed { nosuch households(first: 1) { nodes { nosuch } } }");
    const made = await kit("codegen", "closed", "--client", CLIENT, question);
    expect([made.code, made.out]).toEqual([1, ""]);
    expect(made.err).toMatch(/Closed: Cannot query field "nosuch"/);
    expect(existsSync(join(folder, "closed"))).toBe(false);
    expect((await kit("codegen", "closed", "--client", CLIENT)).code).toBe(2);
    expect((await kit("codegen", "closed", "--client", CLIENT, join(folder, "none.graphql"))).code).toBe(2);
    expect((await kit("nosuch", "closed", question)).code).toBe(2);
  });
});

/** As the partner's own program would: what compiles here fits, and what must not compile does not. */
const USE = `import type { Answer, Hub } from "./src/hub.ts";
import { pages } from "./src/pages.ts";
import { Hard, type HardData, type HardVariables, Households, type HouseholdsData, type HouseholdsVariables } from "./documents.ts";
LITERALS
export const all = [HouseholdsTold, HouseholdsAsked, HardTold, HardAsked];
declare const hub: Hub;
export const answer: Promise<Answer<HardData>> = hub.ask(Hard, { more: false });
export const list = pages(hub, Households, { variables: { first: 2 }, list: (data) => data.households });
// @ts-expect-error a variable that is needed
hub.ask(Hard, {});
// @ts-expect-error a variable of another type
hub.ask(Households, { first: "2" });
// @ts-expect-error a list of pages takes $after
pages(hub, Hard, { variables: { more: true }, list: () => null });
// @ts-expect-error a field that may be null
HouseholdsTold.households.nodes;
// @ts-expect-error what is left out by @include may be missing
HardTold.page?.nodes?.[0]?.more.length;
`;

let registering: Promise<void> | undefined;
/** The example's documents, trusted by the agreement from here on. */
const asking = () =>
  connect({
    url: hub.gatewayUrl,
    token: { get: () => hub.tokenOf(CLIENT), forget: () => undefined },
    agreement: AGREEMENT,
  });

function registered(): Promise<void> {
  const register = async () => {
    const { code, out } = await command(
      "documents",
      "register",
      ...["--agreement", AGREEMENT, "--client", CLIENT],
      `${KIT}/example/documents.json`,
    );
    expect([code, out.trim().split("\n").length]).toEqual([0, 2]);
    // a gateway that has said that it knows none says so for a second more
    const told = () =>
      asking()
        .ask(Households, { first: 1 })
        .then(
          () => "known",
          ({ code: why }) => why,
        );
    await expect.poll(told, { timeout: 10_000 }).toBe("known");
  };
  registering ??= register();
  return registering;
}

describe("the example project", () => {
  test("holds the documents that the kit writes for its questions", async () => {
    const made = await kit("codegen", "example", "--client", CLIENT, `${KIT}/example/questions.graphql`);
    expect(made.err).toBe("");
    for (const name of ["documents.ts", "documents.json"])
      expect(written("example", name)).toBe(readFileSync(`${KIT}/example/${name}`, "utf8"));
  });

  test("asks by registered documents alone, page by page, and verifies the receipt of every page, on a second run against what it kept", async () => {
    await expect(asking().ask(Households, { first: 1 })).rejects.toMatchObject({
      code: "PERSISTED_QUERY_NOT_FOUND",
      status: 400,
    });
    await registered();
    for (let times = 0; times < 2; times++) {
      const { code, out, err } = await run(process.execPath, ["--import", "tsx", `${KIT}/example/main.ts`], partner());
      expect([code, err]).toEqual([0, ""]);
      expect(out).toMatch(/^region +name +decile +members\n(?:\d{10} +\S.*\n)+receipt/);
      expect(out.match(/VERIFIED$/gm)?.length).toBeGreaterThan(1);
    }
    expect(readFileSync(join(folder, "checkpoint.txt"), "utf8")).toMatch(/^hub\.example\/record\n\d+\n/);
  });
});

const isHere = (program: string): Promise<boolean> => run("sh", ["-c", `command -v ${program}`]).then(({ code }) => code === 0);

test("the Postman collection asks every question and address of this hub, and holds no secret", async () => {
  const made = await kit("postman", "postman", "docs/questions/households.graphql", "docs/questions/receipt.graphql");
  expect(made.code).toBe(0);
  const collection = JSON.parse(written("postman", "dtks-hub.postman_collection.json"));
  const environment = JSON.parse(written("postman", "dtks-hub.postman_environment.json"));
  const requests = requestsIn(collection.item);
  const { paths = {} }: { paths?: Json } = await fetch(`${hub.gatewayUrl}/openapi.json`).then((response) =>
    response.ok ? response.json() : {},
  );
  expect(requests.length).toBeGreaterThanOrEqual(2 + Object.keys(paths).length - 1);
  expect(faultsOfCollection(collection)).toEqual([]);
  const known = new Set(environment.values.map(({ key }: Json) => key));
  const named = [...JSON.stringify(collection).matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
  expect(environment.values.filter(({ value }: Json) => value !== "").map(({ key }: Json) => key)).toEqual([
    "hubUrl",
    "tokenUrl",
    "agreement",
  ]);
  const [first] = requests as [Json];
  const { query, variables } = first["body"].graphql;
  const { status, errors } = await hub.as(CLIENT, { agreement: AGREEMENT }).ask(query, { ...JSON.parse(variables), first: 1 });
  expect([status, errors]).toEqual([200, []]);
});

const requestsIn = (items: readonly Json[]): Json[] =>
  items.flatMap((one) => (one["item"] ? requestsIn(one["item"]) : [one["request"]]));

/** What the format 2.1 asks of a collection, as far as ours goes; a sentence a fault. */
function faultsOfCollection({ info, item, auth }: Json): string[] {
  const faults: string[] = [];
  const must = (isMet: boolean, words: string) => void (isMet || faults.push(words));
  const texts = (list: unknown, ...keys: string[]) =>
    Array.isArray(list) && list.every((one) => keys.every((key) => typeof one[key] === "string"));
  must(typeof info?.name === "string" && /\/v2\.1\.0\//.test(info.schema), "info: name and schema of 2.1");
  must(auth?.type === "oauth2" && texts(auth.oauth2, "key", "value"), "auth: oauth2 with keys and values");
  must(Array.isArray(item) && item.length > 0, "item: a list");
  for (const { method, header, url, body } of requestsIn(item)) {
    const at = `${method} ${url?.raw}`;
    must(/^(?:GET|POST|PUT|PATCH|DELETE)$/.test(method), `${at}: method`);
    must(texts(header, "key", "value"), `${at}: headers`);
    must(
      typeof url?.raw === "string" && Array.isArray(url.host) && url.path.every((part: unknown) => typeof part === "string"),
      `${at}: url`,
    );
    must(url.query === undefined || texts(url.query, "key", "value"), `${at}: query`);
    const variables = (url.path as string[]).filter((part) => part.startsWith(":")).map((part) => part.slice(1));
    must(
      variables.every((name) => url.variable?.some(({ key }: Json) => key === name)),
      `${at}: every variable of the path`,
    );
    must(body === undefined || (["raw", "graphql"].includes(body.mode) && body[body.mode] !== undefined), `${at}: body`);
  }
  return faults;
}

describe("other languages", () => {
  test("the Python client asks page by page and verifies the receipts", async (context) => {
    if (!(await isHere("python3"))) return context.skip("python3 is not installed: the Python client was not run");
    await registered();
    const ran = await run("python3", ["-B", "docs/clients/python/example.py"], partner());
    expect([ran.code, ran.err]).toEqual([0, ""]);
    expect(ran.out).toMatch(/^3510161001 +Pakis +\d+$/m);
    expect(ran.out.match(/VERIFIED$/gm)?.length).toBeGreaterThan(1);
  });

  test("the shell example asks page by page with curl alone", async (context) => {
    if (!(await isHere("curl"))) return context.skip("curl is not installed: the shell example was not run");
    await registered();
    const ran = await run("sh", ["docs/clients/curl/pages.sh"], partner());
    expect([ran.code, ran.err]).toEqual([0, ""]);
    expect(ran.out.match(/"hasNextPage":/g)?.length).toBeGreaterThan(1);
    expect(ran.out).not.toContain(devClientSecret(CLIENT));
  });
});
