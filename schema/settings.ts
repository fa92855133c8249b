import { readFileSync, statSync } from "node:fs";

/** Variables of a process. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Every fault of the settings at once, one sentence each, with what to do. */
export class ConfigFaults extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.name = "ConfigFaults";
    this.faults = faults;
  }
}

/** A value given directly or, as `<name>_FILE`, in a file: orchestrators mount secrets that way. */
export function secretFrom(env: Env, { name, faults }: { name: string; faults: string[] }): string | undefined {
  const path = env[`${name}_FILE`];
  if (path === undefined) return env[name];
  if (env[name] !== undefined) faults.push(`${name} and ${name}_FILE are both set: keep one`);
  try {
    const secret = readFileSync(path, "utf8").trim();
    if (secret === "") faults.push(`${name}_FILE is empty`);
    return secret;
  } catch {
    faults.push(`${name}_FILE cannot be read`);
    return env[name];
  }
}

/** Files that everybody may read who wants to. */
const NO_SECRETS = /^HUB_TLS_(?:CA|CERT)_FILE$/;
const BY_OTHERS = 0o004;

/** What is to be told of files with secrets that everybody on the machine may read, a sentence each. */
export function exposedFiles(env: Env): string[] {
  const isExposed = (path = "") => ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & BY_OTHERS) !== 0;
  return Object.entries(env)
    .filter(([name, path]) => /^HUB_\w+_FILE$/.test(name) && !NO_SECRETS.test(name) && isExposed(path))
    .map(([name]) => `the file of ${name} can be read by everybody on this machine: take that right away (chmod o-r)`);
}

/** An address no other machine can reach. */
export const isLoopback = (host: string): boolean => /^(127(\.\d{1,3}){3}|::1|localhost)$/.test(host);
