import type { Asking } from "../../kit/serve/context.ts";
import type { Office } from "../held.ts";
import { comparisons } from "./comparisons.ts";
import { explanations } from "./explanations.ts";
import { files } from "./files.ts";
import { matrix } from "./matrix.ts";

/** What agreements mean, what versions change, and versions as files. */
export const insight = (asking: Asking, office: Office) => ({
  explain: explanations(asking),
  ...comparisons(asking),
  file: files(asking, office),
  matrix: matrix(asking),
});
