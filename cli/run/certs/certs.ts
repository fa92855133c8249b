import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { subgraphs } from "../../../subgraphs/main.ts";
import { type Authority, authorityOf, createAuthority } from "./authority.ts";

export const help = `
Usage: npx hub certs --dir DIR [--days 30]

Makes an authority and a certificate for the gateway and each subgraph, for trials of TLS between them; asked again, it renews the certificates under the
authority that is there. In production they come from your own authority (docs/runbook.md): here its key lies beside what it signed.

  DIR/authority.crt, DIR/authority.key
  DIR/hub-gateway/, DIR/population/ …    ca.crt, tls.crt, tls.key: HUB_TLS_CA_FILE, HUB_TLS_CERT_FILE, HUB_TLS_KEY_FILE

Exit codes: 0 made, 2 wrong usage.
`;

const NAME = "dtks-hub trial authority";
const GATEWAY = "hub-gateway";
const DAY = 24 * 60 * 60 * 1000;
const MOST_DAYS = 397;
const AUTHORITY_DAYS = 3650;
/** Clocks of other machines may be behind. */
const EARLIER = 60 * 60 * 1000;

export async function certs(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { dir: { type: "string" }, days: { type: "string", default: "30" } },
  });
  const days = Number(values.days);
  if (values.dir === undefined || !Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
    process.stderr.write(`hub certs: takes --dir, and --days from 1 to ${MOST_DAYS}. npx hub certs --help explains.\n`);
    return 2;
  }
  const authority = authorityIn(values.dir);
  const [from, until] = [new Date(Date.now() - EARLIER), new Date(Date.now() + days * DAY)];
  for (const name of [GATEWAY, ...subgraphs.map((one) => one.name)]) {
    const { cert, key } = authority.issue({ names: [name], from, until });
    write(join(values.dir, name), { "ca.crt": authority.cert, "tls.crt": cert, "tls.key": key });
    process.stdout.write(`${join(values.dir, name)}\n`);
  }
  return 0;
}

function authorityIn(folder: string): Authority {
  const [cert, key] = [join(folder, "authority.crt"), join(folder, "authority.key")];
  if (existsSync(cert) && existsSync(key))
    return authorityOf({ cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") }, NAME);
  const [from, until] = [new Date(Date.now() - EARLIER), new Date(Date.now() + AUTHORITY_DAYS * DAY)];
  const made = createAuthority({ name: NAME, from, until });
  write(folder, { "authority.crt": made.cert, "authority.key": made.key });
  return made;
}

/** Each file whole or not at all: a hub may be reading. */
function write(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    writeFileSync(`${path}.new`, content, { mode: name.endsWith(".key") ? 0o600 : 0o644 });
    renameSync(`${path}.new`, path);
  }
}
