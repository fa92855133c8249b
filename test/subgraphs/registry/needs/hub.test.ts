import { expect, test } from "vitest";
import { useHub } from "../../../kit/hub.ts";
import { siti, sitisHome } from "../../../kit/people.ts";

const hub = useHub();
const member = sitisHome.families[0]?.members.find(({ person }) => person.id === siti.id)?.id ?? "";
const home = sitisHome.id;

test("through the gateway an office works on its needs, and the ministry's programs are told nothing of them", async () => {
  const verifier = hub.as("verifikator.dinsos_banyuwangi");
  const registered = await verifier.ask(
    `mutation ($input: RegisterNeedInput!) { registerNeed(input: $input) { id kind criteria member { id claimedName } version } }`,
    { input: { kind: "VIOLENCE_VICTIM", member, since: "2026-01-05" } },
  );
  expect(registered.errors).toEqual([]);
  expect(registered.data.registerNeed).toMatchObject({
    kind: "VIOLENCE_VICTIM",
    member: { id: member, claimedName: siti.fullName },
  });
  const worklist = await verifier.ask(
    `{ needs(region: "351016") { totalCount nodes { id kind since member { handledNeeds { kind } } history { act } services { service } } } }`,
  );
  expect(worklist.errors).toEqual([]);
  expect(worklist.data.needs).toMatchObject({
    totalCount: 1,
    nodes: [{ kind: "VIOLENCE_VICTIM", member: { handledNeeds: [{ kind: "VIOLENCE_VICTIM" }] } }],
  });

  const PEEK = `query ($home: ID!) { household(id: $home) { members { claimedName ppks { kind } handledNeeds { kind } } } }`;
  const programs = await hub.as("kemensos", { agreement: "PKS-2025-001" }).ask(PEEK, { home });
  expect(programs.denied).toContain("Member.handledNeeds");
  expect(programs.text).not.toContain("VIOLENCE_VICTIM");
  const ministry = await hub.as("pusdatin.kemensos").ask(PEEK, { home });
  expect(ministry.text).not.toContain("VIOLENCE_VICTIM");

  const counted = await verifier.ask(
    `{ needCounts(region: "3510") { total byKind { kind persons isSuppressed } } psksKinds { code } }`,
  );
  expect(counted.errors).toEqual([]);
  const cell = counted.data.needCounts.byKind.find(({ kind }: { kind: string }) => kind === "VIOLENCE_VICTIM");
  expect(cell).toEqual({ kind: "VIOLENCE_VICTIM", persons: null, isSuppressed: true });
  expect(counted.data.psksKinds).toHaveLength(12);
});

test("a packet is issued through the gateway, which knows whom it holds", async () => {
  const { boxKeyOf, unseal } = await import("../../../../subgraphs/welfare/packet/seal.ts");
  const { deviceCard } = await import("../../../../subgraphs/welfare/packet/contents.ts");
  const { signerOf } = await import("../../../../schema/policy/keys.ts");
  const key = boxKeyOf(Buffer.alloc(32, 7));
  const input = { village: "3510161001", device: deviceCard(key.publicKey, signerOf("uji", "device").publicKey) };
  const answer = await hub.as("operator.dinsos_banyuwangi").ask(
    `mutation ($input: IssuePacketInput!) { issuePacket(input: $input) {
      id memberCount sealed members { id suffix relation claimedName claimedNik household { address } } } }`,
    { input },
  );
  expect(answer.errors).toEqual([]);
  const { sealed, members, memberCount } = answer.data.issuePacket;
  expect(members).toHaveLength(memberCount);
  const content = unseal<{ members: Record<string, string>[] }>("dtks-packet-1", sealed, { key, isSigned: () => true });
  const packed = content?.members.find(({ id }) => id === member);
  const shown = members.find(({ id }: { id: string }) => id === member);
  expect(shown.claimedNik, "masked at the gateway, too").not.toBe(siti.nik);
  expect(packed).toMatchObject({
    claimedName: shown.claimedName,
    nikLast4: siti.nik.slice(-4),
    address: shown.household.address,
  });
});
