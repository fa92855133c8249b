/** No attempt will help: somebody has to see to it. */
export const HOPELESS: ReadonlySet<string> = new Set(["HTTP_410", "FORBIDDEN_ADDRESS"]);

/** Nothing may be sent to this address any more, or somebody else is at it. */
export class LeaseLost extends Error {}

const LONGEST_WAIT_MS = 5 * 3_600_000;

/** Until which pause after so many failed attempts: fourfold each time, at most five hours, a fifth more or less so that not all come back at once. */
export function waitAfter(attempts: number, retryMs: number, random = Math.random()): number {
  return Math.round(Math.min(retryMs * 4 ** (attempts - 1), LONGEST_WAIT_MS) * (0.8 + 0.4 * random));
}
