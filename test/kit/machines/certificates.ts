import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Authority, createAuthority, type Pair } from "../../../cli/run/certs/authority.ts";
import type { TlsFiles } from "../../../schema/tls/credentials.ts";

const DAY = 24 * 60 * 60 * 1000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY);
export const LATELY = { from: inDays(-1), until: inDays(30) };
export const LONG_AGO = { from: inDays(-30), until: inDays(-1) };

export const anAuthority = (name = "an authority"): Authority => createAuthority({ name, ...LATELY });

interface Kept extends Partial<Pair> {
  readonly ca?: string;
}

/** Certificates of parts in files of a folder of their own, until `remove`. */
export class CertificateFolder {
  readonly authority: Authority;
  private readonly folder = mkdtempSync(join(tmpdir(), "hub-tls-"));

  constructor(authority = anAuthority()) {
    this.authority = authority;
  }

  /** Where a part keeps who it is. */
  of(part: string): TlsFiles {
    const path = (name: string) => join(this.folder, `${part}.${name}`);
    return { ca: path("ca.crt"), cert: path("tls.crt"), key: path("tls.key") };
  }

  /** Writes what is named, each file at once. */
  write(part: string, { ca, cert, key }: Kept): void {
    const files = this.of(part);
    const all = [
      [files.ca, ca],
      [files.cert, cert],
      [files.key, key],
    ] as const;
    for (const [path, content] of all) {
      if (content === undefined) continue;
      writeFileSync(`${path}.new`, content, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    }
  }

  /** A new certificate under `authority`, which alone is believed unless others are named, too. */
  renew(part: string, { authority = this.authority, ca = authority.cert, names = [part] }: Renewal = {}): TlsFiles {
    this.write(part, { ...authority.issue({ names, ...LATELY }), ca });
    return this.of(part);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface Renewal {
  readonly authority?: Authority;
  /** Whom the part believes, PEM. */
  readonly ca?: string;
  readonly names?: readonly string[];
}
