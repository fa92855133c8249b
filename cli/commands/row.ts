/** A subcommand: one file each, `help` teaches, `run` answers the exit code (0 fine, 1 found something, 2 wrong usage). */
export interface Command {
  readonly help: string;
  readonly run: (argv: readonly string[], rows: Rows) => Promise<number>;
}

/** What is known of a command without loading it: lists, completion and the end of its help come from here. */
export interface Row {
  readonly summary: string;
  readonly load: () => Promise<Command>;
  /** Words of which one may stand first. */
  readonly actions?: readonly string[];
  /** Without the dashes; with what the flag takes, where it takes something: `json`, `out FILE`, `format csv|json`. */
  readonly flags?: readonly string[];
  /** Lines as they are typed, each with what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** Commands and pages to go on with. */
  readonly see?: readonly string[];
}

export type Rows = Readonly<Record<string, Row>>;

/** Commands for one kind of work, by name. */
export interface Group {
  readonly title: string;
  readonly rows: Rows;
}

export function command(module: Record<string, unknown>, name: string): Command {
  return { help: String(module["help"]), run: module[name] as Command["run"] };
}

/** Flags by which every command that asks a hub says which, and in whose name. */
export const ASKING = ["hub URL", "client CLIENT", "secret-file FILE", "token-file FILE", "issuer URL", "agreement N"] as const;
