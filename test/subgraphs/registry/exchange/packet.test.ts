import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { packet as packetCommand } from "../../../../cli/slices/registry/packet.ts";
import { welfare } from "../../../../subgraphs/welfare/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { budi, siti } from "../../../kit/people.ts";
import { allBut, callerWith, codesOf, useSlice } from "../../../kit/slice.ts";

const databases = useDatabases();
const DAY = 24 * 60 * 60 * 1000;
let now = Date.now();
const slice = useSlice(welfare, { databaseUrl: () => databases.urls.welfare.runtime, now: () => now });
const REGENCY = { regions: [["3510", "3511"]] as const, programs: null, decileMax: 100 };
const officer = (name: string) => {
  const id = `${name}.dinsos_banyuwangi`;
  const agency = { agency: "DINSOS_BANYUWANGI", agreement: "PKS-2025-021", purpose: "REGISTRY_MANAGEMENT" };
  return { caller: callerWith({ ...agency, officer: id, client: id, rows: REGENCY }) };
};
const [operator, otherOperator, verifier] = [officer("operator"), officer("operator2"), officer("verifikator")];
const PAKIS = "3510161001";

const folder = mkdtempSync(join(tmpdir(), "hub-packet-"));
const at = (name: string) => join(folder, name);
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `npx hub packet …` on the device. */
async function device(...argv: string[]): Promise<{ code: number; out: string; said: string }> {
  const [out, said]: [string[], string[]] = [[], []];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const code = await packetCommand(argv);
  vi.restoreAllMocks();
  return { code, out: out.join("").trim(), said: said.join("") };
}

const ISSUE = `mutation ($input: IssuePacketInput!) { issuePacket(input: $input) {
  id memberCount expiresAt sealed signingKey members { id claimedName } history { act to } } }`;
const RETURN =
  "mutation ($input: ReturnPacketInput!) { returnPacket(input: $input) { id returnedAt changes { id field value state submittedBy version member { id } } } }";
const giveBack = (text: string, who = operator) => slice.ask(RETURN, { ...who, variables: { input: { text } } });

let card = "";
beforeAll(async () => {
  card = (await device("key", at("device.json"))).out;
});

async function issued(name: string, who = operator, village = PAKIS) {
  const { data, errors } = await slice.ask(ISSUE, { ...who, variables: { input: { village, device: card } } });
  expect(errors).toEqual([]);
  const { sealed, signingKey, members, id } = data.issuePacket;
  writeFileSync(at(name), sealed);
  const own = (claimed: string) => members.find(({ claimedName }: { claimedName: string }) => claimedName === claimed)?.id;
  return { ...data.issuePacket, id, own, keys: ["--key", at("device.json"), "--hub-key", signingKey] as string[] };
}
const address = (member: string, value = "DUSUN BARU NO 9") => [
  "--member",
  member,
  "--field",
  "ADDRESS",
  "--value",
  value,
  "--reason",
  "Pindah rumah",
];

describe("a village packet", () => {
  test("a village works without signal, and a verifier decides what came back", async () => {
    const one = await issued("one.txt");
    expect(one.history).toEqual([{ act: "ISSUE", to: "ISSUED" }]);
    const opened = JSON.parse((await device("open", at("one.txt"), ...one.keys)).out);
    expect(opened.members).toHaveLength(one.memberCount);
    const held = opened.members.find((row: any) => row.id === one.own(siti.fullName));
    expect(held).toMatchObject({ suffix: "02", relation: "SPOUSE", claimedName: siti.fullName, nikLast4: siti.nik.slice(-4) });
    for (const secret of [siti.fullName, siti.nik, "DUSUN"])
      expect(one.sealed, "readable on the way").not.toContain(Buffer.from(secret).toString("base64url"));
    expect(JSON.stringify(opened), "no whole NIK leaves").not.toContain(siti.nik);

    expect((await device("edit", at("one.txt"), ...one.keys, ...address(one.own("BOEDI SANTOSA")))).code).toBe(0);
    const rename = [
      "--member",
      one.own("BOEDI SANTOSA"),
      "--field",
      "CLAIMED_NAME",
      "--value",
      budi.fullName,
      "--reason",
      "KTP dilihat",
    ];
    expect((await device("edit", at("one.txt"), ...one.keys, ...rename)).code).toBe(0);
    expect(readFileSync(at("one.txt.draft"), "latin1")).not.toContain("DUSUN");
    const back = (await device("seal", at("one.txt"), ...one.keys)).out;

    const { data, errors } = await giveBack(back);
    expect(errors).toEqual([]);
    expect(data.returnPacket.changes).toMatchObject([
      { field: "ADDRESS", value: "DUSUN BARU NO 9", state: "PENDING", submittedBy: "operator.dinsos_banyuwangi", version: 1 },
      { field: "CLAIMED_NAME", value: budi.fullName, state: "PENDING" },
    ]);
    expect((await giveBack(back)).data, "the same again is the same").toEqual(data);
    const another = (await device("seal", at("one.txt"), ...one.keys)).out;
    expect(codesOf(await giveBack(another)), "sealed anew it is another return").toEqual(["CONFLICT"]);

    const waiting = await slice.ask("{ packetChanges { totalCount nodes { id } } }", verifier);
    expect(waiting.data.packetChanges.totalCount).toBe(2);
    const [first, second] = data.returnPacket.changes;
    const DECIDE =
      "mutation ($input: DecidePacketChangeInput!) { decidePacketChange(input: $input) { state decidedBy version } }";
    const decide = (input: object, who: object = verifier) =>
      slice.ask(DECIDE, { ...who, variables: { input: { version: 1, isAccepted: true, reason: "Diperiksa", ...input } } });
    expect(codesOf(await decide({ id: first.id }, operator))).toEqual(["FORBIDDEN"]);
    expect((await decide({ id: first.id })).data.decidePacketChange).toEqual({
      state: "ACCEPTED",
      decidedBy: "verifikator.dinsos_banyuwangi",
      version: 2,
    });
    expect(codesOf(await decide({ id: first.id }))).toEqual(["CONFLICT"]);
    expect(codesOf(await decide({ id: first.id, version: 2 }))).toEqual(["CONFLICT"]);
    expect((await decide({ id: second.id })).errors).toEqual([]);
    const [row] = await asRole(
      databases.urls.welfare.owner,
      (sql) => sql`select m.claimed_name, m.match_status, m.person_id, h.address
      from member m join household h on h.id = m.household_id where m.id = ${second.member.id}`,
    );
    expect(row).toEqual({
      claimed_name: budi.fullName,
      match_status: "NOT_YET_MATCHED",
      person_id: null,
      address: "DUSUN BARU NO 9",
    });
  });

  test("it holds only what the same answer shows, and says so on record", async () => {
    const ask = (fields: string, closed: string[] = []) =>
      slice.ask(`mutation ($input: IssuePacketInput!) { issuePacket(input: $input) { sealed signingKey ${fields} } }`, {
        ...{ ...operator, variables: { input: { village: PAKIS, device: card } }, verbs: allBut(welfare, closed) },
      });
    expect(codesOf(await ask("members { id }", ["Packet.members"]))).toContain("BAD_USER_INPUT");
    const { data } = await ask("members { id }", ["Member.claimedName", "Household.address"]);
    writeFileSync(at("bare.txt"), data.issuePacket.sealed);
    const opened = JSON.parse(
      (await device("open", at("bare.txt"), "--key", at("device.json"), "--hub-key", data.issuePacket.signingKey)).out,
    );
    expect(Object.keys(opened.members[0]).sort()).toEqual([
      "family",
      "household",
      "id",
      "nikLast4",
      "relation",
      "state",
      "suffix",
    ]);
  });

  test("only the village's operator gets one, and only for a real device", async () => {
    const ask = (input: object, who = operator) =>
      slice.ask(ISSUE, { ...who, variables: { input: { village: PAKIS, device: card, ...input } } });
    expect(codesOf(await ask({ village: "3510161002" }))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await ask({}, verifier))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await ask({}, { caller: callerWith() }))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await ask({ device: "x" }))).toEqual(["BAD_USER_INPUT"]);
    const smallOrder = card.replace(/^dtks-device-1\.[\w-]{43}/, `dtks-device-1.${"A".repeat(43)}`);
    expect(codesOf(await ask({ device: smallOrder })), "a key whose secret everybody knows").toEqual(["BAD_USER_INPUT"]);
    const boxTwice = `MCowBQYDK2VuAyEA${card.split(".")[1]}`;
    for (const signer of ["A".repeat(59), boxTwice])
      expect(codesOf(await ask({ device: card.replace(/[\w-]{59}$/, signer) })), "a key that signs nothing").toEqual([
        "BAD_USER_INPUT",
      ]);
  });

  test("a touched, foreign or late return is refused", async () => {
    const two = await issued("two.txt");
    await device("edit", at("two.txt"), ...two.keys, ...address(two.own(siti.fullName)));
    const back = (await device("seal", at("two.txt"), ...two.keys)).out;
    const parts = back.split(".");
    for (let part = 0; part < parts.length; part++) {
      const [text = ""] = parts.slice(part, part + 1);
      const middle = Math.floor(text.length / 2);
      const touched = `${text.slice(0, middle)}${text[middle] === "A" ? "B" : "A"}${text.slice(middle + 1)}`;
      expect(codesOf(await giveBack(parts.with(part, touched).join("."))), `part ${part}`).toEqual(["BAD_USER_INPUT"]);
    }
    expect(codesOf(await giveBack("dtks-return-1.x.y.z.a.b"))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await giveBack(two.sealed)), "a packet is no return").toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await giveBack(back, otherOperator))).toEqual(["BAD_USER_INPUT"]);
    now += 8 * DAY;
    expect(codesOf(await giveBack(back))).toEqual(["CONFLICT"]);
    vi.useFakeTimers({ toFake: ["Date"], now });
    expect((await device("open", at("two.txt"), ...two.keys)).said).toMatch(/expired/);
    now -= 8 * DAY;
  });

  test("a member of another village is not changed by a village's packet", async () => {
    const { seal } = await import("../../../../subgraphs/welfare/packet/seal.ts");
    const { signerOf } = await import("../../../../schema/policy/keys.ts");
    const three = await issued("three.txt");
    const [elsewhere] = await asRole(
      databases.urls.welfare.owner,
      (sql) => sql`select id from member where region = '3510161002' limit 1`,
    );
    const { signer } = JSON.parse(readFileSync(at("device.json"), "utf8"));
    await device("edit", at("three.txt"), ...three.keys, ...address(three.own(siti.fullName)));
    const { unseal, boxKeyOf } = await import("../../../../subgraphs/welfare/packet/seal.ts");
    const { box } = JSON.parse(readFileSync(at("device.json"), "utf8"));
    const content = unseal<{ returnTo: string }>("dtks-packet-1", three.sealed, {
      key: boxKeyOf(Buffer.from(box, "base64url")),
      isSigned: () => true,
    });
    const forged = (change: object, village = PAKIS) =>
      seal(
        "dtks-return-1",
        {
          head: { id: three.id, village },
          content: { changes: [{ member: elsewhere?.["id"], field: "ADDRESS", value: "X", reason: "uji", ...change }] },
        },
        { to: content?.returnTo ?? "", sign: signerOf(signer, "device").sign },
      );
    expect((await giveBack(forged({}))).errors[0]?.extensions.detail).toBe("change 1: member is none of the village");
    expect((await giveBack(forged({}, "3510161002"))).errors[0]?.extensions.detail).toBe("text: is of another village");
    expect((await giveBack(forged({ field: "NIK", value: "", reason: "x" }))).errors[0]?.extensions.detail).toBe(
      "change 1: field must be one of CLAIMED_NAME, ADDRESS, NOTE; change 1: reason must have 3 to 1000 characters",
    );
  });

  test("a change is not accepted once the member left the village, or somebody wrote newer than the packet held", async () => {
    const DECIDE = "mutation ($input: DecidePacketChangeInput!) { decidePacketChange(input: $input) { state } }";
    const decide = (id: string, isAccepted: boolean) =>
      slice.ask(DECIDE, { ...verifier, variables: { input: { id, version: 1, isAccepted, reason: "Diperiksa" } } });
    const meanwhile = (set: (sql: Parameters<Parameters<typeof asRole>[1]>[0]) => Promise<unknown>) =>
      asRole(databases.urls.welfare.owner, async (sql) => {
        await sql`select set_config('hub.now', ${new Date(now).toISOString()}, false)`;
        return set(sql);
      });
    const brought = async (name: string) => {
      now += 60_000;
      const held = await issued(name);
      const member = held.own(siti.fullName);
      await device("edit", at(name), ...held.keys, ...address(member, `ALAMAT ${name}`));
      const fields = ["--field", "CLAIMED_NAME", "--value", "SITI BARU", "--reason", "KTP dilihat"];
      await device("edit", at(name), ...held.keys, "--member", member, ...fields);
      const { data } = await giveBack((await device("seal", at(name), ...held.keys)).out);
      now += 60_000;
      return { member, ids: data.returnPacket.changes.map(({ id }: { id: string }) => id) as string[] };
    };
    const older = await brought("older.txt");
    await meanwhile(
      (sql) =>
        sql`update household set address = 'LEBIH BARU' where id = (select household_id from member where id = ${older.member})`,
    );
    expect(codesOf(await decide(older.ids[0] ?? "", true))).toEqual(["CONFLICT"]);
    expect((await decide(older.ids[0] ?? "", false)).data.decidePacketChange, "it does not wait for ever").toEqual({
      state: "REJECTED",
    });
    const region = (code: string) => meanwhile((sql) => sql`update member set region = ${code} where id = ${older.member}`);
    await region("3171011001");
    expect(codesOf(await decide(older.ids[1] ?? "", true))).toEqual(["CONFLICT"]);
    await region(PAKIS);
    await meanwhile((sql) => sql`update member set state = 'DECEASED' where id = ${older.member}`);
    expect(codesOf(await decide(older.ids[1] ?? "", true))).toEqual(["CONFLICT"]);
    await meanwhile((sql) => sql`update member set state = 'ACTIVE' where id = ${older.member}`);
    const [row] = await asRole(
      databases.urls.welfare.owner,
      (sql) =>
        sql`select m.claimed_name, h.address from member m join household h on h.id = m.household_id where m.id = ${older.member}`,
    );
    expect(row).toEqual({ claimed_name: siti.fullName, address: "LEBIH BARU" });
    expect((await decide(older.ids[1] ?? "", true)).data.decidePacketChange).toEqual({ state: "ACCEPTED" });
    await meanwhile((sql) => sql`update member set claimed_name = ${siti.fullName} where id = ${older.member}`);
  });

  test("a device without the packet's key, or told another hub's, opens nothing", async () => {
    const four = await issued("four.txt");
    await device("key", at("thief.json"));
    expect((await device("open", at("four.txt"), "--key", at("thief.json"), "--hub-key", four.signingKey)).code).toBe(2);
    expect((await device("open", at("four.txt"), "--key", at("device.json"), "--hub-key", card.split(".")[2] ?? "")).code).toBe(
      2,
    );
    expect((await device("key", at("thief.json"))).said).toMatch(/already/);
    expect((await device("edit", at("four.txt"), ...four.keys, ...address("00000000-0000-4000-8000-000000000000"))).said).toMatch(
      /nobody in the packet/,
    );
  });
});
