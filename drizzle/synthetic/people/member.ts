import { parseNik } from "../../../schema/nik.ts";
import type { MadeMember, MadePerson, MatchStatus, PpksKind, PsksKind } from "../model.ts";
import type { Random } from "../random.ts";
import { REFERENCE_DATE, type Relation } from "./compose.ts";
import { variantOf } from "./names.ts";

interface Circumstances {
  readonly person: MadePerson;
  readonly age: number;
  readonly standing: number | null;
}

// 84 matched, 14 not, 2 dead of 100: what the bulk match of October 2020 found (domain reference §3.4).
const OUTCOMES: readonly (readonly [MatchStatus, number])[] = [
  ["MATCHED", 84],
  ["NOT_FOUND", 6],
  ["MISMATCHED", 5],
  ["NOT_YET_MATCHED", 3],
  ["DECEASED", 2],
];

/** What the registry says of a person: right for most, and wrong in the ways registries are. */
export function memberOf(
  random: Random,
  ids: { id: string; suffix: string; relation: Relation },
  about: Circumstances,
): MadeMember {
  const matchStatus = random.weighted(OUTCOMES);
  const isDead = matchStatus === "DECEASED";
  const { person } = about;
  return {
    ...ids,
    matchStatus,
    claimedName: claimedName(random, person.fullName, matchStatus),
    claimedNik: matchStatus === "NOT_FOUND" ? wrongNik(random, person.nik) : person.nik,
    state: stateOf(random, isDead),
    ppks: ppksOf(random, about),
    psks:
      matchStatus === "MATCHED" && about.age >= 20 && about.age < 65 && random.chance(0.006)
        ? random.pick(PSKS_OF_PERSONS)
        : null,
    person: isDead ? { ...person, isAlive: false } : person,
  };
}

/** Half of the dead are still carried as active: nobody has told the registry. */
function stateOf(random: Random, isDead: boolean): MadeMember["state"] {
  if (isDead && random.chance(0.5)) return "DECEASED";
  return random.chance(0.04) ? "DORMANT" : "ACTIVE";
}

function claimedName(random: Random, fullName: string, status: MatchStatus): string {
  if (status === "MISMATCHED")
    return random.chance(0.5)
      ? (fullName.split(" ").at(-1) ?? fullName).slice(0, 5)
      : `${random.pick(["PAK", "BU", "MAS"])} ${variantOf(random, fullName)}`;
  return random.chance(0.12) ? variantOf(random, fullName) : fullName;
}

/** A claimed NIK that finds nobody, and can be no real person's: cut short, letters for digits, the spreadsheet's last digit, or nothing. */
function wrongNik(random: Random, nik: string): string | null {
  const wrong = random.pick([
    nik.slice(0, 15),
    nik.replace("0", "O"),
    `${nik.slice(0, 12)}0000`,
    null,
    nik.slice(0, 9) + nik.slice(10),
  ]);
  // a typo may still read as a NIK of serials a district could issue: then rather none
  return wrong !== null && "nik" in parseNik(wrong, { referenceDate: REFERENCE_DATE, allowSynthetic: false }) ? null : wrong;
}

const PSKS_OF_PERSONS: readonly PsksKind[] = [
  "PSM",
  "TAGANA",
  "TKSK",
  "PROFESSIONAL_SOCIAL_WORKER",
  "SOCIAL_EXTENSION_WORKER",
  "WOMAN_WELFARE_LEADER",
];

const RARE_OF_CHILDREN: readonly PpksKind[] = [
  "NEGLECTED_CHILD",
  "STREET_CHILD",
  "CHILD_NEEDING_PROTECTION",
  "CHILD_VICTIM_OF_VIOLENCE",
  "CHILD_IN_CONFLICT_WITH_LAW",
];
const RARE_OF_ADULTS: readonly PpksKind[] = [
  "SCAVENGER",
  "BEGGAR",
  "HOMELESS",
  "FORMER_PRISONER",
  "PERSON_WITH_HIV",
  "DRUG_VICTIM",
  "VIOLENCE_VICTIM",
  "TROUBLED_MIGRANT_WORKER",
  "NATURAL_DISASTER_VICTIM",
];

function ppksOf(random: Random, { person, age, standing }: Circumstances): PpksKind[] {
  const isPoor = standing !== null && standing < 0.15;
  const kinds: (PpksKind | false)[] = [
    person.disability !== "NONE" && (age < 18 ? "CHILD_WITH_DISABILITY" : "PERSON_WITH_DISABILITY"),
    isPoor && age >= 18 && random.chance(0.3) && "POOR",
    isPoor && age >= 65 && random.chance(0.25) && "NEGLECTED_ELDER",
    random.chance(isPoor ? 0.02 : 0.002) && random.pick(age < 18 ? RARE_OF_CHILDREN : RARE_OF_ADULTS),
  ];
  return kinds.filter((kind) => kind !== false);
}
