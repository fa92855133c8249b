import { existsSync } from "node:fs";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Half a minute and more, longest first: begun last, one of them would keep one worker busy when the other has nothing left. */
const LONGEST = [
  "test/faces/accessible.test.ts",
  "test/federation/killed.test.ts",
  "test/federation/readme.test.ts",
  "test/operations/runbooks/restore.test.ts",
  "test/policy/matrix.test.ts",
  "test/subgraphs/databaseSeed.test.ts",
  "test/faces/figures.test.ts",
  "test/subgraphs/aid/webhooks.test.ts",
  "test/faces/citizenWalk.test.ts",
  "test/record/kill.test.ts",
  "test/subgraphs/matchJobs.test.ts",
  "test/subgraphs/statistics/aidCubes.test.ts",
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
