import {
  COUNTRY,
  type CubeDefinition,
  cubeOf,
  type DEPTHS,
  MONTH,
  showsPersons,
  TOTAL,
} from "../../../schema/statistics/cubes.ts";
import type { ReleasedCell, ReleaseHead } from "../../../schema/statistics/release.ts";
import { levelOf, parseRegionCode } from "../../../schema/values/regionCode.ts";
import { monthAt } from "./calendar.ts";

/** A release that is not taken; the message says why, by line where it is one. */
export class Untaken extends Error {}

/** Fewer persons, or units, than this are never shown, and figures are multiples of the base: a slice that forgets either is not published. */
const SMALLEST_CELL = 10;
const BASE = 5;
const MOST_RELEASES = 6;
const INSTANT = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/;
const RUPIAH = /^(?:0|[1-9]\d{0,17})$/;
const DEEP: Readonly<Record<(typeof DEPTHS)[number], number>> = { PROVINCE: 2, REGENCY: 4, DISTRICT: 6, VILLAGE: 10 };

/** First line of a release, and the cube it is of. Throws Untaken. */
export function headIn(line: string): { readonly head: ReleaseHead; readonly cube: CubeDefinition } {
  const head = objectIn(line, ["cube", "period", "number", "asOf", "isFinal"]) as ReleaseHead | null;
  if (head === null) throw new Untaken("line 1 is no head of a release");
  const cube = cubeOf(String(head.cube));
  if (!cube) throw new Untaken(`line 1: no cube ${head.cube} is registered`);
  const fault = faultOf(head);
  if (fault) throw new Untaken(`line 1: ${fault}`);
  return { head, cube };
}

function faultOf({ period, number, asOf, isFinal }: ReleaseHead): string | null {
  if (!MONTH.test(String(period))) return `${period} is no month`;
  if (!Number.isInteger(number) || number < 1 || number > MOST_RELEASES)
    return `number ${number} is none from 1 to ${MOST_RELEASES}`;
  if (!INSTANT.test(String(asOf)) || Number.isNaN(Date.parse(asOf))) return `${asOf} is no instant in UTC`;
  if (typeof isFinal !== "boolean") return "isFinal is neither true nor false";
  return isFinal && monthAt(new Date(asOf)) <= period ? `${period} was not over at ${asOf}` : null;
}

/** A line between head and attestation. `at`: its number. Throws Untaken. */
export function cellIn(line: string, { cube, at }: { readonly cube: CubeDefinition; readonly at: number }): ReleasedCell {
  const cell = objectIn(line, ["region", "key", "persons", "units", "total"]) as ReleasedCell | null;
  const fault = cell === null ? "is no cell" : (placeFault(cell, cube) ?? figureFault(cell, cube));
  if (cell === null || fault !== null) throw new Untaken(`line ${at} ${fault}`);
  return cell;
}

function placeFault({ region, key }: ReleasedCell, { code, depth, dimensions }: CubeDefinition): string | null {
  const isRegion = typeof region === "string" && parseRegionCode(region) === region && region.length <= DEEP[depth];
  if (region !== COUNTRY && !(isRegion && levelOf(region) !== null)) return `is of a region ${code} has not: ${region}`;
  if (!Array.isArray(key) || key.length !== dimensions.length) return `has not one code for each dimension of ${code}`;
  const unknown = dimensions.find(({ codes, hasTotal }, i) => !(key[i] === TOTAL ? hasTotal : codes.includes(key[i])));
  return unknown ? `has a ${unknown.name} that is not registered` : null;
}

/** What is withheld is withheld as a whole; what is shown is fit to be. */
function figureFault({ persons, units, total }: ReleasedCell, cube: CubeDefinition): string | null {
  if (persons === null && units === null) return total === null ? null : "shows a sum of what it withholds";
  const counts = showsPersons(cube) ? { persons, units } : { units };
  if (persons !== null && !showsPersons(cube)) return `shows persons, which ${cube.code} does not`;
  if (!Object.values(counts).every(isCount)) return "has a figure that is no count";
  if (total !== null && !(cube.hasTotal && RUPIAH.test(String(total)))) return "has a sum that is none";
  return cube.isOfficial ? null : openFault(counts);
}

function openFault(counts: Readonly<Record<string, number | null>>): string | null {
  for (const [figure, count] of Object.entries(counts)) {
    if (Number(count) < SMALLEST_CELL) return `shows fewer than ${SMALLEST_CELL} ${figure}`;
    if (Number(count) % BASE !== 0) return `is not rounded to base ${BASE}`;
  }
  return null;
}

const isCount = (figure: unknown): figure is number => Number.isSafeInteger(figure) && (figure as number) >= 0;

/** The object a line holds; null where it is none of exactly these fields. */
function objectIn(line: string, fields: readonly string[]): object | null {
  try {
    const value: unknown = JSON.parse(line);
    const isOne = typeof value === "object" && value !== null && Object.keys(value).length === fields.length;
    return isOne && fields.every((field) => Object.hasOwn(value, field)) ? value : null;
  } catch {
    return null;
  }
}
