import { dayInWib } from "../../../schema/values/wib.ts";
import { badInput } from "../../kit/errors.ts";

/** The two clocks of an answer: `asOf`, the day (WIB) it was so; `knownAt`, the instant the registry said so, null: now. */
export interface Clocks {
  readonly asOf: string;
  readonly knownAt: string | null;
}

interface ClocksAsked {
  readonly asOf?: string | null;
  readonly knownAt?: string | null;
}

/** The clocks that were asked for; undefined: today as known now. Refuses a day to come. */
export function clocksOf({ asOf, knownAt }: ClocksAsked, now: Date): Clocks | undefined {
  if (asOf == null && knownAt == null) return undefined;
  const today = dayInWib(now);
  if (asOf != null && asOf > today) throw badInput("asOf must not lie in the future: what is not so yet is not registered");
  return { asOf: asOf ?? today, knownAt: knownAt ?? null };
}

/** The last day whose publications count at these clocks. */
export function lastDayOf({ asOf, knownAt }: Clocks): string {
  const known = knownAt === null ? asOf : dayInWib(new Date(knownAt));
  return known < asOf ? known : asOf;
}
