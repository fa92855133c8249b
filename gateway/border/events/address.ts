import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

/** Where a message cannot be sent, as a code that stewards of both sides read. */
export class Undeliverable extends Error {
  readonly code: string;

  constructor(code: string, cause?: unknown) {
    super(code, { cause });
    this.name = "Undeliverable";
    this.code = code;
  }
}

/** An address of the internet and the family it is of. */
export interface Pinned {
  readonly address: string;
  readonly family: 4 | 6;
}

type Net = readonly [net: string, prefix: number];

/** Not of the public internet, by the registries of special-purpose addresses (IANA, RFC 6890 and its successors). */
const SPECIAL_4: readonly Net[] = [
  ...([
    ["0.0.0.0", 8],
    ["10.0.0.0", 8],
    ["100.64.0.0", 10],
    ["127.0.0.0", 8],
    ["169.254.0.0", 16],
    ["172.16.0.0", 12],
  ] as const),
  ...([
    ["192.0.0.0", 24],
    ["192.0.2.0", 24],
    ["192.88.99.0", 24],
    ["192.168.0.0", 16],
    ["198.18.0.0", 15],
  ] as const),
  ...([
    ["198.51.100.0", 24],
    ["203.0.113.0", 24],
    ["224.0.0.0", 4],
    ["240.0.0.0", 4],
  ] as const),
];
/** Within 2000::/3, all of IPv6 that is handed out: tunnels, which lead to any IPv4 address, documentation, benchmarks. */
const SPECIAL_6: readonly Net[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];
const GLOBAL_6: Net = ["2000::", 3];

const listOf = (nets: readonly Net[], family: "ipv4" | "ipv6"): BlockList => {
  const list = new BlockList();
  for (const [net, prefix] of nets) list.addSubnet(net, prefix, family);
  return list;
};
const SPECIAL = { 4: listOf(SPECIAL_4, "ipv4"), 6: listOf(SPECIAL_6, "ipv6") };
const GLOBAL = listOf([GLOBAL_6], "ipv6");

/** Whether an IP address is one of the public internet. Pure. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !SPECIAL[4].check(address, "ipv4");
  return family === 6 && GLOBAL.check(address, "ipv6") && !SPECIAL[6].check(address, "ipv6");
}

const THIS_MACHINE = "127.0.0.1";
export const isThisMachine = (host: string): boolean => host === THIS_MACHINE || host === "localhost";

export interface AddressRules {
  /** Development: http and this machine, nothing else besides the internet. */
  readonly isDev: boolean;
  /** Every address of a name. */
  readonly resolve?: (host: string) => Promise<readonly Pinned[]>;
}

/**
 * The address a message to `url` goes to: it is looked up once and connected to as it is, so a name cannot lead elsewhere in between. Throws
 * Undeliverable: FORBIDDEN_ADDRESS where the scheme or any of the name's addresses is not of the public internet, UNREACHABLE without an address.
 */
export async function addressOf(url: URL, { isDev, resolve = everyAddress }: AddressRules): Promise<Pinned> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isDev && isThisMachine(host)) return { address: THIS_MACHINE, family: 4 };
  if (url.protocol !== "https:" || url.username || url.password) throw new Undeliverable("FORBIDDEN_ADDRESS");
  const family = isIP(host);
  const found = family === 0 ? await resolve(host).catch(unreachable) : [{ address: host, family: family as 4 | 6 }];
  const [first] = found;
  if (!first) throw new Undeliverable("UNREACHABLE");
  if (!found.every(({ address }) => isPublic(address))) throw new Undeliverable("FORBIDDEN_ADDRESS");
  return first;
}

const everyAddress = async (host: string): Promise<readonly Pinned[]> =>
  (await lookup(host, { all: true })).map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));

function unreachable(cause: unknown): never {
  throw new Undeliverable("UNREACHABLE", cause);
}
