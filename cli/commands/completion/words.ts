import type { Rows } from "../row.ts";

/** A flag as completion knows it. */
export interface Flag {
  /** Without the dashes. */
  readonly name: string;
  /** What follows it: nothing, a path, one of some words, or anything. */
  readonly takes: "nothing" | "path" | "anything" | readonly string[];
}

export interface Completed {
  readonly name: string;
  readonly summary: string;
  readonly actions: readonly string[];
  readonly flags: readonly Flag[];
}

/** Every command with what may follow it. */
export const completed = (rows: Rows): Completed[] =>
  Object.entries(rows).map(([name, { summary, actions = [], flags = [] }]) => ({
    name,
    summary,
    actions,
    flags: [...flags.map(flagOf), { name: "help", takes: "nothing" }],
  }));

function flagOf(text: string): Flag {
  const [name = "", what] = text.split(" ");
  if (what === undefined) return { name, takes: "nothing" };
  if (what.includes("|")) return { name, takes: what.split("|") };
  return { name, takes: /FILE$|^DIR$|^SOURCE$/.test(what) ? "path" : "anything" };
}
