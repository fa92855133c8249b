import { PolicyFault } from "../../drizzle/policy/compile.ts";
import { type Code, Refusal } from "../../schema/errors.ts";

/** SQLSTATEs whose message is our own sentence about the life cycle (migration 0006 of governance). */
const RULES: Readonly<Record<string, Code>> = { HB001: "CONFLICT", HB002: "FORBIDDEN", HB003: "BAD_USER_INPUT" };

/** Conflicts PostgreSQL finds by itself, by the constraint they offend. */
const CONSTRAINTS: Readonly<Record<string, string>> = {
  agreement_pkey: "an agreement of that number exists",
  agreement_version_one_in_force:
    "another version of the agreement is in force at that time: supersede it, or change the validity",
  grant_row_target: "two grants speak of the same selector, topic and use",
  steward_pkey: "a steward of that id exists",
  steward_key_pkey: "that key is enrolled already",
};

/** What the rules of the database refuse, as the asker may read it; anything else stays as it was thrown. */
export const ruled = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw refusalOf(error) ?? error;
  });

function refusalOf(error: unknown): Refusal | null {
  if (error instanceof PolicyFault) return new Refusal({ code: "CONFLICT", detail: error.message }, { cause: error });
  const { code, message, constraint_name: constraint } = databaseErrorOf(error);
  const rule = code === undefined ? undefined : RULES[code];
  if (rule) return new Refusal({ code: rule, ...(message && { detail: message }) }, { cause: error });
  if (code === UNIQUE || code === EXCLUDED)
    return new Refusal(
      { code: "CONFLICT", detail: CONSTRAINTS[constraint ?? ""] ?? "it has been done already, or at the same time by another" },
      { cause: error },
    );
  return null;
}

const [UNIQUE, EXCLUDED] = ["23505", "23P01"];

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
