import { DATA_SUBJECT_RIGHTS, RECIPIENT_CHECKING } from "./words.ts";

/**
 * What the hub takes of one question at most, of each limit that an agreement may hold for itself. An agreement narrows them and never widens. The hub has
 * further ones, which guard its own time and are everybody's (`GET /limits.json`).
 */
export const HUB_LIMITS = {
  bodyBytes: 100_000,
  tokens: 2_000,
  depth: 14,
  aliases: 30,
  rootFields: 10,
  cost: 40_000,
  subjects: 5_000,
} as const;

type LimitName = keyof typeof HUB_LIMITS;
export const LIMIT_NAMES = Object.keys(HUB_LIMITS) as readonly LimitName[];
/** Limits of a question by name; absent: the hub's. */
export type QuestionLimits = Readonly<Partial<Record<LimitName, number>>>;

/** Rows of subjects that one question of these purposes may touch: each is about one person and their household. Their longest, the copy of all data, touches 207. */
export const NARROW: Readonly<Record<string, number>> = { [DATA_SUBJECT_RIGHTS]: 1_000, [RECIPIENT_CHECKING]: 100 };

/** What holds for a question under an agreement of that purpose: of its own limits, its purpose's and the hub's the least. */
export function limitsUnder(purpose: string, own: QuestionLimits | null): Readonly<Record<LimitName, number>> {
  const least = LIMIT_NAMES.map((name) => [name, Math.min(HUB_LIMITS[name], own?.[name] ?? Number.POSITIVE_INFINITY)] as const);
  const limits = Object.fromEntries(least) as Record<LimitName, number>;
  const narrow = Object.hasOwn(NARROW, purpose) ? NARROW[purpose] : undefined;
  return { ...limits, subjects: Math.min(limits.subjects, narrow ?? Number.POSITIVE_INFINITY) };
}

/** The limits that are counted on a question itself, each the agreement's own where that is less: a document is read no further than its asker may go. */
export function narrowed<L extends Readonly<Record<Exclude<LimitName, "bodyBytes">, number>>>(
  limits: L,
  own: QuestionLimits = {},
): L {
  const least = (name: Exclude<LimitName, "bodyBytes">) => Math.min(limits[name], own[name] ?? Number.POSITIVE_INFINITY);
  const written = { tokens: least("tokens"), depth: least("depth"), aliases: least("aliases"), rootFields: least("rootFields") };
  return { ...limits, ...written, cost: least("cost"), subjects: least("subjects") };
}

/** What keeps a value from being an agreement's own limits, each as `place: what it must be`; more than the hub's is no limit of anybody's. Pure. */
export function limitFaults(limits: QuestionLimits): string[] {
  if (Object.keys(limits).length === 0) return ["limits: at least one, or left out"];
  return Object.entries(limits).flatMap(([name, value]) => {
    const most = Object.hasOwn(HUB_LIMITS, name) ? HUB_LIMITS[name as LimitName] : undefined;
    if (most === undefined) return ["limits: names what is no limit of a question"];
    return Number.isInteger(value) && value >= 1 && value <= most ? [] : [`limits.${name}: from 1 to ${most}`];
  });
}

/** Are they limits at all? Unlike `limitFaults` it minds no limit of the hub, which may have been wider when they were agreed on. */
export const areLimits = (limits: unknown): limits is QuestionLimits =>
  typeof limits === "object" &&
  limits !== null &&
  !Array.isArray(limits) &&
  Object.entries(limits).every(([name, value]) => Object.hasOwn(HUB_LIMITS, name) && Number.isInteger(value) && value >= 1);
