import { type Code, limitReached, Refusal } from "../../../schema/errors.ts";

/** SQLSTATEs of the slices' own rules: their message is a sentence for the asker, which names no person and no value. */
const RULES: Readonly<Record<string, Code>> = { HB001: "CONFLICT", HB002: "FORBIDDEN", HB003: "BAD_USER_INPUT" };
/** Too often on one day (WIB). */
const DAILY = "HB004";
const [UNIQUE, EXCLUDED] = ["23505", "23P01"];

/** Sentences for conflicts PostgreSQL finds by itself, by the constraint they offend. */
export type Conflicts = Readonly<Record<string, string>>;

/** What the rules of the database refuse, as the asker may read it; anything else stays as it was thrown. */
export const ruled = <T>(work: Promise<T>, conflicts: Conflicts = {}): Promise<T> =>
  work.catch((error: unknown) => {
    throw refusalOf(error, conflicts) ?? error;
  });

function refusalOf(error: unknown, conflicts: Conflicts): Refusal | null {
  const { code, message, constraint_name: constraint } = databaseErrorOf(error);
  const rule = code === undefined ? undefined : RULES[code];
  if (code === DAILY) return new Refusal({ ...limitReached("QUOTA"), ...(message && { detail: message }) }, { cause: error });
  if (rule) return new Refusal({ code: rule, ...(message && { detail: message }) }, { cause: error });
  if (code !== UNIQUE && code !== EXCLUDED) return null;
  const detail = conflicts[constraint ?? ""] ?? "it has been done already, or at the same time by another";
  return new Refusal({ code: "CONFLICT", detail }, { cause: error });
}

interface DatabaseError {
  readonly code?: string;
  readonly message?: string;
  readonly constraint_name?: string;
}

/** drizzle wraps what the driver throws. */
function databaseErrorOf(error: unknown): DatabaseError {
  const { cause } = (error ?? {}) as { cause?: unknown };
  return (cause instanceof Error ? cause : (error ?? {})) as DatabaseError;
}
