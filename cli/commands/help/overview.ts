import { GROUPS } from "../table.ts";

const WIDTH = 16;

/** `npx hub help`: every command, by what it is for. */
export const overview = (): string =>
  [
    "hub — the federation hub of Indonesia's social-welfare data",
    "",
    "Usage: npx hub COMMAND [arguments]",
    ...GROUPS.flatMap(({ title, rows }) => [
      "",
      `${title}:`,
      ...Object.entries(rows).map(([name, { summary }]) => `  ${name.padEnd(WIDTH)}${summary}`),
    ]),
    "",
    "npx hub COMMAND --help explains one, with examples; npx hub --version says which release this is.",
    "Results go to stdout, notes to stderr. Nothing is ever coloured (NO_COLOR need not be set).",
    "Exit codes: 0 fine, 1 found something, 2 wrong usage.",
    "",
  ].join("\n");
