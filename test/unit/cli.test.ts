import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
const hub = (...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(process.execPath, ["cli/hub.js", ...args], (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });

test("hub without a command lists every command there is a file for", async () => {
  const { code, stdout } = await hub();
  expect(code).toBe(0);
  const names = [...readFileSync("cli/main.ts", "utf8").matchAll(/^ {2}"?([a-z-]+)"?: \{/gm)].map(([, name = ""]) => name);
  expect(names.length).toBeGreaterThanOrEqual(10);
  for (const name of names) expect(stdout).toContain(`  ${name} `);
  const files = (readdirSync("cli", { recursive: true }) as string[]).filter((path) => path.endsWith(".ts"));
  const commands = files.filter((path) => /^export const help = /m.test(readFileSync(`cli/${path}`, "utf8")));
  expect(commands.length).toBe(names.length);
});

test("every command explains itself and does nothing else", async () => {
  const names = [
    ...["start", "token", "seed", "import", "migrate", "gateway", "subgraph", "issuer", "settings", "dev-supergraph", "policy"],
    ...["match", "matcher", "merge", "link", "synth"],
  ];
  for (const ran of await Promise.all(names.map((name) => hub(name, "--help")))) {
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/hub [a-z-]+/);
    expect(ran.stdout.length).toBeGreaterThan(100);
  }
});

test.each([
  ["nosuch"],
  ["token"],
  ["token", "a", "b"],
  ["start", "--nosuch"],
  ["seed", "--households", "zero"],
  ["import"],
  ["subgraph"],
])("wrong usage (%s %s) ends with 2 and says what to do", async (...args) => {
  const { code, stderr, stdout } = await hub(...(args.filter(Boolean) as string[]));
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/help|name one|whole number|lists them|npx hub/);
  expect(stderr).not.toMatch(/ {4}at /);
});
