import { parse, print, visit } from "graphql";
import { describe, expect, test } from "vitest";
import { documentsOfCommands, documentsOfPages } from "../../../cli/remote/ownDocuments.ts";
import { readConfig } from "../../../gateway/runtime/config.ts";
import { POLICY_KEY, signerOf } from "../../../schema/policy/keys.ts";
import { useHub } from "../../kit/hub.ts";
import { siti } from "../../kit/people.ts";

// Trusted documents as production has them: agreements without a rule of their own take registered ones only.

const hub = useHub({ HUB_DOCUMENTS: "trusted" });
const AD_HOC = "query AdHoc { households(first: 1) { nodes { id } } }";
const own = (name: string): string => documentsOfPages().find((one) => one.name.endsWith(name))?.text ?? expect.fail(name);
const command = (name: string): string => documentsOfCommands().find((one) => one.name.endsWith(name))?.text ?? expect.fail(name);
const codesOf = ({ errors }: { readonly errors: readonly { readonly extensions: Record<string, any> }[] }) =>
  errors.map(({ extensions }) => extensions["code"]);

/** As urql sends a document: printed anew, and with `__typename` in every selection below the first. */
const asSent = (text: string): string =>
  print(
    visit(parse(text), {
      SelectionSet: (set, _, parent) =>
        parent && "operation" in parent
          ? undefined
          : {
              ...set,
              selections: [...set.selections, { kind: "Field" as const, name: { kind: "Name" as const, value: "__typename" } }],
            },
    }),
  );

const production = {
  ...{ HUB_DATABASE_URL_GATEWAY: "postgres://g@db/governance", HUB_DATABASE_URL_RECORD: "postgres://r@db/governance" },
  ...{ HUB_OIDC_ISSUER: "https://issuer.example", HUB_RECORD_KEYS: `2026:${"r".repeat(32)}`, HUB_PSEUDONYM_KEY: "p".repeat(32) },
  ...{ HUB_EVENTS_KEY: "e".repeat(32), HUB_POLICY_PUBLIC_KEYS: signerOf("s".repeat(32), POLICY_KEY).publicKey },
};

test("production takes trusted documents only unless its operator says otherwise, development what is agreed", () => {
  expect(readConfig(production).documents).toBe("trusted");
  expect(readConfig({ ...production, HUB_DOCUMENTS: "agreed" }).documents).toBe("agreed");
  const { HUB_DATABASE_URL_GATEWAY, HUB_DATABASE_URL_RECORD } = production;
  expect(readConfig({ HUB_ENV: "dev", HUB_DATABASE_URL_GATEWAY, HUB_DATABASE_URL_RECORD }).documents).toBe("agreed");
});

describe("a partner", () => {
  const kemensos = hub.as("kemensos");

  test("is refused what nobody registered, and nothing is fetched for it", async () => {
    hub.facts.length = 0;
    const answer = await kemensos.ask(AD_HOC);
    expect([answer.status, codesOf(answer), hub.facts]).toEqual([400, ["DOCUMENT_NOT_TRUSTED"], []]);
  });

  test("registers it as the hub's command does, and may ask it from then on, by its text and by its id", async () => {
    const document = AD_HOC.replace("AdHoc", "Registered");
    const { data, errors } = await kemensos.ask(command("REGISTER"), { agreement: "PKS-2025-001", documents: [{ document }] });
    expect([errors, data["registerDocuments"]?.rejected]).toEqual([[], []]);
    expect((await kemensos.ask(document)).status).toBe(200);
    const [{ id }] = (await kemensos.ask(command("LIST"), { agreement: "PKS-2025-001" })).data["trustedDocuments"];
    const byId = await fetch(hub.url, {
      method: "POST",
      headers: { authorization: `Bearer ${await hub.tokenOf("kemensos")}`, "content-type": "application/json" },
      body: JSON.stringify({ documentId: `sha256:${id}` }),
    });
    expect(byId.status).toBe(200);
  });

  test("is refused what the hub's own pages may ask: it is not theirs", async () => {
    const answer = await kemensos.ask(own("shell/questions.ts TITLE"));
    expect(codesOf(answer)).toEqual(["DOCUMENT_NOT_TRUSTED"]);
  });

  test("may still ask by an address that is no GraphQL, and read its schema", async () => {
    const headers = { authorization: `Bearer ${await hub.tokenOf("kemensos")}` };
    const { governance } = await kemensos.ask(command("LIST"), { agreement: "PKS-2025-001" });
    for (const path of [`/receipts/${governance["receipt"].id}`, "/schema.graphql"])
      expect((await fetch(hub.gatewayUrl + path, { headers })).status, path).toBe(200);
  });
});

describe("the console", () => {
  /** As a page of the console asks, by the session of its browser. */
  const asked = async (query: string) => {
    const steward = await hub.signedIn("steward.kemensos");
    const response = await steward.ask(hub.url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
      body: JSON.stringify({ query }),
    });
    const { errors = [], data } = (await response.json()) as any;
    return { status: response.status, codes: codesOf({ errors }), data };
  };

  test("asks its own documents as its client sends them", async () => {
    const { status, codes, data } = await asked(asSent(own("shell/questions.ts ME")));
    expect([status, codes]).toEqual([200, []]);
    expect(data.me).toBeTruthy();
  });

  test("is refused any other, as the explorer would send one, and its own with a field more", async () => {
    expect((await asked("{ me { agency { code } } }")).codes).toEqual(["DOCUMENT_NOT_TRUSTED"]);
    const more = asSent(own("shell/questions.ts TITLE")).replace("title", "title number");
    expect((await asked(more)).codes).toEqual(["DOCUMENT_NOT_TRUSTED"]);
    const aliased = own("shell/questions.ts TITLE").replace("title", "title t: __typename");
    expect((await asked(aliased)).codes).toEqual(["DOCUMENT_NOT_TRUSTED"]);
  });
});

test("citizens' pages go on: the portal asks what stands in them, for everybody and for whoever is signed in", async () => {
  const visitor = await hub.signedIn(`person:${siti.id}`);
  const page = await fetch(`${hub.gatewayUrl}/cek-bansos?wilayah=35`);
  expect([page.status, (await page.text()).includes("wilayah=3510")]).toEqual([200, true]);
  const aid = await visitor.ask(`${hub.gatewayUrl}/warga/bantuan`);
  expect([aid.status, (await aid.text()).includes("/warga/bantuan/mundur?kepesertaan=")]).toEqual([200, true]);
});

test("/limits.json tells which rule holds", async () => {
  const { documents } = (await (await fetch(`${hub.gatewayUrl}/limits.json`)).json()) as any;
  expect(documents).toMatchObject({ rule: "trusted", code: "DOCUMENT_NOT_TRUSTED" });
});
