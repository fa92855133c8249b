import { expect, test } from "vitest";
import { signerOf } from "../../../../schema/policy/keys.ts";
import { deviceCard } from "../../../../subgraphs/welfare/packet/contents.ts";
import { boxKeyOf } from "../../../../subgraphs/welfare/packet/seal.ts";
import { useHub } from "../../../kit/hub.ts";
import { siti, sitisHome } from "../../../kit/people.ts";

const hub = useHub();
const member = sitisHome.families[0]?.members.find(({ person }) => person.id === siti.id)?.id ?? "";
const device = deviceCard(boxKeyOf(Buffer.alloc(32, 7)).publicKey, signerOf("uji", "device").publicKey);
const issued = () =>
  hub.as("operator.dinsos_banyuwangi").ask(
    `mutation ($input: IssuePacketInput!) { issuePacket(input: $input) {
      hidden: sealed id memberCount members { id claimedName claimedNik household { address } } } }`,
    { input: { village: "3510161001", device } },
  );

test("nobody carries off in a sealed packet what a person has had restricted (UU 27/2022 art. 41)", async () => {
  const before = await issued();
  expect(before.errors).toEqual([]);
  expect(before.data["issuePacket"].hidden).toMatch(/^dtks-packet-1\./);

  const wish = await hub
    .as("portal-warga", { person: siti.id })
    .ask(`mutation { fileSubjectRequest(input: { kind: RESTRICTION, statement: "jangan dipakai dulu" }) { number } }`);
  expect(wish.errors).toEqual([]);

  const { data, errors, denied, text } = await issued();
  const { members, hidden } = data["issuePacket"];
  expect(members.find(({ id }: { id: string }) => id === member)).toMatchObject({ claimedName: null, household: null });
  expect(hidden).toBeNull();
  expect(text).not.toContain("dtks-packet-1.");
  expect(errors).toMatchObject([
    { path: ["issuePacket", "hidden"], extensions: { code: "FIELD_PROHIBITED", coordinate: "Packet.sealed" } },
  ]);
  expect(errors[0]?.extensions["reason"]).toMatchObject({ id: expect.stringContaining("dibatasi") });
  expect(denied).toEqual(["Packet.sealed"]);
});
