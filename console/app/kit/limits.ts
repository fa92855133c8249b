/** What an agreement may limit of one question, as QuestionLimits of the API names it. */
export const LIMITS = ["bodyBytes", "tokens", "depth", "aliases", "rootFields", "cost", "subjects"] as const;
/** By name; null: the hub's. */
export type QuestionLimits = Readonly<Record<(typeof LIMITS)[number], number | null>>;

interface Saying {
  readonly t: (key: string, values: { readonly count: string }) => string;
  /** A number as the reader writes it. */
  readonly count: (value: number) => string;
}

/** Those that are said, each as a phrase; null: none is. */
export function limitsSaid(limits: QuestionLimits | null, { t, count }: Saying): string | null {
  const said = LIMITS.flatMap((name) => {
    const most = limits?.[name] ?? null;
    return most === null ? [] : [t(`kit.limit.${name}`, { count: count(most) })];
  });
  return said.length === 0 ? null : said.join(", ");
}
