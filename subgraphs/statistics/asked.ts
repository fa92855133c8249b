import { COUNTRY, type CubeDefinition, type Dimension, MONTH, TOTAL } from "../../schema/statistics/cubes.ts";
import { type RegionLevel, type RegionRange, regionRange } from "../../schema/values/regionCode.ts";
import { badInput } from "../kit/errors.ts";

/** What was asked of a cube, as the arguments of `statistics` say it. */
export interface Asked {
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
  readonly region?: string | null | undefined;
  readonly level?: "COUNTRY" | RegionLevel | null | undefined;
  readonly dimensions?: readonly string[] | null | undefined;
  readonly filter?: readonly { readonly dimension: string; readonly codes: readonly string[] }[] | null | undefined;
}

/** The places an answer is about: a row for each region × key × month, whether it was released or withheld. */
export interface Frame {
  /** Where its regions lie. */
  readonly range: RegionRange;
  /** Digits of their codes. */
  readonly digits: number;
  /** Keys, in the order of the cube's codes. */
  readonly keys: readonly (readonly string[])[];
  readonly from: string | null;
  readonly to: string | null;
}

const DIGITS = { COUNTRY: 1, PROVINCE: 2, REGENCY: 4, DISTRICT: 6, VILLAGE: 10 } as const;
const MOST_MONTHS = 120;
const MOST_TOLD = 20;

/** Every fault is told at once: the argument, the place in it, and what may stand there. */
export function frameOf(cube: CubeDefinition, asked: Asked): Frame {
  const faults = [
    ...monthFaults(asked),
    ...levelFaults(cube, asked),
    ...dimensionFaults(cube, asked),
    ...filterFaults(cube, asked),
  ];
  if (faults.length > 0) throw badInput(faults.slice(0, MOST_TOLD).join("; "));
  const region = asked.region ?? COUNTRY;
  const digits = asked.level == null ? region.length : DIGITS[asked.level];
  const range: RegionRange = digits === region.length ? [region, `${region}0`] : regionRange(region);
  return { range, digits, keys: keysOf(cube, asked), from: asked.from ?? null, to: asked.to ?? null };
}

/** Months of a frame among released ones, which are in order. Without a first month it is one: `held`, else the last. */
export function monthsOf({ from, to }: Pick<Frame, "from" | "to">, released: readonly string[], held: string | null): string[] {
  const upTo = to === null ? released : released.filter((month) => month <= to);
  if (from !== null) return upTo.filter((month) => month >= from);
  return held === null ? upTo.slice(-1) : [held];
}

function monthFaults({ from, to }: Asked): string[] {
  const wrong = Object.entries({ from, to }).filter(([, month]) => month != null && !MONTH.test(month));
  if (wrong.length > 0) return wrong.map(([name]) => `${name}: must be a month as YYYY-MM, from 2000 to 2099`);
  if (from == null || to == null) return [];
  const months = monthNumber(to) - monthNumber(from) + 1;
  return months < 1
    ? ["to: must not be before from"]
    : months > MOST_MONTHS
      ? [`to: at most ${MOST_MONTHS} months from from`]
      : [];
}

const monthNumber = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5));

function levelFaults({ code, depth }: CubeDefinition, { region, level }: Asked): string[] {
  const own = (region ?? COUNTRY).length;
  if (own > DIGITS[depth]) return [`region: ${code} goes no deeper than ${depth}`];
  if (level == null || (DIGITS[level] >= own && DIGITS[level] <= DIGITS[depth])) return [];
  return [`level: must be that of the region or below it, and no deeper than ${depth}`];
}

function dimensionFaults({ code, dimensions }: CubeDefinition, { dimensions: named, filter }: Asked): string[] {
  const names = dimensions.map(({ name }) => name);
  const given = named ?? [];
  const wrong = given.flatMap((name, at) => {
    if (!names.includes(name)) return [`dimensions[${at}]: must be of ${code}: ${names.join(", ")}`];
    return given.indexOf(name) === at ? [] : [`dimensions[${at}]: is named twice`];
  });
  const open = dimensions.filter(
    ({ name, hasTotal }) => !hasTotal && !given.includes(name) && !filter?.some(({ dimension }) => dimension === name),
  );
  return [...wrong, ...open.map(({ name }) => `dimensions: ${name} has no total, so break down by it or filter one code of it`)];
}

function filterFaults({ code, dimensions }: CubeDefinition, { dimensions: named, filter }: Asked): string[] {
  return (filter ?? []).flatMap(({ dimension: name, codes }, at) => {
    const place = `filter[${at}]`;
    const dimension = dimensions.find((one) => one.name === name);
    if (!dimension) return [`${place}.dimension: must be of ${code}: ${dimensions.map((one) => one.name).join(", ")}`];
    const known = codesOf(dimension);
    const wrong = codes.flatMap((one, i) => {
      if (!known.includes(one)) return [`${place}.codes[${i}]: must be of ${name}: ${known.join(", ")}`];
      return codes.indexOf(one) === i ? [] : [`${place}.codes[${i}]: is named twice`];
    });
    if (filter?.findIndex((one) => one.dimension === name) !== at) wrong.push(`${place}.dimension: is filtered twice`);
    if (codes.length === 0) wrong.push(`${place}.codes: must not be empty`);
    if (codes.length > 1 && !named?.includes(name)) wrong.push(`${place}.codes: only one, as ${name} is not broken down`);
    return wrong;
  });
}

const codesOf = ({ codes, hasTotal }: Dimension): readonly string[] => (hasTotal ? [TOTAL, ...codes] : codes);

/** One code or more a dimension: those asked for, all of what is broken down, or the total. */
function keysOf({ dimensions }: CubeDefinition, { dimensions: named, filter }: Asked): string[][] {
  return dimensions.reduce<string[][]>(
    (keys, dimension) => {
      const asked = filter?.find(({ dimension: name }) => name === dimension.name)?.codes;
      const usual = named?.includes(dimension.name) ? dimension.codes : [TOTAL];
      const codes = asked ? codesOf(dimension).filter((code) => asked.includes(code)) : usual;
      return keys.flatMap((key) => codes.map((code) => [...key, code]));
    },
    [[]],
  );
}
