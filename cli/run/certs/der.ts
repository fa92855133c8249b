// The little of DER that a certificate takes. Pure.

const lengthOf = (bytes: number): Buffer => {
  if (bytes < 0x80) return Buffer.from([bytes]);
  const digits = bytes.toString(16);
  const long = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
  return Buffer.concat([Buffer.from([0x80 + long.length]), long]);
};

export const tagged = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
};
export const sequence = (...content: readonly Uint8Array[]): Buffer => tagged(0x30, ...content);
export const set = (...content: readonly Uint8Array[]): Buffer => tagged(0x31, ...content);
export const octets = (content: Uint8Array): Buffer => tagged(0x04, content);
export const bits = (content: Uint8Array, unused = 0): Buffer => tagged(0x03, Buffer.from([unused]), content);
export const text = (content: string): Buffer => tagged(0x0c, Buffer.from(content));
export const yes = Buffer.from([0x01, 0x01, 0xff]);

/** A number that is not negative, from its bytes. */
export const integer = (content: Uint8Array): Buffer =>
  tagged(0x02, (content[0] ?? 0) < 0x80 ? content : Buffer.concat([Buffer.alloc(1), content]));

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value % 128];
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left % 128) + 128);
  return digits;
}

/** An instant, to the second; years from 2050 on are written in full. */
export function instant(at: Date): Buffer {
  const digits = at.toISOString().replace(/[-:T]|\.\d+/g, "");
  return at.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits));
}
