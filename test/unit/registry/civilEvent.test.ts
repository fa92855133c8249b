import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AttestedEvent, deathIn, EVENT_KINDS, type EventSaid, type Given, receive } from "../../../schema/civilEvent.ts";
import { faultsOf } from "../../../subgraphs/population/civil/event.ts";

const event = (
  place: number,
  kind: EventSaid["kind"] = "MOVE",
  roles: readonly EventSaid["persons"][number]["role"][] = [],
): Given & {
  event: AttestedEvent;
} => ({
  attestation: `event ${place}`,
  event: {
    ...{ by: "population", kind: "CIVIL_EVENT", about: `id ${place}`, at: "2026-01-01T00:00:00Z" },
    says: {
      ...{ kind, on: "2026-01-01", position: String(place), cardId: null, toCardId: null, region: "3510161001", toRegion: null },
      persons: roles.map((role) => ({ id: `${role} of ${place}`, role })),
    },
  },
});

describe("an inbox", () => {
  test("takes each event once, in order and without a gap, however its deliveries are cut, repeated and shuffled", () => {
    const places = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 40 });
    fc.assert(
      fc.property(fc.array(places, { maxLength: 6 }), (deliveries) => {
        const taken: number[] = [];
        for (const delivery of deliveries) {
          const inbox = { known: new Set(taken.map((place) => `id ${place}`)), last: BigInt(taken.at(-1) ?? 0) };
          const { results, fresh } = receive(
            delivery.map((place) => event(place)),
            inbox,
          );
          expect(results.filter((result) => result === "DELIVERED")).toHaveLength(fresh.length);
          taken.push(...fresh.map(({ event: { says } }) => Number(says.position)));
        }
        expect(taken).toEqual(taken.map((_, n) => n + 1));
      }),
    );
  });

  test("knows what it has, refuses what is unsigned, older or further on than the next, and says so in the order given", () => {
    const unsigned = { attestation: "forged", event: null };
    const given = [event(3), unsigned, event(7), event(6), event(4), event(6), event(7), event(9)];
    const { results, fresh } = receive(given, { known: new Set(["id 3"]), last: 5n });
    expect(results).toEqual(["KNOWN", "REFUSED", "REFUSED", "DELIVERED", "REFUSED", "KNOWN", "DELIVERED", "REFUSED"]);
    expect(fresh.map(({ attestation }) => attestation)).toEqual(["event 6", "event 7"]);
  });

  test("reads deaths and deaths taken back as such, nothing else", () => {
    const given = [
      event(1, "BIRTH", ["NEWBORN", "MOTHER"]),
      event(2, "DEATH", ["DECEASED"]),
      event(3, "CORRECTION", ["REVIVED"]),
      event(4),
    ];
    expect(given.map((one) => deathIn(one.event))).toEqual([undefined, "DECEASED of 2", "REVIVED of 3", undefined]);
  });
});

describe("what is recorded", () => {
  const TODAY = "2026-03-01";
  const base = { occurredOn: "2026-02-01", document: "D-1" };
  const born = { nik: "3510164102269001", fullName: "PUTRI", sex: "FEMALE", birthPlace: "BANYUWANGI" } as const;
  const RIGHT = [
    { kind: "BIRTH", persons: ["m"], newborn: born },
    { kind: "DEATH", persons: ["a"] },
    { kind: "MOVE", persons: ["a", "b"], toRegion: "3510161002" },
    { kind: "MARRIAGE", persons: ["a", "b"], newCardNumber: "3510160102269001" },
    { kind: "DIVORCE", persons: ["a"], toCard: "c" },
    { kind: "SPLIT", persons: ["a", "b", "c"], newCardNumber: "3510160102269001" },
    { kind: "MERGE", persons: ["a"], toCard: "c" },
    { kind: "CORRECTION", persons: ["a"], corrects: "d" },
  ] as const;

  test("each kind has a form that is right, and every kind one", () => {
    expect(RIGHT.map(({ kind }) => kind)).toEqual([...EVENT_KINDS]);
    for (const said of RIGHT) expect(faultsOf({ ...base, ...said }, TODAY), said.kind).toEqual([]);
  });

  test("what a kind needs may not be left out, and what it does not say may not be added", () => {
    const extras = {
      newborn: born,
      toRegion: "3510161002",
      address: "JL 1",
      newCardNumber: "3510160102269002",
      toCard: "x",
      corrects: "y",
    };
    const cases = RIGHT.flatMap((said) => Object.entries(extras).map(([extra, value]) => ({ said, extra, value })));
    for (const { said, extra, value } of cases) {
      const isSaid = extra in said;
      const isFree = said.kind === "MOVE" && ["address", "newCardNumber"].includes(extra);
      const faults = faultsOf({ ...base, ...said, [extra]: isSaid ? undefined : value }, TODAY);
      expect(faults.length > 0, `${said.kind} ${isSaid ? "without" : "with"} ${extra}`).toBe(!isFree);
    }
    expect(cases).toHaveLength(48);
  });

  test("a newborn's NIK holds the day and the sex that are recorded", () => {
    const birth = (differences: object) =>
      faultsOf({ ...base, kind: "BIRTH", persons: ["m"], newborn: { ...born, ...differences } }, TODAY);
    for (const nik of ["3510160102269001", "3510164202269001", "351016410226900", "", "x".repeat(16)])
      expect(birth({ nik }), nik).toEqual(["newborn.nik must be a NIK of that day and sex"]);
    expect(birth({ sex: "MALE" })).toEqual(["newborn.nik must be a NIK of that day and sex"]);
  });
});
