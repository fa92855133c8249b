import { readFileSync } from "node:fs";

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
    return readFileSync(path, "utf8").trim();
  } catch {
    faults.push(`${name}_FILE cannot be read`);
    return env[name];
  }
}

/** An address no other machine can reach. */
export const isLoopback = (host: string): boolean => /^(127(\.\d{1,3}){3}|::1|localhost)$/.test(host);
