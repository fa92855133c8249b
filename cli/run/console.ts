import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const help = `
Usage: npx hub console build

Builds the pages of the console into console/dist, where the gateway serves them from. npm start does it where they are missing or older than
their sources. Takes the development packages (npm install, without --omit=dev).
`;

const FOLDER = join(import.meta.dirname, "../../console");
const BUILT = join(FOLDER, "dist");
const SOURCES = ["app", "text", "public", "index.html", "vite.config.ts"];
/** Says what was built, beside it. */
const STAMP = join(BUILT, ".sources");

/** Exit codes: 0 built, 1 not, 2 wrong usage. */
export async function consolePages(argv: readonly string[]): Promise<number> {
  if (argv.length !== 1 || argv[0] !== "build") {
    process.stderr.write("hub console: say what to do: npx hub console build\n");
    return 2;
  }
  await buildConsole();
  process.stdout.write(`${BUILT}\n`);
  return 0;
}

/** Were the pages built from the sources as they are? */
export const isConsoleBuilt = (): boolean => existsSync(STAMP) && readFileSync(STAMP, "utf8") === sourcesHash();

/** Builds the pages in a process of its own; what was built before serves until then. Rejects with what went wrong. */
export async function buildConsole(): Promise<void> {
  const hash = sourcesHash();
  const bin = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin/vite.js");
  const next = mkdtempSync(join(tmpdir(), "hub-console-"));
  try {
    await run([bin, "build", FOLDER, "--logLevel", "warn", "--outDir", next, "--emptyOutDir"]);
    rmSync(BUILT, { recursive: true, force: true });
    cpSync(next, BUILT, { recursive: true });
    writeFileSync(STAMP, hash);
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

async function run(argv: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, argv, {
    env: { ...process.env, NODE_ENV: "production" }, // under a test runner React would bring what only its developers need
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`the console was not built:\n${said.trim()}`);
}

function sourcesHash(): string {
  const hash = createHash("sha256");
  for (const source of SOURCES)
    for (const file of filesOf(source))
      hash
        .update(file)
        .update("\0")
        .update(readFileSync(join(FOLDER, file)))
        .update("\0");
  return hash.digest("hex");
}

const filesOf = (source: string): string[] =>
  /\.\w+$/.test(source)
    ? [source]
    : readdirSync(join(FOLDER, source), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(FOLDER.length + 1))
        .sort();
