import type { Row } from "../row.ts";

const EXIT_CODES = "Exit codes: 0 fine, 1 found something, 2 wrong usage.";

/** `npx hub COMMAND --help`: what the command says of itself, examples, and where to go on. */
export function page(help: string, { examples, see = [] }: Row): string {
  const told = help.trim();
  const parts = [
    told,
    ...(told.includes("Exit codes:") ? [] : ["", EXIT_CODES]),
    "",
    "Examples:",
    ...examples.flatMap(([line, does]) => [`  ${line}`, `      ${does}`]),
    ...(see.length > 0
      ? ["", `See also: ${see.map((name) => (name.includes(".") ? name : `npx hub ${name} --help`)).join(", ")}`]
      : []),
  ];
  return `${parts.join("\n")}\n`;
}
