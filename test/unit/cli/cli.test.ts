import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nearest } from "../../../cli/commands/help/nearest.ts";
import { COMMANDS, GROUPS } from "../../../cli/commands/table.ts";
import { plain, shown } from "../../../cli/remote/plain.ts";
import { runHub } from "../../record/logKit.ts";

const hub = (...args: string[]) => runHub(args);

const flagsOf = (name: string): string[] => (COMMANDS[name]?.flags ?? []).map((flag) => flag.split(" ")[0] ?? "");

test("hub without a command lists every command once", async () => {
  const { code, out } = await hub();
  expect(code).toBe(0);
  const names = GROUPS.flatMap(({ rows }) => Object.keys(rows));
  expect(names.length).toBeGreaterThanOrEqual(40);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(out).toContain(`  ${name.padEnd(16)}`);
});

test("every command explains itself, and its help names the flags that the table knows", async () => {
  for (const [name, { load }] of Object.entries(COMMANDS)) {
    const { help, run } = await load();
    expect([typeof run, help.length > 100, /hub [a-z-]+/.test(help)], name).toEqual(["function", true, true]);
    const own = help.replace(/npx hub (?!NAME)([a-z-]+)[^\n]*/g, (line, other) => (other === name ? line : ""));
    const named = new Set([...own.matchAll(/--([a-z][a-z-]*)/g)].map(([, flag = ""]) => flag));
    for (const flag of flagsOf(name)) expect([...named], `${name} --${flag}`).toContain(flag);
  }
}, 60_000);

test.each(Object.entries(COMMANDS))("%s has examples that its table knows, and what is to be seen also is there", (name, row) => {
  expect(row.examples.length).toBeGreaterThan(0);
  for (const [line] of row.examples) expectLine(line, name);
  for (const to of row.see ?? []) expect(to.includes(".") ? existsSync(to) : Object.hasOwn(COMMANDS, to), to).toBe(true);
});

/** Commands whose first word may be something else than an action. */
const OPTIONAL = new Set(["verify", "witness"]);

function expectLine(line: string, name: string): void {
  const [npx, hub, command, ...words] = line.split(" ");
  expect([npx, hub, command], line).toEqual(["npx", "hub", name]);
  const { actions = [], flags = [] } = COMMANDS[name] ?? {};
  const [first = "--"] = words;
  if (actions.length > 0 && !first.startsWith("--") && !OPTIONAL.has(name)) expect(actions, line).toContain(first);
  for (const [at, word] of words.entries()) {
    if (!word.startsWith("--")) continue;
    const flag = flags.find((one) => one.split(" ")[0] === word.slice(2));
    expect(flag, `${line}: ${word}`).toBeDefined();
    const [, takes] = flag?.split(" ") ?? [];
    if (takes !== undefined) expect(words[at + 1], line).toMatch(takes.includes("|") ? new RegExp(`^(?:${takes})$`) : /^[^-]/);
  }
}

test("a command's page ends with examples, and hub help COMMAND is the same page", async () => {
  const [asked, helped] = [await hub("schema", "--help"), await hub("help", "schema")];
  expect([asked.code, helped.code]).toEqual([0, 0]);
  expect(helped.out).toBe(asked.out);
  expect(asked.out).toMatch(
    /Exit codes:[\s\S]*Examples:\n {2}npx hub schema pull[\s\S]*See also: npx hub documents --help, docs\//,
  );
  expect(asked.out).not.toContain("\u001b[");
});

test("a word that was meant otherwise is guessed, one like nothing is not", async () => {
  const names = Object.keys(COMMANDS);
  expect(["docter", "shcema", "doc", "grant", "verfy"].map((word) => nearest(word, names))).toEqual([
    ...["doctor", "schema", "documents", "grants", "verify"],
  ]);
  expect(nearest("xyzzy", names)).toBeUndefined();
  const [command, flag] = [await hub("docter"), await hub("doctor", "--perons")];
  expect([command.code, flag.code]).toEqual([2, 2]);
  expect(command.err).toContain('Did you mean "doctor"?');
  expect(flag.err).toContain("Did you mean --persons?");
});

test("words of another hub move no cursor", () => {
  expect(plain("✗ \u001b[2Jall is well\r\n\tok")).toBe("✗ \ufffd[2Jall is well\ufffd\n\tok");
});

test("what is printed as it came moves no cursor of a terminal, and reaches a file whole", () => {
  const { isTTY } = process.stdout;
  const printed = [true, false].map((one) => {
    process.stdout.isTTY = one;
    return shown('{ "name": "\u009b2J" }');
  });
  process.stdout.isTTY = isTTY;
  expect(printed).toEqual(['{ "name": "\ufffd2J" }', '{ "name": "\u009b2J" }']);
});

test("--version says the release", async () => {
  expect(await hub("--version")).toEqual({ code: 0, out: "0.1.0\n", err: "" });
});

test("bash completes commands, their words, their flags and what a flag takes, behind npx too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hub-completion-"));
  const path = join(folder, "hub.bash");
  writeFileSync(path, (await hub("completion", "bash")).out);
  const asked = {
    "hub sc": /^schema screenshots$/,
    "hub schema p": /\bpull\b/,
    "hub documents register --cl": /^--client$/,
    "hub export members --format ": /^csv json$/,
    "hub schema pull --out packa": /\bpackage\.json\b/,
    "npx hub grants e": /\bexplain\b/,
    "npx other grants e": /^$/,
  };
  const lines = Object.keys(asked).map((line) => {
    const words = line.split(" ").map((word) => `'${word}'`);
    return `COMP_WORDS=(${words.join(" ")}); COMP_CWORD=${words.length - 1}; COMPREPLY=(); _hub; echo "\${COMPREPLY[@]}"`;
  });
  const said = execFileSync("bash", ["-c", `. ${path}\n${lines.join("\n")}`], { encoding: "utf8" }).split("\n");
  rmSync(folder, { recursive: true });
  for (const [at, [line, offers]] of Object.entries(asked).entries()) expect(said[at], line).toMatch(offers);
});

test("zsh and fish get every command, in a script that those shells read where they are", async () => {
  const [zsh, fish] = [await hub("completion", "zsh"), await hub("completion", "fish")];
  for (const name of Object.keys(COMMANDS)) {
    expect(zsh.out).toContain(`    ${name}) _arguments `);
    expect(fish.out).toContain(`-a ${name} -d `);
  }
  for (const [shell, { out: input }] of [["zsh", zsh] as const, ["fish", fish] as const]) {
    const { error, status, stderr } = spawnSync(shell, ["-n"], { input, encoding: "utf8" });
    if (!error) expect([status, stderr], shell).toEqual([0, ""]);
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
  ["schema"],
  ["schema", "diff", "one.graphql"],
  ["schema", "diff", "no.graphql", "no.graphql"],
  ["grants", "explain"],
  ["grants", "list", "--hub", "http://hub.example", "--client", "a"],
  ["documents", "list"],
  ["audit"],
  ["completion", "tcsh"],
])("wrong usage (%s %s) ends with 2 and says what to do", async (...args) => {
  const { code, err, out } = await hub(...(args.filter(Boolean) as string[]));
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(/help|name one|whole number|lists them|npx hub/);
  expect(err).not.toMatch(/ {4}at /);
});
