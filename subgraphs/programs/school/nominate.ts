import { levelOf, parseRegionCode } from "../../../schema/values/regionCode.ts";
import { uuids } from "../../kit/data.ts";
import type { NominatedPupilInput } from "../generated.ts";

/** One thing that is wrong with one line of a list; line 0: with the decree. */
export interface LineFault {
  readonly line: number;
  readonly field: string;
  readonly fault: string;
}

/** What is known when a list of pupils is judged. */
export interface Known {
  /** Classes there are, as `LEVEL grade`. */
  readonly classes: ReadonlySet<string>;
  /** Prefixes of regions where the officer may nominate. */
  readonly regions: readonly string[];
  /** Persons whom the one eligibility engine refuses. */
  readonly barred: ReadonlySet<string>;
  /** Persons, and national pupil numbers, aided in the year already. */
  readonly aided: ReadonlySet<string>;
}

type Check = readonly [field: keyof NominatedPupilInput, isWrong: boolean, fault: string];

/** Every fault of every line, in order of lines. Pure. */
export function faultsOfPupils(pupils: readonly NominatedPupilInput[], known: Known): LineFault[] {
  const seen = new Set<string>();
  const isTwice = (key: string) => seen.size === seen.add(key).size;
  return pupils.flatMap((pupil, at) => {
    const village = levelOf(parseRegionCode(pupil.village) ?? "") === "VILLAGE";
    const checks: readonly Check[] = [
      ["person", uuids([pupil.person]).length === 0, "must be the id of a person"],
      ["person", isTwice(pupil.person), "must stand in the list once"],
      ["person", known.barred.has(pupil.person), "must be eligible: ask the eligibility of this pupil"],
      ["person", known.aided.has(pupil.person), "must not be aided in this year already"],
      ["village", !village, "must be the code of a village"],
      ["village", village && !known.regions.some((region) => pupil.village.startsWith(region)), "must lie where you are on duty"],
      ["grade", !known.classes.has(`${pupil.level} ${pupil.grade}`), "must be a class of the level"],
      ["npsn", !/^[0-9P][0-9]{7}$/.test(pupil.npsn), "must have 8 digits, or P and 7"],
      ["nisn", !/^[0-9]{10}$/.test(pupil.nisn), "must have 10 digits"],
      ["nisn", isTwice(pupil.nisn), "must stand in the list once"],
      ["nisn", known.aided.has(pupil.nisn), "must not be aided in this year already"],
    ];
    return checks.filter(([, isWrong]) => isWrong).map(([field, , fault]) => ({ line: at + 1, field, fault }));
  });
}
