import { words } from "../../kit/acts/words.ts";
import { badInput } from "../../kit/errors.ts";
import type { SimulatePolicyInput } from "../generated.ts";

const MOST_SEATS = 300_000_000;
const MOST_REGIONS = 20;
const [STEP, MOST_PERCENT, DECILES] = [5, 50, 10];
const PERIOD = /^20\d{2}(-Q[1-4]|-(0[1-9]|1[0-2]))?$/;
const DECREE = /^[1-9]\d{0,4}\/[A-Z]{2,10}\/20\d{2}$/;
const PROVINCE_OR_REGENCY = /^(\d{2}|\d{4})$/;

/** Words that say why. Refusal BAD_USER_INPUT. */
export function reasonOf(reason: string): string {
  return words("reason", reason);
}

/** A number of seats. Refusal BAD_USER_INPUT. */
export function seatsOf(seats: number): number {
  if (seats < 0 || seats > MOST_SEATS) throw badInput(`seats must be from 0 to ${MOST_SEATS}`);
  return seats;
}

/** A year, quarter or month. Refusal BAD_USER_INPUT. */
export function periodOf(period: string): string {
  if (!PERIOD.test(period)) throw badInput("period must be like 2026, 2026-Q3 or 2026-09");
  return period;
}

/** Number of a decree. Refusal BAD_USER_INPUT. */
export function decreeOf(decree: string): string {
  if (!DECREE.test(decree)) throw badInput("decree must be <n>/<office>/<year>");
  return decree;
}

/** Region of a quota; the country is "". Refusal BAD_USER_INPUT. */
export function placeOf(region: string | null | undefined): string {
  if (region != null && !PROVINCE_OR_REGENCY.test(region)) throw badInput("region must be a province or a regency");
  return region ?? "";
}

/** A policy to try: changes in the order of their regions. Refusal BAD_USER_INPUT with all that is wrong. */
export function policyOf({ program, decileLimit, quotas }: SimulatePolicyInput) {
  const changes = [...(quotas ?? [])]
    .map(({ region, percent }) => ({ region: placeOf(region), percent }))
    .sort((a, b) => (a.region < b.region ? -1 : 1));
  const regions = changes.map(({ region }) => region);
  const faults = [
    ...(decileLimit != null && (decileLimit < 1 || decileLimit > DECILES) ? [`decileLimit must be from 1 to ${DECILES}`] : []),
    ...(changes.length > MOST_REGIONS ? [`quotas must be at most ${MOST_REGIONS}`] : []),
    ...(new Set(regions).size < regions.length ? ["quotas: a region stands once"] : []),
    ...(changes.some(({ percent }) => percent % STEP !== 0 || Math.abs(percent) > MOST_PERCENT)
      ? [`percent must be from -${MOST_PERCENT} to ${MOST_PERCENT} by steps of ${STEP}`]
      : []),
    ...(decileLimit == null && changes.length === 0 ? ["decileLimit or quotas must be given"] : []),
  ];
  if (faults.length > 0) throw badInput(faults.join("; "));
  return { program, decileLimit: decileLimit ?? null, regions, percents: changes.map(({ percent }) => percent) };
}
