import { isRetiredRegion } from "./values/regionCode.ts";

export type NikSex = "MALE" | "FEMALE";
/** Why a text is no NIK. SERIAL_SYNTHETIC: no district ever issues it, so it belongs to nobody real. */
export type NikFault = "LENGTH" | "NOT_DIGITS" | "DAY" | "MONTH" | "DATE" | "SERIAL_SYNTHETIC";
/** Odd, never invalid: codes are frozen at first registration and birth data are corrected without the NIK. */
export type NikWarning = "REGION_UNKNOWN" | "BIRTH_DATE_DIFFERS" | "SEX_DIFFERS" | "REGION_DIFFERS";
export type NikLevel = "FORMAT" | "REGION_KNOWN" | "CONSISTENT";

export interface Nik {
  /** District of first registration, Kemendagri's code of that time, 6 digits. */
  readonly district: string;
  readonly sex: NikSex;
  /** ISO day. The century is not in the number: the stated one decides, else the later that is not in the future. */
  readonly birthDate: string;
  readonly serial: string;
  readonly isSynthetic: boolean;
  readonly level: NikLevel;
  readonly warnings: readonly NikWarning[];
}

export interface NikContext {
  /** ISO day: births after it, or more than 110 years before it, are not believed. */
  readonly referenceDate: string;
  /** Made-up people are people here (HUB_ENV=dev). */
  readonly allowSynthetic: boolean;
  /** Whether a district code (6 digits) is or was one. Without it no region is known. */
  readonly isDistrict?: (code: string) => boolean;
  /** What else is said about the person; `region` is the residence. */
  readonly stated?: { readonly birthDate?: string; readonly sex?: NikSex; readonly region?: string };
}

export type ParsedNik = { readonly nik: Nik } | { readonly fault: NikFault };

const OLDEST = 110;

/** Reads `PP KK CC DDMMYY SSSS`: district, birth date (day + 40 for women), serial. There is no check digit. Pure. */
export function parseNik(text: string, context: NikContext): ParsedNik {
  if (!/^[0-9]*$/.test(text)) return { fault: "NOT_DIGITS" };
  if (text.length !== 16) return { fault: "LENGTH" };
  const [dayOrMore, month, year] = [6, 8, 10].map((at) => Number(text.slice(at, at + 2))) as [number, number, number];
  const sex = dayOrMore > 40 ? "FEMALE" : "MALE";
  const day = sex === "FEMALE" ? dayOrMore - 40 : dayOrMore;
  if (day < 1 || day > 31) return { fault: "DAY" };
  if (month < 1 || month > 12) return { fault: "MONTH" };
  const birthDate = birthDateOf({ day, month, year }, context);
  if (birthDate === undefined) return { fault: "DATE" };
  const serial = text.slice(12);
  const isSynthetic = serial === "0000" || serial > "9000";
  if (isSynthetic && !context.allowSynthetic) return { fault: "SERIAL_SYNTHETIC" };
  const nik = { district: text.slice(0, 6), sex, birthDate, serial, isSynthetic } as const;
  const warnings = warningsOf(nik, context);
  return { nik: { ...nik, warnings, level: levelOf(warnings, context) } };
}

/** The stated date if the digits allow it, else the later possible one. */
function birthDateOf(
  { day, month, year }: { day: number; month: number; year: number },
  context: NikContext,
): string | undefined {
  const possible = [2000, 1900]
    .map((century) => isoDay(century + year, month, day))
    .filter((date) => date !== undefined)
    .filter((date) => date <= context.referenceDate && date >= yearsBefore(context.referenceDate, OLDEST));
  return possible.find((date) => date === context.stated?.birthDate) ?? possible[0];
}

function isoDay(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 ? date.toISOString().slice(0, 10) : undefined;
}

const yearsBefore = (day: string, years: number) => `${Number(day.slice(0, 4)) - years}${day.slice(4)}`;

type Read = Pick<Nik, "district" | "sex" | "birthDate">;

function warningsOf({ district, sex, birthDate }: Read, { stated, isDistrict }: NikContext): NikWarning[] {
  const warnings: (NikWarning | false | undefined)[] = [
    !isDistrict?.(district) && !isRetiredRegion(district) && "REGION_UNKNOWN",
    stated?.birthDate !== undefined && stated.birthDate !== birthDate && "BIRTH_DATE_DIFFERS",
    stated?.sex !== undefined && stated.sex !== sex && "SEX_DIFFERS",
    stated?.region !== undefined && !stated.region.startsWith(district) && "REGION_DIFFERS",
  ];
  return warnings.filter((warning) => typeof warning === "string");
}

/** CONSISTENT needs something to be consistent with; a residence elsewhere is no contradiction. */
function levelOf(warnings: readonly NikWarning[], { stated }: NikContext): NikLevel {
  if (warnings.includes("REGION_UNKNOWN")) return "FORMAT";
  const isStated = stated?.birthDate !== undefined && stated.sex !== undefined;
  const contradicts = warnings.includes("BIRTH_DATE_DIFFERS") || warnings.includes("SEX_DIFFERS");
  return isStated && !contradicts ? "CONSISTENT" : "REGION_KNOWN";
}

/** The sixteen digits of a NIK. `serial` has four digits; no other check is made. */
export function formatNik(parts: { district: string; birthDate: string; sex: NikSex; serial: string }): string {
  const [year, month, day] = parts.birthDate.split("-") as [string, string, string];
  const dayOrMore = Number(day) + (parts.sex === "FEMALE" ? 40 : 0);
  return `${parts.district}${String(dayOrMore).padStart(2, "0")}${month}${year.slice(2)}${parts.serial}`;
}
