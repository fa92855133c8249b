import type { Env } from "../../../schema/settings.ts";

/** GOOD: as it should be. NOTE: to know, nothing to do now. BAD: something to do. SKIPPED: not this host's, or it could not be looked at. */
export type State = "GOOD" | "NOTE" | "BAD" | "SKIPPED";

export interface Finding {
  readonly group: string;
  /** What was looked at. */
  readonly check: string;
  readonly state: State;
  /** What was seen. Never a secret, and of an address no more than host and port. */
  readonly seen: string;
  /** The next step; of what is bad only. */
  readonly todo?: string;
}

/** What a check says of one group. */
export interface Said {
  good(check: string, seen: string): void;
  note(check: string, seen: string): void;
  bad(check: string, seen: string, todo: string): void;
  skipped(check: string, seen: string): void;
}

/** Findings of one group as they are said. */
export function sayingIn(group: string): Said & { readonly findings: Finding[] } {
  const findings: Finding[] = [];
  const say = (state: State) => (check: string, seen: string) => void findings.push({ group, check, state, seen });
  return {
    findings,
    ...{ good: say("GOOD"), note: say("NOTE"), skipped: say("SKIPPED") },
    bad: (check, seen, todo) => void findings.push({ group, check, state: "BAD", seen, todo }),
  };
}

/** Looks at one thing and says what it sees; what it throws is said as bad. */
export type Check = (place: Place, said: Said) => Promise<void>;

/** What is looked at. */
export interface Place {
  readonly env: Env;
  readonly databases: Located;
  readonly now: () => number;
}

/** Databases as the settings name them, by name of the role's setting (`population`, `population_owner`, `gateway`, `record` …). */
export interface Located {
  readonly kind: "embedded" | "one server" | "named" | "none";
  readonly urls: Readonly<Record<string, string>>;
  /** Why none can be named. */
  readonly fault?: string;
}

export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
