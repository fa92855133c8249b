import { existsSync } from "node:fs";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Half a minute and more, longest first: begun last, one of them would keep one worker busy when the other has nothing left. */
const LONGEST = [
  "test/faces/pages/accessible.test.ts",
  "test/federation/serving/killed.test.ts",
  "test/federation/serving/readme.test.ts",
  "test/operations/runbooks/restore.test.ts",
  "test/policy/tables/matrix.test.ts",
  "test/subgraphs/database/seed.test.ts",
  "test/faces/figures/figures.test.ts",
  "test/subgraphs/aid/events/webhooks.test.ts",
  "test/faces/citizen/walk.test.ts",
  "test/record/kill.test.ts",
  "test/subgraphs/population/matchJobs.test.ts",
  "test/subgraphs/statistics/cubes/aidCubes.test.ts",
  "test/operations/faults/reload.test.ts",
];
const gone = LONGEST.filter((file) => !existsSync(file));
if (gone.length > 0) throw new Error(`no longer there, and still said to be long: ${gone.join(", ")}`);

const placeOf = ({ moduleId }: TestSpecification): number => {
  const at = LONGEST.findIndex((file) => moduleId.endsWith(file));
  return at === -1 ? LONGEST.length : at;
};

/** The long files first, the others as vitest has them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => placeOf(one) - placeOf(other));
  }
}
