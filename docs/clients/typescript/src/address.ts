const HERE = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** An address without its last slash. Throws where a token or secret would go in the clear to another machine. */
export function safe(address: string): string {
  const { protocol, hostname } = new URL(address);
  if (protocol !== "https:" && !(protocol === "http:" && HERE.test(hostname)))
    throw new TypeError(`${hostname} is asked by HTTPS only: what is sent in the clear is anybody's`);
  return address.replace(/\/+$/, "");
}
