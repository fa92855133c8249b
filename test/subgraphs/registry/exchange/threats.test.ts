import { expect, test } from "vitest";
import { population } from "../../../../subgraphs/population/index.ts";
import { useHub } from "../../../kit/hub.ts";
import { siti } from "../../../kit/people.ts";
import { callerWith, codesOf, useSlice } from "../../../kit/slice.ts";
import { exchange } from "../changes/civilKit.ts";

const hub = useHub();
const register = useSlice(population, { databaseUrl: () => hub.urls.population.runtime });
const VERDICT = "validation { status reasons differing attestation }";
const CLAIM = { relation: "HEAD", claimedName: siti.fullName, claimedNik: siti.nik, claimedBirthDate: "1980-01-01" };

test("no officer asks the population register about anybody by drafting a claim and reading the verdict", async () => {
  const draft = `mutation ($i: ProposalInput!) { draftProposal(input: $i) { id candidates { id ${VERDICT} } } }`;
  const input = { channel: "FORMAL", village: "3510161001", address: "JL MAWAR 1", aid: ["PKH"], candidates: [CLAIM] };
  for (const who of ["rt", "operator"]) {
    const { data, denied } = await hub.as(`${who}.dinsos_banyuwangi`).ask(draft, { i: input });
    const [candidate] = data["draftProposal"].candidates;
    expect(candidate, who).toEqual({ id: expect.any(String), validation: null });
    expect(JSON.stringify(denied), who).toContain("alidation");
  }
  const members = `{ households(first: 2) { nodes { members { id ${VERDICT} } } } }`;
  for (const who of ["verifikator.dinsos_banyuwangi", "pusdatin.kemensos", "kemensos", "dinsos-banyuwangi"]) {
    const { data } = await hub.as(who).ask(members);
    expect(JSON.stringify(data ?? {}), who).not.toMatch(/attestation":"|status":"/);
  }
});

test("and population itself answers nobody but the exchange, whatever an agreement may say", async () => {
  const document = `query ($of: [_Any!]!) { _entities(representations: $of) {
    ... on ProposalCandidate { ${VERDICT} } ... on Member { ${VERDICT} } } }`;
  const { relation: _, ...claim } = CLAIM;
  const own = { claimedName: claim.claimedName, claimedNik: claim.claimedNik };
  const of = [
    { __typename: "ProposalCandidate", id: crypto.randomUUID(), ...claim },
    { __typename: "Member", id: crypto.randomUUID(), ...own },
  ];
  const others = [
    { officer: "verifikator.dinsos_banyuwangi", agency: "DINSOS_BANYUWANGI", purpose: "REGISTRY_MANAGEMENT" },
    { officer: "pencatat.dukcapil", agency: "DUKCAPIL", purpose: "REGISTRY_MANAGEMENT" },
    { agency: "SIKS_NG" },
    { citizen: siti.id },
  ];
  for (const who of others) {
    const asked = await register.ask(document, { caller: callerWith(who), variables: { of } });
    expect(codesOf(asked), JSON.stringify(who)).toEqual(["FORBIDDEN", "FORBIDDEN"]);
    expect(asked.data._entities).toEqual([{ validation: null }, { validation: null }]);
  }
  const answered = await register.ask(document, { ...exchange, variables: { of } });
  expect(answered.data._entities.map(({ validation }: { validation: { status: string } }) => validation.status)).toEqual([
    "MISMATCHED",
    "MATCHED",
  ]);
});

test("a person reads what was done to the own entry and not by which officer", async () => {
  const portal = hub.as("portal-warga", { person: siti.id });
  for (const [field, type] of [
    ["actor", "EntryChange"],
    ["enumerator", "Survey"],
  ] as const) {
    const inside = type === "Survey" ? `household { survey { ${field} } }` : `versions { ${field} }`;
    const { data, denied } = await portal.ask(`{ dataSubject { registryMembers { ${inside} } } }`);
    expect(JSON.stringify(denied), type).toContain(field);
    expect(JSON.stringify(data ?? {}), type).not.toMatch(new RegExp(`"${field}":"`));
  }
});
