import { hash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";

/** Files by what they are for. */
export type Files = ReadonlyMap<string, string>;

/** Settings that are taken over while the gateway runs, where they are given by files: what a request needs of them it has from its beginning. */
const TAKEN_OVER = /^HUB_(?:ENVELOPE_SECRET_\w+|RECORD_KEYS|POLICY_PUBLIC_KEYS)$/;
/** Followed by whoever uses them (schema/tls/follow.ts). */
const FOLLOWED = /^HUB_TLS_/;

export const takenOver = (files: Files): Files => new Map([...files].filter(([name]) => TAKEN_OVER.test(name)));

/** The rest: read once, when the gateway starts. */
const atStartOnly = (files: Files): Files =>
  new Map([...files].filter(([name]) => !TAKEN_OVER.test(name) && !FOLLOWED.test(name)));

/** What files look like from outside: another text whenever one of them was written, replaced or removed. Never rejects. */
export async function markOf(paths: Iterable<string>): Promise<string> {
  const marks = [...paths].map(async (path) => {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path).catch(() => ({ ino: 0, size: 0, mtimeMs: 0, ctimeMs: 0 }));
    return [ino, size, mtimeMs, ctimeMs].join(" ");
  });
  return (await Promise.all(marks)).join("\n");
}

/** Tells by name which settings hold something else than when it was made, and take a restart. */
export async function followStartOnly(files: Files): Promise<() => Promise<string[]>> {
  const watched = [...atStartOnly(files)];
  const contents = () => Promise.all(watched.map(([, path]) => contentOf(path)));
  const first = await contents();
  return async () => {
    const now = await contents();
    return watched.flatMap(([name], at) => (now[at] === first[at] ? [] : [name]));
  };
}

/** Never the secret itself. */
const contentOf = (path: string): Promise<string> =>
  readFile(path, "utf8").then(
    (text) => hash("sha256", text.trim()),
    () => "",
  );
