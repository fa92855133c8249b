import type { Listed } from "../types.ts";

/** State of the version that speaks for an agreement; of one without any, DRAFT. */
export const standingOf = ({ agreement }: Listed): string => agreement?.state ?? "DRAFT";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Agreements that fit what is asked for: `q` (number, title, agency, purpose), `state`, `agency`, `purpose`, `within` (days until the end). */
export function narrowed(agreements: readonly Listed[], value: (name: string) => string): readonly Listed[] {
  const words = value("q").toLowerCase().split(/\s+/).filter(Boolean);
  const [state, agency, purpose, within] = [value("state"), value("agency"), value("purpose"), value("within")];
  return agreements.filter((one) => {
    const text = `${one.number} ${one.title} ${one.consumer.code} ${one.consumer.name} ${one.purpose.name}`.toLowerCase();
    return (
      words.every((word) => text.includes(word)) &&
      (state === "" || standingOf(one) === state || one.versions.some((version) => version.state === state)) &&
      (agency === "" || one.consumer.code === agency) &&
      (purpose === "" || one.purpose.code === purpose) &&
      (within === "" || endsWithin(one, Number(within)))
    );
  });
}

function endsWithin({ agreement }: Listed, days: number): boolean {
  if (agreement?.state !== "ACTIVE") return false;
  const left = Date.parse(agreement.validTo) - Date.now();
  return left > 0 && left <= days * DAY_MS;
}
