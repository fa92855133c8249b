export type Octets = Uint8Array<ArrayBuffer>;

export const utf8 = (text: string): Octets => Uint8Array.from(new TextEncoder().encode(text));

export async function sha256(...parts: readonly Uint8Array[]): Promise<Octets> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

export const hexOf = (octets: Uint8Array): string => [...octets].map((octet) => octet.toString(16).padStart(2, "0")).join("");

/** Null: no hex of whole octets. */
export const fromHex = (hex: string): Octets | null =>
  /^(?:[\da-f]{2})*$/i.test(hex) ? Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) : null;

/** Octets of base64; null: it is none, or not as it is written for these octets. */
export function octetsOf(base64: string): Octets | null {
  try {
    const octets = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return btoa(String.fromCharCode(...octets)) === base64 ? octets : null;
  } catch {
    return null;
  }
}

export const isSame = (one: Uint8Array, other: Uint8Array): boolean => hexOf(one) === hexOf(other);
