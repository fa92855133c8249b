import { describe, expect, test } from "vitest";
import { readEvent } from "../../../../schema/civilEvent.ts";
import { devAttestationKeys } from "../../../../subgraphs/kit/serve/config.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { ani, budi, maria, rina, siti, sitisHome, slamet, tono } from "../../../kit/people.ts";
import { callerWith, codesOf } from "../../../kit/slice.ts";
import { CONFIRM, exchange, RECORD, registrar, secondRegistrar, useCivilRegistry } from "./civilKit.ts";

const databases = useDatabases();
const { slice, record, confirm, happened } = useCivilRegistry(() => databases.urls.population.runtime);

const death = (of: { readonly id: string }, differences: object = {}) => ({
  kind: "DEATH",
  occurredOn: "2026-02-10",
  document: "3510-KM-10022026-0001",
  persons: [of.id],
  ...differences,
});
const PAKIS_CARD = sitisHome.families[0]?.card?.id ?? "";

const asOwner = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(databases.urls.population.owner, work);
const standing = async (id: string) =>
  (await asOwner((sql) => sql`select is_alive, region, address, family_card_id as card from person where id = ${id}`))[0];
const memberships = (id: string) =>
  asOwner(
    (sql) =>
      sql`select family_card_id as card, valid_to::text as until from family_card_member where person_id = ${id} order by valid_from, valid_to`,
  );

describe("four eyes", () => {
  test("nothing follows from an event before another registrar confirms it", async () => {
    const { data, errors } = await record(death(tono));
    expect(errors).toEqual([]);
    expect(data.recordCivilEvent).toMatchObject({ position: null, recordedBy: "pencatat.dukcapil", confirmedBy: null });
    expect(await standing(tono.id)).toMatchObject({ is_alive: true });
    const same = await slice.ask(CONFIRM, { ...registrar, variables: { id: data.recordCivilEvent.id } });
    expect(codesOf(same)).toEqual(["FORBIDDEN"]);
    expect(await standing(tono.id)).toMatchObject({ is_alive: true });

    const confirmed = await confirm(data.recordCivilEvent.id);
    expect(confirmed.data.confirmCivilEvent).toMatchObject({ confirmedBy: "pencatat2.dukcapil" });
    expect(await standing(tono.id)).toMatchObject({ is_alive: false, card: null });
    expect(codesOf(await confirm(data.recordCivilEvent.id))).toEqual(["CONFLICT"]);
  });

  test("an event recorded wrongly is discarded with a reason, and never confirmed after", async () => {
    const DISCARD =
      "mutation ($id: ID!, $reason: String!) { discardCivilEvent(id: $id, reason: $reason) { discardedBy discardReason } }";
    const { id } = (await record(death(maria))).data.recordCivilEvent;
    const discard = (reason: string, who = registrar) => slice.ask(DISCARD, { ...who, variables: { id, reason } });
    for (const reason of ["", `salah orang: ${maria.nik}`]) expect(codesOf(await discard(reason))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await discard("salah orang", exchange))).toEqual(["FORBIDDEN"]);
    const { data } = await discard("salah orang");
    expect(data.discardCivilEvent).toEqual({ discardedBy: "pencatat.dukcapil", discardReason: "salah orang" });
    expect(codesOf(await confirm(id))).toEqual(["CONFLICT"]);
    expect(codesOf(await discard("lagi"))).toEqual(["CONFLICT"]);
    expect(await standing(maria.id)).toMatchObject({ is_alive: true });
    const waiting = await slice.ask("{ civilEventsToConfirm { id } }", registrar);
    expect(waiting.data.civilEventsToConfirm).not.toContainEqual({ id });
  });

  test("only officers of the civil registry record and confirm", async () => {
    const { data } = await record(death(maria));
    const others = [
      exchange,
      { caller: callerWith({ agency: "DUKCAPIL" }) },
      { caller: callerWith({ officer: "pusdatin.kemensos" }) },
    ];
    for (const who of others) {
      expect(codesOf(await slice.ask(RECORD, { ...who, variables: { input: death(maria) } }))).toEqual(["FORBIDDEN"]);
      const confirmed = await slice.ask(CONFIRM, { ...who, variables: { id: data.recordCivilEvent.id } });
      expect(codesOf(confirmed)).toEqual(["FORBIDDEN"]);
    }
    expect(await standing(maria.id)).toMatchObject({ is_alive: true });
  });

  test("the slice itself can change no person, no card and no event behind the rules", async () => {
    await asRole(databases.urls.population.runtime, async (sql) => {
      await sql.unsafe(
        `set hub.regions = '{0,A}'; set hub.agency = '{DUKCAPIL}'; set hub.officer = '{pencatat.dukcapil}'; set hub.agreement = '{PKS-2025-023}'`,
      );
      const tries = [
        "update population.person set is_alive = false",
        "insert into population.family_card (id, number, region, issued_on) values (gen_random_uuid(), 3510161106189999, '3510161001', '2026-01-01')",
        "delete from population.civil_event",
        "update population.civil_event set occurred_on = '2020-01-01'",
        "update population.civil_event set confirmed_by = 'pencatat2.dukcapil', confirmed_at = now() where position is null",
        "select population.stand_on('{}', gen_random_uuid(), '2026-01-01')",
      ];
      for (const text of tries) await expect(sql.unsafe(text), text).rejects.toThrow();
    });
  });
});

describe("what follows", () => {
  test("a newborn is a person on the mother's card from the day of birth", async () => {
    const newborn = { nik: "3510166001269001", fullName: "PUTRI LESTARI", sex: "FEMALE", birthPlace: "BANYUWANGI" };
    const { attestation } = await happened({
      kind: "BIRTH",
      occurredOn: "2026-01-20",
      document: "3510-LU-21012026-0003",
      persons: [siti.id],
      newborn,
    });
    const { event } = readEvent(attestation, devAttestationKeys());
    const [born, mother] = event?.says.persons ?? [];
    expect([born?.role, mother]).toEqual(["NEWBORN", { id: siti.id, role: "MOTHER" }]);
    expect(attestation).not.toContain("PUTRI");
    const [row] = await asOwner(
      (sql) =>
        sql`select nik::text, mother_name, birth_date::text as born, family_card_id as card from person where id = ${born?.id ?? ""}`,
    );
    expect(row).toEqual({ nik: newborn.nik, mother_name: "SITI AMINAH", born: "2026-01-20", card: PAKIS_CARD });
  });

  test("those who move away stand on a new card there, and the old membership ends that day", async () => {
    const { attestation } = await happened({
      kind: "MOVE",
      occurredOn: "2026-01-25",
      document: "SKPWNI-35-25012026-0001",
      persons: [ani.id],
      toRegion: "3510161002",
      address: "JL BARONG NO 3",
      newCardNumber: "3510162501269001",
    });
    const says = readEvent(attestation, devAttestationKeys()).event?.says;
    expect(says).toMatchObject({ kind: "MOVE", cardId: PAKIS_CARD, region: "3510161001", toRegion: "3510161002" });
    expect(await standing(ani.id)).toMatchObject({ region: "3510161002", address: "JL BARONG NO 3", card: says?.toCardId });
    expect(await memberships(ani.id)).toEqual([
      { card: PAKIS_CARD, until: "2026-01-25" },
      { card: says?.toCardId, until: null },
    ]);
    expect(await standing(siti.id)).toMatchObject({ region: "3510161001", card: PAKIS_CARD });
    const back = { kind: "MERGE", occurredOn: "2026-01-28", document: "F-1.16/1", persons: [ani.id], toCard: PAKIS_CARD };
    await happened(back);
    expect(await standing(ani.id)).toMatchObject({ region: "3510161001", card: PAKIS_CARD });
    const earlier = { kind: "SPLIT", occurredOn: "2026-01-26", document: "F-1.16/2", persons: [ani.id] };
    const late = await record({ ...earlier, newCardNumber: "3510162601269001" });
    expect(codesOf(await confirm(late.data.recordCivilEvent.id))).toEqual(["CONFLICT"]);
  });

  test("a marriage makes a card of the two; a divorce parts it", async () => {
    const wedding = { kind: "MARRIAGE", occurredOn: "2026-01-30", document: "AK-1", persons: [slamet.id, rina.id] };
    const dead = await record({ ...wedding, newCardNumber: "3510163001269001" });
    expect(codesOf(dead)).toEqual(["BAD_USER_INPUT"]);
    const { attestation } = await happened({ ...wedding, persons: [budi.id, rina.id], newCardNumber: "3510163001269001" });
    const says = readEvent(attestation, devAttestationKeys()).event?.says;
    expect(says?.persons.map(({ role }) => role)).toEqual(["HEAD", "SPOUSE"]);
    expect(await standing(rina.id)).toMatchObject({ card: says?.toCardId });
    await happened({
      ...{ kind: "DIVORCE", occurredOn: "2026-02-01", document: "AC-1", persons: [budi.id] },
      toCard: PAKIS_CARD,
    });
    expect(await standing(budi.id)).toMatchObject({ card: PAKIS_CARD });
    expect(await memberships(budi.id)).toContainEqual({ card: says?.toCardId, until: "2026-02-01" });
  });

  test("a death recorded by mistake is taken back: alive, and on the card again", async () => {
    const { id } = await happened(death(rina, { occurredOn: "2026-02-05" }));
    expect(await standing(rina.id)).toMatchObject({ is_alive: false, card: null });
    const mend = { kind: "CORRECTION", occurredOn: "2026-02-05", document: "PEN-1", persons: [rina.id], corrects: id };
    expect(codesOf(await record({ ...mend, occurredOn: "2026-02-06" }))).toEqual(["BAD_USER_INPUT"]);
    const { attestation } = await happened(mend);
    expect(readEvent(attestation, devAttestationKeys()).event?.says.persons).toEqual([{ id: rina.id, role: "REVIVED" }]);
    expect(await standing(rina.id)).toMatchObject({ is_alive: true });
    expect((await standing(rina.id))?.["card"]).not.toBeNull();
  });

  test("a second death of one person is refused when it is confirmed", async () => {
    const [one, two] = [await record(death(siti)), await record(death(siti))];
    expect((await confirm(one.data.recordCivilEvent.id)).errors).toEqual([]);
    expect(codesOf(await confirm(two.data.recordCivilEvent.id))).toEqual(["CONFLICT"]);
  });
});

test("all faults of an event are named at once, and no value is repeated", async () => {
  const { errors } = await record({
    ...{ kind: "MARRIAGE", occurredOn: "2999-01-01", document: " ", persons: [siti.id], corrects: siti.id },
    newCardNumber: "12",
  });
  expect(errors[0]?.extensions.detail?.split("; ")).toEqual([
    "occurredOn must not be in the future",
    "document must have 1 to 80 characters",
    "persons must be 2 of MARRIAGE",
    "corrects is not said of MARRIAGE",
    "newCardNumber must be 16 digits",
  ]);
});

test("whoever follows the events reads each once, in order, as often as they like", async () => {
  const FEED = `query ($after: String) { civilEvents(after: $after, first: 2) { id kind position attestation } }`;
  const seen: { position: string; attestation: string }[] = [];
  for (let after: string | null = null; ; after = seen.at(-1)?.position ?? null) {
    const { data, errors } = await slice.ask(FEED, { ...exchange, variables: { after } });
    expect(errors).toEqual([]);
    if (data.civilEvents.length === 0) break;
    seen.push(...data.civilEvents);
  }
  expect(seen.length).toBeGreaterThanOrEqual(9);
  expect(seen.map(({ position }) => Number(position))).toEqual(seen.map((_, place) => place + 1));
  const again = await slice.ask(FEED, { ...exchange, variables: { after: null } });
  expect(again.data.civilEvents).toEqual(seen.slice(0, 2));
});

test("of two who confirm at the same time each event gets a place of its own", async () => {
  const [one, two] = await Promise.all([
    record({ kind: "MOVE", occurredOn: "2026-02-20", document: "M-1", persons: [maria.id], toRegion: "9301011002" }),
    record({ kind: "SPLIT", occurredOn: "2026-02-20", document: "M-2", persons: [budi.id], newCardNumber: "3510162002269001" }),
  ]);
  const ids = [one, two].map(({ data }) => data.recordCivilEvent.id as string);
  const both = await Promise.all(ids.map((id) => slice.ask(CONFIRM, { ...secondRegistrar, variables: { id } })));
  const places = both.map(({ data }) => Number(data.confirmCivilEvent.position)).sort((a, b) => a - b);
  expect(places[1]).toBe((places[0] ?? 0) + 1);
});

test("whatever happened, the living stand on at most one card, the one they are said to stand on, and the dead on none", async () => {
  const odd = await asOwner(
    (sql) => sql`select p.full_name from person p left join family_card_member m on m.person_id = p.id and m.valid_to is null
      where m.family_card_id is distinct from p.family_card_id or (not p.is_alive and p.id = any (${[siti.id, tono.id]}) and m.person_id is not null)`,
  );
  expect(odd.map((row) => row["full_name"])).toEqual([]);
  const [backwards] = await asOwner((sql) => sql`select count(*)::int as n from family_card_member where valid_to < valid_from`);
  expect(backwards).toEqual({ n: 0 });
});
