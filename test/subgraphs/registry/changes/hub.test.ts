import { expect, test } from "vitest";
import { useHub } from "../../../kit/hub.ts";
import * as people from "../../../kit/people.ts";
import { APPROVE, CARD, family, PREVIEW, SUBMIT } from "./kit.ts";

const hub = useHub();
const operator = hub.as("operator.dinsos_banyuwangi");
const verifier = hub.as("verifikator.dinsos_banyuwangi");
const ON = "2026-09-27";
const birth = { effectiveOn: ON, cardNumber: CARD, birth: { familyId: family, name: "BAYU SANTOSO", birthDate: ON } };

test("an operator hands in a birth, sees what it does to aid, and a verifier applies it", async () => {
  const shown = await operator.ask(PREVIEW, { input: birth });
  expect([shown.errors, shown.denied]).toEqual([[], []]);
  expect(shown.data["previewChange"].pkh).toEqual([
    { code: "COMPONENT_GAINED", english: "PKH component gained: early childhood." },
  ]);
  const sent = await operator.ask(SUBMIT, { input: birth });
  const { id, version, preview } = sent.data["submitNewCard"];
  const input = { id, version, digest: preview.digest };
  const own = await operator.ask(APPROVE, { input });
  expect(own.errors[0]?.extensions["code"]).toBe("FORBIDDEN");
  const done = await verifier.ask(APPROVE, { input });
  expect(done.data["approveChange"]).toMatchObject({ state: "APPLIED", version: 3 });
  const CARD_OF =
    "query ($id: ID!) { changeRequest(id: $id) { cardNumber claimedName household { members { suffix relation } } } }";
  const read = await verifier.ask(CARD_OF, { id });
  expect(read.data["changeRequest"]).toMatchObject({ cardNumber: CARD, claimedName: "BAYU SANTOSO" });
  expect(read.data["changeRequest"].household.members.map(({ suffix }: { suffix: string }) => suffix)).toEqual([
    "01",
    "02",
    "03",
    "04",
  ]);
});

test("a data subject follows their own card in plain words, and reads nobody's health", async () => {
  const portal = hub.as("portal-warga", { person: people.rina.id });
  const member = people.rinasHome.families[0]?.members[0]?.id;
  const move = { members: [{ memberId: member }], to: { region: "3510161002", address: "JL DAHLIA 1" } };
  const HAND_IN = `mutation ($input: ChangeInput!) { submitNewCard(input: $input) { id state history { act } preview { consequences { indonesian } pkh { code } } } }`;
  const { data, denied } = await portal.ask(HAND_IN, { input: { effectiveOn: ON, cardNumber: CARD, move } });
  expect(data["submitNewCard"]).toMatchObject({ state: "SUBMITTED", history: [{ act: "SUBMIT" }] });
  expect(data["submitNewCard"].preview.consequences).toEqual([{ indonesian: "Seluruh rumah tangga pindah alamat." }]);
  expect(denied).toContain("ChangePreview.pkh");
  const list = await portal.ask("{ changeRequests { nodes { id } } }");
  expect(list.denied).toContain("Query.changeRequests");
  const mine = await portal.ask("{ myChangeRequests { id state } }");
  expect(mine.data["myChangeRequests"]).toHaveLength(1);
});

test("the exchange carries events of the registry; programs' own officers read none of this", async () => {
  const EVENTS = "{ registryEvents { id kind attestation } }";
  const { data } = await hub.as("siks-ng").ask(EVENTS);
  expect(data["registryEvents"].map(({ kind }: { kind: string }) => kind)).toEqual(["FAMILY_CHANGED"]);
  for (const client of ["kemensos", "operator.dinsos_banyuwangi"]) {
    const { denied } = await hub.as(client).ask(EVENTS);
    expect(denied, client).toContain("Query.registryEvents");
  }
  const { denied } = await hub.as("kemensos").ask("{ changeRequests { nodes { id cardNumber } } }");
  expect(denied).toContain("Query.changeRequests");
});
