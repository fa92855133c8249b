import type { Page } from "playwright-core";
import { expect } from "vitest";
import { asRole } from "../../kit/database.ts";
import type { Hub } from "../../kit/hub.ts";

export const PAKIS = "3510161001";
export const dinsos = (name: string) => `${name}.dinsos_banyuwangi`;

/** The registry's calendar lets every step be done on any day: the windows are data. */
export const openCalendar = (hub: Hub) =>
  asRole(
    hub.urls.welfare.owner,
    (sql) => sql`update welfare.calendar_window set from_day = 1, to_day = 31 where valid_to is null`,
  );

export interface Proposed {
  readonly id: string;
  readonly number: string;
}

let serial = 9000;

/** A proposal of somebody registered whom no registry knows yet, as the village accepted it; `status`: what the population register said. */
export async function proposed(hub: Hub, status: "MATCHED" | "NOT_FOUND"): Promise<Proposed> {
  const [id, person] = [crypto.randomUUID(), crypto.randomUUID()];
  serial += 1;
  const nik = `351016120370${serial}`;
  await asRole(
    hub.urls.population.owner,
    (sql) => sql`insert into population.person (id, nik, full_name, sex, birth_date, birth_place, mother_name, address, region)
      values (${person}, ${nik}, 'PONIMAN', 'MALE', '1970-03-12', 'BANYUWANGI', 'SUMINAH', 'JL MAWAR 1', ${PAKIS})`,
  );
  const isMatched = status === "MATCHED";
  return asRole(hub.urls.welfare.owner, async (owner) => {
    await owner`insert into welfare.proposal (id, state, act, region, channel, aid, basis, address, proposer_officer, created_at, moved_at)
      values (${id}, 'IN_VERIFICATION', 'ACCEPT', ${PAKIS}, 'FORMAL', '{PKH}', 'DTSEN', 'JL MAWAR 1', ${dinsos("operator")}, now(), now())`;
    await owner`insert into welfare.proposal_candidate (id, proposal_id, position, relation, claimed_name, claimed_nik, claimed_birth_date, claimed_sex)
      values (${crypto.randomUUID()}, ${id}, 1, 'HEAD', 'PONIMAN', ${nik}, '1970-03-12', 'MALE')`;
    for (const table of ["proposal", "proposal_candidate"])
      await owner.unsafe(`alter table welfare.${table} disable trigger user`);
    await owner`update welfare.proposal_candidate set match_status = ${status}, person_id = ${isMatched ? person : null}, validated_at = now()
      where proposal_id = ${id}`;
    await owner`update welfare.proposal set state = ${isMatched ? "MATCHED" : "NOT_MATCHED"}, act = ${isMatched ? "MATCH" : "MISMATCH"} where id = ${id}`;
    for (const table of ["proposal", "proposal_candidate"])
      await owner.unsafe(`alter table welfare.${table} enable trigger user`);
    const [row] = await owner`select number from welfare.proposal where id = ${id}`;
    return { id, number: row?.["number"] as string };
  });
}

/** Every text of the page is there: a key that has none would stand for itself. */
export async function isWritten(page: Page): Promise<void> {
  expect(((await page.locator("body").textContent()) ?? "").match(/\bdistrict\.[\w.]+/g)).toBeNull();
}

/** A birth that the civil registry attested: the worker's draft of it, which lacks the name. */
export async function drafted(hub: Hub, mother: { readonly id: string }): Promise<string> {
  const event = crypto.randomUUID();
  const says = { kind: "BIRTH", on: "2026-10-05", cardId: null, toCardId: null, toRegion: null };
  await asRole(
    hub.urls.welfare.owner,
    (sql) => sql`insert into welfare.population_event (id, position, kind, occurred_on, says, attestation, received_at, region)
      values (${event}, 1, 'BIRTH', '2026-10-05', ${sql.json({ ...says, persons: [{ id: mother.id, role: "MOTHER" }] })}, '', now(), ${PAKIS})`,
  );
  await asRole(hub.urls.registry ?? "", (jobs) => jobs`select welfare.draft_changes(now())`);
  const [row] = await asRole(
    hub.urls.welfare.owner,
    (sql) => sql`select id from welfare.change_request where event_id = ${event}`,
  );
  return row?.["id"] as string;
}

const DAY = 24 * 60 * 60 * 1000;
const WIB = 7 * 60 * 60 * 1000;
/** Today in western Indonesia, or so many days later. */
export const today = (later = 0): string => new Date(Date.now() + WIB + later * DAY).toISOString().slice(0, 10);

/** Proposals that the village entered and put on the list of its meeting. */
export async function deliberated(hub: Hub, count: number): Promise<Proposed[]> {
  const operator = hub.as(dinsos("operator"));
  const made: Proposed[] = [];
  while (made.length < count) {
    serial += 1;
    const candidates = [{ relation: "HEAD", claimedName: "PONIMAN", claimedNik: `351016120370${serial}` }];
    const input = { channel: "FORMAL", village: PAKIS, address: "JL MAWAR 1", aid: ["PKH"], candidates };
    const { data } = await operator.ask(
      "mutation ($input: ProposalInput!) { draftProposal(input: $input) { id number version } }",
      {
        input,
      },
    );
    const { id, number, version } = data["draftProposal"];
    for (const [step, act] of ["submitProposals", "scheduleDeliberation"].entries()) {
      const moved = await operator.ask(`mutation ($p: [ProposalAt!]!) { ${act}(proposals: $p) { version } }`, {
        p: [{ id, version: version + step }],
      });
      expect(moved.errors).toEqual([]);
    }
    made.push({ id, number });
  }
  return made;
}
