import type { DecileRow, RegistryVersionRow } from "../data.ts";

export interface RegistrationRow {
  readonly basis: RegistryVersionRow["basis"];
  readonly controller: string;
  readonly since: string;
  readonly isCurrent: boolean;
}

/** Inpres 4/2025 left DTKS with Kemensos and gave DTSEN to BPS. */
const CONTROLLERS: Readonly<Record<RegistryVersionRow["basis"], string>> = { DTKS: "KEMENSOS", DTSEN: "BPS" };

/** The bases that rank a household, oldest first. `ranks`: of the household, newest first; `versions`: all there are, newest first. Pure. */
export function basesOf(ranks: readonly DecileRow[], versions: readonly RegistryVersionRow[]): RegistrationRow[] {
  const bases = [...new Set(ranks.map(({ version }) => version.basis))];
  return bases
    .map((basis) => {
      const own = ranks.filter(({ version }) => version.basis === basis);
      const newest = versions.find((version) => version.basis === basis)?.id;
      return {
        basis,
        controller: CONTROLLERS[basis],
        since: own.at(-1)?.version.publishedOn ?? "",
        isCurrent: own[0]?.version.id === newest,
      };
    })
    .sort((a, b) => (a.since < b.since ? -1 : 1));
}
