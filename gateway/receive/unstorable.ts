import { Refusal } from "../../schema/errors.ts";

/** Levels of lists and objects one variable may have. No input type of ours has more than four; what walks values may then recurse. */
const MAX_LEVELS = 32;
const ZERO = "\0";
/** The character itself, or its escape in a string: an even number of backslashes before it are characters of their own. */
const ZERO_IN_DOCUMENT = /\0|(?<!\\)(?:\\\\)*\\u(?:0000|\{0+\})/;

/** Refuses what no source can hold: PostgreSQL's text has no U+0000, and no stack holds 45,000 levels. Level by level, not recursively. */
export function refuseUnstorable(document: string, variables: Readonly<Record<string, unknown>>): void {
  if (ZERO_IN_DOCUMENT.test(document)) throw zero("the document");
  let level: readonly unknown[] = [variables];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (level.some((value) => typeof value === "string" && value.includes(ZERO))) throw zero("variables");
    const nested = level.filter((value) => typeof value === "object" && value !== null);
    if (depth > MAX_LEVELS && nested.length > 0) throw badRequest("variables nested too deep");
    level = nested.flatMap((value) => (Array.isArray(value) ? value : [...Object.keys(value), ...Object.values(value)]));
  }
}

const zero = (where: string) => badRequest(`U+0000 in ${where}`);
const badRequest = (detail: string) => new Refusal({ code: "BAD_REQUEST", detail });
