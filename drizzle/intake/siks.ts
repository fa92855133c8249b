import { createHash } from "node:crypto";
import { type NikContext, parseNik } from "../../schema/nik.ts";
import { parseRegionCode } from "../../schema/values/regionCode.ts";

/** A row of the SIKS-NG individual shape by its raw keys, as text; a column the file lacks is absent. */
export type SiksRow = Readonly<Partial<Record<string, string>>>;

/** What of such a row the registry keeps. Nothing else of it is stored: no flag of a program, no disability, no pregnancy. */
export interface SiksMember {
  readonly idsemesta: string;
  readonly nik: string;
  readonly cardNumber: string;
  readonly name: string;
  readonly address: string;
  readonly region: string;
  readonly relation: string;
  readonly state: "ACTIVE" | "DORMANT" | "DECEASED";
}

export interface SiksFault {
  readonly field: string;
  readonly reason: string;
}

export interface SiksContext extends Pick<NikContext, "referenceDate" | "allowSynthetic" | "isDistrict"> {
  isVillage(code: string): boolean;
}

export const REQUIRED = ["idsemesta", "NIK", "NOKK", "Nama", "Alamat", "id_kec", "id_desa"] as const;
const PROGRAM_FLAGS = [
  "PKH",
  "BPNT",
  "BNPT_PPKM",
  "BST",
  "BLT",
  "BLT_BBM",
  "PBI",
  "RUTILAHU",
  "SEMBAKO_ADAPTIF",
  "ATENSI",
  "PENA",
  "PERMAKANAN",
  "YAPI",
];
const FLAGS = ["is_nonaktif", "isAktifHamil", ...PROGRAM_FLAGS];
const OTHERS = [
  "verifyid",
  "prop_capil",
  "kab_capil",
  "FIRST_SK",
  "deleted_label",
  "masih_hidup_label",
  "keterangan_meninggal",
  "keterangan_disabilitas",
  "padankan_at",
];
/** Every column this shape knows; `hubungan_kepkel` (code 1–8) is optional and gives the relation to the head. */
export const COLUMNS: readonly string[] = [
  ...REQUIRED,
  "hubungan_kepkel",
  ...FLAGS,
  ...OTHERS,
  ...PROGRAM_FLAGS.map((name) => `periode_${name}`),
];

export const RELATIONS = [
  "HEAD",
  "SPOUSE",
  "CHILD",
  "CHILD_IN_LAW",
  "GRANDCHILD",
  "PARENT_OR_IN_LAW",
  "DOMESTIC_WORKER",
  "OTHER",
];
const YES = /^(1|y|ya|true|aktif)$/i;
const NO = /^(|0|t|tidak|false|-)$/i;
const DORMANT = /^(1|y|ya|true|deleted|dihapus|ditidurkan|nonaktif|non aktif)$/i;
const AWAKE = /^(|0|t|tidak|false|-|aktif)$/i;
const ALIVE = /^(|1|y|ya|true|hidup|masih hidup)$/i;
const DEAD = /^(0|t|tidak|false|meninggal|meninggal dunia)$/i;

/** Checks a whole row: the member, or every fault it has. Pure. */
export function readSiksRow(row: SiksRow, context: SiksContext): SiksMember | readonly SiksFault[] {
  const faults = [...numberFaults(row, context), ...textFaults(row), ...regionFaults(row, context), ...flagFaults(row)];
  if (faults.length > 0) return faults;
  const at = (field: string) => (row[field] ?? "").trim();
  return {
    idsemesta: at("idsemesta"),
    nik: at("NIK"),
    cardNumber: at("NOKK"),
    name: at("Nama").replace(/\s+/g, " ").toUpperCase(),
    address: at("Alamat").replace(/\s+/g, " "),
    region: parseRegionCode(at("id_desa")) ?? "",
    relation: RELATIONS[Number(at("hubungan_kepkel") || "8") - 1] ?? "OTHER",
    state: stateOf(row),
  };
}

const fault = (isWrong: boolean, field: string, reason: string): SiksFault[] => (isWrong ? [{ field, reason }] : []);

function numberFaults(row: SiksRow, context: SiksContext): SiksFault[] {
  const nik = (row["NIK"] ?? "").trim();
  const card = (row["NOKK"] ?? "").trim();
  const parsed = nik === "" ? { fault: "MISSING" } : parseNik(nik, context);
  const ofCard = card === "" ? "MISSING" : isScientific(card) ? "NUMBER_NOT_TEXT" : "CARD_NUMBER";
  return [
    ...("fault" in parsed ? [{ field: "NIK", reason: isScientific(nik) ? "NUMBER_NOT_TEXT" : parsed.fault }] : []),
    ...fault(!isCardNumber(card), "NOKK", ofCard),
  ];
}

/** As a spreadsheet shows a number too long for its column: `3.51016E+15`. */
export const isScientific = (text: string) => /^[0-9](?:[.,][0-9]+)?E\+?[0-9]+$/i.test(text);

/** District and day of recording (never + 40), then a serial. */
export const isCardNumber = (text: string) => /^[1-9][0-9]{5}(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])[0-9]{6}$/.test(text);

function textFaults(row: SiksRow): SiksFault[] {
  const name = (row["Nama"] ?? "").trim();
  const id = (row["idsemesta"] ?? "").trim();
  return [
    ...fault(id === "", "idsemesta", "MISSING"),
    ...fault(id !== "" && !/^[\w.:/-]{1,64}$/.test(id), "idsemesta", "FORMAT"),
    ...fault(name === "", "Nama", "MISSING"),
    ...fault(name !== "" && !/^(?=.*\p{L})[\p{L}\p{M}\s'’`".,()/-]{1,200}$/u.test(name), "Nama", "FORMAT"),
    ...fault((row["Alamat"] ?? "").length > 500, "Alamat", "TOO_LONG"),
  ];
}

function regionFaults(row: SiksRow, { isVillage }: SiksContext): SiksFault[] {
  const village = parseRegionCode((row["id_desa"] ?? "").trim());
  const district = parseRegionCode((row["id_kec"] ?? "").trim());
  if (village === null || village.length !== 10) return [{ field: "id_desa", reason: "FORMAT" }];
  if (district === null || district.length !== 6) return [{ field: "id_kec", reason: "FORMAT" }];
  return [
    ...fault(!isVillage(village), "id_desa", "UNKNOWN_REGION"),
    ...fault(!village.startsWith(district), "id_kec", "NOT_THE_VILLAGES_DISTRICT"),
  ];
}

function flagFaults(row: SiksRow): SiksFault[] {
  const at = (field: string) => (row[field] ?? "").trim();
  const isOdd = (field: string, ...known: RegExp[]) =>
    fault(!known.some((pattern) => pattern.test(at(field))), field, "UNKNOWN_VALUE");
  return [
    ...FLAGS.flatMap((field) => isOdd(field, YES, NO)),
    ...isOdd("deleted_label", DORMANT, AWAKE),
    ...isOdd("masih_hidup_label", ALIVE, DEAD),
    ...isOdd("hubungan_kepkel", /^[1-8]?$/),
    ...fault(!isJson(at("keterangan_disabilitas")), "keterangan_disabilitas", "NOT_JSON"),
  ];
}

function isJson(text: string): boolean {
  if (text === "") return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function stateOf(row: SiksRow): SiksMember["state"] {
  if (DEAD.test((row["masih_hidup_label"] ?? "").trim())) return "DECEASED";
  const isDormant = YES.test((row["is_nonaktif"] ?? "").trim()) || DORMANT.test((row["deleted_label"] ?? "").trim());
  return isDormant ? "DORMANT" : "ACTIVE";
}

/** The same values give the same hash: such a row changes nothing. */
export const hashOf = (member: SiksMember): string =>
  createHash("sha256")
    .update(JSON.stringify(Object.values(member)))
    .digest("base64url");
