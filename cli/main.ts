import { readFileSync } from "node:fs";
import { exposedFiles } from "../schema/settings.ts";
import { nearest } from "./commands/help/nearest.ts";
import { overview } from "./commands/help/overview.ts";
import { page } from "./commands/help/page.ts";
import { COMMANDS } from "./commands/table.ts";

/** Runs one command line. Never throws: an unexpected fault is told in a sentence and answered with 1. */
export async function main(argv: readonly string[]): Promise<number> {
  const [first = "help", ...after] = argv;
  if (first === "--version" || first === "-v") return print(`${version()}\n`);
  const isHelp = ["help", "--help", "-h"].includes(first);
  const [name, ...rest] = isHelp && after.length > 0 ? [String(after[0]), "--help"] : [first, ...after];
  if (["help", "--help", "-h"].includes(name)) return print(overview());
  const row = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!row) return unknown(name);
  try {
    const { help, run } = await row.load();
    if (rest.includes("--help") || rest.includes("-h")) return print(page(help, row));
    for (const exposed of exposedFiles(process.env)) process.stderr.write(`hub: ${exposed}\n`);
    return await run(rest, COMMANDS);
  } catch (error) {
    return failed(name, error);
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function version(): string {
  const file = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { readonly version: string };
  return file.version;
}

function unknown(name: string): number {
  const like = nearest(name, Object.keys(COMMANDS));
  const meant = like === undefined ? "" : ` Did you mean "${like}"?`;
  process.stderr.write(`hub: there is no command "${name}".${meant} npx hub --help lists them.\n`);
  return 2;
}

function failed(name: string, error: unknown): number {
  const isUsage = String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS");
  const hint = isUsage ? `${flagMeant(name, error)} npx hub ${name} --help explains.` : "";
  process.stderr.write(`hub ${name}: ${error instanceof Error ? error.message : String(error)}${hint}\n`);
  return isUsage ? 2 : 1;
}

function flagMeant(name: string, error: unknown): string {
  const [, flag] = /Unknown option '--([^']+)'/.exec(error instanceof Error ? error.message : "") ?? [];
  const like =
    flag &&
    nearest(
      flag,
      (COMMANDS[name]?.flags ?? []).map((known) => known.split(" ")[0] ?? ""),
    );
  return like ? ` Did you mean --${like}?` : "";
}
