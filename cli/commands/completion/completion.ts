import type { Rows } from "../row.ts";
import { bash } from "./bash.ts";
import { fish } from "./fish.ts";
import { type Completed, completed } from "./words.ts";
import { zsh } from "./zsh.ts";

export const help = `
Usage: npx hub completion bash|zsh|fish

Prints what a shell completes commands, their words and their flags by, from the table that help is made from. Where hub is not installed
by itself, the same works behind npx.

  bash   . <(npx hub completion bash)                                       in ~/.bashrc
  zsh    npx hub completion zsh > "\${fpath[1]}/_hub"                        once
  fish   npx hub completion fish > ~/.config/fish/completions/hub.fish      once
`;

const SHELLS: Readonly<Record<string, (known: readonly Completed[]) => string>> = { bash, zsh, fish };

/** `argv`: what follows `completion`. */
export async function completion([shell = "", ...more]: readonly string[], rows: Rows): Promise<number> {
  const write = Object.hasOwn(SHELLS, shell) && more.length === 0 ? SHELLS[shell] : undefined;
  if (write === undefined) {
    process.stderr.write("hub completion: name one shell: bash, zsh or fish. npx hub completion --help explains.\n");
    return 2;
  }
  process.stdout.write(write(completed(rows)));
  return 0;
}
