import type { Page } from "playwright-core";
import { expect } from "vitest";
import { asRole } from "../kit/database.ts";
import type { Hub } from "../kit/hub.ts";

export const PAKIS = "3510161001";
export const dinsos = (name: string) => `${name}.dinsos_banyuwangi`;

/** The registry's calendar lets every step be done on any day: the windows are data. */
export const openCalendar = (hub: Hub) =>
  asRole(
    hub.urls.welfare.owner,
    (sql) => sql`update welfare.calendar_window set from_day = 1, to_day = 31 where valid_to is null`,
  );

interface Proposed {
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
