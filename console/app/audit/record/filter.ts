import { beginningOf, endOf } from "../kit/days.ts";

/** What is searched for, as the form has it; empty: not said. The person is never in the page's address. */
export const PARTS = ["agency", "agreement", "purpose", "coordinate", "status", "from", "to", "receipt"] as const;
export type Part = (typeof PARTS)[number];
export type Wanted = Readonly<Record<Part, string>>;

export const wantedIn = (search: URLSearchParams): Wanted =>
  Object.fromEntries(PARTS.map((part) => [part, search.get(part) ?? ""])) as Wanted;

export const addressOf = (wanted: Wanted): Record<string, string> =>
  Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== ""));

/** Days are those of western Indonesia, both included. */
export function filterOf({ from, to, ...rest }: Wanted, person: string): Record<string, string> {
  const instants = { from: from && beginningOf(from), to: to && endOf(to) };
  return Object.fromEntries(Object.entries({ ...rest, ...instants, person }).filter(([, value]) => value !== ""));
}
