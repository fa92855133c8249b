import type { Text } from "../../../schema/errors.ts";
import type { AgencyRow, PurposeRow } from "../data.ts";
import type { AccessRow } from "./data.ts";

/** A line of a person's accesses. */
export interface Line extends Omit<AccessRow, "told"> {
  readonly shown: readonly string[];
  readonly masked: readonly string[];
  readonly isOfHousehold: boolean;
}

/** What one entry of a line showed, of whom it was, and as what the person was found in it. */
interface Told {
  readonly shown: readonly string[] | null;
  readonly masked: readonly string[] | null;
  /** Types of its subjects; `lookup` for identifiers that stand for no row. Null: written before they were told apart. */
  readonly types: Readonly<Record<string, number>> | null;
  readonly kinds: readonly string[];
}

export function lineOf({ told: texts, ...row }: AccessRow): Line {
  const told = texts.map((text) => JSON.parse(text) as Told);
  return {
    ...row,
    shown: ownCoordinates(told, ({ shown }) => shown),
    masked: ownCoordinates(told, ({ masked }) => masked),
    isOfHousehold: told.every(({ kinds }) => kinds.every((kind) => kind === HOUSEHOLD)),
  };
}

const HOUSEHOLD = "Household";
const ROOTS = ["Query", "Mutation"];

const ownCoordinates = (told: readonly Told[], pick: (one: Told) => Told["shown"]): string[] =>
  [...new Set(told.flatMap((one) => (pick(one) ?? []).filter(isOwn(one)))).values()].sort();

/**
 * Whether a coordinate of an answer is known to be about the person: it is of a type under which the person was found in it, or of a type that is
 * nobody's own while nobody else stands in the answer under another type. What may be another's is not told: a relative's case stays theirs.
 */
function isOwn({ types, kinds }: Told): (coordinate: string) => boolean {
  const found = new Set(kinds.includes("Person") ? [...kinds, "lookup"] : kinds);
  const whose = Object.keys(types ?? {});
  const isAlone = types !== null && whose.every((type) => found.has(type));
  return (coordinate) => {
    const type = coordinate.slice(0, coordinate.indexOf("."));
    if (ROOTS.includes(type)) return false;
    return found.has(type) || (isAlone && !whose.includes(type));
  };
}

interface Named {
  readonly agency: AgencyRow | null;
  readonly purpose: PurposeRow | null;
}

/** A line in plain words. */
export function sentenceOf(line: Line, { agency, purpose }: Named): Text {
  const fields = line.shown.length + line.masked.length;
  const deed = DEEDS[deedOf(line.status, fields)];
  const whose = WHOSE[line.isOfHousehold ? "household" : "person"];
  const what = { id: fields > 0 ? ` (${fields} kolom)` : "", en: fields > 0 ? ` (${fields} fields)` : "" };
  const why = {
    id: purpose ? ` untuk ${purpose.name}; dasar: ${purpose.citation}` : "",
    en: purpose ? ` for the purpose ${purpose.code} (${wordsOf(purpose)}): ${purpose.citation}` : "",
  };
  return {
    id: `${agency?.name ?? UNKNOWN.id} ${deed.id} ${whose.id}${what.id}${why.id}.`,
    en: `${agency?.name ?? UNKNOWN.en} ${deed.en} ${whose.en}${what.en}${why.en}.`,
  };
}

function deedOf(status: string, fields: number): keyof typeof DEEDS {
  if (status === "INTENDED") return "unanswered";
  if (status !== "ANSWERED") return "refused";
  return fields > 0 ? "answered" : "asked";
}

const UNKNOWN: Text = { id: "Sebuah klien", en: "A client" };
const DEEDS = {
  answered: { id: "mengakses", en: "accessed" },
  asked: { id: "menanyakan", en: "asked about" },
  refused: { id: "meminta, dan ditolak mengakses,", en: "asked for, and was refused," },
  unanswered: { id: "meminta, lalu ditolak atau tidak selesai,", en: "asked for, and was refused or got no further with," },
} as const satisfies Record<string, Text>;
const WHOSE = {
  person: { id: "data orang ini", en: "data of this person" },
  household: { id: "data rumah tangga orang ini", en: "data of this person's household" },
} as const satisfies Record<string, Text>;
const wordsOf = ({ legalBasis }: PurposeRow): string => legalBasis.toLowerCase().replaceAll("_", " ");

/** Why answers about many are given, for a line that stands for such; null for others. */
export function principleOf({ mass, agreement, title }: Line): Text | null {
  if (!mass) return null;
  return {
    id: `Permintaan massal menurut perjanjian ${agreement} “${title}”: setiap jawaban memuat lebih dari 100 orang.`,
    en: `Mass query under the agreement ${agreement} “${title}”: each answer is about more than 100 persons.`,
  };
}
