import { hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalDocument } from "../../schema/sdl/canonicalDocument.ts";

/** A document of the hub's own: where it stands, and its text. */
export interface OwnDocument {
  readonly name: string;
  readonly text: string;
}

const CLI = join(import.meta.dirname, "..");
const CONSOLE = join(CLI, "../console");
/** Commands that ask the hub as its clients do. */
const ASKING = [
  "remote/documents.ts",
  "remote/grants.ts",
  "remote/matching/claim.ts",
  "remote/matching/jobs.ts",
  "remote/receipts.ts",
  "schema/reach/notify.ts",
  "schema/reach/parties.ts",
  "operations/checks/partner/asking.ts",
  "slices/registry/rounds.ts",
];

/** Every document that pages ask, out of their sources. They stand there as they are: what is filled in by `${…}` is a fragment of the same file. */
export function documentsOfPages(): OwnDocument[] {
  const files = readdirSync(CONSOLE, { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.tsx?$/.test(name) && !name.startsWith("dist"),
  );
  return files.sort().flatMap((name) => {
    const source = readFileSync(join(CONSOLE, name), "utf8");
    const parts = new Map(
      [...source.matchAll(/const (\w+) = \/\* GraphQL \*\/ `([^`]*)`/g)].map(([, part = "", text = ""]) => [part, text]),
    );
    const filled = (text: string): string => text.replace(/\$\{(\w+)\}/g, (_, part: string) => filled(parts.get(part) ?? ""));
    const texts = [...parts].map(([part, text]) => ({ name: `${name} ${part}`, text: filled(text) }));
    return texts.filter(({ text }) => /^\s*(?:query|mutation)\b/.test(text));
  });
}

/** The same of commands. */
export const documentsOfCommands = (): OwnDocument[] =>
  ASKING.flatMap((file) => {
    const source = readFileSync(join(CLI, file), "utf8");
    const found = [...source.matchAll(/^const ([A-Z]+) =\s*(["`])((?:query|mutation)\b[^"`]*)\2;$/gm)];
    return found.map(([, part = "", , text = ""]) => ({ name: `${file} ${part}`, text }));
  });

/** The manifest of them, as it is kept in cli/run/ownDocuments.json: the digest of each canonical form by its name. */
export function ownManifest(): string {
  const digests = (documents: readonly OwnDocument[]) =>
    Object.fromEntries(documents.map(({ name, text }) => [name, hash("sha256", canonicalDocument(text) ?? "")]));
  return `${JSON.stringify({ pages: digests(documentsOfPages()), commands: digests(documentsOfCommands()) }, null, 2)}\n`;
}
