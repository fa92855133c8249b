import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { COMMANDS } from "../../cli/commands/table.ts";
import { settingsTable } from "../../cli/operations/settings.ts";

const pages = [
  "README.md",
  "CHANGELOG.md",
  "SECURITY.md",
  ...readdirSync("docs", { recursive: true }).map((name) => `docs/${name}`),
].filter((path) => path.endsWith(".md"));

test("the runbook's table of settings is the one the programs read", () => {
  expect(readFileSync("docs/runbook.md", "utf8")).toContain(settingsTable());
});

test("every link between the pages leads somewhere", () => {
  const links = pages.flatMap((page) =>
    [...readFileSync(page, "utf8").matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(
      ([, to = ""]) => [page, join(dirname(page), to)] as const,
    ),
  );
  expect(links.length).toBeGreaterThan(15);
  expect(links.filter(([, to]) => !existsSync(to))).toEqual([]);
});

test("every command that the README and its tour name is one of the hub's", () => {
  const pages = ["README.md", "docs/tour.md"].map((page) => readFileSync(page, "utf8")).join("\n");
  const commands = [...pages.matchAll(/npx hub ([a-z][a-z-]*)/g)].map(([, name = ""]) => name);
  expect(commands.length).toBeGreaterThan(5);
  for (const name of commands) expect(Object.keys(COMMANDS)).toContain(name);
});
