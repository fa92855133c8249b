// Estonia's data tracker (Andmejälgija, e-gov/AJ, REST protocol 1.6 of 2026) asks every register three questions. What each asks of the hub, and its
// answer in that protocol's shape.

/** What `findUsage` asks; variables from `findUsageVariables`. */
export const FIND_USAGE = `query FindUsage($representing: ID, $first: Int!, $skip: Int!, $from: DateTime, $to: DateTime) {
  dataSubject(representing: $representing) {
    accesses(first: $first, skip: $skip, from: $from, to: $to) {
      totalCount
      nodes { at agency { code name } client sentence { indonesian } }
    }
  }
}`;

/** What `usagePeriod` asks, and `heartbeat` too: whoever can answer it can answer the rest. */
export const USAGE_PERIOD = "query UsagePeriod { recordedSince }";

export interface FindUsageVariables {
  readonly representing: string | null;
  readonly first: number;
  readonly skip: number;
  readonly from: string | null;
  readonly to: string | null;
}

/** Most lines of one answer; the protocol leaves it to the register, and says in `totalUsages` how many there are. */
const MOST = 100;
const MOST_SKIPPED = 100_000;

/** Variables out of `userCode`, `periodStart`, `periodEnd`, `offset` and `limit`. `userCode` is the id of whom it is about; left out: of the asker. */
export function findUsageVariables(
  query: URLSearchParams,
): { readonly variables: FindUsageVariables } | { readonly faults: readonly string[] } {
  const faults: string[] = [];
  const whole = (name: string, or: number, [least, most]: readonly [number, number]): number => {
    const text = query.get(name) ?? String(or);
    const value = Number(text);
    if (!/^\d{1,9}$/.test(text) || value < least || value > most)
      faults.push(`${name} must be a whole number from ${least} to ${most}`);
    return value;
  };
  const instant = (name: string): string | null => {
    const text = query.get(name);
    if (text !== null && !/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text))
      faults.push(`${name} must be an instant, RFC 3339`);
    return text;
  };
  const limit = whole("limit", MOST, [1, 1_000]);
  const skip = whole("offset", 0, [0, MOST_SKIPPED]);
  const variables = { representing: query.get("userCode"), first: Math.min(limit, MOST), skip };
  const narrowed = { ...variables, from: instant("periodStart"), to: instant("periodEnd") };
  return faults.length > 0 ? { faults } : { variables: narrowed };
}

/** Data of FIND_USAGE. Null where the asker may not know it. */
export interface FindUsageData {
  readonly dataSubject: {
    readonly accesses: {
      readonly totalCount: number | null;
      readonly nodes: readonly UsageData[] | null;
    } | null;
  } | null;
}
interface UsageData {
  readonly at: string | null;
  readonly agency: { readonly code: string; readonly name: string | null } | null;
  readonly client: string | null;
  readonly sentence: { readonly indonesian: string | null } | null;
}

interface Usage {
  readonly logtime: string;
  readonly action: string;
  readonly receiverCode: string;
  readonly receiverName?: string;
  readonly receiverSystem: string;
}

/** Null: it could not be told. */
export function findUsageOf({
  dataSubject,
}: FindUsageData): { readonly totalUsages: number; readonly usages: readonly Usage[] } | null {
  const accesses = dataSubject?.accesses;
  if (accesses?.totalCount == null || accesses.nodes == null) return null;
  return { totalUsages: accesses.totalCount, usages: accesses.nodes.map(usageOf) };
}

/** The protocol has no null here. */
const UNKNOWN = "-";

function usageOf({ at, agency, client, sentence }: UsageData): Usage {
  return {
    logtime: at ?? UNKNOWN,
    action: sentence?.indonesian ?? UNKNOWN,
    receiverCode: agency?.code ?? UNKNOWN,
    ...(agency?.name != null && { receiverName: agency.name }),
    receiverSystem: client ?? UNKNOWN,
  };
}

/** Without an end: up to now. Of an empty record the period begins at `now`. */
export const usagePeriodOf = (data: { readonly recordedSince: string | null }, now: Date): { readonly periodStart: string } => ({
  periodStart: data.recordedSince ?? now.toISOString(),
});

export const heartbeatOf = (isUp: boolean): { readonly status: "OK" | "FAIL"; readonly message: string } =>
  isUp
    ? { status: "OK", message: "the access record answers" }
    : { status: "FAIL", message: "the access record does not answer" };
