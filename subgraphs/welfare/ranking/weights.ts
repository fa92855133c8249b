import { millionthsOf } from "./points.ts";

/** A weight as the table holds it. `millionths`: whole, as text. */
export interface WeightRow {
  readonly area: string;
  readonly variable: string;
  readonly code: string | null;
  readonly millionths: string;
}

/** What a weight may be of: variables with their codes; null: a number, whose units are weighed. */
export type Instrument = ReadonlyMap<string, ReadonlySet<string> | null>;

/** Of every household: a constant is weighed like a number that is always 1. */
export const CONSTANT = "CONSTANT";

export const AREA_DIGITS = { NATIONAL: 0, PROVINCE: 2, REGENCY: 4 } as const;

const HEAD = "area,variable,code,weight";

interface Rules {
  readonly areaLevel: keyof typeof AREA_DIGITS;
  readonly instrument: Instrument;
}

/** Reads a file of weights. All its faults at once, each with its line, or its rows in the order of the text. Pure. */
export function readWeights(text: string, rules: Rules): { rows: WeightRow[] } | { faults: string[] } {
  const [head, ...lines] = text.replace(/\r\n/g, "\n").replace(/\n$/, "").split("\n");
  if (head !== HEAD) return { faults: [`line 1: must be ${HEAD}`] };
  const seen = new Set<string>();
  const read = lines.map((line, at) =>
    readLine(line, rules, seen).map((one) => (typeof one === "string" ? `line ${at + 2}: ${one}` : one)),
  );
  const faults = read.flat().filter((one) => typeof one === "string");
  const rows = read.flat().filter((one) => typeof one !== "string");
  if (!rows.some(({ area }) => area === "")) faults.push("there must be weights with an empty area, for the rest of the country");
  return faults.length > 0 ? { faults } : { rows };
}

/** The row of a line, or its faults. */
function readLine(line: string, { areaLevel, instrument }: Rules, seen: Set<string>): (WeightRow | string)[] {
  const fields = line.split(",");
  if (fields.length !== 4) return ["must have four fields"];
  const [area = "", variable = "", code = "", weight = ""] = fields;
  const millionths = millionthsOf(weight);
  const key = `${area},${variable},${code}`;
  const faults = [
    areaFault(area, AREA_DIGITS[areaLevel]),
    codeFault(code, variable === CONSTANT ? null : instrument.get(variable)),
    millionths === null && "weight must be a decimal number within ±1000 with at most six places",
    seen.has(key) && "area, variable and code stand in the file already",
  ].filter((fault) => typeof fault === "string");
  seen.add(key);
  return faults.length > 0 ? faults : [{ area, variable, code: code || null, millionths: String(millionths) }];
}

function areaFault(area: string, digits: number): string | null {
  if (area === "" || (digits > 0 && /^[0-9]+$/.test(area) && area.length === digits)) return null;
  return digits === 0 ? "area must be empty" : `area must be empty or of ${digits} digits`;
}

function codeFault(code: string, codes: ReadonlySet<string> | null | undefined): string | null {
  if (codes === undefined) return "variable is not in the instrument, or has neither codes nor a number";
  if (codes === null) return code === "" ? null : "code must be empty: the variable is a number";
  return codes.has(code) ? null : "code is none of the variable's";
}
