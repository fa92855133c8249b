const ENTRY = /(DNS|URI|[A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,"]*)(?:, |$)/y;

/**
 * DNS names and URIs that a certificate carries, out of Node's text of its SAN. A name that holds a comma or quote stands there as JSON, so that
 * none can pass for two. Text that is not understood names nobody. Pure.
 */
export function namesIn(text = ""): readonly string[] {
  const names: string[] = [];
  ENTRY.lastIndex = 0;
  while (ENTRY.lastIndex < text.length) {
    const [, type, value = ""] = ENTRY.exec(text) ?? [];
    const name = nameOf(value);
    if (type === undefined || name === null) return [];
    if (type === "DNS" || type === "URI") names.push(name);
  }
  return names;
}

function nameOf(value: string): string | null {
  try {
    return value.startsWith('"') ? (JSON.parse(value) as string) : value;
  } catch {
    return null;
  }
}

/** Somebody's certificate, as a connection tells of it. */
interface Shown {
  readonly subjectaltname?: string | undefined;
  readonly valid_to?: string;
}

/** Does the certificate carry exactly this name? Wildcards and the common name count for nothing. Pure. */
export const isFor = (name: string, { subjectaltname }: Shown): boolean => namesIn(subjectaltname).includes(name);

/** A resumed connection is not looked at again by TLS itself. */
export const hasEnded = ({ valid_to: until }: Shown, now: number): boolean => !(Date.parse(until ?? "") > now);
