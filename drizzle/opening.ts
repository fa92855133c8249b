import type { Scope } from "./client.ts";

/** How long a transaction is worth beginning. */
export interface Patience {
  /** Until when somebody waits for an answer, by performance.now(): what is later is not begun, and no statement takes longer than what is left. */
  readonly until?: number;
  /** Nobody waits any more. */
  readonly isGone?: () => boolean;
}

/** An error of ours, told as PostgreSQL would tell it. */
export const failing = (message: string, code: string) => Object.assign(new Error(message), { name: "PostgresError", code });

const BOUND = /^[0-9]{1,13}:?$|^A$/;
const WORD = /^[A-Za-z0-9][A-Za-z0-9_.:/ -]{0,99}$/;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const MAX_RANGES = 4;

/** Says a transaction's head at the moment it is begun; throws where nobody waits for it. */
export type Opening = () => string;

/** The transaction's head. Literal SET LOCAL: Citus forwards nothing else, so every part is held to a strict form first. */
export function openingOf(scope: Scope, access: "read only" | "read write", { until, isGone }: Patience): Opening {
  const { regions, programs, decileMax, agency, officer, citizen, agreement, purpose } = scope;
  mustBeSound(scope);
  const list = (words: readonly string[]) => `'{${words.map((word) => `"${word}"`).join()}}'`;
  const one = (word: string | null) => list(word === null ? [] : [word]);
  const head = [
    `begin ${access}`,
    `set local hub.regions = ${list(regions.flat())}`,
    `set local hub.programs = ${list(programs ?? ["*"])}`,
    `set local hub.decile_max = ${decileMax}`,
    `set local hub.agency = ${one(agency)}`,
    `set local hub.officer = ${one(officer)}`,
    `set local hub.citizen = ${one(citizen)}`,
    `set local hub.agreement = ${one(agreement)}`,
    `set local hub.purpose = ${one(purpose)}`,
  ].join("; ");
  return () => {
    const leftMs = until === undefined ? Number.POSITIVE_INFINITY : until - performance.now();
    if (leftMs <= 0 || isGone?.()) throw failing("nobody waits any more: not begun", "57014");
    return until === undefined ? head : `${head}; set local statement_timeout = ${Math.ceil(leftMs)}`;
  };
}

const ENVELOPE = /^[\w.-]{1,64}$/;

/** In one flight with the head. A second use offends the key, once the first is committed: then the session does not open. */
export function usingUp(envelope: string | undefined): string {
  if (envelope === undefined) return "";
  if (!ENVELOPE.test(envelope)) throw new Error("malformed id of an envelope");
  return `; insert into used_envelope (id) values ('${envelope}')`;
}

/** Every part of the head is text of ours or held to a form. */
function mustBeSound({ regions, programs, decileMax, agency, officer, citizen, agreement, purpose }: Scope): void {
  if (regions.length > MAX_RANGES)
    throw new Error(`scope has ${regions.length} region ranges, at most ${MAX_RANGES}: merge them`);
  if (!regions.flat().every((bound) => BOUND.test(bound))) throw new Error("scope has a malformed region range");
  if (![...(programs ?? []), agency, agreement, purpose, ...(officer === null ? [] : [officer])].every((word) => WORD.test(word)))
    throw new Error("scope has a malformed word");
  if (!Number.isInteger(decileMax) || decileMax < 0) throw new Error("scope has a malformed decile");
  if (citizen !== null && !UUID.test(citizen)) throw new Error("scope has a malformed person");
}
