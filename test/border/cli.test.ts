import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { devClientSecret } from "../../schema/devClients.ts";
import { vkeyOf } from "../../schema/record/note.ts";
import { useHub } from "../kit/hub.ts";
import { LOG, runHub, useLog } from "../record/logKit.ts";

// The command as a partner runs it: beside no database, against a hub it only knows the address of.

const hub = useHub();
const log = useLog(hub);
const folder = mkdtempSync(join(tmpdir(), "hub-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

const AGREEMENT = "PKS-2025-002";
const CLIENT = "bpjs-kesehatan";
let issuer = "";
beforeAll(async () => {
  issuer = String(decodeJwt(await hub.tokenOf(CLIENT)).iss);
});

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  return join(folder, name);
};
const run = (...args: string[]) => runHub(args, { HUB_PUBLIC_URL: hub.gatewayUrl, HUB_OIDC_ISSUER: issuer });
const asClient = (...args: string[]) => run(...args, "--client", CLIENT);

describe("who asks", () => {
  test("is a client with its secret in a file or the environment, or a token in a file; never one in an argument", async () => {
    const secret = file("secret", `${devClientSecret(CLIENT)}\n`);
    const token = file("token", await hub.tokenOf(CLIENT));
    const ways = [
      await asClient("grants", "list", "--secret-file", secret),
      await run("grants", "list", "--token-file", token),
      await runHub(["grants", "list", "--hub", hub.gatewayUrl, "--issuer", issuer], {
        HUB_CLIENT: CLIENT,
        HUB_CLIENT_SECRET_FILE: secret,
      }),
      await runHub(["grants", "list", "--hub", hub.gatewayUrl], { HUB_TOKEN_FILE: token }),
    ];
    for (const { code, out, err } of ways) expect([code, out.split("  ")[0], err]).toEqual([0, AGREEMENT, ""]);
    const { code, err } = await asClient("grants", "list", "--secret-file", file("wrong", "no secret of this client"));
    expect([code, err]).toEqual([1, expect.stringMatching(/gives no token for bpjs-kesehatan \(invalid_client\)/)]);
    expect(err).not.toContain("no secret of this client");
  });

  test("is sent nowhere in the clear, and nobody's secret is guessed at an issuer elsewhere", async () => {
    expect(await asClient("grants", "list", "--hub", "http://hub.example")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/HTTPS only/),
    });
    const elsewhere = await asClient("grants", "list", "--issuer", "https://issuer.example");
    expect([elsewhere.code, elsewhere.err]).toEqual([2, expect.stringMatching(/the secret of bpjs-kesehatan is missing/)]);
  });
});

describe("npx hub grants", () => {
  test("lists what the agreement opens, with clauses", async () => {
    const { out } = await asClient("grants", "list");
    expect(out).toMatch(/^PKS-2025-002 [\s\S]*version 1, ACTIVE, until .*purpose \w+; [\d ]*\w+/);
    const { agreement } = JSON.parse((await asClient("grants", "list", "--json")).out);
    expect(agreement.grants.length).toBeGreaterThan(3);
    for (const { clause } of agreement.grants) expect(out).toContain(clause);
  });

  test("explains a coordinate, a document and a request on record; 1 where something is denied", async () => {
    const open = await asClient("grants", "explain", "Person.fullName");
    expect([open.code, open.out]).toEqual([0, expect.stringMatching(/✓ Person\.fullName: [\s\S]* {4}clause: /)]);
    const closed = await asClient("grants", "explain", "Person.motherName");
    expect([closed.code, closed.out]).toEqual([1, expect.stringMatching(/✗ Person\.motherName: [\s\S]* {4}ask: DUKCAPIL/)]);
    const question = file(
      "question.graphql",
      "query Q { households(first: 1) { nodes { id members { person { motherName } } } } }",
    );
    expect(await asClient("grants", "explain", question)).toMatchObject({
      code: 1,
      out: expect.stringContaining("✗ Person.motherName"),
    });
    expect(await asClient("grants", "explain", "Person.nosuch")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no question leads to/),
    });
    const { governance } = await hub.as(CLIENT).ask("{ me { client } }");
    const request = await asClient("grants", "explain", governance["receipt"].id);
    expect([request.code, request.out]).toEqual([0, expect.stringContaining("✓ MyAccess.client")]);
  });
});

describe("npx hub plan", () => {
  test("tells how the hub would fetch a question under the agreement, and what it refuses", async () => {
    const question = file("plan.graphql", "{ households(first: 1) { nodes { monthlyIncome members { person { fullName } } } } }");
    const { code, out, err } = await asClient("plan", question);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(
      /^2 rounds, 2 fetches\nunder PKS-2025-002 version \d+\ncost \d+ of \d+\ndenied and not fetched: Household.monthlyIncome\n/,
    );
    expect(out).toContain("why        population finds a Person by `id`, given by welfare in round 1 (fetch 1).");
    const refused = await asClient("plan", file("none.graphql", "{ nothing }"));
    expect([refused.code, refused.out, refused.err]).toEqual([1, "", expect.stringMatching(/^hub plan: .*"nothing"/)]);
  });
});

describe("npx hub schema", () => {
  test("pulls the schema as the agreement sees it, and finds nothing that breaks in it a moment later", async () => {
    const pulled = join(folder, "pulled.graphql");
    expect((await asClient("schema", "pull", "--out", pulled)).code).toBe(0);
    expect(readFileSync(pulled, "utf8")).toMatch(/type Person \{/);
    expect(await asClient("schema", "check", "hub", "--against", pulled)).toMatchObject({
      code: 0,
      out: "0 breaking, 0 dangerous, 0 safe\n",
    });
  });

  test("tells a client which of its registered documents a change breaks, and a steward whose agreements it touches", async () => {
    const document = file("name.graphql", "query Names { households(first: 1) { nodes { members { person { fullName } } } } }");
    expect((await asClient("documents", "register", "--agreement", AGREEMENT, document)).code).toBe(0);
    const old = "schema/supergraph.graphql";
    const text = readFileSync(old, "utf8");
    const fresh = file("fresh.graphql", text.replace(/^ {2}fullName: String.*$/m, "  fullName: Int @data(class: GENERAL)"));
    const own = await asClient("schema", "diff", old, fresh);
    expect([own.code, own.out]).toEqual([1, expect.stringContaining(`    ${AGREEMENT}: Names`)]);
    const notices = join(folder, "notices");
    const steward = ["--client", "steward.kemensos", "--steward", "--warn", notices];
    const all = await run("schema", "diff", old, fresh, ...steward);
    expect([all.code, all.out]).toEqual([1, expect.stringMatching(/ {4}PKS-2025-002: Names\n/)]);
    expect(all.out).toMatch(/ {4}PKS-2025-\d+: opened by its grants\n/);
    expect(readFileSync(join(notices, `${AGREEMENT}.md`), "utf8")).toMatch(
      /## Memutus\n\n- Person\.fullName .* Dokumen: Names\./,
    );
  });
});

describe("npx hub schema diff --notify", () => {
  const [from, to] = ["schema/supergraph.graphql", join(folder, "next.graphql")];
  const DAY = "2999-01-15";
  const notify = (client: string) => run("schema", "diff", from, to, "--client", client, "--steward", "--notify", DAY);
  const NOTICES = `{ schemaNotices { id severity effectiveOn acknowledgedAt agreement { number }
    changes { coordinate severity sentence { indonesian } advice { english } } } }`;
  const noticesOf = async (client: string) => (await hub.as(client).ask(NOTICES)).data["schemaNotices"] ?? [];
  beforeAll(() => {
    const text = readFileSync(from, "utf8");
    writeFileSync(to, text.replace(/^ {2}birthDate: Date @.*$/m, "  birthDate: Int @data(class: GENERAL)"));
  });

  test("tells each agreement it touches once, with the day, the coordinates and what to do; only its own parties read it", async () => {
    expect(await noticesOf(CLIENT)).toEqual([]);
    await hub.as(CLIENT).ask("{ households(first: 1) { nodes { members { person { birthDate } } } } }");
    const [first, second] = [await notify("operator.hub"), await notify("operator.hub")];
    const lines = (err: string) => err.split("\n").filter((line) => line.includes(`${AGREEMENT} was told on`));
    expect([first.code, lines(first.err)]).toEqual([1, [expect.stringMatching(/: BREAKING, \d+ changes, notice [\da-f-]{36}$/)]]);
    expect(lines(second.err)).toEqual(lines(first.err));
    const told = await noticesOf(CLIENT);
    expect(told).toMatchObject([
      { severity: "BREAKING", effectiveOn: DAY, acknowledgedAt: null, agreement: { number: AGREEMENT } },
    ]);
    expect(told[0].changes[0]).toMatchObject({
      coordinate: "Person.birthDate",
      sentence: { indonesian: expect.stringMatching(/berubah tipe/) },
      advice: { english: expect.stringMatching(/register them anew/) },
    });
    expect(await noticesOf("steward.bpjs_kesehatan")).toEqual(told);
    expect(JSON.stringify(await noticesOf("kemendikdasmen"))).not.toContain(AGREEMENT);
    expect((await noticesOf("operator.hub")).length).toBeGreaterThan(1);
  });

  test("is told anew when its weight or advice was wrong, the same sentence or not; its documents are the agreement's alone", async () => {
    const send = "mutation ($input: SendSchemaNoticesInput!) { sendSchemaNotices(input: $input) { id severity } }";
    const said = { indonesian: "Berubah.", english: "Changes." };
    const tell = async (severity: string, advice = said, count = 1) => {
      const changes = [{ coordinate: "Person.name", severity, sentence: said, advice, documents: [`Names of ${severity}`] }];
      const notices = Array.from({ length: count }, () => ({ agreement: AGREEMENT, changes }));
      return hub.as("operator.hub").ask(send, { input: { effectiveOn: "2999-02-01", notices } });
    };
    const idOf = ({ data, errors }: Awaited<ReturnType<typeof tell>>) => {
      expect(errors).toEqual([]);
      return data["sendSchemaNotices"][0].id;
    };
    const [safe, again, breaking] = [idOf(await tell("SAFE")), idOf(await tell("SAFE")), idOf(await tell("BREAKING"))];
    expect(again).toBe(safe);
    const advised = idOf(await tell("BREAKING", { ...said, english: "Act." }));
    expect(new Set([safe, breaking, advised]).size).toBe(3);
    expect((await tell("SAFE", said, 51)).errors[0]?.message).toMatch(/1.*50/);
    for (const client of ["publik", CLIENT]) {
      const hidden = await hub.as(client).ask("{ schemaNotices { acknowledgedBy changes { documents } } }");
      expect(hidden.errors.map(({ extensions }) => extensions["code"])).toContain("GRAPHQL_VALIDATION_FAILED");
    }
  });

  test("is an act of the hub's operator alone", async () => {
    const send = "mutation ($input: SendSchemaNoticesInput!) { sendSchemaNotices(input: $input) { id } }";
    const { errors } = await hub.as("steward.kemensos").ask(send, { input: { effectiveOn: DAY, notices: [] } });
    expect(errors[0]).toMatchObject({
      message: expect.stringMatching(/pengelola hub|runs the hub/),
      extensions: { code: "FORBIDDEN" },
    });
    expect(await run("schema", "diff", from, to, "--notify", DAY)).toMatchObject({ code: 2 });
  });

  test("is acknowledged once, by who answers for the agreement, and on record among the events of policy", async () => {
    const [{ id }] = await noticesOf(CLIENT);
    const acknowledge = (client: string) =>
      hub.as(client).ask("mutation ($id: ID!) { acknowledgeSchemaNotice(id: $id) { acknowledgedBy acknowledgedAt } }", { id });
    for (const client of ["operator.hub", "steward.kemensos"])
      expect(
        (await acknowledge(client)).errors.map(({ extensions }) => extensions["code"]),
        client,
      ).not.toEqual([]);
    const { data, errors } = await acknowledge("steward.bpjs_kesehatan");
    expect([errors, data["acknowledgeSchemaNotice"].acknowledgedBy]).toEqual([[], "steward.bpjs_kesehatan"]);
    expect((await acknowledge("dpo.bpjs_kesehatan")).data).toEqual(data);
    const events = await hub.as("steward.bpjs_kesehatan").ask("{ policyEvents(first: 20) { nodes { kind detail } } }");
    const kinds = events.data["policyEvents"].nodes.filter(({ detail }: { detail: string }) => detail.startsWith(id));
    expect(kinds.map(({ kind }: { kind: string }) => kind).sort()).toEqual(["SCHEMA_NOTICE_ACKNOWLEDGED", "SCHEMA_NOTICE_SENT"]);
  });
});

describe("npx hub doctor --hub", () => {
  const doctor = (...args: string[]) => asClient("doctor", "--hub", hub.gatewayUrl, "--json", ...args);
  const told = (out: string): Record<string, string> =>
    Object.fromEntries(JSON.parse(out).map(({ check, state }: { check: string; state: string }) => [check, state]));

  test("looks at everything on a partner's way, to the proof of the first answer", async () => {
    const growing = setInterval(() => void log.step().catch(() => {}), 50);
    const { code, out, err } = await doctor("--log-key", vkeyOf(LOG.key)).finally(() => clearInterval(growing));
    expect([code, err]).toEqual([0, ""]);
    expect(told(out)).toEqual({
      ...{
        name: "GOOD",
        certificate: "SKIPPED",
        clock: "GOOD",
        ready: expect.stringMatching(/GOOD|NOTE/),
        issuer: "GOOD",
        token: "GOOD",
      },
      ...{ agreement: "GOOD", limits: "GOOD", receipt: "GOOD" },
    });
  });

  test("says what to do where the client is unknown or another key signed the log", async () => {
    const stranger = await run("doctor", "--hub", hub.gatewayUrl, "--client", "nobody");
    expect([stranger.code, stranger.out]).toEqual([
      1,
      expect.stringMatching(/✗ token: .*nobody.*\n {4}→ see the client's id and secret/),
    ]);
    const other = vkeyOf({ ...LOG.key, name: "other.example/record" });
    await log.integrate();
    const growing = setInterval(() => void log.step().catch(() => {}), 50);
    const forged = await doctor("--log-key", other).finally(() => clearInterval(growing));
    expect([forged.code, told(forged.out)["receipt"]]).toEqual([1, "BAD"]);
  });
});
