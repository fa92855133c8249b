import { parseNik } from "../../schema/nik.ts";
import { parseRegionCode } from "../../schema/values/regionCode.ts";
import { INSTRUMENT, type Variable } from "../registry/instrument.ts";
import type { CsvRecord } from "./csv.ts";
import { REJECTION_COLUMNS } from "./file.ts";
import { isCardNumber, isScientific, RELATIONS, type SiksContext, type SiksFault, type SiksRow } from "./siks.ts";
import { atLeastOne, openTable } from "./table.ts";
import { UnreadableFile } from "./text.ts";

// The basic data of 2015 (BDT) as regencies keep it: a file of households and one of members, columns by their raw names.

/** Answers by code of the variable, as surveys keep them: the original alone. */
export type BdtAnswers = Readonly<Record<string, readonly [string]>>;

export interface BdtHousehold {
  readonly idbdt: string;
  readonly region: string;
  readonly address: string;
  readonly answers: BdtAnswers;
}
export interface BdtMember {
  readonly idbdt: string;
  readonly idartbdt: string;
  readonly name: string;
  readonly nik: string | null;
  readonly cardNumber: string | null;
  /** Number of the family in the household, 1 to 99. */
  readonly familyNumber: number;
  readonly relation: string;
  readonly state: "ACTIVE" | "DECEASED";
  /** ISO day, to put children in order; "" where the file has none. */
  readonly bornOn: string;
  readonly answers: BdtAnswers;
}

/** One record: what it says, or every fault it has. */
export interface BdtRow<Said> {
  readonly line: number;
  readonly original: readonly string[];
  readonly read: Said | readonly SiksFault[];
}
export interface BdtFile<Said> {
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<BdtRow<Said>>;
}

interface Shape<Said> {
  readonly scope: Variable["scope"];
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly read: (row: SiksRow, answers: BdtAnswers, context: SiksContext) => Said | readonly SiksFault[];
}

const HOUSEHOLDS: Shape<BdtHousehold> = {
  scope: "HOUSEHOLD",
  required: ["IDBDT", "id_desa", "Alamat"],
  optional: ["id_kec"],
  read: readHousehold,
};
const MEMBERS: Shape<BdtMember> = {
  scope: "MEMBER",
  required: ["IDBDT", "IDARTBDT", "Nama", "NUK", "Hubkel"],
  optional: ["NIK", "NoKK"],
  read: readMember,
};

export const openBdtHouseholds = (path: string, context: SiksContext) => openShape(path, HOUSEHOLDS, context);
export const openBdtMembers = (path: string, context: SiksContext) => openShape(path, MEMBERS, context);

/** Opens one of the two files. Throws UnreadableFile where the whole is wrong: columns unknown, missing or named twice, no row. */
async function openShape<Said extends object>(path: string, shape: Shape<Said>, context: SiksContext): Promise<BdtFile<Said>> {
  const { header, records } = await openTable(path);
  const variables = INSTRUMENT.filter(({ scope }) => scope === shape.scope);
  const known = [...shape.required, ...shape.optional, ...variables.map(({ rawName }) => rawName), ...REJECTION_COLUMNS];
  const byLowerCase = new Map(known.map((name) => [name.toLowerCase(), name]));
  const columns = header.map((name) => byLowerCase.get(name.toLowerCase()) ?? name);
  refuseColumns(columns, { known, required: shape.required });
  const asked = variables.filter(({ rawName, opens }) => columns.includes(rawName) && opens !== "NEVER");
  return { columns, rows: rowsOf(await atLeastOne(records), { columns, asked, shape, context }) };
}

function refuseColumns(
  columns: readonly string[],
  { known, required }: { known: readonly string[]; required: readonly string[] },
) {
  const faults = [
    ["missing columns", required.filter((name) => !columns.includes(name))],
    ["unknown columns", columns.filter((name) => !known.includes(name))],
    ["columns named twice", columns.filter((name, place) => columns.indexOf(name) !== place)],
  ] as const;
  const told = faults.filter(([, names]) => names.length > 0).map(([what, names]) => `${what}: ${names.join(", ")}`);
  if (told.length > 0) throw new UnreadableFile(told.join("; "));
}

interface Reading<Said> {
  readonly columns: readonly string[];
  readonly asked: readonly Variable[];
  readonly shape: Shape<Said>;
  readonly context: SiksContext;
}

async function* rowsOf<Said extends object>(
  records: AsyncIterable<CsvRecord>,
  { columns, asked, shape, context }: Reading<Said>,
): AsyncGenerator<BdtRow<Said>> {
  for await (const { line, fields, fault } of records) {
    const reason = fault ?? (fields.length === columns.length ? null : "NUMBER_OF_FIELDS");
    const row: SiksRow = Object.fromEntries(columns.map((name, place) => [name, fields[place]?.trim()]));
    yield { line, original: fields, read: reason === null ? readRow(row, { asked, shape, context }) : [{ field: "", reason }] };
  }
}

/** What a row says, or all its faults: of its own fields, and of its answers beside them. */
function readRow<Said extends object>(
  row: SiksRow,
  { asked, shape, context }: Omit<Reading<Said>, "columns">,
): Said | readonly SiksFault[] {
  const read = shape.read(row, answersOf(asked, row), context);
  const own = Array.isArray(read) ? (read as readonly SiksFault[]) : [];
  const others = asked.filter(({ rawName }) => !shape.required.includes(rawName));
  const faults = [...own, ...others.flatMap((variable) => answerFaults(variable, row))];
  return faults.length > 0 ? faults : read;
}

const answersOf = (asked: readonly Variable[], row: SiksRow): BdtAnswers =>
  Object.fromEntries(asked.flatMap(({ code, rawName }) => (row[rawName] ? [[code, [row[rawName]] as const]] : [])));

const GREATEST = 2 ** 31 - 1; // as whole numbers are stored

function answerFaults({ rawName, kind, labels }: Variable, row: SiksRow): SiksFault[] {
  const text = row[rawName] ?? "";
  const fits = {
    NUMBER: () => /^[0-9]{1,12}$/.test(text) && Number(text) <= GREATEST,
    CODE: () => Object.hasOwn(labels, text),
    YESNO: () => text === "1" || text === "2",
    TEXT: () => text.length <= 200,
  };
  return text === "" || fits[kind]() ? [] : [{ field: rawName, reason: "UNKNOWN_VALUE" }];
}

const fault = (isWrong: boolean, field: string, reason: string): SiksFault[] => (isWrong ? [{ field, reason }] : []);
const keyFault = (row: SiksRow, field: string) => formFault(row, field, /^[\w.:/-]{1,64}$/);

function readHousehold(row: SiksRow, answers: BdtAnswers, { isVillage }: SiksContext): BdtHousehold | readonly SiksFault[] {
  const { IDBDT: idbdt = "", Alamat: address = "" } = row;
  const region = parseRegionCode(row["id_desa"] ?? "") ?? "";
  const isForm = region.length === 10;
  const faults = [
    ...keyFault(row, "IDBDT"),
    ...fault(!isForm, "id_desa", "FORMAT"),
    ...fault(isForm && !isVillage(region), "id_desa", "UNKNOWN_REGION"),
    ...fault(address.length > 500, "Alamat", "TOO_LONG"),
  ];
  return faults.length > 0 ? faults : { idbdt, region, address: address.replace(/\s+/g, " "), answers };
}

const DECEASED = "4";

function readMember(row: SiksRow, answers: BdtAnswers, context: SiksContext): BdtMember | readonly SiksFault[] {
  const at = (field: string) => row[field] ?? "";
  const bornOn = dayOf(at("TglLahir"));
  const faults = [
    ...keyFault(row, "IDBDT"),
    ...keyFault(row, "IDARTBDT"),
    ...formFault(row, "Nama", /^(?=.*\p{L})[\p{L}\p{M}\s'’`".,()/-]{1,200}$/u),
    ...numberFaults(at("NIK"), at("NoKK"), context),
    ...formFault(row, "NUK", /^[1-9][0-9]?$/),
    ...formFault(row, "Hubkel", /^[1-8]$/),
    ...fault(bornOn === null || bornOn > context.referenceDate, "TglLahir", "NOT_A_DAY"),
  ];
  if (faults.length > 0) return faults;
  return {
    ...{ idbdt: at("IDBDT"), idartbdt: at("IDARTBDT"), name: at("Nama").replace(/\s+/g, " ").toUpperCase() },
    ...{ nik: at("NIK") || null, cardNumber: at("NoKK") || null, familyNumber: Number(at("NUK")), bornOn: bornOn ?? "" },
    relation: RELATIONS[Number(at("Hubkel")) - 1] ?? "OTHER",
    ...{ state: at("Sta_keberadaan_art") === DECEASED ? "DECEASED" : "ACTIVE", answers },
  };
}

/** The ISO day of `YYYY-MM-DD` or `DD/MM/YYYY`; "" of nothing, null of what is no day. */
function dayOf(text: string): string | null {
  if (text === "") return "";
  const iso = text.replace(/^(\d{2})\/(\d{2})\/(\d{4})$/, "$3-$2-$1");
  const day = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? new Date(`${iso}T00:00:00Z`) : null;
  return day && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(iso) ? iso : null;
}

const formFault = (row: SiksRow, field: string, form: RegExp) =>
  fault(!form.test(row[field] ?? ""), field, row[field] ? "FORMAT" : "MISSING");

/** Both may be absent: few had them in 2015. */
function numberFaults(nik: string, card: string, context: SiksContext): SiksFault[] {
  const parsed = nik === "" ? null : parseNik(nik, context);
  return [
    ...(parsed && "fault" in parsed ? [{ field: "NIK", reason: isScientific(nik) ? "NUMBER_NOT_TEXT" : parsed.fault }] : []),
    ...fault(card !== "" && !isCardNumber(card), "NoKK", isScientific(card) ? "NUMBER_NOT_TEXT" : "CARD_NUMBER"),
  ];
}
