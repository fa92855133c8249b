import fc from "fast-check";

/** Each in a district of its own, so that what is not told of one is not told by another. */
const VILLAGES = ["3510161001", "3510172003", "3171011001", "3171022001", "9301011002", "7201011001"];
const PERSONS = Array.from({ length: 12 }, (_, at) => `00000000-0000-4000-8000-0000000000${at + 10}`);
const STATES = ["ACTIVE", "ACTIVE", "DORMANT", "DECEASED", "MERGED"];
const STAGES = ["DRAFT", "SUBMITTED", "IN_VERIFICATION", "FINALISED", "SENT_TO_CENTRE", "WITHDRAWN"];
/** Households, and proposals, that there are from the beginning: few, so that much happens to each. */
const FIRST = 4;

/** SQL of the id that a word stands for. */
export const uuid = (word: string) => `md5('${word}')::uuid`;

/** A NIK of days, months and years of every kind, many of them no dates. */
const part = (min: number, max: number) => fc.integer({ min, max }).map((value) => String(value).padStart(2, "0"));
export const someDate = fc
  .tuple(
    fc.oneof(part(1, 31), part(41, 71), part(0, 99)),
    fc.oneof(part(1, 12), part(0, 13)),
    fc.oneof(part(0, 99), part(14, 27)),
  )
  .map((parts) => `351016${parts.join("")}9001`);
const someNik = fc.oneof({ weight: 9, arbitrary: someDate }, fc.constantFrom("3510161203", "351016120370900X", "BELUM ADA", ""));

interface Home {
  readonly village: string;
  readonly decile: number | null;
  readonly niks: readonly string[];
}

const household = (home: number, { village, decile, niks }: Home): string[] => {
  const [h, f] = [uuid(`h${home}`), uuid(`f${home}`)];
  const members = niks.map(
    (nik, at) =>
      `(${uuid(`m${home}.${at}`)}, ${h}, ${f}, '0${at + 1}', 'CHILD', 'NOT_FOUND', 'UJI', '${nik}', 'ACTIVE', '${village}', ${decile})`,
  );
  return [
    `insert into welfare.household (id, region, address, decile) values (${h}, '${village}', 'JL UJI', ${decile})`,
    `insert into welfare.family (id, household_id, registry_number, number_in_household, region, household_decile)
      values (${f}, ${h}, 'UJI-${home}', 1, '${village}', ${decile})`,
    `insert into welfare.member (id, household_id, family_id, suffix, relation, match_status, claimed_name, claimed_nik, state, region, household_decile)
      values ${members.join()}`,
  ];
};

interface Proposed {
  readonly village: string;
  readonly stage: string;
  /** SQL. */
  readonly movedAt: string;
  readonly persons: readonly (string | null)[];
}

const claim = (person: string | null, otherwise: string) => (person === null ? `'${otherwise}', null` : `'MATCHED', '${person}'`);

const proposal = (number: number, { village, stage, movedAt, persons }: Proposed): string[] => [
  `insert into welfare.proposal (id, number, state, act, region, channel, aid, basis, address, proposer_officer, created_at, moved_at)
    values (${uuid(`p${number}`)}, 'UJI-${number}', '${stage}', 'DRAFT', '${village}', 'FORMAL', '{PKH}', 'DTSEN', 'JL UJI', 'uji', '2026-06-01', ${movedAt})`,
  ...persons.map(
    (
      person,
      at,
    ) => `insert into welfare.proposal_candidate (id, proposal_id, position, region, relation, claimed_name, match_status, person_id)
      values (${uuid(`c${number}.${at}`)}, ${uuid(`p${number}`)}, ${at + 1}, '${village}', 'CHILD', 'UJI', ${claim(person, "NOT_YET_MATCHED")})`,
  ),
];

/** Households and proposals that acts are upon. */
export const firstRows = (): string[] =>
  Array.from({ length: FIRST }, (_, at) => {
    const [village = "", movedAt] = [VILLAGES[at % VILLAGES.length], `timestamptz '2026-11-10' - interval '${at} days'`];
    return [
      ...household(at, { village, decile: at + 1, niks: ["3510161203709001", "3510165203759001", ""] }),
      ...proposal(at, { village, stage: "SUBMITTED", movedAt, persons: [PERSONS[at] ?? null, null] }),
    ];
  }).flat();

let made = FIRST;
const first = fc.nat(FIRST - 1);
const village = fc.constantFrom(...VILLAGES);
const decile = fc.option(fc.integer({ min: 1, max: 10 }));
const person = fc.option(fc.constantFrom(...PERSONS));

/** Statements of an owner that change the registry. Written when they are to be run, because rows are numbered. */
export type Act = () => string[];

const ofHouseholds: fc.Arbitrary<Act>[] = [
  fc
    .record({ village, decile, niks: fc.array(someNik, { minLength: 1, maxLength: 4 }) })
    .map((home) => () => household(made++, home)),
  fc.record({ home: first, village }).map(({ home, village: to }) => () => [
    `update welfare.household set region = '${to}' where id = ${uuid(`h${home}`)}`,
    `update welfare.family set region = '${to}' where household_id = ${uuid(`h${home}`)}`,
    `update welfare.member set region = '${to}' where household_id = ${uuid(`h${home}`)}`,
  ]),
  fc.record({ home: first, decile }).map(({ home, decile: to }) => () => [
    `update welfare.household set decile = ${to} where id = ${uuid(`h${home}`)}`,
    `update welfare.member set household_decile = ${to} where household_id = ${uuid(`h${home}`)}`,
  ]),
];

const ofMembers: fc.Arbitrary<Act>[] = [
  fc.record({ home: first, at: fc.nat(2), state: fc.constantFrom(...STATES) }).map(({ home, at, state }) => () => [
    `update welfare.member set state = '${state}' where id = ${uuid(`m${home}.${at}`)}`,
  ]),
  fc.record({ home: first, at: fc.nat(2), person }).map(({ home, at, person: found }) => () => [
    `update welfare.member set (match_status, person_id) = (${claim(found, "MISMATCHED")}) where id = ${uuid(`m${home}.${at}`)}`,
  ]),
  fc.record({ home: first, at: fc.nat(2), nik: someNik }).map(({ home, at, nik }) => () => [
    `update welfare.member set claimed_nik = '${nik}' where id = ${uuid(`m${home}.${at}`)}`,
  ]),
];

const ofProposals = (now: string): fc.Arbitrary<Act>[] => {
  const movedAt = fc.integer({ min: -2, max: 120 }).map((days) => `timestamptz '${now}' - interval '${days} days'`);
  const stage = fc.constantFrom(...STAGES);
  return [
    fc.record({ village, stage, movedAt, persons: fc.array(person, { maxLength: 3 }) }).map((one) => () => proposal(made++, one)),
    fc.record({ number: first, stage, movedAt }).map(({ number, stage: to, movedAt: at }) => () => [
      `update welfare.proposal set state = '${to}', moved_at = ${at} where id = ${uuid(`p${number}`)}`,
    ]),
    first.map((number) => () => [
      `update welfare.proposal_candidate set match_status = 'NOT_FOUND', person_id = null where proposal_id = ${uuid(`p${number}`)}`,
    ]),
    fc.record({ number: first, kept: fc.nat(1) }).map(({ number, kept }) => () => [
      `delete from welfare.proposal_candidate where proposal_id = ${uuid(`p${number}`)} and position > ${kept}`,
    ]),
    first.map((number) => () => [
      `delete from welfare.proposal p where p.id = ${uuid(`p${number}`)} and not exists (select from welfare.proposal_candidate c where c.proposal_id = p.id)`,
    ]),
  ];
};

/** Whatever may happen to the registry around an instant. */
export const act = (now: string): fc.Arbitrary<Act> => fc.oneof(...ofHouseholds, ...ofMembers, ...ofMembers, ...ofProposals(now));
