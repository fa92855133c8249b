import { describe, expect, test } from "vitest";
import { asRole } from "../../../kit/database.ts";
import { useHub } from "../../../kit/hub.ts";
import { siti } from "../../../kit/people.ts";
import { PAKIS, PONIMAN } from "./kit.ts";

const hub = useHub();
const input = { village: PAKIS, address: "JL MAWAR 1", aid: ["PKH"], candidates: [PONIMAN] };
const operator = () => hub.as("operator.dinsos_banyuwangi");

/** A proposal of Siti as if the village had decided on it this month, whatever day the test runs on. */
async function sitisProposal(): Promise<string> {
  const id = crypto.randomUUID();
  await asRole(hub.urls.welfare.owner, async (owner) => {
    await owner`insert into welfare.proposal (id, state, act, region, channel, aid, basis, address, proposer_officer, created_at, moved_at)
      values (${id}, 'IN_VERIFICATION', 'ACCEPT', ${PAKIS}, 'FORMAL', '{PKH}', 'DTSEN', 'JL MAWAR 1', 'operator.dinsos_banyuwangi', now(), now())`;
    await owner`insert into welfare.proposal_candidate (id, proposal_id, position, relation, claimed_name, claimed_nik, claimed_birth_date, claimed_sex)
      values (${crypto.randomUUID()}, ${id}, 1, 'HEAD', ${siti.fullName}, ${siti.nik}, ${siti.birthDate}, 'FEMALE')`;
  });
  return id;
}

describe("proposals through the whole hub", () => {
  test("the village operator enters one and reads it whole; the next village and the ministry's programs do not", async () => {
    const { data, errors } = await operator().ask(
      "mutation ($i: ProposalInput!) { draftProposal(input: $i) { id number state acts candidates { claimedNik claimedCardNumber } history { act actor } } }",
      { i: { ...input, channel: "FORMAL" } },
    );
    expect(errors).toEqual([]);
    const { id, number, ...drafted } = data["draftProposal"];
    expect(number).toMatch(/^USL-\d{4}-\d{8}$/);
    expect(drafted).toEqual({
      state: "DRAFT",
      acts: ["EDIT", "SUBMIT", "WITHDRAW", "EXPIRE"],
      candidates: [{ claimedNik: PONIMAN.claimedNik, claimedCardNumber: PONIMAN.claimedCardNumber }],
      history: [{ act: "DRAFT", actor: "operator.dinsos_banyuwangi" }],
    });
    const query = "query ($id: ID!) { proposal(id: $id) { id candidates { claimedNik } } }";
    expect((await hub.as("operator2.dinsos_banyuwangi").ask(query, { id })).data["proposal"]).toBeNull();
    const list = await hub.as("kemensos").ask("{ proposals { nodes { candidates { claimedNik } } } }");
    expect(list.denied).toContain("ProposalCandidate.claimedNik");
    const own = await hub
      .as("verifikator.dinsos_banyuwangi")
      .ask("{ proposals(filter: { state: DRAFT }) { totalCount nodes { id } } }");
    expect(own.data["proposals"]).toEqual({ totalCount: 1, nodes: [{ id }] });
  });

  test("the exchange carries a claim to population and its answer back, and the proposal is matched with the person", async () => {
    const id = await sitisProposal();
    const courier = hub.as("siks-ng");
    const asked = await courier.ask("{ candidatesToValidate { id validation { status attestation } } }");
    expect(asked.errors).toEqual([]);
    const attestations = asked.data["candidatesToValidate"].map(
      (one: { validation: { attestation: string } }) => one.validation.attestation,
    );
    const { data, errors } = await courier.ask(
      "mutation ($a: [String!]!) { recordValidation(attestations: $a) { isRecorded refusal } }",
      { a: attestations },
    );
    expect(errors).toEqual([]);
    expect(data["recordValidation"]).toEqual([{ isRecorded: true, refusal: null }]);
    const seen = await hub
      .as("verifikator.dinsos_banyuwangi")
      .ask("query ($id: ID!) { proposal(id: $id) { state candidates { matchStatus person { fullName } } } }", { id });
    expect(seen.data["proposal"]).toEqual({
      state: "MATCHED",
      candidates: [{ matchStatus: "MATCHED", person: { fullName: siti.fullName } }],
    });
  });

  test("a person proposes the own household at the portal and follows it", async () => {
    const warga = hub.as("portal-warga", { person: siti.id });
    const { data, errors } = await warga.ask(
      "mutation ($i: OwnProposalInput!) { submitOwnProposal(input: $i) { id state number } }",
      { i: input },
    );
    expect(errors).toEqual([]);
    expect(data["submitOwnProposal"].state).toBe("SUBMITTED");
    const mine = await warga.ask(
      "{ myProposals { number state candidates { claimedName claimedNik matchStatus } history { act at } } }",
    );
    expect(mine.errors).toEqual([]);
    expect(mine.data["myProposals"]).toMatchObject([
      { state: "SUBMITTED", candidates: [{ claimedNik: PONIMAN.claimedNik }], history: [{ act: "DRAFT" }, { act: "SUBMIT" }] },
    ]);
    const other = await warga.ask("{ proposals { nodes { id } } }");
    expect(other.denied).toContain("Query.proposals");
  });
});
