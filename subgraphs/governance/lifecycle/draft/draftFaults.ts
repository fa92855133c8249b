import { isIP } from "node:net";
import { admission } from "../../../../schema/policy/admission.ts";
import { limitFaults } from "../../../../schema/policy/questionLimits.ts";
import { scopeFaults } from "../../../../schema/policy/scopeFaults.ts";
import { ACCESS_GOVERNANCE } from "../../../../schema/policy/words.ts";
import type { Draft } from "./draft.ts";
import { type GrantGround, grantFaults } from "./grantFaults.ts";

export interface DraftGround extends GrantGround {
  readonly now: Date;
  /** Of the agreement. */
  readonly purpose: string;
}

/**
 * Everything that keeps a draft from being submitted, each as `place: what it must be`, with the place as the input names it. Never repeats a
 * value but coordinates, classes and names of the schema. Empty: it may be. Pure.
 */
export const draftFaults = (draft: Draft, ground: DraftGround): string[] => [
  ...validityFaults(draft, ground.now),
  ...scopeFaults(draft.rowScope),
  ...countFaults(draft),
  ...(draft.limits ? limitFaults(draft.limits) : []),
  ...(draft.limits && ground.purpose === ACCESS_GOVERNANCE ? [UNGOVERNABLE] : []),
  ...addressFaults(draft.addresses),
  ...grantFaults(draft.grants, ground),
];

/** Where they are too narrow for the console, nobody could widen them again. */
const UNGOVERNABLE = "limits: an agreement under which access is governed has none of its own";
const MAX_YEARS = 5;
const MAX_ADDRESSES = 100;
const MAX_INT = 2 ** 31 - 1;
const FLOOR_STEP = 5;

function validityFaults({ validFrom, validTo }: Draft, now: Date): string[] {
  const [from, to] = [new Date(validFrom), new Date(validTo)];
  const latest = new Date(from);
  latest.setUTCFullYear(latest.getUTCFullYear() + MAX_YEARS);
  return [
    ...(from < to ? [] : ["validTo: must be later than validFrom"]),
    ...(to > latest ? [`validTo: at most ${MAX_YEARS} years after validFrom`] : []),
    ...(to <= now ? ["validTo: must lie in the future"] : []),
  ];
}

function countFaults({ quota, verification: { floor, attemptsOnSubject, attemptsOfClient }, armed }: Draft): string[] {
  const isCount = (n: number) => isWhole(n, 0, MAX_INT);
  return [
    ...(quota === null || isCount(quota) ? [] : ["quota: 0 or more, or null"]),
    ...(isWhole(floor, FLOOR_STEP, 100) && floor % FLOOR_STEP === 0
      ? []
      : [`verification.floor: a multiple of ${FLOOR_STEP} from ${FLOOR_STEP} to 100`]),
    ...(isCount(attemptsOnSubject) ? [] : ["verification.attemptsOnSubject: 0 or more"]),
    ...(isCount(attemptsOfClient) ? [] : ["verification.attemptsOfClient: 0 or more"]),
    ...(armed === null || isWhole(armed.minutes, 1, 60) ? [] : ["armed.minutes: from 1 to 60"]),
    ...(armed === null || isWhole(armed.persons, 1, 100_000) ? [] : ["armed.persons: from 1 to 100000"]),
  ];
}

const addressFaults = (addresses: readonly string[]): string[] => [
  ...addresses.flatMap((entry, i) =>
    isNetwork(entry) ? [] : [`addresses[${i}]: not an address or network such as 10.1.0.0/16`],
  ),
  ...(addresses.length > MAX_ADDRESSES ? [`addresses: at most ${MAX_ADDRESSES}`] : []),
];

/** Whether the gateway's rule of admission understands it: then it admits at least the address it is written with. */
function isNetwork(entry: string): boolean {
  const [address = ""] = entry.split("/");
  return isIP(address) !== 0 && admission([entry])(address);
}

const isWhole = (n: number, least: number, most: number): boolean => Number.isInteger(n) && n >= least && n <= most;
