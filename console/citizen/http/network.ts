import { isIPv6 } from "node:net";

/** Groups of an IPv6 address that a provider gives to one customer at the most: a /48. */
const GROUPS_OF_ONE = 3;

/** An IPv4 address, or the /48 of an IPv6 address, in whatever spelling it comes. */
export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, "");
  if (!isIPv6(plain)) return plain;
  const groups = groupsOf(plain);
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  return groups
    .slice(0, GROUPS_OF_ONE)
    .map((group) => group.toString(16))
    .join(":");
}

/** All eight, of an address in which zeros may be left out and the end may be written as IPv4. */
function groupsOf(address: string): number[] {
  const { hostname } = new URL(`http://[${address}]`); // writes the end in hexadecimal, too
  const [head = [], tail = []] = hostname
    .slice(1, -1)
    .split("::")
    .map((half) => half.split(":").filter(Boolean));
  const missing = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...missing, ...tail].map((group) => Number.parseInt(group, 16));
}
