import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { approvalText, challengeOf, type Decided, isApprovalSigned } from "../../../schema/policy/approval.ts";
import { DEV_POLICY_SECRET } from "../../../schema/policy/keys.ts";
import { governance } from "../../../subgraphs/governance/index.ts";
import { useDatabases } from "../../kit/database.ts";
import { useSlice } from "../../kit/slice.ts";
import { actsOf, asSteward, outcomeOf } from "../../subgraphs/governance/lifecycle/kit.ts";

// Stewards sign with the authenticator of their device. Here it is played by a key pair that signs what authenticators sign (WebAuthn level 2 §6.3.3).

const CONSOLE = "https://konsol.example";
const ORIGINS = ["https://lain.example", CONSOLE];
const [PRESENT, VERIFIED] = [0x01, 0x04];

interface Asserted {
  readonly challenge: string;
  readonly origin?: string;
  readonly rpId?: string;
  readonly flags?: number;
  readonly type?: string;
  readonly crossOrigin?: boolean;
}
const sha256 = (data: string | Buffer): Buffer => createHash("sha256").update(data).digest();

/** What `asserted` says beside the challenge differs from what an authenticator at the console says. */
function authenticator(type: "ec" | "ed25519" = "ec") {
  const { privateKey, publicKey } =
    type === "ec" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("ed25519");
  return {
    key: { kind: "WEBAUTHN" as const, publicKey: publicKey.export({ format: "der", type: "spki" }).toString("base64url") },
    assert({
      challenge,
      origin = CONSOLE,
      rpId = "konsol.example",
      flags = PRESENT | VERIFIED,
      type: kind = "webauthn.get",
      crossOrigin = false,
    }: Asserted): string {
      const clientData = Buffer.from(JSON.stringify({ type: kind, challenge, origin, crossOrigin }));
      const counter = Buffer.from([0, 0, 0, 7]);
      const data = Buffer.concat([sha256(rpId), Buffer.from([flags]), counter]);
      const signature = sign(type === "ec" ? "sha256" : null, Buffer.concat([data, sha256(clientData)]), privateKey);
      return JSON.stringify({
        authenticatorData: data.toString("base64url"),
        clientDataJSON: clientData.toString("base64url"),
        signature: signature.toString("base64url"),
      });
    },
    /** Over the text itself, as a key file signs. */
    plainly: (text: string): string => sign(type === "ec" ? "sha256" : null, Buffer.from(text), privateKey).toString("base64url"),
  };
}

const DECIDED: Decided = {
  agreement: "PKS-2026-040",
  version: 3,
  owner: "DUKCAPIL",
  capacity: "OWNER",
  decision: "APPROVED",
  contentSha256: "a".repeat(64),
};
const challenge = challengeOf(DECIDED);
const device = authenticator();
const isBelieved = (signature: string, { key = device.key, origins = ORIGINS, decided = DECIDED } = {}): boolean =>
  isApprovalSigned(decided, { key, signature, origins });

describe("an authenticator's assertion", () => {
  test.each(["ec", "ed25519"] as const)("of a %s key at the console approves what its challenge stands for", (type) => {
    const { key, assert } = authenticator(type);
    expect(isBelieved(assert({ challenge }), { key })).toBe(true);
  });

  test.each<[string, Partial<Decided>]>([
    ["another content", { contentSha256: "b".repeat(64) }],
    ["a rejection", { decision: "REJECTED" }],
    ["another owner", { owner: "KEMENSOS" }],
    ["another capacity", { capacity: "DPO" }],
    ["another version", { version: 4 }],
    ["another agreement", { agreement: "PKS-2026-041" }],
  ])("made over %s does not", (_, other) => {
    const decided = { ...DECIDED, ...other };
    const signature = device.assert({ challenge: challengeOf(decided) });
    expect([isBelieved(signature), isBelieved(signature, { decided })]).toEqual([false, true]);
  });

  test.each<[string, Partial<Asserted>]>([
    ["of another site", { origin: "https://konsol.example.evil.example", rpId: "konsol.example.evil.example" }],
    ["of the console over plain HTTP", { origin: "http://konsol.example" }],
    ["of the console's host on another port", { origin: `${CONSOLE}:8443` }],
    ["for another relying party", { rpId: "evil.example" }],
    ["for the relying party of another console", { rpId: "lain.example" }],
    ["inside a frame of another site", { crossOrigin: true }],
    ["of a user who was there and not verified", { flags: PRESENT }],
    ["of a user who was verified and not there", { flags: VERIFIED }],
    ["with every flag but those of the user", { flags: 0xff & ~(PRESENT | VERIFIED) }],
    ["that registers a key", { type: "webauthn.create" }],
  ])("%s does not", (_, differing) => {
    expect(isBelieved(device.assert({ challenge }))).toBe(true);
    expect(isBelieved(device.assert({ challenge, ...differing }))).toBe(false);
  });

  test("of another key does not, nor where no console is known", () => {
    expect(isBelieved(authenticator().assert({ challenge }))).toBe(false);
    expect(isBelieved(device.assert({ challenge }), { origins: [] })).toBe(false);
  });

  test("is no signature of a key file, nor the other way round", () => {
    const { key, assert, plainly } = authenticator("ed25519");
    const plain = { ...key, kind: "ED25519" as const };
    const [asserted, signed] = [assert({ challenge }), plainly(approvalText(DECIDED))];
    expect([isBelieved(asserted, { key }), isApprovalSigned(DECIDED, { key: plain, signature: signed, origins: [] })]).toEqual([
      true,
      true,
    ]);
    expect(isBelieved(signed, { key })).toBe(false);
    expect(isApprovalSigned(DECIDED, { key: plain, signature: asserted, origins: ORIGINS })).toBe(false);
  });

  const good = JSON.parse(device.assert({ challenge })) as Record<string, string>;
  const bytesOf = (text = "") => Buffer.from(text, "base64url");
  const flipped = (text: string | undefined, at: number): string => {
    const bytes = bytesOf(text);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0x80, at);
    return bytes.toString("base64url");
  };
  const encoded = (text: string) => Buffer.from(text).toString("base64url");
  test.each<[string, unknown]>([
    ["whose counter was changed after it was signed", { ...good, authenticatorData: flipped(good["authenticatorData"], 36) }],
    ["with a changed signature", { ...good, signature: flipped(good["signature"], 10) }],
    ["without a signature", { ...good, signature: "" }],
    ["without authenticator data", { ...good, authenticatorData: "" }],
    [
      "cut off before the flags",
      { ...good, authenticatorData: bytesOf(good["authenticatorData"]).subarray(0, 32).toString("base64url") },
    ],
    ["without client data", { authenticatorData: good["authenticatorData"], signature: good["signature"] }],
    ["whose client data is no JSON", { ...good, clientDataJSON: encoded("{") }],
    ["whose client data is null", { ...good, clientDataJSON: encoded("null") }],
    [
      "whose client data names no origin",
      { ...good, clientDataJSON: encoded(JSON.stringify({ type: "webauthn.get", challenge })) },
    ],
    ["of numbers", { authenticatorData: 1, clientDataJSON: 2, signature: 3 }],
    ["that is null", null],
    ["that is a list", []],
  ])("%s is refused and breaks nothing", (_, malformed) => {
    expect(isBelieved(JSON.stringify(good))).toBe(true);
    expect(isBelieved(JSON.stringify(malformed))).toBe(false);
  });
  test.each(["", "{", "sungguh", "{}\0"])("%j is no assertion", (text) => expect(isBelieved(text)).toBe(false));
});

describe("a steward decides with an authenticator", () => {
  const databases = useDatabases();
  const databaseUrl = () => databases.urls.governance.runtime;
  const policy = { secret: DEV_POLICY_SECRET, origins: [CONSOLE] };
  const slice = useSlice({ ...governance, start: (options) => governance.start({ ...options, policy }) }, { databaseUrl });
  const elsewhere = useSlice(governance, { databaseUrl }); // knows no console
  const NUMBER = "PKS-2026-041";
  const which = { agreement: NUMBER, version: 1 };
  const consumer = actsOf(slice, "steward.bpjs_kesehatan");
  let keyId = "";

  beforeAll(async () => {
    const key = {
      id: "steward.dukcapil",
      agency: "DUKCAPIL",
      name: "Pengelola data DUKCAPIL",
      roles: ["STEWARD"],
      ...device.key,
    };
    const enrolled = await asSteward(slice, "operator.hub")(
      "mutation ($input: EnrolStewardInput!) { enrolSteward(input: $input) { keys { keyId kind } } }",
      { input: key },
    );
    const { keys } = outcomeOf(enrolled) as { keys: { keyId: string; kind: string }[] };
    keyId = keys.find(({ kind }) => kind === "WEBAUTHN")?.keyId ?? "";
    const about = { title: "Uji kunci perangkat", consumer: "BPJS_KESEHATAN", purpose: "PBI_MEMBERSHIP", dpiaId: "DPIA-41" };
    await consumer.create({ number: NUMBER, ...about });
    const [now, nextYear] = [0, 365].map((days) => new Date(Date.now() + days * 86_400_000).toISOString());
    const grants = [{ selector: "Person.fullName", effect: "ALLOW", clause: "Ps. 4" }];
    await consumer.draft({ agreement: NUMBER, validFrom: now, validTo: nextYear, regions: ["3510"], grants });
    expect(await consumer.submit(which)).toMatchObject({ state: "IN_REVIEW" });
  });

  /** Sends the device's assertion over the challenge that governance gave. */
  async function decide(on: typeof slice, asserted: Partial<Asserted> = {}) {
    const told = await asSteward(
      slice,
      "steward.dukcapil",
    )(
      `{ agreementVersion(agreement: "${NUMBER}", version: 1) { toSign(capacity: OWNER, decision: APPROVED) { challenge contentSha256 } } }`,
    );
    const { toSign } = outcomeOf(told) as { toSign: { challenge: string; contentSha256: string } };
    return actsOf(on, "steward.dukcapil").decide({
      ...{ ...which, capacity: "OWNER", decision: "APPROVED", contentSha256: toSign.contentSha256, keyId },
      signature: device.assert({ challenge: toSign.challenge, ...asserted }),
    });
  }

  test("an assertion of another site, or where no console is known, approves nothing", async () => {
    const refused = { code: "BAD_USER_INPUT", detail: expect.stringContaining("signature") };
    expect(await decide(slice, { origin: "https://evil.example", rpId: "evil.example" })).toMatchObject(refused);
    expect(await decide(elsewhere)).toMatchObject(refused);
  });

  test("at the console it is taken, and the compiler believes it once more before it signs the table", async () => {
    expect(await decide(slice)).toMatchObject({
      state: "IN_REVIEW",
      missingApprovals: [{ agency: { code: "BPJS_KESEHATAN" }, capacity: "DPO" }],
    });
    expect(await actsOf(slice, "dpo.bpjs_kesehatan").sign(which, "DPO")).toMatchObject({ state: "APPROVED" });
    expect(await actsOf(elsewhere, "steward.bpjs_kesehatan").activate(which)).toMatchObject({
      code: "CONFLICT",
      detail: expect.stringContaining("lacks a good signature of DUKCAPIL as owner"),
    });
    expect(await consumer.activate(which)).toMatchObject({ state: "ACTIVE" });
  });
});
