/** What is left of one limit (`RateLimit` and `RateLimit-Policy` headers). */
export interface Limit {
  readonly quota: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  /** Until all of it is there again. */
  readonly resetSeconds: number;
}

/** By name: `burst` counts requests, `persons` distinct persons a day. */
export type Limits = Readonly<Record<string, Limit>>;

/** What the headers of an answer tell; empty: nothing that can be read. */
export function limitsOf(headers: Headers): Limits {
  const policies = readItems(headers.get("ratelimit-policy"));
  const left = readItems(headers.get("ratelimit"));
  const names = [...left.keys()].filter((name) => policies.has(name));
  return Object.fromEntries(
    names.map((name) => {
      const { q = 0, w = 0 } = policies.get(name) ?? {};
      const { r = 0, t = 0 } = left.get(name) ?? {};
      return [name, { quota: q, windowSeconds: w, remaining: r, resetSeconds: t }];
    }),
  );
}

/** `"burst";q=100;w=60, "persons";q=…` as parameters by name. */
function readItems(header: string | null): Map<string, Readonly<Record<string, number>>> {
  const items = (header ?? "").split(",").map((item) => {
    const [name = "", ...parameters] = item.split(";").map((part) => part.trim());
    const pairs = parameters
      .map((parameter) => parameter.split("=", 2))
      .map(([key = "", value]) => [key, Number(value)] as const);
    return [name.replaceAll('"', ""), Object.fromEntries(pairs.filter(([, value]) => Number.isFinite(value)))] as const;
  });
  return new Map(items.filter(([name]) => name !== ""));
}

/** How long to hold the next question back: as long as one more of the burst takes, where none is left. */
export function holdBackMs({ burst }: Limits): number {
  if (burst === undefined || burst.remaining > 0 || burst.quota === 0) return 0;
  return Math.ceil((burst.windowSeconds * 1000) / burst.quota);
}

/** `Retry-After` in milliseconds: seconds, or a date. Null: the header is absent or no such thing. */
export function retryAfterOf(headers: Headers, now: number): number | null {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = text === "" ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
